#include "tests/support/diary/diary_fixture.h"

#include <dirent.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

void empty(const char *directory) {
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

void remove_all(const char *directory) {
    empty(directory);
    rmdir(directory);
}

int diary_fixture_begin(void **state) {
    static struct desk desk;
    memset(&desk, 0, sizeof desk);
    snprintf(desk.state, sizeof desk.state, "/tmp/karani-diary-XXXXXX");
    *state = &desk;
    return mkdtemp(desk.state) == NULL ? -1 : storage_new(&desk.storage, "diary-test");
}

int diary_fixture_finish(void **state) {
    struct desk *desk = *state;
    diary_close(desk->diary);
    storage_free(desk->storage);
    remove_all(desk->state);
    return 0;
}

int open_in(struct desk *desk, const char *vfs) {
    desk->error[0] = '\0';
    return diary_open(&desk->diary, desk->state, vfs, desk->error, sizeof desk->error);
}

int open_simulated(struct desk *desk) {
    return open_in(desk, storage_vfs(desk->storage));
}

void close_diary(struct desk *desk) {
    diary_close(desk->diary);
    desk->diary = NULL;
}

void cut(struct desk *desk) {
    assert_int_equal(storage_power_cut(desk->storage), 0);
    diary_abandon(desk->diary);
    assert_int_equal(open_simulated(desk), 0);
}

void assert_same(const struct session_record *got, const struct session_record *wanted) {
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

int take_row(void *context, const struct session_record *session) {
    struct rows *rows = context;
    snprintf(rows->notes[rows->count], sizeof rows->notes[0], "%s", session->note != NULL ? session->note : "-");
    rows->rows[rows->count++] = *session;
    return rows->count == rows->stop_at ? 7 : 0;
}

struct rows read_rows(struct diary *diary) {
    struct rows rows = {.count = 0};
    assert_int_equal(diary_each_session(diary, take_row, &rows), 0);
    return rows;
}

int take_night(void *context, int32_t night) {
    int32_t **next = context;
    *(*next)++ = night;
    return 0;
}

size_t read_file(const struct desk *desk, const char *name, unsigned char *bytes, size_t room) {
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

void ask_file(const struct desk *desk, const char *sql, char answer[256]) {
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

void fill(struct desk *desk, int count, const char *vfs) {
    assert_int_equal(open_in(desk, vfs), 0);
    for (int i = 0; i < count; i++) {
        struct session_record session = evening(i);
        assert_int_equal(diary_save(desk->diary, &session), 0);
    }
}
