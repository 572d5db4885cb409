// Tests of the interpreter when time, BUSY or the wire misbehave: every wait ends, and the glass comes to no harm.
#include "tests/support/display/panel_fixture.h"
#include "tests/support/display/panel_jobs.h"

// ---- time ----

// Called every millisecond, far too early and far too often, the driver does the same.
static void early_calls_do_no_harm(void **state) {
    (void)state;
    struct panel_fixture fixture;
    panel_fixture_open(&fixture, panel_row_find("waveshare-2.13-v4"));
    enum panel_state now = panel_fixture_start(&fixture, PANEL_JOB_PARTIAL);
    for (int calls = 0; now == PANEL_RUNNING && calls < 10000; calls++) {
        fixture.at.now_ms++;
        now = panel_step(fixture.panel, fixture.at.now_ms);
    }
    assert_int_equal(now, PANEL_DONE);
    assert_log(&fixture, jobs[1].log);
    panel_fixture_close(&fixture);
}

// Woken again and again while BUSY stays high (stale edges), it sends nothing.
static void stale_edges_end_nothing(void **state) {
    (void)state;
    struct panel_fixture fixture;
    panel_fixture_open(&fixture, panel_row_find("waveshare-2.13-v4"));
    enum panel_state now = panel_fixture_start(&fixture, PANEL_JOB_FULL);
    while (!log_has(&fixture, "\n20")) {
        fixture.at.now_ms++;
        now = panel_step(fixture.panel, fixture.at.now_ms);
    }
    for (int i = 0; i < 100; i++) {
        assert_int_equal(now, PANEL_RUNNING);
        fixture.at.now_ms += 10; // up to 1 s of the 2 s
        now = panel_step(fixture.panel, fixture.at.now_ms);
    }
    assert_false(log_has(&fixture, "10 01"));
    assert_int_equal(panel_fixture_run_on(&fixture, now, true), PANEL_DONE);
    assert_log(&fixture, jobs[0].log);
    panel_fixture_close(&fixture);
}

// The edge of BUSY's fall gets lost: deep sleep still comes within 3 s.
static void lost_edge_is_found_in_time(void **state) {
    (void)state;
    struct panel_fixture fixture;
    panel_fixture_open(&fixture, panel_row_find("waveshare-2.9-v2"));
    assert_int_equal(panel_fixture_run_on(&fixture, panel_fixture_start(&fixture, PANEL_JOB_FULL), false), PANEL_DONE);
    assert_true(fixture.at.slept_ms - fixture.at.activated_ms < fixture.row->full_ms + 3000);
    assert_null(fixture.at.complaint);
    panel_fixture_close(&fixture);
}

static void deep_sleep_follows_the_refresh_at_once(void **state) {
    (void)state;
    struct panel_fixture fixture;
    panel_fixture_open(&fixture, panel_row_find("waveshare-2.13-v4"));
    assert_int_equal(panel_fixture_run(&fixture, PANEL_JOB_FULL), PANEL_DONE);
    assert_in_range(fixture.at.slept_ms - fixture.at.activated_ms, 2000, 2010);
    panel_fixture_close(&fixture);
}

// The board stands still for an hour at any one of the waits: the late call finds its way on, and nothing is cut
// short. Only where BUSY came and went unseen is the panel taken for absent: nobody can tell.
static void late_call_at_any_wait_is_survived(void **state) {
    (void)state;
    int failures = 0;
    for (int stall_at = 0; stall_at < 20; stall_at++) {
        struct panel_fixture fixture;
        panel_fixture_open(&fixture, panel_row_find("waveshare-2.13-v4"));
        enum panel_state now = panel_fixture_start(&fixture, PANEL_JOB_FULL);
        for (int calls = 0; now == PANEL_RUNNING; calls++) {
            const int64_t deadline_ms = panel_deadline(fixture.panel);
            fixture.at.now_ms = calls == stall_at ? deadline_ms + 3600000 : deadline_ms;
            now = panel_step(fixture.panel, fixture.at.now_ms);
        }
        assert_null(fixture.at.complaint);
        if (now == PANEL_FAILED) {
            failures++;
            assert_int_equal(panel_fault(fixture.panel), PANEL_FAULT_NEVER_BUSY);
        } else {
            assert_log(&fixture, jobs[0].log);
        }
        panel_fixture_close(&fixture);
    }
    assert_int_equal(failures, 1);
}

