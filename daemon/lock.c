// flock(2) on a file of its own.
#include "daemon/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

const char *lock_runtime_dir(void) {
    const char *dir = getenv("RUNTIME_DIRECTORY");
    return dir != NULL && *dir == '/' ? dir : "/run/karani";
}

int lock_take(const char *dir) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/lock", dir);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0)
        return -errno;
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    int result = -errno;
    close(fd);
    return result;
}

int lock_note(int lock, const char *line) {
    if (ftruncate(lock, 0) < 0)
        return -errno;
    size_t length = strlen(line);
    ssize_t written = pwrite(lock, line, length, 0);
    return written < 0 ? -errno : (size_t)written == length ? 0 : -EIO;
}

int lock_read_note(const char *dir, char *line, size_t size) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/lock", dir);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? -ESRCH : -errno;
    bool held = flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
    ssize_t got = held ? read(fd, line, size - 1) : 0;
    int result = got < 0 ? -errno : held ? 0 : -ESRCH;
    close(fd);
    if (result == 0)
        line[got] = '\0';
    return result;
}
