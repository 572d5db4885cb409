// How to come out of the position.
#include "daemon/core/pages/pages.h"

static void fill(const struct device *device, struct moment at, struct view *view) {
    (void)at;
    view->way_out = device->setup.routine->way_out[device->choices.variant];
}

PAGE_RULES(way_out, .class = PAGE_CLASS_SESSION, .press = page_session_press, .press_does = "I am out",
           .hold = page_session_hold, .hold_does = "I am out", .value = NULL, .sets_value = false, .timeout_ms = 0,
           .fill = fill);
