// What a gesture does on the page that is up, and which gesture was meant for another page.
#include "daemon/core/device/state.h"

#include "daemon/core/pages/pages.h"

// A press whose down edge lies this near behind a page that came by itself was meant for the page before.
enum { MEANT_FOR_BEFORE_MS = 1000 };

static const char *gesture_word(enum gesture_kind kind) {
    static const char *const words[] = {
        [GESTURE_PRESS] = "press", [GESTURE_HOLD] = "hold", [GESTURE_BACK] = "back",
        [GESTURE_MORE] = "more",   [GESTURE_LESS] = "less", [GESTURE_INFO] = "info",
    };
    return words[kind];
}

// ---- what several pages do ---------------------------------------------------------------------------------------

void page_ignore(struct device *device, struct moment at, const char *why) {
    (void)at;
    (void)why;
    device_ignore_gesture(device);
}

void page_begin(struct device *device, struct moment at, const char *why) {
    device_begin(device, at, why, false);
}

void page_walk_on(struct device *device, struct moment at, const char *why) {
    enum page_id next = page_next_info(device->page, device_can_undo(device, at));
    if (next == PAGE_COUNT) {
        device_show_idle(device, at, why, false);
        return;
    }
    device->field = PAGE_CLOCK_FIELD_NONE;
    device_show(device, next, at, why, false);
}

void page_to_idle(struct device *device, struct moment at, const char *why) {
    device_show_idle(device, at, why, false);
}

void page_session_press(struct device *device, struct moment at, const char *why) {
    device_session_changed(device, session_press(&device->session, at.boot_ms), at, why, false);
}

void page_session_hold(struct device *device, struct moment at, const char *why) {
    device_session_changed(device, session_hold(&device->session, at.boot_ms), at, why, false);
}

void page_more(struct device *device, struct moment at, const char *why) {
    page_rules(device->page)->value(device, 1, at, why);
}

void page_less(struct device *device, struct moment at, const char *why) {
    page_rules(device->page)->value(device, -1, at, why);
}

// ---- gestures ----------------------------------------------------------------------------------------------------

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
    page_action(device->page, gesture->kind)(device, at, gesture_word(gesture->kind));
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
