// The time, shown and set field by field.
#include "daemon/core/pages/pages.h"

static void press(struct device *device, struct moment at, const char *why) {
    if (device->field == PAGE_CLOCK_FIELD_NONE) {
        device_clock_edit_begin(device, at);
    } else {
        device_clock_edit_change(device, 1);
    }
    device_touch_view(device, why);
}

// The next page; while setting: the next field, on the last it is set.
static void hold(struct device *device, struct moment at, const char *why) {
    if (device->field == PAGE_CLOCK_FIELD_NONE) {
        page_walk_on(device, at, why);
        return;
    }
    bool set = device_clock_edit_next(device, at);
    if (set && device->beginning) {
        device_begin(device, at, why, false);
    } else {
        device_touch_view(device, why);
    }
}

static void change(struct device *device, int by, struct moment at, const char *why) {
    (void)at;
    if (device->field == PAGE_CLOCK_FIELD_NONE) {
        device_ignore_gesture(device);
        return;
    }
    device_clock_edit_change(device, by);
    device_touch_view(device, why);
}

static void fill(const struct device *device, struct moment at, struct view *view) {
    struct view_clock *shown = &view->clock;
    shown->quality = page_clock_quality_of(device);
    shown->field = device->field;
    shown->time = device->field == PAGE_CLOCK_FIELD_NONE ? page_local_time(device, at) : device->edit;
}

PAGE_RULES(clock, .class = PAGE_CLASS_INFORMATION, .press = press, .press_does = "set it, next value", .hold = hold,
           .hold_does = "next", .value = change, .sets_value = true, .timeout_ms = PAGE_INFORMATION_MS, .fill = fill);
