// Tests of the simulator's storage: what a power cut leaves, what the death of the process leaves, what faults do.
#include "daemon/sim/storage/storage.h"
#include "tests/support/limit.h"

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

struct desk {
    char directory[PATH_MAX / 8];
    char path[PATH_MAX / 4];
    struct storage *storage;
    sqlite3 *db;
};

static const char *const ENDINGS[] = {"", "-wal", "-shm", "-journal"};

static void path_of(const struct desk *desk, const char *ending, char path[PATH_MAX]) {
    snprintf(path, PATH_MAX, "%s%s", desk->path, ending);
}

static bool exists(const struct desk *desk, const char *ending) {
    char path[PATH_MAX];
    path_of(desk, ending, path);
    return access(path, F_OK) == 0;
}

static int begin(void **state) {
    static struct desk desk;
    memset(&desk, 0, sizeof desk);
    snprintf(desk.directory, sizeof desk.directory, "/tmp/karani-storage-XXXXXX");
    *state = &desk;
    if (mkdtemp(desk.directory) == NULL) {
        return -1;
    }
    snprintf(desk.path, sizeof desk.path, "%s/test.db", desk.directory);
    return storage_new(&desk.storage, "storage-test");
}

static int finish(void **state) {
    struct desk *desk = *state;
    sqlite3_close(desk->db);
    storage_free(desk->storage);
    for (size_t i = 0; i < sizeof ENDINGS / sizeof *ENDINGS; i++) {
        char path[PATH_MAX];
        path_of(desk, ENDINGS[i], path);
        unlink(path);
    }
    return rmdir(desk->directory);
}

static int run(struct desk *desk, const char *sql) {
    return sqlite3_exec(desk->db, sql, NULL, NULL, NULL);
}

static int open_db(struct desk *desk) {
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXRESCODE;
    return sqlite3_open_v2(desk->path, &desk->db, flags, storage_vfs(desk->storage));
}

static void close_db(struct desk *desk) {
    sqlite3_close(desk->db);
    desk->db = NULL;
}

static void open_wal(struct desk *desk, const char *synchronous) {
    assert_int_equal(open_db(desk), SQLITE_OK);
    assert_int_equal(run(desk, "PRAGMA journal_mode = WAL"), SQLITE_OK);
    assert_int_equal(run(desk, synchronous), SQLITE_OK);
}

