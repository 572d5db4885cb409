// The glass of the emulated SSD1680: where a pixel of the RAM lies for the reader, by turn, bonding and scan; what is
// driven, how often, and what a wrong old plane leaves behind. Expectations are worked out by hand from
// the datasheet.
#include "tests/support/display/chip_fixture.h"

static const struct panel_row row_213_other_side = {ROW_213, .turn = FRAME_TURN_270, .source_range = 0x80};

// 2.9" V2: 128 sources, 296 gates.
static const struct panel_row row_29 = {
    .name = "test-2.9",
    .controller = &controller_ssd1680,
    .width_px = 296,
    .height_px = 128,
    .sources = 128,
    .gates = 296,
    .row_bytes = 16,
    .turn = FRAME_TURN_270,
    .source_range = 0x80,
    .full_ms = 4100,
    .partial_ms = 750,
    .spi_hz = 4000000,
    .spi_max_hz = 20000000,
};

// The other bondings of 2.13" glass: from S0, and from S8 reached by an X offset.
static const struct panel_row row_213_from_s0 = {ROW_213, .turn = FRAME_TURN_90, .source_range = 0x00};
static const struct panel_row row_213_offset = {ROW_213, .turn = FRAME_TURN_90, .source_range = 0x00,
                                                .x_byte_offset = 1};

// One byte of the new plane.
#define BYTE(x, y_low, y_high, value)                                                                                  \
    ":44 " x " " x " :45 " y_low " " y_high " " y_low " " y_high " :4E " x " :4F " y_low " " y_high " :24 " value " "

static int drives_of_all_pixels(const struct chip_fixture *fixture) {
    int drives = 0;
    const struct frame *glass = chip_glass(fixture->chip);
    for (int y = 0; y < glass->height_px; y++) {
        for (int x = 0; x < glass->width_px; x++) {
            drives += chip_drives(fixture->chip, x, y);
        }
    }
    return drives;
}

static void runs_a_ladder_of_partial_refreshes(void **state) {
    (void)state;
    struct chip_fixture fixture;
    chip_fixture_open(&fixture, &row_213);
    chip_fixture_run(&fixture, FULL_WHITE);
    for (int i = 0; i < 7; i++) {
        chip_fixture_run(&fixture, FROM_TO(WHITE, "00*16 FF*3984 "));
        assert_int_equal(chip_fixture_black_px(&fixture), 122); // gate 0 is the leftmost column of the reader's picture
        assert_true(chip_fixture_is_black(&fixture, 0, 0) && chip_fixture_is_black(&fixture, 0, 121) &&
                    !chip_fixture_is_black(&fixture, 1, 0));
        chip_fixture_run(&fixture, FROM_TO("00*16 FF*3984 ", WHITE));
        assert_int_equal(chip_fixture_black_px(&fixture), 0);
    }
    assert_int_equal(chip_drives(fixture.chip, 0, 0), 14);
    assert_int_equal(chip_drives(fixture.chip, 0, 121), 14);
    assert_int_equal(chip_drives(fixture.chip, 1, 0), 0);
    assert_int_equal(drives_of_all_pixels(&fixture), 14 * 122);
    chip_fixture_run(&fixture, FULL_WHITE);
    assert_int_equal(drives_of_all_pixels(&fixture), 0);
    chip_fixture_expect_no_violation(&fixture);
    chip_fixture_close(&fixture);
}

// The same glass stood upright: 122 wide, 250 high to the reader.
#define ROW_UPRIGHT                                                                                                    \
    .name = "test-upright", .controller = &controller_ssd1680, .width_px = 122, .height_px = 250, .sources = 122,      \
    .gates = 250, .row_bytes = 16, .source_range = 0x80, .full_ms = 1700, .partial_ms = 500, .spi_hz = 4000000,        \
    .spi_max_hz = 20000000

static const struct panel_row row_upright = {ROW_UPRIGHT, .turn = FRAME_TURN_0};
static const struct panel_row row_head_down = {ROW_UPRIGHT, .turn = FRAME_TURN_180};

