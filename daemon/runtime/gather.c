// What the diary knows, gathered for the device: nights, the last session, lasting choices.
#include "daemon/runtime/gather.h"

#include "daemon/diary/outbox.h"
#include "daemon/diary/text/settings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const int64_t LAST_TIME_MAX_S = INT64_C(4102358400); // 2099-12-31, the last day that can be set on the glass

enum { AHEAD_S = 12 * 60 * 60 }; // a clock that was wrong by less may have been right about the evening

// Of two sessions, the one that was begun last.
struct latest {
    bool there;
    bool of_this_boot;
    int64_t counted_from_boot_ms;
};

// What is gathered from the diary's rows.
struct gathering {
    struct device_diary *known;
    const char *boot_id;
    int64_t until_utc_s;
    struct latest last, done;
};

// Rows come in the order of their starts. Within a boot BOOTTIME knows which session was begun last, for the system
// clock may have been set back; and rows of other boots that lie ahead are from a clock that was wrong, or imported.
static bool is_later(const struct gathering *gathering, const struct latest *than,
                     const struct session_record *session) {
    bool of_this_boot = strcmp(session->boot_id, gathering->boot_id) == 0;

    if (of_this_boot && than->of_this_boot) {
        return session->counted_from_boot_ms >= than->counted_from_boot_ms;
    }
    return of_this_boot || (!than->of_this_boot && session->started_utc_s <= gathering->until_utc_s);
}

// Whether it was taken.
static bool take_latest(const struct gathering *gathering, struct latest *latest,
                        const struct session_record *session) {
    bool later = is_later(gathering, latest, session);

    if (later) {
        *latest = (struct latest){.there = true,
                                  .of_this_boot = strcmp(session->boot_id, gathering->boot_id) == 0,
                                  .counted_from_boot_ms = session->counted_from_boot_ms};
    }
    return later;
}

static int take_session(void *context, const struct session_record *session) {
    struct gathering *gathering = context;
    struct device_diary *known = gathering->known;
    bool done = session->outcome == OUTCOME_FINISHED || session->outcome == OUTCOME_ENDED_EARLY;

    if (take_latest(gathering, &gathering->last, session)) {
        known->has_last = true;
        known->last = *session;
        known->last.note = NULL;
    }
    if (done && take_latest(gathering, &gathering->done, session)) {
        known->last_done_utc_s = session->started_utc_s;
    }
    if (session->outcome == OUTCOME_NOT_MINE) {
        return 0;
    }
    if (session->night == NIGHT_NONE) {
        known->undated_s += session->held_s;
        return 0;
    }
    return habit_log_add(&known->log, session->night, session->held_s);
}

static int take_away(void *context, int32_t night) {
    struct device_diary *known = context;

    return habit_log_set_away(&known->log, night, true);
}

static int take_mark(void *context, int32_t night, bool away) {
    struct device_diary *known = context;

    return habit_log_set_away(&known->log, night, away);
}

// What the card does not give is not known: the evening goes on with the rest.
int gather_nights(struct diary *diary, const char *boot_id, int64_t now_utc_s, struct device_diary *gathered) {
    struct device_diary known = {.undated_s = 0};
    struct gathering gathering = {
        .known = &known, .boot_id = boot_id, .until_utc_s = now_utc_s + (now_utc_s < INT64_MAX ? AHEAD_S : 0)};
    bool failed = diary_each_session(diary, take_session, &gathering) == -ENOMEM ||
                  diary_each_away(diary, take_away, &known) == -ENOMEM ||
                  outbox_each_mark(diary, take_mark, &known) == -ENOMEM;

    if (failed) {
        habit_log_clear(&known.log);
        return -ENOMEM;
    }
    *gathered = known;
    return 0;
}

// A start may have been corrected to anywhere up to the end of the calendar, where no clock can go on from.
int64_t gather_last_known_s(struct diary *diary) {
    int64_t last_s;

    if (diary_last_time(diary, &last_s) < 0) {
        return 0;
    }
    return last_s < LAST_TIME_MAX_S ? last_s : LAST_TIME_MAX_S;
}

void gather_setting(struct diary *diary, enum device_setting setting, struct device_settings *settings) {
    char *text = NULL;

    (void)diary_get(diary, device_setting_name(setting), &text);
    settings_read(settings, setting, text);
    free(text);
}

static void read_choices(struct diary *diary, struct device_start *start) {
    for (int i = 0; i < DEVICE_SETTING_COUNT; i++) {
        gather_setting(diary, (enum device_setting)i, &start->settings);
    }
    start->last_known_s = gather_last_known_s(diary);
}

void gather_late_choices(struct diary *diary, struct device_start *start) {
    read_choices(diary, start);
    for (int i = 0; i < DEVICE_SETTING_COUNT; i++) {
        const char *waiting = outbox_waiting(diary, (enum device_setting)i);

        if (waiting != NULL && i != DEVICE_SETTING_CLOCK && i != DEVICE_SETTING_BOOT) {
            settings_read(&start->settings, (enum device_setting)i, waiting);
        }
    }
}

int gather_start(struct diary *diary, const char *boot_id, struct moment now, struct device_start *start) {
    read_choices(diary, start);
    const struct karani_clock clock = device_start_clock(start, boot_id, NULL, now);

    return gather_nights(diary, boot_id, clock_is_known(&clock) ? clock_utc_s(&clock, now) : INT64_MAX, &start->diary);
}
