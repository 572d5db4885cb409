// The emulated UC8151D, UC8176 and UC8179 name every violation of the protocol: a deliberately wrong transcript for
// each (errors of the public drivers among them), and beside it the smallest change that makes it right.
#include "tests/support/display/chip_uc_cases.h"

#include <stdio.h>

#define D29  "waveshare-2.9-d"
#define V42  "waveshare-4.2-v1"
#define V583 "waveshare-5.83-v2"
#define V75  "waveshare-7.5-v2"

#define READY_29D  SETUP_29D ON ":10 " WHITE_29D ":13 " BLACK_29D
#define READY_75   SETUP_75 ON ":10 " WHITE_75 ":13 " BLACK_75
#define PARTLY_75  FULL_75(WHITE_75) SETUP_75_PARTIAL ON ":10 " WHITE_75 ":13 " BLACK_75
#define PARTLY_29D FULL_29D(WHITE_29D) SETUP_29D_PARTIAL ON ":10 " WHITE_29D ":13 " BLACK_29D
#define TABLES_29D UC_WAKE ":00 BF :61 80 01 28 :50 97 "
#define PLANES_29D ON ":10 " WHITE_29D ":13 " BLACK_29D
#define ALL_BUT_KK ":20 00*44 " LUT("21", "00") LUT("22", "80") LUT("23", "40")

