// Tests of a diary of an older version that is migrated, also with the card failing at every step of it.
#include "tests/support/last_session.h"
#include "tests/support/points.h"
#include "tests/support/repair_fixture.h"

#include <sqlite3.h>

static void make_version_1(struct desk *desk) {
    char path[PATH_MAX];
    sqlite3 *db;
    static char sql[8192];
    FILE *file = fopen("tests/schemas/diary-1.sql", "re");
    assert_non_null(file);
    size_t size = fread(sql, 1, sizeof sql - 1, file);
    fclose(file);
    sql[size] = '\0';
    empty(desk->state);
    path_of(desk, "diary.db", path);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    renew_storage(desk);
}

static void assert_version_1_is_there(struct desk *desk) {
    int32_t night = 0, *next = &night;
    struct session_record last;
    char *value = NULL;
    assert_int_equal(count_rows(desk->diary), 3);
    assert_int_equal(diary_each_away(desk->diary, take_night, &next), 0);
    assert_int_equal(night, EVENING_NIGHT + 1);
    assert_int_equal(last_session(desk->diary, &last), 0);
    assert_int_equal(last.outcome, OUTCOME_NOT_MINE);
    assert_int_equal(last.outcome_was, OUTCOME_FINISHED);
    assert_int_equal(diary_get(desk->diary, "minutes", &value), 0);
    assert_string_equal(value, "12 10");
    free(value);
}

static void from_version_1(void **state) {
    struct desk *desk = *state;
    make_version_1(desk);
    assert_int_equal(open_simulated(desk), 0);
    assert_version_1_is_there(desk);
    back_up(desk, 2);
    close_diary(desk);
    assert_int_equal(ask(desk, "diary.db", "PRAGMA user_version"), DIARY_VERSION);
    assert_int_equal(ask(desk, "diary.db", "SELECT count(*) FROM change"), 1);
    assert_int_equal(ask(desk, "diary.db", "SELECT count(*) FROM session WHERE note = 'slept well'"), 1);
    assert_int_equal(ask(desk, "diary.backup-2.db", "PRAGMA user_version"), 1); // as it was before
    assert_int_equal(ask(desk, "diary.backup-2.db", "SELECT count(*) FROM session"), 3);
    // What has been migrated has the schema of what is made anew.
    char path[PATH_MAX];
    sqlite3_int64 columns = ask(desk, "diary.db", "SELECT count(*) FROM pragma_table_info('upkeep')");
    path_of(desk, "diary.db", path);
    empty(desk->state);
    renew_storage(desk);
    assert_int_equal(open_simulated(desk), 0);
    close_diary(desk);
    assert_int_equal(ask(desk, "diary.db", "SELECT count(*) FROM pragma_table_info('upkeep')"), columns);
}

static void a_migration_that_is_cut_off(void **state) {
    struct desk *desk = *state;
    int cuts = 0;
    for (int f = 0; f < FAULT_COUNT; f++) {
        bool done = false;
        for (int n = f % points_apart(); !done; n += points_apart(), cuts++) {
            assert_true(n < STEPS_MAX);
            make_version_1(desk);
            storage_set_fault_after(desk->storage, FAULTS[f], n);
            done = open_simulated(desk) == 0;
            storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
            assert_int_equal(storage_power_cut(desk->storage), 0);
            diary_abandon(desk->diary);
            assert_int_equal(open_simulated(desk), 0);
            assert_false(diary_take_restored(desk->diary));
            assert_version_1_is_there(desk);
            close_diary(desk);
        }
    }
    print_message("%d cuts in a migration\n", cuts);
    assert_true(cuts * points_apart() > 20);
}

// A backup of before a version is as good as any.
static void an_older_backup_is_migrated(void **state) {
    struct desk *desk = *state;
    char from[PATH_MAX], to[PATH_MAX];
    make_version_1(desk);
    path_of(desk, "diary.db", from);
    path_of(desk, "diary.backup-1.db", to);
    assert_int_equal(rename(from, to), 0);
    renew_storage(desk);
    assert_int_equal(open_simulated(desk), 0);
    assert_version_1_is_there(desk);
    write_evenings(desk, 10, 11);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORY(from_version_1),
        STORY(a_migration_that_is_cut_off),
        STORY(an_older_backup_is_migrated),
    };
    return cmocka_run_group_tests_name("migration", tests, NULL, NULL);
}
