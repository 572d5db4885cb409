// Tests of the policy of the glass when the panel fails: the retry, giving up, the back-off, and stopping.
#include "tests/support/display/panel_jobs.h"
#include "tests/support/display/refresh_fixture.h"

#include <string.h>

enum { NEVER_FALLS_MS = INT32_MAX };

// The chip hangs in every refresh from now on (a reset frees it), or works again.
static void glass_hang(struct glass *glass, bool hangs) {
    glass->at.refresh_falls_ms = hangs ? NEVER_FALLS_MS : 400;
}

static bool log_ends_with(const struct glass *glass, const char *end) {
    const size_t length = strlen(end);
    return glass->at.log_length >= length && strcmp(glass->at.log + glass->at.log_length - length, end) == 0;
}

// ---- one retry ----

static void fault_is_answered_by_one_full_retry(void **state) {
    (void)state;
    struct glass glass;
    glass_open(&glass);
    glass_hang(&glass, true);
    assert_int_equal(glass_want(&glass, 2, false), REFRESH_PARTIAL);
    glass_run(&glass, 2900);
    expect_events(&glass, "begun partial"); // its deadline is 3 s
    glass_run(&glass, 200);
    expect_events(&glass, "fault partial, begun full");
    assert_false(glass.last_fault.given_up);
    assert_string_equal(glass.last_fault.fault, panel_fault_sentence(PANEL_FAULT_STUCK_BUSY));
    assert_in_range(glass.last_fault.duration_ms, 3000, 3100);
    assert_null(refresh_shown(glass.refresh)); // unknown after a fault
    glass_hang(&glass, false);
    glass_settle(&glass);
    expect_events(&glass, "ended full, quiet");
    expect_shown(&glass, 2);
    assert_int_equal(glass_want(&glass, 3, false), REFRESH_PARTIAL);
    glass_settle(&glass);
    glass_close(&glass);
}

static void panel_that_never_begins_is_a_fault_too(void **state) {
    (void)state;
    struct glass glass;
    glass_open(&glass);
    glass.at.line = BUSY_LOW;
    glass_want(&glass, 2, false);
    glass_run(&glass, 830); // 50 ms of set-up, then the typical 500 ms and half of it for a chip that works unseen
    expect_events(&glass, "begun partial, fault partial, begun full");
    assert_string_equal(glass.last_fault.fault, panel_fault_sentence(PANEL_FAULT_NEVER_BUSY));
    glass.at.line = BUSY_FOLLOWS;
    glass_settle(&glass);
    expect_events(&glass, "ended full, quiet");
    glass_close(&glass);
}

static void retry_shows_the_newest_frame(void **state) {
    (void)state;
    struct glass glass;
    glass_open(&glass);
    glass_hang(&glass, true);
    glass_want(&glass, 2, false);
    glass_run(&glass, 1000);
    assert_int_equal(glass_want(&glass, 3, false), REFRESH_PARTIAL);
    glass_run(&glass, 2100);
    expect_events(&glass, "begun partial, fault partial, begun full");
    glass_hang(&glass, false);
    glass_settle(&glass);
    expect_events(&glass, "ended full, quiet");
    expect_shown(&glass, 3);
    glass_close(&glass);
}

// A fault that went by leaves no trace: the next one has its retry again.
static void every_fault_has_its_own_retry(void **state) {
    (void)state;
    struct glass glass;
    glass_open(&glass);
    for (int n = 2; n < 5; n++) {
        glass_hang(&glass, true);
        glass_want(&glass, n, false);
        glass_run(&glass, 3060);
        glass_hang(&glass, false);
        glass_settle(&glass);
        expect_events(&glass, "begun partial, fault partial, begun full, ended full, quiet");
    }
    glass_close(&glass);
}

// ---- giving up ----

static void second_fault_gives_the_panel_up(void **state) {
    (void)state;
    struct glass glass;
    glass_open(&glass);
    glass_hang(&glass, true);
    glass_want(&glass, 2, false);
    glass_run(&glass, 9150); // 3 s for the partial, 6 s for the full retry
    expect_events(&glass, "begun partial, fault partial, begun full, fault full given up");
    assert_true(glass.last.given_up);
    assert_string_equal(glass.last.fault, panel_fault_sentence(PANEL_FAULT_STUCK_BUSY));
    assert_in_range(glass.last.duration_ms, 6000, 6100);
    assert_true(refresh_is_busy(glass.refresh)); // it is being put to sleep
    assert_int_equal(glass_want(&glass, 3, false), REFRESH_NONE);
    const int64_t failed_ms = glass.at.now_ms;
    glass_run(&glass, 3000);
    expect_events(&glass, "quiet");
    assert_true(log_ends_with(&glass, "\n20\n" SLEEP_NOW "\npower 0"));
    assert_true(glass.at.slept_ms - failed_ms < 3000);
    assert_false(refresh_is_busy(glass.refresh));
    assert_null(refresh_shown(glass.refresh));
    assert_int_equal(glass_want(&glass, 4, true), REFRESH_NONE);
    assert_false(refresh_full_is_due(glass.refresh, glass.at.now_ms + 2 * DAY_MS));
    expect_events(&glass, "");
    glass_close(&glass);
}

