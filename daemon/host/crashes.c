// The file DIR/crashes holds the times of the last crashes, a line each, and the file DIR/running is there while a
// daemon runs or after it crashed.
#include "daemon/host/crashes.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

struct crashes {
    int64_t at_ms[CRASHES_MAX]; // oldest first
    int count;
};

static void path_of(const char *dir, const char *name, char path[PATH_MAX]) {
    snprintf(path, PATH_MAX, "%s/%s", dir, name);
}

static void add(struct crashes *crashes, int64_t at_ms) {
    if (crashes->count == CRASHES_MAX) {
        for (int i = 1; i < CRASHES_MAX; i++) {
            crashes->at_ms[i - 1] = crashes->at_ms[i];
        }
        crashes->count--;
    }
    crashes->at_ms[crashes->count++] = at_ms;
}

// Those of the last ten minutes.
static struct crashes read_crashes(const char *path, int64_t boot_ms) {
    struct crashes crashes = {.count = 0};
    FILE *file = fopen(path, "re");
    int64_t at_ms;
    while (file != NULL && fscanf(file, "%" SCNd64, &at_ms) == 1) {
        if (at_ms <= boot_ms && boot_ms - at_ms < CRASHES_WINDOW_MS) {
            add(&crashes, at_ms);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return crashes;
}

static int write_crashes(const char *path, const struct crashes *crashes) {
    FILE *file = fopen(path, "we");
    if (file == NULL) {
        return -errno;
    }
    for (int i = 0; i < crashes->count; i++) {
        fprintf(file, "%" PRId64 "\n", crashes->at_ms[i]);
    }
    return fclose(file) != 0 ? -errno : 0;
}

int crashes_begin(const char *dir, int64_t boot_ms) {
    char list[PATH_MAX], running[PATH_MAX];
    path_of(dir, "crashes", list);
    path_of(dir, "running", running);
    struct crashes crashes = read_crashes(list, boot_ms);
    int fd = open(running, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0640);
    if (fd >= 0) {
        close(fd);
        return crashes.count;
    }
    if (errno != EEXIST) {
        return -errno;
    }
    add(&crashes, boot_ms);
    int error = write_crashes(list, &crashes);
    return error < 0 ? error : crashes.count;
}

void crashes_end(const char *dir) {
    char running[PATH_MAX];
    path_of(dir, "running", running);
    unlink(running);
}
