// Moves files beside SQLite's own through the diary's VFS.
// The interface: https://sqlite.org/c3ref/vfs.html, https://sqlite.org/c3ref/io_methods.html.
#include "daemon/diary/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    CHUNK = 64 * 1024,
    SECTOR = 4096, // the least that is read where reading fails
    READ_FLAGS = SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB,
    WRITE_FLAGS = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MAIN_DB,
    // 1970-01-01 in milliseconds of the Julian day, as SQLite counts time.
    DAY_MS = 86400000,
};

static const double epoch_julian_day = 2440587.5;

static int result_of_errno(int error, int otherwise) {
    switch (error) {
    case ENOSPC:
    case EDQUOT:
        return SQLITE_FULL;
    case EROFS:
    case EACCES:
    case EPERM:
        return SQLITE_READONLY;
    case ENOMEM:
        return SQLITE_NOMEM;
    default:
        return otherwise;
    }
}

// Opened as a database is, so that closing it drops no lock that SQLite holds in this process (POSIX locks belong to
// the file, not to its descriptor).
static int open_file(const char *vfs_name, const char *path, int flags, sqlite3_file **file) {
    sqlite3_vfs *vfs = sqlite3_vfs_find(vfs_name);
    if (vfs == NULL) {
        return SQLITE_ERROR;
    }
    sqlite3_file *opened = calloc(1, (size_t)vfs->szOsFile);
    if (opened == NULL) {
        return SQLITE_NOMEM;
    }
    int given = 0;
    errno = 0;
    int result = vfs->xOpen(vfs, path, opened, flags, &given);
    if (result == SQLITE_CANTOPEN) {
        result = result_of_errno(errno, result);
    }
    if (result == SQLITE_OK && (flags & SQLITE_OPEN_READWRITE) != 0 && (given & SQLITE_OPEN_READONLY) != 0) {
        result = SQLITE_READONLY;
        opened->pMethods->xClose(opened);
    }
    if (result != SQLITE_OK) {
        free(opened);
        return result;
    }
    *file = opened;
    return SQLITE_OK;
}

static int open_to_write(const char *vfs, const char *path, sqlite3_file **file) {
    return open_file(vfs, path, WRITE_FLAGS, file);
}

static void close_file(sqlite3_file *file) {
    file->pMethods->xClose(file);
    free(file);
}

// An I/O error says no more than that; the system's error behind it does.
static int refine(sqlite3_file *file, int result) {
    int error = 0;
    if ((result & 0xff) != SQLITE_IOERR) {
        return result;
    }
    file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &error);
    return result_of_errno(error, result);
}

// Sector by sector where a whole chunk cannot be read; zeros for what cannot.
static int64_t read_around_holes(sqlite3_file *file, unsigned char *bytes, int count, int64_t at) {
    int64_t holes = 0;
    for (int done = 0; done < count; done += SECTOR) {
        int part = count - done < SECTOR ? count - done : SECTOR;
        if (file->pMethods->xRead(file, bytes + done, part, at + done) != SQLITE_OK) {
            memset(bytes + done, 0, (size_t)part);
            holes += part;
        }
    }
    return holes;
}

bool diary_file_is_short_of_memory(int result) {
    return result == SQLITE_NOMEM || result == SQLITE_IOERR_NOMEM;
}

static int copy_bytes(sqlite3_file *from, sqlite3_file *to, int64_t *holes) {
    sqlite3_int64 size;
    unsigned char *bytes = malloc(CHUNK);
    int result = bytes == NULL ? SQLITE_NOMEM : from->pMethods->xFileSize(from, &size);
    for (sqlite3_int64 at = 0; result == SQLITE_OK && at < size; at += CHUNK) {
        int count = size - at < CHUNK ? (int)(size - at) : CHUNK;
        result = from->pMethods->xRead(from, bytes, count, at);
        if (result != SQLITE_OK && !diary_file_is_short_of_memory(result)) {
            *holes += read_around_holes(from, bytes, count, at);
            result = SQLITE_OK;
        }
        if (result == SQLITE_OK) {
            result = refine(to, to->pMethods->xWrite(to, bytes, count, at));
        }
    }
    free(bytes);
    return result == SQLITE_OK ? refine(to, to->pMethods->xSync(to, SQLITE_SYNC_NORMAL)) : result;
}

