// Tests of the table of a session's fields, by what is known of them elsewhere: that it has every byte of the record,
// and how a diary of an older version would be read and brought up.

// cmocka.h wants these four before it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/diary/fields.h"

#include <cmocka.h>
#include <string.h>

// The columns of karani(7), THE DIARY, and those behind them.
#define COLUMNS                                                                                                        \
    "uuid, night, started_utc, utc_offset, zone, clock, routine, variant, planned_s, held_s, overtime_s, outcome, "    \
    "note, outcome_was, boot_id, counted_from_boot_ms, paused_at_boot_ms"

// A member that has no row leaves a hole that is none of the compiler's.
static void every_member_has_a_row(void **state) {
    (void)state;
    unsigned char rows[sizeof(struct session_record)] = {0};
    size_t end = 0;
    for (size_t i = 0; i < field_count; i++) {
        for (size_t byte = fields[i].at; byte < fields[i].at + fields[i].size; byte++) {
            assert_int_equal(rows[byte]++, 0);
        }
    }
    for (size_t byte = 0; byte < sizeof rows; byte++) {
        if (rows[byte] != 0) {
            end = byte + 1;
        } else if (byte - end >= _Alignof(int64_t) - 1) {
            fail_msg("the record has something at byte %zu", byte);
        }
    }
}

static void assert_sql(const char *text, int64_t version, const char *wanted) {
    char sql[FIELDS_SQL_SIZE];
    fields_sql(text, version, sql);
    assert_string_equal(sql, wanted);
}

static void lists_stand_in_sql(void **state) {
    (void)state;
    assert_sql("", 0, "");
    assert_sql("SELECT night FROM away", 0, "SELECT night FROM away");
    assert_sql("SELECT {columns} FROM session", 0, "SELECT " COLUMNS " FROM session");
    assert_sql("({columns}) VALUES({values})", 0,
               "(" COLUMNS ") VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, nullif(?13, ''), ?14, ?15, "
               "?16, ?17)");
    // The uuid, by which a row is found, stays; a note that is not said does, too.
    assert_sql("{updates}", 0,
               "night = ?2, started_utc = ?3, utc_offset = ?4, zone = ?5, clock = ?6, routine = ?7, variant = ?8, "
               "planned_s = ?9, held_s = ?10, overtime_s = ?11, outcome = ?12, note = nullif(coalesce(?13, note), ''), "
               "outcome_was = ?14, boot_id = ?15, counted_from_boot_ms = ?16, paused_at_boot_ms = ?17");
}

// As if all of them had come later: what a row is read as that has none of them, and what adds them to a table.
static void an_older_diary_lacks_columns(void **state) {
    (void)state;
    char sql[FIELDS_SQL_SIZE];
    assert_sql("SELECT {columns}", -1, "SELECT '', NULL, 0, 0, '', '', '', '', 0, 0, 0, '', NULL, NULL, '', 0, -1");
    fields_sql_adding(1, sql);
    assert_string_equal(sql, "");
    fields_sql_adding(0, sql);
    static const char first[] = "ALTER TABLE session ADD COLUMN uuid TEXT NOT NULL UNIQUE;"
                                "ALTER TABLE session ADD COLUMN night TEXT;";
    static const char last[] = "ALTER TABLE session ADD COLUMN paused_at_boot_ms INTEGER NOT NULL DEFAULT -1;";
    assert_memory_equal(sql, first, sizeof first - 1);
    assert_string_equal(sql + strlen(sql) - strlen(last), last);
}

static void nothing_is_known_of_a_blank_record(void **state) {
    (void)state;
    const struct session_record blank = fields_blank();
    assert_int_equal(blank.night, NIGHT_NONE);
    assert_string_equal(blank.uuid, "");
    assert_int_equal(blank.started_utc_s, 0);
    assert_int_equal(blank.paused_at_boot_ms, -1);
    assert_null(blank.note);
}

static void what_differs(void **state) {
    (void)state;
    struct session_record one = fields_blank(), other = fields_blank();
    char none[] = "", some[] = "x";
    other.note = none; // is none
    assert_false(fields_differ(&one, &other));
    other.note = some;
    assert_true(fields_differ(&one, &other));
    other.note = NULL;
    other.outcome_was = OUTCOME_ENDED_EARLY; // means nothing yet
    assert_false(fields_differ(&one, &other));
    one.outcome = other.outcome = OUTCOME_NOT_MINE;
    assert_true(fields_differ(&one, &other));
    other = one;
    other.night = 0;
    assert_true(fields_differ(&one, &other));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_member_has_a_row),
        cmocka_unit_test(lists_stand_in_sql),
        cmocka_unit_test(an_older_diary_lacks_columns),
        cmocka_unit_test(nothing_is_known_of_a_blank_record),
        cmocka_unit_test(what_differs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
