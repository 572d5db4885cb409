// The canvas: type that is measured, drawn in whole pixels, and read back; pictures; what was written where.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka.h wants the four above.
#include <cmocka.h>

#include "display/draw/canvas.h"
#include "display/draw/draw.h"
#include "tests/support/run/limit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FONTS "/usr/share/fonts/opentype/b612"

// A glass of 2.13" and one of 4.2": pixels, pitch and reading distance.
static const struct glass SMALL = {250, 122, 0.194, 0.6};
static const struct glass LARGE = {400, 300, 0.212, 1.0};

static struct canvas *canvas_of(const struct glass *glass) {
    struct canvas *canvas = NULL;
    char sentence[256];

    assert_int_equal(canvas_new(&canvas, glass, FONTS, sentence, sizeof sentence), 0);
    assert_string_equal(sentence, "");
    return canvas;
}

static const struct canvas_block *block_at(struct canvas *canvas, size_t index) {
    size_t count;
    const struct canvas_block *blocks = canvas_blocks(canvas, &count);

    assert_true(index < count);
    return &blocks[index];
}

static bool black_at(struct canvas *canvas, int x, int y) {
    return !frame_is_white(canvas_frame(canvas), x, y);
}

// The smallest rectangle that holds the black pixels, found by looking at every one.
static struct frame_area ink_of(struct canvas *canvas) {
    const struct glass *glass = canvas_glass(canvas);
    int left = glass->width_px, right = -1, top = glass->height_px, bottom = -1;

    for (int y = 0; y < glass->height_px; y++) {
        for (int x = 0; x < glass->width_px; x++) {
            if (black_at(canvas, x, y)) {
                left = x < left ? x : left;
                right = x > right ? x : right;
                top = y < top ? y : top;
                bottom = y > bottom ? y : bottom;
            }
        }
    }
    return right < 0 ? (struct frame_area){0} : (struct frame_area){left, top, right - left + 1, bottom - top + 1};
}

static void assert_area(struct frame_area got, int x, int y, int width, int height) {
    assert_int_equal(got.x_px, x);
    assert_int_equal(got.y_px, y);
    assert_int_equal(got.width_px, width);
    assert_int_equal(got.height_px, height);
}

static void test_a_missing_font_is_told_in_one_sentence(void **state) {
    struct canvas *canvas = NULL;
    char sentence[256] = "";

    (void)state;
    assert_int_equal(canvas_new(&canvas, &SMALL, "/nonexistent", sentence, sizeof sentence), -ENOENT);
    assert_null(canvas);
    assert_non_null(strstr(sentence, "B612-Regular.otf"));
    assert_non_null(strstr(sentence, "/nonexistent"));
    assert_non_null(strstr(sentence, "fonts-b612"));
}

static void test_nothing_is_freed_without_complaint(void **state) {
    (void)state;
    canvas_free(NULL);
}

// NUREG-0700's formula worked out by hand: H = 2 D tan(a/2).
static void test_angles(void **state) {
    struct canvas *small = canvas_of(&SMALL);
    struct canvas *large = canvas_of(&LARGE);

    (void)state;
    // 16' at 0.6 m: 2 * 600 mm * tan(8') = 2.793 mm = 14.39 px of 0.194 mm.
    assert_float_equal(canvas_arcmin(small, 14.394), 16.0, 0.01);
    // 60' at 1 m: 17.45 mm = 82.33 px of 0.212 mm.
    assert_float_equal(canvas_arcmin(large, 82.33), 60.0, 0.01);
    canvas_free(small);
    canvas_free(large);
}

// Tried with this font: 16' is 15 px of capital and em 20 on the 2.13" glass, 22 px and em 29 on the 4.2" one.
static void test_the_smallest_em_for_an_angle(void **state) {
    static const struct {
        const struct glass *glass;
        int em_px, cap_px;
    } CASES[] = {{&SMALL, 20, 15}, {&LARGE, 29, 22}};

    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct canvas *canvas = canvas_of(CASES[i].glass);
        struct type_style style = {.em_px = canvas_em_px(canvas, 16)};

        assert_int_equal(style.em_px, CASES[i].em_px);
        draw_begin(canvas);
        draw_text(canvas, &style, "H", 50, 50);
        assert_int_equal((int)block_at(canvas, 0)->cap_height_px, CASES[i].cap_px);
        assert_int_equal(ink_of(canvas).height_px, CASES[i].cap_px);
        canvas_free(canvas);
    }
}

