// The minutes as they run out.
#include "daemon/core/pages/pages.h"

static void change_minutes(struct device *device, int by, struct moment at, const char *why) {
    enum session_change change = session_add_minutes(&device->session, by, at.boot_ms);
    device_session_changed(device, change, at, why, false);
    device_touch_view(device, why);
}

static void fill(const struct device *device, struct moment at, struct view *view) {
    view->countdown.minutes_left = session_minutes_left(&device->session, at.boot_ms);
    view->countdown.minutes_total = (int)(device->session.planned_s / 60);
}

PAGE_RULES(countdown, .class = PAGE_CLASS_SESSION, .press = page_session_press, .press_does = "pause",
           .hold = page_session_hold, .hold_does = "finish now", .value = change_minutes, .sets_value = false,
           .timeout_ms = 0, .fill = fill);
