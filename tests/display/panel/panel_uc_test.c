// Tests of the UltraChip scripts: the bytes of every job on every row, and a BUSY line that says busy by a low level,
// wants to be asked, or lies.
#include "display/panel/controller/controller.h"
#include "tests/support/display/panel_fixture.h"
#include "tests/support/display/panel_jobs.h"

#include <string.h>

// ---- the bytes, worked out by hand ----

// Pictures of panel_fixture.h: `shown` is white but for its top left pixel, `wanted` but for its bottom right one. A
// plane of 1 = white; its inverse has one bit. One message carries 4096 bytes.
//
// 800 × 480, upright: 48,000 bytes = 11 messages and 2944 bytes. The first pixel is 80h of the first byte, the last one
// 01h of the last.
#define FF_11      "FF*4096 FF*4096 FF*4096 FF*4096 FF*4096 FF*4096 FF*4096 FF*4096 FF*4096 FF*4096 FF*4096 "
#define NIL_11     "00*4096 00*4096 00*4096 00*4096 00*4096 00*4096 00*4096 00*4096 00*4096 00*4096 00*4096 "
#define FF_8       "FF*4096 FF*4096 FF*4096 FF*4096 FF*4096 FF*4096 FF*4096 FF*4096 "
#define NIL_9      "00*4096 00*4096 00*4096 00*4096 00*4096 00*4096 00*4096 00*4096 00*4096 "
#define SHOWN_750  "7F FF*4095 FF*4096 FF*4096 " FF_8 "FF*2944"
#define WANTED_750 FF_11 "FF*2943 FE"
#define INVERT_750 NIL_11 "00*2943 01"
// 648 × 480: rows of 81 bytes, 38,880 = 9 messages and 2016.
#define SHOWN_583  "7F FF*4095 " FF_8 "FF*2016"
#define WANTED_583 "FF*4096 " FF_8 "FF*2015 FE"
#define INVERT_583 NIL_9 "00*2015 01"
// 400 × 300: 15,000 = 3 messages and 2712.
#define SHOWN_420  "7F FF*4095 FF*4096 FF*4096 FF*2712"
#define WANTED_420 "FF*4096 FF*4096 FF*4096 FF*2711 FE"
#define INVERT_420 "00*4096 00*4096 00*4096 00*2711 01"
// 296 × 128, turned clockwise: as the 2.9" V2 of panel_jobs.h.
#define INVERT_290 "00*4096 00*624 80 00*15"
// 212 × 104, turned clockwise: (x, y) → source 103 - y, gate x; rows of 13 bytes, 2756 in all. Top left: 01h of byte
// 12, gate 0; bottom right: 80h of byte 0, gate 211 = byte 2743.
#define SHOWN_213D  "FF*12 FE FF*2743"
#define WANTED_213D "FF*2743 7F FF*12"
#define INVERT_213D "00*2743 80 00*12"

#define UC_WAKE            "power 1\nreset 1\nreset 0\n"
#define VOLTAGES_8179      "01 07 07 3F 3F\n06 17 17 28 17\n00 1F\n"
#define INIT_750           UC_WAKE VOLTAGES_8179 "61 03 20 01 E0\n15 00\n60 22\n"
#define INIT_583           UC_WAKE VOLTAGES_8179 "61 02 88 01 E0\n15 00\n60 22\n"
#define FULL_420           UC_WAKE "06 17*3\n00 1F\n61 01 90 01 2C\n50 97\n"
#define PARTIAL_420        UC_WAKE "01 03 00 2B 2B\n06 17*3\n00 3F\n30 3C\n61 01 90 01 2C\n82 12\n50 17\n"
#define FULL_8151(size)    UC_WAKE "00 1F\n" size "50 97\n"
#define PARTIAL_8151(size) UC_WAKE "01 03 00 2B 2B 03\n06 17*3\n00 BF\n30 3A\n" size "82 12\n50 17\n"
#define SIZE_290           "61 80 01 28\n"
#define SIZE_213D          "61 68 00 D4\n"
// 25 frames to white (80h) or to black (40h) and one at rest, once; then nothing: 44 and 4 × 42 bytes.
#define WAVEFORM                                                                                                       \
    "20 00 19 01 00 00 01 00*38\n21 00 19 01 00 00 01 00*36\n22 80 19 01 00 00 01 00*36\n"                             \
    "23 40 19 01 00 00 01 00*36\n24 00 19 01 00 00 01 00*36\n"
