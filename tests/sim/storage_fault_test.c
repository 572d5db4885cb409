// Tests of the simulator's storage: a card that is full, that is read-only, that cannot sync.
#include "tests/support/diary/storage_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void a_full_card(void **state) {
    struct storage_fixture *desk = *state;
    begin_with_table(desk, "PRAGMA synchronous = FULL");
    storage_set_fault(desk->storage, STORAGE_FAULT_FULL);
    assert_int_equal(run_sql(desk, "INSERT INTO t VALUES(2)"), SQLITE_FULL);
    assert_int_equal(count_table(desk), 1);
    storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
    assert_int_equal(run_sql(desk, "INSERT INTO t VALUES(2)"), SQLITE_OK);
    cut_power(desk);
    open_wal(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(count_table(desk), 2);
}

static void a_card_gone_read_only(void **state) {
    struct storage_fixture *desk = *state;
    begin_with_table(desk, "PRAGMA synchronous = FULL");
    storage_set_fault(desk->storage, STORAGE_FAULT_READONLY);
    assert_int_equal(run_sql(desk, "INSERT INTO t VALUES(2)"), SQLITE_IOERR_WRITE);
    // At a commit SQLite does not ask for the system's error; the file that failed knows it.
    sqlite3_file *wal;
    int error = 0;
    assert_int_equal(sqlite3_file_control(desk->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal), SQLITE_OK);
    assert_int_equal(wal->pMethods->xFileControl(wal, SQLITE_FCNTL_LAST_ERRNO, &error), SQLITE_OK);
    assert_int_equal(error, EROFS);
    assert_int_equal(count_table(desk), 1);
    close_db(desk); // cannot move the WAL: it stays
    assert_true(file_exists(desk, "-wal"));
    // A new start on the same card: no shared memory can be made.
    assert_int_equal(open_db(desk), SQLITE_OK);
    assert_int_equal(run_sql(desk, "SELECT * FROM t") & 0xff, SQLITE_CANTOPEN);
    assert_int_equal(sqlite3_system_errno(desk->db), EROFS);
    close_db(desk);
    storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
    open_wal(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(count_table(desk), 1);
}

static void no_file_is_made_on_a_read_only_card(void **state) {
    struct storage_fixture *desk = *state;
    storage_set_fault(desk->storage, STORAGE_FAULT_READONLY);
    assert_int_equal(open_db(desk) & 0xff, SQLITE_CANTOPEN);
    assert_false(file_exists(desk, ""));
}

// As Linux does it: the sync fails once, the pages count as clean, the next sync succeeds and writes nothing of them.
static void a_failed_sync_is_not_made_good_by_the_next(void **state) {
    struct storage_fixture *desk = *state;
    begin_with_table(desk, "PRAGMA synchronous = FULL");
    storage_set_fault(desk->storage, STORAGE_FAULT_SYNC);
    assert_int_equal(run_sql(desk, "INSERT INTO t VALUES(2)"), SQLITE_IOERR_FSYNC);
    storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
    // A process that dies and starts anew finds the row in the WAL, as the kernel's memory has it …
    storage_kill(desk->storage);
    close_db(desk);
    open_wal(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(count_table(desk), 2);
    assert_int_equal(run_sql(desk, "INSERT INTO t VALUES(3)"), SQLITE_OK);
    // … and loses it, and what was acknowledged behind it.
    cut_power(desk);
    open_wal(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(count_table(desk), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORY(a_full_card),
        STORY(a_card_gone_read_only),
        STORY(no_file_is_made_on_a_read_only_card),
        STORY(a_failed_sync_is_not_made_good_by_the_next),
    };
    return cmocka_run_group_tests_name("storage, faults", tests, NULL, NULL);
}
