// Copies of a damaged diary, to be searched: as it is, or with a schema and a log that SQLite can read again.
#include "daemon/diary/file.h"
#include "daemon/diary/inside.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_MIN_B = 512, PAGE_MAX_B = 65536 };

static const char copy_name[] = "diary.db.salvage";

static int64_t big_endian(const unsigned char *bytes, int count) {
    int64_t number = 0;
    for (int i = 0; i < count; i++) {
        number = number << 8 | bytes[i];
    }
    return number;
}

// What the card does not give is none; memory that is short must not be taken for that.
static int result_of_reading(int result) {
    return diary_file_is_short_of_memory(result) ? SQLITE_NOMEM : SQLITE_OK;
}

// At byte `at`, or 0 when there is none.
static int page_size_in(const char *vfs, const char *path, int at, int count, int64_t *page_b) {
    unsigned char bytes[4] = {0};
    int result = diary_file_exists(path) ? diary_file_read(vfs, path, bytes, count, at) : SQLITE_OK;
    if (result != SQLITE_OK) {
        memset(bytes, 0, sizeof bytes);
    }
    int64_t size = big_endian(bytes, count) == 1 ? PAGE_MAX_B : big_endian(bytes, count);
    *page_b = size >= PAGE_MIN_B && size <= PAGE_MAX_B && (size & (size - 1)) == 0 ? size : 0;
    return result_of_reading(result);
}

// Nearly every page of a diary is of a tree and begins with its kind; in the midst of a page that is chance. Diaries
// have small pages, those of version 1 SQLite's own (https://sqlite.org/fileformat.html 1.6).
static int guess_page_size(const char *vfs, const char *path, int64_t *page_b) {
    enum { LOOK_MAX_B = 256 * 1024 };
    static const unsigned char kinds[] = {0x02, 0x05, 0x0a, 0x0d};
    int64_t size_b = 0, looked = 0, begin_so = 0;
    int result = diary_file_exists(path) ? diary_file_size(vfs, path, &size_b) : SQLITE_OK;
    for (int64_t at = DIARY_PAGE_B; result_of_reading(result) == SQLITE_OK && at < size_b && at < LOOK_MAX_B;
         at += DIARY_PAGE_B) {
        unsigned char kind = 0;
        result = at % DIARY_PAGE_OLD_B != 0 ? diary_file_read(vfs, path, &kind, 1, at) : SQLITE_OK;
        if (at % DIARY_PAGE_OLD_B != 0 && result == SQLITE_OK) {
            looked++;
            begin_so += memchr(kinds, kind, sizeof kinds) != NULL;
        }
    }
    *page_b = 2 * begin_so >= looked ? DIARY_PAGE_B : DIARY_PAGE_OLD_B;
    return result_of_reading(result);
}

// As the log says, else as the database does (https://sqlite.org/fileformat.html 4.1, 1.3), else as it looks.
static int find_page_size(const char *vfs, const char *path, const char *wal, int64_t *page_b) {
    int result = page_size_in(vfs, wal, 8, 4, page_b);
    if (result == SQLITE_OK && *page_b == 0) {
        result = page_size_in(vfs, path, 16, 2, page_b);
    }
    return result == SQLITE_OK && *page_b == 0 ? guess_page_size(vfs, path, page_b) : result;
}

static int count_roots(struct diary *fresh, int64_t page, int64_t *roots) {
    char sql[80];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM sqlite_schema WHERE rootpage = %" PRId64, page);
    return diary_ask_number(fresh, sql, roots) == 0 ? SQLITE_OK : SQLITE_NOMEM;
}

// Of a diary as it is made, the pages that say what its tables are: all that are not a table's own.
static int put_pages_of_schema(struct diary *fresh, const char *vfs, const char *path, int64_t page_b) {
    enum { WRITE_VERSION = 18, READ_VERSION = 19, VALID_FOR = 92 };
    sqlite3_int64 size_b = 0;
    unsigned char *bytes = sqlite3_serialize(fresh->db, "main", &size_b, 0);
    int result = bytes != NULL && size_b >= page_b ? SQLITE_OK : SQLITE_NOMEM;
    if (result == SQLITE_OK) {
        bytes[WRITE_VERSION] = bytes[READ_VERSION] = 1;
        bytes[VALID_FOR] ^= 0xff; // the number of pages in the header is not this file's
    }
    for (int64_t at = 0; result == SQLITE_OK && at < size_b; at += page_b) {
        int64_t roots = 0;
        result = count_roots(fresh, at / page_b + 1, &roots);
        if (result == SQLITE_OK && roots == 0) {
            result = diary_file_write(vfs, path, bytes + at, (int)page_b, at);
        }
    }
    sqlite3_free(bytes);
    return result;
}

static int put_schema(const char *vfs, const char *path, int64_t page_b) {
    struct diary fresh = {.scratch = true};
    char sql[64];
    snprintf(sql, sizeof sql, "PRAGMA page_size = %d", (int)page_b);
    int result = SQLITE_NOMEM;
    if (diary_open_file(&fresh, ":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) == 0 &&
        diary_run(&fresh, sql) == 0 && diary_make_schema(&fresh) == 0) {
        result = put_pages_of_schema(&fresh, vfs, path, page_b);
    }
    diary_disconnect(&fresh);
    return result;
}

static void remove_copies(struct diary *diary) {
    static const char *const endings[] = {"", "-journal", "-wal", "-shm"};
    enum diary_health health = diary->health;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        char name[DIARY_NAME_BESIDE_SIZE];
        snprintf(name, sizeof name, "%s%s", copy_name, endings[i]);
        diary_remove_beside(diary, name);
    }
    diary->health = health;
}

