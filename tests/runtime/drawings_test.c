// Tests of the drawings that are kept: one that failed is shown as well as it could be made, and made anew when it is
// asked for again.

// cmocka.h wants these four before it.
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/runtime/drawings.h"
#include "tests/fault/fault.h"
#include "tests/support/display/page_fixture.h"
#include "tests/support/display/page_samples.h"

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct fault_plan NO_MEMORY = {.name = "no memory", .answers = {[FAULT_OWN_MEMORY] = ENOMEM}};

// A drawing that finds no memory at all tries every size of type: slow, so not from every moment on.
enum { FAULTS_MAX = 2000, LASTING_EVERY = 7 };

struct screen {
    struct canvas *canvas;
    struct drawings *drawings;
};

static struct screen screen_new(void) {
    struct screen screen = {.canvas = desk_canvas(&DESK_GLASSES[0])};
    assert_non_null(screen.canvas);
    assert_int_equal(drawings_new(&screen.drawings, screen.canvas), 0);
    return screen;
}

static void screen_free(struct screen *screen) {
    drawings_free(screen->drawings);
    canvas_free(screen->canvas);
}

static bool is_same(const struct drawing *drawing, const struct drawing *good) {
    return strcmp(drawing->text, good->text) == 0 && frame_equal(&drawing->frame, &good->frame);
}

// Memory is short from one moment of the page's first drawing on, so many times. False when it was drawn before that
// moment came.
static bool draw_short_of_memory(const struct view *view, const struct drawing *good, int moment, int times) {
    struct screen screen = screen_new();
    fault_begin(&NO_MEMORY, moment, times);
    const struct drawing *drawing = drawings_of(screen.drawings, view);
    bool met = fault_end() > 0;
    if (drawing != NULL && drawing->trouble == 0 && !is_same(drawing, good)) {
        fail_msg("%s: drawn wrong without a word when allocation %d failed", page_name(view->page), moment);
    }
    drawing = drawings_of(screen.drawings, view);
    assert_non_null(drawing);
    if (drawing->trouble != 0 || !is_same(drawing, good)) {
        fail_msg("%s: still wrong, \"%s\", after allocation %d failed once", page_name(view->page), drawing->text,
                 moment);
    }
    screen_free(&screen);
    return met;
}

static void memory_that_was_short_is_forgotten(void **state) {
    static const struct view VIEWS[] = {
        {.page = PAGE_GOOD_NIGHT, .good_night = {.minutes = 12, .weekday = 2}},
        {.page = PAGE_INVITE,
         .hint = true,
         .invite = {.minutes = 10, .variant_name = "at the wall", .picture = PICTURE("straighten")}},
        {.page = PAGE_COUNTDOWN, .countdown = {.minutes_left = 7, .minutes_total = 10}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof VIEWS / sizeof VIEWS[0]; i++) {
        struct screen screen = screen_new();
        const struct drawing *good = drawings_of(screen.drawings, &VIEWS[i]);
        int moments = 0;
        assert_non_null(good);
        assert_int_equal(good->trouble, 0);
        while (draw_short_of_memory(&VIEWS[i], good, moments, 1)) {
            if (moments % LASTING_EVERY == 0) {
                draw_short_of_memory(&VIEWS[i], good, moments, FAULTS_MAX);
            }
            assert_true(++moments < FAULTS_MAX);
        }
        print_message("%s: %d allocations\n", page_name(VIEWS[i].page), moments);
        assert_true(moments > 5);
        screen_free(&screen);
    }
}

// Whatever has failed, and how often: what was drawn well costs nothing when it comes again.
static void assert_is_kept(struct screen *screen, const struct view *view) {
    fault_begin(&NO_MEMORY, 0, FAULTS_MAX);
    const struct drawing *drawing = drawings_of(screen->drawings, view);
    assert_int_equal(fault_end(), 0);
    assert_non_null(drawing);
    assert_int_equal(drawing->trouble, 0);
}

static void picture_that_was_missing_is_looked_for_again(void **state) {
    char path[] = "/tmp/karani-drawings-XXXXXX.svg";
    const struct view whole = {.page = PAGE_GOOD_NIGHT, .good_night = {.minutes = 12, .weekday = 2}};
    const struct view view = {.page = PAGE_VARIANT, .variant = {.name = "on the wall", .picture = path}};
    struct screen screen = screen_new();
    (void)state;
    int fd = mkostemps(path, 4, O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(unlink(path), 0);
    close(fd);
    assert_int_equal(drawings_of(screen.drawings, &whole)->trouble, 0);
    for (int i = 0; i < 2 * DRAWINGS_KEPT; i++) {
        const struct drawing *drawing = drawings_of(screen.drawings, &view);
        assert_non_null(drawing);
        assert_int_equal(drawing->trouble, -ENOENT);
        assert_string_equal(drawing->text, "on the wall");
    }
    assert_is_kept(&screen, &whole);
    char target[PATH_MAX];
    assert_non_null(realpath(PICTURE("straighten"), target));
    assert_int_equal(symlink(target, path), 0);
    assert_int_equal(drawings_of(screen.drawings, &view)->trouble, 0);
    assert_int_equal(unlink(path), 0);
    assert_is_kept(&screen, &view);
    screen_free(&screen);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_that_was_short_is_forgotten),
        cmocka_unit_test(picture_that_was_missing_is_looked_for_again),
    };
    if (page_fixture_open() < 0) {
        return 1;
    }
    desk_speak("en");
    return cmocka_run_group_tests_name("drawings", tests, NULL, NULL);
}
