// The simulator's storage: what is kept of each file, faults, the power cut. The VFS itself is storage_vfs.c.
#include "daemon/sim/storage/inside.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct storage_inode *storage_inode_ref(struct storage_inode *inode) {
    if (inode != NULL) {
        inode->refs++;
    }
    return inode;
}

void storage_inode_unref(struct storage_inode *inode) {
    if (inode != NULL && --inode->refs == 0) {
        free(inode->kept);
        free(inode->ranges);
        free(inode);
    }
}

enum { ROOM_STEP_B = 64 * 1024 }; // more at once would be taken for memory that the daemon wastes

// Makes the kept contents this long; new bytes are zeros.
static int resize_kept(struct storage_inode *inode, int64_t size) {
    if (size > inode->kept_room) {
        int64_t room = size + ROOM_STEP_B;
        unsigned char *kept = realloc(inode->kept, (size_t)room);
        if (kept == NULL) {
            return -ENOMEM;
        }
        inode->kept = kept;
        inode->kept_room = room;
    }
    if (size > inode->kept_size) {
        memset(inode->kept + inode->kept_size, 0, (size_t)(size - inode->kept_size));
    }
    inode->kept_size = size;
    return 0;
}

static int read_whole(int fd, unsigned char *to, int64_t from, int64_t until) {
    while (from < until) {
        ssize_t got = pread(fd, to + from, (size_t)(until - from), from);
        if (got <= 0) {
            return got < 0 ? -errno : -EIO;
        }
        from += got;
    }
    return 0;
}

static int write_whole(int fd, const unsigned char *bytes, int64_t size) {
    for (int64_t done = 0; done < size;) {
        ssize_t written = pwrite(fd, bytes + done, (size_t)(size - done), done);
        if (written < 0) {
            return -errno;
        }
        done += written;
    }
    return 0;
}

int storage_inode_dirty(struct storage_inode *inode, int64_t from, int64_t until) {
    struct storage_range *last = inode->range_count > 0 ? &inode->ranges[inode->range_count - 1] : NULL;
    if (last != NULL && from <= last->until && until >= last->from) {
        last->from = from < last->from ? from : last->from;
        last->until = until > last->until ? until : last->until;
        return 0;
    }
    if (inode->range_count == inode->range_room) {
        size_t room = inode->range_room == 0 ? 8 : inode->range_room * 2;
        struct storage_range *ranges = realloc(inode->ranges, room * sizeof *ranges);
        if (ranges == NULL) {
            return -ENOMEM;
        }
        inode->ranges = ranges;
        inode->range_room = room;
    }
    inode->ranges[inode->range_count++] = (struct storage_range){from, until};
    return 0;
}

// The real file at `path` as it is now becomes what is kept, as far as it was written since the last sync.
static int keep_dirty(struct storage_inode *inode, const char *path) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return -errno;
    }
    struct stat status;
    int error = fstat(fd, &status) < 0 ? -errno : resize_kept(inode, status.st_size);
    for (size_t i = 0; i < inode->range_count && error == 0; i++) {
        int64_t until = inode->ranges[i].until < status.st_size ? inode->ranges[i].until : status.st_size;
        error = read_whole(fd, inode->kept, inode->ranges[i].from, until);
    }
    close(fd);
    if (error == 0) {
        inode->range_count = 0;
    }
    return error;
}

int storage_name_sync(struct storage_name *name) {
    return name->now == NULL ? 0 : keep_dirty(name->now, name->path);
}

void storage_directory_sync(struct storage *storage) {
    for (struct storage_name *name = storage->names; name != NULL; name = name->next) {
        if (name->kept != name->now) {
            storage_inode_unref(name->kept);
            name->kept = storage_inode_ref(name->now);
        }
    }
}

static struct storage_inode *new_inode(void) {
    struct storage_inode *inode = calloc(1, sizeof *inode);
    if (inode != NULL) {
        inode->refs = 1;
    }
    return inode;
}

