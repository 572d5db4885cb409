// Tests of the policy of the glass: kinds of refresh, the ghost budget, 24 hours, frames wanted while one runs.
#include "tests/support/display/panel_jobs.h"
#include "tests/support/display/refresh_fixture.h"

#include <string.h>

// ---- an ordinary life ----

static void first_act_is_sleep_and_first_picture_full(void **state) {
    (void)state;
    struct glass glass;
    glass_open_with(&glass, REFRESH_PARTIALS_PER_FULL);
    assert_true(refresh_is_busy(glass.refresh));
    assert_null(refresh_shown(glass.refresh));
    assert_int_equal(glass_want(&glass, 1, false), REFRESH_FULL);
    glass_settle(&glass);
    expect_events(&glass, "begun full, ended full, quiet");
    assert_memory_equal(glass.at.log, SLEEP_JOB "\n" INIT_213, strlen(SLEEP_JOB "\n" INIT_213));
    assert_true(glass.at.asleep);
    expect_shown(&glass, 1);
    glass_close(&glass);
}

static void first_act_ends_quiet_without_a_picture(void **state) {
    (void)state;
    struct glass glass;
    glass_open_with(&glass, REFRESH_PARTIALS_PER_FULL);
    glass_settle(&glass);
    expect_events(&glass, "quiet");
    assert_string_equal(glass.at.log, SLEEP_JOB);
    assert_true(refresh_deadline(glass.refresh) == INT64_MAX);
    glass_close(&glass);
}

static void ended_tells_the_particulars(void **state) {
    (void)state;
    struct glass glass;
    glass_open(&glass);
    assert_int_equal(glass.last.area.width_px, 250); // nothing was known of the glass: all of it
    assert_int_equal(glass.last.area.height_px, 122);
    assert_int_equal(glass.last.spi_bytes, 8039);
    const int64_t begun_ms = glass.at.now_ms;
    assert_int_equal(glass_want(&glass, 4, false), REFRESH_PARTIAL);
    glass_settle(&glass);
    expect_events(&glass, "begun partial, ended partial, quiet");
    const struct frame_area changed = {.x_px = 1, .y_px = 0, .width_px = 3, .height_px = 1};
    assert_memory_equal(&glass.last.area, &changed, sizeof changed);
    assert_int_equal(glass.last.spi_bytes, 8039);
    assert_int_equal(glass.last.duration_ms, glass.at.slept_ms - begun_ms);
    assert_in_range(glass.last.duration_ms, 400, 500);
    glass_close(&glass);
}

static void nothing_to_change_is_none(void **state) {
    (void)state;
    struct glass glass;
    glass_open(&glass);
    assert_int_equal(glass_want(&glass, 1, false), REFRESH_NONE);
    glass_settle(&glass);
    expect_events(&glass, "");
    assert_string_equal(glass.at.log, "");
    assert_int_equal(glass_want(&glass, 1, true), REFRESH_NONE); // an idle page computed anew does not flash
    glass_settle(&glass);
    expect_events(&glass, "");
    assert_string_equal(glass.at.log, "");
    glass_close(&glass);
}

// The first line that applies decides: unknown, 24 h, equal, demanded or used up.
static void kind_follows_from_the_first_line_that_applies(void **state) {
    (void)state;
    static const struct {
        bool known, day_gone, equal, demanded, used_up;
        enum refresh_kind kind;
    } cases[] = {{false, false, false, false, false, REFRESH_FULL},
                 {false, false, true, false, false, REFRESH_FULL}, // equal to what the glass may show still
                 {false, false, true, true, false, REFRESH_FULL},
                 {true, true, true, false, false, REFRESH_FULL},
                 {true, true, true, true, true, REFRESH_FULL},
                 {true, true, false, false, false, REFRESH_FULL},
                 {true, false, true, false, false, REFRESH_NONE},
                 {true, false, true, true, false, REFRESH_NONE},
                 {true, false, true, false, true, REFRESH_NONE},
                 {true, false, true, true, true, REFRESH_NONE},
                 {true, false, false, true, false, REFRESH_FULL},
                 {true, false, false, false, true, REFRESH_FULL},
                 {true, false, false, true, true, REFRESH_FULL},
                 {true, false, false, false, false, REFRESH_PARTIAL}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct glass glass;
        glass_open_with(&glass, cases[i].used_up ? 0 : REFRESH_PARTIALS_PER_FULL);
        if (cases[i].known) {
            glass_want(&glass, 1, false);
        }
        glass_settle(&glass);
        glass_run(&glass, cases[i].day_gone ? DAY_MS : 0);
        assert_int_equal(glass_want(&glass, cases[i].equal ? 1 : 2, cases[i].demanded), cases[i].kind);
        glass_settle(&glass);
        expect_shown(&glass, cases[i].equal ? 1 : 2);
        glass_close(&glass);
    }
}

