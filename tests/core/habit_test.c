// The habit: stories of nights with what the rules of "What counts" make of them, worked out by hand.
#include "daemon/core/habit.h"

#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "tests/oracle/oracle.h"

enum { FIRST_NIGHT = 20513, COUNTS_S = 180, ORACLE_LIMIT_S = 90 };

static const char state_letters[] = {
    [HABIT_BEFORE] = '-', [HABIT_PRACTISED] = 'P', [HABIT_REST] = 'r',
    [HABIT_AWAY] = 'A',   [HABIT_MISSED] = 'm',    [HABIT_PENDING] = '?',
};

// Nights from FIRST_NIGHT on. P practised, . nothing, A away, X practised and marked away, s a sitting too short,
// t two short sittings that together count.
static struct habit_log log_of(const char *nights) {
    struct habit_log log = {0};
    for (int i = 0; nights[i] != '\0'; i++) {
        int32_t night = FIRST_NIGHT + i;
        char kind = nights[i];
        if (kind == 'P' || kind == 'X') {
            assert_int_equal(habit_log_add(&log, night, COUNTS_S), 0);
        }
        if (kind == 's' || kind == 't') {
            assert_int_equal(habit_log_add(&log, night, COUNTS_S - 1), 0);
        }
        if (kind == 't') {
            assert_int_equal(habit_log_add(&log, night, 1), 0);
        }
        if (kind == 'A' || kind == 'X') {
            assert_int_equal(habit_log_set_away(&log, night, true), 0);
        }
    }
    return log;
}

// Tonight is the last night of the story.
static struct habit_summary summary_of(const char *nights, int rest_nights) {
    struct habit_log log = log_of(nights);
    struct habit_rules rules = {.counts_from_s = COUNTS_S, .rest_nights = rest_nights};
    int32_t tonight = FIRST_NIGHT + (int32_t)strlen(nights) - 1;
    struct habit_summary summary;
    habit_summarise(&log, &rules, tonight, tonight - 1, 0, &summary);
    habit_log_clear(&log);
    return summary;
}

static const struct story {
    const char *nights;
    const char *states; // the end of the grid
    int rest_nights;
    int streak, best, rests_left;
    bool lives;
} stories[] = {
    // The first nights of all.
    {".", "?", 2, 0, 0, 2, false},
    {"A", "A", 2, 0, 0, 2, false}, // tonight, marked away, even before the first practised night
    {"A.", "-?", 2, 0, 0, 2, false},
    {"s.", "-?", 2, 0, 0, 2, false},
    {"P", "P", 2, 1, 1, 2, true},
    {"X", "P", 2, 1, 1, 2, true},
    {"A.P", "--P", 2, 1, 1, 2, true},
    {"AXP", "-PP", 2, 2, 2, 2, true},
    {"sP", "-P", 2, 1, 1, 2, true},
    {"tP", "PP", 2, 2, 2, 2, true},
    // Tonight is open until practised and breaks nothing.
    {"PP.", "PP?", 2, 2, 2, 2, true},
    {"PPs", "PP?", 2, 2, 2, 2, true},
    {"PA", "PA", 2, 1, 1, 2, true},
    {"PX", "PP", 2, 2, 2, 2, true},
    {"P..A", "PrrA", 2, 1, 1, 0, true},
    // Two rests in any seven.
    {"P..", "Pr?", 2, 1, 1, 1, true},
    {"P...", "Prr?", 2, 1, 1, 0, true},
    {"P..P", "PrrP", 2, 2, 2, 0, true},
    {"P....", "Prrm?", 2, 0, 1, 2, false},
    {"P.....", "Prrmm?", 2, 0, 1, 2, false},
    {"P...P", "PrrmP", 2, 1, 1, 2, true},
    {"P.P.P.P", "PrPrPmP", 2, 1, 3, 2, true},
    {"P..PPPP.", "PrrPPPP?", 2, 5, 5, 0, true},    // both rests are still among the six nights before tonight
    {"P..PPPP..", "PrrPPPPm?", 2, 0, 5, 2, false}, // so the next one missed ends it
    {"P..PPPPP.", "PrrPPPPP?", 2, 6, 6, 1, true},  // a night later one of them has left
    {"P..PPPPP..", "PrrPPPPPr?", 2, 6, 6, 1, true},
    {"P.s.", "Prr?", 2, 1, 1, 0, true}, // a sitting too short is a night missed
    // Rests of a chain that has ended are forgotten, and stay rests.
    {"P...P...", "PrrmPrr?", 2, 1, 1, 0, true},
    {"PPP...PP", "PPPrrmPP", 2, 2, 3, 2, true},
    {"PP...PPP", "PPrrmPPP", 2, 3, 3, 2, true},
    // Away nights are stepped over.
    {"PAP.", "PAP?", 2, 2, 2, 2, true},
    {"P..A.", "PrrA?", 2, 1, 1, 0, true},
    {"P..AAAAAA..", "PrrAAAAAAm?", 2, 0, 1, 2, false},
    {"P..AAAAAAA", "PrrAAAAAAA", 2, 1, 1, 0, true},
    {"P..AAXXXXX..", "PrrAAPPPPPr?", 2, 6, 6, 1, true}, // practised nights marked away are practised
    {"P...AA.P", "PrrmAAmP", 2, 1, 1, 2, true},
    // Other reserves.
    {"P.", "P?", 0, 1, 1, 0, true},
    {"P..", "Pm?", 0, 0, 1, 0, false},
    {"PA.", "PA?", 0, 1, 1, 0, true},
    {"P...", "Prm?", 1, 0, 1, 1, false},
    {"P.PPPPP..", "PrPPPPPm?", 1, 0, 6, 1, false},
    {"P.PPPPPP..", "PrPPPPPPr?", 1, 7, 7, 0, true},
    {"P.......", "Prrrrrr?", 6, 1, 1, 0, true},
    {"P........", "Prrrrrrm?", 6, 0, 1, 6, false},
    {"P......P......", "PrrrrrrPrrrrr?", 6, 2, 2, 1, true},
};

