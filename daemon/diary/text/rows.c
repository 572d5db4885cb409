// A session as CSV (RFC 4180) and as a JSON object.
#include "daemon/diary/text/inside.h"

#include "daemon/diary/text/object.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

size_t rows_columns(void) {
    size_t count = 0;
    for (size_t i = 0; i < field_count; i++) {
        count += !fields[i].internal;
    }
    return count;
}

void rows_format_utc(int64_t utc_s, char text[ROWS_TIME_SIZE]) {
    time_t time = (time_t)utc_s;
    struct tm parts;
    text[0] = '\0';
    if (gmtime_r(&time, &parts) != NULL) {
        // strftime(3) has no year of four digits before 1000.
        char rest[sizeof "-03-01T20:40:00Z"];
        strftime(rest, sizeof rest, "-%m-%dT%H:%M:%SZ", &parts);
        snprintf(text, ROWS_TIME_SIZE, "%04d%s", parts.tm_year + 1900, rest);
    }
}

void rows_format_offset(int32_t offset_s, char text[ROWS_OFFSET_SIZE]) {
    int seconds = abs(offset_s % (100 * 3600));
    char sign = offset_s < 0 ? '-' : '+';
    int length = snprintf(text, ROWS_OFFSET_SIZE, "%c%02d:%02d", sign, seconds / 3600, seconds / 60 % 60);
    if (seconds % 60 != 0) {
        snprintf(text + length, (size_t)(ROWS_OFFSET_SIZE - length), ":%02d", seconds % 60);
    }
}

// As it stands in both formats; NULL: it is missing.
static const char *text_of(const struct field *field, const struct session_record *session,
                           char buffer[ROWS_TIME_SIZE]) {
    if (field->kind == FIELD_TIME) {
        rows_format_utc(field_number(field, session), buffer);
        return buffer;
    }
    if (field->kind == FIELD_OFFSET) {
        rows_format_offset((int32_t)field_number(field, session), buffer);
        return buffer;
    }
    const char *text = field_text(field, session, buffer);
    return text != NULL && text[0] == '\0' && field_may_be_missing(field) ? NULL : text;
}

void rows_print_csv_header(FILE *to) {
    for (size_t i = 0; i < field_count; i++) {
        if (!fields[i].internal) {
            fprintf(to, "%s%s", i > 0 ? "," : "", fields[i].name);
        }
    }
    fputs("\r\n", to);
}

static void print_field(FILE *to, const char *text) {
    if (strpbrk(text, ",\"\r\n") == NULL) {
        fputs(text, to);
        return;
    }
    fputc('"', to);
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '"') {
            fputc('"', to);
        }
        fputc(*c, to);
    }
    fputc('"', to);
}

void rows_print_csv(FILE *to, const struct session_record *session) {
    for (size_t i = 0; i < field_count; i++) {
        char buffer[ROWS_TIME_SIZE];
        if (fields[i].internal) {
            continue;
        }
        if (i > 0) {
            fputc(',', to);
        }
        if (fields[i].kind == FIELD_SECONDS) {
            fprintf(to, "%" PRId64, field_number(&fields[i], session));
        } else {
            const char *text = text_of(&fields[i], session, buffer);
            print_field(to, text != NULL ? text : "");
        }
    }
    fputs("\r\n", to);
}

void rows_build_json(JsonBuilder *builder, const struct session_record *session) {
    json_builder_begin_object(builder);
    for (size_t i = 0; i < field_count; i++) {
        char buffer[ROWS_TIME_SIZE];
        if (fields[i].internal) {
            continue;
        }
        if (fields[i].kind == FIELD_SECONDS) {
            object_add_integer(builder, fields[i].name, field_number(&fields[i], session));
        } else {
            object_add_text(builder, fields[i].name, text_of(&fields[i], session, buffer));
        }
    }
    json_builder_end_object(builder);
}