static const struct wrong {
    const char *row;
    const char *name;
    const char *transcript;
    const char *right; // the same, done right; NULL: there is nothing to set right
} wrongs[] = {
    // bytes at the wrong time
    {D29, "byte-while-busy", UC_WAKE ":04 ~10 :00 1F", UC_WAKE ":04 ~10 ? :00 1F " OFF DSLP},
    {D29, "byte-while-busy", READY_29D ":12 :12",
     READY_29D ":12 ~10 ? :12 ~10 ? " OFF DSLP},                                          // WS's 4.2" sends it twice
    {D29, "byte-while-busy", READY_29D DRIVE ":02 ~10 :07 A5", READY_29D DRIVE OFF DSLP}, // WS's 2.13" D
    {D29, "byte-too-soon", "R- ~10 R+ ~5 ? :00 1F", "R- ~10 R+ ~10 ? :00 1F"},
    {D29, "byte-too-soon", "R- ~10 R+ ~5 :71", "R- ~10 R+ ~10 :71"},
    {D29, "byte-in-reset", "R- :71", NULL},
    {D29, "byte-in-deep-sleep", UC_WAKE DSLP ":71", UC_WAKE DSLP "R- ~10 R+ ~10 ? :71"},
    {D29, "byte-in-deep-sleep", UC_WAKE DSLP ":02", NULL},
    {D29, "byte-without-power", "P- ~10 :00 1F", "P- ~10 P+ ~10 ? :00 1F"},
    // commands and parameters
    {D29, "data-without-command", UC_WAKE "FF", NULL},
    {D29, "unknown-command", UC_WAKE ":24 00*42 :32", UC_WAKE ":24 00*42"},
    {D29, "unknown-command", UC_WAKE ":17 A5", NULL},
    {V75, "unknown-command", UC_WAKE ":03 00 :1F", UC_WAKE ":03 00"},
    {D29, "wrong-parameter-count", UC_WAKE ":61 80 01 :71", UC_WAKE ":61 80 01 28 :71"},
    {D29, "wrong-parameter-count", UC_WAKE ":61 80 01 28 00", NULL},
    {V42, "wrong-parameter-count", UC_WAKE ":61 90 01 2C :71", UC_WAKE ":61 01 90 01 2C :71"},
    {V42, "wrong-parameter-count", UC_WAKE ":06 17 17 28 17", UC_WAKE ":06 17 17 28"},
    {V75, "wrong-parameter-count", UC_WAKE ":06 17 17 28 :71", UC_WAKE ":06 17 17 28 17 :71"},
    {V75, "wrong-parameter-count", UC_WAKE ":50 F7 :02", UC_WAKE ":50 F7 07 :02 ? "}, // before sleep, in public drivers
    {D29, "wrong-parameter-count", UC_WAKE ":50 97 07", UC_WAKE ":50 97"},
    {V42, "wrong-parameter-count", UC_WAKE ":21 00*36 :71", UC_WAKE ":21 00*42 :71"}, // WS's 4.2", once
    {V42, "wrong-parameter-count", UC_WAKE ":20 00*42 :71", UC_WAKE ":20 00*44 :71"},
    {V75, "wrong-parameter-count", UC_WAKE ":20 00*44", UC_WAKE ":20 00*42"},
    {V42, "wrong-parameter-count", UC_WAKE ":00 1F 0B 00", UC_WAKE ":00 1F 0B"},
    {V75, "wrong-parameter-count", UC_WAKE ":00 1F 0B", UC_WAKE ":00 1F"},
    {V75, "wrong-parameter-count", UC_WAKE ":01 07 07 3F :71", UC_WAKE ":01 07 07 3F 3F :71 :01 07 07 3F 3F 09 :71"},
    {D29, "wrong-parameter-count", UC_WAKE ":91 00", NULL},
    {D29, "wrong-parameter-count", UC_WAKE ":07 :00", NULL},
    {D29, "parameter-out-of-range", UC_WAKE ":07 01", UC_WAKE ":07 A5"},
    {D29, "parameter-out-of-range", UC_WAKE ":00 0F", UC_WAKE ":00 1F"}, // three colours
    {D29, "parameter-out-of-range", UC_WAKE ":00 17", NULL},             // upside down
    {D29, "parameter-out-of-range", UC_WAKE ":61 A8 01 28", UC_WAKE ":61 A0 01 28"},
    {D29, "parameter-out-of-range", UC_WAKE ":61 80 01 29", UC_WAKE ":61 80 01 28"},
    {V42, "parameter-out-of-range", UC_WAKE ":61 01 94 01 2C", UC_WAKE ":61 01 90 01 2C"},
    {V75, "parameter-out-of-range", UC_WAKE ":61 03 20 02 59", UC_WAKE ":61 03 20 02 58"},
    {V75, "parameter-out-of-range", UC_WAKE ":17 00", NULL},
    // windows and data
    {V75, "data-past-window", SETUP_75 ":13 FF*48001", SETUP_75 ":13 FF*48000"},
    {V75, "data-short-of-window", SETUP_75 ":10 FF*47999 :13", SETUP_75 ":10 FF*48000 :13"},
    {V75, "window-beyond-ram", UC_WAKE ":00 1F :13", UC_WAKE ":00 1F :61 03 20 01 E0 :13"}, // the size is not 800 × 600
    {V583, "window-beyond-ram", UC_WAKE ":61 03 20 01 E0 :13", UC_WAKE ":61 02 88 01 E0 :13"},
    {D29, "data-past-window", UC_WAKE ":00 1F :13 FF*4736", UC_WAKE ":00 9F :13 FF*4736"}, // 96 × 230, else
    // WS's 7.5" with ends of 768 and 256, and what it means
    {V75, "window-beyond-ram", SETUP_75 ":90 02 60 03 FF 00 C8 01 FF 01", SETUP_75 ":90 02 60 02 FF 00 C8 00 FF 01"},
    {V75, "window-beyond-ram", SETUP_75 ":90 00 00 03 20 00 00 01 DF 01", SETUP_75 ":90 00 00 03 1F 00 00 01 DF 01"},
    {V75, "window-beyond-ram", SETUP_75 ":90 00 00 03 1F 00 00 01 E0 01", NULL},
    {D29, "window-beyond-ram", SETUP_29D ":90 00 80 00 00 01 27 28", SETUP_29D ":90 00 7F 00 00 01 27 28"},
    {V75, "window-backwards", SETUP_75 ":90 00 10 00 0F 00 00 00 00 01", SETUP_75 ":90 00 10 00 17 00 00 00 00 01"},
    {V42, "window-backwards", SETUP_42 ":90 00 00 00 07 01 00 00 FF 01", SETUP_42 ":90 00 00 00 07 00 FF 01 00 01"},
    {V42, "data-past-window", SETUP_42 ":90 00 00 00 0F 00 00 00 01 01 :91 :13 FF*5", NULL},
    {V42, "data-short-of-window", SETUP_42 ":90 00 00 00 0F 00 00 00 01 01 :91 :13 FF*3 :92",
     SETUP_42 ":90 00 00 00 0F 00 00 00 01 01 :91 :13 FF*4 :92"},
    // voltages and waveforms
    {D29, "display-with-analog-off", SETUP_29D ":10 " WHITE_29D ":13 " BLACK_29D ":12", READY_29D DRIVE OFF DSLP},
    {V75, "display-with-analog-off", READY_75 OFF ":12", READY_75 OFF ON DRIVE OFF DSLP},
    {D29, "sleep-with-high-voltage", READY_29D DRIVE DSLP, READY_29D DRIVE OFF DSLP},
    {D29, "display-without-waveform", TABLES_29D PLANES_29D ":12", TABLES_29D LUT_FULL PLANES_29D DRIVE OFF DSLP},
    {D29, "display-without-waveform", TABLES_29D ALL_BUT_KK PLANES_29D ":12",
     FULL_29D(WHITE_29D) TABLES_29D ALL_BUT_KK LUT("24", "00") PLANES_29D DRIVE OFF DSLP},
    {D29, "display-without-waveform", TABLES_29D LUT_FULL LUT("22", "40") PLANES_29D ":12", NULL}, // the wrong way
    {D29, "display-without-waveform", TABLES_29D LUT_PARTIAL LUT("21", "80") PLANES_29D ":12", NULL},
    {V75, "display-without-waveform", SETUP_75 ":E0 02 :E5 5F " ON ":12", NULL}, // greys
    // differential refreshes
    {V75, "partial-before-full", SETUP_75_PARTIAL ON ":10 " WHITE_75 ":13 " BLACK_75 ":12", PARTLY_75 DRIVE OFF DSLP},
    {D29, "partial-before-full", FULL_29D(WHITE_29D) "P- ~10 P+ ~10 " PARTIAL_29D(WHITE_29D, BLACK_29D),
     FULL_29D(WHITE_29D) "R- ~10 R+ ~10 " PARTIAL_29D(WHITE_29D, BLACK_29D)},
    {D29, "stale-old-plane", FULL_29D(BLACK_29D) PARTIAL_29D(WHITE_29D, BLACK_29D),
     FULL_29D(BLACK_29D) PARTIAL_29D(BLACK_29D, WHITE_29D)},
    // WS's 2.9" D does not write the old plane at all; its 2.13" D the inverse of the new one
    {D29, "stale-old-plane", FULL_29D(WHITE_29D) SETUP_29D_PARTIAL ON ":13 " BLACK_29D ":12",
     PARTLY_29D DRIVE OFF DSLP},
    {D29, "stale-old-plane", FULL_29D(WHITE_29D) PARTIAL_29D(BLACK_29D, WHITE_29D), NULL},
    {V42, "stale-old-plane", FULL_42(WHITE_42) PARTIAL_42("FF*14999 FE ", WHITE_42),
     FULL_42("FF*14999 FE ") PARTIAL_42("FF*14999 FE ", WHITE_42)},
    {V75, "old-plane-ignored", FULL_75(WHITE_75) SETUP_75_PARTIAL ":50 8B 07 " ON ":10 " WHITE_75 ":13 " BLACK_75 ":12",
     FULL_75(WHITE_75) SETUP_75_PARTIAL ":50 89 07 " ON ":10 " WHITE_75 ":13 " BLACK_75 DRIVE OFF DSLP}, // gfxprim
    // the end of a refresh
    {D29, "reset-in-refresh", READY_29D ":12 ~3599 R-", READY_29D ":12 ~3600 R- ~10 R+ ~10 ? " DSLP},
    {D29, "power-off-in-refresh", READY_29D ":12 ~3599 P-", READY_29D ":12 ~3600 P-"},
    {D29, "not-asleep", READY_29D ":12 ~3600 " OFF "~2751", READY_29D ":12 ~3600 " OFF "~2750 " DSLP "~9999"},
    {V75, "not-asleep", READY_75 ":12 ~5000 " OFF ":07 ~3001",
     READY_75 ":12 ~5000 " OFF ":07 ~1000 A5 ~3001"}, // gfxprim
    {D29, "high-voltage-left-on", UC_WAKE ":04 ~10 ? ~3001", UC_WAKE ":04 ~10 ? ~2900 " OFF "~3001"},
    {D29, "high-voltage-left-on", READY_29D ":12 ~10 ? ~3001", NULL},
    {D29, "no-full-in-24-hours", FULL_29D(WHITE_29D) "~90000001",
     FULL_29D(WHITE_29D) "~89990000 " FULL_29D(WHITE_29D) "~89990000"},
};

