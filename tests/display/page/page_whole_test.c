// What karani(7), PAGES, names for `morning` and `about` is there, whatever the glass, the language and the day.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
// cmocka.h wants the four above.
#include <cmocka.h>

#include "display/page/date.h"
#include "display/panel/rows.h"
#include "tests/support/display/page_faults.h"
#include "tests/support/display/page_fixture.h"
#include "tests/support/run/limit.h"

static const double SMALL_INCH = 3;

static struct glass glass_of(const struct panel_row *row) {
    return (struct glass){row->width_px, row->height_px, row->pixel_mm, row->diagonal_inch < SMALL_INCH ? 0.6 : 1.0};
}

static struct canvas *canvas_of(const struct panel_row *row) {
    struct desk_glass desk = {.panel = row->name, .glass = glass_of(row)};

    return desk_canvas(&desk);
}

typedef int each_glass(struct canvas *canvas, const struct panel_row *row, bool german);

// Every panel, or (for what does not name it) every size, in every language.
static int for_each_glass(bool every_name, each_glass *check) {
    size_t count;
    const struct panel_row *rows = panel_rows(&count);
    int faults = 0;

    for (size_t i = 0; i < count; i++) {
        bool seen = false;
        struct canvas *canvas;

        for (size_t j = 0; j < i; j++) {
            seen |= rows[j].width_px == rows[i].width_px && rows[j].height_px == rows[i].height_px;
        }
        if (seen && !every_name) {
            continue;
        }
        canvas = canvas_of(&rows[i]);
        assert_non_null(canvas);
        for (size_t l = 0; l < DESK_LANGUAGE_COUNT; l++) {
            desk_speak(DESK_LANGUAGES[l]);
            faults += check(canvas, &rows[i], strcmp(DESK_LANGUAGES[l], "de") == 0);
        }
        canvas_free(canvas);
    }
    return faults;
}

// --- the morning

// What the page must tell, in the order of its weight.
enum fact { FACT_LAST7, FACT_STREAK, FACT_LAST_NIGHT, FACT_BEST, FACT_RESTS, FACT_COUNT };

static const char *const FACTS[] = {"the last 7", "the streak", "last night", "the best", "the rests"};

// The words that tell a fact: the whole text of a block, the longer ones first.
enum { WORDS_MAX = 2, WORDS_SIZE = 48 };

struct words {
    char text[WORDS_MAX][WORDS_SIZE];
};

static struct words words_last7(const struct view_morning *shown, bool german) {
    struct words words = {0};

    snprintf(words.text[0], WORDS_SIZE, german ? "%d von 7 Nächten" : "%d of 7 nights", shown->last7);
    snprintf(words.text[1], WORDS_SIZE, german ? "%d von 7" : "%d of 7", shown->last7);
    return words;
}

static struct words words_streak(const struct view_morning *shown, bool german) {
    struct words words = {0};

    snprintf(words.text[0], WORDS_SIZE, german ? "%d in Folge" : "%d in a row", shown->streak);
    snprintf(words.text[1], WORDS_SIZE, german ? "Serie %d" : "streak %d", shown->streak);
    return words;
}

static struct words words_last_night(const struct view_morning *shown, bool german) {
    static const char *const DAYS[2][7] = {{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
                                           {"Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"}};
    const char *day = DAYS[german][shown->last_weekday];
    const char *min = german ? "Min." : "min";
    struct words words = {0};

    if (shown->last_minutes > 0) {
        snprintf(words.text[0], WORDS_SIZE, "%s %d %s", day, shown->last_minutes, min);
        snprintf(words.text[1], WORDS_SIZE, "%d %s", shown->last_minutes, min);
    } else if (shown->week[6] == PAGE_MARK_REST) {
        snprintf(words.text[0], WORDS_SIZE, "%s: %s", day, german ? "Pause" : "rest");
    } else {
        snprintf(words.text[0], WORDS_SIZE, "%s: %s", day, german ? "fort" : "away");
    }
    return words;
}

static struct words words_best(const struct view_morning *shown, bool german) {
    struct words words = {0};

    snprintf(words.text[0], WORDS_SIZE, german ? "längste %d" : "best %d", shown->best);
    return words;
}

static struct words words_rests(const struct view_morning *shown, bool german) {
    bool one = shown->rests_left == 1;
    struct words words = {0};

