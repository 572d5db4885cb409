// Where the diary lies: whether the file system under the state directory keeps what is written, and what lies beside
// the diary there.
#include "daemon/diary/inside.h"

#include <dirent.h>
#include <errno.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

// Those that linux/magic.h (6.1) lacks: statfs(2).
enum { RAMFS = 0x858458f6U, EROFS_MAGIC = 0xe0f5e1e2U, ISO9660 = 0x9660 };

static const struct {
    uint32_t magic;
    enum diary_place place;
} MAGICS[] = {
    {TMPFS_MAGIC, DIARY_PLACE_MEMORY},
    {RAMFS, DIARY_PLACE_MEMORY},
    {OVERLAYFS_SUPER_MAGIC, DIARY_PLACE_OVERLAY},
    {SQUASHFS_MAGIC, DIARY_PLACE_READONLY},
    {EROFS_MAGIC, DIARY_PLACE_READONLY},
    {ISO9660, DIARY_PLACE_READONLY},
};

// A directory that is still to be made will lie where the nearest one above it lies.
static int ask(const char *state_dir, struct statfs *status) {
    char *path = strdup(state_dir);
    int error = path == NULL ? -ENOMEM : 0;
    while (error == 0 && statfs(path, status) < 0) {
        char *slash = strrchr(path, '/');
        if (errno != ENOENT || slash == NULL || slash == path) {
            error = -errno;
        } else {
            *slash = '\0';
        }
    }
    free(path);
    return error;
}

// A file system that does not answer is taken for a lasting one: what is wrong with it shows when it is written to.
enum diary_place diary_place(const char *state_dir) {
    struct statfs status;
    if (ask(state_dir, &status) < 0) {
        return DIARY_PLACE_LASTING;
    }
    for (size_t i = 0; i < sizeof MAGICS / sizeof *MAGICS; i++) {
        if ((uint32_t)status.f_type == MAGICS[i].magic) {
            return MAGICS[i].place;
        }
    }
    return (status.f_flags & ST_RDONLY) != 0 ? DIARY_PLACE_READONLY : DIARY_PLACE_LASTING;
}

enum diary_health diary_place_health(const char *state_dir) {
    enum { FULL_BELOW_B = 64 * 1024 }; // what an evening writes
    struct statfs status;
    if (ask(state_dir, &status) < 0) {
        return DIARY_IO_ERROR;
    }
    if ((status.f_flags & ST_RDONLY) != 0) {
        return DIARY_READONLY;
    }
    return (uint64_t)status.f_bavail * (uint64_t)status.f_bsize < FULL_BELOW_B ? DIARY_FULL : DIARY_IO_ERROR;
}

const char *diary_place_sentence(enum diary_place place) {
    switch (place) {
    case DIARY_PLACE_LASTING:
        return NULL;
    case DIARY_PLACE_MEMORY:
        return "The state directory lies in memory: everything in it is lost when the power goes; put it on the card.";
    case DIARY_PLACE_OVERLAY:
        return "The state directory lies on an overlay, whose top is as a rule in memory: what is new is lost when the "
               "power goes; give it a partition of its own, or switch the overlay off.";
    case DIARY_PLACE_READONLY:
        return "The state directory lies on a file system that cannot be written: what is new is lost when the power "
               "goes; mount it for writing.";
    }
    return NULL;
}

// Who opens a FIFO waits for somebody at its other end. Behind a link may be a card that is not there for the moment.
int diary_check_kinds(struct diary *diary) {
    static const char *const names[] = {"diary.db", "diary.db-wal", "diary.db-journal", "diary.db-shm"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[DIARY_PATH_SIZE];
        struct stat status;
        diary_path_beside(diary, names[i], path);
        if (lstat(path, &status) == 0 && !S_ISREG(status.st_mode)) {
            diary->health = DIARY_DAMAGED;
            return -EINVAL;
        }
    }
    return 0;
}

// Whether SQLite keeps the file beside one that is there, too: of a damaged diary the log may be all that is left.
static bool belongs_to_another(int directory, const char *name) {
    static const char *const endings[] = {"-wal", "-journal", "-shm"};
    char base[DIARY_NAME_BESIDE_SIZE];
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t length = strlen(name), tail = strlen(endings[i]);
        if (length > tail && strcmp(name + length - tail, endings[i]) == 0) {
            snprintf(base, sizeof base, "%.*s", (int)(length - tail), name);
            return i > 0 || faccessat(directory, base, F_OK, 0) == 0;
        }
    }
    return false;
}

int diary_look_beside(const char *state_dir, struct diary_beside *beside) {
    struct diary_beside found = {0};
    DIR *listing = opendir(state_dir);
    if (listing == NULL) {
        return -errno;
    }
    const struct dirent *entry;
    while ((entry = readdir(listing)) != NULL) {
        const char *name = entry->d_name;
        int number, end = 0;
        if (sscanf(name, "diary.backup-%d.db%n", &number, &end) == 1 && end > 0 && name[end] == '\0') {
            found.backups++;
        } else if (strncmp(name, DIARY_DAMAGED_NAME, strlen(DIARY_DAMAGED_NAME)) == 0 &&
                   !belongs_to_another(dirfd(listing), name)) {
            found.quarantined++;
        } else if (strncmp(name, DIARY_MENDING_NAME, strlen(DIARY_MENDING_NAME)) == 0) {
            found.remains = true;
        }
    }
    struct stat log;
    if (fstatat(dirfd(listing), "diary.db-wal", &log, 0) == 0 && log.st_size > 0) {
        found.remains = found.remains || faccessat(dirfd(listing), "diary.db", F_OK, 0) < 0;
    }
    closedir(listing);
    *beside = found;
    return 0;
}

bool diary_is_missing(const char *state_dir, char *sentence, size_t sentence_size) {
    char path[PATH_MAX];
    struct stat status;
    struct diary_beside beside = {0};
    snprintf(path, sizeof path, "%s/diary.db", state_dir);
    bool gone = lstat(path, &status) < 0 ? errno == ENOENT : S_ISREG(status.st_mode) && status.st_size == 0;
    if (!gone || diary_look_beside(state_dir, &beside) != 0 || (beside.backups == 0 && !beside.remains)) {
        return false;
    }
    if (beside.backups > 0) {
        snprintf(sentence, sentence_size,
                 "The diary is missing, and its %d backup%s there: start karani.service anew, which restores the "
                 "newest.",
                 beside.backups, beside.backups == 1 ? " is" : "s are");
    } else {
        snprintf(sentence, sentence_size,
                 "The diary is missing, and what remains of it is there: start karani.service anew, which brings back "
                 "what it can.");
    }
    return true;
}
