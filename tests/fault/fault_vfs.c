// A VFS over the default one whose calls fail where the plan says so.
// The interfaces: https://sqlite.org/c3ref/vfs.html, https://sqlite.org/c3ref/io_methods.html.
#include "tests/fault/fault.h"

#include <sqlite3.h>
#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

// An open file; SQLite gives the room for it, the real file follows.
struct failing_file {
    sqlite3_file base;
    sqlite3_file *real;
    ino_t inode;
};

static struct {
    ino_t inode; // 0: none
    int64_t from, to;
} lost;

static sqlite3_vfs failing_vfs;
static sqlite3_vfs *real_vfs;

static sqlite3_file *real_of(sqlite3_file *base) {
    return ((struct failing_file *)base)->real;
}

static int file_close(sqlite3_file *base) {
    return real_of(base)->pMethods->xClose(real_of(base));
}

// A read that ends early gives zeros for the rest.
static int file_read(sqlite3_file *base, void *to, int size, sqlite3_int64 at) {
    int fault = fault_meet(FAULT_VFS_READ);
    if (((struct failing_file *)base)->inode == lost.inode && at < lost.to && at + size > lost.from) {
        fault = SQLITE_IOERR_CORRUPTFS; // as SQLite's own says of EIO
    }
    if (fault == 0) {
        return real_of(base)->pMethods->xRead(real_of(base), to, size, at);
    }
    memset(to, 0, (size_t)size);
    if (fault == SQLITE_IOERR_SHORT_READ) {
        real_of(base)->pMethods->xRead(real_of(base), to, size / 2, at);
    }
    return fault;
}

static int file_write(sqlite3_file *base, const void *bytes, int size, sqlite3_int64 at) {
    int fault = fault_meet(FAULT_VFS_WRITE);
    return fault != 0 ? fault : real_of(base)->pMethods->xWrite(real_of(base), bytes, size, at);
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 size) {
    int fault = fault_meet(FAULT_VFS_TRUNCATE);
    return fault != 0 ? fault : real_of(base)->pMethods->xTruncate(real_of(base), size);
}

static int file_sync(sqlite3_file *base, int flags) {
    int fault = fault_meet(FAULT_VFS_SYNC);
    return fault != 0 ? fault : real_of(base)->pMethods->xSync(real_of(base), flags);
}

static int file_size(sqlite3_file *base, sqlite3_int64 *size) {
    int fault = fault_meet(FAULT_VFS_SIZE);
    return fault != 0 ? fault : real_of(base)->pMethods->xFileSize(real_of(base), size);
}

static int file_lock(sqlite3_file *base, int level) {
    int fault = fault_meet(FAULT_VFS_LOCK);
    return fault != 0 ? fault : real_of(base)->pMethods->xLock(real_of(base), level);
}

static int file_unlock(sqlite3_file *base, int level) {
    return real_of(base)->pMethods->xUnlock(real_of(base), level);
}

static int file_check_reserved(sqlite3_file *base, int *reserved) {
    return real_of(base)->pMethods->xCheckReservedLock(real_of(base), reserved);
}

static int file_control(sqlite3_file *base, int operation, void *argument) {
    return real_of(base)->pMethods->xFileControl(real_of(base), operation, argument);
}

static int file_sector_size(sqlite3_file *base) {
    return real_of(base)->pMethods->xSectorSize(real_of(base));
}

static int file_characteristics(sqlite3_file *base) {
    return real_of(base)->pMethods->xDeviceCharacteristics(real_of(base));
}

static int file_shm_map(sqlite3_file *base, int region, int size, int extend, void volatile **memory) {
    int fault = fault_meet(FAULT_VFS_SHM_MAP);
    *memory = NULL;
    return fault != 0 ? fault : real_of(base)->pMethods->xShmMap(real_of(base), region, size, extend, memory);
}

static int file_shm_lock(sqlite3_file *base, int offset, int count, int flags) {
    int fault = (flags & SQLITE_SHM_LOCK) != 0 ? fault_meet(FAULT_VFS_SHM_LOCK) : 0;
    return fault != 0 ? fault : real_of(base)->pMethods->xShmLock(real_of(base), offset, count, flags);
}

static void file_shm_barrier(sqlite3_file *base) {
    real_of(base)->pMethods->xShmBarrier(real_of(base));
}

static int file_shm_unmap(sqlite3_file *base, int delete_it) {
    return real_of(base)->pMethods->xShmUnmap(real_of(base), delete_it);
}

static const sqlite3_io_methods METHODS = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector_size,
    .xDeviceCharacteristics = file_characteristics,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

static int vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags, int *out_flags) {
    (void)vfs;
    struct failing_file *file = (struct failing_file *)base;
    memset(file, 0, sizeof *file);
    int fault = fault_meet(FAULT_VFS_OPEN);
    if (fault != 0) {
        return fault;
    }
    file->real = (sqlite3_file *)(file + 1);
    int result = real_vfs->xOpen(real_vfs, path, file->real, flags, out_flags);
    file->base.pMethods = result == SQLITE_OK ? &METHODS : NULL;
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
    failing_vfs = *real_vfs;
    failing_vfs.iVersion = 2;
    failing_vfs.szOsFile += (int)sizeof(struct failing_file);
    failing_vfs.zName = FAULT_VFS;
    failing_vfs.xOpen = vfs_open;
    failing_vfs.xDelete = vfs_delete;
    failing_vfs.xAccess = vfs_access;
    failing_vfs.xSleep = vfs_sleep;
    return sqlite3_vfs_register(&failing_vfs, 0) == SQLITE_OK ? 0 : -1;
}
