// Evenings by the daemon, its starts and ends, and the clock that is set right.
#include "tests/powercut/visit.h"

#include "tests/powercut/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    NOON_S = 12 * 3600,
    EVENING_S = 21 * 3600 + 40 * 60,
    EVENING_MINUTES = 2,
    MINUTE_MS = 60 * 1000,
    DOUBT_S = 5400, // how far the clock is behind when it is not known
};

void visit_must(bool done, const char *what) {
    if (!done) {
        fprintf(stderr, "powercut: the workload cannot %s\n", what);
        exit(2);
    }
}

static int32_t tonight(const struct visit *visit) {
    return VISIT_FIRST_NIGHT + visit->evenings;
}

int64_t visit_now_utc_s(const struct visit *visit) {
    return (int64_t)(tonight(visit) + 1) * VISIT_DAY_S + NOON_S - VISIT_OFFSET_S + visit->deeds * 60;
}

void visit_acknowledge(struct visit *visit) {
    tale_acknowledge(visit->tale, &visit->model);
}

void visit_add_change(struct visit *visit, const char *what, const char *of, bool was, bool is) {
    struct model_change change = {.at_utc_s = visit_now_utc_s(visit), .was = was, .is = is};
    snprintf(change.what, sizeof change.what, "%s", what);
    snprintf(change.of, sizeof change.of, "%s", of);
    model_add_change(&visit->model, &change);
}

void visit_evening_uuid(int number, char uuid[UUID_SIZE]) {
    snprintf(uuid, UUID_SIZE, "%08x-0000-4000-8000-000000000000", (unsigned)number);
}

void visit_start(struct visit *visit) {
    visit_must(outbox_open(&visit->diary, visit->directory, RECORD_VFS, visit->boot_id, visit->boot_ms) == 0 &&
                   diary_health(visit->diary) == DIARY_GOOD,
               "open the diary");
}

void visit_stop(struct visit *visit) {
    diary_close(visit->diary);
    visit->diary = NULL;
}

void visit_kill(struct visit *visit) {
    diary_abandon(visit->diary);
    visit_start(visit);
}

void visit_boot(struct visit *visit, enum clock_quality clock) {
    snprintf(visit->boot_id, sizeof visit->boot_id, "%08x-1111-4111-8111-111111111111", (unsigned)++visit->boots);
    visit->boot_ms = 60000;
    visit->clock = clock;
    if (visit->diary != NULL) {
        visit_kill(visit);
    }
}

void visit_practise(struct visit *visit) {
    visit->evenings++;
    int64_t late_s = visit->clock == CLOCK_SYNCED ? 0 : DOUBT_S;
    struct session_record session = {
        .night = visit->clock == CLOCK_UNSET ? NIGHT_NONE : tonight(visit),
        .started_utc_s = (int64_t)tonight(visit) * VISIT_DAY_S + EVENING_S - VISIT_OFFSET_S - late_s,
        .utc_offset_s = VISIT_OFFSET_S,
        .zone = "Europe/Berlin",
        .clock = visit->clock,
        .routine = "legs-up-the-wall",
        .variant = "wall",
        .planned_s = EVENING_MINUTES * 60,
        .counted_from_boot_ms = visit->boot_ms,
        .paused_at_boot_ms = -1,
    };
    visit_evening_uuid(visit->evenings, session.uuid);
    memcpy(session.boot_id, visit->boot_id, sizeof session.boot_id);
    for (; session.held_s <= session.planned_s; session.held_s += 60, visit->boot_ms += 60000) {
        session.outcome = session.held_s == session.planned_s ? OUTCOME_FINISHED : OUTCOME_RUNNING;
        session.outcome_was = session.outcome;
        visit_must(outbox_save(visit->diary, &session, visit->boot_ms), "save a session");
        model_put(&visit->model, &session);
        visit_acknowledge(visit);
    }
}

// This boot's doubtful sessions move together; then what the clock is goes among the settings.
void visit_set_clock(struct visit *visit, size_t sessions) {
    bool stopped = visit->diary == NULL;
    size_t rows = 0, moved = 0;
    if (stopped) {
        visit_start(visit);
    }
    for (int number = 1; number <= visit->evenings; number++) {
        char uuid[UUID_SIZE];
        visit_evening_uuid(number, uuid);
        struct model_session *session = model_find(&visit->model, uuid);
        if (session != NULL && session->clock == visit->clock) { // the boots before have been set right
            session->started_utc_s += DOUBT_S;
            session->night = VISIT_FIRST_NIGHT + number;
            session->clock = CLOCK_SET;
            moved++;
        }
    }
    visit_must(corrections_move(visit->diary, visit->boot_id,
                                &(struct corrections_clock){.difference_s = DOUBT_S,
                                                            .quality = CLOCK_SET,
                                                            .zone = visit->zone,
                                                            .at_utc_s = visit_now_utc_s(visit)},
                                visit->boot_ms, &rows) &&
                   rows == moved && rows == sessions,
               "correct the clock");
    visit_add_change(visit, "clock", visit->boot_id, true, true);
    visit_acknowledge(visit);
    char *setting = visit->model.settings[MODEL_CLOCK];
    snprintf(setting, MODEL_SETTING_SIZE, "5400000 %s set 5400000 0", visit->boot_id);
    visit_must(outbox_set(visit->diary, DEVICE_SETTING_CLOCK, setting, visit->boot_ms), "keep the clock");
    visit_acknowledge(visit);
    visit->clock = CLOCK_SYNCED;
    if (stopped) {
        visit_stop(visit);
    }
}
