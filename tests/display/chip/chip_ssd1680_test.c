// The emulated SSD1680 does what the datasheet says: refreshes in their time, the planes and every way to write them,
// resets and sleeps, ping-pong, sequences in parts. Expectations are worked out by hand from it.
#include "tests/support/display/chip_fixture.h"

#include <stdio.h>

static void runs_a_full_refresh_in_its_time(void **state) {
    (void)state;
    struct chip_fixture fixture;
    chip_fixture_open(&fixture, &row_213);
    assert_false(chip_is_asleep(fixture.chip));
    chip_fixture_run(&fixture, WAKE SETUP_213 ":24 " BLACK ":26 " BLACK);
    assert_int_equal(chip_next_edge_ms(fixture.chip), INT64_MAX);
    chip_fixture_run(&fixture, ":22 F7 :20");
    int64_t start_ms = fixture.now_ms;
    assert_true(chip_fixture_busy(&fixture));
    assert_int_equal(chip_next_edge_ms(fixture.chip), start_ms + 1700);
    fixture.now_ms = start_ms + 1699;
    assert_true(chip_fixture_busy(&fixture));
    fixture.now_ms = start_ms + 1700;
    assert_false(chip_fixture_busy(&fixture));
    assert_int_equal(chip_fixture_black_px(&fixture), 250 * 122);
    assert_false(chip_is_asleep(fixture.chip));
    chip_fixture_run(&fixture, SLEEP);
    assert_true(chip_is_asleep(fixture.chip));
    assert_true(chip_fixture_busy(&fixture)); // high in deep sleep, for ever
    assert_int_equal(chip_next_edge_ms(fixture.chip), INT64_MAX);
    chip_fixture_expect_no_violation(&fixture);
    chip_fixture_close(&fixture);
}

static void runs_a_partial_refresh_in_its_time(void **state) {
    (void)state;
    struct chip_fixture fixture;
    chip_fixture_open(&fixture, &row_213);
    chip_fixture_run(&fixture, FULL_WHITE WAKE SETUP_213 ":26 " WHITE ":24 " BLACK ":22 FF :20");
    assert_int_equal(chip_next_edge_ms(fixture.chip), fixture.now_ms + 500);
    chip_fixture_wait_idle(&fixture);
    chip_fixture_run(&fixture, SLEEP);
    assert_int_equal(chip_fixture_black_px(&fixture), 250 * 122);
    assert_true(chip_is_asleep(fixture.chip));
    chip_fixture_expect_no_violation(&fixture);
    chip_fixture_close(&fixture);
}

static void wakes_and_blinks_after_resets(void **state) {
    (void)state;
    struct chip_fixture fixture;
    chip_fixture_open(&fixture, &row_213);
    chip_fixture_run(&fixture, FULL_WHITE "R-");
    assert_false(chip_is_asleep(fixture.chip));
    chip_fixture_run(&fixture, "~10 R+");
    assert_true(chip_fixture_busy(&fixture));
    chip_fixture_run(&fixture, "~10");
    assert_false(chip_fixture_busy(&fixture));
    chip_fixture_run(&fixture, ":12");
    assert_false(chip_fixture_busy(&fixture)); // not yet high right after SWRESET
    int64_t rise_ms = chip_next_edge_ms(fixture.chip);
    assert_in_range(rise_ms, fixture.now_ms + 2, fixture.now_ms + 9);
    fixture.now_ms = rise_ms;
    assert_true(chip_fixture_busy(&fixture));
    int64_t fall_ms = chip_next_edge_ms(fixture.chip);
    assert_in_range(fall_ms, rise_ms + 1, rise_ms + 8);
    fixture.now_ms = fall_ms;
    assert_false(chip_fixture_busy(&fixture));
    assert_int_equal(chip_next_edge_ms(fixture.chip), INT64_MAX);
    chip_fixture_expect_no_violation(&fixture);
    chip_fixture_close(&fixture);
}

