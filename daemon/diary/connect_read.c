// Opens the diary for reading alone, and leaves no trace of that.
#include "daemon/diary/file.h"
#include "daemon/diary/inside.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

// A "file:" name with parameters, by the rules of https://sqlite.org/uri.html section 3.
static char *uri_of(const char *path, const char *parameters) {
    size_t room = strlen("file:") + 3 * strlen(path) + strlen(parameters) + 2;
    char *uri = malloc(room);
    if (uri == NULL) {
        return NULL;
    }
    char *end = uri + sprintf(uri, "file:");
    for (const char *c = path; *c != '\0'; c++) {
        end += sprintf(end, strchr("?#%", *c) != NULL ? "%%%02X" : "%c", (unsigned char)*c);
    }
    sprintf(end, "?%s", parameters);
    return uri;
}

static bool lies_beside(const struct diary *diary, const char *name) {
    char path[DIARY_PATH_SIZE];
    diary_path_beside(diary, name, path);
    return diary_file_exists(path);
}

static int open_reading(struct diary *diary, const char *parameters, const char *vfs, bool private_index) {
    char *uri = uri_of(diary->path, parameters);
    if (uri == NULL) {
        return diary_refuse(diary, DIARY_NO_MEMORY);
    }
    int error = diary_open_file(diary, uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOFOLLOW, vfs);
    free(uri);
    if (error == 0 && private_index) {
        error = diary_run(diary, "PRAGMA locking_mode = EXCLUSIVE");
    }
    bool is_new = false;
    if (error == 0) {
        error = diary_identify(diary, &is_new);
    }
    if (is_new) {
        diary_disconnect(diary); // nothing in it yet: empty, like a missing one
    }
    return error;
}

// Three cases, so that neither a byte nor a directory entry changes (https://sqlite.org/wal.html, "Read-Only
// Databases"):
// - no WAL: immutable=1, since a plain read-only open would make a -wal and a -shm;
// - a WAL without its index (after a power cut): the index is kept in this process's memory, which SQLite does under
//   locking_mode=EXCLUSIVE; "unix-none" because a lock for writing cannot be had on a file open for reading;
// - both: through them, as a guest of the daemon; readonly_shm=1 leaves an index without owner as it is. While its
//   owner is just starting, SQLite may answer that the index cannot be used read-only; it is the owner's then, and a
//   plain read-only open may wait for it and write to it.
int diary_connect_read(struct diary *diary) {
    diary_disconnect(diary);
    diary->health = DIARY_GOOD;
    int kind = diary_check_kinds(diary);
    if (kind != 0) {
        return kind;
    }
    struct stat status;
    if (stat(diary->path, &status) < 0) {
        if (errno == ENOENT) {
            return 0;
        }
        int error = -errno;
        diary->health = error == -EACCES ? DIARY_READONLY : DIARY_IO_ERROR;
        return error;
    }
    if (!lies_beside(diary, "diary.db-wal")) {
        return open_reading(diary, "immutable=1", diary->vfs, false);
    }
    if (diary->vfs != NULL || !lies_beside(diary, "diary.db-shm")) {
        return open_reading(diary, "mode=ro", diary->vfs != NULL ? diary->vfs : "unix-none", true);
    }
    int error = open_reading(diary, "readonly_shm=1", NULL, false);
    if (error == 0 || diary->db == NULL || (sqlite3_extended_errcode(diary->db) & 0xff) != SQLITE_READONLY) {
        return error;
    }
    diary_disconnect(diary);
    diary->health = DIARY_GOOD;
    return open_reading(diary, "mode=ro", NULL, false);
}

int diary_map(struct diary *diary) {
    assert(diary->for_reading); // the daemon outlives an error of its card
    return diary->db == NULL ? 0 : diary_run(diary, "PRAGMA mmap_size = 67108864"); // 500 years of evenings
}
