// How the emulated SSD1680, SSD1681 and SSD1683 differ, as a table; the rules that only one of them has, each with its
// wrong transcript and the smallest change that makes it right; where the corners of their glass lie. Expectations are
// worked out by hand from the three datasheets.
#include "tests/support/display/chip_fixture.h"

#include "display/chip/ssd1680.h"

enum kind { SSD1680, SSD1681, SSD1683, KIND_COUNT };

#define TIMES .full_ms = 2000, .fast_ms = 1500, .partial_ms = 500, .spi_hz = 4000000, .spi_max_hz = 20000000

static const struct panel_row rows_of_kinds[KIND_COUNT] = {
    {.name = "test-1680",
     .controller = &controller_ssd1680,
     .width_px = 176,
     .height_px = 296,
     .sources = 176,
     .gates = 296,
     .row_bytes = 22,
     TIMES},
    {.name = "test-1681",
     .controller = &controller_ssd1681,
     .width_px = 200,
     .height_px = 200,
     .sources = 200,
     .gates = 200,
     .row_bytes = 25,
     TIMES},
    {.name = "test-1683",
     .controller = &controller_ssd1683,
     .width_px = 400,
     .height_px = 300,
     .sources = 400,
     .gates = 300,
     .row_bytes = 50,
     TIMES},
};

static const char RANGE[] = "parameter-out-of-range", COUNT[] = "wrong-parameter-count", BEYOND[] = "window-beyond-ram";

static const struct {
    const char *transcript; // after the wake-up
    const char *violations[KIND_COUNT];
} differences[] = {
    // 0x01: as many gates as there are
    {":01 C7 00 00", {NULL, NULL, NULL}},
    {":01 C8 00 00", {NULL, RANGE, NULL}},
    {":01 28 01 00", {RANGE, RANGE, NULL}},
    {":01 2C 01 00", {RANGE, RANGE, RANGE}},
    // 0x0F: the SSD1681 has none
    {":0F 00 00", {NULL, "unknown-command", NULL}},
    {":0F 28 01", {RANGE, "unknown-command", NULL}},
    // 0x1A: twelve bits in two bytes, or whole degrees in one
    {":1A 64 00 :11 03", {NULL, NULL, COUNT}},
    {":1A 6E :11 03", {COUNT, COUNT, NULL}},
    {":1A 64 01 :11 03", {RANGE, RANGE, COUNT}},
    // 0x21, second byte: source range, nothing, cascade
    {":21 00 80", {NULL, RANGE, RANGE}},
    {":21 00 10", {RANGE, RANGE, NULL}},
    {":21 40 00", {NULL, NULL, NULL}},
    // 0x32: 153 or 227 bytes
    {":32 00*153 :11 03", {NULL, NULL, COUNT}},
    {":32 00*227 :11 03", {COUNT, COUNT, NULL}},
    // 0x44, 0x4E in bytes, 0x45, 0x4F in lines
    {":44 00 15", {NULL, NULL, NULL}},
    {":44 00 18", {RANGE, NULL, NULL}},
    {":44 00 31", {RANGE, RANGE, NULL}},
    {":44 00 32", {RANGE, RANGE, RANGE}},
    {":4E 16", {RANGE, NULL, NULL}},
    {":4E 19", {RANGE, RANGE, NULL}},
    {":45 00 00 C7 00", {NULL, NULL, NULL}},
    {":45 00 00 C8 00", {NULL, RANGE, NULL}},
    {":45 00 00 2B 01", {RANGE, RANGE, NULL}},
    {":45 00 00 2C 01", {RANGE, RANGE, RANGE}},
    {":4F C8 00", {NULL, RANGE, NULL}},
    {":4F 28 01", {RANGE, RANGE, NULL}},
    // The window after a reset is the RAM's, but on the SSD1681, where it must be set.
    {":24", {NULL, BEYOND, NULL}},
    {":44 00 15 :45 00 00 C7 00 :4E 00 :4F 00 00 :24 FF*4400 :22 01", {NULL, NULL, NULL}},
};

static void differ_as_the_table_says(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof differences / sizeof differences[0]; i++) {
        for (int kind = 0; kind < KIND_COUNT; kind++) {
            struct chip_fixture fixture;
            chip_fixture_open(&fixture, &rows_of_kinds[kind]);
            chip_fixture_run(&fixture, WAKE);
            chip_fixture_run(&fixture, differences[i].transcript);
            chip_watch(fixture.chip);
            const char *expected = differences[i].violations[kind], *got = chip_violation(fixture.chip);
            if ((expected == NULL) != (got == NULL) || (got && strcmp(expected, got) != 0)) {
                fail_msg("%s on the %s: expected %s, got %s (%s)", differences[i].transcript,
                         rows_of_kinds[kind].controller->name, expected ? expected : "none", got ? got : "none",
                         got ? chip_violation_detail(fixture.chip) : "-");
            }
            chip_fixture_close(&fixture);
        }
    }
}

