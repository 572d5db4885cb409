// An SQLite VFS over another one, whose files pass every call on to a file behind them. Whoever watches the calls, or
// fails some of them, begins with it and replaces those (https://sqlite.org/c3ref/vfs.html).
#ifndef KARANI_DAEMON_SIM_STORAGE_VFS_SHIM_H
#define KARANI_DAEMON_SIM_STORAGE_VFS_SHIM_H

#include <sqlite3.h>
#include <stddef.h>

// An open file. SQLite gives the room for it, and behind it the room for the real one.
struct passing_file {
    sqlite3_file base;
    sqlite3_file *real; // NULL once it is closed: from then on it has no locks, and refuses all else
};

// To copy and change: all calls are passed on. There is shared memory, but no memory-mapped reading, which would be no
// call.
extern const sqlite3_io_methods PASSING_METHODS;

// `real` under another name, which is borrowed, with `file_size` bytes of the caller's for each open file: a struct
// passing_file and what it likes. xOpen is still the real one's, and to be replaced. The others may stay: those of
// SQLite's unix VFS look at pAppData alone, which is the same.
sqlite3_vfs vfs_shim(const sqlite3_vfs *real, const char *name, size_t file_size);

#endif
