// Tests of karanictl with a diary that a newer Karani has written: it is read, and neither written nor put aside.
#include "daemon/diary/diary.h"
#include "tests/support/ctl/karanictl_fixture.h"
#include "tests/support/run/limit.h"

#include <sqlite3.h>

static void in_diary(const struct desk *desk, const char *sql) {
    char path[PATH_MAX];
    sqlite3 *db;
    snprintf(path, sizeof path, "%s/diary.db", desk->state);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

// With a table and a column that this Karani does not know.
static void make_newer(struct desk *desk) {
    assert_int_equal(RUN(desk, "add", "--night", "2026-03-01", "--minutes", "10", "--note", "first"), 0);
    in_diary(desk, "CREATE TABLE mood(night TEXT PRIMARY KEY) STRICT; ALTER TABLE session ADD COLUMN mood TEXT;"
                   "PRAGMA user_version = 99");
}

static void is_read(void **state) {
    struct desk *desk = *state;
    make_newer(desk);
    static const struct {
        const char *command;
        const char *says;
    } reading[] = {
        {"summary", "1 night, 10 minutes"},
        {"history", "first"},
        {"export", ",first\r\n"},
        {"clock", "Clock"},
    };
    for (size_t i = 0; i < sizeof reading / sizeof *reading; i++) {
        assert_int_equal(RUN(desk, reading[i].command), 0);
        assert_non_null(strstr(desk->out, reading[i].says));
        assert_non_null(strstr(desk->err, "newer Karani"));
        assert_string_equal(strchr(desk->err, '\n'), "\n");
    }
}

static void is_not_written(void **state) {
    struct desk *desk = *state;
    make_newer(desk);
    assert_int_equal(RUN(desk, "add", "--night", "2026-03-02", "--minutes", "10"), 1);
    assert_non_null(strstr(desk->err, "newer Karani"));
    assert_int_equal(RUN(desk, "away", "2026-03-02"), 1);
    assert_int_equal(RUN(desk, "status", "--json"), 0);
    assert_non_null(strstr(desk->out, "\"kept\":false"));
    assert_non_null(strstr(desk->out, "newer Karani"));
    assert_int_equal(RUN(desk, "doctor"), 1);
    assert_non_null(strstr(desk->out, "install that Karani again"));
    assert_int_equal(RUN(desk, "history", "--json"), 0);
    assert_non_null(strstr(desk->out, "first"));
    assert_null(strstr(desk->out, "2026-03-02"));
}

// Who has gone back to an older Karani can still carry the diary away.
static void can_be_copied(void **state) {
    struct desk *desk = *state;
    char copy[PATH_MAX], diary[PATH_MAX];
    make_newer(desk);
    snprintf(copy, sizeof copy, "%s/copy.db", desk->state);
    snprintf(diary, sizeof diary, "%s/diary.db", desk->state);
    assert_int_equal(RUN(desk, "backup", copy), 0);
    assert_int_equal(rename(copy, diary), 0);
    in_diary(desk, "SELECT mood FROM session"); // what this Karani does not know has come along
    assert_int_equal(RUN(desk, "history"), 0);
    assert_non_null(strstr(desk->out, "first"));
    assert_non_null(strstr(desk->err, "newer Karani"));
}

int main(void) {
    limit_processor_s(120);
    const struct CMUnitTest tests[] = {
        STORY(is_read),
        STORY(is_not_written),
        STORY(can_be_copied),
    };
    return cmocka_run_group_tests_name("karanictl, a newer diary", tests, NULL, NULL);
}
