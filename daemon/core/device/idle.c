// The idle page: it follows from the clock and the diary alone (karani(7), THE IDLE PAGE).
#include "daemon/core/device/state.h"

#include "daemon/core/night.h"

enum { DAY_S = 24 * 60 * 60, DAY_MIN = 24 * 60, NOON_MIN = 12 * 60, HOUR_MS = 60 * 60 * 1000 };

// While the time is not known, good-night stays this long after a session has left the way out.
#define GOOD_NIGHT_UNKNOWN_MS (INT64_C(8) * HOUR_MS)

bool device_trouble_keeps_from_saving(enum page_trouble cause) {
    return cause == PAGE_TROUBLE_NOT_KEPT || cause == PAGE_TROUBLE_DIARY || cause == PAGE_TROUBLE_NEWER ||
           cause == PAGE_TROUBLE_PLACE;
}

bool device_trouble_keeps(const struct device *device) {
    bool keeps = false;
    for (int i = PAGE_TROUBLE_NONE + 1; i < PAGE_TROUBLE_COUNT; i++) {
        keeps = keeps || (device->trouble[i] && device_trouble_keeps_from_saving((enum page_trouble)i));
    }
    return keeps;
}

enum page_trouble device_trouble_untold(const struct device *device) {
    for (int i = PAGE_TROUBLE_NONE + 1; i < PAGE_TROUBLE_COUNT; i++) {
        if (device->trouble[i] && !device->trouble_told[i] && !device->trouble_put_off[i]) {
            return (enum page_trouble)i;
        }
    }
    return PAGE_TROUBLE_NONE;
}

void device_trouble_tell(struct device *device) {
    enum page_trouble cause = device_trouble_untold(device);
    if (cause == PAGE_TROUBLE_PANEL && !device->trouble_over[cause]) {
        device->trouble_put_off[cause] = true; // nobody can have read it on a dead glass
        return;
    }
    device->trouble_told[cause] = true;
    device_boot_store(device);
    device_emit(device, &(struct effect){.kind = EFFECT_TOLD, .told = cause});
    if (device->trouble_over[cause]) {
        device->trouble[cause] = device->trouble_over[cause] = false;
    }
}

static int minute_of_day(int64_t local_s) {
    return (int)((local_s - (int64_t)night_date_of_local(local_s) * DAY_S) / 60);
}

// Whether a minute of the day lies in [from, to), which may run over midnight.
static bool lies_between(int minute, int from, int to) {
    int span = (to - from + DAY_MIN) % DAY_MIN;
    return (minute - from + DAY_MIN) % DAY_MIN < span;
}

static bool is_practised(const struct device *device, int32_t night) {
    return habit_log_held_s(&device->log, night) >= device->setup.config->counts_from_s &&
           habit_log_held_s(&device->log, night) > 0;
}

// Whether a session begun since `invite` time last came, and before it comes again (rows may lie in the future: from a
// clock that was wrong, or imported), has left the way out.
static bool is_done_since_invite(const struct device *device, int64_t local_s) {
    int invite = device->setup.config->invite_min;
    int64_t day = night_date_of_local(local_s);
    if (minute_of_day(local_s) < invite) {
        day--;
    }
    int64_t since_s = day * DAY_S + invite * INT64_C(60);
    return device->last_done_utc_s >= zone_utc_of_local(device->clock.zone, since_s) &&
           device->last_done_utc_s < zone_utc_of_local(device->clock.zone, since_s + DAY_S);
}

static enum page_id unknown_time_page(const struct device *device, struct moment at) {
    bool good_night =
        device->left_way_out_ms != INT64_MIN && at.boot_ms < device->left_way_out_ms + GOOD_NIGHT_UNKNOWN_MS;
    return good_night ? PAGE_GOOD_NIGHT : PAGE_INVITE;
}

static enum page_id idle_page(const struct device *device, struct moment at) {
    const struct config *config = device->setup.config;
    if (device_trouble_untold(device) != PAGE_TROUBLE_NONE) {
        return PAGE_TROUBLE;
    }
    if (!clock_is_known(&device->clock)) {
        return unknown_time_page(device, at);
    }
    int64_t local_s = device_local_s(device, at);
    if (lies_between(minute_of_day(local_s), config->morning_min, config->invite_min)) {
        return PAGE_MORNING;
    }
    if (is_practised(device, night_of_local(local_s))) {
        return PAGE_GOOD_NIGHT;
    }
    return is_done_since_invite(device, local_s) ? PAGE_GOOD_NIGHT : PAGE_INVITE;
}

// The instant on BOOTTIME at which the wall clock next reads `minute`.
static int64_t next_minute_ms(const struct device *device, struct moment at, int minute) {
    int64_t now_utc_ms = clock_utc_ms(&device->clock, at);
    int64_t day = night_date_of_local(device_local_s(device, at));
    for (int i = 0; i < 3; i++, day++) {
        int64_t utc_s = zone_utc_of_local(device->clock.zone, day * DAY_S + minute * INT64_C(60));
        if (utc_s * 1000 > now_utc_ms) {
            return at.boot_ms + (utc_s * 1000 - now_utc_ms);
        }
    }
    return at.boot_ms + INT64_C(1000) * DAY_S;
}

static int64_t next_look_ms(const struct device *device, struct moment at) {
    if (!clock_is_known(&device->clock)) {
        if (device->left_way_out_ms == INT64_MIN || unknown_time_page(device, at) == PAGE_INVITE) {
            return INT64_MAX;
        }
        return device->left_way_out_ms + GOOD_NIGHT_UNKNOWN_MS;
    }
    const int minutes[] = {device->setup.config->invite_min, device->setup.config->morning_min, NOON_MIN};
    int64_t next = INT64_MAX;
    for (size_t i = 0; i < sizeof minutes / sizeof *minutes; i++) {
        int64_t candidate = next_minute_ms(device, at, minutes[i]);
        if (candidate < next) {
            next = candidate;
        }
    }
    return next;
}

void device_show_idle(struct device *device, struct moment at, const char *why, bool by_itself) {
    device->beginning = false;
    device->asking_first = false;
    device->field = PAGE_CLOCK_FIELD_NONE;
    device_show(device, idle_page(device, at), at, why, by_itself);
    device->idle_ms = next_look_ms(device, at);
}

void device_idle_changed(struct device *device, struct moment at, const char *why) {
    if (page_rules(device->page)->class != PAGE_CLASS_IDLE) {
        return;
    }
    // Another trouble in the place of the one that is being read is another page: a press meant for that is no answer.
    bool other_trouble = device->page == PAGE_TROUBLE && device->view.page == PAGE_TROUBLE &&
                         device->view.trouble.cause != device_trouble_untold(device);
    if (idle_page(device, at) != device->page || other_trouble) {
        device_show_idle(device, at, why, true);
        return;
    }
    device->idle_ms = next_look_ms(device, at);
    device_touch_view(device, why); // its nights may have moved on
    device->full = true;
}

// The question about the time answers itself, or is about another one, which a press has to have seen.
static void question_changed(struct device *device, struct moment at, const char *why) {
    if (clock_is_known(&device->clock)) {
        device_begin(device, at, why, true);
    } else {
        device_show(device, PAGE_ASK_TIME, at, why, true);
    }
}

void device_time_changed(struct device *device, struct moment at, const char *why) {
    if (device->page == PAGE_ASK_TIME) {
        question_changed(device, at, why);
    }
    device_idle_changed(device, at, why);
    if (page_rules(device->page)->class == PAGE_CLASS_INFORMATION) {
        device_touch_view(device, why);
    }
}
