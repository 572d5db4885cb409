// Files of SQLite that pass every call on: https://sqlite.org/c3ref/io_methods.html.
#include "daemon/sim/storage/vfs_shim.h"

static sqlite3_file *real_of(sqlite3_file *base) {
    return ((struct passing_file *)base)->real;
}

static int pass_close(sqlite3_file *base) {
    sqlite3_file *real = real_of(base);
    ((struct passing_file *)base)->real = NULL;
    return real == NULL ? SQLITE_OK : real->pMethods->xClose(real);
}

static int pass_read(sqlite3_file *base, void *to, int size, sqlite3_int64 at) {
    sqlite3_file *real = real_of(base);
    return real == NULL ? SQLITE_IOERR_READ : real->pMethods->xRead(real, to, size, at);
}

static int pass_write(sqlite3_file *base, const void *bytes, int size, sqlite3_int64 at) {
    sqlite3_file *real = real_of(base);
    return real == NULL ? SQLITE_IOERR_WRITE : real->pMethods->xWrite(real, bytes, size, at);
}

static int pass_truncate(sqlite3_file *base, sqlite3_int64 size) {
    sqlite3_file *real = real_of(base);
    return real == NULL ? SQLITE_IOERR_TRUNCATE : real->pMethods->xTruncate(real, size);
}

static int pass_sync(sqlite3_file *base, int flags) {
    sqlite3_file *real = real_of(base);
    return real == NULL ? SQLITE_IOERR_FSYNC : real->pMethods->xSync(real, flags);
}

static int pass_size(sqlite3_file *base, sqlite3_int64 *size) {
    sqlite3_file *real = real_of(base);
    return real == NULL ? SQLITE_IOERR_FSTAT : real->pMethods->xFileSize(real, size);
}

static int pass_lock(sqlite3_file *base, int level) {
    sqlite3_file *real = real_of(base);
    return real == NULL ? SQLITE_IOERR_LOCK : real->pMethods->xLock(real, level);
}

static int pass_unlock(sqlite3_file *base, int level) {
    sqlite3_file *real = real_of(base);
    return real == NULL ? SQLITE_OK : real->pMethods->xUnlock(real, level);
}

static int pass_check_reserved(sqlite3_file *base, int *reserved) {
    sqlite3_file *real = real_of(base);
    *reserved = 0;
    return real == NULL ? SQLITE_OK : real->pMethods->xCheckReservedLock(real, reserved);
}

static int pass_control(sqlite3_file *base, int operation, void *argument) {
    sqlite3_file *real = real_of(base);
    return real == NULL ? SQLITE_NOTFOUND : real->pMethods->xFileControl(real, operation, argument);
}

static int pass_sector_size(sqlite3_file *base) {
    sqlite3_file *real = real_of(base);
    return real == NULL ? 0 : real->pMethods->xSectorSize(real);
}

static int pass_characteristics(sqlite3_file *base) {
    sqlite3_file *real = real_of(base);
    return real == NULL ? 0 : real->pMethods->xDeviceCharacteristics(real);
}

static int pass_shm_map(sqlite3_file *base, int region, int size, int extend, void volatile **memory) {
    sqlite3_file *real = real_of(base);
    return real == NULL ? SQLITE_IOERR_SHMMAP : real->pMethods->xShmMap(real, region, size, extend, memory);
}

static int pass_shm_lock(sqlite3_file *base, int offset, int count, int flags) {
    sqlite3_file *real = real_of(base);
    return real == NULL ? SQLITE_IOERR_SHMLOCK : real->pMethods->xShmLock(real, offset, count, flags);
}

static void pass_shm_barrier(sqlite3_file *base) {
    sqlite3_file *real = real_of(base);
    if (real != NULL) {
        real->pMethods->xShmBarrier(real);
    }
}

static int pass_shm_unmap(sqlite3_file *base, int delete_it) {
    sqlite3_file *real = real_of(base);
    return real == NULL ? SQLITE_OK : real->pMethods->xShmUnmap(real, delete_it);
}

const sqlite3_io_methods PASSING_METHODS = {
    .iVersion = 2,
    .xClose = pass_close,
    .xRead = pass_read,
    .xWrite = pass_write,
    .xTruncate = pass_truncate,
    .xSync = pass_sync,
    .xFileSize = pass_size,
    .xLock = pass_lock,
    .xUnlock = pass_unlock,
    .xCheckReservedLock = pass_check_reserved,
    .xFileControl = pass_control,
    .xSectorSize = pass_sector_size,
    .xDeviceCharacteristics = pass_characteristics,
    .xShmMap = pass_shm_map,
    .xShmLock = pass_shm_lock,
    .xShmBarrier = pass_shm_barrier,
    .xShmUnmap = pass_shm_unmap,
};

sqlite3_vfs vfs_shim(const sqlite3_vfs *real, const char *name, size_t file_size) {
    sqlite3_vfs vfs = *real;
    vfs.iVersion = 2; // the system calls stay the real one's
    vfs.szOsFile += (int)file_size;
    vfs.zName = name;
    return vfs;
}
