// What a gesture does on the page that is up, and which gesture was meant for another page.
#include "daemon/core/device/state.h"

// A press whose down edge lies this near behind a page that came by itself was meant for the page before.
enum { MEANT_FOR_BEFORE_MS = 1000 };

static const char *gesture_word(enum gesture_kind kind) {
    static const char *const words[] = {
        [GESTURE_PRESS] = "press", [GESTURE_HOLD] = "hold", [GESTURE_BACK] = "back",
        [GESTURE_MORE] = "more",   [GESTURE_LESS] = "less", [GESTURE_INFO] = "info",
    };
    return words[kind];
}

static void next_info(struct device *device, struct moment at, const char *why) {
    enum page_id next = page_next_info(device->page, device_can_undo(device, at));
    if (next == PAGE_COUNT) {
        device_show_idle(device, at, why, false);
        return;
    }
    device->field = PAGE_CLOCK_FIELD_NONE;
    device_show(device, next, at, why, false);
}

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

static void toggle_undo(struct device *device, const char *why) {
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

static void clock_press(struct device *device, struct moment at, const char *why) {
    if (device->field == PAGE_CLOCK_FIELD_NONE) {
        device_clock_edit_begin(device, at);
    } else {
        device_clock_edit_change(device, 1);
    }
    device_touch_view(device, why);
}

static void clock_hold(struct device *device, struct moment at, const char *why) {
    if (device->field == PAGE_CLOCK_FIELD_NONE) {
        next_info(device, at, why);
        return;
    }
    bool set = device_clock_edit_next(device, at);
    if (set && device->beginning) {
        device_begin(device, at, why, false);
    } else {
        device_touch_view(device, why);
    }
}

// The minutes that the glass offers.
enum { MINUTES_FIRST = 5, MINUTES_LAST = 15 };

static int minutes_clamped(int minutes) {
    if (minutes < MINUTES_FIRST) {
        return MINUTES_FIRST;
    }
    return minutes > MINUTES_LAST ? MINUTES_LAST : minutes;
}

static void change_value(struct device *device, int by, struct moment at, const char *why) {
    if (device->page == PAGE_COUNTDOWN) {
        enum session_change change = session_add_minutes(&device->session, by, at.boot_ms);
        device_session_changed(device, change, at, why, false);
    } else if (device->page == PAGE_VARIANT) {
        int next = ((int)device->choices.variant + by + VARIANT_COUNT) % VARIANT_COUNT;
        device_choose_variant(device, (enum variant)next);
    } else if (device->page == PAGE_CLOCK) {
        if (device->field == PAGE_CLOCK_FIELD_NONE) {
            device_ignore_gesture(device);
            return;
        }
        device_clock_edit_change(device, by);
    } else {
        device_choose_minutes(device, minutes_clamped(device->choices.minutes + by));
    }
    device_touch_view(device, why);
}

static void dismiss(struct device *device, struct moment at, const char *why) {
    device_trouble_tell(device);
    device_show_idle(device, at, why, false);
}

static void begin_fresh(struct device *device, struct moment at, const char *why) {
    if (device->page == PAGE_TROUBLE) {
        device_trouble_tell(device);
    }
    device_begin(device, at, why, false);
}

static void next_minutes(struct device *device, const char *why) {
    int minutes = device->choices.minutes;
    device_choose_minutes(device, minutes >= MINUTES_LAST ? MINUTES_FIRST : minutes_clamped(minutes + 1));
    device_touch_view(device, why);
}

static void time_is_right(struct device *device, struct moment at, const char *why) {
    if (device->clock.quality == CLOCK_RESTORED) {
        device_clock_correct(device, CLOCK_SET, device->clock.offset_ms, at);
    }
    device_begin(device, at, why, false);
}

static void set_time(struct device *device, struct moment at, const char *why) {
    device_clock_edit_begin(device, at);
    device_show(device, PAGE_CLOCK, at, why, false);
}

static void act(struct device *device, enum action action, struct moment at, const char *why) {
    switch (action) {
    case ACTION_NONE:
        device_ignore_gesture(device);
        break;
    case ACTION_BEGIN:
        begin_fresh(device, at, why);
        break;
    case ACTION_NEXT_INFO:
        next_info(device, at, why);
        break;
    case ACTION_TO_IDLE:
        device_show_idle(device, at, why, false);
        break;
    case ACTION_ASK_YES:
        time_is_right(device, at, why);
        break;
    case ACTION_ASK_SET:
        set_time(device, at, why);
        break;
    case ACTION_HEALTH_NEXT:
        device_health_next(device, at);
        break;
    case ACTION_HEALTH_HOLD:
        device_health_hold(device, at);
        break;
    case ACTION_SESSION_PRESS:
        device_session_changed(device, session_press(&device->session, at.boot_ms), at, why, false);
        break;
    case ACTION_SESSION_HOLD:
        device_session_changed(device, session_hold(&device->session, at.boot_ms), at, why, false);
        break;
    case ACTION_TOGGLE_AWAY:
        toggle_away(device, at, why);
        break;
    case ACTION_TOGGLE_UNDO:
        toggle_undo(device, why);
        break;
    case ACTION_MINUTES_CYCLE:
        next_minutes(device, why);
        break;
    case ACTION_VARIANT_CYCLE:
    case ACTION_MORE:
        change_value(device, 1, at, why);
        break;
    case ACTION_LESS:
        change_value(device, -1, at, why);
        break;
    case ACTION_CLOCK_PRESS:
        clock_press(device, at, why);
        break;
    case ACTION_CLOCK_HOLD:
        clock_hold(device, at, why);
        break;
    case ACTION_DISMISS:
        dismiss(device, at, why);
        break;
    }
}

// Whether the gesture was meant for the page before, which has left by itself. A hold that means the same on both
// (leave the cards, turn to the information pages) is taken as it was meant.
static bool was_meant_for_before(const struct device *device, const struct gesture *gesture) {
    const struct device_arrival *arrival = &device->arrival;
    if (!arrival->by_itself || gesture->down_ms >= arrival->at_ms + MEANT_FOR_BEFORE_MS) {
        return false;
    }
    bool stops = gesture->kind == GESTURE_HOLD || gesture->kind == GESTURE_BACK;
    bool both_cards = device->page == PAGE_CARD && arrival->before == PAGE_CARD;
    bool both_idle =
        page_rules(device->page)->class == PAGE_CLASS_IDLE && page_rules(arrival->before)->class == PAGE_CLASS_IDLE;
    bool same = page_action(device->page, gesture->kind) == page_action(arrival->before, gesture->kind);
    return !(stops && same && (both_cards || both_idle));
}

static void perform(struct device *device, const struct gesture *gesture, struct moment at) {
    if (was_meant_for_before(device, gesture)) {
        return;
    }
    act(device, page_action(device->page, gesture->kind), at, gesture_word(gesture->kind));
}

void device_take_gesture(struct device *device, const struct gesture *gesture, struct moment at) {
    device->touched_ms = at.boot_ms;
    bool at_once =
        page_rules(device->page)->sets_value || gesture->kind == GESTURE_MORE || gesture->kind == GESTURE_LESS;
    if (at_once || !device->glass_busy) {
        perform(device, gesture, at);
    } else if (!device->gesture_kept) {
        device->gesture_kept = true;
        device->kept_gesture = *gesture;
    }
}

void device_glass_quiet(struct device *device, struct moment at) {
    device->glass_busy = false;
    if (!device->gesture_kept) {
        return;
    }
    device->gesture_kept = false;
    // Never an answer to a question that was not on the glass yet.
    if (device->page != PAGE_HEALTH) {
        perform(device, &device->kept_gesture, at);
    }
}
