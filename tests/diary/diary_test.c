// Tests of the diary: its schema, and that rows, nights away, corrections and settings come back as they were.
#include "tests/support/ctl/emulator.h"
#include "tests/support/diary/diary_fixture.h"
#include "tests/support/diary/last_session.h"
#include "tests/support/run/limit.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define BOOT_TWO "22222222-2222-4222-8222-222222222222"

static void assert_file_says(const struct desk *desk, const char *sql, const char *wanted) {
    char answer[256];
    ask_file(desk, sql, answer);
    assert_string_equal(answer, wanted);
}

static void names_of_outcomes(void **state) {
    (void)state;
    static const char *const NAMES[] = {"running", "finished", "ended-early", "interrupted", "not-mine"};
    for (int i = OUTCOME_RUNNING; i <= OUTCOME_NOT_MINE; i++) {
        enum outcome outcome = OUTCOME_RUNNING;
        assert_string_equal(outcome_name((enum outcome)i), NAMES[i]);
        assert_true(outcome_parse(NAMES[i], &outcome));
        assert_int_equal(outcome, i);
    }
    enum outcome outcome = OUTCOME_FINISHED;
    assert_false(outcome_parse("Finished", &outcome));
    assert_false(outcome_parse("", &outcome));
    assert_int_equal(outcome, OUTCOME_FINISHED);
}

static void every_health_has_a_sentence(void **state) {
    (void)state;
    assert_null(diary_health_sentence(DIARY_GOOD));
    for (int health = DIARY_FULL; health <= DIARY_BUSY; health++) {
        const char *sentence = diary_health_sentence((enum diary_health)health);
        assert_non_null(sentence);
        assert_int_equal(sentence[strlen(sentence) - 1], '.');
    }
}

// The names of karani(7), THE DIARY: others read this file too.
static void the_schema_is_the_contract(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_in(desk, NULL), 0);
    assert_int_equal(diary_health(desk->diary), DIARY_GOOD);
    struct session_record session = evening(0);
    assert_int_equal(diary_save(desk->diary, &session), 0);
    close_diary(desk);
    assert_file_says(desk, "PRAGMA journal_mode", "wal");
    assert_file_says(desk, "PRAGMA user_version", "2");
    assert_file_says(desk, "SELECT count(*) FROM pragma_table_list WHERE strict AND type = 'table'", "5");
    assert_file_says(desk,
                     "SELECT uuid || '|' || night || '|' || started_utc || '|' || utc_offset || '|' || zone || '|' || "
                     "clock || '|' || routine || '|' || variant || '|' || planned_s || '|' || held_s || '|' || "
                     "overtime_s || '|' || outcome || '|' || (note IS NULL) FROM session WHERE id = 1",
                     "00000000-0000-4000-8000-000000000000|2026-03-01|1772397600|3600|Europe/Berlin|synced|"
                     "legs-up-the-wall|wall|600|540|0|finished|1");
    assert_file_says(desk, "SELECT group_concat(name) FROM pragma_table_info('away')", "night");
    assert_file_says(desk, "SELECT group_concat(name) FROM pragma_table_info('change')", "id,at_utc,what,before,after");
    assert_file_says(desk, "SELECT group_concat(name) FROM pragma_table_info('setting')", "key,value");
    assert_file_says(desk, "SELECT group_concat(name) FROM pragma_table_info('upkeep')",
                     "what,at_utc,boot_id,boot_ms,facts");
    unsigned char bytes[512 * 1024];
    assert_true(read_file(desk, "diary.db", bytes, sizeof bytes) > 100);
    assert_memory_equal(bytes + 68, "KRAN", 4); // where file(1) looks
}

