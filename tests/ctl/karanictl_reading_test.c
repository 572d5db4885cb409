// Tests of what karanictl tells of the diary: the built program, a prepared state, output worked out by hand.
#include "daemon/diary/text/rows.h"
#include "tests/support/ctl/karanictl_diary.h"
#include "tests/support/run/limit.h"

#include <math.h>
#include <time.h>

struct expectation {
    const char *night;
    const char *last_night, *last_state;
    int64_t last_held_s;
    int last7, last28, streak, best, rests_left, nights;
    int64_t minutes;
    double steadiness;
    const char *grid; // . before, P practised, r rest, a away, m missed, ? pending
};

static void assert_summary(const struct desk *desk, const struct expectation *wanted) {
    JsonNode *root = parse(desk);
    JsonObject *summary = json_node_get_object(root);
    assert_string_equal(json_object_get_string_member(summary, "night"), wanted->night);
    JsonObject *last = json_object_get_object_member(summary, "last_night");
    assert_string_equal(json_object_get_string_member(last, "night"), wanted->last_night);
    assert_string_equal(json_object_get_string_member(last, "state"), wanted->last_state);
    assert_int_equal(json_object_get_int_member(last, "held_s"), wanted->last_held_s);
    assert_int_equal(json_object_get_int_member(summary, "last7"), wanted->last7);
    assert_int_equal(json_object_get_int_member(summary, "last28"), wanted->last28);
    assert_int_equal(json_object_get_int_member(summary, "streak"), wanted->streak);
    assert_int_equal(json_object_get_int_member(summary, "best"), wanted->best);
    assert_int_equal(json_object_get_int_member(summary, "rests_left"), wanted->rests_left);
    assert_int_equal(json_object_get_int_member(summary, "nights"), wanted->nights);
    assert_int_equal(json_object_get_int_member(summary, "minutes"), wanted->minutes);
    assert_true(fabs(json_object_get_double_member(summary, "steadiness") - wanted->steadiness) < 5e-7);
    JsonArray *grid = json_object_get_array_member(summary, "grid");
    assert_int_equal(json_array_get_length(grid), 28);
    static const struct {
        char letter;
        const char *state;
    } STATES[] = {{'.', "before"}, {'P', "practised"}, {'r', "rest"}, {'a', "away"}, {'m', "missed"}, {'?', "pending"}};
    for (unsigned i = 0; i < 28; i++) {
        for (size_t k = 0; k < sizeof STATES / sizeof *STATES; k++) {
            if (STATES[k].letter == wanted->grid[i]) {
                assert_string_equal(json_array_get_string_element(grid, i), STATES[k].state);
            }
        }
    }
    json_node_unref(root);
}

static void an_empty_state_is_an_empty_diary(void **state) {
    struct desk *desk = *state;
    static const struct {
        const char *command;
        const char *json;
    } CASES[] = {{"history", "[]\n"}, {"export", ""}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        assert_int_equal(RUN(desk, CASES[i].command, "--json"), 0);
        assert_string_equal(desk->out, CASES[i].json);
        assert_string_equal(desk->err, "");
    }
    assert_int_equal(RUN(desk, "summary", "--tonight", "2026-03-05", "--json"), 0);
    const struct expectation nothing = {
        .night = "2026-03-05",
        .last_night = "2026-03-04",
        .last_state = "before",
        .rests_left = 2,
        .grid = "...........................?",
    };
    assert_summary(desk, &nothing);
    // As of now, whatever the hour: in the morning last night is still running, and `before` all the same.
    assert_int_equal(RUN(desk, "summary", "--json"), 0);
    assert_non_null(strstr(desk->out, "\"held_s\":0,\"state\":\"before\"}"));
    assert_int_equal(RUN(desk, "export"), 0);
    assert_string_equal(desk->out, "uuid,night,started_utc,utc_offset,zone,clock,routine,variant,planned_s,held_s,"
                                   "overtime_s,outcome,note\r\n");
    assert_int_equal(RUN(desk, "history"), 0);
    assert_string_equal(desk->out, "No session yet.\n");
    assert_int_equal(RUN(desk, "status", "--json"), 0);
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/diary.db", desk->state);
    assert_int_equal(access(path, F_OK), -1);
}

