// Edges of buttons in, gestures out.
#include "daemon/core/gesture.h"

#include <assert.h>
#include <string.h>

static const char *const button_names[BUTTON_COUNT] = {
    [BUTTON_MAIN] = "main", [BUTTON_BACK] = "back", [BUTTON_MORE] = "more",
    [BUTTON_LESS] = "less", [BUTTON_INFO] = "info",
};

// What a button other than main means, on its down edge.
static const enum gesture_kind role[BUTTON_COUNT] = {
    [BUTTON_MAIN] = GESTURE_PRESS, [BUTTON_BACK] = GESTURE_BACK, [BUTTON_MORE] = GESTURE_MORE,
    [BUTTON_LESS] = GESTURE_LESS,  [BUTTON_INFO] = GESTURE_INFO,
};

const char *button_name(enum button button) {
    assert(button < BUTTON_COUNT);
    return button_names[button];
}

bool button_parse(const char *name, enum button *button) {
    for (int i = 0; i < BUTTON_COUNT; i++) {
        if (strcmp(name, button_names[i]) == 0) {
            *button = (enum button)i;
            return true;
        }
    }
    return false;
}

void gesture_begin(struct gesture_reader *reader, int hold_ms, int debounce_ms) {
    *reader = (struct gesture_reader){.hold_ms = hold_ms, .debounce_ms = debounce_ms};
    for (int i = 0; i < BUTTON_COUNT; i++) {
        reader->buttons[i].locked_until_ms = INT64_MIN;
    }
}

// The button is taken as down or up from now on, and locked against chatter. True when that decides a gesture.
static bool accept_level(struct gesture_reader *reader, enum button button, int64_t boot_ms, struct gesture *gesture) {
    struct gesture_button *state = &reader->buttons[button];
    state->down = state->level;
    state->locked_until_ms = boot_ms + reader->debounce_ms;
    if (state->down) {
        state->down_ms = boot_ms;
        state->hold_told = false;
        if (button == BUTTON_MAIN) {
            return false; // main decides on release, or when it has been held
        }
    } else if (button != BUTTON_MAIN || state->hold_told) {
        return false;
    }
    *gesture = (struct gesture){.kind = role[button], .down_ms = state->down_ms, .at_ms = boot_ms};
    return true;
}

bool gesture_edge(struct gesture_reader *reader, enum button button, bool down, int64_t boot_ms,
                  struct gesture *gesture) {
    assert(button < BUTTON_COUNT);
    struct gesture_button *state = &reader->buttons[button];
    state->level = down;
    if (boot_ms < state->locked_until_ms || state->level == state->down) {
        return false;
    }
    return accept_level(reader, button, boot_ms, gesture);
}

// When this button wants to be looked at again.
static int64_t button_deadline(const struct gesture_reader *reader, enum button button) {
    const struct gesture_button *state = &reader->buttons[button];
    int64_t deadline = INT64_MAX;
    if (state->level != state->down) {
        deadline = state->locked_until_ms;
    }
    if (button == BUTTON_MAIN && state->down && !state->hold_told) {
        int64_t hold = state->down_ms + reader->hold_ms;
        if (hold < deadline) {
            deadline = hold;
        }
    }
    return deadline;
}

int64_t gesture_deadline(const struct gesture_reader *reader) {
    int64_t earliest = INT64_MAX;
    for (int i = 0; i < BUTTON_COUNT; i++) {
        int64_t deadline = button_deadline(reader, (enum button)i);
        if (deadline < earliest) {
            earliest = deadline;
        }
    }
    return earliest;
}

bool gesture_tick(struct gesture_reader *reader, int64_t boot_ms, struct gesture *gesture) {
    for (int i = 0; i < BUTTON_COUNT; i++) {
        enum button button = (enum button)i;
        struct gesture_button *state = &reader->buttons[i];
        int64_t deadline = button_deadline(reader, button);
        if (deadline > boot_ms) {
            continue;
        }
        if (state->level != state->down && state->locked_until_ms <= deadline) {
            if (accept_level(reader, button, deadline, gesture)) {
                return true;
            }
            continue;
        }
        state->hold_told = true;
        *gesture = (struct gesture){.kind = GESTURE_HOLD, .down_ms = state->down_ms, .at_ms = deadline};
        return true;
    }
    return false;
}
