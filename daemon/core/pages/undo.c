// The session just kept: it was not mine.
#include "daemon/core/pages/pages.h"

static void toggle_undo(struct device *device, struct moment at, const char *why) {
    (void)at;
    struct session_record *last = &device->last;
    bool undo = last->outcome != OUTCOME_NOT_MINE;
    if (habit_log_add(&device->log, last->night, undo ? -last->held_s : last->held_s) < 0) {
        return;
    }
    if (undo) {
        last->outcome_was = last->outcome;
    }
    last->outcome = undo ? OUTCOME_NOT_MINE : last->outcome_was;
    device_emit(device, &(struct effect){.kind = EFFECT_UNDO, .session = *last});
    device_touch_view(device, why);
}

static void fill(const struct device *device, struct moment at, struct view *view) {
    struct view_undo *shown = &view->undo;
    (void)at;
    shown->minutes = (int)(device->last.held_s / 60);
    shown->weekday = page_weekday(device, device->last.night);
    shown->not_mine = device->last.outcome == OUTCOME_NOT_MINE;
}

PAGE_RULES(undo, .class = PAGE_CLASS_INFORMATION, .press = toggle_undo, .press_does = "keep or not mine",
           .hold = page_walk_on, .hold_does = "next page", .value = NULL, .sets_value = true,
           .timeout_ms = PAGE_INFORMATION_MS, .fill = fill);