// Left alone for 1 min, 10 min, 1 h, a day, a day, counted from the end of its power; each try has its one retry.
static void back_off_grows_to_a_day_and_recovers(void **state) {
    (void)state;
    static const int64_t rests_ms[] = {MINUTE_MS, 10 * MINUTE_MS, HOUR_MS, DAY_MS, DAY_MS};
    struct glass glass;
    glass_open(&glass);
    for (int life = 0; life < 2; life++) { // the ladder begins anew after a recovery
        glass.at.line = BUSY_HIGH;
        glass_want(&glass, 10 + life, true);
        for (size_t i = 0; i < sizeof rests_ms / sizeof rests_ms[0]; i++) {
            glass_run(&glass, 20 * SECOND_MS);
            expect_events(&glass, "begun full, fault full, begun full, fault full given up, quiet");
            assert_false(glass.at.powered);
            const int64_t try_ms = refresh_deadline(glass.refresh);
            assert_in_range(try_ms - glass.at.now_ms, rests_ms[i] - 20 * SECOND_MS, rests_ms[i]);
            glass_want(&glass, 20 + (int)i, false);
            glass_run_until(&glass, try_ms - 1);
            expect_events(&glass, "");
            wire_forget_log(&glass.at);
        }
        glass.at.line = BUSY_FOLLOWS;
        glass_run(&glass, 20 * SECOND_MS);
        expect_events(&glass, "begun full, ended full, quiet");
        expect_shown(&glass, 24); // the newest wanted
        assert_null(glass.at.complaint);
        assert_true(glass.at.asleep);
        assert_int_equal(glass_want(&glass, 2, false), REFRESH_PARTIAL);
        glass_settle(&glass);
        expect_events(&glass, "begun partial, ended partial, quiet");
    }
    glass_close(&glass);
}

static void back_off_lasts_its_time_from_the_end_of_power(void **state) {
    (void)state;
    struct glass glass;
    glass_open(&glass);
    glass.at.line = BUSY_HIGH;
    glass_want(&glass, 2, false);
    while (!strstr(glass.events, "quiet")) {
        glass_run(&glass, 1);
    }
    assert_in_range(refresh_deadline(glass.refresh) - glass.at.now_ms, MINUTE_MS - 1, MINUTE_MS);
    glass_close(&glass);
}

// No panel at all from the beginning: the silent first act, then the first picture tells.
static void absent_panel_is_given_up_and_found_again(void **state) {
    (void)state;
    struct glass glass;
    glass_open_with(&glass, REFRESH_PARTIALS_PER_FULL);
    glass.at.line = BUSY_LOW;
    glass_run(&glass, SECOND_MS);
    expect_events(&glass, "quiet");
    assert_int_equal(glass_want(&glass, 1, false), REFRESH_FULL);
    glass_run(&glass, 20 * SECOND_MS);
    expect_events(&glass, "begun full, fault full, begun full, fault full given up, quiet");
    assert_string_equal(glass.last.fault, panel_fault_sentence(PANEL_FAULT_NEVER_BUSY));
    glass.at.line = BUSY_FOLLOWS;
    glass_run(&glass, MINUTE_MS);
    expect_events(&glass, "begun full, ended full, quiet");
    expect_shown(&glass, 1);
    glass_close(&glass);
}

// The bus refuses the very first byte: refresh_want itself runs no further than a fault, and nothing is stuck.
static void wire_that_refuses_at_once_is_a_fault_like_any(void **state) {
    (void)state;
    struct glass glass;
    glass_open(&glass);
    glass.at.fail_verb = WIRE_POWER;
    glass.at.fail_at = 0;
    assert_int_equal(glass_want(&glass, 2, false), REFRESH_PARTIAL);
    expect_events(&glass, "begun partial, fault partial, begun full");
    assert_string_equal(glass.last_fault.fault, panel_fault_sentence(PANEL_FAULT_WIRE));
    glass_settle(&glass);
    expect_events(&glass, "ended full, quiet");
    expect_shown(&glass, 2);
    glass_close(&glass);
}

// ---- stopping ----

