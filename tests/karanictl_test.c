// Tests of karanictl from outside: the built program, a prepared state, exit codes and output worked out by hand.
#include "daemon/diary.h"
#include "daemon/rows.h"
#include "tests/ctl_desk.h"

#include <errno.h>
#include <math.h>
#include <sys/stat.h>
#include <time.h>

#include <json-glib/json-glib.h>

// Seven nights, worked through by hand in the tests below.
static void write_diary(const struct desk *desk) {
    static const struct {
        const char *uuid;
        const char *night; // NULL: none
        int64_t started_utc_s;
        int32_t utc_offset_s;
        const char *zone;
        enum clock_quality clock;
        const char *variant;
        int64_t planned_s, held_s, overtime_s;
        enum outcome outcome;
        const char *note;
    } ROWS[] = {
        {"b0000000-0000-4000-8000-000000000001", "2026-03-01", 1772397600, 3600, "Europe/Berlin", CLOCK_SYNCED, "wall",
         600, 600, 0, OUTCOME_FINISHED, NULL},
        {"a0000000-0000-4000-8000-000000000002", "2026-03-01", 1772397600, 3600, "Europe/Berlin", CLOCK_SYNCED, "chair",
         600, 45, 0, OUTCOME_ENDED_EARLY, "He said \"ah\", then slept"},
        {"c0000000-0000-4000-8000-000000000003", "2026-03-02", 1772485200, 3600, "Europe/Berlin", CLOCK_SET, "wall",
         600, 179, 0, OUTCOME_INTERRUPTED, NULL},
        {"d0000000-0000-4000-8000-000000000004", "2026-03-03", 1772568000, 3600, "Europe/Berlin", CLOCK_RTC, "hips",
         300, 100, 0, OUTCOME_ENDED_EARLY, NULL},
        {"e0000000-0000-4000-8000-000000000005", "2026-03-03", 1772580600, 3600, "Europe/Berlin", CLOCK_RTC, "hips",
         300, 80, 0, OUTCOME_RUNNING, "two\r\nlines"},
        {"f0000000-0000-4000-8000-000000000006", "2026-03-04", 1772654400, 3600, "Europe/Berlin", CLOCK_SYNCED, "wall",
         600, 600, 0, OUTCOME_NOT_MINE, NULL},
        {"00000000-0000-4000-8000-000000000007", NULL, 61, 0, "UTC", CLOCK_UNSET, "wall", 600, 61, 0,
         OUTCOME_ENDED_EARLY, NULL},
        {"00000000-0000-4000-8000-000000000008", "2026-03-08", 1773015000, -12600, "America/St_Johns", CLOCK_RESTORED,
         "farther", 600, 900, 300, OUTCOME_FINISHED, "Grüße"},
    };
    struct diary *diary;
    char error[256];
    assert_int_equal(diary_open(&diary, desk->state, NULL, error, sizeof error), 0);
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        struct diary_session session = {
            .night = NIGHT_NONE,
            .started_utc_s = ROWS[i].started_utc_s,
            .utc_offset_s = ROWS[i].utc_offset_s,
            .clock = ROWS[i].clock,
            .routine = "legs-up-the-wall",
            .planned_s = ROWS[i].planned_s,
            .held_s = ROWS[i].held_s,
            .overtime_s = ROWS[i].overtime_s,
            .outcome = ROWS[i].outcome,
            .outcome_was = OUTCOME_FINISHED,
            .paused_at_boot_ms = -1,
            .note = (char *)(uintptr_t)ROWS[i].note,
        };
        snprintf(session.uuid, sizeof session.uuid, "%s", ROWS[i].uuid);
        snprintf(session.zone, sizeof session.zone, "%s", ROWS[i].zone);
        snprintf(session.variant, sizeof session.variant, "%s", ROWS[i].variant);
        if (ROWS[i].night != NULL) {
            assert_true(night_parse(ROWS[i].night, &session.night));
        }
        assert_int_equal(diary_save(diary, &session), 0);
    }
    assert_int_equal(diary_set_away(diary, 20532, true, 1772654400), 0); // 2026-03-20
    assert_int_equal(diary_set_away(diary, 20518, true, 1772654400), 0); // 2026-03-06
    diary_close(diary);
}

