// The diary: every session, away night, correction and lasting choice, in one SQLite file in WAL mode with
// synchronous=FULL. One connection, one thread. Owner of sqlite3.h. What cannot be written now waits in memory.
#ifndef KARANI_DAEMON_DIARY_DIARY_H
#define KARANI_DAEMON_DIARY_DIARY_H

#include "daemon/core/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    DIARY_APPLICATION_ID = 0x4b52414e, // "KRAN": what file(1) sees at offset 68
    DIARY_VERSION = 2,
    DIARY_PENDING_MAX = 50, // sessions that wait in memory while the diary cannot be written
};

// A row of `change`: a correction by hand or of a wrong clock. Texts are JSON objects or NULL.
struct diary_change {
    int64_t at_utc_s;
    const char *what;
    const char *before;
    const char *after;
};

struct diary;

// The health of the diary, for `about`, `trouble`, `status`.
enum diary_health {
    DIARY_GOOD,
    DIARY_FULL,     // no room
    DIARY_READONLY, // the card or the file refuses to be written
    DIARY_IO_ERROR,
    DIARY_DAMAGED,
    DIARY_NEWER, // written by a newer Karani: opened read-only
    DIARY_NO_MEMORY,
    DIARY_BUSY,
};

// One plain sentence that says what the owner loses and what to do; NULL for DIARY_GOOD.
const char *diary_health_sentence(enum diary_health health);

// Opens STATE/diary.db for writing and makes it when it is missing. `vfs` names an SQLite VFS or is NULL.
// On failure *diary is set all the same whenever memory allows (sessions then wait in memory and diary_retry
// tries again); `sentence` receives one plain sentence. 0 or -errno.
int diary_open(struct diary **diary, const char *state_dir, const char *vfs, char *sentence, size_t sentence_size);

// Opens for reading only and leaves directory and file byte for byte as they were. A missing diary is an empty one; one
// that a newer Karani has written is read as far as this one knows it: 0, and its health is DIARY_NEWER.
// Whoever reads a page meets the damage in it; diary_check looks at all of them.
int diary_open_read(struct diary **diary, const char *state_dir, char *sentence, size_t sentence_size);

// For a program that reads all of a diary once and ends: from now on the database is read through a mapping of its file
// (https://sqlite.org/mmap.html) instead of by a call for every page of 512 bytes: two thirds of the time of a summary
// of 36,525 nights. A page that the card does not give is no error then, but raises SIGBUS (mmap(2)), which the caller
// has to handle. `diary` is one of diary_open_read. 0 or -errno.
int diary_map(struct diary *diary);

// SQLite's quick check of the whole file: 0 (also for a diary that is missing), -EUCLEAN when it is damaged, or another
// -errno. diary_open makes it by itself.
int diary_check(struct diary *diary);

// Tries what still waits once more, then closes. Accepts NULL.
void diary_close(struct diary *diary);

// Like diary_close, but as if the process had been killed: nothing more is written.
void diary_abandon(struct diary *diary);

enum diary_health diary_health(const struct diary *diary);

// Inserts the row or updates it by uuid. 0 once it is on the card (after COMMIT). Otherwise -errno, and the row
// waits in memory (the newest state of each uuid; DIARY_PENDING_MAX rows, then the oldest is dropped).
int diary_save(struct diary *diary, const struct session_record *session);

// Saves what waits: 0 when nothing waits any more, else -errno.
int diary_retry(struct diary *diary);

size_t diary_pending(const struct diary *diary); // rows, and changes without a row

// Rows that are `running` and of another boot become `interrupted`. 0 or -errno.
int diary_close_interrupted(struct diary *diary, const char *boot_id);

// Calls `take` for every session (rows that wait in memory included) by started_utc, then uuid. `take` returns 0
// to go on. The row is borrowed. 0, what `take` returned, or -errno.
typedef int diary_take_session(void *context, const struct session_record *session);
int diary_each_session(struct diary *diary, diary_take_session *take, void *context);

// Calls `take` for every session that counts (not those that are `not-mine`), in no order, with its night (NIGHT_NONE:
// it has none) and its held seconds. Otherwise like diary_each_session, in a fraction of the time.
typedef int diary_take_held(void *context, int32_t night, int64_t held_s);
int diary_each_held(struct diary *diary, diary_take_held *take, void *context);

typedef int diary_take_night(void *context, int32_t night);
int diary_each_away(struct diary *diary, diary_take_night *take, void *context);

// Marks a night away or takes the mark off, with its row in `change`, in one transaction.
int diary_set_away(struct diary *diary, int32_t night, bool away, int64_t at_utc_s);

// Saves corrected rows and the change that they make, in one transaction. Nothing waits when it cannot be written.
int diary_correct(struct diary *diary, const struct session_record *sessions, size_t count,
                  const struct diary_change *change);

// What diary_correct could not write waits: the rows as any row does, and the change (its texts are copied) with them.
// 0, or -ENOMEM.
int diary_correct_later(struct diary *diary, const struct session_record *sessions, size_t count,
                        const struct diary_change *change);