// Tonight D = 03-05. 03-01 practised (600 + 45 s), 03-02 below 180 s: a rest, 03-03 practised by two sittings of 100
// and 80 s, 03-04 only one that is not mine: the second rest. Minutes: 645 + 179 + 180 + 61 without a night = 1065 s.
// s: 1 − m, times m, times m + 1 − m, times m, with m = 0.5^(1/13).
static void summary_of_an_evening_not_yet_practised(void **state) {
    struct desk *desk = *state;
    write_diary(desk);
    assert_int_equal(RUN(desk, "summary", "--json", "--tonight", "2026-03-05"), 0);
    const struct expectation wanted = {
        .night = "2026-03-05",
        .last_night = "2026-03-04",
        .last_state = "rest",
        .last7 = 2,
        .last28 = 2,
        .streak = 2,
        .best = 2,
        .rests_left = 0,
        .nights = 2,
        .minutes = 17,
        .steadiness = 0.0934738656,
        .grid = ".......................PrPr?",
    };
    assert_summary(desk, &wanted);
    assert_string_equal(desk->err, "");
}

// 03-05 found no rest left and ended the chain; 03-06 away; 03-07 missed; 03-08 practised begins the next. The mark on
// 03-20 lies ahead.
static void summary_after_a_broken_chain(void **state) {
    struct desk *desk = *state;
    write_diary(desk);
    assert_int_equal(RUN(desk, "--json", "summary", "--tonight=2026-03-08"), 0);
    const struct expectation wanted = {
        .night = "2026-03-08",
        .last_night = "2026-03-07",
        .last_state = "missed",
        .last7 = 2,
        .last28 = 3,
        .streak = 1,
        .best = 2,
        .rests_left = 2,
        .nights = 3,
        .minutes = 32, // 1065 + 900 s
        .steadiness = 0.1315790815,
        .grid = "....................PrPrmamP",
    };
    assert_summary(desk, &wanted);
}

static void summary_before_the_first_night(void **state) {
    struct desk *desk = *state;
    write_diary(desk);
    assert_int_equal(RUN(desk, "summary", "--json", "--tonight", "2026-02-20"), 0);
    const struct expectation wanted = {
        .night = "2026-02-20",
        .last_night = "2026-02-19",
        .last_state = "before",
        .rests_left = 2,
        .minutes = 1, // 61 s without a night
        .grid = "...........................?",
    };
    assert_summary(desk, &wanted);
}

// counts_from_s and rest_nights of the config are in force: from 200 s on 03-03 no longer counts, and a chain without
// rests ends at once.
static void summary_follows_the_settings(void **state) {
    struct desk *desk = *state;
    write_diary(desk);
    put(desk->config, "[practice]\ncounts_from_s=200\n[night]\nrest_nights=0\n");
    assert_int_equal(RUN(desk, "summary", "--json", "--tonight", "2026-03-05"), 0);
    const struct expectation wanted = {
        .night = "2026-03-05",
        .last_night = "2026-03-04",
        .last_state = "missed",
        .last7 = 1,
        .last28 = 1,
        .streak = 0,
        .best = 1,
        .rests_left = 0,
        .nights = 1,
        .minutes = 17,
        .steadiness = 0.0442473244,
        .grid = ".......................Pmmm?",
    };
    assert_summary(desk, &wanted);
}

static void summary_in_words(void **state) {
    struct desk *desk = *state;
    write_diary(desk);
    assert_int_equal(RUN(desk, "summary", "--tonight", "2026-03-09"), 0);
    assert_string_equal(desk->out, "Night          2026-03-09\n"
                                   "Last night     2026-03-08: practised, 15 min\n"
                                   "Last 7 nights  2 practised\n" // 03-03 and 03-08
                                   "Last 28        3 practised\n"
                                   "Streak         1, best 2\n"
                                   "Rests left     2 of 2\n"
                                   "In all         3 nights, 32 minutes\n"
                                   "Steadiness     13 %\n"
                                   "Last 4 weeks   ······· ······· ·····●– ●–×a×●○\n"
                                   "               ● practised  – rest  a away  × missed  ○ tonight, not yet\n");
    put(desk->config, "[night]\nshow_streak=no\n");
    assert_int_equal(RUN(desk, "summary", "--tonight", "2026-03-09"), 0);
    assert_null(strstr(desk->out, "Streak"));
}

