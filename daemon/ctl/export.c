// karanictl export: the whole diary as CSV or JSON Lines.
#include "daemon/ctl/command.h"
#include "daemon/diary/text/rows.h"

#include <stdio.h>
#include <stdlib.h>

enum { FORMAT_CSV, FORMAT_JSONL }; // as --format names them

static int export_csv(void *context, const struct session_record *session) {
    (void)context;
    rows_print_csv(stdout, session);
    return 0;
}

static int export_json(void *context, const struct session_record *session) {
    (void)context;
    JsonBuilder *builder = json_builder_new();
    rows_build_json(builder, session);
    ctl_print_json(builder);
    g_object_unref(builder);
    return 0;
}

static int count_night(void *context, int32_t night) {
    (void)night;
    ++*(int *)context;
    return 0;
}

static int export_night(void *context, int32_t night) {
    (void)context;
    char text[NIGHT_TEXT_SIZE];
    night_format(night, text);
    printf("{\"away\":\"%s\"}\n", text);
    return 0;
}

static int print_csv(struct diary *diary) {
    rows_print_csv_header(stdout);
    int away = 0;
    int error = diary_each_session(diary, export_csv, NULL);
    if (error == 0) {
        error = diary_each_away(diary, count_night, &away);
    }
    if (error == 0 && away > 0) {
        ctl_complain("%d away night%s left out, for which CSV has no place; --format jsonl has them.", away,
                     away == 1 ? " was" : "s were");
    }
    return error;
}

static int print_json_lines(struct diary *diary) {
    int error = diary_each_session(diary, export_json, NULL);
    return error != 0 ? error : diary_each_away(diary, export_night, NULL);
}

static int run(const struct ctl *ctl) {
    struct diary *diary;
    int64_t format = ctl_number(ctl, "format", ctl_has(ctl, "json") ? FORMAT_JSONL : FORMAT_CSV);
    if (ctl_has(ctl, "json") && format == FORMAT_CSV) {
        return ctl_complain_of_usage("--json and --format csv say different things; give one of them.");
    }
    if (!ctl_open_diary(ctl, &diary)) {
        return EXIT_FAILURE;
    }
    int error = format == FORMAT_JSONL ? print_json_lines(diary) : print_csv(diary);
    diary_close(diary);
    return error == 0 ? EXIT_SUCCESS : ctl_complain("The diary could not be read to its end: it may be damaged.");
}

static const struct option_row OPTIONS[] = {
    {"format", "csv|jsonl", "CSV (RFC 4180), as without it, or one JSON object a line.", option_read_choice, 0},
    {.name = "json", .help = "The same as --format jsonl."},
    {.name = NULL},
};

const struct command export_command = {
    .name = "export",
    .summary = "every session, for other programs",
    .options = OPTIONS,
    .run = run,
};