// ---- BUSY ----

static void busy_that_never_rises_is_an_absent_panel(void **state) {
    (void)state;
    static const struct {
        enum panel_job job;
        int64_t held_ms; // the typical time and half of it again: a chip behind a broken line may be at work
    } cases[] = {{PANEL_JOB_FULL, 3000}, {PANEL_JOB_PARTIAL, 750}};
    for (size_t i = 0; i < 2; i++) {
        struct panel_fixture fixture;
        panel_fixture_open(&fixture, panel_row_find("waveshare-2.13-v4"));
        fixture.at.line = BUSY_LOW;
        assert_int_equal(panel_fixture_run(&fixture, cases[i].job), PANEL_FAILED);
        assert_int_equal(panel_fault(fixture.panel), PANEL_FAULT_NEVER_BUSY);
        assert_int_equal(fixture.at.now_ms - fixture.at.activated_ms, cases[i].held_ms);
        assert_false(log_has(&fixture, "20\n")); // nothing was sent after the activation
        panel_fixture_close(&fixture);
    }
}

// A line that was seen busy is not believed at its first idle word: for 3 ms it says idle after 0x12, too.
static void spike_makes_nothing_ready(void **state) {
    (void)state;
    struct panel_fixture fixture;
    panel_fixture_open(&fixture, panel_row_find("waveshare-2.13-v4"));
    enum panel_state now = panel_fixture_start(&fixture, PANEL_JOB_FULL);
    while (!log_has(&fixture, "\n12")) {
        fixture.at.now_ms = panel_deadline(fixture.panel);
        now = panel_step(fixture.panel, fixture.at.now_ms);
    }
    static const struct {
        enum busy_line line;
        int ms; // until it changes
    } says[] = {{BUSY_HIGH, 20}, {BUSY_LOW, 3}, {BUSY_HIGH, 20}, {BUSY_LOW, 4}};
    for (size_t i = 0; i < sizeof says / sizeof says[0]; i++) {
        fixture.at.line = says[i].line;
        for (int ms = 0; ms < says[i].ms; ms++) {
            now = panel_step(fixture.panel, fixture.at.now_ms);
            assert_int_equal(now, PANEL_RUNNING);
            assert_false(log_has(&fixture, "\n01"));
            fixture.at.now_ms++;
        }
    }
    fixture.at.now_ms++;
    panel_step(fixture.panel, fixture.at.now_ms);
    assert_true(log_has(&fixture, "\n01"));
    fixture.at.line = BUSY_FOLLOWS;
    assert_int_equal(panel_fixture_run_on(&fixture, now, true), PANEL_DONE);
    panel_fixture_close(&fixture);
}

static void busy_may_rise_up_to_50_ms_late(void **state) {
    (void)state;
    static const struct {
        int64_t rises_ms;
        enum panel_state end;
    } cases[] = {{0, PANEL_DONE}, {45, PANEL_DONE}, {50, PANEL_DONE}, {60, PANEL_FAILED}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct panel_fixture fixture;
        panel_fixture_open(&fixture, panel_row_find("waveshare-2.13-v4"));
        fixture.at.refresh_rises_ms = cases[i].rises_ms;
        assert_int_equal(panel_fixture_run_on(&fixture, panel_fixture_start(&fixture, PANEL_JOB_FULL), false),
                         cases[i].end);
        panel_fixture_close(&fixture);
    }
}

