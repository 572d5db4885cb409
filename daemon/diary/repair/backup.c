// Copies of the diary: the backups beside it, and the owner's. A copy is whole, checked and on the card before it takes
// a name that anybody looks for.
//
// VACUUM INTO does not sync what it writes, and leaves half a file when it is interrupted
// (https://sqlite.org/lang_vacuum.html): hence a name of its own, then opened and checked, synced, renamed, and the
// directory synced.
#include "daemon/diary/file.h"
#include "daemon/diary/inside.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char making[] = "diary.backup.tmp";

enum { LOOK_FLAGS = SQLITE_OPEN_READONLY };

void diary_backup_name(int number, char name[DIARY_BACKUP_NAME_SIZE]) {
    snprintf(name, DIARY_BACKUP_NAME_SIZE, "diary.backup-%d.db", number);
}

static int vacuum_into(struct diary *diary, const char *path) {
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_prepare_v2(diary->db, "VACUUM INTO ?1", -1, &statement, NULL);
    if (result == SQLITE_OK) {
        sqlite3_bind_text(statement, 1, path, -1, SQLITE_STATIC);
        result = sqlite3_step(statement);
    }
    sqlite3_finalize(statement);
    return result == SQLITE_DONE ? 0 : diary_fail(diary, result);
}

// Whether a file is a whole diary, of this version or an older one. The files of backups have no WAL.
static int check_copy(struct diary *copy) {
    bool is_new;
    int error = diary_identify(copy, &is_new);
    if (error == 0 && is_new) {
        error = diary_refuse(copy, DIARY_DAMAGED);
    }
    return error == 0 ? diary_check_whole(copy, INT64_MAX) : error;
}

int diary_check_backup(struct diary *diary, const char *name) {
    enum diary_health health = diary->health;
    struct diary *copy = diary_scratch_new(diary, name, LOOK_FLAGS);
    int error = copy == NULL ? diary_health_error(diary->health) : check_copy(copy);
    diary_scratch_free(copy);
    diary->health = health;
    return error;
}

bool diary_has_backup(const struct diary *diary, int number) {
    char name[DIARY_BACKUP_NAME_SIZE], path[DIARY_PATH_SIZE];
    diary_backup_name(number, name);
    diary_path_beside(diary, name, path);
    return diary_file_exists(path);
}

int diary_find_backup(struct diary *diary, int *number) {
    for (int n = *number; n <= DIARY_BACKUPS_MAX; n++) {
        char name[DIARY_BACKUP_NAME_SIZE];
        diary_backup_name(n, name);
        if (!diary_has_backup(diary, n)) {
            continue;
        }
        int error = diary_check_backup(diary, name);
        if (error == -EIO) {
            error = diary_check_backup(diary, name); // once is no reason to go back to an older one
        }
        if (error == 0) {
            *number = n;
            return 0;
        }
        if (error == -ENOMEM) {
            return error;
        }
    }
    return -ENOENT;
}

// From the oldest on, so that whenever it ends no copy but the oldest is gone. A gap takes up the one before it.
static int move_on(struct diary *diary, int keep) {
    int last = 1;
    while (last < keep && diary_has_backup(diary, last)) {
        last++;
    }
    for (int n = last; n > 1; n--) {
        char from[DIARY_BACKUP_NAME_SIZE], to[DIARY_BACKUP_NAME_SIZE];
        diary_backup_name(n - 1, from);
        diary_backup_name(n, to);
        int error = diary_has_backup(diary, n - 1) ? diary_move_beside(diary, from, to) : 0;
        if (error != 0) {
            return error;
        }
    }
    return 0;
}

static int remove_surplus(struct diary *diary, int keep) {
    int error = 0;
    for (int n = keep + 1; n <= DIARY_BACKUPS_MAX && error == 0; n++) {
        char name[DIARY_BACKUP_NAME_SIZE];
        diary_backup_name(n, name);
        error = diary_has_backup(diary, n) ? diary_remove_beside(diary, name) : 0;
    }
    return error;
}

static int write_copy(struct diary *diary, const char *path) {
    int error = vacuum_into(diary, path);
    if (error == 0) {
        int result = diary_file_sync(diary->vfs, path);
        error = result == SQLITE_OK ? 0 : diary_fail(diary, result);
    }
    return error;
}

static int take_newest_place(struct diary *diary, int keep) {
    char newest[DIARY_BACKUP_NAME_SIZE];
    diary_backup_name(1, newest);
    int error = move_on(diary, keep);
    if (error == 0) {
        error = diary_move_beside(diary, making, newest);
    }
    if (error == 0) {
        error = diary_sync_beside(diary, newest);
    }
    return error;
}

