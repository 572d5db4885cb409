// The SQLite VFS of the simulator's storage: every call goes to a real file and tells the model what it changed.
#include "daemon/diary/file.h"
#include "daemon/sim/storage/inside.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct storage_file *file_of(sqlite3_file *base) {
    return (struct storage_file *)base;
}

static struct storage *storage_of(sqlite3_vfs *vfs) {
    return (struct storage *)vfs;
}

// Ends a call with a fault: the result, and the system's error behind it.
static int fault(struct storage *storage, int error, int system_error) {
    storage->system_error = system_error;
    return error;
}

static bool refuses_writes(const struct storage *storage) {
    return storage->fault == STORAGE_FAULT_READONLY && storage->calls_before_fault == 0;
}

// The fault that meets a call which changes the card.
static enum storage_fault next_fault(struct storage *storage) {
    if (storage->calls_before_fault > 0) {
        storage->calls_before_fault--;
        return STORAGE_FAULT_NONE;
    }
    return storage->fault;
}

static bool is_dead(const struct storage_file *file) {
    return file->passing.real == NULL;
}

void storage_file_die(struct storage_file *file) {
    PASSING_METHODS.xClose(&file->passing.base);
}

static void forget_shm(struct storage_file *file) {
    for (size_t i = 0; i < STORAGE_SHM_REGIONS; i++) {
        free(file->shm[i]);
        file->shm[i] = NULL;
    }
}

static int file_close(sqlite3_file *base) {
    struct storage_file *file = file_of(base);
    storage_file_die(file);
    for (struct storage_file **link = &file->storage->files; *link != NULL; link = &(*link)->next) {
        if (*link == file) {
            *link = file->next;
            break;
        }
    }
    forget_shm(file);
    storage_inode_unref(file->inode);
    return SQLITE_OK;
}

static int file_write(sqlite3_file *base, const void *bytes, int size, sqlite3_int64 at) {
    struct storage_file *file = file_of(base);
    if (is_dead(file)) {
        return SQLITE_IOERR_WRITE;
    }
    enum storage_fault met = next_fault(file->storage);
    if (met == STORAGE_FAULT_FULL) {
        return SQLITE_FULL; // the result says it all: SQLite does not ask for the system's error
    }
    if (met == STORAGE_FAULT_READONLY) {
        return fault(file->storage, SQLITE_IOERR_WRITE, EROFS);
    }
    if (storage_inode_dirty(file->inode, at, at + size) != 0) {
        return SQLITE_IOERR_NOMEM;
    }
    return PASSING_METHODS.xWrite(base, bytes, size, at);
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 size) {
    struct storage_file *file = file_of(base);
    if (is_dead(file)) {
        return SQLITE_IOERR_TRUNCATE;
    }
    if (next_fault(file->storage) == STORAGE_FAULT_READONLY) {
        return fault(file->storage, SQLITE_IOERR_TRUNCATE, EROFS);
    }
    sqlite3_int64 old_size;
    int result = PASSING_METHODS.xFileSize(base, &old_size);
    if (result == SQLITE_OK && size < old_size && storage_inode_dirty(file->inode, size, old_size) != 0) {
        result = SQLITE_IOERR_NOMEM;
    }
    return result == SQLITE_OK ? PASSING_METHODS.xTruncate(base, size) : result;
}

static int file_sync(sqlite3_file *base, int flags) {
    (void)flags;
    struct storage_file *file = file_of(base);
    if (is_dead(file)) {
        return SQLITE_IOERR_FSYNC;
    }
    if (next_fault(file->storage) == STORAGE_FAULT_SYNC) {
        file->inode->range_count = 0; // taken for clean, though nothing was written
        return fault(file->storage, SQLITE_IOERR_FSYNC, EIO);
    }
    // A file that was deleted while open has nothing to keep.
    bool has_name = file->name != NULL && file->name->now == file->inode;
    if (has_name && storage_name_sync(file->name) != 0) {
        return SQLITE_IOERR_FSYNC;
    }
    if (file->directory_due) {
        file->directory_due = false;
        storage_directory_sync(file->storage);
    }
    file->storage->syncs++;
    return SQLITE_OK;
}

