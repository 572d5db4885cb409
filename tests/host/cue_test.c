// Tests of the cue: when the output goes on and off.

// cmocka.h wants these four before it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/host/cue.h"

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

// Runs a pattern from 1000 ms on, called `late_ms` after each deadline; what the output does is written down.
static void play(const int *pattern_ms, size_t count, int64_t late_ms, char *log, size_t size) {
    struct cue cue = {.pattern_ms = pattern_ms, .count = count};
    log[0] = '\0';
    cue_play(&cue, 1000);
    for (int steps = 0; cue_deadline(&cue) < INT64_MAX; steps++) {
        assert_true(steps < 100);
        int64_t now_ms = cue_deadline(&cue) + late_ms;
        if (cue_step(&cue, now_ms)) {
            snprintf(log + strlen(log), size - strlen(log), "%s%d ", cue.on ? "+" : "-", (int)now_ms);
        }
    }
    assert_false(cue.on);
}

static void test_patterns(void **state) {
    (void)state;
    static const struct {
        int pattern_ms[5];
        size_t count;
        int64_t late_ms;
        const char *log;
    } rows[] = {
        {{300, 200, 300}, 3, 0, "+1000 -1300 +1500 -1800 "},
        {{300, 200, 300}, 3, 7, "+1007 -1307 +1507 -1807 "}, // lateness does not add up
        {{50}, 1, 0, "+1000 -1050 "},
        {{50, 60}, 2, 0, "+1000 -1050 "}, // a pattern may end with a rest
        {{0}, 0, 0, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char log[256];
        play(rows[i].pattern_ms, rows[i].count, rows[i].late_ms, log, sizeof log);
        assert_string_equal(log, rows[i].log);
    }
}

// Zero twice (a second session at once) begins it anew; a cue that was never played asks for nothing.
static void test_again(void **state) {
    (void)state;
    static const int pattern_ms[] = {100, 100, 100};
    struct cue cue = {.pattern_ms = pattern_ms, .count = 3};
    assert_true(cue_deadline(&cue) == INT64_MAX);
    assert_false(cue_step(&cue, 5000));
    cue_play(&cue, 5000);
    assert_true(cue_step(&cue, 5000));
    assert_true(cue.on);
    cue_play(&cue, 5050);
    assert_false(cue_step(&cue, 5050)); // on, and stays on
    assert_true(cue_deadline(&cue) == 5150);
    assert_false(cue_step(&cue, 5149));
    assert_true(cue_step(&cue, 5150));
    assert_false(cue.on);
}

// Away for longer than all of it: the output ends off.
static void test_far_too_late(void **state) {
    (void)state;
    static const int pattern_ms[] = {10, 10, 10};
    struct cue cue = {.pattern_ms = pattern_ms, .count = 3};
    cue_play(&cue, 0);
    assert_true(cue_step(&cue, 5));
    assert_true(cue_step(&cue, 1000));
    assert_false(cue.on);
    assert_true(cue_deadline(&cue) == INT64_MAX);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_patterns), cmocka_unit_test(test_again),
                                       cmocka_unit_test(test_far_too_late)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