// FF 00 FF 00 FF FF go into a window of bytes 2 to 4 by lines 10 and 11. The two black ones land, by entry mode, at
static const struct direction {
    const char *mode;
    const char *window; // X, Y and the counters
    struct {
        int byte, line;
    } black[2];
} directions[] = {
    {"03", ":44 02 04 :45 0A 00 0B 00 :4E 02 :4F 0A 00 ", {{3, 10}, {2, 11}}}, // X up, Y up
    {"02", ":44 04 02 :45 0A 00 0B 00 :4E 04 :4F 0A 00 ", {{3, 10}, {4, 11}}}, // X down, Y up
    {"01", ":44 02 04 :45 0B 00 0A 00 :4E 02 :4F 0B 00 ", {{3, 11}, {2, 10}}}, // X up, Y down
    {"00", ":44 04 02 :45 0B 00 0A 00 :4E 04 :4F 0B 00 ", {{3, 11}, {4, 10}}}, // X down, Y down
    {"07", ":44 02 04 :45 0A 00 0B 00 :4E 02 :4F 0A 00 ", {{2, 11}, {3, 11}}}, // the same, Y first
    {"06", ":44 04 02 :45 0A 00 0B 00 :4E 04 :4F 0A 00 ", {{4, 11}, {3, 11}}},
    {"05", ":44 02 04 :45 0B 00 0A 00 :4E 02 :4F 0B 00 ", {{2, 10}, {3, 10}}},
    {"04", ":44 04 02 :45 0B 00 0A 00 :4E 04 :4F 0B 00 ", {{4, 10}, {3, 10}}},
};

static void writes_in_every_direction(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof directions / sizeof directions[0]; i++) {
        struct chip_fixture fixture;
        chip_fixture_open(&fixture, &row_213);
        chip_fixture_run(&fixture, WAKE SETUP_213 ":24 " WHITE ":26 " WHITE ":11");
        chip_fixture_run(&fixture, directions[i].mode);
        chip_fixture_run(&fixture, directions[i].window);
        chip_fixture_run(&fixture, ":24 FF 00 FF 00 FF FF " FULL SLEEP);
        assert_int_equal(chip_fixture_black_px(&fixture), 16);
        for (int k = 0; k < 2; k++) {
            for (int bit = 0; bit < 8; bit++) {
                assert_true(chip_fixture_is_black(&fixture, directions[i].black[k].line,
                                                  121 - 8 * directions[i].black[k].byte - bit));
            }
        }
        chip_fixture_expect_no_violation(&fixture);
        chip_fixture_close(&fixture);
    }
}

static void comes_back_to_the_start_of_a_full_window(void **state) {
    (void)state;
    struct chip_fixture fixture;
    chip_fixture_open(&fixture, &row_213);
    // 0x24 twice and 0x26 without the counters being set again; the second write starts where the first did.
    chip_fixture_run(&fixture, WAKE SETUP_213 ":24 " BLACK ":24 " WHITE ":26 " WHITE);
    // A write from the middle of the window goes to its end: line 249, bytes 14 and 15.
    chip_fixture_run(&fixture, ":4E 0E :4F F9 00 :24 00 00 " FULL SLEEP);
    assert_int_equal(chip_fixture_black_px(&fixture), 10); // bytes 14 and 15 have 8 and 2 columns of glass
    assert_true(chip_fixture_is_black(&fixture, 249, 0) && chip_fixture_is_black(&fixture, 249, 9));
    chip_fixture_expect_no_violation(&fixture);
    chip_fixture_close(&fixture);
}

static void applies_the_plane_options(void **state) {
    (void)state;
    static const struct {
        const char *options; // 0x21, first byte
        int black_px;        // of a plane whose first line is black, the rest white
    } cases[] = {{"00", 122}, {"04", 250 * 122}, {"08", 249 * 122}, {"40", 122}, {"80", 122}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct chip_fixture fixture;
        chip_fixture_open(&fixture, &row_213);
        chip_fixture_run(&fixture, WAKE SETUP_213 ":26 " WHITE ":24 00*16 FF*3984 :21");
        char bytes[16];
        snprintf(bytes, sizeof bytes, "%s 80", cases[i].options);
        chip_fixture_run(&fixture, bytes);
        chip_fixture_run(&fixture, FULL SLEEP);
        assert_int_equal(chip_fixture_black_px(&fixture), cases[i].black_px);
        chip_fixture_expect_no_violation(&fixture);
        chip_fixture_close(&fixture);
    }
}

static void inverts_the_old_plane(void **state) {
    (void)state;
    struct chip_fixture fixture;
    chip_fixture_open(&fixture, &row_213);
    // Old plane black, sent as "inverted": what the glass shows is white, so this one is right.
    chip_fixture_run(&fixture, FULL_WHITE WAKE SETUP_213 ":21 80 80 :26 " BLACK ":24 " BLACK PARTIAL SLEEP);
    assert_int_equal(chip_fixture_black_px(&fixture), 250 * 122);
    chip_fixture_expect_no_violation(&fixture);
    chip_fixture_close(&fixture);
}