static void test_ink_is_told_as_it_lies(void **state) {
    struct canvas *canvas = canvas_of(&SMALL);
    struct frame_area ink;

    (void)state;
    draw_begin(canvas);
    draw_text(canvas, &(struct type_style){.em_px = 20}, "\u00c4gypten", 30, 40);
    assert_int_equal(draw_end(canvas), 0);
    ink = ink_of(canvas);
    assert_area(block_at(canvas, 0)->ink, ink.x_px, ink.y_px, ink.width_px, ink.height_px);
    assert_false(block_at(canvas, 0)->clipped);
    assert_int_equal(block_at(canvas, 0)->area.x_px, 30);
    assert_int_equal(block_at(canvas, 0)->area.y_px, 40);
    canvas_free(canvas);
}

static void test_ink_beyond_the_glass_is_clipped(void **state) {
    static const struct {
        int x_px, y_px;
        bool clipped;
    } CASES[] = {{20, 20, false}, {-5, 20, true}, {220, 20, true}, {20, -8, true}, {20, 110, true}};
    struct canvas *canvas = canvas_of(&SMALL);

    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        draw_begin(canvas);
        draw_text(canvas, &(struct type_style){.em_px = 20}, "Wall", CASES[i].x_px, CASES[i].y_px);
        assert_int_equal(block_at(canvas, 0)->clipped, CASES[i].clipped);
    }
    canvas_free(canvas);
}

static void test_a_word_wider_than_its_column_is_clipped(void **state) {
    struct canvas *canvas = canvas_of(&SMALL);
    struct type_style style = {.em_px = 20, .width_px = 60};

    (void)state;
    assert_true(draw_measure(canvas, &style, "R\u00fcckenschmerzen").too_wide);
    draw_begin(canvas);
    draw_text(canvas, &style, "R\u00fcckenschmerzen", 10, 10);
    assert_true(block_at(canvas, 0)->clipped);
    canvas_free(canvas);
}

// A soft hyphen lets a long word break, shows a hyphen there only, and is never read aloud.
static void test_soft_hyphens(void **state) {
    struct canvas *canvas = canvas_of(&SMALL);
    struct type_style wide = {.em_px = 20};
    struct type_style narrow = {.em_px = 20, .width_px = 120};
    const char *word = "R\u00fccken\u00adschmerzen";

    (void)state;
    assert_int_equal(draw_measure(canvas, &wide, word).width_px,
                     draw_measure(canvas, &wide, "R\u00fcckenschmerzen").width_px);
    assert_int_equal(draw_measure(canvas, &narrow, word).lines, 2);
    assert_false(draw_measure(canvas, &narrow, word).too_wide);
    draw_begin(canvas);
    draw_text(canvas, &narrow, word, 10, 10);
    draw_end(canvas);
    assert_string_equal(canvas_text(canvas), "R\u00fcckenschmerzen");
    canvas_free(canvas);
}

static void test_blocks_are_read_in_order(void **state) {
    struct canvas *canvas = canvas_of(&SMALL);
    struct type_style style = {.em_px = 20};

    (void)state;
    assert_string_equal(canvas_text(canvas), "");
    draw_begin(canvas);
    draw_text(canvas, &style, "10", 10, 60);
    draw_text(canvas, &style, "minutes\nleft", 80, 10);
    draw_end(canvas);
    assert_string_equal(canvas_text(canvas), "10 minutes left");
    draw_begin(canvas);
    draw_end(canvas);
    assert_string_equal(canvas_text(canvas), "");
    assert_area(ink_of(canvas), 0, 0, 0, 0);
    canvas_free(canvas);
}

