// The pages: nothing clipped, overlapping or too small in any state, language and glass; what they say and show.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
// cmocka.h wants the four above.
#include <cmocka.h>

#include "display/draw.h"
#include "tests/emulator.h"
#include "tests/page_desk.h"
#include "tests/page_samples.h"

#include <glib.h>

enum { SAMPLE_COUNT = sizeof PAGE_SAMPLES / sizeof PAGE_SAMPLES[0] };

// NUREG-0700 1.3.1-4, and the reserve that facts/practice works out for the minutes.
static const double WORDS_ARCMIN = 16;
static const double MINUTES_ARCMIN = 60;
static const double MARGIN_MM = 2;

static bool areas_meet(struct frame_area a, struct frame_area b) {
    return a.width_px > 0 && b.width_px > 0 && a.x_px < b.x_px + b.width_px && b.x_px < a.x_px + a.width_px &&
           a.y_px < b.y_px + b.height_px && b.y_px < a.y_px + a.height_px;
}

static bool within_margins(const struct glass *glass, struct frame_area area) {
    double left = area.x_px * glass->pixel_mm;
    double top = area.y_px * glass->pixel_mm;
    double right = (glass->width_px - area.x_px - area.width_px) * glass->pixel_mm;
    double bottom = (glass->height_px - area.y_px - area.height_px) * glass->pixel_mm;

    return area.width_px == 0 || (left >= MARGIN_MM && top >= MARGIN_MM && right >= MARGIN_MM && bottom >= MARGIN_MM);
}

// One line for every rule that a page breaks; the number of them.
static int count_faults(struct canvas *canvas, const char *where) {
    size_t block_count, shape_count;
    const struct canvas_block *blocks = canvas_blocks(canvas, &block_count);
    const struct frame_area *shapes = canvas_shapes(canvas, &shape_count);
    const struct glass *glass = canvas_glass(canvas);
    int faults = 0;

#define FAULT(...) (print_error("%s: ", where), print_error(__VA_ARGS__), faults++)
    for (size_t i = 0; i < block_count; i++) {
        const struct canvas_block *block = &blocks[i];

        if (block->clipped)
            FAULT("\"%s\" is clipped\n", block->text);
        if (strstr(block->text, "\u2026"))
            FAULT("\"%s\" is ellipsised\n", block->text);
        if (canvas_arcmin(canvas, block->cap_height_px) < WORDS_ARCMIN)
            FAULT("\"%s\" is %.1f arcminutes high\n", block->text, canvas_arcmin(canvas, block->cap_height_px));
        if (!within_margins(glass, block->ink))
            FAULT("\"%s\" is in the margin\n", block->text);
        for (size_t j = 0; j < i; j++)
            if (areas_meet(block->area, blocks[j].area))
                FAULT("\"%s\" overlaps \"%s\"\n", block->text, blocks[j].text);
        for (size_t j = 0; j < shape_count; j++)
            if (areas_meet(block->area, shapes[j]))
                FAULT("\"%s\" overlaps a shape at %d, %d\n", block->text, shapes[j].x_px, shapes[j].y_px);
    }
    for (size_t i = 0; i < shape_count; i++) {
        if (!within_margins(glass, shapes[i]))
            FAULT("a shape at %d, %d is in the margin\n", shapes[i].x_px, shapes[i].y_px);
        for (size_t j = 0; j < i; j++)
            if (areas_meet(shapes[i], shapes[j]))
                FAULT("shapes overlap at %d, %d\n", shapes[i].x_px, shapes[i].y_px);
    }
    return faults;
}

