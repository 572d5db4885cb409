// The emulated UC8151D, UC8176 and UC8179 do what is known of them: voltages and refreshes in their time, BUSY low
// meanwhile, planes, windows, waveforms, sleep. Expectations are worked out by hand from the UC8179
// datasheet and from what the public drivers send.
#include "tests/support/display/chip_uc_cases.h"

#include <stdio.h>

static void uc_open(struct chip_fixture *fixture, const char *row) {
    chip_fixture_open(fixture, panel_row_find(row));
}

static bool line_is_high(struct chip_fixture *fixture) {
    bool high = false;
    assert_int_equal(chip_wire(fixture->chip)->ops->busy(chip_wire(fixture->chip), &high), 0);
    return high;
}

// The line is low for so many ms from now on, and high from then on.
static void expect_busy_for(struct chip_fixture *fixture, int64_t busy_ms) {
    assert_int_equal(chip_next_edge_ms(fixture->chip), fixture->now_ms + busy_ms);
    assert_false(line_is_high(fixture));
    fixture->now_ms += busy_ms - 1;
    assert_false(line_is_high(fixture));
    fixture->now_ms++;
    assert_true(line_is_high(fixture));
    assert_int_equal(chip_next_edge_ms(fixture->chip), INT64_MAX);
}

static void runs_each_job_in_its_time(void **state) {
    (void)state;
    for (size_t i = 0; i < UC_CASES; i++) {
        struct chip_fixture fixture;
        uc_open(&fixture, uc_cases[i].row);
        const struct panel_row *row = panel_row_find(uc_cases[i].row);
        chip_fixture_run(&fixture, uc_cases[i].full_white);
        assert_int_equal(chip_fixture_black_px(&fixture), 0);
        assert_true(chip_is_asleep(fixture.chip));
        assert_false(line_is_high(&fixture)); // low in deep sleep, for ever
        assert_int_equal(chip_next_edge_ms(fixture.chip), INT64_MAX);
        chip_fixture_run(&fixture, UC_WAKE ":04 ");
        expect_busy_for(&fixture, uc_cases[i].power_on_ms);
        chip_fixture_run(&fixture, ":02 ");
        expect_busy_for(&fixture, uc_cases[i].power_off_ms);
        chip_fixture_run(&fixture, uc_cases[i].to_black_begins);
        assert_false(chip_is_asleep(fixture.chip));
        chip_fixture_run(&fixture, ":12 ");
        expect_busy_for(&fixture, row->partial_ms);
        chip_fixture_run(&fixture, OFF DSLP);
        assert_int_equal(chip_fixture_black_px(&fixture), uc_cases[i].pixels);
        assert_true(chip_is_asleep(fixture.chip));
        chip_fixture_run(&fixture, uc_cases[i].full_black);
        assert_int_equal(chip_fixture_black_px(&fixture), uc_cases[i].pixels);
        chip_fixture_expect_no_violation(&fixture);
        chip_fixture_close(&fixture);
    }
}

// 0x71 alone is heard while busy, and changes nothing.
static void answers_for_its_status_at_any_time(void **state) {
    (void)state;
    struct chip_fixture fixture;
    uc_open(&fixture, "waveshare-4.2-v1");
    chip_fixture_run(&fixture, UC_WAKE ":71 :04 :71 ~10 :71 ? :71 " OFF DSLP);
    chip_fixture_expect_no_violation(&fixture);
    chip_fixture_run(&fixture, ":71");
    chip_fixture_expect_violation(&fixture, "byte-in-deep-sleep");
    chip_fixture_close(&fixture);
}

static void loses_planes_in_sleep_and_registers_at_a_reset(void **state) {
    (void)state;
    for (size_t i = 0; i < UC_CASES; i++) {
        struct chip_fixture fixture;
        uc_open(&fixture, uc_cases[i].row);
        chip_fixture_run(&fixture, uc_cases[i].full_white);
        chip_fixture_run(&fixture, uc_cases[i].noise);
        assert_in_range(chip_fixture_black_px(&fixture), uc_cases[i].pixels / 4, uc_cases[i].pixels * 3 / 4);
        chip_fixture_expect_no_violation(&fixture);
        chip_fixture_close(&fixture);
    }
    // A plane outlives RES#, the size does not: 800 × 600 is more than this glass has.
    struct chip_fixture fixture;
    uc_open(&fixture, "waveshare-7.5-v2");
    chip_fixture_run(&fixture, SETUP_75 ":13 " BLACK_75 SETUP_75 ON DRIVE OFF);
    assert_int_equal(chip_fixture_black_px(&fixture), 800 * 480);
    chip_fixture_expect_no_violation(&fixture);
    chip_fixture_run(&fixture, UC_WAKE ":00 1F :13");
    chip_fixture_expect_violation(&fixture, "window-beyond-ram");
    chip_fixture_close(&fixture);
}

