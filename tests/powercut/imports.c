// Writes files for import, both formats as in karani(7), THE DIARY: quotes, notes, sessions without a night, running
// ones.
#include "tests/powercut/imports.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FIRST_NIGHT = 20300, DAY_S = 86400, EVENING_S = 70000, OFFSET_S = 3600 };

static const enum outcome OUTCOMES[] = {OUTCOME_FINISHED, OUTCOME_ENDED_EARLY, OUTCOME_INTERRUPTED, OUTCOME_RUNNING,
                                        OUTCOME_NOT_MINE};
enum { OUTCOME_KINDS = sizeof OUTCOMES / sizeof *OUTCOMES, UNDATED_EVERY = 11, NOTED_EVERY = 3 };

static enum outcome outcome_in_file(int number) {
    return OUTCOMES[number % OUTCOME_KINDS];
}

struct session_record imports_session(int number, char note[IMPORTS_NOTE_SIZE]) {
    bool undated = number % UNDATED_EVERY == 0;
    enum outcome outcome = outcome_in_file(number);
    struct session_record session = {
        .night = undated ? NIGHT_NONE : FIRST_NIGHT + number,
        .started_utc_s = (int64_t)(FIRST_NIGHT + number) * DAY_S + EVENING_S + number,
        .utc_offset_s = OFFSET_S,
        .zone = "Europe/Berlin",
        .clock = undated ? CLOCK_UNSET : CLOCK_SYNCED,
        .routine = "legs-up-the-wall",
        .variant = "knees",
        .planned_s = 600,
        .held_s = 60 * (number % 12) + number,
        .overtime_s = number % 4,
        .outcome = outcome == OUTCOME_RUNNING ? OUTCOME_INTERRUPTED : outcome, // nobody is there to end it
        .outcome_was = OUTCOME_FINISHED,
        .paused_at_boot_ms = -1,
    };
    snprintf(session.uuid, sizeof session.uuid, "%08x-2222-4222-8222-222222222222", (unsigned)number);
    if (number % NOTED_EVERY == 0) {
        snprintf(note, IMPORTS_NOTE_SIZE, "Evening %d, \"long\"", number);
        session.note = note;
    }
    return session;
}

// A text in quotes; `escape` comes before each quote within.
static void print_quoted(FILE *to, const char *text, char escape) {
    fputc('"', to);
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '"') {
            fputc(escape, to);
        }
        fputc(*c, to);
    }
    fputc('"', to);
}

static void print_csv(FILE *to, const struct session_record *row, const char *night, const char *started,
                      const char *outcome) {
    fprintf(to, "%s,%s,%s,+01:00,%s,%s,%s,%s,%" PRId64 ",%" PRId64 ",%" PRId64 ",%s,", row->uuid, night, started,
            row->zone, clock_quality_name(row->clock), row->routine, row->variant, row->planned_s, row->held_s,
            row->overtime_s, outcome);
    if (row->note != NULL) {
        print_quoted(to, row->note, '"');
    }
    fputs("\r\n", to);
}

static void print_json(FILE *to, const struct session_record *row, const char *night, const char *started,
                       const char *outcome) {
    const char *quote = night[0] != '\0' ? "\"" : "";
    fprintf(to, "{\"uuid\":\"%s\",\"night\":%s%s%s,\"started_utc\":\"%s\",\"utc_offset\":\"+01:00\",", row->uuid, quote,
            night[0] != '\0' ? night : "null", quote, started);
    fprintf(to, "\"zone\":\"%s\",\"clock\":\"%s\",\"routine\":\"%s\",\"variant\":\"%s\",", row->zone,
            clock_quality_name(row->clock), row->routine, row->variant);
    fprintf(to, "\"planned_s\":%" PRId64 ",\"held_s\":%" PRId64 ",\"overtime_s\":%" PRId64 ",\"outcome\":\"%s\",",
            row->planned_s, row->held_s, row->overtime_s, outcome);
    fputs("\"note\":", to);
    if (row->note != NULL) {
        print_quoted(to, row->note, '\\');
    } else {
        fputs("null", to);
    }
    fputs("}\n", to);
}

static void print_row(FILE *to, enum imports_format format, const struct session_record *row, enum outcome outcome) {
    char night[NIGHT_TEXT_SIZE] = "", started[32];
    time_t time = (time_t)row->started_utc_s;
    struct tm parts;
    strftime(started, sizeof started, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&time, &parts));
    if (row->night != NIGHT_NONE) {
        night_format(row->night, night);
    }
    (format == IMPORTS_CSV ? print_csv : print_json)(to, row, night, started, outcome_name(outcome));
}

static void print_known(FILE *to, const struct imports *imports) {
    char note[IMPORTS_NOTE_SIZE];
    struct session_record known = imports_session(0, note);
    memcpy(known.uuid, imports->known, sizeof known.uuid);
    print_row(to, imports->format, &known, OUTCOME_ENDED_EARLY);
}

static void print_away(FILE *to, const struct imports *imports) {
    for (int i = 0; i < 2 * imports->away_count; i++) {
        char night[NIGHT_TEXT_SIZE];
        night_format(imports->away_first + i / 2, night);
        fprintf(to, "{\"away\":\"%s\"}\n", night);
    }
}

char *imports_print(const struct imports *imports) {
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    if (to == NULL) {
        perror("powercut");
        exit(2);
    }
    if (imports->format == IMPORTS_CSV) {
        fputs("uuid,night,started_utc,utc_offset,zone,clock,routine,variant,planned_s,held_s,overtime_s,outcome,note"
              "\r\n",
              to);
    }
    for (int number = imports->first; number < imports->first + imports->count; number++) {
        char note[IMPORTS_NOTE_SIZE];
        const struct session_record row = imports_session(number, note);
        print_row(to, imports->format, &row, outcome_in_file(number));
        if (imports->known != NULL && number == imports->first) {
            print_known(to, imports);
        }
    }
    print_away(to, imports);
    fputs(imports->bad ? "{\"away\":\"2026-02-30\"}\n" : "", to);
    fclose(to);
    return text;
}
