// A diary in a directory of its own, on a simulated card or a real one: evenings to save in it, and what it holds.
#ifndef KARANI_TESTS_SUPPORT_DIARY_DESK_H
#define KARANI_TESTS_SUPPORT_DIARY_DESK_H

#include "daemon/diary/diary.h"
#include "daemon/sim/storage/storage.h"

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

#define BOOT_ONE "11111111-1111-4111-8111-111111111111"

// 2026-03-01 20:40:00 UTC, a Sunday evening.
enum { EVENING_UTC_S = 1772397600 };

struct desk {
    char state[PATH_MAX / 8];
    struct storage *storage;
    struct diary *diary;
    char error[512];
};

static inline void remove_all(const char *directory) {
    DIR *listing = opendir(directory);
    if (listing == NULL) {
        return;
    }
    struct dirent *entry;
    while ((entry = readdir(listing)) != NULL) {
        if (entry->d_name[0] != '.') {
            unlinkat(dirfd(listing), entry->d_name, 0);
        }
    }
    closedir(listing);
    rmdir(directory);
}

static inline int begin(void **state) {
    static struct desk desk;
    memset(&desk, 0, sizeof desk);
    snprintf(desk.state, sizeof desk.state, "/tmp/karani-diary-XXXXXX");
    *state = &desk;
    return mkdtemp(desk.state) == NULL ? -1 : storage_new(&desk.storage, "diary-test");
}

static inline int finish(void **state) {
    struct desk *desk = *state;
    diary_close(desk->diary);
    storage_free(desk->storage);
    remove_all(desk->state);
    return 0;
}

static inline int open_in(struct desk *desk, const char *vfs) {
    desk->error[0] = '\0';
    return diary_open(&desk->diary, desk->state, vfs, desk->error, sizeof desk->error);
}

static inline int open_simulated(struct desk *desk) {
    return open_in(desk, storage_vfs(desk->storage));
}

static inline void close_diary(struct desk *desk) {
    diary_close(desk->diary);
    desk->diary = NULL;
}

// The power goes and comes back.
static inline void cut(struct desk *desk) {
    assert_int_equal(storage_power_cut(desk->storage), 0);
    diary_abandon(desk->diary);
    assert_int_equal(open_simulated(desk), 0);
}

// The n-th evening's session, every field of it different from its neighbour's.
static inline struct session_record evening(int n) {
    struct session_record session = {
        .night = 20513 + n, // 2026-03-01 + n
        .started_utc_s = EVENING_UTC_S + n * 86400,
        .utc_offset_s = 3600,
        .zone = "Europe/Berlin",
        .clock = CLOCK_SYNCED,
        .routine = "legs-up-the-wall",
        .variant = "wall",
        .planned_s = 600 + n,
        .held_s = 540 + n,
        .overtime_s = n,
        .outcome = OUTCOME_FINISHED,
        .outcome_was = OUTCOME_FINISHED,
        .boot_id = BOOT_ONE,
        .counted_from_boot_ms = 1000 + n,
        .paused_at_boot_ms = -1,
    };
    snprintf(session.uuid, sizeof session.uuid, "%08x-0000-4000-8000-000000000000", (unsigned)n);
    return session;
}

static inline void assert_same(const struct session_record *got, const struct session_record *wanted) {
    assert_string_equal(got->uuid, wanted->uuid);
    assert_int_equal(got->night, wanted->night);
    assert_int_equal(got->started_utc_s, wanted->started_utc_s);
    assert_int_equal(got->utc_offset_s, wanted->utc_offset_s);
    assert_string_equal(got->zone, wanted->zone);
    assert_int_equal(got->clock, wanted->clock);
    assert_string_equal(got->routine, wanted->routine);
    assert_string_equal(got->variant, wanted->variant);
    assert_int_equal(got->planned_s, wanted->planned_s);
    assert_int_equal(got->held_s, wanted->held_s);
    assert_int_equal(got->overtime_s, wanted->overtime_s);
    assert_int_equal(got->outcome, wanted->outcome);
    assert_int_equal(got->outcome_was, wanted->outcome_was);
    assert_string_equal(got->boot_id, wanted->boot_id);
    assert_int_equal(got->counted_from_boot_ms, wanted->counted_from_boot_ms);
    assert_int_equal(got->paused_at_boot_ms, wanted->paused_at_boot_ms);
}

struct rows {
    struct session_record rows[80];
    char notes[80][32];
    int count;
    int stop_at; // 0: never
};

static inline int take_row(void *context, const struct session_record *session) {
    struct rows *rows = context;
    snprintf(rows->notes[rows->count], sizeof rows->notes[0], "%s", session->note != NULL ? session->note : "-");
    rows->rows[rows->count++] = *session;
    return rows->count == rows->stop_at ? 7 : 0;
}

static inline struct rows read_rows(struct diary *diary) {
    struct rows rows = {.count = 0};
    assert_int_equal(diary_each_session(diary, take_row, &rows), 0);
    return rows;
}

static inline int take_night(void *context, int32_t night) {
    int32_t **next = context;
    *(*next)++ = night;
    return 0;
}

static inline size_t read_file(const struct desk *desk, const char *name, unsigned char *bytes, size_t room) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", desk->state, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return 0;
    }
    ssize_t size = read(fd, bytes, room);
    close(fd);
    assert_true(size >= 0 && (size_t)size < room);
    return (size_t)size;
}

// A question to the file itself, past the diary: the first column of the first row.
static inline void ask_file(const struct desk *desk, const char *sql, char answer[256]) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/diary.db", desk->state);
    sqlite3 *db;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    int result = sqlite3_step(statement);
    snprintf(answer, 256, "%s", result == SQLITE_ROW ? (const char *)sqlite3_column_text(statement, 0) : "");
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

static inline void fill(struct desk *desk, int count, const char *vfs) {
    assert_int_equal(open_in(desk, vfs), 0);
    for (int i = 0; i < count; i++) {
        struct session_record session = evening(i);
        assert_int_equal(diary_save(desk->diary, &session), 0);
    }
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, begin, finish)

#endif