// DDX: what a 1 in the planes means, old and new alike.
static void turns_the_polarity_round(void **state) {
    (void)state;
    static const struct {
        const char *row, *transcript;
        int black_px;
    } cases[] = {
        {"waveshare-7.5-v2", SETUP_75 ":50 20 07 " ON ":10 " BLACK_75 ":13 " WHITE_75 DRIVE OFF DSLP, 800 * 480},
        {"waveshare-2.9-d", SETUP_29D ":50 87 " ON ":10 " BLACK_29D ":13 " WHITE_29D DRIVE OFF DSLP, 296 * 128},
        // Old and new turned round: from white to white.
        {"waveshare-7.5-v2",
         FULL_75(WHITE_75) SETUP_75_PARTIAL ":50 A0 07 " ON ":10 " BLACK_75 ":13 " BLACK_75 DRIVE OFF DSLP, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct chip_fixture fixture;
        uc_open(&fixture, cases[i].row);
        chip_fixture_run(&fixture, cases[i].transcript);
        assert_int_equal(chip_fixture_black_px(&fixture), cases[i].black_px);
        chip_fixture_expect_no_violation(&fixture);
        chip_fixture_close(&fixture);
    }
}

// N2OCP copies the new plane to the old one after each refresh; the others cannot. Power off keeps both.
static void copies_new_to_old_only_when_told(void **state) {
    (void)state;
    static const struct {
        const char *first; // 0x50 of the first refresh
        bool copied;
    } cases[] = {{":50 29 07 ", true}, {":50 21 07 ", false}};
    for (size_t i = 0; i < 2; i++) {
        struct chip_fixture fixture;
        uc_open(&fixture, "waveshare-7.5-v2");
        chip_fixture_run(&fixture, SETUP_75);
        chip_fixture_run(&fixture, cases[i].first);
        chip_fixture_run(&fixture, ON ":10 " WHITE_75 ":13 " BLACK_75 DRIVE OFF ":50 A1 07 :E0 02 :E5 6E " ON
                                      ":13 " WHITE_75 DRIVE);
        if (cases[i].copied) {
            chip_fixture_expect_no_violation(&fixture);
        } else {
            chip_fixture_expect_violation(&fixture, "stale-old-plane");
        }
        assert_int_equal(chip_fixture_black_px(&fixture),
                         cases[i].copied ? 0 : 800 * 480); // equal planes drive no pixel
        chip_fixture_close(&fixture);
    }
}

// ---- windows ----

// A window turns black by a partial refresh; X is rounded out to bytes. Pixels are the controller's own, which are the
// reader's where the row is not turned.
static const struct {
    const char *row;
    const char *begin; // a white glass, then set up for a partial refresh
    const char *window;
    int bytes;
    int x_px, y_px, width_px, height_px; // as the reader sees it
} windows[] = {
    // 7.5": the corners, an odd x (13 to 21: bytes 1 and 2), ends that are multiples of 256
    {"waveshare-7.5-v2", FULL_75(WHITE_75) SETUP_75_PARTIAL, "00 00 00 07 00 00 00 00 01", 1, 0, 0, 8, 1},
    {"waveshare-7.5-v2", FULL_75(WHITE_75) SETUP_75_PARTIAL, "03 18 03 1F 01 DF 01 DF 01", 1, 792, 479, 8, 1},
    {"waveshare-7.5-v2", FULL_75(WHITE_75) SETUP_75_PARTIAL, "00 0D 00 15 00 64 00 66 01", 6, 8, 100, 16, 3},
    {"waveshare-7.5-v2", FULL_75(WHITE_75) SETUP_75_PARTIAL, "02 60 02 FF 00 C8 00 FF 01", 20 * 56, 608, 200, 160, 56},
    {"waveshare-7.5-v2", FULL_75(WHITE_75) SETUP_75_PARTIAL, "00 00 03 1F 00 00 01 DF 01", 48000, 0, 0, 800, 480},
    // 4.2"
    {"waveshare-4.2-v1", FULL_42(WHITE_42) SETUP_42_PARTIAL, "00 00 00 07 01 2B 01 2B 01", 1, 0, 299, 8, 1},
    {"waveshare-4.2-v1", FULL_42(WHITE_42) SETUP_42_PARTIAL, "01 88 01 8F 00 00 00 01 00", 2, 392, 0, 8, 2},
    {"waveshare-4.2-v1", FULL_42(WHITE_42) SETUP_42_PARTIAL, "00 FF 01 01 00 FF 01 00 00", 4, 248, 255, 16, 2},
    // 2.9" D, turned: source s, gate g are the reader's y = 127 - s, x = g
    {"waveshare-2.9-d", FULL_29D(WHITE_29D) SETUP_29D_PARTIAL, "00 07 00 00 00 00 28", 1, 0, 120, 1, 8},
    {"waveshare-2.9-d", FULL_29D(WHITE_29D) SETUP_29D_PARTIAL, "78 7F 01 27 01 27 28", 1, 295, 0, 1, 8},
    {"waveshare-2.9-d", FULL_29D(WHITE_29D) SETUP_29D_PARTIAL, "09 11 00 64 00 66 01", 6, 100, 104, 3, 16},
    {"waveshare-2.9-d", FULL_29D(WHITE_29D) SETUP_29D_PARTIAL, "00 7F 00 00 01 27 28", 4736, 0, 0, 296, 128},
};

static void drives_windows_at_every_edge(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof windows / sizeof windows[0]; i++) {
        struct chip_fixture fixture;
        uc_open(&fixture, windows[i].row);
        char planes[64];
        snprintf(planes, sizeof planes, ":10 FF*%d :13 00*%d ", windows[i].bytes, windows[i].bytes);
        chip_fixture_run(&fixture, windows[i].begin);
        chip_fixture_run(&fixture, ON ":91 :90");
        chip_fixture_run(&fixture, windows[i].window);
        chip_fixture_run(&fixture, planes);
        chip_fixture_run(&fixture, DRIVE ":92 " OFF DSLP);
        chip_fixture_expect_no_violation(&fixture);
        assert_int_equal(chip_fixture_black_px(&fixture), windows[i].width_px * windows[i].height_px);
        for (int k = 0; k < 4; k++) {
            assert_true(chip_fixture_is_black(&fixture, windows[i].x_px + (k & 1 ? windows[i].width_px - 1 : 0),
                                              windows[i].y_px + (k & 2 ? windows[i].height_px - 1 : 0)));
        }
        chip_fixture_close(&fixture);
    }
}