// A file that was there before the storage saw it is taken for kept as it is.
static int learn(struct storage_name *name) {
    struct stat status;
    if (stat(name->path, &status) < 0) {
        return errno == ENOENT ? 0 : -errno;
    }
    struct storage_inode *inode = new_inode();
    if (inode == NULL) {
        return -ENOMEM;
    }
    int error = storage_inode_dirty(inode, 0, status.st_size);
    if (error == 0) {
        error = keep_dirty(inode, name->path);
    }
    if (error != 0) {
        storage_inode_unref(inode);
        return error;
    }
    name->now = inode;
    name->kept = storage_inode_ref(inode);
    return 0;
}

static void free_name(struct storage_name *name) {
    storage_inode_unref(name->now);
    storage_inode_unref(name->kept);
    free(name->path);
    free(name);
}

int storage_name_get(struct storage *storage, const char *path, struct storage_name **name) {
    for (struct storage_name *known = storage->names; known != NULL; known = known->next) {
        if (strcmp(known->path, path) == 0) {
            *name = known;
            return 0;
        }
    }
    struct storage_name *added = calloc(1, sizeof *added);
    if (added == NULL) {
        return -ENOMEM;
    }
    added->path = strdup(path);
    int error = added->path == NULL ? -ENOMEM : learn(added);
    if (error != 0) {
        free_name(added);
        return error;
    }
    added->next = storage->names;
    storage->names = added;
    *name = added;
    return 0;
}

struct storage_inode *storage_inode_open(struct storage_name *name) {
    if (name == NULL) {
        return new_inode();
    }
    if (name->now == NULL) {
        name->now = new_inode();
    }
    return storage_inode_ref(name->now);
}

void storage_name_deleted(struct storage_name *name) {
    storage_inode_unref(name->now);
    name->now = NULL;
}

void storage_name_moved(struct storage_name *from, struct storage_name *to) {
    if (from != to) {
        storage_inode_unref(to->now);
        to->now = from->now;
        from->now = NULL;
    }
}

// Puts the real file back to what was kept under its name.
static int put_back(struct storage_name *name) {
    if (name->kept == NULL) {
        storage_name_deleted(name);
        return unlink(name->path) < 0 && errno != ENOENT ? -errno : 0;
    }
    int fd = open(name->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0) {
        return -errno;
    }
    int error = write_whole(fd, name->kept->kept, name->kept->kept_size);
    if (error == 0 && ftruncate(fd, name->kept->kept_size) < 0) {
        error = -errno;
    }
    close(fd);
    name->kept->range_count = 0;
    if (name->now != name->kept) {
        storage_inode_unref(name->now);
        name->now = storage_inode_ref(name->kept);
    }
    return error;
}

void storage_kill(struct storage *storage) {
    for (struct storage_file *file = storage->files; file != NULL; file = file->next) {
        storage_file_die(file);
    }
}

int storage_power_cut(struct storage *storage) {
    storage_kill(storage);
    int error = 0;
    for (struct storage_name *name = storage->names; name != NULL; name = name->next) {
        int result = put_back(name);
        error = error == 0 ? result : error;
    }
    return error;
}

void storage_set_fault(struct storage *storage, enum storage_fault fault) {
    storage_set_fault_after(storage, fault, 0);
}

void storage_set_fault_after(struct storage *storage, enum storage_fault fault, int64_t calls) {
    storage->fault = fault;
    storage->calls_before_fault = calls;
    storage->system_error = 0;
}

void storage_set_clock(struct storage *storage, int64_t (*now_ms)(void *clock), void *clock) {
    storage->now_ms = now_ms;
    storage->clock = clock;
}

int64_t storage_syncs(const struct storage *storage) {
    return storage->syncs;
}

const char *storage_vfs(const struct storage *storage) {
    return storage->vfs.zName;
}

int storage_new(struct storage **storage, const char *vfs_name) {
    struct storage *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return -ENOMEM;
    }
    made->name = strdup(vfs_name);
    int error = made->name == NULL ? -ENOMEM : storage_vfs_register(made);
    if (error != 0) {
        free(made->name);
        free(made);
        return error;
    }
    *storage = made;
    return 0;
}

void storage_free(struct storage *storage) {
    if (storage == NULL) {
        return;
    }
    assert(storage->files == NULL);
    sqlite3_vfs_unregister(&storage->vfs);
    while (storage->names != NULL) {
        struct storage_name *name = storage->names;
        storage->names = name->next;
        free_name(name);
    }
    free(storage->name);
    free(storage);
}
