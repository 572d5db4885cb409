// A session as CSV (RFC 4180) and as a JSON object.
#include "daemon/ctl/row.h"

#include "daemon/ctl/command.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void row_format_utc(int64_t utc_s, char text[ROW_TIME_SIZE]) {
    time_t time = (time_t)utc_s;
    struct tm parts;
    text[0] = '\0';
    if (gmtime_r(&time, &parts) != NULL) {
        strftime(text, ROW_TIME_SIZE, "%Y-%m-%dT%H:%M:%SZ", &parts);
    }
}

void row_format_offset(int32_t offset_s, char text[ROW_OFFSET_SIZE]) {
    int seconds = abs(offset_s % (100 * 3600));
    char sign = offset_s < 0 ? '-' : '+';
    int length = snprintf(text, ROW_OFFSET_SIZE, "%c%02d:%02d", sign, seconds / 3600, seconds / 60 % 60);
    if (seconds % 60 != 0) {
        snprintf(text + length, (size_t)(ROW_OFFSET_SIZE - length), ":%02d", seconds % 60);
    }
}

void row_print_csv_header(FILE *to) {
    fputs("uuid,night,started_utc,utc_offset,zone,clock,routine,variant,planned_s,held_s,overtime_s,outcome,note\r\n",
          to);
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

void row_print_csv(FILE *to, const struct diary_session *session) {
    char night[NIGHT_TEXT_SIZE], started[ROW_TIME_SIZE], offset[ROW_OFFSET_SIZE];
    night_format(session->night, night);
    row_format_utc(session->started_utc_s, started);
    row_format_offset(session->utc_offset_s, offset);
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

void row_build_json(JsonBuilder *builder, const struct diary_session *session) {
    char night[NIGHT_TEXT_SIZE], started[ROW_TIME_SIZE], offset[ROW_OFFSET_SIZE];
    night_format(session->night, night);
    row_format_utc(session->started_utc_s, started);
    row_format_offset(session->utc_offset_s, offset);
    json_builder_begin_object(builder);
    ctl_add_text(builder, "uuid", session->uuid);
    ctl_add_text(builder, "night", session->night != NIGHT_NONE ? night : NULL);
    ctl_add_text(builder, "started_utc", started);
    ctl_add_text(builder, "utc_offset", offset);
    ctl_add_text(builder, "zone", session->zone);
    ctl_add_text(builder, "clock", clock_quality_name(session->clock));
    ctl_add_text(builder, "routine", session->routine);
    ctl_add_text(builder, "variant", session->variant);
    ctl_add_number(builder, "planned_s", session->planned_s);
    ctl_add_number(builder, "held_s", session->held_s);
    ctl_add_number(builder, "overtime_s", session->overtime_s);
    ctl_add_text(builder, "outcome", outcome_name(session->outcome));
    ctl_add_text(builder, "note", session->note);
    json_builder_end_object(builder);
}