static const char *violation_of(const char *row, const char *transcript, char detail[200]) {
    struct chip_fixture fixture;
    chip_fixture_open(&fixture, panel_row_find(row));
    chip_fixture_run(&fixture, transcript);
    chip_watch(fixture.chip);
    const char *name = chip_violation(fixture.chip);
    snprintf(detail, 200, "%s", name ? chip_violation_detail(fixture.chip) : "-");
    chip_fixture_close(&fixture);
    return name;
}

static void names_every_wrong_transcript(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
        char detail[200];
        const char *name = violation_of(wrongs[i].row, wrongs[i].transcript, detail);
        if (!name || strcmp(name, wrongs[i].name) != 0) {
            fail_msg("expected %s, got %s (%s): %s", wrongs[i].name, name ? name : "none", detail,
                     wrongs[i].transcript);
        }
    }
}

static void passes_the_same_done_right(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
        char detail[200];
        const char *name = wrongs[i].right ? violation_of(wrongs[i].row, wrongs[i].right, detail) : NULL;
        if (name) {
            fail_msg("%s (%s) in: %s", name, detail, wrongs[i].right);
        }
    }
}

static void counts_fifteen_partials(void **state) {
    (void)state;
    for (size_t i = 0; i < UC_CASES; i++) {
        struct chip_fixture fixture;
        chip_fixture_open(&fixture, panel_row_find(uc_cases[i].row));
        chip_fixture_run(&fixture, uc_cases[i].full_white);
        chip_fixture_run(&fixture, uc_cases[i].to_black);
        for (int k = 1; k < 15; k++) {
            chip_fixture_run(&fixture, uc_cases[i].black_stays);
        }
        chip_fixture_expect_no_violation(&fixture);
        chip_fixture_run(&fixture, uc_cases[i].full_black); // a full one begins the count anew
        for (int k = 0; k < 15; k++) {
            chip_fixture_run(&fixture, uc_cases[i].black_stays);
        }
        chip_fixture_expect_no_violation(&fixture);
        chip_fixture_run(&fixture, uc_cases[i].black_stays);
        chip_fixture_expect_violation(&fixture, "too-many-partials");
        chip_fixture_close(&fixture);
    }
}