// The partial refresh tells the chip what the glass shows: the old plane is the picture before.
static void partial_goes_from_the_shown_picture(void **state) {
    (void)state;
    struct glass glass;
    glass_open(&glass);
    glass_want(&glass, 2, false);
    glass_settle(&glass);
    // Picture n: sources 121, gates 0 to n - 1: bit 40h of byte 15 of each row.
    assert_non_null(strstr(glass.at.log, "\n26 FF*15 BF FF*3984\n"));
    assert_non_null(strstr(glass.at.log, "\n24 FF*15 BF FF*15 BF FF*3968\n22 FF\n"));
    glass_close(&glass);
}

static void after_15_partials_the_next_is_full_whoever_asked(void **state) {
    (void)state;
    static const int budgets[] = {REFRESH_PARTIALS_PER_FULL, 3, 0};
    for (size_t b = 0; b < sizeof budgets / sizeof budgets[0]; b++) {
        struct glass glass;
        glass_open_with(&glass, budgets[b]);
        glass_want(&glass, 1, false);
        glass_settle(&glass);
        for (int i = 0; i < 2 * (budgets[b] + 1); i++) {
            const bool full = i % (budgets[b] + 1) == budgets[b];
            // Before it, nothing to change is none, budget or not.
            assert_int_equal(glass_want(&glass, 1 + i, false), REFRESH_NONE);
            assert_int_equal(glass_want(&glass, 2 + i, false), full ? REFRESH_FULL : REFRESH_PARTIAL);
            glass_settle(&glass);
        }
        assert_int_equal(count_of(glass.events, "ended full"), 3);
        assert_int_equal(count_of(glass.events, "ended partial"), 2 * budgets[b]);
        glass_close(&glass);
    }
}

static void full_on_demand_renews_the_budget(void **state) {
    (void)state;
    struct glass glass;
    glass_open_with(&glass, 2);
    glass_want(&glass, 1, false);
    glass_settle(&glass);
    static const struct {
        bool demanded;
        enum refresh_kind kind;
    } wants[] = {{false, REFRESH_PARTIAL},
                 {true, REFRESH_FULL},
                 {false, REFRESH_PARTIAL},
                 {false, REFRESH_PARTIAL},
                 {false, REFRESH_FULL}};
    for (int i = 0; i < 5; i++) {
        assert_int_equal(glass_want(&glass, 2 + i, wants[i].demanded), wants[i].kind);
        glass_settle(&glass);
    }
    glass_close(&glass);
}

// ---- 24 hours ----

static void full_is_due_24_h_after_the_last_began(void **state) {
    (void)state;
    struct glass glass;
    glass_open(&glass);
    const int64_t due_ms = glass.at.now_ms - 10 * SECOND_MS + DAY_MS;       // it was wanted 10 s ago, but …
    assert_in_range(refresh_deadline(glass.refresh), due_ms, due_ms + 100); // … began when the first act was over
    const int64_t told_ms = refresh_deadline(glass.refresh);
    glass_run(&glass, HOUR_MS);
    glass_want(&glass, 2, false); // a partial does not put it off
    glass_settle(&glass);
    assert_int_equal(refresh_deadline(glass.refresh), told_ms);
    assert_false(refresh_full_is_due(glass.refresh, told_ms - 1));
    glass_run_until(&glass, told_ms);
    assert_true(refresh_full_is_due(glass.refresh, glass.at.now_ms));
    assert_true(refresh_deadline(glass.refresh) == INT64_MAX);    // the owner was called once: no busy loop
    expect_events(&glass, "begun partial, ended partial, quiet"); // the owner decides what is drawn
    assert_int_equal(glass_want(&glass, 2, true), REFRESH_FULL);
    assert_false(refresh_full_is_due(glass.refresh, glass.at.now_ms)); // it comes
    const int64_t begun_ms = glass.at.now_ms;
    glass_settle(&glass);
    assert_int_equal(refresh_deadline(glass.refresh), begun_ms + DAY_MS);
    glass_close(&glass);
}