#define REFRESH(old, new_)  "04\n" TRANSFER(old, new_)
#define TRANSFER(old, new_) "10 " old "\n13 " new_ "\n12\n02\n07 A5"
#define UC_SLEEP_NOW        "reset 1\nreset 0\n02\n07 A5"
#define UC_SLEEP_JOB        "power 1\nreset 0\n" UC_SLEEP_NOW

static const struct {
    const char *row;
    enum panel_job job;
    const char *log;
    int64_t spi_bytes; // without what is asked of BUSY
} uc_jobs[] = {
    // 5 + 5 + 2 + 5 + 2 + 2 + 3 of registers, 1 to switch on, twice 1 and the plane, 1 + 1 + 2
    {"waveshare-7.5-v2", PANEL_JOB_FULL, INIT_750 "50 21 07\n" REFRESH(INVERT_750, WANTED_750), 96031},
    {"waveshare-7.5-v2", PANEL_JOB_FAST, INIT_750 "50 21 07\nE0 02\nE5 5A\n" REFRESH(INVERT_750, WANTED_750), 96035},
    {"waveshare-7.5-v2", PANEL_JOB_PARTIAL, INIT_750 "50 A1 07\nE0 02\nE5 6E\n" REFRESH(SHOWN_750, WANTED_750), 96035},
    {"waveshare-7.5-v2", PANEL_JOB_SLEEP, UC_SLEEP_JOB, 3},
    {"waveshare-5.83-v2", PANEL_JOB_FULL, INIT_583 "50 21 07\n" REFRESH(INVERT_583, WANTED_583), 77791},
    {"waveshare-5.83-v2", PANEL_JOB_FAST, INIT_583 "50 21 07\nE0 02\nE5 5A\n" REFRESH(INVERT_583, WANTED_583), 77795},
    {"waveshare-5.83-v2", PANEL_JOB_PARTIAL, INIT_583 "50 A1 07\nE0 02\nE5 6E\n" REFRESH(SHOWN_583, WANTED_583), 77795},
    // 4 + 2 + 5 + 2; with the tables 5 + 4 + 2 + 2 + 5 + 2 + 2 and 45 + 4 × 43
    {"waveshare-4.2-v1", PANEL_JOB_FULL, FULL_420 REFRESH(INVERT_420, WANTED_420), 30020},
    {"waveshare-4.2-v1", PANEL_JOB_PARTIAL, PARTIAL_420 "04\n" WAVEFORM TRANSFER(SHOWN_420, WANTED_420), 30246},
    {"waveshare-4.2-v1", PANEL_JOB_SLEEP, UC_SLEEP_JOB, 3},
    // 2 + 4 + 2; with the tables 6 + 4 + 2 + 2 + 4 + 2 + 2
    {"waveshare-2.9-d", PANEL_JOB_FULL, FULL_8151(SIZE_290) REFRESH(INVERT_290, WANTED_290), 9487},
    {"waveshare-2.9-d", PANEL_JOB_PARTIAL, PARTIAL_8151(SIZE_290) "04\n" WAVEFORM TRANSFER(SHOWN_290, WANTED_290),
     9718},
    {"waveshare-2.9-d", PANEL_JOB_SLEEP, UC_SLEEP_JOB, 3},
    {"waveshare-2.13-d", PANEL_JOB_FULL, FULL_8151(SIZE_213D) REFRESH(INVERT_213D, WANTED_213D), 5527},
    {"waveshare-2.13-d", PANEL_JOB_PARTIAL, PARTIAL_8151(SIZE_213D) "04\n" WAVEFORM TRANSFER(SHOWN_213D, WANTED_213D),
     5758},
};

static void every_job_sends_these_bytes(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof uc_jobs / sizeof uc_jobs[0]; i++) {
        struct panel_fixture fixture;
        panel_fixture_open(&fixture, panel_row_find(uc_jobs[i].row));
        if (uc_jobs[i].job == PANEL_JOB_PARTIAL) {
            fixture.at.refresh_falls_ms = fixture.row->partial_ms;
        }
        if (uc_jobs[i].job == PANEL_JOB_FAST) {
            fixture.at.refresh_falls_ms = fixture.row->fast_ms;
        }
        // Twice: what was sent before makes no difference.
        for (int run = 0; run < 2; run++) {
            wire_forget_log(&fixture.at);
            fixture.at.polls = 0;
            assert_int_equal(panel_fixture_run(&fixture, uc_jobs[i].job), PANEL_DONE);
            assert_log(&fixture, uc_jobs[i].log);
            assert_int_equal(panel_spi_bytes(fixture.panel), uc_jobs[i].spi_bytes + fixture.at.polls);
            assert_true(fixture.at.longest_message <= 4096);
            assert_true(fixture.at.asleep);
        }
        panel_fixture_close(&fixture);
    }
}

