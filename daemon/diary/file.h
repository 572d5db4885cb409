// Files beside SQLite's own: copied, renamed, synced and removed through the VFS of the diary, so that a VFS which
// knows what a power cut leaves (the simulator's storage, a recording one) sees all that is done to the card.
//
// SQLite's interface has no verb for renaming a file, nor for syncing a directory. They are asked for as file controls
// of an open file (https://sqlite.org/c3ref/io_methods.html: codes below 100 are SQLite's). Of a VFS that answers
// SQLITE_NOTFOUND, as the system's own does, they are done by rename(2) and fsync(2).
#ifndef KARANI_DAEMON_DIARY_FILE_H
#define KARANI_DAEMON_DIARY_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    // Renames the file; the argument is the new path, absolute (const char *). It replaces what is there.
    DIARY_FILE_RENAME = 0x4b5201,
    // Syncs the directory that the file lies in: names in it are as they are, for good. No argument.
    DIARY_FILE_SYNC_DIRECTORY = 0x4b5202,
};

// `vfs` is a name or NULL, paths are absolute. Each returns an SQLite result code.

// Copies and syncs a file. Where the card does not give a part of it, zeros stand in, and *holes (may be NULL) is how
// many bytes.
int diary_file_copy(const char *vfs, const char *from, const char *to, int64_t *holes);

// Overwrites, or appends to, a file; makes it when it is missing.
int diary_file_write(const char *vfs, const char *path, const void *bytes, int size, int64_t at);

// Reads from a file; what lies behind its end are zeros.
int diary_file_read(const char *vfs, const char *path, void *bytes, int size, int64_t at);

int diary_file_size(const char *vfs, const char *path, int64_t *size);
int diary_file_sync(const char *vfs, const char *path);
int diary_file_rename(const char *vfs, const char *from, const char *to);
int diary_file_sync_directory(const char *vfs, const char *path); // of a file that is in it
int diary_file_remove(const char *vfs, const char *path);         // a missing one is no failure

// A file of no bytes is one, too (xAccess would say that it is not there); so is one that cannot be asked for.
bool diary_file_exists(const char *path);

// Whether a result says nothing about the file, but that memory is short.
bool diary_file_is_short_of_memory(int result);

int64_t diary_file_now_utc_s(const char *vfs); // the VFS's clock

#endif
