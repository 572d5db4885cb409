// The owner's corrections between evenings: files that come in, sessions that are added, changed and taken out, nights
// away, the clock; through the daemon, and by karanictl alone while it is stopped. Each of them is one thing: after a
// cut the whole of it is there, or nothing.
#include "tests/powercut/workload.h"

#include "daemon/control/correction.h"
#include "tests/powercut/imports.h"
#include "tests/powercut/record.h"
#include "tests/powercut/visit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uuid/uuid.h>

// Whose session: the daemon's evenings from 1 on, a file's from 0, those added by hand from 0.
enum whose { EVENINGS, IMPORTED, ADDED };

struct deed {
    void (*act)(struct visit *visit, const struct deed *deed);
    enum whose whose;
    int number;
    const char *text; // a note
    struct imports file;
    int fresh; // sessions that come in from there
    enum clock_quality clock;
};

enum { INVITE_MIN = 20 * 60 + 30 };

// Instead of libuuid's: the same log each time, so that a state can be made again by its number and seed.
void uuid_generate_random(uuid_t uuid) {
    static unsigned char made;
    memset(uuid, 0xcc, sizeof(uuid_t));
    uuid[0] = ++made;
}

static struct diary *diary_of(struct visit *visit) {
    if (visit->diary != NULL) {
        return visit->diary;
    }
    char sentence[256];
    visit_must(diary_open(&visit->by_hand, visit->directory, RECORD_VFS, sentence, sizeof sentence) == 0 &&
                   diary_close_interrupted(visit->by_hand, visit->boot_id) == 0,
               "open the diary by hand");
    return visit->by_hand;
}

// The diary is as the caller's model says as soon as this has returned; karanictl's own is closed after that.
static struct correction_result apply(struct visit *visit, const struct correction *correction,
                                      enum correction_verdict wanted) {
    const struct correction_place place = {
        .zone = visit->zone,
        .now_utc_s = visit_now_utc_s(visit),
        .invite_min = INVITE_MIN,
        .routine = "legs-up-the-wall",
        .variant = "hips",
    };
    struct correction_result result;
    correction_apply(diary_of(visit), correction, &place, &result);
    if (result.verdict != wanted) {
        fprintf(stderr, "powercut: %s: %s\n", correction_method(correction->kind), result.sentence);
    }
    visit_must(result.verdict == wanted, "correct the diary");
    return result;
}

static void find_uuid(const struct visit *visit, const struct deed *deed, char uuid[UUID_SIZE]) {
    if (deed->whose == ADDED) {
        memcpy(uuid, visit->added[deed->number], UUID_SIZE);
    } else if (deed->whose == EVENINGS) {
        visit_evening_uuid(deed->number, uuid);
    } else {
        char note[IMPORTS_NOTE_SIZE];
        memcpy(uuid, imports_session(deed->number, note).uuid, UUID_SIZE);
    }
}

static void put_added(struct visit *visit, struct session_record *session, const char *uuid) {
    memcpy(session->uuid, uuid, sizeof session->uuid);
    memcpy(visit->added[visit->added_count++], uuid, UUID_SIZE);
    session->utc_offset_s = VISIT_OFFSET_S;
    session->clock = CLOCK_SET;
    session->outcome = session->outcome_was = OUTCOME_FINISHED;
    model_put(&visit->model, session);
    visit_add_change(visit, "add", uuid, false, true);
    visit_acknowledge(visit);
}

// Of a night before the diary's first, of which no more is known: it began at the time of the invitation.
static void add_night(struct visit *visit, const struct deed *deed) {
    struct correction correction = correction_of(CORRECTION_ADD);
    char night[NIGHT_TEXT_SIZE];
    night_format(VISIT_FIRST_NIGHT - deed->number, night);
    correction.night = night;
    correction.held_s = 900;
    correction.note = deed->text;
    const struct correction_result result = apply(visit, &correction, CORRECTION_DONE);
    put_added(visit,
              &(struct session_record){
                  .night = VISIT_FIRST_NIGHT - deed->number,
                  .started_utc_s =
                      (int64_t)(VISIT_FIRST_NIGHT - deed->number) * VISIT_DAY_S + INVITE_MIN * 60 - VISIT_OFFSET_S,
                  .planned_s = 900,
                  .held_s = 900,
                  .variant = "hips",
                  .note = (char *)(uintptr_t)deed->text,
              },
              result.uuid);
}