static void rows_come_back_as_they_were(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_in(desk, NULL), 0);
    struct session_record rows[6];
    static const enum clock_quality CLOCKS[] = {CLOCK_UNSET, CLOCK_RESTORED, CLOCK_RTC, CLOCK_SET, CLOCK_SYNCED};
    for (int i = 0; i < 5; i++) {
        rows[i] = evening(i);
        rows[i].outcome = rows[i].outcome_was = (enum outcome)i;
        rows[i].clock = CLOCKS[i];
    }
    rows[0].night = NIGHT_NONE;
    rows[0].paused_at_boot_ms = 123456789012;
    rows[1].utc_offset_s = -12600;
    rows[4].outcome_was = OUTCOME_ENDED_EARLY;
    rows[5] = evening(5);
    rows[5].note = (char[]){"Grüße, \"you\"\nand me"};
    for (int i = 0; i < 6; i++) {
        assert_int_equal(diary_save(desk->diary, &rows[i]), 0);
    }
    close_diary(desk);
    assert_int_equal(open_in(desk, NULL), 0);
    struct rows read = read_rows(desk->diary);
    assert_int_equal(read.count, 6);
    for (int i = 0; i < 6; i++) {
        assert_same(&read.rows[i], &rows[i]);
    }
    assert_string_equal(read.notes[4], "-");
    assert_string_equal(read.notes[5], "Grüße, \"you\"\nand me");
}

static void a_row_is_one_row_whatever_becomes_of_it(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_in(desk, NULL), 0);
    struct session_record session = evening(0);
    session.outcome = session.outcome_was = OUTCOME_RUNNING;
    for (session.held_s = 0; session.held_s <= 600; session.held_s += 60) {
        assert_int_equal(diary_save(desk->diary, &session), 0);
    }
    session.held_s = 600;
    session.outcome = session.outcome_was = OUTCOME_FINISHED;
    assert_int_equal(diary_save(desk->diary, &session), 0);
    struct rows read = read_rows(desk->diary);
    assert_int_equal(read.count, 1);
    assert_same(&read.rows[0], &session);
}

static void order_is_by_start_then_uuid(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_simulated(desk), 0);
    static const struct {
        int64_t start;
        const char *uuid;
        bool waits; // saved while the card is full
    } ROWS[] = {
        {300, "cccccccc", false}, {100, "bbbbbbbb", false}, {200, "99999999", false},
        {200, "aaaaaaaa", true},  {50, "ffffffff", true},   {400, "00000000", true},
    };
    static const char *const ORDER[] = {"ffffffff", "bbbbbbbb", "99999999", "aaaaaaaa", "cccccccc", "00000000"};
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        storage_set_fault(desk->storage, ROWS[i].waits ? STORAGE_FAULT_FULL : STORAGE_FAULT_NONE);
        struct session_record session = evening(0);
        session.started_utc_s = ROWS[i].start;
        memcpy(session.uuid, ROWS[i].uuid, 8);
        assert_int_equal(diary_save(desk->diary, &session), ROWS[i].waits ? -ENOSPC : 0);
    }
    for (int round = 0; round < 2; round++) { // while they wait, and once they are saved
        struct rows read = read_rows(desk->diary);
        assert_int_equal(read.count, 6);
        for (int i = 0; i < 6; i++) {
            assert_memory_equal(read.rows[i].uuid, ORDER[i], 8);
        }
        storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
        assert_int_equal(diary_retry(desk->diary), 0);
    }
}

static void taking_can_stop(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_simulated(desk), 0);
    for (int i = 0; i < 4; i++) {
        storage_set_fault(desk->storage, i == 3 ? STORAGE_FAULT_FULL : STORAGE_FAULT_NONE);
        struct session_record session = evening(i);
        diary_save(desk->diary, &session);
    }
    for (int stop = 1; stop <= 4; stop++) {
        struct rows rows = {.stop_at = stop};
        assert_int_equal(diary_each_session(desk->diary, take_row, &rows), 7);
        assert_int_equal(rows.count, stop);
    }
    storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
}

static void interrupted_by_a_boot_not_by_a_restart(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_simulated(desk), 0);
    struct session_record session = evening(1), other = evening(0);
    session.outcome = session.outcome_was = OUTCOME_RUNNING;
    session.held_s = 120;
    assert_int_equal(diary_save(desk->diary, &other), 0);
    assert_int_equal(diary_save(desk->diary, &session), 0);
    // The daemon is killed and started again in the same boot.
    storage_kill(desk->storage);
    diary_abandon(desk->diary);
    assert_int_equal(open_simulated(desk), 0);
    assert_int_equal(diary_close_interrupted(desk->diary, BOOT), 0);
    struct session_record last;
    assert_int_equal(last_session(desk->diary, &last), 0);
    assert_same(&last, &session);
    // The power goes; another boot.
    cut(desk);
    assert_int_equal(diary_close_interrupted(desk->diary, BOOT_TWO), 0);
    assert_int_equal(last_session(desk->diary, &last), 0);
    session.outcome = session.outcome_was = OUTCOME_INTERRUPTED;
    assert_same(&last, &session);
    assert_same(&read_rows(desk->diary).rows[0], &other);
}