// What lies outside a window is not driven, whatever the planes hold there; out of it the whole glass is.
static void leaves_what_is_outside_a_window(void **state) {
    (void)state;
    struct chip_fixture fixture;
    uc_open(&fixture, "waveshare-4.2-v1");
    chip_fixture_run(&fixture, FULL_42(WHITE_42) SETUP_42_PARTIAL ON ":10 " WHITE_42 ":13 " BLACK_42);
    chip_fixture_run(&fixture, ":91 :90 00 00 00 07 00 00 00 07 01 " DRIVE);
    assert_int_equal(chip_fixture_black_px(&fixture), 8 * 8);
    chip_fixture_run(&fixture, ":10 00*8 :92 " DRIVE OFF DSLP);
    assert_int_equal(chip_fixture_black_px(&fixture), 400 * 300);
    chip_fixture_expect_no_violation(&fixture);
    chip_fixture_close(&fixture);
}

// ---- waveforms ----

// The UC8179 finds short waveforms in its OTP by temperatures that no room has.
static void temperature_chooses_the_waveform(void **state) {
    (void)state;
    static const struct {
        const char *temperature;
        int64_t ms;
        int black_px; // of a refresh whose planes are equal, black, on white glass
    } cases[] = {
        {"", 5000, 800 * 480},
        {":E0 00 :E5 6E ", 5000, 800 * 480}, // not forced
        {":E0 02 :E5 19 ", 5000, 800 * 480}, // 25 °C
        {":E0 02 :E5 5A ", 1500, 800 * 480},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct chip_fixture fixture;
        uc_open(&fixture, "waveshare-7.5-v2");
        chip_fixture_run(&fixture, SETUP_75);
        chip_fixture_run(&fixture, cases[i].temperature);
        chip_fixture_run(&fixture, ON ":10 " BLACK_75 ":13 " BLACK_75 ":12 ");
        expect_busy_for(&fixture, cases[i].ms);
        assert_int_equal(chip_fixture_black_px(&fixture), cases[i].black_px);
        chip_fixture_run(&fixture, OFF DSLP);
        chip_fixture_expect_no_violation(&fixture);
        chip_fixture_close(&fixture);
    }
}