// A changing digit moves no other: all ten are equally wide, in both weights and at any size.
static void test_figures_are_tabular(void **state) {
    struct canvas *canvas = canvas_of(&SMALL);

    (void)state;
    for (int em_px = 16; em_px <= 140; em_px += 31) {
        for (int bold = 0; bold <= 1; bold++) {
            struct type_style style = {.em_px = em_px, .bold = bold};
            int width_px = draw_measure(canvas, &style, "0").width_px;

            for (char digit[] = "1"; digit[0] <= '9'; digit[0]++) {
                assert_int_equal(draw_measure(canvas, &style, digit).width_px, width_px);
            }
            assert_int_equal(draw_measure(canvas, &style, "10").width_px, draw_measure(canvas, &style, "28").width_px);
        }
    }
    canvas_free(canvas);
}

// Nor does a number's place on the paper depend on which digits it has: round ones reach a little lower.
static void test_numerals_share_one_box(void **state) {
    struct canvas *canvas = canvas_of(&LARGE);
    struct type_style style = {.em_px = 131, .bold = true, .figures = true};
    struct draw_size size = draw_measure(canvas, &style, "11");

    (void)state;
    assert_int_equal(size.height_px, draw_measure(canvas, &style, "80").height_px);
    draw_begin(canvas);
    draw_text(canvas, &style, "80", 10, 20);
    assert_int_equal(block_at(canvas, 0)->area.y_px, 20);
    assert_true(ink_of(canvas).y_px >= 20);
    assert_true(ink_of(canvas).y_px + ink_of(canvas).height_px <= 20 + size.height_px);
    canvas_free(canvas);
}

// Text does not depend on what was drawn before it, on the cache, or on the place of the ink in its bytes.
static void test_the_same_text_is_the_same_ink_everywhere(void **state) {
    struct canvas *canvas = canvas_of(&SMALL);
    struct type_style style = {.em_px = 20};
    bool first[30 * 60];

    (void)state;
    for (int x = 8; x < 24; x++) {
        for (int other = 0; other < 40; other++) { // pushes older texts out
            char number[12];

            snprintf(number, sizeof number, "%d", x * 40 + other);
            draw_measure(canvas, &style, number);
        }
        draw_begin(canvas);
        draw_text(canvas, &style, "kg\u00c4", x, 20);
        for (int i = 0; i < 30 * 60; i++) {
            bool black = black_at(canvas, x + i % 60, 15 + i / 60);

            if (x == 8) {
                first[i] = black;
            }
            assert_int_equal(black, first[i]);
        }
    }
    canvas_free(canvas);
}

static void test_discs_are_symmetric_and_fill_their_square(void **state) {
    struct canvas *canvas = canvas_of(&SMALL);

    (void)state;
    for (int diameter = 2; diameter < 40; diameter++) {
        draw_begin(canvas);
        draw_disc(canvas, 20, 30, diameter);
        assert_area(ink_of(canvas), 20, 30, diameter, diameter);
        for (int y = 0; y < diameter; y++) {
            for (int x = 0; x < diameter; x++) {
                assert_int_equal(black_at(canvas, 20 + x, 30 + y), black_at(canvas, 20 + diameter - 1 - x, 30 + y));
                assert_int_equal(black_at(canvas, 20 + x, 30 + y), black_at(canvas, 20 + y, 30 + x));
            }
        }
    }
    canvas_free(canvas);
}

static void test_rings_are_open(void **state) {
    struct canvas *canvas = canvas_of(&SMALL);

    (void)state;
    draw_begin(canvas);
    draw_ring(canvas, 20, 30, 16, 2);
    assert_area(ink_of(canvas), 20, 30, 16, 16);
    assert_true(black_at(canvas, 20, 38));
    assert_true(black_at(canvas, 21, 38));
    assert_false(black_at(canvas, 22, 38));
    assert_false(black_at(canvas, 28, 38));
    canvas_free(canvas);
}