static void the_last_session(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_simulated(desk), 0);
    struct session_record last;
    assert_int_equal(last_session(desk->diary, &last), -ENOENT);
    struct session_record one = evening(1), two = evening(2), zero = evening(0);
    one.note = (char[]){"a note"};
    assert_int_equal(diary_save(desk->diary, &two), 0);
    assert_int_equal(diary_save(desk->diary, &one), 0);
    assert_int_equal(last_session(desk->diary, &last), 0);
    assert_same(&last, &two);
    assert_null(last.note);
    // One that waits and began earlier is not the last; a newer state of the last one is.
    storage_set_fault(desk->storage, STORAGE_FAULT_FULL);
    assert_int_equal(diary_save(desk->diary, &zero), -ENOSPC);
    assert_int_equal(last_session(desk->diary, &last), 0);
    assert_same(&last, &two);
    two.held_s = 777;
    assert_int_equal(diary_save(desk->diary, &two), -ENOSPC);
    struct rows rows = read_rows(desk->diary);
    assert_int_equal(rows.count, 3); // each once, in its newest state
    assert_same(&rows.rows[0], &zero);
    assert_same(&rows.rows[2], &two);
    assert_int_equal(last_session(desk->diary, &last), 0);
    assert_same(&last, &two);
    storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
}

static void away_nights_and_their_changes(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_simulated(desk), 0);
    assert_int_equal(diary_set_away(desk->diary, 20515, true, 1000), 0);
    assert_int_equal(diary_set_away(desk->diary, 20513, true, 1001), 0);
    assert_int_equal(diary_set_away(desk->diary, 20513, true, 1002), 0); // was so: no change
    assert_int_equal(diary_set_away(desk->diary, 20515, false, 1003), 0);
    assert_int_equal(diary_set_away(desk->diary, 20515, false, 1004), 0); // was so
    assert_int_equal(diary_set_away(desk->diary, 20512, true, 1005), 0);
    storage_set_fault(desk->storage, STORAGE_FAULT_FULL);
    assert_int_equal(diary_set_away(desk->diary, 20511, true, 1006), -ENOSPC);
    assert_int_equal(diary_health(desk->diary), DIARY_FULL);
    storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
    cut(desk);
    int32_t nights[4] = {0};
    int32_t *next = nights;
    assert_int_equal(diary_each_away(desk->diary, take_night, &next), 0);
    assert_int_equal(next - nights, 2);
    assert_int_equal(nights[0], 20512);
    assert_int_equal(nights[1], 20513);
    close_diary(desk);
    assert_file_says(desk,
                     "SELECT group_concat(at_utc || what || coalesce(before, '-') || coalesce(after, '-')) FROM change",
                     "1000away-{\"night\":\"2026-03-03\"},1001away-{\"night\":\"2026-03-01\"},"
                     "1003away{\"night\":\"2026-03-03\"}-,1005away-{\"night\":\"2026-02-28\"}");
}

static void a_correction_is_one_transaction(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_simulated(desk), 0);
    struct session_record rows[] = {evening(1), evening(2), evening(3)};
    assert_int_equal(diary_save(desk->diary, &rows[0]), 0);
    assert_int_equal(diary_save(desk->diary, &rows[1]), 0);
    storage_set_fault(desk->storage, STORAGE_FAULT_FULL);
    assert_int_equal(diary_save(desk->diary, &rows[2]), -ENOSPC); // waits, with its old start
    for (int i = 0; i < 3; i++) {
        rows[i].started_utc_s += 7200;
        rows[i].clock = CLOCK_SET;
    }
    const struct diary_change change = {99, "clock", "{\"by_s\":0}", "{\"by_s\":7200}"};
    assert_int_equal(diary_correct(desk->diary, rows, 3, &change), -ENOSPC);
    assert_int_equal(read_rows(desk->diary).rows[0].clock, CLOCK_SYNCED); // nothing of it
    storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
    assert_int_equal(diary_correct(desk->diary, rows, 3, &change), 0);
    assert_int_equal(diary_pending(desk->diary), 0);
    cut(desk);
    struct rows read = read_rows(desk->diary);
    assert_int_equal(read.count, 3);
    for (int i = 0; i < 3; i++) {
        assert_same(&read.rows[i], &rows[i]);
    }
    close_diary(desk);
    assert_file_says(desk, "SELECT group_concat(at_utc || what || before || after) FROM change",
                     "99clock{\"by_s\":0}{\"by_s\":7200}");
}