// glass.md: two sizes a page at most, and one giant numeral.
static int count_sizes(struct canvas *canvas) {
    size_t count;
    const struct canvas_block *blocks = canvas_blocks(canvas, &count);
    double sizes[16];
    int found = 0;

    for (size_t i = 0; i < count; i++) {
        bool known = strspn(blocks[i].text, "0123456789") == strlen(blocks[i].text);

        for (int j = 0; j < found; j++)
            known |= sizes[j] == blocks[i].cap_height_px;
        if (!known)
            sizes[found++] = blocks[i].cap_height_px;
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

// The foot is one line, and no longer than that: the hint, or what is not saved.
static void check_foot(struct canvas *canvas, const struct page_sample *sample, const char *language, const char *where,
                       int *faults) {
    size_t count;
    const struct canvas_block *blocks = canvas_blocks(canvas, &count);
    const struct canvas_block *foot = &blocks[count - 1];
    bool english = strcmp(language, "en") == 0;

    if ((!sample->view.hint && !sample->view.not_kept) || sample->view.answers)
        return;
    if (foot->area.height_px > 2 * foot->cap_height_px) {
        print_error("%s: the foot \"%s\" takes more than a line\n", where, foot->text);
        ++*faults;
    }
    if (sample->view.not_kept
            ? strcmp(foot->text, english ? "Not saved yet" : "Noch nicht gesichert") != 0
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
    if (!is_idle(sample->view.page) || sample->view.hint)
        return;
    for (size_t i = 0; i < sizeof NEVER / sizeof NEVER[0]; i++)
        wrong |= strstr(text, NEVER[i]) != NULL;
    for (const char *at = strchr(text, ':'); at; at = strchr(at + 1, ':'))
        wrong |= at > text && at[-1] >= '0' && at[-1] <= '9' && at[1] >= '0' && at[1] <= '9';
    if (wrong) {
        print_error("%s: \"%s\"\n", where, text);
        ++*faults;
    }
}

static void test_idle_pages_are_true_at_any_time(void **state) {
    (void)state;
    for_each_sample(check_idle);
}

// What is read aloud. Where several views differ in one thing, that thing is what is tested.
static void test_what_the_pages_say(void **state) {
    static const struct {
        const char *sample, *language, *text;
    } CASES[] = {
        {"countdown-10", "en", "10 minutes left"},
        {"countdown-1", "en", "1 minute left"},
        {"countdown-10", "de", "10 Minuten \u00fcbrig"},
        {"paused", "en", "7 minutes left Paused"},
        {"good-night", "en", "Tuesday 12 minutes"},
        {"good-night-unknown", "en", "10 minutes"},
        {"good-night-short", "en", "Wednesday Less than a minute"},
        {"ask-time", "en", "Is it still about 21:40, Tuesday 14 April? Press: yes. Hold: set it"},
        {"ask-time", "de", "Ist es etwa 21:40 Uhr, Dienstag, 14. April? Kurz: ja. Lang: stellen"},
        {"morning-none", "en", "Good morning The first night is still to come."},
        {"morning-first", "en", "The first night Monday 10 min"},
        {"morning-chain", "en", "5 of 7 nights 12 in a row best 20 Tue 12 min 1 rest left"},
        {"morning-chain", "de", "5 von 7 N\u00e4chten 12 in Folge l\u00e4ngste 20 Di 12 Min. Pausen: 1"},
        {"morning-quiet", "en", "7 of 7 nights best 365 Wed 9 min 2 rests left"},
        {"morning-second-hint", "en", "2 of 7 nights 2 in a row Tue 10 min Press: start. Hold: more"},
        {"morning-rest", "en", "5 of 7 nights 12 in a row best 20 Thu: rest 0 rests left"},
        {"morning-away", "en", "34 nights so far 12 in a row best 20 Sat: away 2 rests left"},
        {"morning-welcome", "en", "Welcome back 34 nights so far best 20"},
        {"invite", "en", "10 minutes at the wall Many find muscles soften, and worries too."},
        {"invite", "de", "10 Minuten an der Wand Muskeln werden oft weich, Sorgen kleiner."},
        {"month", "en", "17 of 28 nights"},
        {"month-unknown", "en", "Nights show here once the time is known."},
        {"undo-keep", "en", "Wednesday 12 min keep not mine"},
        {"minutes", "en", "10 minutes"},
        {"clock", "en", "20:05 Wednesday 30 September 2026 set by you"},
        {"clock-restored", "en", "The time is uncertain after a power cut. Press to set it."},
        {"about", "en", "Karani 0.1.0, MIT Diary: fine Clock: set waveshare-2.13-v4"},
        {"card-lie", "en", "Lie back"},
        {"card-lie-words", "en", "Lie back and swing your legs up. Come as near the wall as feels good."},
        {"card-brief-hint", "en", "Rest Rest your arms. Press: next. Hold: leave"},
        {"way-out", "de",
         "Knie beugen, von der St\u00fctze rutschen, zur Seite rollen. Ruhen, langsam aufst\u00fctzen."},
    };
    struct canvas *canvas = desk_canvas(&DESK_GLASSES[0]);

    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        const struct page_sample *sample = PAGE_SAMPLES;
        struct view view;

        while (strcmp(sample->name, CASES[i].sample) != 0)
            assert_true(++sample < PAGE_SAMPLES + SAMPLE_COUNT);
        desk_speak(CASES[i].language);
        view = sample_view(sample, CASES[i].language);
        page_draw(canvas, &view);
        assert_string_equal(canvas_text(canvas), CASES[i].text);
    }
    canvas_free(canvas);
}

// A bare zero is never the headline, whatever the situation.
static void test_zero_is_never_the_headline(void **state) {
    struct canvas *canvas = desk_canvas(&DESK_GLASSES[0]);

    (void)state;
    desk_speak("en");
    for (enum page_situation situation = PAGE_SITUATION_FIRST; situation <= PAGE_SITUATION_WELCOME; situation++) {
        struct view view = {
            .page = PAGE_MORNING,
            .morning = {.last_weekday = 2, .show_streak = true, .best = 3, .nights = 3, .situation = situation}};

        page_draw(canvas, &view);
        assert_true(canvas_text(canvas)[0] != '0');
        assert_null(strstr(canvas_text(canvas), "0 in a row"));
        assert_null(strstr(canvas_text(canvas), " 0 min"));
    }
    canvas_free(canvas);
}

static struct view minutes_view(enum page_id page, int minutes) {
    struct view view = {.page = page};

    if (page == PAGE_COUNTDOWN)
        view.countdown = (struct view_countdown){minutes, 30};
    else
        view.paused = (struct view_paused){minutes};
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

        for (int hint = 0; hint <= 1; hint++)
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
        canvas_free(canvas);
    }
}

static bool part_equal(const struct frame *a, const struct frame *b, struct frame_area part) {
    for (int y = part.y_px; y < part.y_px + part.height_px; y++)
        for (int x = part.x_px; x < part.x_px + part.width_px; x++)
            if (frame_is_white(a, x, y) != frame_is_white(b, x, y))
                return false;
    return true;
}

// From any number of minutes to any other with the same digit there, that digit's pixels stay; so in a pause.
static void test_a_changing_digit_moves_no_other(void **state) {
    (void)state;
    for (size_t g = 0; g < DESK_GLASS_COUNT; g++)
        for (size_t l = 0; l < DESK_LANGUAGE_COUNT; l++) {
            struct canvas *canvas = desk_canvas(&DESK_GLASSES[g]);
            struct canvas *other = desk_canvas(&DESK_GLASSES[g]);
            struct frame_area both, tens, ones;

            desk_speak(DESK_LANGUAGES[l]);
            both = number_area(canvas, 30);
            tens = (struct frame_area){both.x_px, both.y_px, both.width_px / 2, both.height_px};
            ones = (struct frame_area){both.x_px + both.width_px / 2, both.y_px, both.width_px / 2, both.height_px};
            for (int a = 1; a <= 30; a++)
                for (int b = 1; b <= 30; b++) {
                    struct view running = minutes_view(PAGE_COUNTDOWN, a);
                    struct view paused = minutes_view(b % 2 ? PAGE_PAUSED : PAGE_COUNTDOWN, b);

                    page_draw(canvas, &running);
                    page_draw(other, &paused);
                    if (a / 10 == b / 10)
                        assert_true(part_equal(canvas_frame(canvas), canvas_frame(other), tens));
                    if (a % 10 == b % 10)
                        assert_true(part_equal(canvas_frame(canvas), canvas_frame(other), ones));
                }
            canvas_free(canvas);
            canvas_free(other);
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

static void test_faces(void **state) {
    static const struct page_words LONG = SIT;
    static const struct page_words WITHOUT_PICTURE = {.title = "Rest", .text = "Let go."};
    static const struct page_words SHORT = {.title = "Rest", .brief = "Let go.", .picture = PICTURE("arms")};
    static const struct {
        size_t glass;
        const struct page_words *words;
        int faces;
    } CASES[] = {
        {0, &LONG, 2}, {1, &LONG, 2}, {3, &LONG, 1}, {0, &WITHOUT_PICTURE, 1}, {0, &SHORT, 1}, {1, &SHORT, 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct canvas *canvas = desk_canvas(&DESK_GLASSES[CASES[i].glass]);

        for (int hint = 0; hint <= 1; hint++)
            for (int face = 0; face <= 1; face++) {
                struct view view = {.page = PAGE_CARD, .face = face, .hint = hint, .card = {*CASES[i].words, 0, 5}};

                assert_int_equal(page_faces(canvas, &view), CASES[i].faces);
            }
        canvas_free(canvas);
    }
}

// Every page but the card has one face, and asking draws nothing.
static void test_faces_of_the_other_pages(void **state) {
    struct canvas *canvas = desk_canvas(&DESK_GLASSES[0]);

    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT; i++)
        if (PAGE_SAMPLES[i].view.page != PAGE_CARD)
            assert_int_equal(page_faces(canvas, &PAGE_SAMPLES[i].view), 1);
    assert_string_equal(canvas_text(canvas), "");
    canvas_free(canvas);
}

static void test_a_missing_picture_leaves_the_words(void **state) {
    struct canvas *canvas = desk_canvas(&DESK_GLASSES[0]);
    struct view view = {.page = PAGE_INVITE,
                        .invite = {.minutes = 10, .variant_name = "at the wall", .picture = "/nonexistent.svg"}};

    (void)state;
    desk_speak("en");
    assert_true(page_draw(canvas, &view) < 0);
    assert_string_equal(canvas_text(canvas), "10 minutes at the wall");
    assert_int_equal(count_faults(canvas, "invite without its picture"), 0);
    view.invite.picture = NULL;
    assert_int_equal(page_draw(canvas, &view), 0);
    canvas_free(canvas);
}

// An owner's routine may name no variant, or one at length: the invitation stands all the same.
static void test_any_variant_name_is_invited(void **state) {
    static const struct {
        const char *name, *text;
    } CASES[] = {
        {NULL, "10 minutes"},
        {"calves on the seat of the old kitchen chair", "10 minutes calves on the seat of the old kitchen chair"},
    };
    struct canvas *canvas = desk_canvas(&DESK_GLASSES[0]);

    (void)state;
    desk_speak("en");
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct view view = {.page = PAGE_INVITE, .invite = {10, CASES[i].name, PICTURE("straighten-chair"), NULL}};

        assert_int_equal(page_draw(canvas, &view), 0);
        assert_string_equal(canvas_text(canvas), CASES[i].text);
        assert_int_equal(count_faults(canvas, CASES[i].text), 0);
        view = (struct view){.page = PAGE_VARIANT, .variant = {CASES[i].name, PICTURE("straighten-chair")}};
        assert_int_equal(page_draw(canvas, &view), 0);
        assert_int_equal(count_faults(canvas, "variant"), 0);
    }
    canvas_free(canvas);
}

static void test_names_and_minutes(void **state) {
    static const struct {
        enum page_id page;
        const char *name;
    } NAMES[] = {
        {PAGE_INVITE, "invite"},       {PAGE_GOOD_NIGHT, "good-night"},
        {PAGE_MORNING, "morning"},     {PAGE_ASK_TIME, "ask-time"},
        {PAGE_HEALTH, "health"},       {PAGE_CARD, "card"},
        {PAGE_COUNTDOWN, "countdown"}, {PAGE_PAUSED, "paused"},
        {PAGE_WAY_OUT, "way-out"},     {PAGE_MONTH, "month"},
        {PAGE_UNDO, "undo"},           {PAGE_MINUTES, "minutes"},
        {PAGE_VARIANT, "variant"},     {PAGE_CLOCK, "clock"},
        {PAGE_ABOUT, "about"},         {PAGE_TROUBLE, "trouble"},
    };
    const struct view shows[] = {
        {.page = PAGE_INVITE, .invite.minutes = 12},        {.page = PAGE_GOOD_NIGHT, .good_night.minutes = 12},
        {.page = PAGE_MORNING, .morning.last_minutes = 12}, {.page = PAGE_COUNTDOWN, .countdown.minutes_left = 12},
        {.page = PAGE_PAUSED, .paused.minutes_left = 12},   {.page = PAGE_UNDO, .undo.minutes = 12},
        {.page = PAGE_MINUTES, .minutes.minutes = 12}};

    (void)state;
    assert_int_equal(sizeof NAMES / sizeof NAMES[0], PAGE_COUNT);
    for (size_t i = 0; i < PAGE_COUNT; i++)
        assert_string_equal(page_name(NAMES[i].page), NAMES[i].name);
    for (size_t i = 0; i < sizeof shows / sizeof shows[0]; i++)
        assert_int_equal(page_minutes(&shows[i]), 12);
    assert_int_equal(page_minutes(&(struct view){.page = PAGE_CARD}), -1);
    assert_int_equal(page_minutes(&(struct view){.page = PAGE_ABOUT}), -1);
}

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
    if (view.page == PAGE_CARD)
        view.card.words = *shown;
    else
        view.health = *shown; // lies where way_out lies
    for (view.face = 0; view.face < page_faces(canvas, &view); view.face++)
        for (int hint = 0; hint <= 1; hint++) {
            view.hint = hint;
            snprintf(where, sizeof where, "%s, %s, %s, face %d%s on %d px", group, variant, language, view.face,
                     hint ? ", hint" : "", canvas_glass(canvas)->width_px);
            faults += page_draw(canvas, &view) != 0;
            faults += count_faults(canvas, where);
            if (!hint && !strstr(canvas_text(canvas), " ")) // a page of words says more than one
                FAULT("says only \"%s\"\n", canvas_text(canvas));
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
            for (char **group = groups; *group; group++)
                for (size_t v = 0; v < sizeof VARIANTS / sizeof VARIANTS[0]; v++) {
                    struct view view = {.page = PAGE_COUNT};
                    struct page_words shown;

                    if (g_str_has_prefix(*group, "Card "))
                        view = (struct view){.page = PAGE_CARD, .card = {.count = 5}};
                    else if (strcmp(*group, "Way Out") == 0)
                        view.page = PAGE_WAY_OUT;
                    else if (v == 0 && (g_str_has_prefix(*group, "Health ") || strcmp(*group, "Ask First") == 0))
                        view.page = PAGE_HEALTH;
                    if (view.page != PAGE_COUNT)
                        faults += routine_page(canvas, file, *group, VARIANTS[v], DESK_LANGUAGES[l], view, &shown);
                }
        }
        canvas_free(canvas);
    }
    g_strfreev(groups);
    g_key_file_free(file);
    assert_int_equal(faults, 0);
}

