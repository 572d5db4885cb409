// A VFS over the default one whose calls fail where the plan says so.
#include "daemon/sim/storage/vfs_shim.h"
#include "tests/fault/fault.h"

#include <sqlite3.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

struct failing_file {
    struct passing_file passing;
    ino_t inode;
};

static struct {
    ino_t inode; // 0: none
    int64_t from, to;
} lost;

static sqlite3_vfs failing_vfs;
static sqlite3_io_methods failing_methods;
static sqlite3_vfs *real_vfs;

// A read that ends early gives zeros for the rest.
static int file_read(sqlite3_file *base, void *to, int size, sqlite3_int64 at) {
    int fault = fault_meet(FAULT_VFS_READ);
    if (((struct failing_file *)base)->inode == lost.inode && at < lost.to && at + size > lost.from) {
        fault = SQLITE_IOERR_CORRUPTFS; // as SQLite's own says of EIO
    }
    if (fault == 0) {
        return PASSING_METHODS.xRead(base, to, size, at);
    }
    memset(to, 0, (size_t)size);
    if (fault == SQLITE_IOERR_SHORT_READ) {
        PASSING_METHODS.xRead(base, to, size / 2, at);
    }
    return fault;
}

static int file_write(sqlite3_file *base, const void *bytes, int size, sqlite3_int64 at) {
    int fault = fault_meet(FAULT_VFS_WRITE);
    return fault != 0 ? fault : PASSING_METHODS.xWrite(base, bytes, size, at);
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 size) {
    int fault = fault_meet(FAULT_VFS_TRUNCATE);
    return fault != 0 ? fault : PASSING_METHODS.xTruncate(base, size);
}

static int file_sync(sqlite3_file *base, int flags) {
    int fault = fault_meet(FAULT_VFS_SYNC);
    return fault != 0 ? fault : PASSING_METHODS.xSync(base, flags);
}

static int file_size(sqlite3_file *base, sqlite3_int64 *size) {
    int fault = fault_meet(FAULT_VFS_SIZE);
    return fault != 0 ? fault : PASSING_METHODS.xFileSize(base, size);
}

static int file_lock(sqlite3_file *base, int level) {
    int fault = fault_meet(FAULT_VFS_LOCK);
    return fault != 0 ? fault : PASSING_METHODS.xLock(base, level);
}

static int file_shm_map(sqlite3_file *base, int region, int size, int extend, void volatile **memory) {
    int fault = fault_meet(FAULT_VFS_SHM_MAP);
    *memory = NULL;
    return fault != 0 ? fault : PASSING_METHODS.xShmMap(base, region, size, extend, memory);
}

static int file_shm_lock(sqlite3_file *base, int offset, int count, int flags) {
    int fault = (flags & SQLITE_SHM_LOCK) != 0 ? fault_meet(FAULT_VFS_SHM_LOCK) : 0;
    return fault != 0 ? fault : PASSING_METHODS.xShmLock(base, offset, count, flags);
}

static int vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags, int *out_flags) {
    (void)vfs;
    struct failing_file *file = (struct failing_file *)base;
    memset(file, 0, sizeof *file);
    int fault = fault_meet(FAULT_VFS_OPEN);
    if (fault != 0) {
        return fault;
    }
    file->passing.real = (sqlite3_file *)(file + 1);
    int result = real_vfs->xOpen(real_vfs, path, file->passing.real, flags, out_flags);
    base->pMethods = result == SQLITE_OK ? &failing_methods : NULL;
    struct stat status;
    if (result == SQLITE_OK && path != NULL && stat(path, &status) == 0) {
        file->inode = status.st_ino;
    }
    return result;
}

void fault_lose(const char *path, int64_t from, int64_t to) {
    struct stat status;
    lost.inode = path != NULL && stat(path, &status) == 0 ? status.st_ino : 0;
    lost.from = from;
    lost.to = to;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int sync_directory) {
    (void)vfs;
    int fault = fault_meet(FAULT_VFS_DELETE);
    return fault != 0 ? fault : real_vfs->xDelete(real_vfs, path, sync_directory);
}

static int vfs_access(sqlite3_vfs *vfs, const char *path, int flags, int *answer) {
    (void)vfs;
    int fault = fault_meet(FAULT_VFS_ACCESS);
    return fault != 0 ? fault : real_vfs->xAccess(real_vfs, path, flags, answer);
}

// SQLite waits for others by sleeping; here nobody else is.
static int vfs_sleep(sqlite3_vfs *vfs, int us) {
    (void)vfs;
    return us;
}

int fault_install_vfs(void) {
    real_vfs = sqlite3_vfs_find(NULL);
    if (real_vfs == NULL) {
        return -1;
    }
    failing_methods = PASSING_METHODS;
    failing_methods.xRead = file_read;
    failing_methods.xWrite = file_write;
    failing_methods.xTruncate = file_truncate;
    failing_methods.xSync = file_sync;
    failing_methods.xFileSize = file_size;
    failing_methods.xLock = file_lock;
    failing_methods.xShmMap = file_shm_map;
    failing_methods.xShmLock = file_shm_lock;
    failing_vfs = vfs_shim(real_vfs, FAULT_VFS, sizeof(struct failing_file));
    failing_vfs.xOpen = vfs_open;
    failing_vfs.xDelete = vfs_delete;
    failing_vfs.xAccess = vfs_access;
    failing_vfs.xSleep = vfs_sleep;
    return sqlite3_vfs_register(&failing_vfs, 0) == SQLITE_OK ? 0 : -1;
}
