// Which variant of the position is practised.
#include "daemon/core/pages/pages.h"

static void change_variant(struct device *device, int by, struct moment at, const char *why) {
    (void)at;
    int next = ((int)device->choices.variant + by + VARIANT_COUNT) % VARIANT_COUNT;
    device_choose_variant(device, (enum variant)next);
    device_touch_view(device, why);
}

static void fill(const struct device *device, struct moment at, struct view *view) {
    struct view_variant *shown = &view->variant;
    (void)at;
    const struct routine_variant *variant = &device->setup.routine->variants[device->choices.variant];
    shown->name = variant->name;
    shown->picture = variant->picture;
}

PAGE_RULES(variant, .class = PAGE_CLASS_INFORMATION, .press = page_more, .press_does = "next value",
           .hold = page_walk_on, .hold_does = "next page", .value = change_variant, .sets_value = true,
           .timeout_ms = PAGE_INFORMATION_MS, .fill = fill);