static void stop_when_idle_is_quiet_at_once(void **state) {
    (void)state;
    struct glass glass;
    glass_open(&glass);
    refresh_stop(glass.refresh, glass.at.now_ms);
    expect_events(&glass, "quiet");
    refresh_stop(glass.refresh, glass.at.now_ms);
    expect_events(&glass, "");
    assert_false(refresh_is_busy(glass.refresh));
    assert_true(refresh_deadline(glass.refresh) == INT64_MAX);
    assert_int_equal(glass_want(&glass, 2, true), REFRESH_NONE);
    glass_run(&glass, 2 * DAY_MS);
    assert_false(refresh_full_is_due(glass.refresh, glass.at.now_ms));
    assert_string_equal(glass.at.log, "");
    glass_close(&glass);
}

static void stop_lets_the_running_refresh_end(void **state) {
    (void)state;
    struct glass glass;
    glass_open(&glass);
    glass_want(&glass, 2, false);
    glass_run(&glass, 200);
    glass_want(&glass, 3, false);
    refresh_stop(glass.refresh, glass.at.now_ms);
    assert_true(refresh_is_busy(glass.refresh));
    glass_settle(&glass);
    expect_events(&glass, "begun partial, ended partial, quiet"); // what waited is dropped
    assert_true(glass.at.asleep);
    expect_shown(&glass, 2);
    glass_close(&glass);
}

static void stop_does_not_retry(void **state) {
    (void)state;
    struct glass glass;
    glass_open(&glass);
    glass_hang(&glass, true);
    glass_want(&glass, 2, false);
    glass_run(&glass, 200);
    refresh_stop(glass.refresh, glass.at.now_ms);
    glass_run(&glass, 10 * SECOND_MS);
    expect_events(&glass, "begun partial, fault partial given up, quiet");
    assert_true(log_ends_with(&glass, SLEEP_NOW "\npower 0"));
    glass_run(&glass, 2 * DAY_MS);
    expect_events(&glass, "");
    assert_true(refresh_deadline(glass.refresh) == INT64_MAX);
    glass_close(&glass);
}

static void stop_in_the_first_act_ends_it(void **state) {
    (void)state;
    struct glass glass;
    glass_open_with(&glass, REFRESH_PARTIALS_PER_FULL);
    glass_want(&glass, 1, false);
    refresh_stop(glass.refresh, glass.at.now_ms);
    glass_settle(&glass);
    expect_events(&glass, "quiet");
    assert_string_equal(glass.at.log, SLEEP_JOB);
    glass_close(&glass);
}

static void stop_of_a_given_up_panel_ends_the_tries(void **state) {
    (void)state;
    for (int backing_off = 0; backing_off < 2; backing_off++) {
        struct glass glass;
        glass_open(&glass);
        glass.at.line = BUSY_HIGH;
        glass_want(&glass, 2, false);
        while (!strstr(glass.events, "given up")) {
            glass_run(&glass, 10);
        }
        if (backing_off) {
            glass_run(&glass, 10 * SECOND_MS);
        }
        refresh_stop(glass.refresh, glass.at.now_ms);
        glass_run(&glass, 2 * DAY_MS);
        refresh_step(glass.refresh, glass.at.now_ms); // a late call of the owner changes nothing
        assert_int_equal(count_of(glass.events, "begun"), 2);
        assert_int_equal(count_of(glass.events, "quiet"), backing_off ? 2 : 1);
        assert_true(log_ends_with(&glass, SLEEP_NOW "\npower 0"));
        assert_true(refresh_deadline(glass.refresh) == INT64_MAX);
        assert_false(refresh_is_busy(glass.refresh));
        glass_close(&glass);
    }
}

static void nothing_is_freed_twice(void **state) {
    (void)state;
    refresh_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fault_is_answered_by_one_full_retry),
        cmocka_unit_test(panel_that_never_begins_is_a_fault_too),
        cmocka_unit_test(retry_shows_the_newest_frame),
        cmocka_unit_test(every_fault_has_its_own_retry),
        cmocka_unit_test(second_fault_gives_the_panel_up),
        cmocka_unit_test(back_off_grows_to_a_day_and_recovers),
        cmocka_unit_test(back_off_lasts_its_time_from_the_end_of_power),
        cmocka_unit_test(absent_panel_is_given_up_and_found_again),
        cmocka_unit_test(wire_that_refuses_at_once_is_a_fault_like_any),
        cmocka_unit_test(stop_when_idle_is_quiet_at_once),
        cmocka_unit_test(stop_lets_the_running_refresh_end),
        cmocka_unit_test(stop_does_not_retry),
        cmocka_unit_test(stop_in_the_first_act_ends_it),
        cmocka_unit_test(stop_of_a_given_up_panel_ends_the_tries),
        cmocka_unit_test(nothing_is_freed_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