static void tables_say_what_is_driven(void **state) {
    (void)state;
    struct chip_fixture fixture;
    uc_open(&fixture, "waveshare-2.9-d");
    // Full ones: equal planes are driven, too.
    chip_fixture_run(&fixture,
                     UC_WAKE ":00 BF :61 80 01 28 :50 97 " LUT_FULL ON ":10 " BLACK_29D ":13 " BLACK_29D ":12 ");
    expect_busy_for(&fixture, 3600);
    chip_fixture_run(&fixture, OFF DSLP);
    assert_int_equal(chip_fixture_black_px(&fixture), 296 * 128);
    // Partial ones: the first byte alone changes.
    chip_fixture_run(&fixture, PARTIAL_29D(BLACK_29D, "FF 00*4735 "));
    assert_int_equal(chip_fixture_black_px(&fixture), 296 * 128 - 8);
    assert_int_equal(chip_drives(fixture.chip, 0, 127), 1);
    assert_int_equal(chip_drives(fixture.chip, 1, 127), 0);
    chip_fixture_expect_no_violation(&fixture);
    chip_fixture_close(&fixture);
}

static void goes_through_by_itself_when_told(void **state) {
    (void)state;
    static const struct {
        const char *how;
        bool asleep;
    } cases[] = {{":17 A5 ", false}, {":17 A7 ", true}};
    for (size_t i = 0; i < 2; i++) {
        struct chip_fixture fixture;
        uc_open(&fixture, "waveshare-7.5-v2");
        chip_fixture_run(&fixture, SETUP_75 ":10 " WHITE_75 ":13 " BLACK_75);
        chip_fixture_run(&fixture, cases[i].how);
        assert_int_equal(chip_next_edge_ms(fixture.chip), fixture.now_ms + 140 + 5000 + 42);
        fixture.now_ms += 5182;
        assert_int_equal(chip_fixture_black_px(&fixture), 800 * 480);
        assert_int_equal(chip_is_asleep(fixture.chip), cases[i].asleep);
        if (!cases[i].asleep) {
            chip_fixture_run(&fixture, DSLP);
        }
        fixture.now_ms += 10000;
        chip_fixture_expect_no_violation(&fixture);
        chip_fixture_close(&fixture);
    }
}

// 0x50: two bits choose what drives the border; in the short form of the small ones, too.
static void drives_the_border_as_told(void **state) {
    (void)state;
    static const struct {
        const char *row, *first, *second; // refreshes: the border begins white
        bool white;
    } cases[] = {
        {"waveshare-7.5-v2", ":50 21 07 ", ":50 A1 07 ", true},  // white, floats
        {"waveshare-7.5-v2", ":50 11 07 ", ":50 A1 07 ", false}, // black, floats
        {"waveshare-7.5-v2", ":50 11 07 ", ":50 21 07 ", true},
        {"waveshare-7.5-v2", ":50 11 07 ", ":50 10 07 ", true}, // the other polarity
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct chip_fixture fixture;
        uc_open(&fixture, cases[i].row);
        chip_fixture_run(&fixture, SETUP_75 ON);
        chip_fixture_run(&fixture, cases[i].first);
        chip_fixture_run(&fixture, DRIVE);
        chip_fixture_run(&fixture, cases[i].second);
        chip_fixture_run(&fixture, DRIVE OFF DSLP);
        assert_int_equal(chip_border_is_white(fixture.chip), cases[i].white);
        chip_fixture_expect_no_violation(&fixture);
        chip_fixture_close(&fixture);
    }
    struct chip_fixture fixture;
    uc_open(&fixture, "waveshare-2.9-d");
    chip_fixture_run(&fixture, SETUP_29D ":50 57 " ON DRIVE OFF DSLP);
    assert_false(chip_border_is_white(fixture.chip));
    chip_fixture_run(&fixture, SETUP_29D ":50 17 " ON DRIVE OFF DSLP);
    assert_false(chip_border_is_white(fixture.chip));
    chip_fixture_run(&fixture, SETUP_29D ON DRIVE OFF DSLP);
    assert_true(chip_border_is_white(fixture.chip));
    chip_fixture_close(&fixture);
}

