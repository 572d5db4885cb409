// The invitation to tonight's session.
#include "daemon/core/pages/pages.h"

static const char *reason_of(const struct device *device, struct moment at) {
    const struct routine *routine = device->setup.routine;
    if (routine->reason_count == 0) {
        return NULL;
    }
    int32_t tonight = device_tonight(device, at);
    int64_t turn = tonight == NIGHT_NONE ? (int64_t)device->log.night_count : tonight;
    int64_t count = (int64_t)routine->reason_count;
    return routine->reasons[(turn % count + count) % count];
}

static void fill(const struct device *device, struct moment at, struct view *view) {
    struct view_invite *shown = &view->invite;
    const struct routine_variant *variant = &device->setup.routine->variants[device->choices.variant];
    shown->minutes = device->choices.minutes;
    shown->variant_name = variant->name;
    shown->picture = variant->picture;
    shown->reason = reason_of(device, at);
}

PAGE_RULES(invite, .class = PAGE_CLASS_IDLE, .press = page_begin, .press_does = "begin", .hold = page_walk_on,
           .hold_does = "next page", .value = page_change_minutes, .sets_value = false, .timeout_ms = 0, .fill = fill);