// After midnight: the night is the evening's before.
static void add_started(struct visit *visit, const struct deed *deed) {
    struct correction correction = correction_of(CORRECTION_ADD);
    char night[NIGHT_TEXT_SIZE], started[32];
    night_format(VISIT_FIRST_NIGHT - deed->number, night);
    snprintf(started, sizeof started, "%s 00:40", night);
    correction.started = started;
    correction.held_s = 300;
    correction.planned_s = 600;
    correction.variant = "chair";
    const struct correction_result result = apply(visit, &correction, CORRECTION_DONE);
    put_added(visit,
              &(struct session_record){
                  .night = VISIT_FIRST_NIGHT - deed->number - 1,
                  .started_utc_s = (int64_t)(VISIT_FIRST_NIGHT - deed->number) * VISIT_DAY_S + 40 * 60 - VISIT_OFFSET_S,
                  .planned_s = 600,
                  .held_s = 300,
                  .variant = "chair",
              },
              result.uuid);
}

static void edit(struct visit *visit, const struct deed *deed) {
    struct correction correction = correction_of(CORRECTION_EDIT);
    char uuid[UUID_SIZE];
    find_uuid(visit, deed, uuid);
    correction.id = uuid;
    correction.outcome = "ended-early";
    correction.held_s = 77;
    correction.variant = "farther";
    correction.note = deed->text;
    (void)apply(visit, &correction, CORRECTION_DONE);
    struct model_session *session = model_find(&visit->model, uuid);
    session->outcome = session->outcome_was = OUTCOME_ENDED_EARLY;
    session->held_s = 77;
    session->overtime_s = session->overtime_s < 77 ? session->overtime_s : 77;
    snprintf(session->variant, sizeof session->variant, "farther");
    snprintf(session->note, sizeof session->note, "%s", deed->text);
    visit_add_change(visit, "edit", uuid, true, true);
    visit_acknowledge(visit);
}

static void take_out(struct visit *visit, const struct deed *deed) {
    struct correction correction = correction_of(CORRECTION_DELETE);
    char uuid[UUID_SIZE];
    find_uuid(visit, deed, uuid);
    correction.id = uuid;
    (void)apply(visit, &correction, CORRECTION_DONE);
    model_take_out(&visit->model, uuid);
    visit_add_change(visit, "delete", uuid, true, false);
    visit_acknowledge(visit);
}

// From so many nights after the first evening on; those that are marked already are no change.
static void mark(struct visit *visit, int first, int count, bool away) {
    struct correction correction = correction_of(CORRECTION_AWAY);
    char from[NIGHT_TEXT_SIZE], until[NIGHT_TEXT_SIZE];
    night_format(VISIT_FIRST_NIGHT + first, from);
    night_format(VISIT_FIRST_NIGHT + first + count - 1, until);
    correction.first = from;
    correction.last = until;
    correction.clear = !away;
    (void)apply(visit, &correction, CORRECTION_DONE);
    for (int32_t night = VISIT_FIRST_NIGHT + first; night < VISIT_FIRST_NIGHT + first + count; night++) {
        char text[NIGHT_TEXT_SIZE];
        night_format(night, text);
        if (model_set_away(&visit->model, night, away)) {
            visit_add_change(visit, "away", text, !away, away);
        }
    }
    visit_acknowledge(visit);
}

static void mark_away(struct visit *visit, const struct deed *deed) {
    mark(visit, deed->number, 5, true);
}

static void take_marks_off(struct visit *visit, const struct deed *deed) {
    mark(visit, deed->number, 2, false);
}

// What the diary has stays as it is.
static void import(struct visit *visit, const struct deed *deed) {
    struct correction correction = correction_of(CORRECTION_IMPORT);
    char *text = imports_print(&deed->file);
    correction.text = text;
    const struct correction_result result = apply(visit, &correction, CORRECTION_DONE);
    free(text);
    size_t before = visit->model.session_count;
    for (int number = deed->file.first; number < deed->file.first + deed->file.count; number++) {
        char note[IMPORTS_NOTE_SIZE];
        const struct session_record session = imports_session(number, note);
        if (model_find(&visit->model, session.uuid) == NULL) {
            model_put(&visit->model, &session);
        }
    }
    visit_must(result.sessions == (size_t)deed->fresh && visit->model.session_count - before == result.sessions,
               "count what came in");
    for (int night = 0; night < deed->file.away_count; night++) {
        (void)model_set_away(&visit->model, deed->file.away_first + night, true);
    }
    visit_add_change(visit, "import", "", false, true);
    visit_acknowledge(visit);
}

