// The system calls of SQLite's unix VFS, failing where the plan says so: those that it lets others replace
// (https://sqlite.org/c3ref/vfs.html, xSetSystemCall) and fsync(2) and fdatasync(2), which the program's own
// definitions stand in for.
#include "tests/fault/fault.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// What the point answers as the system does: −1 and errno.
static bool fails(enum fault_point point) {
    int fault = fault_meet(point);
    if (fault != 0) {
        errno = fault;
    }
    return fault != 0;
}

typedef int open_directory(const char *path, int *fd);
static open_directory *real_open_directory; // SQLite's own; the others are the C library's

static int failing_open(const char *path, int flags, int mode) {
    return fails(FAULT_SYSTEM_OPEN) ? -1 : open(path, flags, mode);
}

static int failing_open_directory(const char *path, int *fd) {
    return fails(FAULT_SYSTEM_OPEN_DIRECTORY) ? SQLITE_CANTOPEN : real_open_directory(path, fd);
}

static int failing_stat(const char *path, struct stat *status) {
    return fails(FAULT_SYSTEM_STAT) ? -1 : stat(path, status);
}

static int failing_fstat(int fd, struct stat *status) {
    return fails(FAULT_SYSTEM_STAT) ? -1 : fstat(fd, status);
}

static ssize_t failing_pread(int fd, void *to, size_t size, off_t at) {
    return fails(FAULT_SYSTEM_READ) ? -1 : pread(fd, to, size, at);
}

static ssize_t failing_pwrite(int fd, const void *bytes, size_t size, off_t at) {
    int fault = fault_meet(FAULT_SYSTEM_WRITE);
    if (fault == FAULT_SHORT) {
        return pwrite(fd, bytes, size > 1 ? size / 2 : size, at);
    }
    errno = fault != 0 ? fault : errno;
    return fault != 0 ? -1 : pwrite(fd, bytes, size, at);
}

static int failing_ftruncate(int fd, off_t size) {
    return fails(FAULT_SYSTEM_TRUNCATE) ? -1 : ftruncate(fd, size);
}

// Locks are asked for by fcntl(2); letting go of one does not fail.
static int failing_fcntl(int fd, int command, ...) {
    va_list arguments;
    va_start(arguments, command);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    bool locks = command == F_SETLK && ((const struct flock *)argument)->l_type != F_UNLCK;
    return locks && fails(FAULT_SYSTEM_LOCK) ? -1 : fcntl(fd, command, argument);
}

static void *failing_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset) {
    return fails(FAULT_SYSTEM_MAP) ? MAP_FAILED : mmap(at, size, protection, flags, fd, offset);
}

static int failing_unlink(const char *path) {
    return fails(FAULT_SYSTEM_UNLINK) ? -1 : unlink(path);
}

int fdatasync(int fd) {
    return fails(FAULT_SYSTEM_SYNC) ? -1 : (int)syscall(SYS_fdatasync, fd);
}

int fsync(int fd) {
    return fails(FAULT_SYSTEM_SYNC) ? -1 : (int)syscall(SYS_fsync, fd);
}

int fault_install_system(void) {
    // SQLite uses one name of each pair, by how it was built; both take the same arguments here.
    const struct {
        const char *name;
        sqlite3_syscall_ptr replacement;
    } CALLS[] = {
        {"open", (sqlite3_syscall_ptr)failing_open},
        {"openDirectory", (sqlite3_syscall_ptr)failing_open_directory},
        {"stat", (sqlite3_syscall_ptr)failing_stat},
        {"fstat", (sqlite3_syscall_ptr)failing_fstat},
        {"pread", (sqlite3_syscall_ptr)failing_pread},
        {"pread64", (sqlite3_syscall_ptr)failing_pread},
        {"pwrite", (sqlite3_syscall_ptr)failing_pwrite},
        {"pwrite64", (sqlite3_syscall_ptr)failing_pwrite},
        {"ftruncate", (sqlite3_syscall_ptr)failing_ftruncate},
        {"fcntl", (sqlite3_syscall_ptr)failing_fcntl},
        {"mmap", (sqlite3_syscall_ptr)failing_mmap},
        {"unlink", (sqlite3_syscall_ptr)failing_unlink},
    };
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
    if (vfs == NULL) {
        return -1;
    }
    real_open_directory = (open_directory *)vfs->xGetSystemCall(vfs, "openDirectory");
    for (size_t i = 0; i < sizeof CALLS / sizeof *CALLS; i++) {
        if (vfs->xGetSystemCall(vfs, CALLS[i].name) != NULL &&
            vfs->xSetSystemCall(vfs, CALLS[i].name, CALLS[i].replacement) != SQLITE_OK) {
            return -1;
        }
    }
    return 0;
}
