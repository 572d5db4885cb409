// The log of nights that the habit is reckoned from: added in any order, taken back, summed up.
#include "daemon/core/habit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { FIRST_NIGHT = 20513, COUNTS_S = 180 };

static void test_log(void **state) {
    (void)state;
    struct habit_log log = {0};
    for (int i = 0; i < 1000; i++) { // in no order, with gaps
        int32_t night = FIRST_NIGHT + 2 * (i * 37 % 1000);
        assert_int_equal(habit_log_add(&log, night, i + 1), 0);
        assert_int_equal(habit_log_set_away(&log, night + 1, true), 0);
    }
    assert_int_equal(log.night_count, 1000);
    assert_int_equal(log.away_count, 1000);
    for (size_t i = 1; i < 1000; i++) {
        assert_true(log.nights[i - 1].night < log.nights[i].night);
        assert_true(log.away[i - 1] < log.away[i]);
    }
    assert_int_equal(habit_log_held_s(&log, FIRST_NIGHT + 2 * 37), 2);
    assert_int_equal(habit_log_held_s(&log, FIRST_NIGHT + 1), 0);
    assert_int_equal(habit_log_held_s(&log, FIRST_NIGHT - 1), 0);
    assert_int_equal(habit_log_held_s(&log, FIRST_NIGHT + 5000), 0);
    assert_true(habit_log_is_away(&log, FIRST_NIGHT + 1));
    assert_false(habit_log_is_away(&log, FIRST_NIGHT));

    assert_int_equal(habit_log_add(&log, FIRST_NIGHT + 2 * 37, 300), 0);
    assert_int_equal(habit_log_held_s(&log, FIRST_NIGHT + 2 * 37), 302);
    assert_int_equal(habit_log_add(&log, FIRST_NIGHT + 2 * 37, -300), 0); // "not mine"
    assert_int_equal(habit_log_held_s(&log, FIRST_NIGHT + 2 * 37), 2);
    assert_int_equal(habit_log_add(&log, FIRST_NIGHT + 2 * 37, -2), 0);
    assert_int_equal(log.night_count, 999); // no sitting is left, the night is as if there had been none
    assert_int_equal(habit_log_set_away(&log, FIRST_NIGHT + 1, true), 0);
    assert_int_equal(log.away_count, 1000);
    assert_int_equal(habit_log_set_away(&log, FIRST_NIGHT + 1, false), 0);
    assert_int_equal(habit_log_set_away(&log, FIRST_NIGHT, false), 0);
    assert_int_equal(log.away_count, 999);
    assert_false(habit_log_is_away(&log, FIRST_NIGHT + 1));
    habit_log_clear(&log);
    assert_int_equal(log.night_count, 0);
    assert_null(log.nights);
}

// counts_from_s = 0: every night with a sitting counts, a night without one does not.
static void test_every_sitting_counts(void **state) {
    (void)state;
    struct habit_log log = {0};
    struct habit_rules rules = {.counts_from_s = 0, .rest_nights = 2};
    struct habit_summary summary;
    assert_int_equal(habit_log_add(&log, FIRST_NIGHT, 0), 0);
    habit_summarise(&log, &rules, FIRST_NIGHT + 2, FIRST_NIGHT + 1, 0, &summary);
    assert_int_equal(summary.nights, 1);
    assert_int_equal(summary.last_night.state, HABIT_REST);
    habit_log_clear(&log);
}

// An imported diary may claim any duration.
static void test_sums_do_not_wrap(void **state) {
    (void)state;
    struct habit_log log = {0};
    struct habit_rules rules = {.counts_from_s = COUNTS_S, .rest_nights = 2};
    struct habit_summary summary;
    assert_int_equal(habit_log_add(&log, FIRST_NIGHT, INT64_MAX), 0);
    assert_int_equal(habit_log_add(&log, FIRST_NIGHT, INT64_MAX), 0);
    assert_int_equal(habit_log_add(&log, FIRST_NIGHT + 1, INT64_MAX), 0);
    habit_summarise(&log, &rules, FIRST_NIGHT + 1, FIRST_NIGHT, 1, &summary);
    assert_int_equal(summary.streak, 2);
    assert_int_equal(summary.minutes, INT64_MAX / 60);
    habit_log_clear(&log);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_log),
        cmocka_unit_test(test_every_sitting_counts),
        cmocka_unit_test(test_sums_do_not_wrap),
    };
    return cmocka_run_group_tests_name("habit, log", tests, NULL, NULL);
}