// Nothing at all comes of it.
static void import_bad(struct visit *visit, const struct deed *deed) {
    struct correction correction = correction_of(CORRECTION_IMPORT);
    char *text = imports_print(&deed->file);
    correction.text = text;
    (void)apply(visit, &correction, deed->file.bad ? CORRECTION_BAD_ROW : CORRECTION_UNCHANGED);
    free(text);
}

// ---- what is no correction ----

static void start(struct visit *visit, const struct deed *deed) {
    (void)deed;
    visit_start(visit);
}

static void stop(struct visit *visit, const struct deed *deed) {
    (void)deed;
    visit_stop(visit);
}

static void kill_daemon(struct visit *visit, const struct deed *deed) {
    (void)deed;
    visit_kill(visit);
}

static void practise(struct visit *visit, const struct deed *deed) {
    (void)deed;
    visit_practise(visit);
}

static void boot(struct visit *visit, const struct deed *deed) {
    visit_boot(visit, deed->clock);
}

static void set_clock(struct visit *visit, const struct deed *deed) {
    visit_set_clock(visit, (size_t)deed->number);
}

#define EVENING_1 "00000001-0000-4000-8000-000000000000"
#define EVENING_2 "00000002-0000-4000-8000-000000000000"

static const struct deed DEEDS[] = {
    {.act = practise},
    {.act = practise},
    {.act = import, .file = {.format = IMPORTS_CSV, .count = 60, .known = EVENING_1}, .fresh = 60},
    {.act = practise},
    {.act = edit, .whose = EVENINGS, .number = 2, .text = "A \"short\" one"},
    {.act = take_out, .whose = IMPORTED, .number = 17},
    {.act = take_out, .whose = EVENINGS, .number = 1},
    {.act = kill_daemon},
    {.act = mark_away, .number = 3},
    {.act = take_marks_off, .number = 5},
    {.act = practise},
    {.act = add_night, .number = 3, .text = "On the road"},
    {.act = add_started, .number = 9},
    {.act = stop}, // by hand:
    {.act = import,
     .file = {.format = IMPORTS_JSON_LINES,
              .first = 30,
              .count = 60,
              .known = EVENING_2,
              .away_first = VISIT_FIRST_NIGHT - 40,
              .away_count = 12},
     .fresh = 30},
    {.act = take_out, .whose = ADDED, .number = 0},
    {.act = edit, .whose = IMPORTED, .number = 33, .text = ""},
    {.act = take_out, .whose = IMPORTED, .number = 40},
    {.act = import, .file = {.first = 40, .count = 1}, .fresh = 1}, // it comes back, once
    {.act = import_bad, .file = {.format = IMPORTS_JSON_LINES, .first = 20, .count = 60}},
    {.act = import_bad, .file = {.format = IMPORTS_JSON_LINES, .first = 120, .count = 20, .bad = true}},
    {.act = mark_away, .number = 1},
    {.act = start}, // the daemon again
    {.act = boot, .clock = CLOCK_RESTORED},
    {.act = practise},
    {.act = practise},
    {.act = edit, .whose = EVENINGS, .number = 5, .text = "Which night?"},
    {.act = set_clock, .number = 2},
    {.act = take_out, .whose = EVENINGS, .number = 6},
    {.act = boot, .clock = CLOCK_UNSET},
    {.act = practise},
    {.act = practise},
    {.act = practise},
    {.act = take_out, .whose = EVENINGS, .number = 8},
    {.act = stop}, // by hand:
    {.act = set_clock, .number = 2},
    {.act = take_marks_off, .number = 2},
    {.act = take_out, .whose = IMPORTED, .number = 88},
};

void workload_corrections(struct tale *tale, const char *directory) {
    struct visit visit = {.tale = tale, .directory = directory, .zone = zone_open("Europe/Berlin")};
    visit_must(visit.zone != NULL, "find the zone Europe/Berlin");
    record_start(directory, &tale->log);
    visit_acknowledge(&visit);
    visit_boot(&visit, CLOCK_SYNCED);
    visit_start(&visit);
    for (size_t i = 0; i < sizeof DEEDS / sizeof *DEEDS; i++) {
        visit.deeds++;
        DEEDS[i].act(&visit, &DEEDS[i]);
        diary_close(visit.by_hand);
        visit.by_hand = NULL;
    }
    record_stop();
    zone_unref(visit.zone);
}