static JsonNode *parse(const struct desk *desk) {
    JsonNode *root = json_from_string(desk->out, NULL);
    assert_non_null(root);
    const char *end = strchr(desk->out, '\n');
    assert_non_null(end);
    assert_string_equal(end, "\n"); // one line
    return root;
}

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

static void panels_and_boards(void **state) {
    struct desk *desk = *state;
    assert_int_equal(RUN(desk, "panels", "--json"), 0);
    JsonNode *root = parse(desk);
    JsonArray *rows = json_node_get_array(root);
    bool found = false;
    for (unsigned i = 0; i < json_array_get_length(rows); i++) {
        JsonObject *row = json_array_get_object_element(rows, i);
        if (strcmp(json_object_get_string_member(row, "name"), "waveshare-2.13-v4") == 0) {
            found = true;
            assert_int_equal(json_object_get_int_member(row, "width_px"), 250);
            assert_int_equal(json_object_get_int_member(row, "height_px"), 122);
        }
    }
    assert_true(found);
    json_node_unref(root);
    assert_int_equal(RUN(desk, "panels"), 0);
    assert_non_null(strstr(desk->out, "waveshare-2.9-v2"));
    assert_int_equal(RUN(desk, "boards", "--json"), 0);
    root = parse(desk);
    rows = json_node_get_array(root);
    found = false;
    for (unsigned i = 0; i < json_array_get_length(rows); i++) {
        JsonObject *row = json_array_get_object_element(rows, i);
        if (strcmp(json_object_get_string_member(row, "name"), "waveshare-hat") == 0) {
            found = true;
            assert_string_equal(json_object_get_string_member(row, "panel"), "waveshare-2.13-v4");
        }
    }
    assert_true(found);
    json_node_unref(root);
    assert_int_equal(RUN(desk, "boards"), 0);
    assert_non_null(strstr(desk->out, "waveshare-hat"));
}

static void assert_status(const struct desk *desk, const char *panel, bool kept) {
    JsonNode *root = parse(desk);
    JsonObject *status = json_node_get_object(root);
    assert_true(json_object_get_null_member(status, "page"));
    assert_true(json_object_get_null_member(status, "minutes_left"));
    assert_true(json_object_has_member(status, "clock"));
    assert_int_equal(strlen(json_object_get_string_member(status, "night")), 10);
    assert_string_equal(json_object_get_string_member(status, "panel"), panel);
    assert_int_equal(json_object_get_boolean_member(status, "kept"), kept);
    assert_int_equal(json_object_get_null_member(status, "trouble"), kept);
    assert_false(json_object_get_boolean_member(status, "running"));
    json_node_unref(root);
}

static void status_without_a_daemon(void **state) {
    struct desk *desk = *state;
    assert_int_equal(RUN(desk, "status", "--json"), 0);
    assert_status(desk, "waveshare-2.13-v4", true);
    put(desk->config, "[device]\npanel=waveshare-2.9-v2\n");
    assert_int_equal(RUN(desk, "status", "--json"), 0);
    assert_status(desk, "waveshare-2.9-v2", true);
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/diary.db", desk->state);
    put(path,
        "this is no database, but it is long enough to be looked at as if it were one: 100 bytes of header\n\n\n");
    assert_int_equal(RUN(desk, "status", "--json"), 0);
    assert_status(desk, "waveshare-2.9-v2", false);
    assert_int_equal(RUN(desk, "status"), 0);
    assert_memory_equal(desk->out, "The daemon is not running.", strlen("The daemon is not running."));
}