static void assert_setting(struct diary *diary, const char *key, const char *wanted) {
    char *value = (char[]){"?"};
    assert_int_equal(diary_get(diary, key, &value), 0);
    if (wanted == NULL) {
        assert_null(value);
    } else {
        assert_string_equal(value, wanted);
    }
    free(value);
}

static void settings_last(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_simulated(desk), 0);
    assert_setting(desk->diary, "minutes", NULL);
    assert_int_equal(diary_set(desk->diary, "minutes", "12"), 0);
    assert_int_equal(diary_set(desk->diary, "variant", "chair"), 0);
    assert_int_equal(diary_set(desk->diary, "minutes", "13"), 0);
    cut(desk);
    assert_setting(desk->diary, "minutes", "13");
    assert_setting(desk->diary, "variant", "chair");
    int64_t syncs = storage_syncs(desk->storage);
    assert_int_equal(diary_set(desk->diary, "minutes", "13"), 0);
    assert_int_equal(storage_syncs(desk->storage), syncs); // what is so already wears no card
    assert_int_equal(diary_set(desk->diary, "minutes", NULL), 0);
    assert_setting(desk->diary, "minutes", NULL);
    assert_setting(desk->diary, "variant", "chair");
}

static void the_last_time_known(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_simulated(desk), 0);
    int64_t utc_s = -1;
    assert_int_equal(diary_last_time(desk->diary, &utc_s), 0);
    assert_int_equal(utc_s, 0);
    struct session_record session = evening(0);
    session.held_s = 660;
    assert_int_equal(diary_save(desk->diary, &session), 0);
    assert_int_equal(diary_last_time(desk->diary, &utc_s), 0);
    assert_int_equal(utc_s, EVENING_UTC_S + 660);
    assert_int_equal(diary_set_away(desk->diary, 20514, true, EVENING_UTC_S + 5000), 0);
    assert_int_equal(diary_last_time(desk->diary, &utc_s), 0);
    assert_int_equal(utc_s, EVENING_UTC_S + 5000);
    struct session_record brought = evening(3650); // by an import, or by a hand that mistook the year
    brought.boot_id[0] = '\0';
    assert_int_equal(diary_save(desk->diary, &brought), 0);
    assert_int_equal(diary_last_time(desk->diary, &utc_s), 0);
    assert_int_equal(utc_s, EVENING_UTC_S + 5000);
    storage_set_fault(desk->storage, STORAGE_FAULT_FULL);
    struct session_record waiting = evening(1);
    assert_int_equal(diary_save(desk->diary, &waiting), -ENOSPC);
    assert_int_equal(diary_last_time(desk->diary, &utc_s), 0);
    assert_int_equal(utc_s, waiting.started_utc_s + waiting.held_s);
    storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
}

int main(void) {
    limit_processor_s(60);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_outcomes),
        cmocka_unit_test(every_health_has_a_sentence),
        STORY(the_schema_is_the_contract),
        STORY(rows_come_back_as_they_were),
        STORY(a_row_is_one_row_whatever_becomes_of_it),
        STORY(order_is_by_start_then_uuid),
        STORY(taking_can_stop),
        STORY(interrupted_by_a_boot_not_by_a_restart),
        STORY(the_last_session),
        STORY(away_nights_and_their_changes),
        STORY(a_correction_is_one_transaction),
        STORY(settings_last),
        STORY(the_last_time_known),
    };
    return cmocka_run_group_tests_name("diary", tests, NULL, NULL);
}