static void keeps_ram_over_resets_and_light_sleep(void **state) {
    (void)state;
    static const char *const breaks[] = {
        ":12 ~10 ? ",                    // SWRESET
        "R- ~10 R+ ~10 ? ",              // hardware reset
        ":10 01 ~1000 R- ~10 R+ ~10 ? ", // deep sleep, mode 1
    };
    for (size_t i = 0; i < sizeof breaks / sizeof breaks[0]; i++) {
        struct chip_fixture fixture;
        chip_fixture_open(&fixture, &row_213);
        chip_fixture_run(&fixture, WAKE SETUP_213 ":24 00*16 FF*3984 :26 " WHITE);
        chip_fixture_run(&fixture, breaks[i]);
        chip_fixture_run(&fixture, SETUP_213 FULL SLEEP);
        assert_int_equal(chip_fixture_black_px(&fixture), 122);
        chip_fixture_expect_no_violation(&fixture);
        chip_fixture_close(&fixture);
    }
}

static void loses_ram_in_heavy_sleep_and_without_power(void **state) {
    (void)state;
    static const char *const breaks[] = {":10 03 R- ~10 R+ ~10 ? ", "P- ~10 P+ ~10 ? "};
    for (size_t i = 0; i < sizeof breaks / sizeof breaks[0]; i++) {
        struct chip_fixture fixture;
        chip_fixture_open(&fixture, &row_213);
        chip_fixture_run(&fixture, WAKE SETUP_213 ":24 " WHITE ":26 " WHITE);
        chip_fixture_run(&fixture, breaks[i]);
        chip_fixture_run(&fixture, SETUP_213 FULL SLEEP);
        assert_in_range(chip_fixture_black_px(&fixture), 250 * 122 / 4, 250 * 122 * 3 / 4); // noise
        chip_fixture_expect_no_violation(&fixture);
        chip_fixture_close(&fixture);
    }
}

static void forgets_registers_at_a_reset(void **state) {
    (void)state;
    static const char *const resets[] = {":12 ~10 ? ", "R- ~10 R+ ~10 ? "};
    for (size_t i = 0; i < sizeof resets / sizeof resets[0]; i++) {
        struct chip_fixture fixture;
        chip_fixture_open(&fixture, &row_213);
        chip_fixture_run(&fixture, WAKE SETUP_213 ":24 " BLACK ":32 00*153 ");
        chip_fixture_run(&fixture, resets[i]);
        // The source range is gone: the glass hangs on columns 8 to 129 now, and byte 16 is made white.
        chip_fixture_run(&fixture, ":18 80 :01 F9 00 00 :44 10 10 :45 00 00 F9 00 :4E 10 :4F 00 00 :24 FF*250 " FULL);
        assert_int_equal(chip_fixture_black_px(&fixture), 250 * 120);
        assert_true(chip_fixture_is_black(&fixture, 0, 121) && !chip_fixture_is_black(&fixture, 0, 0));
        chip_fixture_expect_no_violation(&fixture);
        chip_fixture_run(&fixture, ":12 ~10 ? :22 C7 :20"); // and so is the own waveform
        chip_fixture_expect_violation(&fixture, "display-without-waveform");
        chip_fixture_close(&fixture);
    }
}