// The file goes on under another name; whoever has the old one there loses it. As with every name, the card has it so
// once the directory is synced.
static int rename_file(struct storage_file *file, const char *path) {
    struct storage *storage = file->storage;
    struct storage_name *to = NULL;
    if (next_fault(storage) == STORAGE_FAULT_READONLY) {
        return fault(storage, SQLITE_READONLY, EROFS);
    }
    if (file->name == NULL || storage_name_get(storage, path, &to) != 0) {
        return SQLITE_IOERR_NOMEM;
    }
    if (rename(file->name->path, path) < 0) {
        return fault(storage, SQLITE_IOERR, errno);
    }
    storage_name_moved(file->name, to);
    file->name = to;
    return SQLITE_OK;
}

static int sync_directory(struct storage *storage) {
    if (next_fault(storage) == STORAGE_FAULT_SYNC) {
        return fault(storage, SQLITE_IOERR_DIR_FSYNC, EIO);
    }
    storage_directory_sync(storage);
    storage->syncs++;
    return SQLITE_OK;
}

static int file_control(sqlite3_file *base, int operation, void *argument) {
    struct storage_file *file = file_of(base);
    if (!is_dead(file) && operation == DIARY_FILE_RENAME) {
        return rename_file(file, argument);
    }
    if (!is_dead(file) && operation == DIARY_FILE_SYNC_DIRECTORY) {
        return sync_directory(file->storage);
    }
    if (operation == SQLITE_FCNTL_LAST_ERRNO && file->storage->system_error != 0) {
        *(int *)argument = file->storage->system_error;
        return SQLITE_OK;
    }
    return PASSING_METHODS.xFileControl(base, operation, argument);
}

// The index of the WAL is this connection's alone, so plain memory serves. Like a file in /dev/shm it is filled with
// zeros, which tells SQLite to build it from the WAL.
static int file_shm_map(sqlite3_file *base, int region, int size, int extend, void volatile **memory) {
    struct storage_file *file = file_of(base);
    *memory = NULL;
    if (is_dead(file) || region >= STORAGE_SHM_REGIONS) {
        return SQLITE_IOERR_SHMMAP;
    }
    if (file->shm[region] == NULL && region == 0 && refuses_writes(file->storage)) {
        return fault(file->storage, SQLITE_CANTOPEN, EROFS);
    }
    if (file->shm[region] == NULL && extend) {
        file->shm[region] = calloc(1, (size_t)size);
        if (file->shm[region] == NULL) {
            return SQLITE_IOERR_NOMEM;
        }
    }
    *memory = file->shm[region];
    return SQLITE_OK;
}

static int file_shm_lock(sqlite3_file *base, int offset, int count, int flags) {
    (void)offset;
    (void)count;
    return is_dead(file_of(base)) && (flags & SQLITE_SHM_LOCK) != 0 ? SQLITE_IOERR_SHMLOCK : SQLITE_OK;
}

static void file_shm_barrier(sqlite3_file *base) {
    (void)base;
}

static int file_shm_unmap(sqlite3_file *base, int delete_it) {
    (void)delete_it;
    forget_shm(file_of(base));
    return SQLITE_OK;
}

// What the system would have made of these flags: a card that is read-only gives existing files for reading.
static int allowed_flags(const struct storage *storage, const struct storage_name *name, int flags) {
    if (!refuses_writes(storage) || (flags & SQLITE_OPEN_READWRITE) == 0 || name == NULL || name->now == NULL) {
        return flags;
    }
    return (flags & ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) | SQLITE_OPEN_READONLY;
}

// Whether a connection that lives has this database open: a second one would know nothing of its locks.
static bool is_taken(const struct storage *storage, const struct storage_name *name, int flags) {
    for (const struct storage_file *file = storage->files; file != NULL; file = file->next) {
        if ((flags & SQLITE_OPEN_MAIN_DB) != 0 && file->name == name && !is_dead(file)) {
            return true;
        }
    }
    return false;
}

