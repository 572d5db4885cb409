// How many minutes the next session is planned for.
#include "daemon/core/pages/pages.h"

// The minutes that the glass offers.
enum { MINUTES_FIRST = 5, MINUTES_LAST = 15 };

static int minutes_clamped(int minutes) {
    if (minutes < MINUTES_FIRST) {
        return MINUTES_FIRST;
    }
    return minutes > MINUTES_LAST ? MINUTES_LAST : minutes;
}

void page_change_minutes(struct device *device, int by, struct moment at, const char *why) {
    (void)at;
    device_choose_minutes(device, minutes_clamped(device->choices.minutes + by));
    device_touch_view(device, why);
}

// After the last value comes the first.
static void next_minutes(struct device *device, struct moment at, const char *why) {
    (void)at;
    int minutes = device->choices.minutes;
    device_choose_minutes(device, minutes >= MINUTES_LAST ? MINUTES_FIRST : minutes_clamped(minutes + 1));
    device_touch_view(device, why);
}

static void fill(const struct device *device, struct moment at, struct view *view) {
    (void)at;
    view->minutes.minutes = device->choices.minutes;
}

PAGE_RULES(minutes, .class = PAGE_CLASS_INFORMATION, .press = next_minutes, .press_does = "next value",
           .hold = page_walk_on, .hold_does = "next page", .value = page_change_minutes, .sets_value = true,
           .timeout_ms = PAGE_INFORMATION_MS, .fill = fill);
