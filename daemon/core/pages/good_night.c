// The evening after a session: the minutes that were held.
#include "daemon/core/pages/pages.h"

static void fill(const struct device *device, struct moment at, struct view *view) {
    struct view_good_night *shown = &view->good_night;
    (void)at;
    const struct session_record *last = &device->last;
    int64_t held_s = last->held_s;
    if (last->outcome == OUTCOME_NOT_MINE && last->night != NIGHT_NONE) {
        held_s = habit_log_held_s(&device->log, last->night);
    }
    shown->minutes = (int)(held_s / 60);
    shown->weekday = device->has_last ? page_weekday(device, last->night) : -1;
}

PAGE_RULES(good_night, .class = PAGE_CLASS_IDLE, .press = page_begin, .press_does = "begin again", .hold = page_walk_on,
           .hold_does = "next page", .value = NULL, .sets_value = false, .timeout_ms = 0, .fill = fill);
