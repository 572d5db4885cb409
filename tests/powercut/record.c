// The recording VFS. Calls go to the default VFS; what succeeded is written down.
#include "tests/powercut/record.h"

#include "daemon/diary/file.h"
#include "daemon/sim/storage/vfs_shim.h"

#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct recorded_file {
    struct passing_file passing;
    int file; // −1: not below the directory
};

struct known_name {
    char name[LOG_NAME_SIZE]; // "" once it is gone
    int file;
};

// The hook for opening a directory brings no context: there is one recorder.
static struct recorder {
    char directory[PATH_MAX];
    struct log *log;
    sqlite3_vfs vfs;
    sqlite3_io_methods methods;
    sqlite3_vfs *real;
    struct known_name *names;
    size_t name_count;
    size_t name_room;
    int files;
    int checkpoint_pages; // 0: as the diary asks
    sqlite3 *connection;  // the one opened last
} recorder;

typedef int open_directory(const char *path, int *fd);
static open_directory *real_open_directory;

// The name below the directory; NULL when it lies elsewhere.
static const char *name_below(const char *path) {
    size_t length = strlen(recorder.directory);
    bool below = path != NULL && strncmp(path, recorder.directory, length) == 0 && path[length] == '/';
    return below ? path + length + 1 : NULL;
}

static struct known_name *find(const char *name) {
    for (size_t i = 0; i < recorder.name_count; i++) {
        if (strcmp(recorder.names[i].name, name) == 0) {
            return &recorder.names[i];
        }
    }
    return NULL;
}

static void add(enum op_kind kind, int file, const char *name) {
    struct op op = {.kind = kind, .file = file};
    snprintf(op.name, sizeof op.name, "%s", name);
    log_add(recorder.log, &op);
}

static void add_data(enum op_kind kind, int file, int64_t offset, const void *bytes, size_t size) {
    const struct op op = {
        .kind = kind, .file = file, .offset = offset, .size = size, .bytes = (unsigned char *)(uintptr_t)bytes};
    log_add(recorder.log, &op);
}

// The number of the file behind a name, which is new where it is not known.
static int file_of_name(const char *name) {
    struct known_name *known = find(name);
    if (known != NULL) {
        return known->file;
    }
    recorder.names = log_grow(recorder.names, recorder.name_count, &recorder.name_room, sizeof *recorder.names);
    known = &recorder.names[recorder.name_count++];
    snprintf(known->name, sizeof known->name, "%s", name);
    known->file = recorder.files++;
    add(OP_CREATE, known->file, name);
    return known->file;
}

static struct recorded_file *own(sqlite3_file *base) {
    return (struct recorded_file *)base;
}

static int file_write(sqlite3_file *base, const void *bytes, int size, sqlite3_int64 at) {
    struct recorded_file *file = own(base);
    int result = PASSING_METHODS.xWrite(base, bytes, size, at);
    if (result == SQLITE_OK && file->file >= 0) {
        add_data(OP_WRITE, file->file, at, bytes, (size_t)size);
    }
    return result;
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 size) {
    struct recorded_file *file = own(base);
    int result = PASSING_METHODS.xTruncate(base, size);
    if (result == SQLITE_OK && file->file >= 0) {
        add_data(OP_TRUNCATE, file->file, size, NULL, 0);
    }
    return result;
}

// The first sync of a journal syncs the directory after the data; so the data is down before the hook tells of it.
static int file_sync(sqlite3_file *base, int flags) {
    struct recorded_file *file = own(base);
    if (file->file >= 0) {
        add_data(OP_SYNC, file->file, 0, NULL, 0);
    }
    return PASSING_METHODS.xSync(base, flags);
}

// What the diary asks for beside SQLite (daemon/diary/file.h).
static int rename_file(struct recorded_file *file, const char *to) {
    const char *name = name_below(to);
    struct known_name *known = NULL;
    for (size_t i = 0; i < recorder.name_count; i++) {
        if (recorder.names[i].name[0] != '\0' && recorder.names[i].file == file->file) {
            known = &recorder.names[i];
        }
    }
    char from[PATH_MAX + LOG_NAME_SIZE];
    if (known == NULL || name == NULL) {
        return SQLITE_IOERR;
    }
    snprintf(from, sizeof from, "%s/%s", recorder.directory, known->name);
    if (rename(from, to) < 0) {
        return SQLITE_IOERR;
    }
    struct op op = {.kind = OP_RENAME, .file = file->file};
    memcpy(op.name, known->name, sizeof op.name);
    snprintf(op.to, sizeof op.to, "%s", name);
    log_add(recorder.log, &op);
    struct known_name *replaced = find(name);
    if (replaced != NULL) {
        replaced->name[0] = '\0';
    }
    memcpy(known->name, op.to, sizeof known->name);
    return SQLITE_OK;
}

