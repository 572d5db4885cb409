// A session as CSV (RFC 4180) and as a JSON object.
#include "daemon/diary/text/inside.h"

#include "daemon/diary/text/object.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

const char *const rows_column_names[ROWS_COLUMNS] = {
    [ROWS_UUID] = "uuid",         [ROWS_NIGHT] = "night", [ROWS_STARTED] = "started_utc", [ROWS_OFFSET] = "utc_offset",
    [ROWS_ZONE] = "zone",         [ROWS_CLOCK] = "clock", [ROWS_ROUTINE] = "routine",     [ROWS_VARIANT] = "variant",
    [ROWS_PLANNED] = "planned_s", [ROWS_HELD] = "held_s", [ROWS_OVERTIME] = "overtime_s", [ROWS_OUTCOME] = "outcome",
    [ROWS_NOTE] = "note",
};

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

void rows_print_csv_header(FILE *to) {
    for (int i = 0; i < ROWS_COLUMNS; i++) {
        fprintf(to, "%s%s", rows_column_names[i], i < ROWS_COLUMNS - 1 ? "," : "\r\n");
    }
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
    char night[NIGHT_TEXT_SIZE], started[ROWS_TIME_SIZE], offset[ROWS_OFFSET_SIZE];
    night_format(session->night, night);
    rows_format_utc(session->started_utc_s, started);
    rows_format_offset(session->utc_offset_s, offset);
    const char *const before[] = {
        session->uuid,    night, started, offset, session->zone, clock_quality_name(session->clock), session->routine,
        session->variant,
    };
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        print_field(to, before[i]);
        fputc(',', to);
    }
    fprintf(to, "%" PRId64 ",%" PRId64 ",%" PRId64 ",%s,", session->planned_s, session->held_s, session->overtime_s,
            outcome_name(session->outcome));
    print_field(to, session->note != NULL ? session->note : "");
    fputs("\r\n", to);
}

void rows_build_json(JsonBuilder *builder, const struct session_record *session) {
    char night[NIGHT_TEXT_SIZE], started[ROWS_TIME_SIZE], offset[ROWS_OFFSET_SIZE];
    night_format(session->night, night);
    rows_format_utc(session->started_utc_s, started);
    rows_format_offset(session->utc_offset_s, offset);
    json_builder_begin_object(builder);
    object_add_text(builder, "uuid", session->uuid);
    object_add_text(builder, "night", session->night != NIGHT_NONE ? night : NULL);
    object_add_text(builder, "started_utc", started);
    object_add_text(builder, "utc_offset", offset);
    object_add_text(builder, "zone", session->zone);
    object_add_text(builder, "clock", clock_quality_name(session->clock));
    object_add_text(builder, "routine", session->routine);
    object_add_text(builder, "variant", session->variant);
    object_add_integer(builder, "planned_s", session->planned_s);
    object_add_integer(builder, "held_s", session->held_s);
    object_add_integer(builder, "overtime_s", session->overtime_s);
    object_add_text(builder, "outcome", outcome_name(session->outcome));
    object_add_text(builder, "note", session->note != NULL && session->note[0] != '\0' ? session->note : NULL);
    json_builder_end_object(builder);
}