// The deadlines of the rows: full 3 × 2 s and 3 × 4.1 s, partial 3 s.
static void busy_that_never_falls_fails_at_the_deadline(void **state) {
    (void)state;
    static const struct {
        const char *row;
        enum panel_job job;
        int64_t deadline_ms;
    } cases[] = {{"waveshare-2.13-v4", PANEL_JOB_FULL, 6000},
                 {"waveshare-2.13-v4", PANEL_JOB_PARTIAL, 3000},
                 {"waveshare-2.9-v2", PANEL_JOB_FULL, 12300},
                 {"waveshare-2.9-v2", PANEL_JOB_PARTIAL, 3000}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct panel_fixture fixture;
        panel_fixture_open(&fixture, panel_row_find(cases[i].row));
        fixture.at.refresh_falls_ms = cases[i].deadline_ms - 10; // late, but in time
        assert_int_equal(panel_fixture_run(&fixture, cases[i].job), PANEL_DONE);
        fixture.at.refresh_falls_ms = INT64_MAX / 2;
        assert_int_equal(panel_fixture_run(&fixture, cases[i].job), PANEL_FAILED);
        assert_int_equal(panel_fault(fixture.panel), PANEL_FAULT_STUCK_BUSY);
        assert_in_range(fixture.at.now_ms - fixture.at.activated_ms, cases[i].deadline_ms, cases[i].deadline_ms + 10);
        assert_null(fixture.at.complaint);
        panel_fixture_close(&fixture);
    }
}

// BUSY reads low for 3 ms in the middle of the refresh: no byte is sent until it has really ended.
static void spike_on_busy_ends_nothing(void **state) {
    (void)state;
    struct panel_fixture fixture;
    panel_fixture_open(&fixture, panel_row_find("waveshare-2.13-v4"));
    fixture.at.spike_from_ms = 700;
    fixture.at.spike_to_ms = 703;
    assert_int_equal(panel_fixture_run(&fixture, PANEL_JOB_FULL), PANEL_DONE);
    assert_log(&fixture, jobs[0].log);
    assert_true(fixture.at.slept_ms - fixture.at.activated_ms >= 2000);
    panel_fixture_close(&fixture);
}

// BUSY high after the reset: no command is sent into it, and the job ends within the second.
static void busy_after_the_reset_fails_before_the_first_byte(void **state) {
    (void)state;
    struct panel_fixture fixture;
    panel_fixture_open(&fixture, panel_row_find("waveshare-2.13-v4"));
    fixture.at.line = BUSY_HIGH;
    const int64_t begun_ms = fixture.at.now_ms;
    assert_int_equal(panel_fixture_run(&fixture, PANEL_JOB_PARTIAL), PANEL_FAILED);
    assert_int_equal(panel_fault(fixture.panel), PANEL_FAULT_STUCK_BUSY);
    assert_string_equal(fixture.at.log, "power 1\nreset 1\nreset 0");
    assert_true(fixture.at.now_ms - begun_ms < 1000);
    panel_fixture_close(&fixture);
}

// ---- putting it to sleep ----

// A refresh that runs (its owner crashed) is not cut off; then the panel sleeps within 3 s.
static void sleep_lets_a_running_refresh_end(void **state) {
    (void)state;
    struct panel_fixture fixture;
    panel_fixture_open(&fixture, panel_row_find("waveshare-2.9-v2"));
    fixture.at.powered = true;
    fixture.at.activated_ms = fixture.at.now_ms - 100;
    const int64_t ends_ms = fixture.at.activated_ms + fixture.row->full_ms;
    enum panel_state now = panel_fixture_start(&fixture, PANEL_JOB_SLEEP);
    while (fixture.at.now_ms < ends_ms) {
        assert_int_equal(now, PANEL_RUNNING);
        assert_string_equal(fixture.at.log, "power 1\nreset 0");
        fixture.at.now_ms += 50;
        now = panel_step(fixture.panel, fixture.at.now_ms);
    }
    assert_int_equal(panel_fixture_run_on(&fixture, now, true), PANEL_DONE);
    assert_log(&fixture, SLEEP_JOB);
    assert_true(fixture.at.slept_ms - ends_ms < 3000);
    panel_fixture_close(&fixture);
}