// Several things at once, in one transaction.
struct diary_amendment {
    const struct session_record *sessions; // saved by uuid
    size_t session_count;
    const char *gone;      // the uuid of a session that is taken out; NULL: none
    const int32_t *nights; // marked away, or their marks taken off
    size_t night_count;
    bool away;
    const struct diary_change *changes;
    size_t change_count;
};

// All of it, or nothing. What waits in memory goes before it: it is older. 0 once it is on the card, else -errno.
int diary_amend(struct diary *diary, const struct diary_amendment *amendment);

// Lasting choices (minutes and variant chosen, the answer to the health page, the clock's offset …): small texts by
// key. *value is NULL when the key is absent; free it with free(). 0 or -errno.
int diary_get(struct diary *diary, const char *key, char **value);
int diary_set(struct diary *diary, const char *key, const char *value);

// The latest time that the diary knows to have been: of sessions that the device kept, and of changes. UTC seconds; 0
// when there is none.
int diary_last_time(struct diary *diary, int64_t *utc_s);

// ---- keeping: checks, damage, backups (daemon/diary/repair/check.c, diary_restore.c, diary_salvage.c, diary_backup.c)
// ----
//
// diary_open looks for damage first. A diary that is damaged is moved aside whole (STATE/diary.db.damaged-…), the
// newest good backup takes its place, and what the damaged one still tells is added: diary_restored says what came of
// it. Everything goes through the VFS (daemon/diary/file.h), the files beside SQLite's own, too.

enum {
    DIARY_BACKUPS_DEFAULT = 2,
    DIARY_BACKUPS_MAX = 10,   // STATE/diary.backup-1.db is the newest
    DIARY_QUARANTINE_MAX = 3, // damaged diaries that stay, the newest ones
};

// What became of a damaged diary.
struct diary_restored {
    int64_t at_utc_s;    // the latest time the restored diary knows
    char quarantine[64]; // the name under which the damaged file lies beside the diary; "": the diary was missing
    char backup[32];     // the backup that was put in its place; "": there was no good one
    int64_t kept;        // sessions in the restored diary
    int64_t salvaged;    // of these, out of the damaged file: missing in the backup, or newer than there
    int64_t lost;        // sessions that are known to have been and could not be read
    bool complete;       // the damaged file could be read to its end: nothing is lost
    bool told;           // the owner has read of it (diary_restored_told)
};

// The last restoration; -ENOENT when there was none.
int diary_last_restored(struct diary *diary, struct diary_restored *restored);

// The owner has read of the last restoration. 0 or -errno.
int diary_restored_told(struct diary *diary);

// Whether a restoration has happened since the last call (also at a reconnection): the diary must be read anew.
bool diary_take_restored(struct diary *diary);

// What is done now and then, and when it was done last: on the clock as far as it was known, and on BOOTTIME.
enum diary_care { DIARY_CARE_BACKUP, DIARY_CARE_CHECK, DIARY_CARE_COUNT };

struct diary_care_time {
    int64_t at_utc_s;
    char boot_id[UUID_SIZE];
    int64_t boot_ms;
};

// When it was done last; -ENOENT when never.
int diary_care_last(struct diary *diary, enum diary_care care, struct diary_care_time *time);

// Writes STATE/diary.backup-1.db; the older ones move on, and `keep` of them stay (0: none is written). It is checked
// and synced before it takes that name. 0 or -errno.
int diary_care_backup(struct diary *diary, int keep, const struct diary_care_time *now);

// Checks the whole diary and its backups (which reads every page of them from the card). What is found damaged is
// restored as at the start. 0, -EUCLEAN when a backup was damaged (it is removed), or -errno.
int diary_care_check(struct diary *diary, const struct diary_care_time *now);

// Writes a copy of the diary, checked and synced, to a file of the owner's: for `karanictl backup`. An older backup, or
// an empty file, there is replaced as a whole. -EEXIST: there is something else; -EISDIR: it is a directory's name, or
// none; -ENOTUNIQ: it is the name of a file that Karani keeps; -ENODATA: there is no diary to copy; else -errno.
int diary_backup(struct diary *diary, const char *path);

// Where the state directory lies.
enum diary_place {
    DIARY_PLACE_LASTING,
    DIARY_PLACE_MEMORY,   // tmpfs, ramfs: gone with the power
    DIARY_PLACE_OVERLAY,  // an overlay: what lies on top is as a rule gone with the power
    DIARY_PLACE_READONLY, // squashfs, erofs, iso9660, or mounted read-only
};

// Asks the file system of the directory, or of the nearest one above it that exists.
enum diary_place diary_place(const char *state_dir);

// One plain sentence that says what the owner loses and what to do; NULL for DIARY_PLACE_LASTING.
const char *diary_place_sentence(enum diary_place place);

// What lies beside the diary. For `karanictl doctor`.
struct diary_beside {
    int backups;
    int quarantined;
    bool remains; // of a diary that is gone: its log, or what a restoration that was cut off has put aside
};

int diary_look_beside(const char *state_dir, struct diary_beside *beside); // 0 or -errno

// Whether there was a diary that is gone (not there, or without a byte): there are backups of it, or something remains.
// A daemon that starts there brings it back. `sentence`, one plain one, says so.
bool diary_is_missing(const char *state_dir, char *sentence, size_t sentence_size);

#endif
