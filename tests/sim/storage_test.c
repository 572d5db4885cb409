// Tests of the simulator's storage: what a power cut leaves, and the death of the process.
#include "tests/support/diary/storage_fixture.h"
#include "tests/support/run/limit.h"

#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static void a_committed_row_outlives_the_cut(void **state) {
    struct storage_fixture *desk = *state;
    begin_with_table(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(run_sql(desk, "INSERT INTO t VALUES(2)"), SQLITE_OK);
    cut_power(desk);
    open_wal(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(count_table(desk), 2);
    // … and again, on top of what the first cut left
    assert_int_equal(run_sql(desk, "INSERT INTO t VALUES(3)"), SQLITE_OK);
    cut_power(desk);
    open_wal(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(count_table(desk), 3);
}

static void an_uncommitted_row_does_not(void **state) {
    struct storage_fixture *desk = *state;
    begin_with_table(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(run_sql(desk, "BEGIN; INSERT INTO t VALUES(2)"), SQLITE_OK);
    cut_power(desk);
    open_wal(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(count_table(desk), 1);
}

// The negative control: without syncs the cut must lose what was committed, else the tests above prove nothing.
static void without_syncs_the_cut_loses(void **state) {
    struct storage_fixture *desk = *state;
    static const char *const LEVELS[] = {"PRAGMA synchronous = OFF", "PRAGMA synchronous = NORMAL"};
    begin_with_table(desk, "PRAGMA synchronous = FULL");
    for (size_t i = 0; i < sizeof LEVELS / sizeof *LEVELS; i++) {
        assert_int_equal(run_sql(desk, LEVELS[i]), SQLITE_OK);
        assert_int_equal(run_sql(desk, "INSERT INTO t VALUES(2)"), SQLITE_OK);
        assert_int_equal(count_table(desk), 2);
        cut_power(desk);
        open_wal(desk, "PRAGMA synchronous = FULL");
        assert_int_equal(count_table(desk), 1);
    }
}

// A commit of one row in WAL with FULL costs one sync (measured with strace on the unix VFS as well).
static void syncs_are_counted(void **state) {
    struct storage_fixture *desk = *state;
    begin_with_table(desk, "PRAGMA synchronous = FULL");
    int64_t before = storage_syncs(desk->storage);
    for (int i = 0; i < 10; i++) {
        assert_int_equal(run_sql(desk, "INSERT INTO t VALUES(2)"), SQLITE_OK);
    }
    assert_int_equal(storage_syncs(desk->storage) - before, 10);
}

static void a_kill_keeps_what_was_written(void **state) {
    struct storage_fixture *desk = *state;
    begin_with_table(desk, "PRAGMA synchronous = OFF");
    assert_int_equal(run_sql(desk, "INSERT INTO t VALUES(2)"), SQLITE_OK);
    char wal[PATH_MAX];
    file_path(desk, "-wal", wal);
    struct stat before, after;
    assert_int_equal(stat(wal, &before), 0);
    storage_kill(desk->storage);
    assert_int_not_equal(run_sql(desk, "INSERT INTO t VALUES(3)"), SQLITE_OK);
    close_db(desk); // would move the WAL into the database and delete it
    assert_int_equal(stat(wal, &after), 0);
    assert_int_equal(before.st_size, after.st_size);
    open_wal(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(count_table(desk), 2);
}

static void a_kill_within_a_transaction_rolls_back(void **state) {
    struct storage_fixture *desk = *state;
    begin_with_table(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(run_sql(desk, "BEGIN; INSERT INTO t VALUES(2)"), SQLITE_OK);
    storage_kill(desk->storage);
    sqlite3 *dead = desk->db;
    open_wal(desk, "PRAGMA synchronous = FULL"); // a new process while the old one's memory is still there
    assert_int_equal(run_sql(desk, "INSERT INTO t VALUES(3)"), SQLITE_OK);
    sqlite3_close(dead);
    assert_int_equal(ask_db(desk, "SELECT sum(x) FROM t"), 4);
    assert_int_equal(run_sql(desk, "INSERT INTO t VALUES(5)"), SQLITE_OK);
    cut_power(desk);
    open_wal(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(ask_db(desk, "SELECT sum(x) FROM t"), 9);
}

// After a clean close the WAL is gone, but only in the directory's pages in memory: a cut brings it back with its old
// contents, which hold nothing that the database does not.
static void a_cut_after_a_clean_close(void **state) {
    struct storage_fixture *desk = *state;
    begin_with_table(desk, "PRAGMA synchronous = FULL");
    close_db(desk);
    assert_false(file_exists(desk, "-wal"));
    assert_int_equal(storage_power_cut(desk->storage), 0);
    assert_true(file_exists(desk, "-wal"));
    open_wal(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(count_table(desk), 1);
    assert_whole(desk);
}

// A cut after every single sync of a busy life: never damaged, never fewer rows than were acknowledged.
static void cuts_at_every_commit(void **state) {
    struct storage_fixture *desk = *state;
    begin_with_table(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(run_sql(desk, "PRAGMA wal_autocheckpoint = 7"), SQLITE_OK);
    for (int i = 2; i < 120; i++) {
        char sql[80];
        snprintf(sql, sizeof sql, "INSERT INTO t VALUES(%d)", i);
        assert_int_equal(run_sql(desk, sql), SQLITE_OK);
        if (i % 3 == 0) {
            assert_int_equal(run_sql(desk, "BEGIN; DELETE FROM t"), SQLITE_OK);
        }
        cut_power(desk);
        open_wal(desk, "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 7");
        assert_int_equal(count_table(desk), i);
    }
    assert_whole(desk);
}

// Before the first sync of the directory there was no file at all.
static void a_cut_in_the_first_moment(void **state) {
    struct storage_fixture *desk = *state;
    assert_int_equal(open_db(desk), SQLITE_OK);
    assert_int_equal(run_sql(desk, "PRAGMA synchronous = OFF; CREATE TABLE t(x INTEGER)"), SQLITE_OK);
    assert_true(file_exists(desk, ""));
    cut_power(desk);
    assert_false(file_exists(desk, ""));
    assert_false(file_exists(desk, "-journal"));
}

// A WAL that one connection made and another one synced: its name is kept as well.
static void a_wal_made_by_an_earlier_connection(void **state) {
    struct storage_fixture *desk = *state;
    begin_with_table(desk, "PRAGMA synchronous = FULL");
    close_db(desk); // without the WAL
    open_wal(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(count_table(desk), 1);
    assert_true(file_exists(desk, "-wal"));
    storage_kill(desk->storage);
    close_db(desk);
    open_wal(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(run_sql(desk, "INSERT INTO t VALUES(2)"), SQLITE_OK);
    cut_power(desk);
    open_wal(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(count_table(desk), 2);
}

// What lay in the directory before the storage was there is kept as it was found.
static void a_state_from_before(void **state) {
    struct storage_fixture *desk = *state;
    begin_with_table(desk, "PRAGMA synchronous = FULL");
    storage_kill(desk->storage); // leaves a WAL
    close_db(desk);
    storage_free(desk->storage);
    assert_int_equal(storage_new(&desk->storage, "storage-test"), 0);
    open_wal(desk, "PRAGMA synchronous = OFF");
    assert_int_equal(run_sql(desk, "INSERT INTO t VALUES(2)"), SQLITE_OK);
    cut_power(desk);
    open_wal(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(count_table(desk), 1);
    assert_int_equal(run_sql(desk, "INSERT INTO t VALUES(3)"), SQLITE_OK);
    cut_power(desk);
    open_wal(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(count_table(desk), 2);
}

// The rollback journal: its name is synced with its first sync, so a cut in the middle of a transaction finds it.
static void a_rollback_journal_rolls_back(void **state) {
    struct storage_fixture *desk = *state;
    assert_int_equal(open_db(desk), SQLITE_OK);
    assert_int_equal(run_sql(desk, "PRAGMA synchronous = EXTRA; CREATE TABLE t(x); INSERT INTO t VALUES(1)"),
                     SQLITE_OK);
    assert_int_equal(run_sql(desk, "PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN"), SQLITE_OK);
    // More pages than the cache holds: the journal is synced and pages go to the file before the commit.
    assert_int_equal(run_sql(desk, "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
                                   " INSERT INTO t SELECT hex(zeroblob(400)) FROM n"),
                     SQLITE_OK);
    cut_power(desk);
    assert_int_equal(open_db(desk), SQLITE_OK);
    assert_int_equal(count_table(desk), 1);
}

static void one_connection_at_a_time(void **state) {
    struct storage_fixture *desk = *state;
    begin_with_table(desk, "PRAGMA synchronous = FULL");
    sqlite3 *second;
    assert_int_equal(sqlite3_open_v2(desk->path, &second, SQLITE_OPEN_READWRITE, storage_vfs(desk->storage)),
                     SQLITE_CANTOPEN);
    sqlite3_close(second);
    assert_int_equal(count_table(desk), 1);
}

// Ten years of evenings of ten minutes, with their starts and ends.
static void fifty_thousand_commits_take_seconds(void **state) {
    struct storage_fixture *desk = *state;
    begin_with_table(desk, "PRAGMA synchronous = FULL");
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_prepare_v2(desk->db, "INSERT INTO t VALUES(?1)", -1, &statement, NULL), SQLITE_OK);
    clock_t before = clock();
    for (int i = 0; i < 50000; i++) {
        sqlite3_bind_int(statement, 1, i);
        assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
        sqlite3_reset(statement);
    }
    double seconds = (double)(clock() - before) / CLOCKS_PER_SEC;
    sqlite3_finalize(statement);
    print_message("50,000 commits: %.1f s of processor time\n", seconds);
    assert_true(seconds < 30);
    assert_true(storage_syncs(desk->storage) >= 50000);
}

int main(void) {
    limit_processor_s(120);
    const struct CMUnitTest tests[] = {
        STORY(a_committed_row_outlives_the_cut),
        STORY(an_uncommitted_row_does_not),
        STORY(without_syncs_the_cut_loses),
        STORY(syncs_are_counted),
        STORY(a_kill_keeps_what_was_written),
        STORY(a_kill_within_a_transaction_rolls_back),
        STORY(a_cut_after_a_clean_close),
        STORY(cuts_at_every_commit),
        STORY(a_cut_in_the_first_moment),
        STORY(a_wal_made_by_an_earlier_connection),
        STORY(a_state_from_before),
        STORY(a_rollback_journal_rolls_back),
        STORY(one_connection_at_a_time),
        STORY(fifty_thousand_commits_take_seconds),
    };
    return cmocka_run_group_tests_name("storage", tests, NULL, NULL);
}