static void test_stories(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++) {
        const struct story *story = &stories[i];
        struct habit_summary summary = summary_of(story->nights, story->rest_nights);
        char states[HABIT_GRID_NIGHTS + 1] = "";
        for (int j = 0; j < HABIT_GRID_NIGHTS; j++) {
            states[j] = state_letters[summary.grid[j]];
        }
        const char *end = states + HABIT_GRID_NIGHTS - strlen(story->states);
        if (strcmp(end, story->states) != 0 || summary.streak != story->streak || summary.best != story->best ||
            summary.rests_left != story->rests_left || summary.chain_lives != story->lives) {
            fail_msg("%s with %d rests: %s, streak %d, best %d, %d left", story->nights, story->rest_nights, end,
                     summary.streak, summary.best, summary.rests_left);
        }
        assert_int_equal(strspn(states, "-"), (size_t)(end - states) + strspn(story->states, "-"));
    }
}

#define WEEK "PPPPPPP"

static void test_last_7_and_28(void **state) {
    (void)state;
    static const struct {
        const char *nights;
        int last7, last28;
    } rows[] = {
        {".", 0, 0},
        {"P", 1, 1},
        {"P.", 1, 1},
        {WEEK, 7, 7},
        {WEEK ".", 7, 7}, // tonight is open: the seven end with the night before
        {WEEK "A", 7, 7},
        {WEEK "s", 7, 7},
        {WEEK "P", 7, 8},
        {WEEK "..", 6, 7},
        {WEEK "A.", 6, 7}, // these are calendar nights: away nights are among them
        {WEEK "AAAAAAA.", 0, 7},
        {"P......" WEEK, 7, 8},
        {WEEK WEEK WEEK WEEK ".", 7, 28}, // the first of them is not in the grid any more
        {WEEK WEEK WEEK WEEK "P", 7, 28},
        {WEEK WEEK WEEK WEEK "..", 6, 27},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct habit_summary summary = summary_of(rows[i].nights, 2);
        if (summary.last7 != rows[i].last7 || summary.last28 != rows[i].last28) {
            fail_msg("%s: %d of 7, %d of 28", rows[i].nights, summary.last7, summary.last28);
        }
    }
}

static void test_steadiness(void **state) {
    (void)state;
    struct habit_log log = {0};
    struct habit_rules rules = {.counts_from_s = COUNTS_S, .rest_nights = 2};
    struct habit_summary summary;
    for (int n = 1; n <= 500; n++) { // a perfect run: 1 − 2^(−n/13), tonight included
        assert_int_equal(habit_log_add(&log, FIRST_NIGHT + n - 1, COUNTS_S), 0);
        habit_summarise(&log, &rules, FIRST_NIGHT + n - 1, FIRST_NIGHT + n - 1, 0, &summary);
        assert_true(fabs(summary.steadiness - (1 - pow(2, -n / 13.0))) < 1e-9);
    }
    habit_log_clear(&log);

    double one = 1 - pow(2, -1 / 13.0);
    static const struct {
        const char *nights;
        double ones; // in units of what the first practised night gives
    } rows[] = {
        {".", 0},
        {"..A.", 0},
        {"...P", 1}, // nothing decays before the first practised night
        {"P.", 1},   // tonight enters only once practised
        {"PA", 1},
        {"PAAAAA.", 1},           // away nights leave it as it is
        {"P..............", 0.5}, // thirteen nights finished without, rests or missed alike, halve it
        {"PAAA.......AAAA......A", 0.5},
        {"P..........................A.", 0.25},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        summary = summary_of(rows[i].nights, 2);
        if (fabs(summary.steadiness - rows[i].ones * one) > 1e-9) {
            fail_msg("%s: %.12f instead of %.12f", rows[i].nights, summary.steadiness, rows[i].ones * one);
        }
    }
}