// A pragma comes here first, as its words, name and value; one that is answered is not carried out.
static int file_control(sqlite3_file *base, int operation, void *argument) {
    if (operation == SQLITE_FCNTL_PRAGMA && recorder.checkpoint_pages > 0 &&
        strcmp(((char **)argument)[1], "wal_autocheckpoint") == 0) {
        return sqlite3_wal_autocheckpoint(recorder.connection, recorder.checkpoint_pages);
    }
    if (operation == DIARY_FILE_RENAME) {
        return rename_file(own(base), argument);
    }
    if (operation == DIARY_FILE_SYNC_DIRECTORY) {
        add(OP_SYNC_DIRECTORY, -1, "");
        return SQLITE_OK;
    }
    return PASSING_METHODS.xFileControl(base, operation, argument);
}

static int vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags, int *out_flags) {
    (void)vfs;
    struct recorded_file *file = own(base);
    memset(file, 0, sizeof *file);
    file->passing.real = (sqlite3_file *)(file + 1);
    int result = recorder.real->xOpen(recorder.real, path, file->passing.real, flags, out_flags);
    if (result != SQLITE_OK) {
        return result;
    }
    const char *name = name_below(path);
    file->file = name == NULL ? -1 : file_of_name(name);
    base->pMethods = &recorder.methods;
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int sync_directory) {
    (void)vfs;
    const char *name = name_below(path);
    struct known_name *known = name == NULL ? NULL : find(name);
    if (known != NULL) {
        add(OP_DELETE, known->file, name);
        known->name[0] = '\0';
    }
    return recorder.real->xDelete(recorder.real, path, sync_directory);
}

static int recorded_open_directory(const char *path, int *fd) {
    int result = real_open_directory(path, fd);
    if (result == SQLITE_OK && recorder.log != NULL && name_below(path) != NULL) {
        add(OP_SYNC_DIRECTORY, -1, "");
    }
    return result;
}

static int learn_one(const char *path, const struct stat *status, int type, struct FTW *ftw) {
    (void)ftw;
    if (type != FTW_F) {
        return 0;
    }
    size_t size = (size_t)status->st_size;
    unsigned char *bytes = log_allocate(size);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || read(fd, bytes, size) != (ssize_t)size) {
        perror(path);
        exit(2);
    }
    close(fd);
    int file = file_of_name(name_below(path));
    add_data(OP_WRITE, file, 0, bytes, size);
    add_data(OP_SYNC, file, 0, NULL, 0);
    free(bytes);
    return 0;
}

void record_start(const char *directory, struct log *log) {
    if (realpath(directory, recorder.directory) == NULL) {
        perror(directory);
        exit(2);
    }
    recorder.log = log;
    nftw(recorder.directory, learn_one, 8, FTW_PHYS);
    add(OP_SYNC_DIRECTORY, -1, "");
    recorder.real = sqlite3_vfs_find(NULL);
    recorder.methods = PASSING_METHODS;
    recorder.methods.xWrite = file_write;
    recorder.methods.xTruncate = file_truncate;
    recorder.methods.xSync = file_sync;
    recorder.methods.xFileControl = file_control;
    recorder.vfs = vfs_shim(recorder.real, RECORD_VFS, sizeof(struct recorded_file));
    recorder.vfs.xOpen = vfs_open;
    recorder.vfs.xDelete = vfs_delete;
    real_open_directory = (open_directory *)recorder.real->xGetSystemCall(recorder.real, "openDirectory");
    recorder.real->xSetSystemCall(recorder.real, "openDirectory", (sqlite3_syscall_ptr)recorded_open_directory);
    sqlite3_vfs_register(&recorder.vfs, 0);
}

static int note_connection(sqlite3 *db, char **error, const struct sqlite3_api_routines *routines) {
    (void)error;
    (void)routines;
    recorder.connection = db;
    return SQLITE_OK;
}

void record_checkpoint_every(int pages) {
    recorder.checkpoint_pages = pages;
    sqlite3_auto_extension((void (*)(void))note_connection);
}

void record_stop(void) {
    recorder.real->xSetSystemCall(recorder.real, "openDirectory", NULL);
    sqlite3_vfs_unregister(&recorder.vfs);
    sqlite3_cancel_auto_extension((void (*)(void))note_connection);
    free(recorder.names);
    recorder = (struct recorder){.log = NULL};
}
