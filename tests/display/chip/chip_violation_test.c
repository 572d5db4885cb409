// The emulated SSD1680 names every violation of the protocol: a deliberately wrong transcript for each, and beside
// it the smallest change that makes it right.
#include "tests/support/display/chip_fixture.h"

#define READY WAKE SETUP_213

struct wrong {
    const char *name;
    const char *transcript;
    const char *right; // the same, done right; NULL: there is nothing to set right
};

static const struct wrong wrongs[] = {
    // bytes at the wrong time
    {"byte-while-busy", READY ":24 " WHITE ":26 " WHITE ":22 F7 :20 :10 01", FULL_WHITE},
    {"byte-while-busy", "R- ~10 R+ ~10 :12 ? :01 F9 00 00", "R- ~10 R+ ~10 :12 ~10 ? :01 F9 00 00"}, // BUSY not yet up
    {"byte-while-busy", READY ":47 F7 :46 F7", READY ":47 F7 ? :46 F7"},
    {"byte-too-soon", "R- ~10 R+ ~5 :12", "R- ~10 R+ ~10 :12"},
    {"byte-too-soon", WAKE ":12 ~7 :11 03", WAKE ":12 ~10 :11 03"},
    {"byte-in-reset", "R- :12", NULL},
    {"byte-in-deep-sleep", READY SLEEP ":12", READY SLEEP "R- ~10 R+ ~10 :12"},
    {"byte-in-deep-sleep", READY SLEEP "~1 00", NULL},
    {"byte-without-power", "P- ~10 :12", "P- ~10 P+ ~10 :12"},
    {"byte-too-soon", "P- ~10 P+ ~5 :12", NULL},
    // commands and parameters
    {"data-without-command", "R- ~10 R+ ~10 FF", NULL},
    {"wrong-parameter-count", WAKE ":01 F9 00 :11 03", WAKE ":01 F9 00 00 :11 03"},
    {"wrong-parameter-count", WAKE ":11 03 00", NULL},
    {"wrong-parameter-count", WAKE ":1A 19 :11 03", WAKE ":1A 19 00 :11 03"},
    {"wrong-parameter-count", WAKE ":32 00*152 :11 03", WAKE ":32 00*153 :11 03"},
    {"wrong-parameter-count", WAKE ":12 ~10 00", NULL},
    {"unknown-command", WAKE ":71", NULL},
    {"unknown-command", WAKE ":50 97", NULL},
    {"parameter-out-of-range", WAKE ":01 28 01 00", WAKE ":01 27 01 00"},
    {"parameter-out-of-range", WAKE ":01 F9 00 08", WAKE ":01 F9 00 07"},
    {"parameter-out-of-range", WAKE ":03 18", WAKE ":03 17"},
    {"parameter-out-of-range", WAKE ":0C 0B 9C 96 0F", WAKE ":0C 8B 9C 96 0F"},
    {"parameter-out-of-range", WAKE ":0F 28 01", WAKE ":0F 00 00"},
    {"parameter-out-of-range", WAKE ":10 02", WAKE ":10 03"},
    {"parameter-out-of-range", WAKE ":11 08", WAKE ":11 07"},
    {"parameter-out-of-range", WAKE ":18 81", WAKE ":18 48"},
    {"parameter-out-of-range", WAKE ":1A 19 01", WAKE ":1A 19 10"},
    {"parameter-out-of-range", WAKE ":21 10 80", WAKE ":21 48 80"},
    {"parameter-out-of-range", WAKE ":21 00 01", WAKE ":21 00 00"},
    {"parameter-out-of-range", WAKE ":2C 07", WAKE ":2C 08"},
    {"parameter-out-of-range", WAKE ":3C 08", WAKE ":3C 80"},
    {"parameter-out-of-range", WAKE ":44 00 16", WAKE ":44 00 15"},
    {"parameter-out-of-range", WAKE ":45 00 00 28 01", WAKE ":45 00 00 27 01"},
    {"parameter-out-of-range", WAKE ":47 08", WAKE ":47 00"},
    {"parameter-out-of-range", WAKE ":4E 50", WAKE ":4E 0A"}, // pixels in place of bytes: a public driver's error
    {"parameter-out-of-range", WAKE ":4F 28 01", WAKE ":4F 27 01"},
    // windows and data
    {"window-beyond-ram", READY ":44 00 11 :24", READY ":44 01 10 :4E 01 :24 " WHITE ":22 01"},
    {"window-beyond-ram", WAKE ":01 F9 00 00 :44 00 0F :24", NULL},
    {"window-beyond-ram", READY ":45 00 00 FA 00 :24", NULL},
    {"window-backwards", READY ":11 01 :24", READY ":11 01 :45 F9 00 00 00 :4F F9 00 :24 " WHITE ":22 01"},
    {"window-backwards", READY ":11 02 :26", READY ":11 02 :44 0F 00 :4E 0F :26 " WHITE ":22 01"},
    {"counter-outside-window", READY ":44 08 0F :24", READY ":44 08 0F :4E 08 :24 FF*2000 :22 01"},
    {"data-past-window", READY ":24 FF*4001", READY ":24 FF*4000"},
    {"data-past-window", READY ":44 00 07 :26 FF*2001", READY ":44 00 07 :26 FF*2000"},
    {"data-short-of-window", READY ":24 FF*3999 :26", READY ":24 FF*4000 :26"},
    {"data-short-of-window", READY ":24 :22 F7", NULL},
    // sequences
    {"sequence-without-clock", WAKE ":22 40 :20", WAKE ":22 C0 :20 ? :22 83 :20"},
    {"no-temperature", WAKE ":22 91 :20", WAKE ":1A 64 00 :22 91 :20"},
    {"no-temperature", WAKE ":22 B1 :20", WAKE ":18 80 :22 B1 :20"},
    {"display-with-clock-off", READY ":22 06 :20", NULL},
    {"display-with-analog-off", READY ":22 B7 :20", READY ":22 F7 :20"},
    {"display-without-waveform", READY ":22 C7 :20", READY ":22 B1 :20 ? :22 C7 :20"},
    {"display-without-waveform", READY ":22 B9 :20 ? :22 C7 :20", READY ":32 00*153 :22 C7 :20"},
    {"sleep-with-high-voltage", READY ":22 F4 :20 ? :10 01", READY ":22 F4 :20 ? :22 83 :20 ? :10 01"},
    // differential refreshes
    {"partial-before-full", FROM_TO(WHITE, BLACK), FULL_WHITE FROM_TO(WHITE, BLACK)},
    {"partial-before-full", FULL_WHITE "P- ~10 P+ ~10 " FROM_TO(WHITE, BLACK),
     FULL_WHITE "R- ~10 R+ ~10 " FROM_TO(WHITE, BLACK)},
    {"stale-old-plane", FULL_WHITE FROM_TO(BLACK, WHITE), FULL_WHITE FROM_TO(WHITE, WHITE)},
    {"stale-old-plane", FULL_WHITE FROM_TO("FF*3999 7F ", WHITE), NULL},
    // the end of a refresh
    {"reset-in-refresh", READY ":22 F7 :20 ~1699 R-", READY ":22 F7 :20 ~1700 R- ~10 R+ ~10 :10 01"},
    {"power-off-in-refresh", READY ":22 F7 :20 ~1699 P-", READY ":22 F7 :20 ~1700 P-"},
    {"not-asleep", READY ":22 F7 :20 ~4701", READY ":22 F7 :20 ~4700"},
    {"not-asleep", READY ":22 F7 :20 ~4701 :10 01", READY ":22 F7 :20 ~4700 :10 01 ~9999"},
    {"not-asleep", READY ":22 F7 :20 ? R- ~3001", READY ":22 F7 :20 ? R- ~2900 R+ ~10 :10 01 ~9999"},
    {"not-asleep", READY ":22 F4 :20 ? :22 83 :20 ? ~3001", READY ":22 F4 :20 ? :22 83 :20 ? :10 01 ~3001"},
    {"high-voltage-left-on", READY ":22 F4 :20 ? ~3001", NULL},
    {"high-voltage-left-on", READY ":22 C0 :20 ? ~3001", READY ":22 C0 :20 ? :22 83 :20 ? ~3001"},
    // 24 h and 1 h of grace (a session may be running)
    {"no-full-in-24-hours", FULL_WHITE "~90000001", FULL_WHITE "~89990000 " FULL_WHITE "~89990000"},
    {"no-full-in-24-hours", FULL_WHITE "~89990000 " FROM_TO(WHITE, BLACK) "~11000", NULL},
};

