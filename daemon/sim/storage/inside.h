// What the two halves of the simulator's storage share: the model of what is kept, and the VFS.
#ifndef KARANI_DAEMON_SIM_STORAGE_INSIDE_H
#define KARANI_DAEMON_SIM_STORAGE_INSIDE_H

#include "daemon/sim/storage/storage.h"
#include "daemon/sim/storage/vfs_shim.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

struct storage_range {
    int64_t from; // first byte
    int64_t until;
};

// The contents of a file, whatever its name.
struct storage_inode {
    int refs;
    unsigned char *kept; // as of the last sync
    int64_t kept_size;
    int64_t kept_room;
    struct storage_range *ranges; // written or cut off since
    size_t range_count;
    size_t range_room;
};

// A name in the directory: what it stands for now, and what it will stand for after a cut.
struct storage_name {
    struct storage_name *next;
    char *path;
    struct storage_inode *now;  // NULL: there is no such file
    struct storage_inode *kept; // NULL: there will be none
};

enum { STORAGE_SHM_REGIONS = 64 }; // of 32 KiB: an index of some 260,000 frames, 1 GiB of WAL

struct storage;

// An open file; its real one is closed once the process that opened it is gone.
struct storage_file {
    struct passing_file passing;
    struct storage *storage;
    struct storage_file *next;
    struct storage_name *name; // NULL: a temporary file without a name
    struct storage_inode *inode;
    bool directory_due; // its first sync syncs the directory too
    void *shm[STORAGE_SHM_REGIONS];
};

struct storage {
    sqlite3_vfs vfs; // first: SQLite gives no more than this
    sqlite3_io_methods methods;
    sqlite3_vfs *real;
    char *name;
    struct storage_name *names;
    struct storage_file *files; // open, dead ones too
    enum storage_fault fault;
    int64_t calls_before_fault;
    int system_error; // of the last call that the fault in force failed; else 0
    int64_t syncs;
    int64_t (*now_ms)(void *clock); // NULL: the system's
    void *clock;
};

// storage.c: 0 or -errno.
int storage_name_get(struct storage *storage, const char *path, struct storage_name **name);
void storage_name_deleted(struct storage_name *name);
void storage_name_moved(struct storage_name *from, struct storage_name *to);
int storage_name_sync(struct storage_name *name);
int storage_inode_dirty(struct storage_inode *inode, int64_t from, int64_t until);

// A reference to the contents behind a name, made when there are none yet; contents of their own for NULL. NULL when
// memory is out.
struct storage_inode *storage_inode_open(struct storage_name *name);
struct storage_inode *storage_inode_ref(struct storage_inode *inode);
void storage_inode_unref(struct storage_inode *inode);
void storage_directory_sync(struct storage *storage);

// storage_vfs.c
int storage_vfs_register(struct storage *storage);
void storage_file_die(struct storage_file *file);

#endif
