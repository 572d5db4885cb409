// Tests of what karanictl takes for now, without a daemon: the diary's last time, and the time that its owner has set.
// With a daemon: tests/control.py.
#include "tests/support/ctl/karanictl_fixture.h"
#include "tests/support/run/limit.h"

// A row that an import takes as it is: it lies at the calendar's end, and was held until long after that.
static const char FAR_ROW[] =
    "{\"uuid\":\"00000000-0000-4000-8000-000000000001\",\"night\":\"2026-03-01\","
    "\"started_utc\":\"9999-12-31T23:59:59Z\",\"utc_offset\":\"+00:00\",\"zone\":\"UTC\",\"clock\":\"set\","
    "\"routine\":\"legs-up-the-wall\",\"variant\":\"wall\",\"planned_s\":600,\"held_s\":1000000,\"overtime_s\":0,"
    "\"outcome\":\"finished\",\"note\":null}\n";

static void import_far_row(struct desk *desk) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/far.jsonl", desk->state);
    put(path, FAR_ROW);
    assert_int_equal(RUN(desk, "import", path), 0);
}

// What was brought in may lie ahead: it says nothing of what time it is.
static void what_lies_ahead_moves_no_clock(void **state) {
    struct desk *desk = *state;
    import_far_row(desk);
    assert_int_equal(RUN(desk, "add", "--night", "2099-03-01", "--minutes", "5"), 0);
    assert_int_equal(RUN(desk, "clock", "--json"), 0);
    assert_null(strstr(desk->out, "\"local\":\"2099"));
    assert_null(strstr(desk->out, "\"local\":\"9999"));
    assert_int_equal(RUN(desk, "add", "--night", "2026-03-02", "--minutes", "5"), 0);
    assert_int_equal(RUN(desk, "away", "2026-03-03"), 0);
}

// A start of which UTC would need a fifth digit for the year could be exported, and never come back.
static void a_start_has_a_year_of_four_digits(void **state) {
    struct desk *desk = *state;
    put(desk->config, "[device]\nzone=America/New_York\n");
    assert_int_equal(RUN(desk, "add", "--started", "9999-12-31 23:59", "--minutes", "5"), 2);
    assert_int_equal(RUN(desk, "add", "--night", "9999-12-31", "--minutes", "5"), 2);
    assert_int_equal(RUN(desk, "add", "--started", "9999-12-30 23:59", "--minutes", "5"), 0);
    assert_int_equal(RUN(desk, "export"), 0);
    assert_non_null(strstr(desk->out, "9999-12-31T04:59:00Z"));
}

static bool is_synced(struct desk *desk) {
    assert_int_equal(RUN(desk, "clock", "--json"), 0);
    return strstr(desk->out, "\"clock\":\"synced\"") != NULL;
}

// Which night it is follows Karani's time, which its owner has set; the system's may be anything.
static void the_night_follows_the_clock_that_was_set(void **state) {
    struct desk *desk = *state;
    assert_int_equal(RUN(desk, "clock", "set", "2034-05-01 21:00"), 0);
    if (is_synced(desk)) {
        skip();
    }
    assert_int_equal(RUN(desk, "summary", "--json"), 0);
    assert_non_null(strstr(desk->out, "{\"night\":\"2034-05-01\",\"last_night\":{\"night\":\"2034-04-30\""));
    assert_int_equal(RUN(desk, "status", "--json"), 0);
    assert_non_null(strstr(desk->out, "\"night\":\"2034-05-01\""));
    assert_non_null(strstr(desk->out, "\"clock\":\"set\"")); // as karanictl clock says
    assert_int_equal(RUN(desk, "clock", "set", "2034-05-02 09:00"), 0);
    assert_int_equal(RUN(desk, "summary", "--json"), 0); // in the morning that night still runs
    assert_non_null(strstr(desk->out, "{\"night\":\"2034-05-01\",\"last_night\":{\"night\":\"2034-05-01\""));
    assert_int_equal(RUN(desk, "summary", "--tonight", "2026-03-01", "--json"), 0);
    assert_non_null(strstr(desk->out, "{\"night\":\"2026-03-01\""));
}

int main(void) {
    limit_processor_s(120);
    const struct CMUnitTest tests[] = {
        STORY(what_lies_ahead_moves_no_clock),
        STORY(a_start_has_a_year_of_four_digits),
        STORY(the_night_follows_the_clock_that_was_set),
    };
    return cmocka_run_group_tests_name("karanictl, what time it is", tests, NULL, NULL);
}