static void test_shapes_beyond_the_glass_are_cut(void **state) {
    struct canvas *canvas = canvas_of(&SMALL);
    size_t count;

    (void)state;
    draw_begin(canvas);
    draw_bar(canvas, (struct frame_area){-5, -5, 10, 10});
    draw_disc(canvas, 245, 117, 20);
    assert_true(black_at(canvas, 0, 0));
    assert_false(black_at(canvas, 5, 5));
    assert_area(canvas_shapes(canvas, &count)[0], -5, -5, 10, 10);
    assert_int_equal(count, 2);
    canvas_free(canvas);
}

// Writes a drawing of 40 by 20 with a black bar of 20 by 10 in its middle, on white.
static void write_drawing(char *path) {
    static const char SVG[] = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 40 20' "
                              "shape-rendering='crispEdges'><rect width='40' height='20' fill='#fff'/>"
                              "<rect x='10' y='5' width='20' height='10'/></svg>";
    int file = mkstemps(path, 4);

    assert_true(file >= 0);
    assert_int_equal(write(file, SVG, sizeof SVG - 1), (int)(sizeof SVG - 1));
    close(file);
}

static void test_pictures_fit_and_keep_their_proportions(void **state) {
    struct canvas *canvas = canvas_of(&SMALL);
    char path[] = "/tmp/karani-canvas-XXXXXX.svg";
    struct draw_size size;

    (void)state;
    write_drawing(path);
    size = draw_picture_size(canvas, path, 100, 100);
    assert_int_equal(size.width_px, 100);
    assert_int_equal(size.height_px, 50);
    size = draw_picture_size(canvas, path, 100, 20);
    assert_int_equal(size.width_px, 40);
    assert_int_equal(size.height_px, 20);
    draw_begin(canvas);
    draw_picture(canvas, path, 100, 20, 60, 70);
    assert_int_equal(draw_end(canvas), 0);
    assert_area(ink_of(canvas), 70, 75, 20, 10); // white is paper, not ink
    unlink(path);
    canvas_free(canvas);
}

static void test_a_missing_picture_is_told_and_the_rest_drawn(void **state) {
    struct canvas *canvas = canvas_of(&SMALL);

    (void)state;
    draw_begin(canvas);
    draw_picture(canvas, "/nonexistent.svg", 100, 100, 0, 0);
    draw_text(canvas, &(struct type_style){.em_px = 20}, "Sit", 10, 10);
    assert_int_equal(draw_end(canvas), -ENOENT);
    assert_string_equal(canvas_text(canvas), "Sit");
    draw_begin(canvas);
    draw_picture(canvas, __FILE__, 100, 100, 0, 0);
    assert_int_equal(draw_end(canvas), -EINVAL);
    draw_begin(canvas);
    assert_int_equal(draw_end(canvas), 0);
    canvas_free(canvas);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_missing_font_is_told_in_one_sentence),
        cmocka_unit_test(test_nothing_is_freed_without_complaint),
        cmocka_unit_test(test_angles),
        cmocka_unit_test(test_the_smallest_em_for_an_angle),
        cmocka_unit_test(test_ink_is_told_as_it_lies),
        cmocka_unit_test(test_ink_beyond_the_glass_is_clipped),
        cmocka_unit_test(test_a_word_wider_than_its_column_is_clipped),
        cmocka_unit_test(test_soft_hyphens),
        cmocka_unit_test(test_blocks_are_read_in_order),
        cmocka_unit_test(test_figures_are_tabular),
        cmocka_unit_test(test_numerals_share_one_box),
        cmocka_unit_test(test_the_same_text_is_the_same_ink_everywhere),
        cmocka_unit_test(test_discs_are_symmetric_and_fill_their_square),
        cmocka_unit_test(test_rings_are_open),
        cmocka_unit_test(test_shapes_beyond_the_glass_are_cut),
        cmocka_unit_test(test_pictures_fit_and_keep_their_proportions),
        cmocka_unit_test(test_a_missing_picture_is_told_and_the_rest_drawn),
    };

    limit_processor_s(300);
    return cmocka_run_group_tests_name("canvas", tests, NULL, NULL);
}