// Where the corners of the reader's picture lie in the controller's RAM. Turned clockwise by 90 a pixel (x, y) of
// 250 × 122 comes to column 121 − y, line x; by 270 to column y, line 249 − x. Column 121 is bit 6 of byte 15.
static const struct corner {
    const struct panel_row *row;
    const char *change;
    int x_px, y_px;
} corners[] = {
    {&row_213, BYTE("0F", "00", "00", "BF"), 0, 0},
    {&row_213, BYTE("0F", "F9", "00", "BF"), 249, 0},
    {&row_213, BYTE("00", "00", "00", "7F"), 0, 121},
    {&row_213, BYTE("00", "F9", "00", "7F"), 249, 121},
    {&row_213, BYTE("0E", "07", "00", "FE"), 7, 2}, // column 119
    {&row_213_other_side, BYTE("00", "F9", "00", "7F"), 0, 0},
    {&row_213_other_side, BYTE("00", "00", "00", "7F"), 249, 0},
    {&row_213_other_side, BYTE("0F", "F9", "00", "BF"), 0, 121},
    {&row_213_other_side, BYTE("0F", "00", "00", "BF"), 249, 121},
    {&row_upright, BYTE("0F", "00", "00", "BF"), 121, 0},
    {&row_upright, BYTE("00", "F9", "00", "7F"), 0, 249},
    {&row_head_down, BYTE("0F", "00", "00", "BF"), 0, 249},
    {&row_head_down, BYTE("00", "F9", "00", "7F"), 121, 0},
};

static void shows_each_corner_where_it_lies(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof corners / sizeof corners[0]; i++) {
        struct chip_fixture fixture;
        chip_fixture_open(&fixture, corners[i].row);
        chip_fixture_run(&fixture, WAKE SETUP_213 ":24 " WHITE ":26 " WHITE);
        chip_fixture_run(&fixture, corners[i].change);
        chip_fixture_run(&fixture, FULL SLEEP);
        assert_int_equal(chip_fixture_black_px(&fixture), 1);
        assert_true(chip_fixture_is_black(&fixture, corners[i].x_px, corners[i].y_px));
        chip_fixture_expect_no_violation(&fixture);
        chip_fixture_close(&fixture);
    }
}

// A single pixel driven by a differential refresh is counted where the reader sees it.
static void counts_drives_where_the_reader_sees_them(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof corners / sizeof corners[0]; i++) {
        struct chip_fixture fixture;
        chip_fixture_open(&fixture, corners[i].row);
        chip_fixture_run(&fixture, FULL_WHITE WAKE SETUP_213);
        chip_fixture_run(&fixture, corners[i].change);
        chip_fixture_run(&fixture, PARTIAL SLEEP);
        assert_int_equal(chip_fixture_black_px(&fixture), 1);
        assert_int_equal(drives_of_all_pixels(&fixture), 1);
        assert_int_equal(chip_drives(fixture.chip, corners[i].x_px, corners[i].y_px), 1);
        chip_fixture_expect_no_violation(&fixture);
        chip_fixture_close(&fixture);
    }
}

static void shows_the_corners_of_the_larger_glass(void **state) {
    (void)state;
    struct chip_fixture fixture;
    chip_fixture_open(&fixture, &row_29);
    chip_fixture_run(&fixture, WAKE ":01 27 01 00 :11 03 :3C 05 :21 00 80 :18 80 :44 00 0F :45 00 00 27 01 " HOME
                                    ":24 FF*4736 :26 FF*4736 ");
    chip_fixture_run(&fixture, BYTE("00", "27", "01", "7F") BYTE("0F", "00", "00", "FE") ":22 F7 :20");
    assert_int_equal(chip_next_edge_ms(fixture.chip), fixture.now_ms + 4100);
    chip_fixture_run(&fixture, "? " SLEEP);
    assert_int_equal(chip_fixture_black_px(&fixture), 2);
    assert_true(chip_fixture_is_black(&fixture, 0, 0) && chip_fixture_is_black(&fixture, 295, 127));
    chip_fixture_expect_no_violation(&fixture);
    chip_fixture_close(&fixture);
}