static void names_every_wrong_transcript(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
        struct chip_fixture fixture;
        chip_fixture_open(&fixture, &row_213);
        chip_fixture_run(&fixture, wrongs[i].transcript);
        chip_watch(fixture.chip);
        const char *name = chip_violation(fixture.chip);
        if (!name || strcmp(name, wrongs[i].name) != 0) {
            fail_msg("expected %s, got %s (%s): %s", wrongs[i].name, name ? name : "none",
                     name ? chip_violation_detail(fixture.chip) : "-", wrongs[i].transcript);
        }
        chip_fixture_close(&fixture);
    }
}

static void passes_the_same_done_right(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
        if (!wrongs[i].right) {
            continue;
        }
        struct chip_fixture fixture;
        chip_fixture_open(&fixture, &row_213);
        chip_fixture_run(&fixture, wrongs[i].right);
        chip_watch(fixture.chip);
        if (chip_violation(fixture.chip)) {
            fail_msg("%s (%s) in: %s", chip_violation(fixture.chip), chip_violation_detail(fixture.chip),
                     wrongs[i].right);
        }
        chip_fixture_close(&fixture);
    }
}

static void counts_fifteen_partials(void **state) {
    (void)state;
    struct chip_fixture fixture;
    chip_fixture_open(&fixture, &row_213);
    chip_fixture_run(&fixture, FULL_WHITE);
    for (int i = 0; i < 15; i++) {
        chip_fixture_run(&fixture, FROM_TO(WHITE, WHITE));
    }
    chip_fixture_expect_no_violation(&fixture);
    chip_fixture_run(&fixture, FULL_WHITE FROM_TO(WHITE, WHITE)); // a full one begins the count anew
    chip_fixture_expect_no_violation(&fixture);
    for (int i = 0; i < 15; i++) {
        chip_fixture_run(&fixture, FROM_TO(WHITE, WHITE));
    }
    chip_fixture_expect_violation(&fixture, "too-many-partials");
    chip_fixture_close(&fixture);
}