static void status_of_a_daemon(void **state) {
    struct desk *desk = *state;
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/status.json", desk->state);
    put(path, "{\"page\": \"countdown\", \"night\": \"2026-03-05\", \"minutes_left\": 7, \"clock\": \"synced\",\n"
              " \"kept\": false, \"panel\": \"waveshare-2.9-v2\", \"trouble\": null, \"more\": [1, 2]}\n");
    struct ctl ctl = {.status_path = path, .json = true};
    assert_int_equal(run_child(desk, NULL, &ctl_status, &ctl), 0);
    assert_string_equal(desk->out, "{\"page\":\"countdown\",\"night\":\"2026-03-05\",\"minutes_left\":7,"
                                   "\"clock\":\"synced\",\"kept\":false,\"panel\":\"waveshare-2.9-v2\","
                                   "\"trouble\":null,\"more\":[1,2]}\n");
    ctl.json = false;
    assert_int_equal(run_child(desk, NULL, &ctl_status, &ctl), 0);
    assert_string_equal(desk->out, "Page          countdown\n"
                                   "Night         2026-03-05\n"
                                   "Minutes left  7\n"
                                   "Clock         synced\n"
                                   "Panel         waveshare-2.9-v2\n"
                                   "Kept          no\n"
                                   "Trouble       –\n");
    put(path, "{\"page\":");
    assert_int_equal(run_child(desk, NULL, &ctl_status, &ctl), 1);
    assert_non_null(strstr(desk->err, path));
}

// A part of what the doctor said, as JSON: whether it is well, and its text ("" for none).
static bool doctor_says(const struct desk *desk, const char *part, char text[512]) {
    JsonNode *root = parse(desk);
    JsonObject *found = json_object_get_object_member(json_node_get_object(root), part);
    assert_non_null(found);
    bool well = json_object_get_boolean_member(found, "ok");
    bool none = json_object_get_null_member(found, "text");
    snprintf(text, 512, "%s", none ? "" : json_object_get_string_member(found, "text"));
    assert_true(well || text[strlen(text) - 1] == '.');
    json_node_unref(root);
    return well;
}

// Whether what the doctor printed for people finds every part well; they are as many as in PARTS below.
static bool every_line_is_ok(const char *printed) {
    enum { PART_COUNT = 6, NAME_WIDTH = 12 };
    int lines = 0, well = 0;
    for (const char *end; (end = strchr(printed, '\n')) != NULL; printed = end + 1) {
        assert_true(end - printed >= NAME_WIDTH + 3);
        lines++;
        well += strncmp(printed + NAME_WIDTH, " ok", 3) == 0;
    }
    assert_int_equal(lines, PART_COUNT);
    return well == PART_COUNT;
}

static void the_doctor_and_a_damaged_diary(void **state) {
    struct desk *desk = *state;
    static const char *const PARTS[] = {"storage", "diary", "clock", "panel", "board", "permissions"};
    char text[512], path[PATH_MAX], error[256];
    struct diary *diary;
    write_diary(desk);
    RUN(desk, "doctor", "--json"); // it may find a panel here or none
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++) {
        doctor_says(desk, PARTS[i], text);
    }
    assert_true(doctor_says(desk, "diary", text));
    assert_non_null(strstr(text, "8 sessions, 0 backups"));
    assert_true(doctor_says(desk, "board", text));
    assert_string_equal(text, "waveshare-hat");
    snprintf(path, sizeof path, "%s/diary.db", desk->state);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    assert_int_equal(pwrite(fd, "spoilt", 6, 100), 6);
    close(fd);
    assert_int_equal(RUN(desk, "doctor", "--json"), 1);
    assert_false(doctor_says(desk, "diary", text));
    assert_non_null(strstr(text, "damaged"));
    assert_int_equal(diary_open(&diary, desk->state, NULL, error, sizeof error), 0); // as the device does
    diary_close(diary);
    assert_int_equal(RUN(desk, "doctor", "--json"), 1);
    assert_false(doctor_says(desk, "diary", text));
    assert_non_null(strstr(text, "8 sessions are kept"));
    assert_non_null(strstr(text, "diary.db.damaged-"));
    assert_int_equal(diary_open(&diary, desk->state, NULL, error, sizeof error), 0);
    assert_int_equal(diary_restored_told(diary), 0);
    diary_close(diary);
    RUN(desk, "doctor", "--json");
    assert_true(doctor_says(desk, "diary", text)); // the owner has read of it

    int status = RUN(desk, "doctor"); // not in one call with what reads its output: arguments have no order
    assert_int_equal(status, every_line_is_ok(desk->out) ? 0 : 1);
}

