// Tests of the 1-bit image.
#include "display/frame/frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

// Draws rows of '#' (black) and '.' (white), one string a row.
static struct frame frame_from(int width_px, int height_px, const char *const *rows) {
    struct frame frame;
    assert_int_equal(frame_init(&frame, width_px, height_px), 0);
    for (int y = 0; y < height_px; y++) {
        for (int x = 0; x < width_px; x++) {
            frame_set(&frame, x, y, rows[y][x] == '.');
        }
    }
    return frame;
}

static void assert_rows(const struct frame *frame, const char *const *rows) {
    for (int y = 0; y < frame->height_px; y++) {
        for (int x = 0; x < frame->width_px; x++) {
            if (frame_is_white(frame, x, y) != (rows[y][x] == '.')) {
                fail_msg("pixel %d,%d is not '%c'", x, y, rows[y][x]);
            }
        }
    }
}

static void assert_pads_are_1(const struct frame *frame) {
    const int used = (frame->width_px - 1) % 8 + 1;
    const uint8_t pads = (uint8_t)(0xFF >> used);
    for (int y = 0; y < frame->height_px; y++) {
        assert_int_equal(frame->bits[(y + 1) * frame->stride_bytes - 1] & pads, pads);
    }
}

static void new_frame_is_white_with_rows_of_whole_bytes(void **state) {
    (void)state;
    static const struct {
        int width_px, height_px, stride_bytes;
    } sizes[] = {{1, 1, 1}, {7, 3, 1}, {8, 3, 1}, {9, 3, 2}, {122, 250, 16}, {128, 296, 16}, {250, 122, 32}};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct frame frame;
        assert_int_equal(frame_init(&frame, sizes[i].width_px, sizes[i].height_px), 0);
        assert_int_equal(frame.stride_bytes, sizes[i].stride_bytes);
        for (int b = 0; b < frame.stride_bytes * frame.height_px; b++) {
            assert_int_equal(frame.bits[b], 0xFF);
        }
        frame_clear(&frame);
        assert_null(frame.bits);
        frame_clear(&frame);
    }
}

static void leftmost_pixel_is_the_most_significant_bit(void **state) {
    (void)state;
    struct frame frame;
    assert_int_equal(frame_init(&frame, 10, 2), 0);
    frame_set(&frame, 0, 0, false);
    frame_set(&frame, 8, 1, false);
    assert_int_equal(frame.bits[0], 0x7F);
    assert_int_equal(frame.bits[1], 0xFF);
    assert_int_equal(frame.bits[2], 0xFF);
    assert_int_equal(frame.bits[3], 0x7F);
    assert_false(frame_is_white(&frame, 0, 0));
    frame_set(&frame, 0, 0, true);
    assert_int_equal(frame.bits[0], 0xFF);
    frame_clear(&frame);
}

static void black_fill_leaves_the_pads_white(void **state) {
    (void)state;
    struct frame frame;
    assert_int_equal(frame_init(&frame, 11, 2), 0);
    frame_fill(&frame, false);
    const uint8_t black[] = {0x00, 0x1F, 0x00, 0x1F}; // 11 pixels: 5 pads in the second byte
    assert_memory_equal(frame.bits, black, sizeof black);
    frame_fill(&frame, true);
    assert_int_equal(frame.bits[1], 0xFF);
    frame_clear(&frame);
}

