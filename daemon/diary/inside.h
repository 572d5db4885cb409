// What the files of the diary share with each other and with nobody else.
#ifndef KARANI_DAEMON_DIARY_INSIDE_H
#define KARANI_DAEMON_DIARY_INSIDE_H

#include "daemon/diary/diary.h"
#include "daemon/diary/outbox.h"
#include "daemon/diary/text/settings.h"

#include <limits.h>
#include <sqlite3.h>

enum statement {
    STATEMENT_BEGIN,
    STATEMENT_COMMIT,
    STATEMENT_ROLLBACK,
    STATEMENT_SAVE,
    STATEMENT_EACH,
    STATEMENT_HELD,
    STATEMENT_INTERRUPT,
    STATEMENT_EACH_AWAY,
    STATEMENT_AWAY_MARK,
    STATEMENT_AWAY_CLEAR,
    STATEMENT_TAKE_OUT,
    STATEMENT_CHANGE,
    STATEMENT_GET,
    STATEMENT_SET,
    STATEMENT_UNSET,
    STATEMENT_LAST_TIME,
    STATEMENT_FIND,
    STATEMENT_CHANGE_ONCE,
    STATEMENT_CARE,
    STATEMENT_CARE_SET,
    STATEMENT_COUNT,
};

// A change that waits; its texts are owned.
struct waiting_change {
    int64_t at_utc_s;
    char *what;
    char *before;
    char *after;
};

struct waiting_mark {
    int32_t night;
    bool away;
    int64_t at_utc_s;
};

// Invariants:
// 1. A row in `sessions` is not known to be on the card in that state; a row that was acknowledged is.
// 2. `sessions` holds each uuid at most once, in the order in which they came; `marks` each night.
struct outbox {
    const char *boot_id; // NULL: the diary was not opened with an outbox
    bool unopened;       // it could not be opened: no session of another boot was closed
    struct session_record sessions[DIARY_PENDING_MAX];
    size_t session_count;
    struct waiting_change changes[DIARY_PENDING_MAX];
    size_t change_count;
    bool setting_waits[DEVICE_SETTING_COUNT];
    char settings[DEVICE_SETTING_COUNT][SETTINGS_TEXT_SIZE];
    struct waiting_mark marks[OUTBOX_MARKS_MAX];
    size_t mark_count;
    int64_t retry_ms; // INT64_MAX while nothing waits
    outbox_listener *listener;
    void *context;
};

enum {
    DIARY_PAGE_B = 512,      // of a diary that is made now (diary_connect.c says why)
    DIARY_PAGE_OLD_B = 4096, // of version 1
};

enum { DIARY_PATIENCE = 3 };

// Invariant: `writable` implies `db`; without `db` there are no statements.
struct diary {
    char *state_dir;
    char *path; // STATE/diary.db
    char *mark; // STATE/diary.db-distrusted, see diary_distrust
    char *vfs;  // NULL: SQLite's own
    bool for_reading;
    bool writable;
    bool distrusted;
    bool mended; // a damaged diary was put aside by this process
    sqlite3 *db;
    int64_t version;                           // of its schema, once that is known
    sqlite3_stmt *statements[STATEMENT_COUNT]; // prepared at their first use, kept
    enum diary_health health;
    bool scratch;  // a file that is being made or searched beside the diary: nobody else's, thrown away after a crash
    bool restored; // to be taken
    int patience;  // how many errors of the card still put a restoration off, before they are taken for what it knows
    bool read_failed; // what failed last was reading
    int unreadable;   // how many times in a row it could not be opened because reading failed
    struct outbox outbox;
};

// outbox.c
void diary_forget_waiting(struct diary *diary); // without writing it
void diary_try_waiting(struct diary *diary);    // for the last time

// diary_connect.c

// Opens, checks whose file it is and that it is whole, sets it up, makes the schema in a new file. On failure the
// health is set; an existing diary that can only be read stays open for reading. 0 or -errno.
int diary_connect(struct diary *diary);

// Opens for reading without leaving a trace. A missing file leaves `db` NULL and is no failure. 0 or -errno.
int diary_connect_read(struct diary *diary);

// A sync has failed: what can be read of the WAL need not be on the card. The next connection writes it anew.
void diary_distrust(struct diary *diary);

// Closes the connection without moving the WAL into the database.
void diary_disconnect(struct diary *diary);

// One row and one column of an answer. 0 or -errno, and the health set.
int diary_ask_text(struct diary *diary, const char *sql, char *text, size_t text_size);
int diary_ask_number(struct diary *diary, const char *sql, int64_t *number);
int diary_run(struct diary *diary, const char *sql);