static void the_doctor_and_the_device(void **state) {
    struct desk *desk = *state;
    char text[512], path[PATH_MAX];
    struct places *places;
    snprintf(path, sizeof path, "%s/status.json", desk->state);
    put(path, "{\"clock\": \"restored\", \"kept\": false, \"trouble\": \"The glass is gone.\", "
              "\"trouble_of\": \"panel\"}\n");
    put(desk->config, "[practice]\nminutes=99\n");
    struct config *config = NULL;
    assert_int_equal(config_read(&config, desk->config, false, ctl_complain_of_config, NULL), -EINVAL);
    assert_int_equal(places_find_beside(&places, desk->program, false), 0);
    const struct ctl ctl = {
        .status_path = path, .json = true, .state_dir = desk->state, .config = config, .places = places};
    assert_int_equal(run_child(desk, NULL, &ctl_doctor, &ctl), 1);
    assert_false(doctor_says(desk, "storage", text));
    assert_false(doctor_says(desk, "clock", text));
    assert_non_null(strstr(text, "time is not known"));
    assert_false(doctor_says(desk, "panel", text));
    assert_string_equal(text, "The glass is gone.");
    assert_false(doctor_says(desk, "board", text));
    assert_non_null(strstr(text, "minutes"));
    put(path, "{\"clock\": \"synced\", \"kept\": true, \"trouble\": null, \"trouble_of\": null}\n");
    run_child(desk, NULL, &ctl_doctor, &ctl);
    assert_true(doctor_says(desk, "clock", text));
    assert_string_equal(text, "synced");
    config_free(config);
    places_free(places);
}

static void a_copy_of_the_diary(void **state) {
    struct desk *desk = *state;
    char copy[PATH_MAX];
    snprintf(copy, sizeof copy, "%s/copy.db", desk->state);
    assert_int_equal(RUN(desk, "backup", copy), 1);
    assert_non_null(strstr(desk->err, "no diary"));
    assert_int_equal(access(copy, F_OK), -1);
    write_diary(desk);
    assert_int_equal(RUN(desk, "backup", copy), 0);
    assert_non_null(strstr(desk->out, copy));
    assert_int_equal(RUN(desk, "backup", copy), 0); // an older backup gives way
    assert_int_equal(RUN(desk, "backup", desk->config), 1);
    assert_non_null(strstr(desk->err, "left as it is"));
    assert_int_equal(RUN(desk, "backup"), 2);
    assert_int_equal(RUN(desk, "backup", copy, copy), 2);
    char diary[PATH_MAX];
    snprintf(diary, sizeof diary, "%s/diary.db", desk->state);
    assert_int_equal(RUN(desk, "export"), 0);
    static char before[OUTPUT_SIZE];
    memcpy(before, desk->out, sizeof before);
    assert_int_equal(rename(copy, diary), 0); // a copy is a diary
    assert_int_equal(RUN(desk, "export"), 0);
    assert_string_equal(desk->out, before);
}

// A user who may not see the daemon is not told that there is none.
static void status_of_a_daemon_that_is_hidden(void **state) {
    struct desk *desk = *state;
    char path[PATH_MAX];
    if (geteuid() != 0) {
        skip();
    }
    snprintf(path, sizeof path, "%s/hidden", desk->state);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(chmod(desk->state, 0777), 0);
    strcat(path, "/status.json");
    struct ctl ctl = {.status_path = path, .json = true, .state_dir = PLACES_STATE};
    assert_int_equal(seteuid(65534), 0);
    int exit_status = run_child(desk, NULL, &ctl_status, &ctl);
    assert_int_equal(seteuid(0), 0);
    *strrchr(path, '/') = '\0';
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(exit_status, 1);
    assert_string_equal(desk->out, "");
    assert_non_null(strstr(desk->err, "group karani"));
}