int diary_file_copy(const char *vfs, const char *from, const char *to, int64_t *holes) {
    sqlite3_file *source;
    int result = diary_file_remove(vfs, to);
    if (result == SQLITE_OK) {
        result = open_file(vfs, from, READ_FLAGS, &source);
    }
    if (result != SQLITE_OK) {
        return result;
    }
    sqlite3_file *target;
    int64_t missing = 0;
    result = open_to_write(vfs, to, &target);
    if (result == SQLITE_OK) {
        result = copy_bytes(source, target, &missing);
        close_file(target);
    }
    close_file(source);
    if (result == SQLITE_OK && holes != NULL) {
        *holes = missing;
    }
    return result;
}

int diary_file_write(const char *vfs, const char *path, const void *bytes, int size, int64_t at) {
    sqlite3_file *file;
    int result = open_to_write(vfs, path, &file);
    if (result == SQLITE_OK) {
        result = refine(file, file->pMethods->xWrite(file, bytes, size, at));
        close_file(file);
    }
    return result;
}

int diary_file_read(const char *vfs, const char *path, void *bytes, int size, int64_t at) {
    sqlite3_file *file;
    int result = open_file(vfs, path, READ_FLAGS, &file);
    if (result == SQLITE_OK) {
        result = file->pMethods->xRead(file, bytes, size, at);
        close_file(file);
    }
    return result == SQLITE_IOERR_SHORT_READ ? SQLITE_OK : result;
}

int diary_file_size(const char *vfs, const char *path, int64_t *size) {
    sqlite3_file *file;
    sqlite3_int64 bytes = 0;
    int result = open_file(vfs, path, READ_FLAGS, &file);
    if (result == SQLITE_OK) {
        result = file->pMethods->xFileSize(file, &bytes);
        close_file(file);
    }
    if (result == SQLITE_OK) {
        *size = bytes;
    }
    return result;
}

int diary_file_sync(const char *vfs, const char *path) {
    sqlite3_file *file;
    int result = open_to_write(vfs, path, &file);
    if (result == SQLITE_OK) {
        result = refine(file, file->pMethods->xSync(file, SQLITE_SYNC_NORMAL));
        close_file(file);
    }
    return result;
}

// The path is SQLite's to change: file controls take it so.
static int control(sqlite3_file *file, int operation, const char *text) {
    return file->pMethods->xFileControl(file, operation, (void *)(uintptr_t)text);
}

int diary_file_rename(const char *vfs, const char *from, const char *to) {
    sqlite3_file *file;
    int result = open_file(vfs, from, READ_FLAGS, &file);
    if (result != SQLITE_OK) {
        return result;
    }
    result = control(file, DIARY_FILE_RENAME, to);
    close_file(file);
    if (result == SQLITE_NOTFOUND) {
        return rename(from, to) == 0 ? SQLITE_OK : result_of_errno(errno, SQLITE_IOERR);
    }
    return result;
}

static int sync_system_directory(const char *path) {
    char directory[PATH_MAX];
    const char *slash = strrchr(path, '/');
    size_t length = slash == NULL ? 0 : (size_t)(slash - path);
    if (length >= sizeof directory) {
        return SQLITE_CANTOPEN;
    }
    snprintf(directory, sizeof directory, "%.*s", (int)length, path);
    int fd = open(length > 0 ? directory : slash == NULL ? "." : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return result_of_errno(errno, SQLITE_CANTOPEN);
    }
    int result = fsync(fd) == 0 ? SQLITE_OK : result_of_errno(errno, SQLITE_IOERR_DIR_FSYNC);
    close(fd);
    return result;
}

int diary_file_sync_directory(const char *vfs, const char *path) {
    sqlite3_file *file;
    int result = open_file(vfs, path, READ_FLAGS, &file);
    if (result != SQLITE_OK) {
        return result;
    }
    result = control(file, DIARY_FILE_SYNC_DIRECTORY, NULL);
    close_file(file);
    return result == SQLITE_NOTFOUND ? sync_system_directory(path) : result;
}

int diary_file_remove(const char *vfs_name, const char *path) {
    sqlite3_vfs *vfs = sqlite3_vfs_find(vfs_name);
    int result = vfs == NULL ? SQLITE_ERROR : vfs->xDelete(vfs, path, 0);
    return result == SQLITE_IOERR_DELETE_NOENT ? SQLITE_OK : result;
}

bool diary_file_exists(const char *path) {
    return access(path, F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

int64_t diary_file_now_utc_s(const char *vfs_name) {
    sqlite3_vfs *vfs = sqlite3_vfs_find(vfs_name);
    double julian_day = epoch_julian_day;
    if (vfs != NULL) {
        vfs->xCurrentTime(vfs, &julian_day);
    }
    return (int64_t)((julian_day - epoch_julian_day) * (DAY_MS / 1000.0) + 0.5);
}