// Without ping-pong the old plane stays as it was written; with it the plane just shown is the next old one.
static void swaps_banks_only_with_ping_pong(void **state) {
    (void)state;
#define ONLY_NEW(new_) WAKE SETUP_213 ":24 " new_ PARTIAL SLEEP
    static const struct {
        bool otp;
        const char *setup; // before the first partial: 0x37 with and without F6
        bool swaps;
    } cases[] = {
        {false, "", false},
        {true, "", true},
        {false, ":37 00 00 00 00 00 40 00 00 00 00 ", true},
        {false, ":37 00 00 00 00 40 00 00 00 00 00 ", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct chip_fixture fixture;
        chip_fixture_open_with(&fixture, (struct chip_setup){.row = &row_213, .ping_pong = cases[i].otp});
        chip_fixture_run(&fixture, FULL_WHITE WAKE SETUP_213);
        chip_fixture_run(&fixture, cases[i].setup);
        chip_fixture_run(&fixture,
                         ":24 00*16 FF*3984 " PARTIAL SLEEP); // its old plane is the white one of the full refresh
        assert_int_equal(chip_fixture_black_px(&fixture), 122);
        chip_fixture_expect_no_violation(&fixture);
        chip_fixture_run(&fixture, ONLY_NEW(WHITE));
        if (cases[i].swaps) {
            chip_fixture_expect_no_violation(&fixture);
        } else {
            chip_fixture_expect_violation(&fixture, "stale-old-plane");
        }
        assert_int_equal(chip_fixture_black_px(&fixture),
                         cases[i].swaps ? 0 : 122); // unequal planes alone drive a pixel
        chip_fixture_close(&fixture);
    }
}

// The rule that is right under both: old and new plane written before every partial refresh.
static void needs_no_knowledge_of_ping_pong(void **state) {
    (void)state;
    for (int ping_pong = 0; ping_pong < 2; ping_pong++) {
        struct chip_fixture fixture;
        chip_fixture_open_with(&fixture, (struct chip_setup){.row = &row_213, .ping_pong = ping_pong});
        chip_fixture_run(&fixture, FULL_WHITE FROM_TO(WHITE, BLACK) FROM_TO(BLACK, WHITE) FROM_TO(WHITE, BLACK));
        assert_int_equal(chip_fixture_black_px(&fixture), 250 * 122);
        chip_fixture_expect_no_violation(&fixture);
        chip_fixture_close(&fixture);
    }
}

static void stays_awake_when_told_not_to_sleep(void **state) {
    (void)state;
    struct chip_fixture fixture;
    chip_fixture_open(&fixture, &row_213);
    chip_fixture_run(&fixture, WAKE ":10 00 :11 03 ");
    assert_false(chip_is_asleep(fixture.chip));
    chip_fixture_expect_no_violation(&fixture);
    chip_fixture_close(&fixture);
    chip_free(NULL);
}

static void fills_planes_with_patterns(void **state) {
    (void)state;
    static const struct {
        const char *fill;
        int black_px;
        bool first_black, ninth_black; // line 0, columns 0 and 8
    } cases[] = {
        {":47 F7 ? ", 0, false, false},
        {":47 77 ? ", 250 * 122, true, true},
        // Squares of 8 × 8, black first: 64 · 128 pixels where both indices are even, 58 · 122 where both are odd.
        {":47 00 ? ", 15268, true, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct chip_fixture fixture;
        chip_fixture_open(&fixture, &row_213);
        chip_fixture_run(&fixture, WAKE SETUP_213 ":46 F7 ? ");
        chip_fixture_run(&fixture, cases[i].fill);
        chip_fixture_run(&fixture, FULL SLEEP);
        assert_int_equal(chip_fixture_is_black(&fixture, 0, 121), cases[i].first_black);
        assert_int_equal(chip_fixture_is_black(&fixture, 0, 113), cases[i].ninth_black);
        assert_int_equal(chip_fixture_black_px(&fixture), cases[i].black_px);
        chip_fixture_expect_no_violation(&fixture);
        chip_fixture_close(&fixture);
    }
}

static void runs_sequences_in_parts(void **state) {
    (void)state;
    struct chip_fixture fixture;
    chip_fixture_open(&fixture, &row_213);
    chip_fixture_run(&fixture, FULL_WHITE WAKE SETUP_213 ":26 " WHITE ":24 " BLACK);
    chip_fixture_run(&fixture, ":22 B9 :20 ? :22 C0 :20 ? :22 0F :20 ? "); // waveform, power on, mode 2 and off
    assert_int_equal(chip_fixture_black_px(&fixture), 250 * 122);
    chip_fixture_run(&fixture, SLEEP);
    assert_true(chip_is_asleep(fixture.chip));
    // Written temperature, waveform and full refresh (GxEPD2's fast one), then power off by its own sequence.
    chip_fixture_run(&fixture, WAKE SETUP_213 ":26 " WHITE ":24 " WHITE ":1A 64 00 :22 D4 :20 ? ");
    assert_false(chip_is_asleep(fixture.chip));
    chip_fixture_run(&fixture, ":22 83 :20 ? " SLEEP);
    assert_true(chip_is_asleep(fixture.chip));
    assert_int_equal(chip_fixture_black_px(&fixture), 0);
    chip_fixture_expect_no_violation(&fixture);
    chip_fixture_close(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_a_full_refresh_in_its_time),
        cmocka_unit_test(runs_a_partial_refresh_in_its_time),
        cmocka_unit_test(wakes_and_blinks_after_resets),
        cmocka_unit_test(writes_in_every_direction),
        cmocka_unit_test(comes_back_to_the_start_of_a_full_window),
        cmocka_unit_test(applies_the_plane_options),
        cmocka_unit_test(inverts_the_old_plane),
        cmocka_unit_test(keeps_ram_over_resets_and_light_sleep),
        cmocka_unit_test(loses_ram_in_heavy_sleep_and_without_power),
        cmocka_unit_test(forgets_registers_at_a_reset),
        cmocka_unit_test(swaps_banks_only_with_ping_pong),
        cmocka_unit_test(needs_no_knowledge_of_ping_pong),
        cmocka_unit_test(stays_awake_when_told_not_to_sleep),
        cmocka_unit_test(fills_planes_with_patterns),
        cmocka_unit_test(runs_sequences_in_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