static void refuses_a_clock_above_20_mhz(void **state) {
    (void)state;
    static const struct {
        int64_t spi_hz;
        const char *violation;
    } cases[] = {{0, NULL}, {20000000, NULL}, {20000001, "spi-too-fast"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct chip_fixture fixture;
        chip_fixture_open_with(&fixture, (struct chip_setup){.row = &row_213, .spi_hz = cases[i].spi_hz});
        chip_fixture_run(&fixture, WAKE);
        if (cases[i].violation) {
            chip_fixture_expect_violation(&fixture, cases[i].violation);
        } else {
            chip_fixture_expect_no_violation(&fixture);
        }
        chip_fixture_close(&fixture);
    }
}

static void refuses_a_message_longer_than_the_bus_takes(void **state) {
    (void)state;
    static const uint8_t plane[4097];
    static const struct {
        size_t max_message;
        size_t sent;
        bool refused;
    } cases[] = {{4096, 4096, false}, {4096, 4097, true}, {64, 64, false}, {64, 65, true}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct chip_fixture fixture;
        chip_fixture_open(&fixture, &row_213);
        assert_int_equal(chip_wire(fixture.chip)->max_message, 4096);
        chip_wire(fixture.chip)->max_message = cases[i].max_message;
        chip_fixture_run(&fixture,
                         WAKE ":11 03 :44 00 0F :45 00 00 27 01 " HOME ":24"); // 16 × 296 bytes: room for all of them
        chip_fixture_send(&fixture, plane, cases[i].sent);
        if (cases[i].refused) {
            chip_fixture_expect_violation(&fixture, "message-too-long");
        } else {
            chip_fixture_expect_no_violation(&fixture);
        }
        chip_fixture_close(&fixture);
    }
}

static void keeps_the_first_violation(void **state) {
    (void)state;
    struct chip_fixture fixture;
    chip_fixture_open(&fixture, &row_213);
    assert_null(chip_violation(fixture.chip));
    assert_null(chip_violation_detail(fixture.chip));
    chip_fixture_run(&fixture, WAKE ":71");
    chip_fixture_expect_violation(&fixture, "unknown-command");
    chip_fixture_run(&fixture, ":11 08 R- :11 03 " FULL_WHITE "P- P+ ~10 " FROM_TO(BLACK, WHITE));
    chip_fixture_expect_violation(&fixture, "unknown-command");
    assert_non_null(strstr(chip_violation_detail(fixture.chip), "0x71"));
    chip_fixture_close(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_every_wrong_transcript),
        cmocka_unit_test(passes_the_same_done_right),
        cmocka_unit_test(counts_fifteen_partials),
        cmocka_unit_test(refuses_a_clock_above_20_mhz),
        cmocka_unit_test(refuses_a_message_longer_than_the_bus_takes),
        cmocka_unit_test(keeps_the_first_violation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
