#include "tests/support/diary/repair_fixture.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

const enum storage_fault FAULTS[] = {STORAGE_FAULT_FULL, STORAGE_FAULT_READONLY, STORAGE_FAULT_SYNC};

const struct diary_care_time CARE = {.at_utc_s = EVENING_UTC_S, .boot_id = BOOT, .boot_ms = 1};

void path_of(const struct desk *desk, const char *name, char path[PATH_MAX]) {
    snprintf(path, PATH_MAX, "%s/%s", desk->state, name);
}

bool lies_there(const struct desk *desk, const char *name) {
    char path[PATH_MAX];
    path_of(desk, name, path);
    return access(path, F_OK) == 0;
}

void load(const struct desk *desk, const char *name, struct bytes *bytes) {
    char path[PATH_MAX];
    path_of(desk, name, path);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    ssize_t size = read(fd, bytes->bytes, FILE_MAX_B);
    assert_true(size >= 0 && size < FILE_MAX_B);
    bytes->size = (size_t)size;
    close(fd);
}

void store(const struct desk *desk, const char *name, const struct bytes *bytes) {
    char path[PATH_MAX];
    path_of(desk, name, path);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes->bytes, bytes->size), (ssize_t)bytes->size);
    close(fd);
}

void spoil(struct bytes *bytes, size_t from, size_t count) {
    assert_true(from + count <= bytes->size);
    memset(bytes->bytes + from, 0x5a, count);
}

void renew_storage(struct desk *desk) {
    storage_free(desk->storage);
    assert_int_equal(storage_new(&desk->storage, "keeping-test"), 0);
}

void write_evenings(struct desk *desk, int from, int until) {
    for (int n = from; n < until; n++) {
        struct session_record session = evening(n);
        assert_int_equal(diary_save(desk->diary, &session), 0);
    }
}

static int count_one(void *context, const struct session_record *session) {
    (void)session;
    ++*(int *)context;
    return 0;
}

int count_rows(struct diary *diary) {
    int count = 0;
    assert_int_equal(diary_each_session(diary, count_one, &count), 0);
    return count;
}

int64_t ask(const struct desk *desk, const char *name, const char *sql) {
    char path[PATH_MAX];
    sqlite3 *db;
    sqlite3_stmt *statement;
    path_of(desk, name, path);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t answer = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return answer;
}

void back_up(struct desk *desk, int keep) {
    assert_int_equal(diary_care_backup(desk->diary, keep, &CARE), 0);
}