static void after_24_h_any_refresh_is_full(void **state) {
    (void)state;
    struct glass glass;
    glass_open(&glass);
    glass_run(&glass, DAY_MS);
    assert_int_equal(glass_want(&glass, 1, false), REFRESH_FULL);
    glass_settle(&glass);
    assert_int_equal(glass_want(&glass, 2, false), REFRESH_PARTIAL);
    glass_settle(&glass);
    glass_close(&glass);
}

// ---- wanted while a refresh runs ----

static void newest_frame_wins(void **state) {
    (void)state;
    struct glass glass;
    glass_open(&glass);
    assert_int_equal(glass_want(&glass, 2, false), REFRESH_PARTIAL);
    glass_run(&glass, 200);
    assert_int_equal(glass_want(&glass, 3, true), REFRESH_FULL);
    assert_int_equal(glass_want(&glass, 4, false), REFRESH_PARTIAL); // the demand went with its picture
    assert_int_equal(glass_want(&glass, 5, false), REFRESH_PARTIAL);
    expect_events(&glass, "begun partial");
    glass_settle(&glass);
    expect_events(&glass, "ended partial, begun partial, ended partial, quiet");
    expect_shown(&glass, 5);
    glass_close(&glass);
}

// A demanded full refresh is one for a change: where the running refresh brings the frame, nothing changes any more.
static void demanded_full_follows_the_running_refresh_when_it_brings_another_frame(void **state) {
    (void)state;
    static const struct {
        int runs;
        bool runs_full;
        int wanted;
        enum refresh_kind kind;
        const char *events;
    } cases[] = {
        {2, false, 3, REFRESH_FULL, "begun partial, ended partial, begun full, ended full, quiet"},
        {2, false, 1, REFRESH_FULL,
         "begun partial, ended partial, begun full, ended full, quiet"}, // back to the idle page
        {2, false, 2, REFRESH_PARTIAL, "begun partial, ended partial, quiet"},
        {2, true, 2, REFRESH_FULL, "begun full, ended full, quiet"},
        {2, true, 3, REFRESH_FULL, "begun full, ended full, begun full, ended full, quiet"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct glass glass;
        glass_open(&glass);
        glass_want(&glass, cases[i].runs, cases[i].runs_full);
        glass_run(&glass, 100);
        assert_int_equal(glass_want(&glass, cases[i].wanted, true), cases[i].kind);
        glass_settle(&glass);
        expect_events(&glass, cases[i].events);
        expect_shown(&glass, cases[i].wanted);
        glass_close(&glass);
    }
}

// The day ends while a partial refresh runs: it does not stand for the full one that is due.
static void full_that_falls_due_in_a_partial_follows_it(void **state) {
    (void)state;
    struct glass glass;
    glass_open(&glass);
    glass_run_until(&glass, refresh_deadline(glass.refresh) - 100);
    assert_int_equal(glass_want(&glass, 2, false), REFRESH_PARTIAL);
    glass_run(&glass, 200);
    assert_true(refresh_full_is_due(glass.refresh, glass.at.now_ms));
    assert_int_equal(glass_want(&glass, 2, true), REFRESH_FULL);
    assert_false(refresh_full_is_due(glass.refresh, glass.at.now_ms));
    glass_settle(&glass);
    expect_events(&glass, "begun partial, ended partial, begun full, ended full, quiet");
    glass_close(&glass);
}

static void frame_that_comes_anyway_is_not_drawn_twice(void **state) {
    (void)state;
    struct glass glass;
    glass_open(&glass);
    glass_want(&glass, 2, false);
    glass_run(&glass, 100);
    assert_int_equal(glass_want(&glass, 3, true), REFRESH_FULL);
    assert_int_equal(glass_want(&glass, 2, false), REFRESH_PARTIAL); // the kind with which it was begun
    glass_settle(&glass);
    expect_events(&glass, "begun partial, ended partial, quiet");
    expect_shown(&glass, 2);
    glass_close(&glass);
}

// The budget counts the refresh that runs.
static void running_partial_counts_in_the_forecast(void **state) {
    (void)state;
    struct glass glass;
    glass_open_with(&glass, 1);
    glass_want(&glass, 1, false);
    glass_settle(&glass);
    assert_int_equal(glass_want(&glass, 2, false), REFRESH_PARTIAL);
    glass_run(&glass, 100);
    assert_int_equal(glass_want(&glass, 3, false), REFRESH_FULL);
    glass_run(&glass, 10 * SECOND_MS);
    assert_int_equal(glass_want(&glass, 4, false), REFRESH_PARTIAL);
    glass_settle(&glass);
    glass_close(&glass);
}

// Before a byte of the picture was sent it is exchanged for the newest: one refresh, of the kind that was begun. Full
// is brought by a full one alone; later the newest comes after it.
static void frame_may_change_until_its_first_byte(void **state) {
    (void)state;
    static const struct {
        bool runs_full;
        int after_ms;
        bool full;
        enum refresh_kind kind;
        const char *events;
    } cases[] = {
        {false, 0, false, REFRESH_PARTIAL, "begun partial, ended partial, quiet"},
        {true, 0, false, REFRESH_FULL, "begun full, ended full, quiet"},
        {true, 0, true, REFRESH_FULL, "begun full, ended full, quiet"},
        {true, 30, true, REFRESH_FULL, "begun full, ended full, quiet"}, // the waits of the reset
        {false, 0, true, REFRESH_FULL, "begun partial, ended partial, begun full, ended full, quiet"},
        {true, 100, false, REFRESH_PARTIAL, "begun full, ended full, begun partial, ended partial, quiet"},
        {false, 100, false, REFRESH_PARTIAL, "begun partial, ended partial, begun partial, ended partial, quiet"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct glass glass;
        glass_open(&glass);
        glass_want(&glass, 2, cases[i].runs_full);
        glass_run(&glass, cases[i].after_ms);
        const bool exchanged = count_of(cases[i].events, "begun") == 1;
        assert_int_equal(glass_want(&glass, 3, cases[i].full), cases[i].kind);
        assert_int_equal(refresh_is_pending(glass.refresh), !exchanged);
        glass_settle(&glass);
        expect_events(&glass, cases[i].events);
        expect_shown(&glass, 3);
        // Picture 3 is written, and picture 2 is not where it was exchanged.
        assert_non_null(strstr(glass.at.log, "\n24 FF*15 BF FF*15 BF FF*15 BF FF*3952\n"));
        assert_int_equal(strstr(glass.at.log, "\n24 FF*15 BF FF*15 BF FF*3968\n") == NULL, exchanged);
        glass_close(&glass);
    }
}

// The full refresh of every day is not put off by a partial one that could take the frame along.
static void full_of_the_day_is_not_exchanged_for_a_partial(void **state) {
    (void)state;
    struct glass glass;
    glass_open(&glass);
    glass_run_until(&glass, refresh_deadline(glass.refresh) - 10);
    assert_int_equal(glass_want(&glass, 2, false), REFRESH_PARTIAL);
    glass_run(&glass, 20);
    assert_int_equal(glass_want(&glass, 3, false), REFRESH_FULL);
    glass_settle(&glass);
    expect_shown(&glass, 3);
    glass_close(&glass);
}

static void listener_may_want_from_within_an_event(void **state) {
    (void)state;
    struct glass glass;
    glass_open(&glass);
    glass.want_at_end = 3;
    glass_want(&glass, 2, false);
    glass_settle(&glass);
    expect_events(&glass, "begun partial, ended partial, begun partial, ended partial, quiet");
    expect_shown(&glass, 3);
    glass_close(&glass);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_act_is_sleep_and_first_picture_full),
        cmocka_unit_test(first_act_ends_quiet_without_a_picture),
        cmocka_unit_test(ended_tells_the_particulars),
        cmocka_unit_test(nothing_to_change_is_none),
        cmocka_unit_test(kind_follows_from_the_first_line_that_applies),
        cmocka_unit_test(partial_goes_from_the_shown_picture),
        cmocka_unit_test(after_15_partials_the_next_is_full_whoever_asked),
        cmocka_unit_test(full_on_demand_renews_the_budget),
        cmocka_unit_test(full_is_due_24_h_after_the_last_began),
        cmocka_unit_test(after_24_h_any_refresh_is_full),
        cmocka_unit_test(newest_frame_wins),
        cmocka_unit_test(demanded_full_follows_the_running_refresh_when_it_brings_another_frame),
        cmocka_unit_test(full_that_falls_due_in_a_partial_follows_it),
        cmocka_unit_test(frame_that_comes_anyway_is_not_drawn_twice),
        cmocka_unit_test(running_partial_counts_in_the_forecast),
        cmocka_unit_test(frame_may_change_until_its_first_byte),
        cmocka_unit_test(full_of_the_day_is_not_exchanged_for_a_partial),
        cmocka_unit_test(listener_may_want_from_within_an_event),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
