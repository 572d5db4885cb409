// Looks after the diary while nobody does anything.
#include "daemon/runtime/upkeep.h"

#include "daemon/diary/outbox.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { DAY_S = 24 * 60 * 60, WEEK_S = 7 * DAY_S, MONTH_S = 30 * DAY_S };

static const int64_t period_s[DIARY_CARE_COUNT] = {[DIARY_CARE_BACKUP] = WEEK_S, [DIARY_CARE_CHECK] = MONTH_S};

int64_t upkeep_deadline(const struct upkeep *upkeep) {
    int64_t due_ms = INT64_MAX;
    for (int i = 0; i < DIARY_CARE_COUNT; i++) {
        due_ms = upkeep->planned && upkeep->due_ms[i] < due_ms ? upkeep->due_ms[i] : due_ms;
    }
    return upkeep->now.idle ? due_ms : INT64_MAX;
}

static int take_first(void *context, const struct session_record *session) {
    *(int64_t *)context = session->started_utc_s;
    return 1;
}

// When it was done last; of a diary that has known none of it yet, when its first session began. False: there is
// nothing to look after.
static bool find_last(struct diary *diary, enum diary_care kind, struct diary_care_time *last) {
    *last = (struct diary_care_time){0};
    return diary_care_last(diary, kind, last) == 0 || diary_each_session(diary, take_first, &last->at_utc_s) == 1;
}

// The clock where it is known; else a lower bound. A clock that was set back makes nothing due before its time, and
// keeps nothing from being due a period from now.
static int64_t remaining_s(const struct upkeep *upkeep, int64_t last_utc_s, int64_t period) {
    int64_t now_s = upkeep->now.utc_s;
    if (now_s == 0 && diary_last_time(upkeep->diary, &now_s) != 0) {
        return period;
    }
    int64_t left_s = last_utc_s + period - now_s;
    return left_s < 0 ? 0 : left_s > period ? period : left_s;
}

static int64_t due_ms(const struct upkeep *upkeep, enum diary_care kind, int64_t boot_ms) {
    struct diary_care_time last;
    if ((kind == DIARY_CARE_BACKUP && upkeep->now.backups == 0) || !find_last(upkeep->diary, kind, &last)) {
        return INT64_MAX;
    }
    int64_t period = period_s[kind];
    if (strcmp(last.boot_id, upkeep->boot_id) == 0) {
        return last.boot_ms + period * 1000;
    }
    return boot_ms + remaining_s(upkeep, last.at_utc_s, period) * 1000;
}

static void plan(struct upkeep *upkeep, int64_t boot_ms) {
    for (int i = 0; i < DIARY_CARE_COUNT; i++) {
        int64_t due = due_ms(upkeep, (enum diary_care)i, boot_ms);
        int64_t rested_ms = upkeep->idle_since_ms + UPKEEP_REST_MS;
        upkeep->due_ms[i] = due < rested_ms ? rested_ms : due;
    }
    upkeep->planned = true;
    outbox_look(upkeep->diary); // which may have failed to read
}

void upkeep_note(struct upkeep *upkeep, const struct upkeep_state *now, int64_t boot_ms) {
    if (now->idle && !upkeep->now.idle) {
        upkeep->idle_since_ms = boot_ms;
        upkeep->planned = false; // a session may have been the first one
    }
    upkeep->planned =
        upkeep->planned && (now->utc_s != 0) == (upkeep->now.utc_s != 0) && now->backups == upkeep->now.backups;
    upkeep->now = *now;
    if (now->idle && !upkeep->planned && !outbox_is_unopened(upkeep->diary)) {
        plan(upkeep, boot_ms);
    }
}

static int perform(const struct upkeep *upkeep, enum diary_care kind, const struct diary_care_time *now) {
    switch (kind) {
    case DIARY_CARE_BACKUP:
        return diary_care_backup(upkeep->diary, upkeep->now.backups, now);
    case DIARY_CARE_CHECK:
        return diary_care_check(upkeep->diary, now);
    case DIARY_CARE_COUNT:
        break;
    }
    return 0;
}

// What fails is tried again in a day; how old the backups are, `karanictl doctor` says.
void upkeep_tick(struct upkeep *upkeep, int64_t boot_ms) {
    if (boot_ms < upkeep_deadline(upkeep)) {
        return;
    }
    struct diary_care_time now = {.at_utc_s = upkeep->now.utc_s, .boot_ms = boot_ms};
    snprintf(now.boot_id, sizeof now.boot_id, "%s", upkeep->boot_id);
    if (now.at_utc_s == 0 && diary_last_time(upkeep->diary, &now.at_utc_s) != 0) {
        now.at_utc_s = 0;
    }
    // The check first: what it finds, no backup shall hold.
    for (int i = DIARY_CARE_COUNT - 1; i >= 0; i--) {
        if (upkeep->due_ms[i] > boot_ms) {
            continue;
        }
        int error = perform(upkeep, (enum diary_care)i, &now);
        upkeep->due_ms[i] = boot_ms + (error == 0 || error == -EUCLEAN ? period_s[i] : DAY_S) * INT64_C(1000);
        if (error == -EUCLEAN && upkeep->now.backups > 0) {
            upkeep->due_ms[DIARY_CARE_BACKUP] = boot_ms; // one of them has gone bad
        }
    }
    outbox_look(upkeep->diary);
}