    snprintf(words.text[0], WORDS_SIZE,
             german ? "Pausen: %d"
             : one  ? "%d rest left"
                    : "%d rests left",
             shown->rests_left);
    snprintf(words.text[1], WORDS_SIZE, german ? "Pausen %d" : "rests: %d", shown->rests_left);
    return words;
}

static bool is_said(struct canvas *canvas, struct words words) {
    size_t count;
    const struct canvas_block *blocks = canvas_blocks(canvas, &count);

    for (size_t i = 0; i < count; i++) {
        for (int j = 0; j < WORDS_MAX; j++) {
            if (words.text[j][0] && strcmp(blocks[i].text, words.text[j]) == 0) {
                return true;
            }
        }
    }
    return false;
}

// A bit for each fact that the page tells.
static unsigned facts_told(struct canvas *canvas, const struct view_morning *shown, bool german) {
    static struct words (*const words[])(const struct view_morning *,
                                         bool) = {words_last7, words_streak, words_last_night, words_best, words_rests};
    unsigned told = 0;

    for (int fact = 0; fact < FACT_COUNT; fact++) {
        if (is_said(canvas, words[fact](shown, german))) {
            told |= 1u << fact;
        }
    }
    return told;
}

// The week is there by its shapes, too.
static bool shows_week(struct canvas *canvas) {
    size_t count;

    canvas_shapes(canvas, &count);
    return count == 7;
}

static const struct {
    enum page_mark mark;
    enum page_situation situation;
    int minutes;
} NIGHTS[] = {
    {PAGE_MARK_PRACTISED, PAGE_SITUATION_CHAIN, 3},   {PAGE_MARK_PRACTISED, PAGE_SITUATION_CHAIN, 10},
    {PAGE_MARK_PRACTISED, PAGE_SITUATION_CHAIN, 125}, {PAGE_MARK_REST, PAGE_SITUATION_REST, 0},
    {PAGE_MARK_AWAY, PAGE_SITUATION_AWAY, 0},
};

static struct view morning_view(size_t night, int weekday, int streak, int best, int rests) {
    struct view view = {.page = PAGE_MORNING,
                        .morning = {.last_minutes = NIGHTS[night].minutes,
                                    .last_weekday = weekday,
                                    .last7 = 6,
                                    .show_streak = true,
                                    .streak = streak,
                                    .best = best,
                                    .rests_left = rests,
                                    .nights = best + 30,
                                    .situation = NIGHTS[night].situation}};