// A database, or what lies beside it, as far as it is there.
static int copy_one(const struct diary *diary, const char *damaged_name, const char *ending) {
    char from[DIARY_NAME_BESIDE_SIZE], to[DIARY_NAME_BESIDE_SIZE], source[DIARY_PATH_SIZE], target[DIARY_PATH_SIZE];
    snprintf(from, sizeof from, "%s%s", damaged_name, ending);
    snprintf(to, sizeof to, "%s%s", copy_name, ending);
    diary_path_beside(diary, from, source);
    diary_path_beside(diary, to, target);
    return diary_file_exists(source) ? diary_file_copy(diary->vfs, source, target, NULL) : SQLITE_OK;
}

static int copy_as_it_is(const struct diary *diary, const char *damaged_name) {
    static const char *const endings[] = {"", "-journal", "-wal"};
    int result = SQLITE_OK;
    for (size_t i = 0; i < sizeof endings / sizeof *endings && result == SQLITE_OK; i++) {
        result = copy_one(diary, damaged_name, endings[i]);
    }
    return result;
}

// Of a log alone there is no database yet: the schema makes one. The log is taken from a copy, too, which has zeros
// where the card gives nothing.
static int copy_anew(const struct diary *diary, const char *damaged_name, bool with_wal) {
    char name[DIARY_NAME_BESIDE_SIZE], path[DIARY_PATH_SIZE], wal[DIARY_PATH_SIZE];
    snprintf(name, sizeof name, "%s-wal", copy_name);
    diary_path_beside(diary, copy_name, path);
    diary_path_beside(diary, name, wal);
    int64_t page_b = 0;
    int result = copy_one(diary, damaged_name, "");
    if (result == SQLITE_OK) {
        result = copy_one(diary, damaged_name, "-wal");
    }
    if (result == SQLITE_OK) {
        result = find_page_size(diary->vfs, path, wal, &page_b);
    }
    if (result == SQLITE_OK && with_wal && diary_file_exists(wal)) {
        result = diary_wal_put_into(diary->vfs, wal, page_b, path);
    }
    if (result == SQLITE_OK) {
        result = diary_file_remove(diary->vfs, wal);
    }
    return result == SQLITE_OK ? put_schema(diary->vfs, path, page_b) : result;
}

int diary_copy_look_at_log(struct diary *diary, const char *damaged_name, bool *is_spoilt) {
    char name[DIARY_NAME_BESIDE_SIZE], path[DIARY_PATH_SIZE], wal[DIARY_PATH_SIZE];
    struct diary_wal_look look = {.damaged = false};
    snprintf(name, sizeof name, "%s-wal", damaged_name);
    diary_path_beside(diary, damaged_name, path);
    diary_path_beside(diary, name, wal);
    int result = SQLITE_OK;
    if (diary_file_exists(wal)) {
        int64_t page_b = 0;
        result = find_page_size(diary->vfs, path, wal, &page_b);
        if (result == SQLITE_OK) {
            result = diary_wal_look(diary->vfs, wal, page_b, path, &look);
        }
    }
    if (diary_file_is_short_of_memory(result)) {
        return diary_fail(diary, result);
    }
    *is_spoilt = look.damaged || result != SQLITE_OK;
    return 0;
}

bool diary_copy_may_wait(struct diary *diary) {
    bool may = diary->patience > 0;
    diary->patience -= may;
    return may;
}

int diary_copy_open(struct diary *diary, const char *damaged_name, enum diary_copy how, struct diary **copy) {
    char database[DIARY_PATH_SIZE];
    diary_path_beside(diary, damaged_name, database);
    if (how == DIARY_COPY_AS_IT_IS && !diary_file_exists(database)) {
        *copy = NULL; // of a log alone SQLite makes nothing
        return 0;
    }
    remove_copies(diary);
    int result = how == DIARY_COPY_AS_IT_IS ? copy_as_it_is(diary, damaged_name)
                                            : copy_anew(diary, damaged_name, how == DIARY_COPY_OF_ALL);
    if (result != SQLITE_OK) {
        remove_copies(diary);
        return diary_fail(diary, result);
    }
    struct diary *opened = diary_scratch_new(diary, copy_name, SQLITE_OPEN_READWRITE);
    if (opened == NULL) {
        remove_copies(diary);
        enum diary_health health = diary->health;
        if (health == DIARY_NO_MEMORY || health == DIARY_FULL || health == DIARY_BUSY ||
            ((health == DIARY_IO_ERROR || health == DIARY_READONLY) && diary_copy_may_wait(diary))) {
            return diary_health_error(diary->health);
        }
        diary->health = DIARY_GOOD;
    }
    *copy = opened;
    return 0;
}

void diary_copy_close(struct diary *diary, struct diary *copy) {
    diary_scratch_free(copy);
    remove_copies(diary);
}
