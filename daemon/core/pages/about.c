// What the device is and how it is.
#include "daemon/core/pages/pages.h"

static void fill(const struct device *device, struct moment at, struct view *view) {
    struct view_about *shown = &view->about;
    (void)at;
    shown->version = device->setup.version;
    shown->panel = device->setup.panel;
    shown->diary_ok = device->kept && !device_trouble_keeps(device);
    shown->quality = page_clock_quality_of(device);
}

PAGE_RULES(about, .class = PAGE_CLASS_INFORMATION, .press = page_ignore, .press_does = NULL, .hold = page_walk_on,
           .hold_does = "back to the idle page", .value = NULL, .sets_value = false, .timeout_ms = PAGE_INFORMATION_MS,
           .fill = fill);