// A picture whose leftmost RAM byte is black, on glass of each bonding, by drivers of each belief. Column 0 is the
// bottom of the reader's picture: y = 121. Eight columns further right, y = 113.
static void shifts_the_picture_by_a_wrong_bonding(void **state) {
    (void)state;
#define COLUMN_0 ":44 00 00 :4E 00 :24 00*250 "
#define COLUMN_1 ":44 01 01 :4E 01 :24 00*250 "
    static const struct {
        const struct panel_row *row;
        const char *driver;
        int lowest_black_y_px; // −1: off the glass
    } cases[] = {
        {&row_213, ":21 00 80 " COLUMN_0, 121},         {&row_213, ":21 00 00 " COLUMN_1, 121},
        {&row_213, ":21 00 00 " COLUMN_0, -1},          {&row_213, ":21 00 80 " COLUMN_1, 113},
        {&row_213_offset, ":21 00 00 " COLUMN_1, 121},  {&row_213_offset, ":21 00 80 " COLUMN_1, 113},
        {&row_213_from_s0, ":21 00 00 " COLUMN_0, 121}, {&row_213_from_s0, ":21 00 80 " COLUMN_0, 113},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct chip_fixture fixture;
        chip_fixture_open(&fixture, cases[i].row);
        chip_fixture_run(&fixture, WAKE SETUP_213 ":44 00 10 :24 FF*4250 :26 FF*4250 ");
        chip_fixture_run(&fixture, cases[i].driver);
        chip_fixture_run(&fixture, FULL SLEEP);
        int lowest = 121;
        while (lowest >= 0 && !chip_fixture_is_black(&fixture, 100, lowest)) {
            lowest--;
        }
        assert_int_equal(lowest, cases[i].lowest_black_y_px);
        assert_int_equal(chip_fixture_black_px(&fixture), lowest < 0 ? 0 : 8 * 250);
        chip_fixture_expect_no_violation(&fixture);
        chip_fixture_close(&fixture);
    }
}

static void leaves_undriven_columns_as_they_are(void **state) {
    (void)state;
    struct chip_fixture fixture;
    chip_fixture_open(&fixture, &row_213_from_s0);
    chip_fixture_run(&fixture, FULL_WHITE WAKE SETUP_213 ":21 00 80 :24 " BLACK ":26 " WHITE FULL SLEEP);
    assert_int_equal(chip_fixture_black_px(&fixture), 250 * (122 - 8)); // S0 to S7 have no output in this range
    chip_fixture_close(&fixture);
}

static void leaves_stale_pixels_on_the_glass(void **state) {
    (void)state;
    struct chip_fixture fixture;
    chip_fixture_open(&fixture, &row_213);
    chip_fixture_run(&fixture, FULL_WHITE FROM_TO(WHITE, "00*16 FF*3984 "));
    // The old plane claims white where line 0 is black: white to white drives nothing, the black line stays.
    chip_fixture_run(&fixture, FROM_TO(WHITE, "FF*16 00*16 FF*3968 "));
    assert_int_equal(chip_fixture_black_px(&fixture), 2 * 122);
    chip_fixture_expect_violation(&fixture, "stale-old-plane");
    assert_non_null(strstr(chip_violation_detail(fixture.chip), "122 pixels"));
    chip_fixture_close(&fixture);
}

// More than 31 drives of a pixel stay 31; the rule of 15 has been broken long before, and the model goes on.
static void counts_up_to_thirty_one(void **state) {
    (void)state;
    struct chip_fixture fixture;
    chip_fixture_open(&fixture, &row_213);
    chip_fixture_run(&fixture, FULL_WHITE);
    for (int i = 0; i < 17; i++) {
        chip_fixture_run(&fixture, FROM_TO(WHITE, "00*16 FF*3984 "));
        chip_fixture_run(&fixture, FROM_TO("00*16 FF*3984 ", WHITE));
        assert_int_equal(chip_drives(fixture.chip, 0, 50), 2 * i + 2 < 31 ? 2 * i + 2 : 31);
        assert_int_equal(chip_drives(fixture.chip, 1, 50), 0);
    }
    chip_fixture_expect_violation(&fixture, "too-many-partials");
    chip_fixture_close(&fixture);
}

