// A desk for tests of what keeps the diary: a directory on a simulated card, evenings in it, files that are spoilt.
#ifndef KARANI_TESTS_SUPPORT_KEEPING_DESK_H
#define KARANI_TESTS_SUPPORT_KEEPING_DESK_H

#include "daemon/diary/diary.h"
#include "daemon/sim/storage/storage.h"
#include "tests/support/beside.h"
#include "tests/support/diary_evenings.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const enum storage_fault FAULTS[] = {STORAGE_FAULT_FULL, STORAGE_FAULT_READONLY, STORAGE_FAULT_SYNC};

enum {
    FAULT_COUNT = sizeof FAULTS / sizeof *FAULTS,
    FILE_MAX_B = 512 * 1024,
    STEPS_MAX = 400, // no sequence here takes so many calls of the card
};

struct desk {
    char state[PATH_MAX / 8];
    struct storage *storage;
    struct diary *diary;
};

struct bytes {
    unsigned char bytes[FILE_MAX_B];
    size_t size;
};

static inline void empty(const char *directory) {
    DIR *listing = opendir(directory);
    const struct dirent *entry;
    while (listing != NULL && (entry = readdir(listing)) != NULL) {
        if (entry->d_name[0] != '.') {
            unlinkat(dirfd(listing), entry->d_name, 0);
        }
    }
    if (listing != NULL) {
        closedir(listing);
    }
}

static inline int begin(void **state) {
    static struct desk desk;
    memset(&desk, 0, sizeof desk);
    snprintf(desk.state, sizeof desk.state, "/tmp/karani-keeping-XXXXXX");
    *state = &desk;
    return mkdtemp(desk.state) == NULL ? -1 : storage_new(&desk.storage, "keeping-test");
}

static inline int finish(void **state) {
    struct desk *desk = *state;
    diary_close(desk->diary);
    storage_free(desk->storage);
    empty(desk->state);
    return rmdir(desk->state);
}

static inline void path_of(const struct desk *desk, const char *name, char path[PATH_MAX]) {
    snprintf(path, PATH_MAX, "%s/%s", desk->state, name);
}

static inline bool lies_there(const struct desk *desk, const char *name) {
    char path[PATH_MAX];
    path_of(desk, name, path);
    return access(path, F_OK) == 0;
}

static inline void load(const struct desk *desk, const char *name, struct bytes *bytes) {
    char path[PATH_MAX];
    path_of(desk, name, path);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    ssize_t size = read(fd, bytes->bytes, FILE_MAX_B);
    assert_true(size >= 0 && size < FILE_MAX_B);
    bytes->size = (size_t)size;
    close(fd);
}

static inline void store(const struct desk *desk, const char *name, const struct bytes *bytes) {
    char path[PATH_MAX];
    path_of(desk, name, path);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes->bytes, bytes->size), (ssize_t)bytes->size);
    close(fd);
}

static inline void spoil(struct bytes *bytes, size_t from, size_t count) {
    assert_true(from + count <= bytes->size);
    memset(bytes->bytes + from, 0x5a, count);
}

// Another storage, which knows nothing of what was written past the last one.
static inline void renew_storage(struct desk *desk) {
    storage_free(desk->storage);
    assert_int_equal(storage_new(&desk->storage, "keeping-test"), 0);
}

static inline int open_diary(struct desk *desk) {
    char sentence[512];
    return diary_open(&desk->diary, desk->state, storage_vfs(desk->storage), sentence, sizeof sentence);
}

static inline void close_diary(struct desk *desk) {
    diary_close(desk->diary);
    desk->diary = NULL;
}

static inline void write_evenings(struct desk *desk, int from, int until) {
    for (int n = from; n < until; n++) {
        struct session_record session = evening(n);
        assert_int_equal(diary_save(desk->diary, &session), 0);
    }
}

static inline int count_one(void *context, const struct session_record *session) {
    (void)session;
    ++*(int *)context;
    return 0;
}

static inline int count_rows(struct diary *diary) {
    int count = 0;
    assert_int_equal(diary_each_session(diary, count_one, &count), 0);
    return count;
}

// The first column of the first row, as SQLite itself reads that file.
static inline int64_t ask(const struct desk *desk, const char *name, const char *sql) {
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

static const struct diary_care_time CARE = {.at_utc_s = EVENING_UTC_S, .boot_id = BOOT, .boot_ms = 1};

static inline void back_up(struct desk *desk, int keep) {
    assert_int_equal(diary_care_backup(desk->diary, keep, &CARE), 0);
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, begin, finish)

#endif