// Nanoamperes, datasheets: about 1 µA and 0.7 µA, on the SSD1683 3 µA and 1 µA.
static void sleep_at_their_currents(void **state) {
    (void)state;
    static const int currents_na[KIND_COUNT][2] = {{1000, 700}, {1000, 700}, {3000, 1000}};
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        struct chip_fixture fixture;
        chip_fixture_open(&fixture, &rows_of_kinds[kind]);
        chip_fixture_run(&fixture, WAKE);
        assert_int_equal(ssd1680_sleep_current_na(fixture.chip), -1);
        chip_fixture_run(&fixture, ":10 01 ");
        assert_int_equal(ssd1680_sleep_current_na(fixture.chip), currents_na[kind][0]);
        chip_fixture_run(&fixture, WAKE);
        assert_int_equal(ssd1680_sleep_current_na(fixture.chip), -1);
        chip_fixture_run(&fixture, ":10 03 ");
        assert_int_equal(ssd1680_sleep_current_na(fixture.chip), currents_na[kind][1]);
        chip_fixture_run(&fixture, "P- ");
        assert_int_equal(ssd1680_sleep_current_na(fixture.chip), 0);
        chip_fixture_expect_no_violation(&fixture);
        chip_fixture_close(&fixture);
    }
}

// ---- pictures ----

// SSD1681, facts 1.3: rows of 25 bytes, 200 of them. SSD1683, facts 1.4: rows of 50 bytes, 300 of them; the old plane
// is bypassed in a full refresh.
#define SETUP_1681                      WAKE ":01 C7 00 00 :11 03 :3C 05 :18 80 :44 00 18 :45 00 00 C7 00 " HOME
#define SETUP_1683                      WAKE ":01 2B 01 00 :11 03 :3C 05 :18 80 :44 00 31 :45 00 00 2B 01 " HOME
#define WHITE_1681                      SETUP_1681 ":26 FF*5000 :24 FF*5000 :22 F7 :20 ? :10 01 "
#define FULL_1683(new_)                 SETUP_1683 ":21 40 00 :26 " new_ ":24 " new_ ":22 F7 :20 ? :10 01 "
#define WHITE_1683                      "FF*15000 "
#define BLACK_1683                      "00*15000 "
#define FROM_TO_1683(planes, old, new_) SETUP_1683 ":21 " planes " :26 " old ":24 " new_ ":22 FF :20 ? :10 01 "

static const struct {
    enum kind kind;
    const char *transcript;
    int black_px;
    int x_px, y_px; // one of the black ones
} pictures[] = {
    {SSD1681, SETUP_1681 ":26 FF*5000 :24 7F FF*4999 :22 F7 :20 ? :10 01 ", 1, 0, 0},
    {SSD1681, SETUP_1681 ":26 FF*5000 :24 FF*4999 FE :22 F7 :20 ? :10 01 ", 1, 199, 199},
    {SSD1681, SETUP_1681 ":26 FF*5000 :24 FF*24 FE FF*4975 :22 F7 :20 ? :10 01 ", 1, 199, 0},
    // Waveshare's way: rows bottom up, scanned from the last gate. The picture is upright.
    {SSD1681,
     WAKE ":01 C7 00 01 :11 01 :3C 05 :18 80 :44 00 18 :45 C7 00 00 00 :4E 00 :4F C7 00 :26 FF*5000 :24 7F FF*4999 "
          ":22 F7 :20 ? :10 01 ",
     1, 0, 0},
    {SSD1681, WHITE_1681 SETUP_1681 ":26 FF*5000 :24 FF*4999 FE :22 FF :20 ? :10 01 ", 1, 199, 199},
    {SSD1683, FULL_1683("7F FF*14999 "), 1, 0, 0},
    {SSD1683, FULL_1683("FF*14999 FE "), 1, 399, 299},
    {SSD1683, FULL_1683("FF*49 FE FF*14950 "), 1, 399, 0},
    {SSD1683, FULL_1683("FF*14950 7F FF*49 "), 1, 0, 299},
    {SSD1683, FULL_1683(WHITE_1683) FROM_TO_1683("00 00", WHITE_1683, "FF*14999 FE "), 1, 399, 299},
    {SSD1683, FULL_1683(WHITE_1683) FROM_TO_1683("00 00", WHITE_1683, BLACK_1683), 120000, 200, 150},
};

static void show_pictures_where_they_lie(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof pictures / sizeof pictures[0]; i++) {
        struct chip_fixture fixture;
        chip_fixture_open(&fixture, &rows_of_kinds[pictures[i].kind]);
        chip_fixture_run(&fixture, pictures[i].transcript);
        chip_fixture_expect_no_violation(&fixture);
        assert_int_equal(chip_fixture_black_px(&fixture), pictures[i].black_px);
        assert_true(chip_fixture_is_black(&fixture, pictures[i].x_px, pictures[i].y_px));
        assert_true(chip_is_asleep(fixture.chip));
        chip_fixture_close(&fixture);
    }
}

// ---- rules that not all of them have ----

// 2.13" glass whose OTP has no differential waveform.
static const struct panel_row row_213_bare = {ROW_213, .turn = FRAME_TURN_90, .source_range = 0x80,
                                              .partial_from_host = true};

