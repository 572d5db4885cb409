// Nothing clipped, overlapping or too small on any page, in any state, language and glass.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
// cmocka.h wants the four above.
#include <cmocka.h>

#include "tests/support/display/page_faults.h"
#include "tests/support/display/page_fixture.h"
#include "tests/support/display/page_samples.h"
#include "tests/support/run/limit.h"

// karani(7), THE GLASS: two sizes a page at most, and one giant numeral.
static int count_sizes(struct canvas *canvas) {
    size_t count;
    const struct canvas_block *blocks = canvas_blocks(canvas, &count);
    double sizes[16];
    int found = 0;

    for (size_t i = 0; i < count; i++) {
        bool known = strspn(blocks[i].text, "0123456789") == strlen(blocks[i].text);

        for (int j = 0; j < found; j++) {
            known |= sizes[j] == blocks[i].cap_height_px;
        }
        if (!known) {
            sizes[found++] = blocks[i].cap_height_px;
        }
    }
    return found;
}

typedef void each_sample(struct canvas *canvas, const struct page_sample *sample, const char *language,
                         const char *where, int *faults);

static void for_each_sample(each_sample *check) {
    int faults = 0;

    for (size_t g = 0; g < DESK_GLASS_COUNT; g++) {
        struct canvas *canvas = desk_canvas(&DESK_GLASSES[g]);

        assert_non_null(canvas);
        for (size_t l = 0; l < DESK_LANGUAGE_COUNT; l++) {
            desk_speak(DESK_LANGUAGES[l]);
            for (size_t i = 0; i < SAMPLE_COUNT; i++) {
                struct view view = sample_view(&PAGE_SAMPLES[i], DESK_LANGUAGES[l]);
                char where[128];

                snprintf(where, sizeof where, "%s, %s, %s", PAGE_SAMPLES[i].name, DESK_LANGUAGES[l],
                         DESK_GLASSES[g].panel);
                if (page_draw(canvas, &view) != 0) {
                    print_error("%s: not drawn\n", where);
                    faults++;
                }
                check(canvas, &PAGE_SAMPLES[i], DESK_LANGUAGES[l], where, &faults);
            }
        }
        canvas_free(canvas);
    }
    assert_int_equal(faults, 0);
}

static void check_legible(struct canvas *canvas, const struct page_sample *sample, const char *language,
                          const char *where, int *faults) {
    (void)sample;
    (void)language;
    *faults += count_faults(canvas, where);
    if (count_sizes(canvas) > 2) {
        print_error("%s: more than two sizes\n", where);
        ++*faults;
    }
}

static void test_every_page_is_legible_in_every_state(void **state) {
    (void)state;
    for_each_sample(check_legible);
}

// The foot is one line, and no longer than that: the hint, or what is not saved. On glass too narrow for a hint on one
// line it may take two.
static void check_foot(struct canvas *canvas, const struct page_sample *sample, const char *language, const char *where,
                       int *faults) {
    size_t count;
    const struct canvas_block *blocks = canvas_blocks(canvas, &count);
    const struct canvas_block *foot = &blocks[count - 1];
    bool english = strcmp(language, "en") == 0;
    int lines;

    if ((!sample->view.hint && !sample->view.not_kept) || sample->view.answers) {
        return;
    }
    lines = canvas_glass(canvas)->width_px < DESK_NARROW_PX && !sample->view.not_kept ? 2 : 1;
    if (foot->area.height_px > lines * 2 * foot->cap_height_px) {
        print_error("%s: the foot \"%s\" takes more than a line\n", where, foot->text);
        ++*faults;
    }
    if (sample->view.not_kept
            ? !strstr(foot->text, english ? "aved" : "gesichert")
            : !strstr(foot->text, english ? "Press" : "Kurz") && !strstr(foot->text, english ? "Hold" : "Lang") &&
                  !strstr(foot->text, "Dr\u00fcck")) {
        print_error("%s: the foot says \"%s\"\n", where, foot->text);
        ++*faults;
    }
}

static void test_hints_and_warnings_stand_on_one_line(void **state) {
    (void)state;
    for_each_sample(check_foot);
}

static bool is_idle(enum page_id page) {
    return page == PAGE_INVITE || page == PAGE_GOOD_NIGHT || page == PAGE_MORNING;
}

// Without power the glass keeps its page: an idle one names nights by weekday and shows no clock time.
static void check_idle(struct canvas *canvas, const struct page_sample *sample, const char *language, const char *where,
                       int *faults) {
    static const char *const NEVER[] = {"tonight", "Tonight", "today", "heute", "Heute", "heut"};
    const char *text = canvas_text(canvas);
    bool wrong = false;

    (void)language;
    if (!is_idle(sample->view.page) || sample->view.hint) {
        return;
    }
    for (size_t i = 0; i < sizeof NEVER / sizeof NEVER[0]; i++) {
        wrong |= strstr(text, NEVER[i]) != NULL;
    }
    for (const char *at = strchr(text, ':'); at; at = strchr(at + 1, ':')) {
        wrong |= at > text && at[-1] >= '0' && at[-1] <= '9' && at[1] >= '0' && at[1] <= '9';
    }
    if (wrong) {
        print_error("%s: \"%s\"\n", where, text);
        ++*faults;
    }
}

static void test_idle_pages_are_true_at_any_time(void **state) {
    (void)state;
    for_each_sample(check_idle);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_page_is_legible_in_every_state),
        cmocka_unit_test(test_hints_and_warnings_stand_on_one_line),
        cmocka_unit_test(test_idle_pages_are_true_at_any_time),
    };

    limit_processor_s(300); // an unoptimised build on a busy machine
    if (page_fixture_open() < 0) {
        return 2;
    }
    return cmocka_run_group_tests_name("page_legible", tests, NULL, NULL);
}