static void difference_is_the_smallest_rectangle(void **state) {
    (void)state;
    static const struct {
        int pixels[3][2]; // to be blackened; {-1} ends the list
        struct frame_area area;
    } cases[] = {
        {{{-1}}, {0, 0, 0, 0}},
        {{{0, 0}, {-1}}, {0, 0, 1, 1}},
        {{{18, 4}, {-1}}, {18, 4, 1, 1}},
        {{{7, 1}, {8, 1}, {-1}}, {7, 1, 2, 1}},
        {{{3, 4}, {17, 0}, {9, 2}}, {3, 0, 15, 5}},
        {{{5, 3}, {2, 1}, {6, 2}}, {2, 1, 5, 3}}, // all in one byte column
    };
    struct frame a, b;
    assert_int_equal(frame_init(&a, 19, 5), 0);
    assert_int_equal(frame_init(&b, 19, 5), 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        frame_fill(&b, true);
        for (size_t p = 0; p < 3 && cases[i].pixels[p][0] >= 0; p++) {
            frame_set(&b, cases[i].pixels[p][0], cases[i].pixels[p][1], false);
        }
        const struct frame_area area = frame_difference(&a, &b), reverse = frame_difference(&b, &a);
        assert_memory_equal(&area, &cases[i].area, sizeof area);
        assert_memory_equal(&reverse, &cases[i].area, sizeof area);
        assert_int_equal(frame_equal(&a, &b), area.width_px == 0);
    }
    frame_clear(&a);
    frame_clear(&b);
}

static void pads_are_no_difference(void **state) {
    (void)state;
    struct frame a, b;
    assert_int_equal(frame_init(&a, 9, 1), 0);
    assert_int_equal(frame_init(&b, 9, 1), 0);
    b.bits[1] = 0x80; // the ninth pixel white, every pad 0: a frame that somebody else drew
    assert_true(frame_equal(&a, &b));
    b.bits[1] = 0x7F;
    assert_false(frame_equal(&a, &b));
    frame_clear(&a);
    frame_clear(&b);
}

static void copy_takes_every_pixel(void **state) {
    (void)state;
    const char *const rows[] = {"#........#", ".#......#."};
    struct frame from = frame_from(10, 2, rows), to;
    assert_int_equal(frame_init(&to, 10, 2), 0);
    assert_false(frame_equal(&from, &to));
    frame_copy(&to, &from);
    assert_true(frame_equal(&from, &to));
    assert_rows(&to, rows);
    frame_clear(&from);
    frame_clear(&to);
}

// An F with a dot at its foot looks different from every side.
static const char *const letter[] = {
    "####......", //
    "#.........", //
    "##......#.", //
};
static const char *const letter_90[] = {"###", "#.#", "..#", "..#", "...", "...", "...", "...", "#..", "..."};
static const char *const letter_180[] = {".#......##", ".........#", "......####"};
static const char *const letter_270[] = {"...", "..#", "...", "...", "...", "...", "#..", "#..", "#.#", "###"};

static void turns_go_clockwise(void **state) {
    (void)state;
    static const struct {
        enum frame_turn turn;
        int width_px, height_px;
        const char *const *rows;
    } cases[] = {{FRAME_TURN_0, 10, 3, letter},
                 {FRAME_TURN_90, 3, 10, letter_90},
                 {FRAME_TURN_180, 10, 3, letter_180},
                 {FRAME_TURN_270, 3, 10, letter_270}};
    struct frame from = frame_from(10, 3, letter);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct frame to;
        assert_int_equal(frame_init(&to, cases[i].width_px, cases[i].height_px), 0);
        frame_fill(&to, false); // what was there before does not shine through
        frame_turn(&to, &from, cases[i].turn);
        assert_rows(&to, cases[i].rows);
        assert_pads_are_1(&to);
        frame_clear(&to);
    }
    frame_clear(&from);
}

static void turn_ignores_black_pads(void **state) {
    (void)state;
    struct frame from, to;
    assert_int_equal(frame_init(&from, 3, 1), 0);
    assert_int_equal(frame_init(&to, 1, 3), 0);
    from.bits[0] = 0xC0; // white, white, black, and pads of 0
    frame_turn(&to, &from, FRAME_TURN_90);
    assert_rows(&to, (const char *const[]){".", ".", "#"});
    frame_clear(&from);
    frame_clear(&to);
}

