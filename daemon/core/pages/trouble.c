// What is wrong that the owner must know: it stays until it has been read.
#include "daemon/core/pages/pages.h"

static void dismiss(struct device *device, struct moment at, const char *why) {
    device_trouble_tell(device);
    device_show_idle(device, at, why, false);
}

static void begin_all_the_same(struct device *device, struct moment at, const char *why) {
    device_trouble_tell(device);
    page_begin(device, at, why);
}

static void fill(const struct device *device, struct moment at, struct view *view) {
    struct view_trouble *shown = &view->trouble;
    (void)at;
    shown->cause = device_trouble_untold(device);
    shown->place = device->trouble_place[shown->cause];
    shown->sessions = device->restored_sessions;
}

PAGE_RULES(trouble, .class = PAGE_CLASS_IDLE, .press = dismiss, .press_does = "dismiss", .hold = begin_all_the_same,
           .hold_does = "begin all the same", .value = NULL, .sets_value = false, .timeout_ms = 0, .fill = fill);
