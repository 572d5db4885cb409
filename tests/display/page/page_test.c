// The pages: what they say and show.
#include <libintl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
// cmocka.h wants the four above.
#include <cmocka.h>

#include "display/draw/draw.h"
#include "tests/support/ctl/emulator.h"
#include "tests/support/display/page_faults.h"
#include "tests/support/display/page_fixture.h"
#include "tests/support/display/page_samples.h"
#include "tests/support/run/limit.h"

static void assert_says(struct canvas *canvas, const char *name, const char *language, const char *text) {
    const struct page_sample *sample = PAGE_SAMPLES;
    struct view view;

    while (strcmp(sample->name, name) != 0) {
        assert_true(++sample < PAGE_SAMPLES + SAMPLE_COUNT);
    }
    desk_speak(language);
    view = sample_view(sample, language);
    page_draw(canvas, &view);
    assert_string_equal(canvas_text(canvas), text);
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
        {"morning-second-hint", "en", "2 of 7 2 in a row best 2 Tue 10 min rests: 2 Press: start. Hold: more"},
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
        {"way-out", "en", "Slide off, roll to one side, rest, rise"},
        {"way-out", "de", "Abrutschen, zur Seite rollen, ruhen"},
        {"month-none", "en", "No night yet"},
        {"month-none", "de", "Noch keine Nacht"},
        {"trouble-diary", "en", "Diary The diary cannot be read. karanictl status tells more."},
        {"morning-first-hint", "en", "The first night Wednesday 10 min Press: start. Hold: more"},
    };
    struct canvas *canvas = desk_canvas(&DESK_GLASSES[0]);

    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        assert_says(canvas, CASES[i].sample, CASES[i].language, CASES[i].text);
    }
    canvas_free(canvas);
}

// Every situation that a morning can find, in every language: nothing yet, practised under an unknown time, the first
// night, a chain, one without a streak, a rest, away, a night not over, a chain that has ended; and the pages of
// whoever does not know the time, which claim no day.
static void test_the_words_of_every_morning(void **state) {
    static const struct {
        const char *sample, *en, *de;
    } CASES[] = {
        {"morning-none", "Good morning The first night is still to come.",
         "Guten Morgen Die erste Nacht liegt noch vor dir."},
        {"morning-undated", "Good morning 10 minutes so far, without a date.",
         "Guten Morgen 10 Minuten bisher, ohne Datum."},
        {"morning-first", "The first night Monday 10 min", "Die erste Nacht Montag 10 Min."},
        {"morning-chain", "5 of 7 nights 12 in a row best 20 Tue 12 min rests: 1",
         "5 von 7 N\u00e4chten 12 in Folge l\u00e4ngste 20 Di 12 Min. Pausen: 1"},
        {"morning-quiet", "7 of 7 nights best 365 Wed 9 min 2 rests left",
         "7 von 7 N\u00e4chten l\u00e4ngste 365 Mi 9 Min. Pausen: 2"},
        {"morning-rest", "5 of 7 nights 12 in a row best 20 Thu: rest 0 rests left",
         "5 von 7 N\u00e4chten 12 in Folge l\u00e4ngste 20 Do: Pause Pausen: 0"},
        {"morning-away", "34 nights so far 12 in a row best 20 Sat: away 2 rests left",
         "34 N\u00e4chte bisher 12 in Folge l\u00e4ngste 20 Sa: fort Pausen: 2"},
        {"morning-pending", "6 of 7 nights 12 in a row best 20 1 rest left",
         "6 von 7 N\u00e4chten 12 in Folge l\u00e4ngste 20 Pausen: 1"},
        {"morning-undated-chain", "5 of 7 3 in a row best 20 10 min undated 2 rests left",
         "5 von 7 3 in Folge l\u00e4ngste 20 10 Min. undatiert Pausen: 2"},
        {"morning-welcome", "Welcome back 34 nights so far best 20",
         "Willkommen zur\u00fcck 34 N\u00e4chte bisher l\u00e4ngste 20"},
        {"good-night-unknown", "10 minutes", "10 Minuten"},
        {"month-unknown", "Nights show here once the time is known.",
         "Deine N\u00e4chte stehen hier, sobald die Uhr geht."},
        {"ask-time-unset", "What time is it? After a power cut the clock has to be set. Press: skip. Hold: set it",
         "Wie sp\u00e4t ist es? Seit dem Stromausfall steht die Uhr. Kurz: sp\u00e4ter. Lang: Uhr"},
    };
    struct canvas *canvas = desk_canvas(&DESK_GLASSES[0]);

    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        assert_says(canvas, CASES[i].sample, "en", CASES[i].en);
        assert_says(canvas, CASES[i].sample, "de", CASES[i].de);
    }
    canvas_free(canvas);
}

