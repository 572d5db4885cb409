// Whether something speaks against the practice: one face after the other.
#include "daemon/core/pages/pages.h"

enum { HEALTH_MS = 3 * 60 * 1000 };

// The next face; on the last: none of these. On the face that says to ask first: agreed.
static void next(struct device *device, struct moment at, const char *why) {
    (void)why;
    device_health_next(device, at);
}

// One applies; on the face that says to ask first: leave.
static void one_applies(struct device *device, struct moment at, const char *why) {
    (void)why;
    device_health_hold(device, at);
}

static void fill(const struct device *device, struct moment at, struct view *view) {
    (void)at;
    const struct routine *routine = device->setup.routine;
    view->health = device->asking_first ? routine->ask_first : routine->health[device->health_face];
    view->answers = device->asking_first || device->health_face + 1 == (int)routine->health_count;
}

PAGE_RULES(health, .class = PAGE_CLASS_QUESTION, .press = next, .press_does = "none of these, on", .hold = one_applies,
           .hold_does = "one applies", .value = NULL, .sets_value = false, .timeout_ms = HEALTH_MS, .fill = fill);