static void begin_with_table(struct desk *desk, const char *synchronous) {
    open_wal(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(run(desk, "CREATE TABLE t(x INTEGER); INSERT INTO t VALUES(1)"), SQLITE_OK);
    assert_int_equal(run(desk, synchronous), SQLITE_OK);
}

static int64_t ask(struct desk *desk, const char *sql) {
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_prepare_v2(desk->db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t answer = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return answer;
}

static int64_t count(struct desk *desk) {
    return ask(desk, "SELECT count(*) FROM t");
}

static void assert_whole(struct desk *desk) {
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_prepare_v2(desk->db, "PRAGMA integrity_check", -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(statement, 0), "ok");
    sqlite3_finalize(statement);
}

static void cut(struct desk *desk) {
    assert_int_equal(storage_power_cut(desk->storage), 0);
    close_db(desk);
}

static void a_committed_row_outlives_the_cut(void **state) {
    struct desk *desk = *state;
    begin_with_table(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(run(desk, "INSERT INTO t VALUES(2)"), SQLITE_OK);
    cut(desk);
    open_wal(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(count(desk), 2);
    // … and again, on top of what the first cut left
    assert_int_equal(run(desk, "INSERT INTO t VALUES(3)"), SQLITE_OK);
    cut(desk);
    open_wal(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(count(desk), 3);
}

static void an_uncommitted_row_does_not(void **state) {
    struct desk *desk = *state;
    begin_with_table(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(run(desk, "BEGIN; INSERT INTO t VALUES(2)"), SQLITE_OK);
    cut(desk);
    open_wal(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(count(desk), 1);
}

// The negative control: without syncs the cut must lose what was committed, else the tests above prove nothing.
static void without_syncs_the_cut_loses(void **state) {
    struct desk *desk = *state;
    static const char *const LEVELS[] = {"PRAGMA synchronous = OFF", "PRAGMA synchronous = NORMAL"};
    begin_with_table(desk, "PRAGMA synchronous = FULL");
    for (size_t i = 0; i < sizeof LEVELS / sizeof *LEVELS; i++) {
        assert_int_equal(run(desk, LEVELS[i]), SQLITE_OK);
        assert_int_equal(run(desk, "INSERT INTO t VALUES(2)"), SQLITE_OK);
        assert_int_equal(count(desk), 2);
        cut(desk);
        open_wal(desk, "PRAGMA synchronous = FULL");
        assert_int_equal(count(desk), 1);
    }
}

// A commit of one row in WAL with FULL costs one sync (measured with strace on the unix VFS as well).
static void syncs_are_counted(void **state) {
    struct desk *desk = *state;
    begin_with_table(desk, "PRAGMA synchronous = FULL");
    int64_t before = storage_syncs(desk->storage);
    for (int i = 0; i < 10; i++) {
        assert_int_equal(run(desk, "INSERT INTO t VALUES(2)"), SQLITE_OK);
    }
    assert_int_equal(storage_syncs(desk->storage) - before, 10);
}

static void a_kill_keeps_what_was_written(void **state) {
    struct desk *desk = *state;
    begin_with_table(desk, "PRAGMA synchronous = OFF");
    assert_int_equal(run(desk, "INSERT INTO t VALUES(2)"), SQLITE_OK);
    char wal[PATH_MAX];
    path_of(desk, "-wal", wal);
    struct stat before, after;
    assert_int_equal(stat(wal, &before), 0);
    storage_kill(desk->storage);
    assert_int_not_equal(run(desk, "INSERT INTO t VALUES(3)"), SQLITE_OK);
    close_db(desk); // would move the WAL into the database and delete it
    assert_int_equal(stat(wal, &after), 0);
    assert_int_equal(before.st_size, after.st_size);
    open_wal(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(count(desk), 2);
}

static void a_kill_within_a_transaction_rolls_back(void **state) {
    struct desk *desk = *state;
    begin_with_table(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(run(desk, "BEGIN; INSERT INTO t VALUES(2)"), SQLITE_OK);
    storage_kill(desk->storage);
    sqlite3 *dead = desk->db;
    open_wal(desk, "PRAGMA synchronous = FULL"); // a new process while the old one's memory is still there
    assert_int_equal(run(desk, "INSERT INTO t VALUES(3)"), SQLITE_OK);
    sqlite3_close(dead);
    assert_int_equal(ask(desk, "SELECT sum(x) FROM t"), 4);
    assert_int_equal(run(desk, "INSERT INTO t VALUES(5)"), SQLITE_OK);
    cut(desk);
    open_wal(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(ask(desk, "SELECT sum(x) FROM t"), 9);
}

// After a clean close the WAL is gone, but only in the directory's pages in memory: a cut brings it back with its old
// contents, which hold nothing that the database does not.
static void a_cut_after_a_clean_close(void **state) {
    struct desk *desk = *state;
    begin_with_table(desk, "PRAGMA synchronous = FULL");
    close_db(desk);
    assert_false(exists(desk, "-wal"));
    assert_int_equal(storage_power_cut(desk->storage), 0);
    assert_true(exists(desk, "-wal"));
    open_wal(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(count(desk), 1);
    assert_whole(desk);
}

// A cut after every single sync of a busy life: never damaged, never fewer rows than were acknowledged.
static void cuts_at_every_commit(void **state) {
    struct desk *desk = *state;
    begin_with_table(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(run(desk, "PRAGMA wal_autocheckpoint = 7"), SQLITE_OK);
    for (int i = 2; i < 120; i++) {
        char sql[80];
        snprintf(sql, sizeof sql, "INSERT INTO t VALUES(%d)", i);
        assert_int_equal(run(desk, sql), SQLITE_OK);
        if (i % 3 == 0) {
            assert_int_equal(run(desk, "BEGIN; DELETE FROM t"), SQLITE_OK);
        }
        cut(desk);
        open_wal(desk, "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 7");
        assert_int_equal(count(desk), i);
    }
    assert_whole(desk);
}

// Before the first sync of the directory there was no file at all.
static void a_cut_in_the_first_moment(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_db(desk), SQLITE_OK);
    assert_int_equal(run(desk, "PRAGMA synchronous = OFF; CREATE TABLE t(x INTEGER)"), SQLITE_OK);
    assert_true(exists(desk, ""));
    cut(desk);
    assert_false(exists(desk, ""));
    assert_false(exists(desk, "-journal"));
}

// A WAL that one connection made and another one synced: its name is kept as well.
static void a_wal_made_by_an_earlier_connection(void **state) {
    struct desk *desk = *state;
    begin_with_table(desk, "PRAGMA synchronous = FULL");
    close_db(desk); // without the WAL
    open_wal(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(count(desk), 1);
    assert_true(exists(desk, "-wal"));
    storage_kill(desk->storage);
    close_db(desk);
    open_wal(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(run(desk, "INSERT INTO t VALUES(2)"), SQLITE_OK);
    cut(desk);
    open_wal(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(count(desk), 2);
}

// What lay in the directory before the storage was there is kept as it was found.
static void a_state_from_before(void **state) {
    struct desk *desk = *state;
    begin_with_table(desk, "PRAGMA synchronous = FULL");
    storage_kill(desk->storage); // leaves a WAL
    close_db(desk);
    storage_free(desk->storage);
    assert_int_equal(storage_new(&desk->storage, "storage-test"), 0);
    open_wal(desk, "PRAGMA synchronous = OFF");
    assert_int_equal(run(desk, "INSERT INTO t VALUES(2)"), SQLITE_OK);
    cut(desk);
    open_wal(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(count(desk), 1);
    assert_int_equal(run(desk, "INSERT INTO t VALUES(3)"), SQLITE_OK);
    cut(desk);
    open_wal(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(count(desk), 2);
}

// The rollback journal: its name is synced with its first sync, so a cut in the middle of a transaction finds it.
static void a_rollback_journal_rolls_back(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_db(desk), SQLITE_OK);
    assert_int_equal(run(desk, "PRAGMA synchronous = EXTRA; CREATE TABLE t(x); INSERT INTO t VALUES(1)"), SQLITE_OK);
    assert_int_equal(run(desk, "PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN"), SQLITE_OK);
    // More pages than the cache holds: the journal is synced and pages go to the file before the commit.
    assert_int_equal(run(desk, "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
                               " INSERT INTO t SELECT hex(zeroblob(400)) FROM n"),
                     SQLITE_OK);
    cut(desk);
    assert_int_equal(open_db(desk), SQLITE_OK);
    assert_int_equal(count(desk), 1);
}

static void a_full_card(void **state) {
    struct desk *desk = *state;
    begin_with_table(desk, "PRAGMA synchronous = FULL");
    storage_set_fault(desk->storage, STORAGE_FAULT_FULL);
    assert_int_equal(run(desk, "INSERT INTO t VALUES(2)"), SQLITE_FULL);
    assert_int_equal(count(desk), 1);
    storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
    assert_int_equal(run(desk, "INSERT INTO t VALUES(2)"), SQLITE_OK);
    cut(desk);
    open_wal(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(count(desk), 2);
}

static void a_card_gone_read_only(void **state) {
    struct desk *desk = *state;
    begin_with_table(desk, "PRAGMA synchronous = FULL");
    storage_set_fault(desk->storage, STORAGE_FAULT_READONLY);
    assert_int_equal(run(desk, "INSERT INTO t VALUES(2)"), SQLITE_IOERR_WRITE);
    // At a commit SQLite does not ask for the system's error; the file that failed knows it.
    sqlite3_file *wal;
    int error = 0;
    assert_int_equal(sqlite3_file_control(desk->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal), SQLITE_OK);
    assert_int_equal(wal->pMethods->xFileControl(wal, SQLITE_FCNTL_LAST_ERRNO, &error), SQLITE_OK);
    assert_int_equal(error, EROFS);
    assert_int_equal(count(desk), 1);
    close_db(desk); // cannot move the WAL: it stays
    assert_true(exists(desk, "-wal"));
    // A new start on the same card: no shared memory can be made.
    assert_int_equal(open_db(desk), SQLITE_OK);
    assert_int_equal(run(desk, "SELECT * FROM t") & 0xff, SQLITE_CANTOPEN);
    assert_int_equal(sqlite3_system_errno(desk->db), EROFS);
    close_db(desk);
    storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
    open_wal(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(count(desk), 1);
}

static void no_file_is_made_on_a_read_only_card(void **state) {
    struct desk *desk = *state;
    storage_set_fault(desk->storage, STORAGE_FAULT_READONLY);
    assert_int_equal(open_db(desk) & 0xff, SQLITE_CANTOPEN);
    assert_false(exists(desk, ""));
}

// As Linux does it: the sync fails once, the pages count as clean, the next sync succeeds and writes nothing of them.
static void a_failed_sync_is_not_made_good_by_the_next(void **state) {
    struct desk *desk = *state;
    begin_with_table(desk, "PRAGMA synchronous = FULL");
    storage_set_fault(desk->storage, STORAGE_FAULT_SYNC);
    assert_int_equal(run(desk, "INSERT INTO t VALUES(2)"), SQLITE_IOERR_FSYNC);
    storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
    // A process that dies and starts anew finds the row in the WAL, as the kernel's memory has it …
    storage_kill(desk->storage);
    close_db(desk);
    open_wal(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(count(desk), 2);
    assert_int_equal(run(desk, "INSERT INTO t VALUES(3)"), SQLITE_OK);
    // … and loses it, and what was acknowledged behind it.
    cut(desk);
    open_wal(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(count(desk), 1);
}

static void one_connection_at_a_time(void **state) {
    struct desk *desk = *state;
    begin_with_table(desk, "PRAGMA synchronous = FULL");
    sqlite3 *second;
    assert_int_equal(sqlite3_open_v2(desk->path, &second, SQLITE_OPEN_READWRITE, storage_vfs(desk->storage)),
                     SQLITE_CANTOPEN);
    sqlite3_close(second);
    assert_int_equal(count(desk), 1);
}

// Ten years of evenings of ten minutes, with their starts and ends.
static void fifty_thousand_commits_take_seconds(void **state) {
    struct desk *desk = *state;
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
        cmocka_unit_test_setup_teardown(a_committed_row_outlives_the_cut, begin, finish),
        cmocka_unit_test_setup_teardown(an_uncommitted_row_does_not, begin, finish),
        cmocka_unit_test_setup_teardown(without_syncs_the_cut_loses, begin, finish),
        cmocka_unit_test_setup_teardown(syncs_are_counted, begin, finish),
        cmocka_unit_test_setup_teardown(a_kill_keeps_what_was_written, begin, finish),
        cmocka_unit_test_setup_teardown(a_kill_within_a_transaction_rolls_back, begin, finish),
        cmocka_unit_test_setup_teardown(a_cut_after_a_clean_close, begin, finish),
        cmocka_unit_test_setup_teardown(cuts_at_every_commit, begin, finish),
        cmocka_unit_test_setup_teardown(a_cut_in_the_first_moment, begin, finish),
        cmocka_unit_test_setup_teardown(a_wal_made_by_an_earlier_connection, begin, finish),
        cmocka_unit_test_setup_teardown(a_state_from_before, begin, finish),
        cmocka_unit_test_setup_teardown(a_rollback_journal_rolls_back, begin, finish),
        cmocka_unit_test_setup_teardown(a_full_card, begin, finish),
        cmocka_unit_test_setup_teardown(a_card_gone_read_only, begin, finish),
        cmocka_unit_test_setup_teardown(no_file_is_made_on_a_read_only_card, begin, finish),
        cmocka_unit_test_setup_teardown(a_failed_sync_is_not_made_good_by_the_next, begin, finish),
        cmocka_unit_test_setup_teardown(one_connection_at_a_time, begin, finish),
        cmocka_unit_test_setup_teardown(fifty_thousand_commits_take_seconds, begin, finish),
    };
    return cmocka_run_group_tests_name("storage", tests, NULL, NULL);
}