// BUSY is high because the chip sleeps: after the row's full time in the cold it is woken and put to sleep again.
static void sleep_of_a_sleeper_is_bounded(void **state) {
    (void)state;
    struct panel_fixture fixture;
    panel_fixture_open(&fixture, panel_row_find("waveshare-2.13-v4"));
    fixture.at.asleep = true;
    const int64_t begun_ms = fixture.at.now_ms;
    assert_int_equal(panel_fixture_run(&fixture, PANEL_JOB_SLEEP), PANEL_DONE);
    assert_log(&fixture, SLEEP_JOB);
    assert_in_range(fixture.at.slept_ms - begun_ms, 3 * 2000, 3 * 2000 + 3000);
    assert_true(fixture.at.asleep);
    panel_fixture_close(&fixture);
}

// The owner crashed while RES# was low. The chip is held in reset and BUSY means nothing: let go, it sleeps at once.
static void sleep_frees_a_chip_that_was_left_in_reset(void **state) {
    (void)state;
    struct panel_fixture fixture;
    panel_fixture_open(&fixture, panel_row_find("waveshare-2.9-v2"));
    fixture.at.in_reset = true;
    const int64_t begun_ms = fixture.at.now_ms;
    assert_int_equal(panel_fixture_run(&fixture, PANEL_JOB_SLEEP), PANEL_DONE);
    assert_log(&fixture, SLEEP_JOB);
    assert_true(fixture.at.slept_ms - begun_ms < 3000);
    panel_fixture_close(&fixture);
}

// Whatever BUSY says or the wire refuses, every step towards sleep is tried, in bounded time, and the fault is told.
static void sleep_and_give_up_try_every_step(void **state) {
    (void)state;
    for (int give_up = 0; give_up < 2; give_up++) {
        struct panel_fixture fixture;
        panel_fixture_open(&fixture, panel_row_find("waveshare-2.13-v4"));
        fixture.at.line = BUSY_HIGH;
        const int64_t begun_ms = fixture.at.now_ms;
        const enum panel_state end =
            give_up ? panel_fixture_run_on(&fixture, panel_give_up(fixture.panel, fixture.at.now_ms), true)
                    : panel_fixture_run(&fixture, PANEL_JOB_SLEEP);
        assert_int_equal(end, PANEL_FAILED);
        assert_int_equal(panel_fault(fixture.panel), PANEL_FAULT_STUCK_BUSY);
        assert_log(&fixture, give_up ? SLEEP_NOW "\npower 0" : SLEEP_JOB);
        const int64_t let_end_ms = give_up ? 0 : 3 * 2000 + 20;
        assert_true(fixture.at.slept_ms - begun_ms < let_end_ms + 3000);
        if (give_up) {
            assert_true(fixture.at.now_ms - fixture.at.slept_ms >= 2000); // between deep sleep and the end of power
        }
        panel_fixture_close(&fixture);
    }
}

// ---- the wire ----

// A full refresh, and a partial one that also loads a waveform of our own: its commands are three more, its planes take
// two messages each.
static const struct {
    const char *row;
    enum panel_job job;
    int calls[WIRE_VERB_COUNT];
} failing_jobs[] = {
    {"waveshare-2.13-v4", PANEL_JOB_FULL, {[WIRE_COMMAND] = 17, [WIRE_DATA] = 15, [WIRE_RESET] = 2, [WIRE_POWER] = 1}},
    {"waveshare-2.9-v2",
     PANEL_JOB_PARTIAL,
     {[WIRE_COMMAND] = 20, [WIRE_DATA] = 19, [WIRE_RESET] = 2, [WIRE_POWER] = 1}},
};

