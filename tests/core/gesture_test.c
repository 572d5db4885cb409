// Edges in, gestures out: tables of what a finger does and what the device makes of it.
#include "daemon/core/gesture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { STEPS = 8 };

struct edge {
    int64_t at_ms;
    enum button button;
    bool down;
};

struct expected {
    enum gesture_kind kind;
    int64_t down_ms;
    int64_t at_ms;
};

struct finger {
    const char *what;
    struct edge edges[STEPS];
    int edge_count;
    struct expected gestures[STEPS];
    int gesture_count;
};

// hold 500 ms, lock-out 30 ms: the defaults of karani(7), THE BUTTONS.
static const struct finger fingers[] = {
    {"a press acts on release",
     {{1000, BUTTON_MAIN, true}, {1120, BUTTON_MAIN, false}},
     2,
     {{GESTURE_PRESS, 1000, 1120}},
     1},
    {"a hold acts while still held, and its release says nothing",
     {{1000, BUTTON_MAIN, true}, {1700, BUTTON_MAIN, false}},
     2,
     {{GESTURE_HOLD, 1000, 1500}},
     1},
    {"one millisecond short of a hold is a press",
     {{1000, BUTTON_MAIN, true}, {1499, BUTTON_MAIN, false}},
     2,
     {{GESTURE_PRESS, 1000, 1499}},
     1},
    {"chatter on both edges is one press, at the first edges",
     {{1000, BUTTON_MAIN, true},
      {1002, BUTTON_MAIN, false},
      {1008, BUTTON_MAIN, true},
      {1120, BUTTON_MAIN, false},
      {1123, BUTTON_MAIN, true},
      {1128, BUTTON_MAIN, false}},
     6,
     {{GESTURE_PRESS, 1000, 1120}},
     1},
    {"a release inside the lock-out is seen when the level is read again",
     {{1000, BUTTON_MAIN, true}, {1012, BUTTON_MAIN, false}},
     2,
     {{GESTURE_PRESS, 1000, 1030}},
     1},
    {"two presses",
     {{1000, BUTTON_MAIN, true}, {1100, BUTTON_MAIN, false}, {1300, BUTTON_MAIN, true}, {1400, BUTTON_MAIN, false}},
     4,
     {{GESTURE_PRESS, 1000, 1100}, {GESTURE_PRESS, 1300, 1400}},
     2},
    {"a press begun inside the lock-out of the last release counts from its end",
     {{1000, BUTTON_MAIN, true}, {1100, BUTTON_MAIN, false}, {1110, BUTTON_MAIN, true}, {1300, BUTTON_MAIN, false}},
     4,
     {{GESTURE_PRESS, 1000, 1100}, {GESTURE_PRESS, 1130, 1300}},
     2},
    {"the others act on the down edge, however long they are held",
     {{1000, BUTTON_BACK, true}, {3000, BUTTON_BACK, false}, {4000, BUTTON_MORE, true}, {4100, BUTTON_MORE, false}},
     4,
     {{GESTURE_BACK, 1000, 1000}, {GESTURE_MORE, 4000, 4000}},
     2},
    {"less and info, chattering",
     {{1000, BUTTON_LESS, true},
      {1004, BUTTON_LESS, false},
      {1008, BUTTON_LESS, true},
      {1200, BUTTON_LESS, false},
      {2000, BUTTON_INFO, true},
      {2100, BUTTON_INFO, false}},
     6,
     {{GESTURE_LESS, 1000, 1000}, {GESTURE_INFO, 2000, 2000}},
     2},
    {"a level reported twice is one press",
     {{1000, BUTTON_MAIN, true}, {1050, BUTTON_MAIN, true}, {1120, BUTTON_MAIN, false}, {1160, BUTTON_MAIN, false}},
     4,
     {{GESTURE_PRESS, 1000, 1120}},
     1},
};

static void check_gesture(const struct finger *finger, int index, const struct gesture *gesture) {
    if (index >= finger->gesture_count) {
        fail_msg("%s: one gesture too many", finger->what);
    }
    const struct expected *expected = &finger->gestures[index];
    if (gesture->kind != expected->kind || gesture->down_ms != expected->down_ms || gesture->at_ms != expected->at_ms) {
        fail_msg("%s: gesture %d is kind %d, down %ld, at %ld", finger->what, index, (int)gesture->kind,
                 (long)gesture->down_ms, (long)gesture->at_ms);
    }
}

static void test_fingers(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof fingers / sizeof *fingers; i++) {
        const struct finger *finger = &fingers[i];
        struct gesture_reader reader;
        gesture_begin(&reader, 500, 30);
        struct gesture gesture;
        int told = 0;
        for (int e = 0; e <= finger->edge_count; e++) {
            int64_t until_ms = e < finger->edge_count ? finger->edges[e].at_ms : 10000;
            while (gesture_deadline(&reader) <= until_ms) {
                if (gesture_tick(&reader, gesture_deadline(&reader), &gesture)) {
                    check_gesture(finger, told++, &gesture);
                }
            }
            if (e < finger->edge_count && gesture_edge(&reader, finger->edges[e].button, finger->edges[e].down,
                                                       finger->edges[e].at_ms, &gesture)) {
                check_gesture(finger, told++, &gesture);
            }
        }
        if (told != finger->gesture_count) {
            fail_msg("%s: %d gestures instead of %d", finger->what, told, finger->gesture_count);
        }
        assert_true(gesture_deadline(&reader) == INT64_MAX);
    }
}

static void test_deadlines(void **state) {
    (void)state;
    struct gesture_reader reader;
    struct gesture gesture;
    gesture_begin(&reader, 500, 30);
    assert_true(gesture_deadline(&reader) == INT64_MAX);
    assert_false(gesture_edge(&reader, BUTTON_MAIN, true, 1000, &gesture));
    assert_true(gesture_deadline(&reader) == 1500);
    assert_false(gesture_tick(&reader, 1499, &gesture));
    assert_false(gesture_edge(&reader, BUTTON_MAIN, false, 1010, &gesture));
    assert_true(gesture_deadline(&reader) == 1030);
}

static void test_names(void **state) {
    (void)state;
    static const char *const names[] = {"main", "back", "more", "less", "info"};
    for (int i = 0; i < BUTTON_COUNT; i++) {
        enum button button = BUTTON_COUNT;
        assert_string_equal(button_name((enum button)i), names[i]);
        assert_true(button_parse(names[i], &button));
        assert_int_equal(button, i);
    }
    enum button untouched = BUTTON_LESS;
    assert_false(button_parse("Main", &untouched));
    assert_int_equal(untouched, BUTTON_LESS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fingers),
        cmocka_unit_test(test_deadlines),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
