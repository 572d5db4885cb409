// flock(2) on a file of its own; a link in the runtime directory.
#include "daemon/linux/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

const char *lock_runtime_dir(void) {
    const char *dir = getenv("RUNTIME_DIRECTORY");
    return dir != NULL && *dir == '/' ? dir : "/run/karani";
}

// A note is always so many bytes, written over those that are there and never cut off before: that takes no new block,
// and a full card has none.
enum { NOTE_B = sizeof((struct sockaddr_un *)0)->sun_path };

// For a note that is to come when the card may be full; where it is so already, there is none to be had.
static void make_room(int lock) {
    static const char nothing[NOTE_B];
    struct stat status;
    if (fstat(lock, &status) == 0 && status.st_size < NOTE_B) {
        (void)!pwrite(lock, nothing, sizeof nothing, 0);
    }
}

int lock_take(const char *dir) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/lock", dir);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0) {
        return -errno;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
        make_room(fd);
        return fd;
    }
    int error = -errno;
    close(fd);
    return error;
}

int lock_note(int lock, const char *line) {
    char note[NOTE_B] = "";
    if (strlen(line) >= sizeof note) {
        return -ENAMETOOLONG;
    }
    snprintf(note, sizeof note, "%s", line);
    ssize_t written = pwrite(lock, note, sizeof note, 0);
    return written < 0 ? -errno : (size_t)written == sizeof note ? 0 : -EIO;
}

int lock_read_note(const char *dir, char *line, size_t size) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/lock", dir);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return errno == ENOENT ? -ESRCH : -errno;
    }
    bool held = flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
    ssize_t got = held ? read(fd, line, size - 1) : 0;
    int error = got < 0 ? -errno : held ? 0 : -ESRCH;
    close(fd);
    if (error == 0) {
        line[got] = '\0';
    }
    return error;
}

static void link_path(const char *runtime_dir, char path[PATH_MAX]) {
    snprintf(path, PATH_MAX, "%s/state", runtime_dir);
}

int lock_point(const char *runtime_dir, const char *state_dir) {
    char path[PATH_MAX], target[PATH_MAX];
    link_path(runtime_dir, path);
    if (realpath(state_dir, target) == NULL || (unlink(path) < 0 && errno != ENOENT)) {
        return -errno;
    }
    return symlink(target, path) < 0 ? -errno : 0;
}

void lock_point_no_more(const char *runtime_dir) {
    char path[PATH_MAX];
    link_path(runtime_dir, path);
    unlink(path);
}

bool lock_points(const char *runtime_dir, const char *state_dir) {
    char path[PATH_MAX];
    struct stat pointed, wanted;
    link_path(runtime_dir, path);
    return stat(path, &pointed) == 0 && stat(state_dir, &wanted) == 0 && pointed.st_dev == wanted.st_dev &&
           pointed.st_ino == wanted.st_ino;
}