// Runs the job while call number `call` of `verb` fails; false when that call did not come any more.
static bool run_with_error(size_t i, enum wire_verb verb, int call) {
    struct panel_fixture fixture;
    panel_fixture_open(&fixture, panel_row_find(failing_jobs[i].row));
    const int64_t panel_run_ms = failing_jobs[i].job == PANEL_JOB_FULL ? fixture.row->full_ms : fixture.row->partial_ms;
    fixture.at.refresh_falls_ms = panel_run_ms;
    fixture.at.fail_verb = (int)verb;
    fixture.at.fail_at = call;
    fixture.at.powered = true; // most boards cannot switch it off
    const enum panel_state end = panel_fixture_run(&fixture, failing_jobs[i].job);
    assert_null(fixture.at.complaint);
    if (end == PANEL_FAILED) {
        assert_int_equal(panel_fault(fixture.panel), PANEL_FAULT_WIRE);
        if (fixture.at.activated_ms != LONG_AGO_MS) {
            assert_true(fixture.at.now_ms - fixture.at.activated_ms >= panel_run_ms);
        }
        wire_forget_log(&fixture.at);
        assert_int_equal(panel_fixture_run_on(&fixture, panel_give_up(fixture.panel, fixture.at.now_ms), true),
                         PANEL_DONE);
        assert_log(&fixture, SLEEP_NOW "\npower 0");
    } else {
        assert_int_equal(end, PANEL_DONE);
    }
    panel_fixture_close(&fixture);
    return end == PANEL_FAILED;
}

// Each call of each verb fails once: the job ends in bounded time with the fault, never cuts off a refresh that may
// run, and giving up still sends every other step.
static void error_of_the_wire_at_every_call(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof failing_jobs / sizeof failing_jobs[0]; i++) {
        for (int verb = 0; verb < WIRE_VERB_COUNT; verb++) {
            int call = 0;
            while (run_with_error(i, (enum wire_verb)verb, call)) {
                assert_true(++call < 100);
            }
            if (verb != WIRE_BUSY) { // how often BUSY is read is nobody's business
                assert_int_equal(call, failing_jobs[i].calls[verb]);
            }
        }
    }
}

// Nothing but the failing call is missing from the way to sleep.
static void sleep_goes_on_past_an_error(void **state) {
    (void)state;
    static const struct {
        enum wire_verb verb;
        int call;
        const char *log;
    } cases[] = {
        {WIRE_POWER, 0, "reset 0\n" SLEEP_NOW},
        {WIRE_RESET, 0, "power 1\n" SLEEP_NOW},
        {WIRE_RESET, 1, "power 1\nreset 0\nreset 0\n12\n10 01"},
        {WIRE_COMMAND, 0, "power 1\nreset 0\nreset 1\nreset 0\n10 01"},
        {WIRE_BUSY, 0, SLEEP_JOB},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct panel_fixture fixture;
        panel_fixture_open(&fixture, panel_row_find("waveshare-2.13-v4"));
        fixture.at.fail_verb = (int)cases[i].verb;
        fixture.at.fail_at = cases[i].call;
        fixture.at.powered = true;
        const enum panel_state end = panel_fixture_run(&fixture, PANEL_JOB_SLEEP);
        assert_string_equal(fixture.at.log, cases[i].log);
        // One BUSY that could not be read while a refresh might run is no fault: it was read later.
        assert_int_equal(end, cases[i].verb == WIRE_BUSY ? PANEL_DONE : PANEL_FAILED);
        assert_true(fixture.at.asleep);
        panel_fixture_close(&fixture);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(early_calls_do_no_harm),
        cmocka_unit_test(stale_edges_end_nothing),
        cmocka_unit_test(lost_edge_is_found_in_time),
        cmocka_unit_test(deep_sleep_follows_the_refresh_at_once),
        cmocka_unit_test(late_call_at_any_wait_is_survived),
        cmocka_unit_test(busy_that_never_rises_is_an_absent_panel),
        cmocka_unit_test(spike_makes_nothing_ready),
        cmocka_unit_test(busy_may_rise_up_to_50_ms_late),
        cmocka_unit_test(busy_that_never_falls_fails_at_the_deadline),
        cmocka_unit_test(spike_on_busy_ends_nothing),
        cmocka_unit_test(busy_after_the_reset_fails_before_the_first_byte),
        cmocka_unit_test(sleep_lets_a_running_refresh_end),
        cmocka_unit_test(sleep_of_a_sleeper_is_bounded),
        cmocka_unit_test(sleep_frees_a_chip_that_was_left_in_reset),
        cmocka_unit_test(sleep_and_give_up_try_every_step),
        cmocka_unit_test(error_of_the_wire_at_every_call),
        cmocka_unit_test(sleep_goes_on_past_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