#define OLD_AND_NEW ":26 " WHITE ":24 " BLACK

static const struct {
    const char *name;
    const struct panel_row *row;
    const char *transcript;
    const char *right; // the same, done right
} wrongs[] = {
    {"red-not-bypassed", &rows_of_kinds[SSD1683],
     SETUP_1683 ":21 00 00 :26 " WHITE_1683 ":24 " WHITE_1683 ":22 F7 :20 ? :10 01", FULL_1683(WHITE_1683)},
    {"red-not-bypassed", &rows_of_kinds[SSD1683],
     SETUP_1683 ":26 " WHITE_1683 ":24 " WHITE_1683 ":1A 6E :22 D7 :20 ? :10 01",
     SETUP_1683 ":21 40 00 :26 " WHITE_1683 ":24 " WHITE_1683 ":1A 6E :22 D7 :20 ? :10 01"},
    // The bypass of the full refresh left on: the old plane reads black, whatever was sent.
    {"stale-old-plane", &rows_of_kinds[SSD1683], FULL_1683(WHITE_1683) FROM_TO_1683("40 00", WHITE_1683, BLACK_1683),
     FULL_1683(WHITE_1683) FROM_TO_1683("00 00", WHITE_1683, BLACK_1683)},
    // No waveform in the OTP: the controller would skip the refresh in silence.
    {"display-without-waveform", &row_213_bare, FULL_WHITE WAKE SETUP_213 OLD_AND_NEW ":22 FF :20 ? :10 01",
     FULL_WHITE WAKE SETUP_213 OLD_AND_NEW ":22 B1 :20 ? :32 00*153 :22 CF :20 ? :10 01"},
    // A LUT load after it takes the host's waveform away again.
    {"display-without-waveform", &row_213_bare, FULL_WHITE WAKE SETUP_213 OLD_AND_NEW ":32 00*153 :22 FF :20 ? :10 01",
     NULL},
    // The glass of the other rows has one.
    {"stale-old-plane", &row_213, FULL_WHITE FROM_TO(BLACK, BLACK),
     FULL_WHITE WAKE SETUP_213 OLD_AND_NEW PARTIAL SLEEP},
};

static void name_every_wrong_transcript(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
        struct chip_fixture fixture;
        chip_fixture_open(&fixture, wrongs[i].row);
        chip_fixture_run(&fixture, wrongs[i].transcript);
        chip_fixture_expect_violation(&fixture, wrongs[i].name);
        chip_fixture_close(&fixture);
        if (!wrongs[i].right) {
            continue;
        }
        chip_fixture_open(&fixture, wrongs[i].row);
        chip_fixture_run(&fixture, wrongs[i].right);
        chip_fixture_expect_no_violation(&fixture);
        chip_fixture_close(&fixture);
    }
}

// ---- the fast refresh ----

// A written temperature makes the waveform short; a measured one makes it long again. On glass without a fast one
// nothing becomes shorter.
static void run_fast_by_a_written_temperature(void **state) {
    (void)state;
    static const struct panel_row row_slow = {ROW_213, .turn = FRAME_TURN_90, .source_range = 0x80};
    static const struct {
        const struct panel_row *row;
        const char *sequence;
        int64_t duration_ms;
    } cases[] = {
        {&rows_of_kinds[SSD1680], ":1A 64 00 :22 D7 :20", 1500},
        {&rows_of_kinds[SSD1680], ":1A 64 00 :22 91 :20 ? :22 C7 :20", 1500},
        {&rows_of_kinds[SSD1680], ":1A 64 00 :22 F7 :20", 2000},
        {&rows_of_kinds[SSD1681], ":1A 64 00 :22 D7 :20", 1500},
        {&rows_of_kinds[SSD1681], ":22 F7 :20", 2000},
        {&rows_of_kinds[SSD1683], ":21 40 00 :1A 6E :22 D7 :20", 1500},
        {&rows_of_kinds[SSD1683], ":21 40 00 :1A 6E :22 91 :20 ? :22 C7 :20", 1500},
        {&rows_of_kinds[SSD1683], ":21 40 00 :1A 6E :22 B1 :20 ? :22 C7 :20", 2000},
        {&row_slow, ":1A 64 00 :22 D7 :20", 1700},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct chip_fixture fixture;
        chip_fixture_open(&fixture, cases[i].row);
        chip_fixture_run(&fixture, WAKE ":18 80 ");
        chip_fixture_run(&fixture, cases[i].sequence);
        assert_int_equal(chip_next_edge_ms(fixture.chip), fixture.now_ms + cases[i].duration_ms);
        chip_fixture_run(&fixture, "? :10 01");
        chip_fixture_expect_no_violation(&fixture);
        chip_fixture_close(&fixture);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(differ_as_the_table_says),          cmocka_unit_test(sleep_at_their_currents),
        cmocka_unit_test(show_pictures_where_they_lie),      cmocka_unit_test(name_every_wrong_transcript),
        cmocka_unit_test(run_fast_by_a_written_temperature),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
