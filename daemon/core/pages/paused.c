// The minutes in a pause.
#include "daemon/core/pages/pages.h"

static void fill(const struct device *device, struct moment at, struct view *view) {
    view->paused.minutes_left = session_minutes_left(&device->session, at.boot_ms);
}

PAGE_RULES(paused, .class = PAGE_CLASS_SESSION, .press = page_session_press, .press_does = "go on",
           .hold = page_session_hold, .hold_does = "finish now", .value = NULL, .sets_value = false, .timeout_ms = 0,
           .fill = fill);
