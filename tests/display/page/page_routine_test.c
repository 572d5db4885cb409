// Every word of the shipped routine on every glass, in every variant and language.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka.h wants the four above.
#include <cmocka.h>

#include "tests/support/display/page_faults.h"
#include "tests/support/display/page_fixture.h"
#include "tests/support/run/limit.h"

#include <glib.h>
#include <stdio.h>

// A key of the routine in a language, else the plain one; NULL when there is neither. The caller frees it.
static char *routine_words(GKeyFile *file, const char *group, const char *key, const char *variant,
                           const char *language) {
    char name[64];
    char *words = NULL;

    if (variant) {
        snprintf(name, sizeof name, "%s-%s", key, variant);
        words = g_key_file_get_locale_string(file, group, name, language, NULL);
    }
    return words ? words : g_key_file_get_locale_string(file, group, key, language, NULL);
}

static int routine_page(struct canvas *canvas, GKeyFile *file, const char *group, const char *variant,
                        const char *language, struct view view, struct page_words *shown) {
    char *title = routine_words(file, group, "Title", variant, language);
    char *text = routine_words(file, group, "Text", variant, language);
    char *brief = routine_words(file, group, "Short", variant, language);
    char *picture = routine_words(file, group, "Picture", variant, NULL);
    char path[256];
    char where[256];
    int faults = 0;

    snprintf(path, sizeof path, "assets/pictures/%s", picture ? picture : "");
    *shown = (struct page_words){title, text, brief, picture ? path : NULL};
    if (view.page == PAGE_CARD) {
        view.card.words = *shown;
    } else {
        view.health = *shown; // lies where way_out lies
    }
    // The faces that ask say themselves what press and hold do.
    view.answers = text && (strstr(text, "Hold:") || strstr(text, "Halten:"));
    for (view.face = 0; view.face < page_faces(canvas, &view); view.face++) {
        for (int hint = 0; hint <= 1; hint++) {
            view.hint = hint;
            snprintf(where, sizeof where, "%s, %s, %s, face %d%s on %d px", group, variant, language, view.face,
                     hint ? ", hint" : "", canvas_glass(canvas)->width_px);
            faults += page_draw(canvas, &view) != 0;
            faults += count_faults(canvas, where);
            if (!hint && !strstr(canvas_text(canvas), " ")) { // a page of words says more than one
                FAULT("says only \"%s\"\n", canvas_text(canvas));
            }
        }
    }
    g_free(title);
    g_free(text);
    g_free(brief);
    g_free(picture);
    return faults;
}

// Every word of the shipped routine on every glass and in every language: nothing is clipped, overlaps or shrinks.
static void test_the_routine_fits(void **state) {
    static const char *const VARIANTS[] = {"wall", "hips", "knees", "farther", "chair"};
    GKeyFile *file = g_key_file_new();
    char **groups;
    int faults = 0;

    (void)state;
    assert_true(g_key_file_load_from_file(file, "assets/routines/legs-up-the-wall.routine",
                                          G_KEY_FILE_KEEP_TRANSLATIONS, NULL));
    groups = g_key_file_get_groups(file, NULL);
    for (size_t g = 0; g < DESK_GLASS_COUNT; g++) {
        struct canvas *canvas = desk_canvas(&DESK_GLASSES[g]);

        for (size_t l = 0; l < DESK_LANGUAGE_COUNT; l++) {
            desk_speak(DESK_LANGUAGES[l]);
            for (char **group = groups; *group; group++) {
                for (size_t v = 0; v < sizeof VARIANTS / sizeof VARIANTS[0]; v++) {
                    struct view view = {.page = PAGE_COUNT};
                    struct page_words shown;

                    if (g_str_has_prefix(*group, "Card ")) {
                        view = (struct view){.page = PAGE_CARD, .card = {.count = 5}};
                    } else if (strcmp(*group, "Way Out") == 0) {
                        view.page = PAGE_WAY_OUT;
                    } else if (v == 0 && (g_str_has_prefix(*group, "Health ") || strcmp(*group, "Ask First") == 0)) {
                        view.page = PAGE_HEALTH;
                    }
                    if (view.page != PAGE_COUNT) {
                        faults += routine_page(canvas, file, *group, VARIANTS[v], DESK_LANGUAGES[l], view, &shown);
                    }
                }
            }
        }
        canvas_free(canvas);
    }
    g_strfreev(groups);
    g_key_file_free(file);
    assert_int_equal(faults, 0);
}

// Each gentle line appears on the invitation, whole, with every variant's name beside the picture. Not on glass too
// narrow for more than the picture, the minutes and the variant: there the line is the first to give way.
static void test_every_reason_is_told(void **state) {
    static const char *const VARIANTS[] = {"Variant wall", "Variant hips", "Variant knees", "Variant farther",
                                           "Variant chair"};
    GKeyFile *file = g_key_file_new();
    char **groups;
    int told = 0;

    (void)state;
    assert_true(g_key_file_load_from_file(file, "assets/routines/legs-up-the-wall.routine",
                                          G_KEY_FILE_KEEP_TRANSLATIONS, NULL));
    groups = g_key_file_get_groups(file, NULL);
    for (size_t g = 0; g < DESK_GLASS_COUNT; g++) {
        struct canvas *canvas = desk_canvas(&DESK_GLASSES[g]);
        size_t expected = DESK_GLASSES[g].glass.width_px < DESK_NARROW_PX ? 2 : 3;

        for (size_t l = 0; l < DESK_LANGUAGE_COUNT; l++) {
            for (char **group = groups; *group; group++) {
                const char *variant = VARIANTS[told % 5];
                char *reason, *name;
                struct view view;
                size_t count;

                if (!g_str_has_prefix(*group, "Reason ")) {
                    continue;
                }
                desk_speak(DESK_LANGUAGES[l]);
                reason = routine_words(file, *group, "Text", NULL, DESK_LANGUAGES[l]);
                name = routine_words(file, variant, "Name", NULL, DESK_LANGUAGES[l]);
                view = (struct view){.page = PAGE_INVITE,
                                     .invite = {15, name, "assets/pictures/straighten-hips.svg", reason}};
                assert_int_equal(page_draw(canvas, &view), 0);
                assert_int_equal(count_faults(canvas, reason), 0);
                canvas_blocks(canvas, &count);
                if (count != expected) {
                    print_error("%s is left out on %s\n", reason, DESK_GLASSES[g].panel);
                }
                assert_int_equal(count, expected);
                g_free(reason);
                g_free(name);
                told++;
            }
        }
        canvas_free(canvas);
    }
    g_strfreev(groups);
    g_key_file_free(file);
    assert_true(told > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_routine_fits),
        cmocka_unit_test(test_every_reason_is_told),
    };

    limit_processor_s(300);
    if (page_fixture_open() < 0) {
        return 2;
    }
    return cmocka_run_group_tests_name("page_routine", tests, NULL, NULL);
}