    for (int i = 0; i < 6; i++) {
        view.morning.week[i] = i == 2 ? PAGE_MARK_REST : PAGE_MARK_PRACTISED;
    }
    view.morning.week[6] = NIGHTS[night].mark;
    return view;
}

// Draws it for each weekday; on every one of them the same is told.
static int check_morning_of_the_week(struct canvas *canvas, const char *panel, bool german, struct view view) {
    unsigned must = view.hint ? 1u << FACT_LAST7 | 1u << FACT_STREAK | 1u << FACT_LAST_NIGHT : (1u << FACT_COUNT) - 1;
    unsigned told_on_monday = 0;
    int faults = 0;

    for (int weekday = 0; weekday < 7; weekday++) {
        char where[128];
        unsigned told;

        view.morning.last_weekday = weekday;
        snprintf(where, sizeof where, "%s%s%s", panel, german ? ", German" : "", view.hint ? ", with a hint" : "");
        assert_int_equal(page_draw(canvas, &view), 0);
        told = facts_told(canvas, &view.morning, german);
        for (int fact = 0; fact < FACT_COUNT; fact++) {
            if (must & ~told & 1u << fact) {
                FAULT("\"%s\" does not tell %s (%d, best %d, %d rests)\n", canvas_text(canvas), FACTS[fact],
                      view.morning.streak, view.morning.best, view.morning.rests_left);
            }
        }
        if (told & (told + 1)) { // what is left out is the lightest
            FAULT("\"%s\" leaves out more than the least\n", canvas_text(canvas));
        }
        if (weekday > 0 && told != told_on_monday) {
            FAULT("\"%s\" tells other things than on a Monday\n", canvas_text(canvas));
        }
        if (!shows_week(canvas)) {
            FAULT("\"%s\" has not seven shapes\n", canvas_text(canvas));
        }
        faults += count_faults(canvas, where);
        told_on_monday = weekday == 0 ? told : told_on_monday;
    }
    return faults;
}

static int check_morning(struct canvas *canvas, const struct panel_row *row, bool german) {
    static const int CHAINS[] = {1, 9, 12, 129, 1290};
    static const int RESTS[] = {0, 1, 2, 7};
    int faults = 0;
    size_t chains = row->diagonal_inch < SMALL_INCH ? 4 : 5; // four digits are for large glass

    for (size_t night = 0; night < sizeof NIGHTS / sizeof NIGHTS[0]; night++) {
        for (size_t streak = 0; streak < chains; streak++) {
            for (size_t best = streak; best < chains; best++) {
                for (size_t rests = 0; rests < sizeof RESTS / sizeof RESTS[0]; rests++) {
                    for (int hint = 0; hint <= 1; hint++) {
                        struct view view = morning_view(night, 0, CHAINS[streak], CHAINS[best], RESTS[rests]);

                        view.hint = hint;
                        faults += check_morning_of_the_week(canvas, row->name, german, view);
                    }
                }
            }
        }
    }
    return faults;
}

static void test_the_morning_tells_what_it_must(void **state) {
    (void)state;
    assert_int_equal(for_each_glass(false, check_morning), 0);
}

// Whoever wants no chain to mind is told the rest.
static int check_quiet_morning(struct canvas *canvas, const struct panel_row *row, bool german) {
    int faults = 0;
    for (int weekday = 0; weekday < 7; weekday++) {
        struct view view = morning_view(1, weekday, 129, 129, 2);
        const char *where = row->name;

        view.morning.show_streak = false;
        assert_int_equal(page_draw(canvas, &view), 0);
        if ((facts_told(canvas, &view.morning, german) | 1u << FACT_STREAK) != (1u << FACT_COUNT) - 1) {
            FAULT("\"%s\" leaves something out\n", canvas_text(canvas));
        }
        if (is_said(canvas, words_streak(&view.morning, german))) {
            FAULT("\"%s\" tells a streak\n", canvas_text(canvas));
        }
        faults += count_faults(canvas, where);
    }
    return faults;
}

static void test_a_morning_without_a_streak_tells_the_rest(void **state) {
    (void)state;
    assert_int_equal(for_each_glass(false, check_quiet_morning), 0);
}

// --- what the device is

// The name unbroken, or its maker on a line of its own, or above a hint the part that tells glass from glass.
static bool names_panel(const char *text, const char *panel, bool hint) {
    size_t maker = strcspn(panel, "-");
    char broken[64];

    snprintf(broken, sizeof broken, "%.*s %s", (int)maker, panel, panel + maker + 1);
    return strstr(text, panel) || strstr(text, broken) || (hint && strstr(text, panel + maker + 1));
}

static int check_about(struct canvas *canvas, const struct panel_row *row, bool german) {
    static const char *const DIARY[2][2][2] = {{{"Diary: failing", "Diary error"}, {"Diary: fine", "Diary fine"}},
                                               {{"Tagebuch: gestört", "Datenfehler"}, {"Tagebuch: gut", "Daten gut"}}};
    static const char *const CLOCK[2][2][2] = {{{"Clock: not set", "clock unset"}, {"Clock: set", "clock set"}},
                                               {{"Uhr: nicht gestellt", "Uhr steht"}, {"Uhr: gestellt", "Uhr geht"}}};
    int faults = 0;

    for (int i = 0; i < 8; i++) {
        bool diary_ok = i & 1;
        bool known = i & 2;
        struct view view = {.page = PAGE_ABOUT,
                            .hint = i & 4,
                            .about = {"0.1.0", row->name, diary_ok, known ? PAGE_CLOCK_SET : PAGE_CLOCK_RESTORED}};
        const char *where = row->name;
        const char *text;

        assert_int_equal(page_draw(canvas, &view), 0);
        text = canvas_text(canvas);
        if (!strstr(text, "0.1.0") || !strstr(text, "MIT")) {
            FAULT("\"%s\" does not tell version and licence\n", text);
        }
        if (!names_panel(text, row->name, view.hint)) {
            FAULT("\"%s\" does not name the panel\n", text);
        }
        if (!strstr(text, DIARY[german][diary_ok][0]) && !strstr(text, DIARY[german][diary_ok][1])) {
            FAULT("\"%s\" does not tell how the diary is\n", text);
        }
        if (!strstr(text, CLOCK[german][known][0]) && !strstr(text, CLOCK[german][known][1])) {
            FAULT("\"%s\" does not tell how the clock is\n", text);
        }
        faults += count_faults(canvas, where);
    }
    return faults;
}

static void test_about_tells_what_it_must(void **state) {
    (void)state;
    assert_int_equal(for_each_glass(true, check_about), 0);
}

// --- dates

// A date in a text may break after the weekday alone.
static void test_dates_do_not_break(void **state) {
    static const struct page_time time = {2026, 11, 30, 21, 40, 0};
    char text[96];

    (void)state;
    desk_speak("en");
    date_format_day(&time, text, sizeof text);
    assert_string_equal(text, "Monday 30\u00a0November");
    date_format_day_and_year(&time, text, sizeof text);
    assert_string_equal(text, "Monday 30\u00a0November\u00a02026");
    desk_speak("de");
    date_format_day(&time, text, sizeof text);
    assert_string_equal(text, "Montag, 30.\u00a0November");
    date_format_day_and_year(&time, text, sizeof text);
    assert_string_equal(text, "Montag, 30.\u00a0November\u00a02026");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_morning_tells_what_it_must),
        cmocka_unit_test(test_a_morning_without_a_streak_tells_the_rest),
        cmocka_unit_test(test_about_tells_what_it_must),
        cmocka_unit_test(test_dates_do_not_break),
    };

    limit_processor_s(300); // an unoptimised build on a busy machine
    if (page_fixture_open() < 0) {
        return 2;
    }
    return cmocka_run_group_tests_name("page_whole", tests, NULL, NULL);
}
