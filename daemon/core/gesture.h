// Edges of buttons with their timestamps in, gestures out. The lock-out of karani(7), THE BUTTONS: the first edge
// counts at once, then 30 ms are ignored and the level is read again.
#ifndef KARANI_DAEMON_CORE_GESTURE_H
#define KARANI_DAEMON_CORE_GESTURE_H

#include <stdbool.h>
#include <stdint.h>

enum button { BUTTON_MAIN, BUTTON_BACK, BUTTON_MORE, BUTTON_LESS, BUTTON_INFO, BUTTON_COUNT };

const char *button_name(enum button button); // "main", …
bool button_parse(const char *name, enum button *button);

enum gesture_kind {
    GESTURE_PRESS, // main, released before hold_ms
    GESTURE_HOLD,  // main, held for hold_ms: decided while still held
    GESTURE_BACK,  // the others on their down edge
    GESTURE_MORE,
    GESTURE_LESS,
    GESTURE_INFO,
};

struct gesture {
    enum gesture_kind kind;
    int64_t down_ms; // CLOCK_BOOTTIME of the edge with which it began
    int64_t at_ms;   // when it was decided
};

// The state of one button.
struct gesture_button {
    bool level;              // as last reported, true = pressed
    bool down;               // as accepted
    bool hold_told;          // the hold of this contact has been told
    int64_t down_ms;         // when it was accepted as down
    int64_t locked_until_ms; // edges before it only change `level`; INT64_MIN when unlocked
};

struct gesture_reader {
    struct gesture_button buttons[BUTTON_COUNT];
    int64_t hold_ms;
    int64_t debounce_ms;
};

void gesture_begin(struct gesture_reader *reader, int hold_ms, int debounce_ms);

// An edge at its kernel timestamp; edges come in the order of their times. True when it decides a gesture.
bool gesture_edge(struct gesture_reader *reader, enum button button, bool down, int64_t boot_ms,
                  struct gesture *gesture);

// Time has passed: true when that decides a gesture (a hold; a release seen at the end of a lock-out). Call again
// until false.
bool gesture_tick(struct gesture_reader *reader, int64_t boot_ms, struct gesture *gesture);

// When gesture_tick is due at the latest; INT64_MAX when nothing is.
int64_t gesture_deadline(const struct gesture_reader *reader);

#endif