// Sets the health and returns its error.
int diary_refuse(struct diary *diary, enum diary_health health);

// Opens the diary's file: what every connection has in common. 0 or -errno.
int diary_open_file(struct diary *diary, const char *name, int flags, const char *vfs);

// Whose file it is, and of which version. *is_new: there is nothing in it yet. 0 or -errno.
int diary_identify(struct diary *diary, bool *is_new);

// diary_result.c

// Notes what a result code means; after a failed sync the connection is closed. Returns -errno.
int diary_fail(struct diary *diary, int result);

// The error that stands for a health; 0 for DIARY_GOOD.
int diary_health_error(enum diary_health health);

// Whether the last error that the system told of the database's file is one of the card. SQLite calls a page damaged
// that the card does not give to a statement (SQLITE_IOERR_CORRUPTFS becomes SQLITE_CORRUPT there); the file knows
// better.
bool diary_card_has_failed(const struct diary *diary);

// diary_place.c: what an error is of which nobody tells the system's own: the file system is full or read-only, or it
// is an error of the card.
enum diary_health diary_place_health(const char *state_dir);

// diary_index.c

// Makes sure that SQLite's index of the log, which is a mapped file, has its room on the card before it is written to:
// a store into a hole of it on a full card is no error, but ends the process by SIGBUS (mmap(2)). Before the first use.
void diary_index_guard(void);

// diary_schema.c

// NULL and the health set when it cannot be prepared.
sqlite3_stmt *diary_statement(struct diary *diary, enum statement which);

// Takes the statements that were prepared away.
void diary_forget_statements(struct diary *diary);

// Prepares them all: 0, or -EUCLEAN when a table or a column is not there.
int diary_prepare_all(struct diary *diary);

// Makes the tables, application_id and user_version in one transaction. 0 or -errno.
int diary_make_schema(struct diary *diary);

// diary_write.c

// Begins a transaction: a new attempt where an earlier one lost the connection or found the card read-only. 0 or
// -errno.
int diary_begin(struct diary *diary);

// Ends it: for good when nothing failed, else as if it had not been. Returns `sentence`, or what the end met.
int diary_end(struct diary *diary, int error);

// Within a transaction. 0 or -errno.
int diary_put_session(struct diary *diary, const struct session_record *session);
int diary_put_change(struct diary *diary, const struct diary_change *change);

// Writes what waits and one more row (or NULL) in one transaction, connecting anew when need be.
int diary_write_waiting(struct diary *diary, const struct session_record *session);

// Inserts or updates one row inside a transaction of the caller's.
int diary_put_session(struct diary *diary, const struct session_record *session);
int diary_put_change(struct diary *diary, const struct diary_change *change);

// diary_read.c

// Fills a session from its {columns}; its note is borrowed from the statement. SQLITE_ROW, SQLITE_CORRUPT (a
// value that Karani never writes) or SQLITE_NOMEM.
int diary_take_row(sqlite3_stmt *statement, struct session_record *session);

// diary_check.c

// Whether the columns are a session that Karani, or an import, could have written.
bool diary_row_is_valid(sqlite3_stmt *statement);
bool diary_uuid_is_valid(const char *uuid);

// A check of the indexes against the tables, too, fits into a start up to this size even on the slowest board. A
// hundred years of evenings are 9 MiB.
enum { DIARY_THOROUGH_AT_START_B = 16 * 1024 * 1024 };

// Checks structure and rows; up to this size thoroughly. 0, -EUCLEAN, or another -errno.
int diary_check_whole(struct diary *diary, int64_t thorough_max_b);

// diary_wal.c: `page_b` is the database's page size. Each returns an SQLite result code.

struct diary_wal_look {
    bool damaged;          // it has lost more than a power cut can take
    bool holds_first_page; // the first page of the database is read from it, not from the file
};

// `database` is the file that the log belongs to.
int diary_wal_look(const char *vfs, const char *path, int64_t page_b, const char *database,
                   struct diary_wal_look *look);

// Writes the pages that a log has, as far as each frame of it is good by itself, into a database file.
int diary_wal_put_into(const char *vfs, const char *path, int64_t page_b, const char *database);

// diary_copy.c: copies of a damaged diary, to be searched.

// How a copy is made.
enum diary_copy {
    DIARY_COPY_AS_IT_IS,    // with its WAL as SQLite reads it
    DIARY_COPY_OF_ALL,      // the first page anew, and every page of the WAL that is good by itself put in
    DIARY_COPY_WITHOUT_WAL, // the first page anew
};