// Each gentle line appears on the invitation, whole, with every variant's name beside the picture.
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

        for (size_t l = 0; l < DESK_LANGUAGE_COUNT; l++)
            for (char **group = groups; *group; group++) {
                const char *variant = VARIANTS[told % 5];
                char *reason, *name;
                struct view view;
                size_t count;

                if (!g_str_has_prefix(*group, "Reason "))
                    continue;
                desk_speak(DESK_LANGUAGES[l]);
                reason = routine_words(file, *group, "Text", NULL, DESK_LANGUAGES[l]);
                name = routine_words(file, variant, "Name", NULL, DESK_LANGUAGES[l]);
                view = (struct view){.page = PAGE_INVITE, .invite = {15, name, PICTURE("straighten-hips"), reason}};
                assert_int_equal(page_draw(canvas, &view), 0);
                assert_int_equal(count_faults(canvas, reason), 0);
                canvas_blocks(canvas, &count);
                if (count != 3)
                    print_error("%s is left out on %s\n", reason, DESK_GLASSES[g].panel);
                assert_int_equal(count, 3);
                g_free(reason);
                g_free(name);
                told++;
            }
        canvas_free(canvas);
    }
    g_strfreev(groups);
    g_key_file_free(file);
    assert_true(told > 0);
}

// What is drawn depends on the view alone, not on what was drawn before.
static void test_a_page_is_a_function_of_its_view(void **state) {
    struct canvas *canvas = desk_canvas(&DESK_GLASSES[0]);
    struct canvas *fresh;

    (void)state;
    desk_speak("en");
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < SAMPLE_COUNT; i += 7) {
            page_draw(canvas, &PAGE_SAMPLES[(i * 5 + 3) % SAMPLE_COUNT].view);
            page_draw(canvas, &PAGE_SAMPLES[i].view);
            fresh = desk_canvas(&DESK_GLASSES[0]);
            page_draw(fresh, &PAGE_SAMPLES[i].view);
            assert_true(frame_equal(canvas_frame(canvas), canvas_frame(fresh)));
            assert_string_equal(canvas_text(canvas), canvas_text(fresh));
            canvas_free(fresh);
        }
    canvas_free(canvas);
}

