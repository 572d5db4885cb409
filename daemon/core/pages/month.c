// The last four weeks of nights; tonight can be marked away.
#include "daemon/core/pages/pages.h"

static void toggle_away(struct device *device, struct moment at, const char *why) {
    if (!clock_is_known(&device->clock)) {
        device_ignore_gesture(device);
        return;
    }
    int32_t tonight = device_tonight(device, at);
    bool away = !habit_log_is_away(&device->log, tonight);
    if (habit_log_set_away(&device->log, tonight, away) < 0) {
        return;
    }
    int64_t at_utc_s = clock_utc_s(&device->clock, at);
    device_emit(device,
                &(struct effect){.kind = EFFECT_AWAY, .away = {.night = tonight, .away = away, .at_utc_s = at_utc_s}});
    device_touch_view(device, why);
}

static void fill(const struct device *device, struct moment at, struct view *view) {
    struct view_month *shown = &view->month;
    shown->known = clock_is_known(&device->clock);
    shown->weekday = page_weekday(device, device_tonight(device, at));
    if (!shown->known) {
        return;
    }
    struct habit_summary summary;
    device_summarise(device, at, &summary);
    for (int i = 0; i < HABIT_GRID_NIGHTS; i++) {
        shown->nights[i] = page_mark_of(summary.grid[i]);
    }
    shown->last28 = summary.last28;
    shown->tonight_away = habit_log_is_away(&device->log, summary.tonight);
}

PAGE_RULES(month, .class = PAGE_CLASS_INFORMATION, .press = toggle_away, .press_does = "tonight away, or not",
           .hold = page_walk_on, .hold_does = "next page", .value = NULL, .sets_value = true,
           .timeout_ms = PAGE_INFORMATION_MS, .fill = fill);
