// Makes and removes the simulator's directories.
#include "daemon/sim/dirs.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ROOM_MODE = 0700, OPEN_FILES_MAX = 16 };

static int make_one(const char *path) {
    struct stat status;

    if (mkdir(path, ROOM_MODE) == 0) {
        return 0;
    }
    int error = errno;

    if (stat(path, &status) == 0) {
        return S_ISDIR(status.st_mode) ? 0 : -ENOTDIR;
    }
    return -error;
}

int dirs_make(const char *path) {
    char *part = strdup(path);
    int error = part != NULL ? 0 : -ENOMEM;

    for (char *slash = part; error == 0 && slash != NULL;) {
        slash = strchr(slash + 1, '/');
        if (slash != NULL) {
            *slash = '\0';
        }
        error = make_one(part);
        if (slash != NULL) {
            *slash = '/';
        }
    }
    free(part);
    return error;
}

char *dirs_make_temporary(void) {
    char *path = strdup("/tmp/karani-sim.XXXXXX");

    if (path != NULL && mkdtemp(path) == NULL) {
        free(path);
        path = NULL;
    }
    return path;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *ftw) {
    (void)status;
    (void)type;
    (void)ftw;
    remove(path);
    return 0;
}

void dirs_throw_away(const char *path) {
    if (path != NULL) {
        nftw(path, remove_one, OPEN_FILES_MAX, FTW_DEPTH | FTW_PHYS);
    }
}

char *dirs_find_state(void) {
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    char *path = NULL;

    // The specification has relative paths ignored.
    if (state != NULL && state[0] == '/') {
        return asprintf(&path, "%s/karani", state) < 0 ? NULL : path;
    }
    if (home == NULL || home[0] == '\0') {
        return NULL;
    }
    return asprintf(&path, "%s/.local/state/karani", home) < 0 ? NULL : path;
}