// Where a turn takes the pixel (x, y) of a frame of this size.
static void expect_turned_px(const struct frame *to, const struct frame *from, enum frame_turn turn, int x, int y) {
    const int last_x = from->width_px - 1, last_y = from->height_px - 1;
    const struct {
        enum frame_turn turn;
        int x, y;
    } paths[] = {{FRAME_TURN_0, x, y},
                 {FRAME_TURN_90, last_y - y, x},
                 {FRAME_TURN_180, last_x - x, last_y - y},
                 {FRAME_TURN_270, y, last_x - x}};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        if (paths[i].turn == turn) {
            assert_int_equal(frame_is_white(to, paths[i].x, paths[i].y), frame_is_white(from, x, y));
        }
    }
}

// Sizes about the edges of bytes, whose pads are black in the source.
static void turn_takes_every_pixel(void **state) {
    (void)state;
    static const int sizes_px[][2] = {{1, 1}, {7, 9}, {8, 8}, {9, 7}, {16, 3}, {17, 33}, {250, 122}, {296, 128}};
    uint32_t seed = 1;
    for (size_t i = 0; i < 4 * sizeof sizes_px / sizeof sizes_px[0]; i++) {
        const int width_px = sizes_px[i / 4][0], height_px = sizes_px[i / 4][1];
        const enum frame_turn turn = (enum frame_turn)(i % 4 * 90);
        struct frame from, to;
        assert_int_equal(frame_init(&from, width_px, height_px), 0);
        assert_int_equal(frame_init(&to, i % 2 ? height_px : width_px, i % 2 ? width_px : height_px), 0);
        memset(from.bits, 0, (size_t)from.stride_bytes * (size_t)height_px);
        for (int y = 0; y < height_px; y++) {
            for (int x = 0; x < width_px; x++) {
                seed = seed * 1664525u + 1013904223u; // Numerical Recipes' generator
                frame_set(&from, x, y, seed >> 31);
            }
        }
        frame_turn(&to, &from, turn);
        for (int y = 0; y < height_px; y++) {
            for (int x = 0; x < width_px; x++) {
                expect_turned_px(&to, &from, turn, x, y);
            }
        }
        assert_pads_are_1(&to);
        frame_clear(&from);
        frame_clear(&to);
    }
}

// Four quarter turns of an odd-sized glass full of pixels come back to the same picture.
static void four_quarter_turns_are_none(void **state) {
    (void)state;
    struct frame upright, turned, back;
    assert_int_equal(frame_init(&upright, 250, 122), 0);
    assert_int_equal(frame_init(&turned, 122, 250), 0);
    assert_int_equal(frame_init(&back, 250, 122), 0);
    uint32_t seed = 1;
    for (int y = 0; y < 122; y++) {
        for (int x = 0; x < 250; x++) {
            seed = seed * 1664525u + 1013904223u; // Numerical Recipes' generator
            frame_set(&upright, x, y, seed >> 31);
        }
    }
    frame_turn(&turned, &upright, FRAME_TURN_90);
    frame_turn(&back, &turned, FRAME_TURN_90);
    assert_false(frame_equal(&back, &upright));
    frame_turn(&turned, &back, FRAME_TURN_90);
    frame_turn(&back, &turned, FRAME_TURN_90);
    assert_true(frame_equal(&back, &upright));
    frame_turn(&turned, &upright, FRAME_TURN_270);
    frame_turn(&back, &turned, FRAME_TURN_90);
    assert_true(frame_equal(&back, &upright));
    frame_clear(&upright);
    frame_clear(&turned);
    frame_clear(&back);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_frame_is_white_with_rows_of_whole_bytes),
        cmocka_unit_test(leftmost_pixel_is_the_most_significant_bit),
        cmocka_unit_test(black_fill_leaves_the_pads_white),
        cmocka_unit_test(difference_is_the_smallest_rectangle),
        cmocka_unit_test(pads_are_no_difference),
        cmocka_unit_test(copy_takes_every_pixel),
        cmocka_unit_test(turns_go_clockwise),
        cmocka_unit_test(turn_ignores_black_pads),
        cmocka_unit_test(turn_takes_every_pixel),
        cmocka_unit_test(four_quarter_turns_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
