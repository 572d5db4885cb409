// Files beside the diary, opened as connections of their own: a diary in the making, a copy that is searched.
#include "daemon/diary/file.h"
#include "daemon/diary/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void diary_path_beside(const struct diary *diary, const char *name, char path[DIARY_PATH_SIZE]) {
    snprintf(path, DIARY_PATH_SIZE, "%s/%s", diary->state_dir, name);
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
    if (asprintf(&scratch->path, "%s/%s", beside->state_dir, name) < 0) {
        scratch->path = NULL;
    }
    bool complete =
        scratch->state_dir != NULL && scratch->path != NULL && (beside->vfs == NULL || scratch->vfs != NULL);
    if (!complete) {
        scratch->health = DIARY_NO_MEMORY;
    } else if (open_scratch(scratch, flags) == 0) {
        return scratch;
    }
    bool of_card = scratch->db != NULL && scratch->health == DIARY_DAMAGED && diary_card_has_failed(scratch);
    diary_refuse(beside, of_card ? DIARY_IO_ERROR : scratch->health);
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

int diary_size_beside(struct diary *diary, const char *name, int64_t *size) {
    char path[DIARY_PATH_SIZE];
    int64_t found = 0;
    diary_path_beside(diary, name, path);
    int result = diary_file_exists(path) ? diary_file_size(diary->vfs, path, &found) : SQLITE_OK;
    if (result != SQLITE_OK) {
        return diary_fail(diary, result);
    }
    *size = found;
    return 0;
}

int diary_remove_beside(struct diary *diary, const char *name) {
    char path[DIARY_PATH_SIZE];
    diary_path_beside(diary, name, path);
    int result = diary_file_remove(diary->vfs, path);
    return result == SQLITE_OK ? 0 : diary_fail(diary, result);
}

int diary_move_beside(struct diary *diary, const char *from, const char *to) {
    char old[DIARY_PATH_SIZE], new[DIARY_PATH_SIZE];
    diary_path_beside(diary, from, old);
    diary_path_beside(diary, to, new);
    int result = diary_file_rename(diary->vfs, old, new);
    return result == SQLITE_OK ? 0 : diary_fail(diary, result);
}

int diary_sync_beside(struct diary *diary, const char *name) {
    char path[DIARY_PATH_SIZE];
    diary_path_beside(diary, name, path);
    int result = diary_file_sync_directory(diary->vfs, path);
    return result == SQLITE_OK ? 0 : diary_fail(diary, result);
}