static void summary_of_the_running_night(void **state) {
    struct desk *desk = *state;
    // In UTC the night changes at noon: the same before and after the run, or the run was across it.
    char before[NIGHT_TEXT_SIZE], after[NIGHT_TEXT_SIZE], last[NIGHT_TEXT_SIZE];
    time_t now = time(NULL);
    night_format(night_of_local(now), before);
    night_format((int32_t)(now / 86400) - 1, last); // the date before today's
    assert_int_equal(RUN(desk, "summary", "--json"), 0);
    night_format(night_of_local(time(NULL)), after);
    if (strcmp(before, after) != 0) {
        return;
    }
    JsonNode *root = parse(desk);
    JsonObject *summary = json_node_get_object(root);
    assert_string_equal(json_object_get_string_member(summary, "night"), before);
    JsonObject *last_night = json_object_get_object_member(summary, "last_night");
    assert_string_equal(json_object_get_string_member(last_night, "night"), last);
    json_node_unref(root);
}

// In rows without quotes around them nothing but commas separates; the order is by start, then uuid.
static void export_as_csv(void **state) {
    struct desk *desk = *state;
    write_diary(desk);
    assert_int_equal(RUN(desk, "export"), 0);
    assert_string_equal(
        desk->out,
        "uuid,night,started_utc,utc_offset,zone,clock,routine,variant,planned_s,held_s,overtime_s,outcome,note\r\n"
        "00000000-0000-4000-8000-000000000007,,1970-01-01T00:01:01Z,+00:00,UTC,unset,legs-up-the-wall,wall,600,61,0,"
        "ended-early,\r\n"
        "a0000000-0000-4000-8000-000000000002,2026-03-01,2026-03-01T20:40:00Z,+01:00,Europe/Berlin,synced,"
        "legs-up-the-wall,chair,600,45,0,ended-early,\"He said \"\"ah\"\", then slept\"\r\n"
        "b0000000-0000-4000-8000-000000000001,2026-03-01,2026-03-01T20:40:00Z,+01:00,Europe/Berlin,synced,"
        "legs-up-the-wall,wall,600,600,0,finished,\r\n"
        "c0000000-0000-4000-8000-000000000003,2026-03-02,2026-03-02T21:00:00Z,+01:00,Europe/Berlin,set,"
        "legs-up-the-wall,wall,600,179,0,interrupted,\r\n"
        "d0000000-0000-4000-8000-000000000004,2026-03-03,2026-03-03T20:00:00Z,+01:00,Europe/Berlin,rtc,"
        "legs-up-the-wall,hips,300,100,0,ended-early,\r\n"
        "e0000000-0000-4000-8000-000000000005,2026-03-03,2026-03-03T23:30:00Z,+01:00,Europe/Berlin,rtc,"
        "legs-up-the-wall,hips,300,80,0,running,\"two\r\nlines\"\r\n"
        "f0000000-0000-4000-8000-000000000006,2026-03-04,2026-03-04T20:00:00Z,+01:00,Europe/Berlin,synced,"
        "legs-up-the-wall,wall,600,600,0,not-mine,\r\n"
        "00000000-0000-4000-8000-000000000008,2026-03-08,2026-03-09T00:10:00Z,-03:30,America/St_Johns,restored,"
        "legs-up-the-wall,farther,600,900,300,finished,Grüße\r\n");
    assert_string_equal(desk->err, "karanictl: 2 away nights were left out, for which CSV has no place; --format jsonl "
                                   "has them.\n");
    static char first[OUTPUT_SIZE];
    strcpy(first, desk->out);
    assert_int_equal(RUN(desk, "export", "--format", "csv"), 0);
    assert_string_equal(desk->out, first);
}

