// What the diary knows, gathered for the device: nights, the last session, lasting choices.
#include "daemon/keeper_inside.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int64_t LAST_TIME_MAX_S = INT64_C(4102358400); // 2099-12-31, the last day that can be set on the glass

// What is gathered from the diary's rows.
struct gathering {
    struct device_diary *known;
    const char *boot_id;
};

// Within a boot BOOTTIME knows which session was begun last; the system clock may have been set back, and rows of other
// boots may lie in the future.
static void take_last(const struct gathering *gathering, const struct diary_session *session) {
    struct device_diary *known = gathering->known;

    if (strcmp(session->boot_id, gathering->boot_id) == 0 &&
        (!known->has_last || session->counted_from_boot_ms >= known->last.counted_from_boot_ms)) {
        known->has_last = true;
        known->last = *session;
        known->last.note = NULL;
    }
}

static int take_session(void *context, const struct diary_session *session) {
    const struct gathering *gathering = context;
    struct device_diary *known = gathering->known;

    take_last(gathering, session);
    if (session->outcome == OUTCOME_NOT_MINE) {
        return 0;
    }
    if (session->outcome == OUTCOME_FINISHED || session->outcome == OUTCOME_ENDED_EARLY) {
        known->last_done_utc_s = session->started_utc_s;
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

// What the card does not give is not known: the evening goes on with the rest.
int keeper_read_diary(struct keeper *keeper, struct device_diary *diary) {
    struct device_diary known = {.undated_s = 0};
    struct gathering gathering = {.known = &known, .boot_id = keeper->boot_id};
    bool failed = diary_each_session(keeper->diary, take_session, &gathering) == -ENOMEM ||
                  diary_each_away(keeper->diary, take_away, &known) == -ENOMEM;

    for (size_t i = 0; i < keeper->mark_count && !failed; i++) {
        failed = habit_log_set_away(&known.log, keeper->marks[i].night, keeper->marks[i].away) < 0;
    }
    if (failed) {
        habit_log_clear(&known.log);
        return -ENOMEM;
    }
    if (!known.has_last) {
        known.has_last = diary_last_session(keeper->diary, &known.last) == 0;
    }
    *diary = known;
    return 0;
}

// A start may have been corrected to anywhere up to the end of the calendar, where no clock can go on from.
int64_t keeper_last_known_s(struct diary *diary) {
    int64_t last_s;

    if (diary_last_time(diary, &last_s) < 0) {
        return 0;
    }
    return last_s < LAST_TIME_MAX_S ? last_s : LAST_TIME_MAX_S;
}

void keeper_read_choices(struct keeper *keeper, char settings[][DEVICE_SETTING_SIZE], int64_t *last_known_s) {
    for (int i = 0; i < DEVICE_SETTING_COUNT; i++) {
        char *value = NULL;

        settings[i][0] = '\0';
        if (diary_get(keeper->diary, device_setting_name((enum device_setting)i), &value) == 0 && value != NULL) {
            snprintf(settings[i], DEVICE_SETTING_SIZE, "%s", value);
        }
        free(value);
    }
    *last_known_s = keeper_last_known_s(keeper->diary);
}

int keeper_read(struct keeper *keeper, struct device_start *start) {
    int result = keeper_read_diary(keeper, &start->diary);

    if (result < 0) {
        return result;
    }
    keeper_read_choices(keeper, start->settings, &start->last_known_s);
    return 0;
}
