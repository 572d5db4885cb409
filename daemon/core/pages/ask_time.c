// Whether the guessed time is right, before a session.
#include "daemon/core/pages/pages.h"

enum { ASK_TIME_MS = 30 * 1000 };

static void time_is_right(struct device *device, struct moment at, const char *why) {
    if (device->clock.quality == CLOCK_RESTORED) {
        device_clock_correct(device, CLOCK_SET, device->clock.offset_ms, at);
    }
    device_begin(device, at, why, false);
}

// `clock` comes back here.
static void set_time(struct device *device, struct moment at, const char *why) {
    device_clock_edit_begin(device, at);
    device_show(device, PAGE_CLOCK, at, why, false);
}

static void fill(const struct device *device, struct moment at, struct view *view) {
    view->ask_time.guess = device->clock.quality != CLOCK_UNSET;
    view->ask_time.time = page_local_time(device, at);
}

PAGE_RULES(ask_time, .class = PAGE_CLASS_QUESTION, .press = time_is_right, .press_does = "yes", .hold = set_time,
           .hold_does = "set the clock", .value = NULL, .sets_value = false, .timeout_ms = ASK_TIME_MS, .fill = fill);