static void export_as_json_lines(void **state) {
    struct desk *desk = *state;
    write_diary(desk);
    assert_int_equal(RUN(desk, "export", "--format", "jsonl"), 0);
    assert_string_equal(desk->err, "");
    static char lines[OUTPUT_SIZE];
    strcpy(lines, desk->out);
    int count = 0;
    char *saved = NULL;
    for (char *line = strtok_r(lines, "\n", &saved); line != NULL; line = strtok_r(NULL, "\n", &saved)) {
        JsonNode *root = json_from_string(line, NULL);
        assert_true(JSON_NODE_HOLDS_OBJECT(root));
        json_node_unref(root);
        static const char *const WANTED[] = {
            [0] = "{\"uuid\":\"00000000-0000-4000-8000-000000000007\",\"night\":null,"
                  "\"started_utc\":\"1970-01-01T00:01:01Z\",\"utc_offset\":\"+00:00\",\"zone\":\"UTC\","
                  "\"clock\":\"unset\",\"routine\":\"legs-up-the-wall\",\"variant\":\"wall\",\"planned_s\":600,"
                  "\"held_s\":61,\"overtime_s\":0,\"outcome\":\"ended-early\",\"note\":null}",
            [7] = "{\"uuid\":\"00000000-0000-4000-8000-000000000008\",\"night\":\"2026-03-08\","
                  "\"started_utc\":\"2026-03-09T00:10:00Z\",\"utc_offset\":\"-03:30\",\"zone\":\"America/St_Johns\","
                  "\"clock\":\"restored\",\"routine\":\"legs-up-the-wall\",\"variant\":\"farther\",\"planned_s\":600,"
                  "\"held_s\":900,\"overtime_s\":300,\"outcome\":\"finished\",\"note\":\"Grüße\"}",
            [8] = "{\"away\":\"2026-03-06\"}",
            [9] = "{\"away\":\"2026-03-20\"}",
        };
        assert_true(count < 10);
        if (WANTED[count] != NULL) {
            assert_string_equal(line, WANTED[count]);
        }
        count++;
    }
    assert_int_equal(count, 10);
    strcpy(lines, desk->out);
    assert_int_equal(RUN(desk, "export", "--json"), 0);
    assert_string_equal(desk->out, lines);
}

static void history_of_the_last_ones(void **state) {
    struct desk *desk = *state;
    write_diary(desk);
    assert_int_equal(RUN(desk, "history", "--last", "2", "--json"), 0);
    JsonNode *root = parse(desk);
    JsonArray *rows = json_node_get_array(root);
    assert_int_equal(json_array_get_length(rows), 2);
    assert_string_equal(json_object_get_string_member(json_array_get_object_element(rows, 0), "outcome"), "not-mine");
    assert_int_equal(json_object_get_int_member(json_array_get_object_element(rows, 1), "overtime_s"), 300);
    json_node_unref(root);
    assert_int_equal(RUN(desk, "history", "--last", "100", "--json"), 0);
    root = parse(desk);
    assert_int_equal(json_array_get_length(json_node_get_array(root)), 8);
    json_node_unref(root);
    // For people: the wall clock where the session was, one line a session below the heading.
    assert_int_equal(RUN(desk, "history", "--last", "1"), 0);
    const char *line = strchr(desk->out, '\n');
    assert_non_null(line);
    assert_string_equal(line + 1, "Sun 2026-03-08  20:40   15:00    10:00  finished     farther   00000000  Grüße\n");
    assert_int_equal(RUN(desk, "history"), 0);
    line = strchr(desk->out, '\n');
    assert_memory_equal(line + 1, "not known       –        1:01", strlen("not known       –        1:01"));
}

// A count of 32 bits would end in January 2038.
static void the_time_after_2038(void **state) {
    (void)state;
    char text[ROWS_TIME_SIZE];
    rows_format_utc(INT64_C(2147483648), text);
    assert_string_equal(text, "2038-01-19T03:14:08Z");
    rows_format_utc(INT64_C(4102444800), text);
    assert_string_equal(text, "2100-01-01T00:00:00Z");
}

int main(void) {
    limit_processor_s(120);
    const struct CMUnitTest tests[] = {
        STORY(an_empty_state_is_an_empty_diary),
        STORY(summary_of_an_evening_not_yet_practised),
        STORY(summary_after_a_broken_chain),
        STORY(summary_before_the_first_night),
        STORY(summary_follows_the_settings),
        STORY(summary_in_words),
        STORY(summary_of_the_running_night),
        STORY(export_as_csv),
        STORY(export_as_json_lines),
        STORY(history_of_the_last_ones),
        cmocka_unit_test(the_time_after_2038),
    };
    return cmocka_run_group_tests_name("karanictl, reading", tests, NULL, NULL);
}
