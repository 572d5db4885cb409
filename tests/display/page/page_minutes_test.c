// The minutes on the glass: as large as they must be, and no digit moves for another.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka.h wants the four above.
#include <cmocka.h>

#include "tests/support/display/page_fixture.h"
#include "tests/support/run/limit.h"

// What karani(7), THE GLASS, asks of the minutes.
static const double MINUTES_ARCMIN = 60;

static struct view minutes_view(enum page_id page, int minutes) {
    struct view view = {.page = page};

    if (page == PAGE_COUNTDOWN) {
        view.countdown = (struct view_countdown){minutes, 30};
    } else {
        view.paused = (struct view_paused){minutes};
    }
    return view;
}

// The part of the glass where the number stands: the same for every number of minutes.
static struct frame_area number_area(struct canvas *canvas, int minutes) {
    struct view view = minutes_view(PAGE_COUNTDOWN, minutes);
    size_t count;

    page_draw(canvas, &view);
    return canvas_blocks(canvas, &count)[0].area;
}

// How much the minutes measure; at least 60', with a hint below them too.
static void test_the_minutes_are_read_from_afar(void **state) {
    (void)state;
    desk_speak("en");
    for (size_t g = 0; g < DESK_GLASS_COUNT; g++) {
        struct canvas *canvas = desk_canvas(&DESK_GLASSES[g]);

        for (int hint = 0; hint <= 1; hint++) {
            for (int paused = 0; paused <= 1; paused++) {
                struct view view = minutes_view(paused ? PAGE_PAUSED : PAGE_COUNTDOWN, 10);
                const struct canvas_block *number;
                double arcmin;
                size_t count;

                view.hint = hint;
                page_draw(canvas, &view);
                number = canvas_blocks(canvas, &count);
                assert_string_equal(number->text, "10");
                arcmin = canvas_arcmin(canvas, number->cap_height_px);
                print_message("%s%s%s: the minutes measure %.0f px, %.0f arcminutes\n", DESK_GLASSES[g].panel,
                              paused ? ", paused" : "", hint ? ", with a hint" : "", number->cap_height_px, arcmin);
                assert_true(arcmin >= MINUTES_ARCMIN);
            }
        }
        canvas_free(canvas);
    }
}

static bool part_equal(const struct frame *a, const struct frame *b, struct frame_area part) {
    for (int y = part.y_px; y < part.y_px + part.height_px; y++) {
        for (int x = part.x_px; x < part.x_px + part.width_px; x++) {
            if (frame_is_white(a, x, y) != frame_is_white(b, x, y)) {
                return false;
            }
        }
    }
    return true;
}

// From any number of minutes to any other with the same digit there, that digit's pixels stay; so in a pause.
static void test_a_changing_digit_moves_no_other(void **state) {
    (void)state;
    for (size_t g = 0; g < DESK_GLASS_COUNT; g++) {
        for (size_t l = 0; l < DESK_LANGUAGE_COUNT; l++) {
            struct canvas *canvas = desk_canvas(&DESK_GLASSES[g]);
            struct canvas *other = desk_canvas(&DESK_GLASSES[g]);
            struct frame_area both, tens, ones;

            desk_speak(DESK_LANGUAGES[l]);
            both = number_area(canvas, 30);
            tens = (struct frame_area){both.x_px, both.y_px, both.width_px / 2, both.height_px};
            ones = (struct frame_area){both.x_px + both.width_px / 2, both.y_px, both.width_px / 2, both.height_px};
            for (int a = 1; a <= 30; a++) {
                for (int b = 1; b <= 30; b++) {
                    struct view running = minutes_view(PAGE_COUNTDOWN, a);
                    struct view paused = minutes_view(b % 2 ? PAGE_PAUSED : PAGE_COUNTDOWN, b);

                    page_draw(canvas, &running);
                    page_draw(other, &paused);
                    if (a / 10 == b / 10) {
                        assert_true(part_equal(canvas_frame(canvas), canvas_frame(other), tens));
                    }
                    if (a % 10 == b % 10) {
                        assert_true(part_equal(canvas_frame(canvas), canvas_frame(other), ones));
                    }
                }
            }
            canvas_free(canvas);
            canvas_free(other);
        }
    }
}

// The line tells how far the minutes are: thick from the left, growing, never quite there.
static void test_the_line_grows(void **state) {
    struct canvas *canvas = desk_canvas(&DESK_GLASSES[0]);
    int before_px = -1;

    (void)state;
    for (int left = 12; left >= 1; left--) {
        struct view view = {.page = PAGE_COUNTDOWN, .countdown = {left, 12}};
        const struct frame_area *shapes;
        size_t count;
        int done_px;

        page_draw(canvas, &view);
        shapes = canvas_shapes(canvas, &count);
        assert_int_equal(count, left == 12 ? 1 : 2);
        done_px = count == 2 ? shapes[0].width_px : 0;
        assert_true(done_px > before_px);
        assert_int_equal(shapes[count - 1].x_px + shapes[count - 1].width_px, 250 - 11);
        assert_int_equal(done_px, (250 - 22) * (12 - left) / 12);
        before_px = done_px;
    }
    canvas_free(canvas);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_minutes_are_read_from_afar),
        cmocka_unit_test(test_a_changing_digit_moves_no_other),
        cmocka_unit_test(test_the_line_grows),
    };

    limit_processor_s(300); // an unoptimised build on a busy machine
    if (page_fixture_open() < 0) {
        return 2;
    }
    return cmocka_run_group_tests_name("page_minutes", tests, NULL, NULL);
}
