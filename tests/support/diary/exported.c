#include "tests/support/diary/exported.h"

#include "daemon/diary/text/object.h"
#include "daemon/diary/text/rows.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <setjmp.h>

#include <cmocka.h>

static int print_csv(void *to, const struct session_record *session) {
    rows_print_csv(to, session);
    return 0;
}

static int print_json(void *to, const struct session_record *session) {
    JsonBuilder *builder = json_builder_new();
    rows_build_json(builder, session);
    char *line = object_print(builder);
    fprintf(to, "%s\n", line);
    g_free(line);
    return 0;
}

static char *print(struct diary *diary, bool header, diary_take_session *print_row) {
    char *text;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    assert_non_null(to);
    if (header) {
        rows_print_csv_header(to);
    }
    assert_int_equal(diary_each_session(diary, print_row, to), 0);
    assert_int_equal(fclose(to), 0);
    return text;
}

char *exported_csv(struct diary *diary) {
    return print(diary, true, print_csv);
}

char *exported_json(struct diary *diary) {
    return print(diary, false, print_json);
}