int diary_make_backup(struct diary *diary, int keep) {
    char path[DIARY_PATH_SIZE];
    diary_path_beside(diary, making, path);
    int error = diary_remove_beside(diary, making);
    if (error == 0) {
        error = write_copy(diary, path);
    }
    if (error == 0) {
        error = diary_check_backup(diary, making);
    }
    error = error == 0 ? take_newest_place(diary, keep) : error;
    if (error == 0) {
        error = remove_surplus(diary, keep);
    }
    if (error != 0) {
        diary_file_remove(diary->vfs, path);
    }
    return error;
}

// ---- a copy for the owner ----

// The path with its directory resolved, so that VACUUM INTO takes it for no URI; malloc'd.
static char *resolve_target(const char *path) {
    const char *slash = strrchr(path, '/');
    char *directory = slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
    char *real = directory == NULL ? NULL : realpath(directory, NULL);
    char *resolved = NULL;
    if (real != NULL && asprintf(&resolved, "%s/%s", real, slash == NULL ? path : slash + 1) < 0) {
        resolved = NULL;
    }
    free(real);
    free(directory);
    return resolved;
}

// Names of the diary's own files, in whatever state directory; in its own, all that Karani gives (the backups' are the
// owner's to give, too). A diary may be laid where there is none, and no log of another one.
static bool is_own_name(const struct diary *diary, const char *target) {
    static const char own[] = "diary.db";
    const char *name = strrchr(target, '/') + 1;
    char log[PATH_MAX];
    size_t length = strlen(diary->state_dir);
    bool beside = strncmp(target, diary->state_dir, length) == 0 && target + length + 1 == name;
    if (strcmp(name, own) == 0) {
        snprintf(log, sizeof log, "%s-wal", target);
        return beside || diary_file_exists(target) || diary_file_exists(log);
    }
    return strncmp(name, "diary.db-", strlen("diary.db-")) == 0 || strcmp(name, "lock") == 0 ||
           (beside && (strcmp(name, making) == 0 || strncmp(name, "diary.db.", strlen("diary.db.")) == 0));
}

// Nothing is there, or nothing is in it, or an older backup (a file of Karani's that is not the diary itself).
static int may_replace(const struct diary *diary, const char *target) {
    enum { APPLICATION_ID_AT = 68 };
    struct stat status, own;
    unsigned char id[4];
    if (is_own_name(diary, target)) {
        return -ENOTUNIQ;
    }
    if (lstat(target, &status) < 0) {
        return errno == ENOENT ? 0 : -errno;
    }
    if (S_ISDIR(status.st_mode)) {
        return -EISDIR;
    }
    if (S_ISREG(status.st_mode) && status.st_size == 0) {
        return 0;
    }
    bool is_diary = stat(diary->path, &own) == 0 && own.st_dev == status.st_dev && own.st_ino == status.st_ino;
    if (!S_ISREG(status.st_mode) || is_diary ||
        diary_file_read(NULL, target, id, sizeof id, APPLICATION_ID_AT) != SQLITE_OK) {
        return -EEXIST;
    }
    uint32_t got = (uint32_t)id[0] << 24 | (uint32_t)id[1] << 16 | (uint32_t)id[2] << 8 | id[3];
    return got == DIARY_APPLICATION_ID ? 0 : -EEXIST;
}

static int check_owners(const char *path) {
    struct diary copy = {.path = (char *)(uintptr_t)path, .scratch = true};
    int error = diary_open_file(&copy, path, LOOK_FLAGS | SQLITE_OPEN_NOFOLLOW, NULL);
    if (error == 0) {
        error = check_copy(&copy);
    }
    if (error == -ENOTSUP) {
        error = diary_check(&copy); // of a newer diary only the structure is known
    }
    diary_disconnect(&copy);
    return error;
}

// The names of the system's own errors stay: they are the owner's disk's, not the card's.
static int copy_to(struct diary *diary, char *beside, const char *target) {
    int fd = mkstemp(beside);
    if (fd < 0) {
        return -errno;
    }
    close(fd);
    int error = vacuum_into(diary, beside);
    if (error == 0) {
        error = check_owners(beside);
    }
    if (error == 0 &&
        (diary_file_sync(NULL, beside) != SQLITE_OK || diary_file_rename(NULL, beside, target) != SQLITE_OK ||
         diary_file_sync_directory(NULL, target) != SQLITE_OK)) {
        error = -EIO;
    }
    if (error != 0) {
        unlink(beside);
    }
    return error;
}

int diary_backup(struct diary *diary, const char *path) {
    if (diary->db == NULL) {
        return -ENODATA;
    }
    if (*path == '\0' || path[strlen(path) - 1] == '/') {
        return -EISDIR;
    }
    char *target = resolve_target(path);
    char *beside = NULL;
    int error = target == NULL ? -errno : may_replace(diary, target);
    if (error == 0 && asprintf(&beside, "%s.XXXXXX", target) < 0) {
        beside = NULL;
        error = -ENOMEM;
    }
    if (error == 0) {
        error = copy_to(diary, beside, target);
    }
    free(beside);
    free(target);
    return error;
}
