// The doctor looks at who may use what: the state directory's owner, who the device runs as, and who asks.
#include "daemon/ctl/doctor/doctor.h"

#include "daemon/settings/board.h"
#include "daemon/settings/setup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// Of the state directory.
struct owner {
    uid_t uid;
    gid_t gid;
    char name[64];
};

// What is to be written, or is read at least, as the bits of a mode: `lock` is karanictl's and the daemon's.
static int mode_wanted(const char *name) {
    static const char *const written[] = {"diary.db", "diary.db-wal", "diary.db-shm", "diary.db-journal", "lock"};
    for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
        if (strcmp(name, written[i]) == 0) {
            return R_OK | W_OK;
        }
    }
    return strncmp(name, "diary.", strlen("diary.")) == 0 ? R_OK : 0;
}

// By its mode alone, as the owner would meet it who is not who asks.
static bool owner_may(const struct owner *owner, const struct stat *status, int mode) {
    mode_t given = status->st_uid == owner->uid   ? status->st_mode >> 6
                   : status->st_gid == owner->gid ? status->st_mode >> 3
                                                  : status->st_mode;
    return owner->uid == 0 || (given & (mode_t)mode) == (mode_t)mode;
}

static struct owner find_owner(const struct stat *status) {
    struct owner owner = {.uid = status->st_uid, .gid = status->st_gid};
    const struct passwd *entry = getpwuid(owner.uid);
    if (entry != NULL) {
        snprintf(owner.name, sizeof owner.name, "%s", entry->pw_name);
    } else {
        snprintf(owner.name, sizeof owner.name, "%u", (unsigned)owner.uid);
    }
    return owner;
}

static bool is_refused(int directory, const char *name, int mode) {
    return faccessat(directory, name, mode, 0) < 0 && errno == EACCES;
}

// Corrections go to a daemon that runs.
static int own_mode(const struct patient *patient, int mode) {
    return patient->status != NULL ? mode & ~W_OK : mode;
}

static void look_at_file(const struct patient *patient, int directory, const char *name, const struct owner *owner,
                         struct finding *finding) {
    const char *state_dir = patient->ctl->state_dir;
    struct stat status;
    int mode = mode_wanted(name);
    if (mode == 0 || fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(status.st_mode)) {
        return; // of what is no file, the part that is the diary tells
    }
    const char *use = (mode & W_OK) != 0 ? "read and write" : "read";
    if (!owner_may(owner, &status, mode)) {
        if (status.st_uid == owner->uid) {
            finding_set(finding, "%s, who owns it, may not %s %s/%s: sudo chmod u+rw %s/%s mends that.", owner->name,
                        use, state_dir, name, state_dir, name);
        } else {
            finding_set(finding, "%s, who owns the directory, may not %s %s/%s: sudo chown -R %s %s mends that.",
                        owner->name, use, state_dir, name, owner->name, state_dir);
        }
    } else if (is_refused(directory, name, own_mode(patient, mode))) {
        finding_set(finding, "You may not %s %s/%s: run karanictl with sudo.", use, state_dir, name);
    }
}

static void look_at_files(const struct patient *patient, const struct owner *owner, struct finding *finding) {
    DIR *listing = opendir(patient->ctl->state_dir);
    const struct dirent *entry;
    while (listing != NULL && (entry = readdir(listing)) != NULL) {
        look_at_file(patient, dirfd(listing), entry->d_name, owner, finding);
    }
    if (listing != NULL) {
        closedir(listing);
    }
}

static void look_at_directory(const struct patient *patient, struct finding *finding) {
    const char *state_dir = patient->ctl->state_dir;
    struct stat status;
    if (stat(state_dir, &status) < 0) {
        if (errno == EACCES) {
            finding_set(finding, "You may not look for %s: run karanictl with sudo.", state_dir);
        }
        return; // of what is not there, the part that is the storage tells
    }
    if (!S_ISDIR(status.st_mode)) {
        return;
    }
    const struct owner owner = find_owner(&status);
    if (!owner_may(&owner, &status, R_OK | W_OK | X_OK)) {
        finding_set(finding, "%s, who owns %s, may not read and write there: sudo chmod u+rwx %s mends that.",
                    owner.name, state_dir, state_dir);
    }
    if (is_refused(AT_FDCWD, state_dir, R_OK | X_OK)) {
        finding_set(finding, "You may not read %s, which belongs to %s: run karanictl with sudo.", state_dir,
                    owner.name);
    }
    look_at_files(patient, &owner, finding);
    if (is_refused(AT_FDCWD, state_dir, own_mode(patient, R_OK | W_OK | X_OK))) {
        finding_set(finding, "You may not write to %s, which belongs to %s: correct the diary with sudo.", state_dir,
                    owner.name);
    }
}

static void look_at_device(const char *path, struct finding *finding) {
    if (access(path, R_OK | W_OK) < 0 && errno != ENOENT) {
        finding_set(finding, "You may not use %s (%s): run karanictl with sudo.", path, strerror(errno));
    }
}

void doctor_permissions(const struct patient *patient, struct finding *finding) {
    look_at_directory(patient, finding);
    if (patient->setup != NULL) {
        look_at_device(patient->setup->board->spidev, finding);
    }
    look_at_device("/dev/gpiochip0", finding);
}