// `--tonight` may look back: what came later is left out of every field.
static void test_later_nights_are_left_out(void **state) {
    (void)state;
    struct habit_log log = log_of("PP.APPP");
    struct habit_rules rules = {.counts_from_s = COUNTS_S, .rest_nights = 2};
    struct habit_summary summary;
    habit_summarise(&log, &rules, FIRST_NIGHT + 2, FIRST_NIGHT + 1, 59, &summary);
    assert_int_equal(summary.tonight, FIRST_NIGHT + 2);
    assert_int_equal(summary.nights, 2);
    assert_int_equal(summary.minutes, (2 * COUNTS_S + 59) / 60);
    assert_int_equal(summary.streak, 2);
    assert_int_equal(summary.best, 2);
    assert_int_equal(summary.last7, 2);
    assert_int_equal(summary.grid[HABIT_GRID_NIGHTS - 1], HABIT_PENDING);
    assert_int_equal(summary.last_night.night, FIRST_NIGHT + 1);
    assert_int_equal(summary.last_night.held_s, COUNTS_S);
    assert_int_equal(summary.last_night.state, HABIT_PRACTISED);

    habit_summarise(&log, &rules, FIRST_NIGHT - 1, FIRST_NIGHT - 2, 60, &summary); // before it all
    assert_int_equal(summary.nights, 0);
    assert_int_equal(summary.minutes, 1);
    assert_int_equal(summary.best, 0);
    assert_true(summary.steadiness == 0);
    assert_int_equal(summary.last_night.state, HABIT_BEFORE);
    assert_int_equal(summary.last_night.held_s, 0);
    assert_int_equal(summary.grid[HABIT_GRID_NIGHTS - 1], HABIT_PENDING);

    habit_summarise(&log, &rules, FIRST_NIGHT + 10, FIRST_NIGHT + 9, 0,
                    &summary); // 6 practised, 7 and 8 rest, 9 missed
    assert_int_equal(summary.nights, 5);
    assert_int_equal(summary.best, 5);
    assert_int_equal(summary.streak, 0);
    assert_int_equal(summary.last_night.state, HABIT_MISSED);
    habit_log_clear(&log);
}

static void test_last_night(void **state) {
    (void)state;
    static const struct {
        const char *nights;
        int back; // 0: in the morning, the running night; 1: in the evening
        enum habit_state state;
        int64_t held_s;
    } rows[] = {
        {"PP", 0, HABIT_PRACTISED, COUNTS_S},
        {"Ps", 0, HABIT_PENDING, COUNTS_S - 1},
        {"PA", 0, HABIT_AWAY, 0},
        {"A", 0, HABIT_AWAY, 0},
        {".", 0, HABIT_PENDING, 0},
        {".", 1, HABIT_BEFORE, 0},
        {"s.", 1, HABIT_BEFORE, COUNTS_S - 1},
        {"A.", 1, HABIT_BEFORE, 0},
        {"Ps.", 1, HABIT_REST, COUNTS_S - 1},
        {"PA.", 1, HABIT_AWAY, 0},
        {"P....", 1, HABIT_MISSED, 0},
        {"tP", 1, HABIT_PRACTISED, COUNTS_S},
    };
    struct habit_rules rules = {.counts_from_s = COUNTS_S, .rest_nights = 2};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct habit_log log = log_of(rows[i].nights);
        int32_t tonight = FIRST_NIGHT + (int32_t)strlen(rows[i].nights) - 1;
        struct habit_summary summary;
        habit_summarise(&log, &rules, tonight, tonight - rows[i].back, 0, &summary);
        if (summary.last_night.state != rows[i].state || summary.last_night.held_s != rows[i].held_s) {
            fail_msg("%s, %d back: %s, %" PRId64 " s", rows[i].nights, rows[i].back,
                     habit_state_name(summary.last_night.state), summary.last_night.held_s);
        }
        assert_int_equal(summary.last_night.night, tonight - rows[i].back);
        habit_log_clear(&log);
    }
}

static void test_state_names(void **state) {
    (void)state;
    assert_string_equal(habit_state_name(HABIT_BEFORE), "before");
    assert_string_equal(habit_state_name(HABIT_PRACTISED), "practised");
    assert_string_equal(habit_state_name(HABIT_REST), "rest");
    assert_string_equal(habit_state_name(HABIT_AWAY), "away");
    assert_string_equal(habit_state_name(HABIT_MISSED), "missed");
    assert_string_equal(habit_state_name(HABIT_PENDING), "pending");
}