static void refuses_a_clock_above_10_mhz(void **state) {
    (void)state;
    static const struct {
        int64_t spi_hz;
        const char *violation;
    } cases[] = {{0, NULL}, {10000000, NULL}, {10000001, "spi-too-fast"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct chip_fixture fixture;
        chip_fixture_open_with(&fixture, (struct chip_setup){.row = panel_row_find(V75), .spi_hz = cases[i].spi_hz});
        chip_fixture_run(&fixture, UC_WAKE ":71");
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
    for (size_t longer = 0; longer < 2; longer++) {
        struct chip_fixture fixture;
        chip_fixture_open(&fixture, panel_row_find(V75));
        chip_fixture_run(&fixture, SETUP_75 ":13");
        chip_fixture_send(&fixture, plane, 4096 + longer);
        if (longer) {
            chip_fixture_expect_violation(&fixture, "message-too-long");
        } else {
            chip_fixture_expect_no_violation(&fixture);
        }
        chip_fixture_close(&fixture);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_every_wrong_transcript),
        cmocka_unit_test(passes_the_same_done_right),
        cmocka_unit_test(counts_fifteen_partials),
        cmocka_unit_test(refuses_a_clock_above_10_mhz),
        cmocka_unit_test(refuses_a_message_longer_than_the_bus_takes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