static void test_the_catalogues_are_there(void **state) {
    (void)state;
    desk_speak("de");
    if (strcmp(gettext("Monday"), "Montag") != 0)
        fail_msg("The German catalogue is missing: make the *.mo files first.");
    desk_speak("en");
    assert_string_equal(gettext("Monday"), "Monday");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_catalogues_are_there),
        cmocka_unit_test(test_every_page_is_legible_in_every_state),
        cmocka_unit_test(test_hints_and_warnings_stand_on_one_line),
        cmocka_unit_test(test_idle_pages_are_true_at_any_time),
        cmocka_unit_test(test_what_the_pages_say),
        cmocka_unit_test(test_zero_is_never_the_headline),
        cmocka_unit_test(test_the_minutes_are_read_from_afar),
        cmocka_unit_test(test_a_changing_digit_moves_no_other),
        cmocka_unit_test(test_the_line_grows),
        cmocka_unit_test(test_faces),
        cmocka_unit_test(test_faces_of_the_other_pages),
        cmocka_unit_test(test_a_missing_picture_leaves_the_words),
        cmocka_unit_test(test_any_variant_name_is_invited),
        cmocka_unit_test(test_names_and_minutes),
        cmocka_unit_test(test_the_routine_fits),
        cmocka_unit_test(test_every_reason_is_told),
        cmocka_unit_test(test_a_page_is_a_function_of_its_view),
    };

    alarm(emulator_limit_s(120));
    if (desk_open() < 0)
        return 2;
    return cmocka_run_group_tests_name("page", tests, NULL, NULL);
}