static int vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags, int *out_flags) {
    struct storage *storage = storage_of(vfs);
    struct storage_file *file = file_of(base);
    struct storage_name *name = NULL;
    memset(file, 0, sizeof *file);
    if (path != NULL && storage_name_get(storage, path, &name) != 0) {
        return SQLITE_CANTOPEN;
    }
    if (is_taken(storage, name, flags)) {
        return fault(storage, SQLITE_CANTOPEN, EBUSY);
    }
    bool is_new = name == NULL || name->now == NULL;
    if (is_new && refuses_writes(storage)) {
        return fault(storage, SQLITE_CANTOPEN, EROFS);
    }
    file->passing.real = (sqlite3_file *)(file + 1);
    int given_flags = 0;
    int result = storage->real->xOpen(storage->real, path, file->passing.real, allowed_flags(storage, name, flags),
                                      &given_flags);
    if (result != SQLITE_OK) {
        return result;
    }
    file->inode = storage_inode_open(name);
    if (file->inode == NULL) {
        storage_file_die(file);
        return SQLITE_NOMEM;
    }
    file->name = name;
    // As in os_unix.c: whenever one may be made, not only when it was.
    file->directory_due = (flags & SQLITE_OPEN_CREATE) != 0 &&
                          (flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL)) != 0;
    file->storage = storage;
    file->next = storage->files;
    storage->files = file;
    base->pMethods = &storage->methods;
    if (out_flags != NULL) {
        *out_flags = given_flags;
    }
    return SQLITE_OK;
}

static bool anyone_lives(const struct storage *storage) {
    for (const struct storage_file *file = storage->files; file != NULL; file = file->next) {
        if (!is_dead(file)) {
            return true;
        }
    }
    return false;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int sync_directory) {
    struct storage *storage = storage_of(vfs);
    if (storage->files != NULL && !anyone_lives(storage)) {
        return SQLITE_OK; // the last wish of a dead process
    }
    if (next_fault(storage) == STORAGE_FAULT_READONLY) {
        return fault(storage, SQLITE_IOERR_DELETE, EROFS);
    }
    struct storage_name *name;
    if (storage_name_get(storage, path, &name) != 0) {
        return SQLITE_IOERR_DELETE;
    }
    int result = storage->real->xDelete(storage->real, path, 0);
    if (result == SQLITE_OK) {
        storage_name_deleted(name);
        if (sync_directory) {
            storage_directory_sync(storage);
        }
    }
    return result;
}

static int vfs_current_time(sqlite3_vfs *vfs, double *julian_day) {
    const struct storage *storage = storage_of(vfs);
    if (storage->now_ms != NULL) {
        static const double epoch_julian_day = 2440587.5;
        *julian_day = epoch_julian_day + (double)storage->now_ms(storage->clock) / 86400000.0;
        return SQLITE_OK;
    }
    return storage->real->xCurrentTime(storage->real, julian_day);
}

// Behind sqlite3_system_errno().
static int vfs_last_error(sqlite3_vfs *vfs, int size, char *text) {
    struct storage *storage = storage_of(vfs);
    return storage->system_error != 0 ? storage->system_error : storage->real->xGetLastError(storage->real, size, text);
}

int storage_vfs_register(struct storage *storage) {
    storage->real = sqlite3_vfs_find("unix-none");
    if (storage->real == NULL) {
        return -ENOSYS;
    }
    // No locks but those of "unix-none", which are none: there is one process, and it has one connection.
    storage->methods = PASSING_METHODS;
    storage->methods.xClose = file_close;
    storage->methods.xWrite = file_write;
    storage->methods.xTruncate = file_truncate;
    storage->methods.xSync = file_sync;
    storage->methods.xFileControl = file_control;
    storage->methods.xShmMap = file_shm_map;
    storage->methods.xShmLock = file_shm_lock;
    storage->methods.xShmBarrier = file_shm_barrier;
    storage->methods.xShmUnmap = file_shm_unmap;
    storage->vfs = vfs_shim(storage->real, storage->name, sizeof(struct storage_file));
    storage->vfs.iVersion = 1; // xCurrentTime is the one clock
    storage->vfs.xOpen = vfs_open;
    storage->vfs.xDelete = vfs_delete;
    storage->vfs.xCurrentTime = vfs_current_time;
    storage->vfs.xGetLastError = vfs_last_error;
    return sqlite3_vfs_register(&storage->vfs, 0) == SQLITE_OK ? 0 : -ENOMEM;
}