// The narrowest glass says the same in fewer words; the question and the answers whole.
static void test_what_narrow_glass_says(void **state) {
    static const struct {
        const char *sample, *language, *text;
    } CASES[] = {
        {"invite-hint", "en", "15 minutes a little away Press: start. Hold: more"},
        {"morning-chain", "en", "5 of 7 12 in a row best 20 Tue 12 min 1 rest left"},
        {"morning-first", "en", "The first night Mon 10 min"},
        {"ask-time", "en", "Is it 21:40, Tue 14 April? Press: yes. Hold: set"},
        {"ask-time", "de", "Etwa 21:40, Di, 14. April? Kurz: ja. Lang: Uhr"},
        {"ask-time-unset", "en", "What time is it? Press: skip. Hold: set it"},
        {"health-hint", "en", "Glaucoma, eye surgery, loose retina: ask first Hold: mine"},
        {"health-last", "de", "Drücken: nichts davon. Halten: eines"},
        {"card-sit", "en", "Sit side on"},
        {"card-sit-words", "en", "Sit side on Sideways on the floor, hip to the wall"},
        {"countdown-hint", "en", "28 minutes left Hold: end"},
        {"countdown-10", "de", "10 Minuten"},
        {"paused", "en", "7 minutes left Paused"},
        {"paused-hint", "en", "12 Paused Hold: end"},
        {"month", "en", "17 of 28"},
        {"clock-restored", "en", "The time is uncertain. Press to set it."},
        {"clock-year", "en", "Year 2026-04-14 21:40"},
        {"trouble-diary", "en", "Diary Diary unread: see karanictl status"},
    };
    struct canvas *canvas = desk_canvas(&DESK_GLASSES[DESK_NARROW]);

    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        assert_says(canvas, CASES[i].sample, CASES[i].language, CASES[i].text);
    }
    canvas_free(canvas);
}

// Whoever lies on the floor would rather look: the picture is there wherever it can be 70 px high beside the brief
// words, and the whole text where there is room for both.
static void test_the_way_out_shows_its_picture(void **state) {
    static const struct {
        size_t glass;
        bool hint, picture;
        const char *words;
    } CASES[] = {
        {0, false, true, "Slide off"},  {0, true, true, "Slide off"},   {1, false, true, "Slide off"},
        {1, true, true, "Slide off"},   {2, false, false, "Slide off"}, {5, false, true, "Slide off"},
        {7, false, true, "Knees bent"}, {8, false, true, "Knees bent"},
    };

    (void)state;
    desk_speak("en");
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct canvas *canvas = desk_canvas(&DESK_GLASSES[CASES[i].glass]);
        struct view view = {.page = PAGE_WAY_OUT, .hint = CASES[i].hint, .way_out = WAY_OUT};
        size_t count;

        assert_int_equal(page_draw(canvas, &view), 0);
        canvas_shapes(canvas, &count);
        assert_int_equal(count, CASES[i].picture);
        assert_non_null(strstr(canvas_text(canvas), CASES[i].words));
        canvas_free(canvas);
    }
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

