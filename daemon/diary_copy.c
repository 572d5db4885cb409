// Copies of a damaged diary, to be searched: as it is, or with a first page and a log that SQLite can read again.
#include "daemon/diary_file.h"
#include "daemon/diary_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_MIN_B = 512, PAGE_MAX_B = 65536, PAGE_DEFAULT_B = 4096, NAME_SIZE = 128 };

static const char copy_name[] = "diary.db.salvage";

static int64_t big_endian(const unsigned char *bytes, int count) {
    int64_t number = 0;
    for (int i = 0; i < count; i++) {
        number = number << 8 | bytes[i];
    }
    return number;
}

// At byte `at`, or 0 when there is none.
static int64_t page_size_in(const char *vfs, const char *path, int at, int count) {
    unsigned char bytes[4] = {0};
    if (!diary_file_exists(path) || diary_file_read(vfs, path, bytes, count, at) != SQLITE_OK) {
        return 0;
    }
    int64_t size = big_endian(bytes, count) == 1 ? PAGE_MAX_B : big_endian(bytes, count);
    return size >= PAGE_MIN_B && size <= PAGE_MAX_B && (size & (size - 1)) == 0 ? size : 0;
}

// As the log says, else as the database does (https://sqlite.org/fileformat.html 4.1, 1.3).
static int64_t find_page_size(const char *vfs, const char *path, const char *wal) {
    int64_t size = page_size_in(vfs, wal, 8, 4);
    size = size > 0 ? size : page_size_in(vfs, path, 16, 2);
    return size > 0 ? size : PAGE_DEFAULT_B;
}

// The first page of a diary as it is made, of that page size: the schema. malloc'd; NULL when memory is out.
static unsigned char *make_first_page(int64_t page_b) {
    enum { WRITE_VERSION = 18, READ_VERSION = 19, VALID_FOR = 92 };
    struct diary fresh = {.scratch = true};
    char sql[64];
    snprintf(sql, sizeof sql, "PRAGMA page_size = %d", (int)page_b);
    unsigned char *page = NULL;
    if (diary_open_file(&fresh, ":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) == 0 &&
        diary_run(&fresh, sql) == 0 && diary_make_schema(&fresh) == 0) {
        sqlite3_int64 size = 0;
        unsigned char *bytes = sqlite3_serialize(fresh.db, "main", &size, 0);
        page = bytes != NULL && size >= page_b ? malloc((size_t)page_b) : NULL;
        if (page != NULL) {
            memcpy(page, bytes, (size_t)page_b);
            page[WRITE_VERSION] = page[READ_VERSION] = 1;
            page[VALID_FOR] ^= 0xff; // the number of pages in the header is not this file's
        }
        sqlite3_free(bytes);
    }
    diary_disconnect(&fresh);
    return page;
}

static int put_first_page(const char *vfs, const char *path, int64_t page_b) {
    unsigned char *page = make_first_page(page_b);
    int result = page == NULL ? SQLITE_NOMEM : diary_file_write(vfs, path, page, (int)page_b, 0);
    free(page);
    return result;
}

static void remove_copies(struct diary *diary) {
    static const char *const endings[] = {"", "-journal", "-wal", "-shm"};
    enum diary_health health = diary->health;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        char name[NAME_SIZE];
        snprintf(name, sizeof name, "%s%s", copy_name, endings[i]);
        diary_remove_beside(diary, name);
    }
    diary->health = health;
}

// A database, or what lies beside it, as far as it is there.
static int copy_one(const struct diary *diary, const char *damaged_name, const char *ending) {
    char from[NAME_SIZE], to[NAME_SIZE];
    snprintf(from, sizeof from, "%s%s", damaged_name, ending);
    snprintf(to, sizeof to, "%s%s", copy_name, ending);
    char *source = diary_path_beside(diary, from);
    char *target = diary_path_beside(diary, to);
    int result = source == NULL || target == NULL ? SQLITE_NOMEM
                 : diary_file_exists(source)      ? diary_file_copy(diary->vfs, source, target, NULL)
                                                  : SQLITE_OK;
    free(source);
    free(target);
    return result;
}

static int copy_as_it_is(const struct diary *diary, const char *damaged_name) {
    static const char *const endings[] = {"", "-journal", "-wal"};
    int result = SQLITE_OK;
    for (size_t i = 0; i < sizeof endings / sizeof *endings && result == SQLITE_OK; i++) {
        result = copy_one(diary, damaged_name, endings[i]);
    }
    return result;
}

// Of a log alone there is no database yet: the first page makes one.
static int copy_anew(const struct diary *diary, const char *damaged_name, bool with_wal) {
    char name[NAME_SIZE];
    snprintf(name, sizeof name, "%s-wal", damaged_name);
    char *path = diary_path_beside(diary, copy_name);
    char *wal = diary_path_beside(diary, name);
    int result = path == NULL || wal == NULL ? SQLITE_NOMEM : copy_one(diary, damaged_name, "");
    if (result == SQLITE_OK) {
        int64_t page_b = find_page_size(diary->vfs, path, wal);
        if (with_wal && diary_file_exists(wal)) {
            result = diary_wal_put_into(diary->vfs, wal, page_b, path);
        }
        if (result == SQLITE_OK) {
            result = put_first_page(diary->vfs, path, page_b);
        }
    }
    free(path);
    free(wal);
    return result;
}

bool diary_copy_log_is_spoilt(const struct diary *diary, const char *damaged_name) {
    char name[NAME_SIZE];
    struct diary_wal_look look = {.damaged = false};
    snprintf(name, sizeof name, "%s-wal", damaged_name);
    char *path = diary_path_beside(diary, damaged_name);
    char *wal = diary_path_beside(diary, name);
    if (path != NULL && wal != NULL && diary_file_exists(wal)) {
        diary_wal_look(diary->vfs, wal, find_page_size(diary->vfs, path, wal), &look);
    }
    free(path);
    free(wal);
    return look.damaged;
}

struct diary *diary_copy_open(struct diary *diary, const char *damaged_name, enum diary_copy how, int *error) {
    remove_copies(diary);
    int result = how == DIARY_COPY_AS_IT_IS ? copy_as_it_is(diary, damaged_name)
                                            : copy_anew(diary, damaged_name, how == DIARY_COPY_OF_ALL);
    if (result != SQLITE_OK) {
        *error = diary_fail(diary, result);
        remove_copies(diary);
        return NULL;
    }
    struct diary *copy = diary_scratch_new(diary, copy_name, SQLITE_OPEN_READWRITE);
    if (copy == NULL) {
        remove_copies(diary);
    }
    return copy;
}

void diary_copy_close(struct diary *diary, struct diary *copy) {
    diary_scratch_free(copy);
    remove_copies(diary);
}
