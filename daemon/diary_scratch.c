// Files beside the diary, opened as connections of their own: a diary in the making, a copy that is searched.
#include "daemon/diary_file.h"
#include "daemon/diary_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *diary_path_beside(const struct diary *diary, const char *name) {
    char *path;
    return asprintf(&path, "%s/%s", diary->state_dir, name) < 0 ? NULL : path;
}

// What is in it is thrown away after a crash, and synced as a whole when it is done: until then syncs would wear the
// card for nothing. Its WAL needs no index in a file.
static int open_scratch(struct diary *scratch, int flags) {
    int error = diary_open_file(scratch, scratch->path, flags | SQLITE_OPEN_NOFOLLOW, scratch->vfs);
    return error == 0 ? diary_run(scratch, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = OFF;"
                                           "PRAGMA temp_store = MEMORY")
                      : error;
}

struct diary *diary_scratch_new(struct diary *beside, const char *name, int flags) {
    struct diary *scratch = calloc(1, sizeof *scratch);
    if (scratch == NULL) {
        diary_refuse(beside, DIARY_NO_MEMORY);
        return NULL;
    }
    scratch->scratch = true;
    scratch->state_dir = strdup(beside->state_dir);
    scratch->vfs = beside->vfs == NULL ? NULL : strdup(beside->vfs);
    scratch->path = diary_path_beside(beside, name);
    bool complete =
        scratch->state_dir != NULL && scratch->path != NULL && (beside->vfs == NULL || scratch->vfs != NULL);
    if (!complete) {
        scratch->health = DIARY_NO_MEMORY;
    } else if (open_scratch(scratch, flags) == 0) {
        return scratch;
    }
    diary_refuse(beside, scratch->health);
    diary_scratch_free(scratch);
    return NULL;
}

void diary_scratch_free(struct diary *scratch) {
    if (scratch == NULL) {
        return;
    }
    diary_forget_statements(scratch);
    sqlite3_close(scratch->db);
    scratch->db = NULL;
    diary_abandon(scratch);
}

int diary_remove_beside(struct diary *diary, const char *name) {
    char *path = diary_path_beside(diary, name);
    int result = path == NULL ? SQLITE_NOMEM : diary_file_remove(diary->vfs, path);
    free(path);
    return result == SQLITE_OK ? 0 : diary_fail(diary, result);
}

int diary_move_beside(struct diary *diary, const char *from, const char *to) {
    char *old = diary_path_beside(diary, from);
    char *new = diary_path_beside(diary, to);
    int result = old == NULL || new == NULL ? SQLITE_NOMEM : diary_file_rename(diary->vfs, old, new);
    free(old);
    free(new);
    return result == SQLITE_OK ? 0 : diary_fail(diary, result);
}

int diary_sync_beside(struct diary *diary, const char *name) {
    char *path = diary_path_beside(diary, name);
    int result = path == NULL ? SQLITE_NOMEM : diary_file_sync_directory(diary->vfs, path);
    free(path);
    return result == SQLITE_OK ? 0 : diary_fail(diary, result);
}