static void test_faces(void **state) {
    static const struct page_words LONG = SIT;
    static const struct page_words WITHOUT_PICTURE = {.title = "Rest", .text = "Let go."};
    static const struct page_words SHORT = {.title = "Rest", .brief = "Let go.", .picture = PICTURE("arms")};
    static const struct {
        size_t glass;
        const struct page_words *words;
        int faces;
    } CASES[] = {
        {0, &LONG, 2},  {1, &LONG, 2},  {2, &LONG, 2}, {8, &LONG, 1}, {0, &WITHOUT_PICTURE, 1},
        {0, &SHORT, 1}, {1, &SHORT, 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct canvas *canvas = desk_canvas(&DESK_GLASSES[CASES[i].glass]);

        for (int hint = 0; hint <= 1; hint++) {
            for (int face = 0; face <= 1; face++) {
                struct view view = {.page = PAGE_CARD, .face = face, .hint = hint, .card = {*CASES[i].words, 0, 5}};

                assert_int_equal(page_faces(canvas, &view), CASES[i].faces);
            }
        }
        canvas_free(canvas);
    }
}

// Every page but the card has one face, and asking draws nothing.
static void test_faces_of_the_other_pages(void **state) {
    struct canvas *canvas = desk_canvas(&DESK_GLASSES[0]);

    (void)state;
    for (size_t i = 0; i < SAMPLE_COUNT; i++) {
        if (PAGE_SAMPLES[i].view.page != PAGE_CARD) {
            assert_int_equal(page_faces(canvas, &PAGE_SAMPLES[i].view), 1);
        }
    }
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
    for (size_t i = 0; i < PAGE_COUNT; i++) {
        assert_string_equal(page_name(NAMES[i].page), NAMES[i].name);
    }
    for (size_t i = 0; i < sizeof shows / sizeof shows[0]; i++) {
        assert_int_equal(page_minutes(&shows[i]), 12);
    }
    assert_int_equal(page_minutes(&(struct view){.page = PAGE_CARD}), -1);
    assert_int_equal(page_minutes(&(struct view){.page = PAGE_ABOUT}), -1);
}

// What is drawn depends on the view alone, not on what was drawn before.
static void test_a_page_is_a_function_of_its_view(void **state) {
    struct canvas *canvas = desk_canvas(&DESK_GLASSES[0]);
    struct canvas *fresh;

    (void)state;
    desk_speak("en");
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < SAMPLE_COUNT; i += 7) {
            page_draw(canvas, &PAGE_SAMPLES[(i * 5 + 3) % SAMPLE_COUNT].view);
            page_draw(canvas, &PAGE_SAMPLES[i].view);
            fresh = desk_canvas(&DESK_GLASSES[0]);
            page_draw(fresh, &PAGE_SAMPLES[i].view);
            assert_true(frame_equal(canvas_frame(canvas), canvas_frame(fresh)));
            assert_string_equal(canvas_text(canvas), canvas_text(fresh));
            canvas_free(fresh);
        }
    }
    canvas_free(canvas);
}

static void test_the_catalogues_are_there(void **state) {
    (void)state;
    desk_speak("de");
    if (strcmp(gettext("Monday"), "Montag") != 0) {
        fail_msg("The German catalogue is missing: make the *.mo files first.");
    }
    desk_speak("en");
    assert_string_equal(gettext("Monday"), "Monday");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_catalogues_are_there),
        cmocka_unit_test(test_what_the_pages_say),
        cmocka_unit_test(test_the_words_of_every_morning),
        cmocka_unit_test(test_what_narrow_glass_says),
        cmocka_unit_test(test_the_way_out_shows_its_picture),
        cmocka_unit_test(test_zero_is_never_the_headline),
        cmocka_unit_test(test_faces),
        cmocka_unit_test(test_faces_of_the_other_pages),
        cmocka_unit_test(test_a_missing_picture_leaves_the_words),
        cmocka_unit_test(test_any_variant_name_is_invited),
        cmocka_unit_test(test_names_and_minutes),
        cmocka_unit_test(test_a_page_is_a_function_of_its_view),
    };

    limit_processor_s(300);
    if (page_fixture_open() < 0) {
        return 2;
    }
    return cmocka_run_group_tests_name("page", tests, NULL, NULL);
}
