// The simulator's storage: an SQLite VFS on real files that knows what a power cut leaves of them. Syncs cost nothing
// (ten years of commits take seconds), but a cut puts every file back to what was last synced.
//
// What is kept, and why so:
// - Data: what was in a file at its last successful sync. The rest is dropped, not torn.
// - Names: a file made or deleted is so for good after the next sync of its directory. As in SQLite's own unix VFS
//   that is asked for by a delete with syncDir and by the first sync of a journal or WAL that was opened to be made
//   where it is missing (os_unix.c, UNIXFILE_DIRSYNC); a name comes back with the contents that were last synced under
//   it. What the diary renames (daemon/diary/file.h) is a name, too.
// - The shared memory of WAL lives in this process only and is gone with it.
// There are no file locks: one process, one connection at a time.
#ifndef KARANI_DAEMON_SIM_STORAGE_STORAGE_H
#define KARANI_DAEMON_SIM_STORAGE_STORAGE_H

#include <stdint.h>

enum storage_fault {
    STORAGE_FAULT_NONE,
    // Every write ends as on a full card: SQLITE_FULL (write(2): ENOSPC). The worst case, also for a write into
    // room that the file already has: so it is on a filesystem that copies on write.
    STORAGE_FAULT_FULL,
    // The card was put to read-only under a running program (ext4, errors=remount-ro). Writing to a file that is open
    // gives SQLITE_IOERR_WRITE with EROFS, as os_unix.c tells every error but ENOSPC; truncating and deleting
    // likewise; making a file or a new shared memory SQLITE_CANTOPEN; opening an existing file gives one that can only
    // be read, whose database then answers SQLITE_READONLY.
    STORAGE_FAULT_READONLY,
    // Every sync fails, and as in Linux the kernel takes the pages for clean after it: a later sync that succeeds does
    // not put them on the card unless they are written again.
    STORAGE_FAULT_SYNC,
};

struct storage;

// Registers the VFS under this name. 0, -ENOMEM, -ENOSYS (an SQLite without the VFS "unix-none").
int storage_new(struct storage **storage, const char *vfs_name);

// All files must be closed. Accepts NULL.
void storage_free(struct storage *storage);

const char *storage_vfs(const struct storage *storage);

void storage_set_fault(struct storage *storage, enum storage_fault fault);

// The same, but it begins only after so many more writes, truncations, syncs and deletions: for tests that let it begin
// everywhere once.
void storage_set_fault_after(struct storage *storage, enum storage_fault fault, int64_t calls);

// The process dies: what it wrote stays; what is still open does nothing more, so that closing it changes nothing.
void storage_kill(struct storage *storage);

// The power goes: like storage_kill, and every file is put back to what was kept. 0 or -errno (a real file could not
// be written).
int storage_power_cut(struct storage *storage);

// What SQLite is told when it asks for the time: UTC, milliseconds. Without it, the system's.
void storage_set_clock(struct storage *storage, int64_t (*now_ms)(void *clock), void *clock);

// How many syncs of files were asked for and succeeded.
int64_t storage_syncs(const struct storage *storage);

#endif