static void test_a_century_is_quick(void **state) {
    (void)state;
    enum { CENTURY = 36525, TRIES = 5 };
    struct habit_log log = {0};
    struct habit_rules rules = {.counts_from_s = COUNTS_S, .rest_nights = 2};
    struct habit_summary summary;
    for (int i = 0; i < CENTURY; i++) {
        assert_int_equal(habit_log_add(&log, FIRST_NIGHT + i, i % 5 == 0 ? 1 : 600), 0);
    }
    double best_ms = INFINITY;
    for (int i = 0; i < TRIES; i++) {
        clock_t begun = clock();
        habit_summarise(&log, &rules, FIRST_NIGHT + CENTURY - 1, FIRST_NIGHT + CENTURY - 1, 0, &summary);
        best_ms = fmin(best_ms, (double)(clock() - begun) / CLOCKS_PER_SEC * 1e3);
    }
    print_message("a hundred years of nights: %.2f ms\n", best_ms);
    assert_int_equal(summary.nights, CENTURY / 5 * 4);
    assert_int_equal(summary.best, CENTURY / 5 * 4); // the first night was short; every later one of these is a rest
#ifdef __OPTIMIZE__                                  // a coverage build counts every line and is no measure
    assert_true(best_ms < 5);
#endif
    habit_log_clear(&log);
}

static void test_model_agrees(void **state) {
    (void)state;
    oracle_run("tests/oracle/habit_model.py", NULL, ORACLE_LIMIT_S);
}

static void print_summary(const struct habit_summary *summary) {
    printf("%" PRId32 " %" PRId32 " %" PRId64 " %c %d %d %d %d %d %d %d %" PRId64 " %.12f ", summary->tonight,
           summary->last_night.night, summary->last_night.held_s, state_letters[summary->last_night.state],
           summary->last7, summary->last28, summary->streak, summary->best, summary->rests_left, summary->chain_lives,
           summary->nights, summary->minutes, summary->steadiness);
    for (int i = 0; i < HABIT_GRID_NIGHTS; i++) {
        putchar(state_letters[summary->grid[i]]);
    }
    putchar('\n');
}

// One history a line, as tests/oracle/habit_model.py asks it: "TONIGHT LAST_NIGHT REST_NIGHTS COUNTS_FROM UNDATED |
// NIGHT:HELD … | AWAY …". Answers with one line each.
static int answer_line(char *line) {
    struct habit_log log = {0};
    struct habit_rules rules = {0};
    int32_t tonight, last_night, night;
    int64_t undated_s, held_s;
    char *sittings = strchr(line, '|');
    char *away = sittings == NULL ? NULL : strchr(sittings + 1, '|');
    if (away == NULL || sscanf(line, "%" SCNd32 "%" SCNd32 "%d%" SCNd64 "%" SCNd64, &tonight, &last_night,
                               &rules.rest_nights, &rules.counts_from_s, &undated_s) != 5) {
        return 1;
    }
    *away = '\0';
    char *rest;
    for (char *word = strtok_r(sittings + 1, " \n", &rest); word != NULL; word = strtok_r(NULL, " \n", &rest)) {
        if (sscanf(word, "%" SCNd32 ":%" SCNd64, &night, &held_s) != 2 || habit_log_add(&log, night, held_s) != 0) {
            return 2;
        }
    }
    for (char *word = strtok_r(away + 1, " \n", &rest); word != NULL; word = strtok_r(NULL, " \n", &rest)) {
        if (sscanf(word, "%" SCNd32, &night) != 1 || habit_log_set_away(&log, night, true) != 0) {
            return 3;
        }
    }
    struct habit_summary summary;
    habit_summarise(&log, &rules, tonight, last_night, undated_s, &summary);
    print_summary(&summary);
    habit_log_clear(&log);
    return 0;
}

static int answer(void) {
    char *line = NULL;
    size_t size = 0;
    int error = 0;
    while (error == 0 && getline(&line, &size, stdin) > 0) {
        error = answer_line(line);
    }
    free(line);
    return error;
}

int main(int argc, char **argv) {
    if (argc == 2 && strcmp(argv[1], "--answer") == 0) {
        return answer();
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stories),
        cmocka_unit_test(test_last_7_and_28),
        cmocka_unit_test(test_steadiness),
        cmocka_unit_test(test_later_nights_are_left_out),
        cmocka_unit_test(test_last_night),
        cmocka_unit_test(test_state_names),
        cmocka_unit_test(test_a_century_is_quick),
        cmocka_unit_test(test_model_agrees),
    };
    return cmocka_run_group_tests_name("habit", tests, NULL, NULL);
}