// Every row of the family stands in the table, with every kind of refresh that it has.
static void every_row_has_its_bytes(void **state) {
    (void)state;
    size_t count;
    const struct panel_row *rows = panel_rows(&count);
    for (size_t i = 0; i < count; i++) {
        if (strncmp(rows[i].controller->name, "UC", 2) != 0) {
            continue;
        }
        bool found[PANEL_JOB_PARTIAL + 1] = {false};
        for (size_t j = 0; j < sizeof uc_jobs / sizeof uc_jobs[0]; j++) {
            if (strcmp(uc_jobs[j].row, rows[i].name) == 0) {
                found[uc_jobs[j].job] = true;
            }
        }
        if (!found[PANEL_JOB_FULL] || !found[PANEL_JOB_PARTIAL] || found[PANEL_JOB_FAST] != (rows[i].fast_ms > 0)) {
            fail_msg("%s has not all of its jobs in the table", rows[i].name);
        }
    }
}

// ---- asking ----

// Without edges: the UC8151D is asked ten times a second, the UC8179 never.
static void busy_is_asked_for_where_the_controller_wants_it(void **state) {
    (void)state;
    static const struct {
        const char *row;
        int64_t polls_at_least, polls_at_most; // 3600 ms in tenths of a second, and the shorter waits
    } cases[] = {{"waveshare-2.9-d", 36, 60}, {"waveshare-7.5-v2", 0, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct panel_fixture fixture;
        panel_fixture_open(&fixture, panel_row_find(cases[i].row));
        assert_int_equal(panel_fixture_run_on(&fixture, panel_fixture_start(&fixture, PANEL_JOB_FULL), false),
                         PANEL_DONE);
        assert_in_range(fixture.at.polls, cases[i].polls_at_least, cases[i].polls_at_most);
        assert_null(fixture.at.complaint);
        panel_fixture_close(&fixture);
    }
}

// It may be asleep: whoever puts it to sleep sends it nothing before RES#, and does not wait for ever.
static void sleeper_is_not_asked(void **state) {
    (void)state;
    struct panel_fixture fixture;
    panel_fixture_open(&fixture, panel_row_find("waveshare-2.9-d"));
    fixture.at.asleep = true;
    const int64_t begun_ms = fixture.at.now_ms;
    assert_int_equal(panel_fixture_run(&fixture, PANEL_JOB_SLEEP), PANEL_DONE);
    assert_log(&fixture, UC_SLEEP_JOB);
    assert_in_range(fixture.at.slept_ms - begun_ms, 3 * 3600, 3 * 3600 + 3000);
    panel_fixture_close(&fixture);
}

// ---- lies ----

// The line sticks as busy (low) from the moment that a command is sent: the job fails at that wait's deadline, sends
// nothing more, and giving up tries every step within 3 s and the 2 s before the end of power.
static void line_stuck_at_each_wait(void **state) {
    (void)state;
    static const struct {
        const char *sent; // the end of the log when it sticks, and still when the job has failed
        int64_t within_ms;
    } cases[] = {
        {"reset 0", 600}, // after the reset
        {"\n04", 2100},   // after power on
        {"\n12", 15100},  // in the refresh: 3 × 5 s
        {"\n02", 1100},   // after power off
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct panel_fixture fixture;
        panel_fixture_open(&fixture, panel_row_find("waveshare-7.5-v2"));
        const size_t length = strlen(cases[i].sent);
        enum panel_state now = panel_fixture_start(&fixture, PANEL_JOB_FULL);
        while (fixture.at.log_length < length ||
               strcmp(fixture.at.log + fixture.at.log_length - length, cases[i].sent) != 0) {
            assert_int_equal(now, PANEL_RUNNING);
            const int64_t deadline_ms = panel_deadline(fixture.panel), edge_ms = wire_next_edge_ms(&fixture.at);
            fixture.at.now_ms = edge_ms < deadline_ms ? edge_ms : deadline_ms;
            now = panel_step(fixture.panel, fixture.at.now_ms);
        }
        fixture.at.line = BUSY_LOW;
        const int64_t stuck_ms = fixture.at.now_ms;
        assert_int_equal(panel_fixture_run_on(&fixture, now, true), PANEL_FAILED);
        assert_int_equal(panel_fault(fixture.panel), PANEL_FAULT_STUCK_BUSY);
        assert_string_equal(fixture.at.log + fixture.at.log_length - length, cases[i].sent);
        assert_in_range(fixture.at.now_ms - stuck_ms, 1, cases[i].within_ms);
        wire_forget_log(&fixture.at);
        const int64_t given_up_ms = fixture.at.now_ms;
        assert_int_equal(panel_fixture_run_on(&fixture, panel_give_up(fixture.panel, given_up_ms), true), PANEL_FAILED);
        assert_log(&fixture, UC_SLEEP_NOW "\npower 0");
        assert_true(fixture.at.slept_ms - given_up_ms < 3000);
        assert_true(fixture.at.now_ms - fixture.at.slept_ms >= 2000);
        panel_fixture_close(&fixture);
    }
}

// The line never says busy (high): nobody is there, and the glass is left alone for the time of a refresh.
static void line_stuck_as_idle_is_an_absent_panel(void **state) {
    (void)state;
    struct panel_fixture fixture;
    panel_fixture_open(&fixture, panel_row_find("waveshare-4.2-v1"));
    fixture.at.line = BUSY_HIGH;
    assert_int_equal(panel_fixture_run(&fixture, PANEL_JOB_FULL), PANEL_FAILED);
    assert_int_equal(panel_fault(fixture.panel), PANEL_FAULT_NEVER_BUSY);
    assert_int_equal(fixture.at.now_ms - fixture.at.activated_ms, 4000 + 2000);
    assert_false(log_has(&fixture, "12\n"));
    panel_fixture_close(&fixture);
}

// BUSY says idle for 3 ms in the middle of the refresh: no byte but the question is sent until it has really ended.
static void spike_ends_nothing(void **state) {
    (void)state;
    static const char *const names[] = {"waveshare-4.2-v1", "waveshare-7.5-v2"};
    for (size_t i = 0; i < 2; i++) {
        struct panel_fixture fixture;
        panel_fixture_open(&fixture, panel_row_find(names[i]));
        fixture.at.spike_from_ms = 700;
        fixture.at.spike_to_ms = 703;
        assert_int_equal(panel_fixture_run(&fixture, PANEL_JOB_FULL), PANEL_DONE);
        assert_null(fixture.at.complaint);
        assert_true(fixture.at.slept_ms - fixture.at.activated_ms >= fixture.row->full_ms);
        panel_fixture_close(&fixture);
    }
}

// Each call of each verb fails once: the job ends with the fault, never cuts off a refresh that may run, and giving up
// still sends every other step.
static void error_of_the_wire_at_every_call(void **state) {
    (void)state;
    for (int verb = 0; verb < WIRE_VERB_COUNT; verb++) {
        enum panel_state end = PANEL_FAILED;
        for (int call = 0; end == PANEL_FAILED; call++) {
            assert_true(call < 200);
            struct panel_fixture fixture;
            panel_fixture_open(&fixture, panel_row_find("waveshare-2.13-d"));
            fixture.at.fail_verb = verb;
            fixture.at.fail_at = call;
            fixture.at.powered = true;
            end = panel_fixture_run(&fixture, PANEL_JOB_PARTIAL);
            assert_null(fixture.at.complaint);
            if (end == PANEL_FAILED) {
                assert_int_equal(panel_fault(fixture.panel), PANEL_FAULT_WIRE);
                if (fixture.at.activated_ms != LONG_AGO_MS) {
                    assert_true(fixture.at.now_ms - fixture.at.activated_ms >= fixture.row->partial_ms);
                }
                wire_forget_log(&fixture.at);
                assert_int_equal(panel_fixture_run_on(&fixture, panel_give_up(fixture.panel, fixture.at.now_ms), true),
                                 PANEL_DONE);
                assert_log(&fixture, UC_SLEEP_NOW "\npower 0");
            }
            panel_fixture_close(&fixture);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_job_sends_these_bytes),
        cmocka_unit_test(every_row_has_its_bytes),
        cmocka_unit_test(busy_is_asked_for_where_the_controller_wants_it),
        cmocka_unit_test(sleeper_is_not_asked),
        cmocka_unit_test(line_stuck_at_each_wait),
        cmocka_unit_test(line_stuck_as_idle_is_an_absent_panel),
        cmocka_unit_test(spike_ends_nothing),
        cmocka_unit_test(error_of_the_wire_at_every_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