static void a_problem_is_one_sentence(void **state) {
    struct desk *desk = *state;
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/diary.db", desk->state);
    put(path,
        "this is no database, but it is long enough to be looked at as if it were one: 100 bytes of header\n\n\n");
    static const char *const COMMANDS[] = {"summary", "history", "export"};
    for (size_t i = 0; i < sizeof COMMANDS / sizeof *COMMANDS; i++) {
        assert_int_equal(RUN(desk, COMMANDS[i]), 1);
        assert_string_equal(desk->out, "");
        assert_non_null(strstr(desk->err, path));
        assert_string_equal(strchr(desk->err, '\n'), "\n");
    }
    assert_int_equal(RUN(desk, "--config", "/nowhere/karani.conf", "summary"), 1);
    assert_non_null(strstr(desk->err, "/nowhere/karani.conf"));
    assert_string_equal(strchr(desk->err, '\n'), "\n");
}

static void wrong_usage_is_one_sentence(void **state) {
    struct desk *desk = *state;
    static const struct {
        const char *arguments[4];
        const char *named; // in the sentence
    } CASES[] = {
        {{NULL}, "command"},
        {{"dance"}, "dance"},
        {{"summary", "today"}, "today"},
        {{"summary", "--tonight", "2026-02-30"}, "2026-02-30"},
        {{"summary", "--tonight", "tomorrow"}, "tomorrow"},
        {{"summary", "--last", "3"}, "--last"},
        {{"summary", "--tonight"}, "--tonight"},
        {{"history", "--last", "0"}, "\"0\""},
        {{"history", "--last", "-1"}, "\"-1\""},
        {{"history", "--last", "3x"}, "3x"},
        {{"history", "--last", "99999999999999999999"}, "99999999999999999999"},
        {{"history", "--format", "csv"}, "--format"},
        {{"export", "--format", "xml"}, "xml"},
        {{"export", "--format=csv", "--json"}, "--json"},
        {{"panels", "--tonight", "2026-03-01"}, "--tonight"},
        {{"--loud"}, "--loud"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const char *const *arguments = CASES[i].arguments;
        assert_int_equal(RUN(desk, arguments[0], arguments[1], arguments[2]), 2);
        assert_string_equal(desk->out, "");
        assert_memory_equal(desk->err, "karanictl: ", strlen("karanictl: "));
        assert_non_null(strstr(desk->err, CASES[i].named));
        assert_string_equal(strchr(desk->err, '\n'), "\n");
    }
}

static void help_names_what_there_is(void **state) {
    struct desk *desk = *state;
    assert_int_equal(RUN(desk, "--help"), 0);
    static const char *const THERE[] = {"status", "summary", "history", "export", "boards", "panels"};
    for (size_t i = 0; i < sizeof THERE / sizeof *THERE; i++) {
        assert_non_null(strstr(desk->out, THERE[i]));
    }
    assert_string_equal(desk->err, "");
    assert_int_equal(RUN(desk, "--version"), 0);
    assert_string_equal(desk->out, "karanictl " KARANI_VERSION "\n");
}

// A program that writes to a full disk must not end as if all was well.
static void output_that_cannot_be_written(void **state) {
    struct desk *desk = *state;
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    if (full < 0) {
        skip();
    }
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(full, STDOUT_FILENO);
        dup2(full, STDERR_FILENO);
        char *arguments[] = {(char[]){"karanictl"}, (char[]){"--help"}, NULL};
        become(desk, arguments, NULL, NULL);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    close(full);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
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

#define STORY(test) cmocka_unit_test_setup_teardown(test, begin, finish)

int main(void) {
    alarm(120);
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
        STORY(panels_and_boards),
        STORY(status_without_a_daemon),
        STORY(status_of_a_daemon),
        STORY(the_doctor_and_a_damaged_diary),
        STORY(the_doctor_and_the_device),
        STORY(a_copy_of_the_diary),
        STORY(status_of_a_daemon_that_is_hidden),
        STORY(a_problem_is_one_sentence),
        STORY(wrong_usage_is_one_sentence),
        STORY(help_names_what_there_is),
        STORY(output_that_cannot_be_written),
        cmocka_unit_test(the_time_after_2038),
    };
    return cmocka_run_group_tests_name("karanictl", tests, NULL, NULL);
}