// Whether the damaged diary's WAL has lost more than a power cut can take: as it is, it shows an older state then. 0 or
// -errno, and the health set.
int diary_copy_look_at_log(struct diary *diary, const char *damaged_name, bool *is_spoilt);

// Whether an error of the card while a copy is searched puts the restoration off: damage can come as one, too, and the
// diary must not wait for ever for what the card will not give.
bool diary_copy_may_wait(struct diary *diary);

// Makes and opens it; what was there is removed. 0 and NULL when it is too damaged to be opened so; -errno, and the
// health set, when it could not be made, or another attempt may do better.
int diary_copy_open(struct diary *diary, const char *damaged_name, enum diary_copy how, struct diary **copy);
void diary_copy_close(struct diary *diary, struct diary *copy); // and removes it

// diary_place.c

// Whether the diary's name, and those that SQLite gives to what it keeps beside it, are of files, or of nothing yet. 0;
// or -EINVAL and the health DIARY_DAMAGED, which is none that anything is put aside for.
int diary_check_kinds(struct diary *diary);

// diary_scratch.c

// A file beside the diary as a connection of its own, open for writing, with nothing synced. `name` is its name in the
// state directory. NULL and the diary's health set when it cannot be had.
struct diary *diary_scratch_new(struct diary *beside, const char *name, int flags);
void diary_scratch_free(struct diary *scratch); // accepts NULL

// STATE/NAME. Without memory of its own: nothing that lies there must be taken for missing because memory is short.
// There is room for each name: diary_new has seen to that.
enum { DIARY_PATH_SIZE = PATH_MAX, DIARY_NAME_BESIDE_SIZE = 96 };
void diary_path_beside(const struct diary *diary, const char *name, char path[DIARY_PATH_SIZE]);

// Its size; 0 when it is missing. 0 or -errno, and the health set.
int diary_size_beside(struct diary *diary, const char *name, int64_t *size);

// Renames or removes a file in the state directory. 0 or -errno, and the health set.
int diary_move_beside(struct diary *diary, const char *from, const char *to);
int diary_remove_beside(struct diary *diary, const char *name);
int diary_sync_beside(struct diary *diary, const char *name); // the directory; NAME is in it

// diary_restore.c

// What a damaged diary is called while it is being dealt with, and when that is done; a date follows.
#define DIARY_MENDING_NAME "diary.db.mending"
#define DIARY_DAMAGED_NAME "diary.db.damaged"

// Puts the newest good backup, with what can be salvaged, into the place of a diary that is damaged; or that is
// missing, when something tells that there was one. Goes on where a crash has cut it off. 0 or -errno.
int diary_restore(struct diary *diary, bool is_damaged);

// The row of the table `upkeep` that tells of the last restoration.
int diary_put_restored(struct diary *diary, const struct diary_restored *restored);

// diary_salvage.c

// Adds to `into` what the damaged file still tells. 0 or -errno of `into`; what cannot be read is no failure.
int diary_salvage(struct diary *diary, const char *damaged_name, struct diary *into, struct diary_restored *result);

// diary_wanted.c

// Where a session of a damaged diary was found, and so what it is worth beside one that is known.
enum diary_found {
    DIARY_FOUND_WHOLE, // in a table that could be read to its end: it is the newest
    DIARY_FOUND_LOOSE, // in a page: the newest unless another page has a newer one
    DIARY_FOUND_OLD,   // in a page as it was before the log: only if it is not known at all
};

// Whether `into`, a diary in the making, lacks this state of a session. 0 or -errno, and the health of `into` set.
int diary_wants(struct diary *into, const struct session_record *found, enum diary_found how, bool *wanted);

// diary_backup.c

// Writes a backup; of `keep` that there are, this is the newest. 0 or -errno.
int diary_make_backup(struct diary *diary, int keep);

// The newest backup that is whole, from the n-th on: *number says which. -ENOENT: none; another -errno: memory is
// short.
int diary_find_backup(struct diary *diary, int *number);

// Whether the file is a whole diary, of this version or an older one. The health of `diary` stays: a copy that is
// damaged says nothing of it.
int diary_check_backup(struct diary *diary, const char *name);
bool diary_has_backup(const struct diary *diary, int number);
enum { DIARY_BACKUP_NAME_SIZE = 32 };
void diary_backup_name(int number, char name[DIARY_BACKUP_NAME_SIZE]);

// diary_migrate.c

// Brings a diary of an older version to this one, a transaction a step. 0 or -errno.
int diary_migrate(struct diary *diary);

#endif
