#include "tests/support/diary/storage_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const ENDINGS[] = {"", "-wal", "-shm", "-journal"};

void file_path(const struct storage_fixture *desk, const char *ending, char path[PATH_MAX]) {
    snprintf(path, PATH_MAX, "%s%s", desk->path, ending);
}

bool file_exists(const struct storage_fixture *desk, const char *ending) {
    char path[PATH_MAX];
    file_path(desk, ending, path);
    return access(path, F_OK) == 0;
}

int storage_fixture_begin(void **state) {
    static struct storage_fixture desk;
    memset(&desk, 0, sizeof desk);
    snprintf(desk.directory, sizeof desk.directory, "/tmp/karani-storage-XXXXXX");
    *state = &desk;
    if (mkdtemp(desk.directory) == NULL) {
        return -1;
    }
    snprintf(desk.path, sizeof desk.path, "%s/test.db", desk.directory);
    return storage_new(&desk.storage, "storage-test");
}

int storage_fixture_finish(void **state) {
    struct storage_fixture *desk = *state;
    sqlite3_close(desk->db);
    storage_free(desk->storage);
    for (size_t i = 0; i < sizeof ENDINGS / sizeof *ENDINGS; i++) {
        char path[PATH_MAX];
        file_path(desk, ENDINGS[i], path);
        unlink(path);
    }
    return rmdir(desk->directory);
}

int run_sql(struct storage_fixture *desk, const char *sql) {
    return sqlite3_exec(desk->db, sql, NULL, NULL, NULL);
}

int open_db(struct storage_fixture *desk) {
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXRESCODE;
    return sqlite3_open_v2(desk->path, &desk->db, flags, storage_vfs(desk->storage));
}

void close_db(struct storage_fixture *desk) {
    sqlite3_close(desk->db);
    desk->db = NULL;
}

void open_wal(struct storage_fixture *desk, const char *synchronous) {
    assert_int_equal(open_db(desk), SQLITE_OK);
    assert_int_equal(run_sql(desk, "PRAGMA journal_mode = WAL"), SQLITE_OK);
    assert_int_equal(run_sql(desk, synchronous), SQLITE_OK);
}

void begin_with_table(struct storage_fixture *desk, const char *synchronous) {
    open_wal(desk, "PRAGMA synchronous = FULL");
    assert_int_equal(run_sql(desk, "CREATE TABLE t(x INTEGER); INSERT INTO t VALUES(1)"), SQLITE_OK);
    assert_int_equal(run_sql(desk, synchronous), SQLITE_OK);
}

int64_t ask_db(struct storage_fixture *desk, const char *sql) {
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_prepare_v2(desk->db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t answer = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return answer;
}

int64_t count_table(struct storage_fixture *desk) {
    return ask_db(desk, "SELECT count(*) FROM t");
}

void assert_whole(struct storage_fixture *desk) {
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_prepare_v2(desk->db, "PRAGMA integrity_check", -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(statement, 0), "ok");
    sqlite3_finalize(statement);
}

void cut_power(struct storage_fixture *desk) {
    assert_int_equal(storage_power_cut(desk->storage), 0);
    close_db(desk);
}