// ---- accidents ----

static void leaves_a_half_driven_picture_at_a_power_cut(void **state) {
    (void)state;
    for (size_t i = 0; i < UC_CASES; i++) {
        struct chip_fixture fixture;
        uc_open(&fixture, uc_cases[i].row);
        chip_fixture_run(&fixture, uc_cases[i].full_white);
        chip_fixture_run(&fixture, uc_cases[i].to_black_begins);
        chip_fixture_run(&fixture, ":12 ");
        fixture.now_ms += panel_row_find(uc_cases[i].row)->partial_ms / 2;
        chip_set_power(fixture.chip, false);
        assert_true(chip_is_asleep(fixture.chip));
        assert_false(line_is_high(&fixture)); // nothing holds it up
        assert_int_equal(chip_cuts(fixture.chip), 1);
        assert_in_range(chip_fixture_black_px(&fixture), uc_cases[i].pixels * 4 / 10, uc_cases[i].pixels * 6 / 10);
        chip_set_power(fixture.chip, true);
        fixture.now_ms += 10;
        chip_fixture_run(&fixture, uc_cases[i].full_white);
        assert_int_equal(chip_fixture_black_px(&fixture), 0);
        chip_fixture_expect_no_violation(&fixture);
        chip_fixture_close(&fixture);
    }
}

// A line that says idle against the truth: what is sent then is lost, and not the driver's fault. One that says busy
// hangs the refresh until it is reset.
static void lines_that_lie_are_not_held_against_the_driver(void **state) {
    (void)state;
    struct chip_fixture fixture;
    uc_open(&fixture, "waveshare-2.9-d");
    chip_fixture_run(&fixture, SETUP_29D ON ":10 " WHITE_29D ":13 " BLACK_29D);
    chip_set_busy_stuck(fixture.chip, true); // as idle
    chip_fixture_run(&fixture, ":12 ~10 :02 ~10 :07 A5 ");
    assert_true(line_is_high(&fixture));
    chip_set_busy_stuck(fixture.chip, false);
    chip_fixture_run(&fixture, "? " OFF DSLP);
    chip_fixture_expect_no_violation(&fixture);
    chip_fixture_run(&fixture, SETUP_29D ON ":10 " WHITE_29D ":13 " BLACK_29D ":12 ~10 ");
    chip_set_busy_stuck(fixture.chip, true); // as busy
    chip_fixture_run(&fixture, "~10800 ");
    assert_false(line_is_high(&fixture));
    chip_fixture_run(&fixture, "R- ~10 R+ ~10 ");
    chip_set_busy_stuck(fixture.chip, false);
    chip_fixture_run(&fixture, "? " DSLP);
    chip_fixture_expect_no_violation(&fixture);
    chip_fixture_close(&fixture);
}

static void floats_low_without_the_ribbon(void **state) {
    (void)state;
    struct chip_fixture fixture;
    uc_open(&fixture, "waveshare-4.2-v1");
    chip_fixture_run(&fixture, UC_WAKE);
    assert_true(line_is_high(&fixture));
    chip_set_plugged(fixture.chip, false);
    assert_false(line_is_high(&fixture));
    chip_fixture_run(&fixture, ":12 FF ");
    chip_set_plugged(fixture.chip, true);
    assert_true(line_is_high(&fixture));
    chip_fixture_expect_no_violation(&fixture);
    chip_fixture_close(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_each_job_in_its_time),
        cmocka_unit_test(answers_for_its_status_at_any_time),
        cmocka_unit_test(loses_planes_in_sleep_and_registers_at_a_reset),
        cmocka_unit_test(turns_the_polarity_round),
        cmocka_unit_test(copies_new_to_old_only_when_told),
        cmocka_unit_test(drives_windows_at_every_edge),
        cmocka_unit_test(leaves_what_is_outside_a_window),
        cmocka_unit_test(temperature_chooses_the_waveform),
        cmocka_unit_test(tables_say_what_is_driven),
        cmocka_unit_test(goes_through_by_itself_when_told),
        cmocka_unit_test(drives_the_border_as_told),
        cmocka_unit_test(leaves_a_half_driven_picture_at_a_power_cut),
        cmocka_unit_test(lines_that_lie_are_not_held_against_the_driver),
        cmocka_unit_test(floats_low_without_the_ribbon),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