static void ignores_the_pad_bits_of_a_row(void **state) {
    (void)state;
    struct chip_fixture fixture;
    chip_fixture_open(&fixture, &row_213);
    // The six low bits of byte 15 have no glass: 0 there is neither stale nor driven.
    chip_fixture_run(&fixture, FULL_WHITE WAKE SETUP_213
                     ":26 " WHITE BYTE("0F", "00", "00", "C0") ":44 0F 0F :45 01 00 01 00 "
                                                               ":4E 0F :4F 01 00 :26 C0 " PARTIAL SLEEP);
    assert_int_equal(chip_fixture_black_px(&fixture), 0);
    chip_fixture_expect_no_violation(&fixture);
    chip_fixture_close(&fixture);
}

static void scans_as_0x01_says(void **state) {
    (void)state;
    static const struct {
        const char *scan;
        int x_px; // where the second line of the RAM, the only black one, is shown
    } cases[] = {
        {":01 F9 00 00 ", 1},
        {":01 F9 00 01 ", 248},               // TB: from the last gate
        {":01 F9 00 02 ", 2},                 // SM: even gates first
        {":01 F9 00 04 ", 0},                 // GD: neighbours change places
        {":01 F9 00 00 :0F 03 00 ", 4},       // scan starts at gate 3
        {":01 27 01 00 ", 1},                 // more lines than the glass has
        {":01 63 00 00 :45 00 00 63 00 ", 1}, // 100 lines only
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct chip_fixture fixture;
        chip_fixture_open(&fixture, &row_213);
        chip_fixture_run(&fixture, WAKE SETUP_213 ":24 FF*16 00*16 FF*3968 :26 " WHITE);
        chip_fixture_run(&fixture, cases[i].scan);
        chip_fixture_run(&fixture, FULL SLEEP);
        assert_int_equal(chip_fixture_black_px(&fixture), 122);
        assert_true(chip_fixture_is_black(&fixture, cases[i].x_px, 60));
        chip_fixture_close(&fixture);
    }
}

static void drives_the_border(void **state) {
    (void)state;
    static const struct {
        const char *border;
        const char *sequence;
        bool white_before, white_after;
    } cases[] = {{":3C 00 ", FULL, true, false},   {":3C 05 ", FULL, true, true},    {":3C C0 ", FULL, false, false},
                 {":3C 05 ", FULL, false, true},   {":3C 80 ", PARTIAL, true, true}, {":3C 80 ", PARTIAL, false, false},
                 {":3C 05 ", PARTIAL, false, true}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct chip_fixture fixture;
        chip_fixture_open(&fixture, &row_213);
        chip_fixture_run(&fixture, WAKE SETUP_213 ":24 " WHITE ":26 " WHITE);
        chip_fixture_run(&fixture, cases[i].white_before ? ":3C 05 " FULL : ":3C 00 " FULL);
        assert_int_equal(chip_border_is_white(fixture.chip), cases[i].white_before);
        chip_fixture_run(&fixture, cases[i].border);
        chip_fixture_run(&fixture, cases[i].sequence);
        assert_int_equal(chip_border_is_white(fixture.chip), cases[i].white_after);
        chip_fixture_expect_no_violation(&fixture);
        chip_fixture_close(&fixture);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_a_ladder_of_partial_refreshes),
        cmocka_unit_test(shows_each_corner_where_it_lies),
        cmocka_unit_test(counts_drives_where_the_reader_sees_them),
        cmocka_unit_test(shows_the_corners_of_the_larger_glass),
        cmocka_unit_test(shifts_the_picture_by_a_wrong_bonding),
        cmocka_unit_test(leaves_undriven_columns_as_they_are),
        cmocka_unit_test(leaves_stale_pixels_on_the_glass),
        cmocka_unit_test(counts_up_to_thirty_one),
        cmocka_unit_test(ignores_the_pad_bits_of_a_row),
        cmocka_unit_test(scans_as_0x01_says),
        cmocka_unit_test(drives_the_border),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
