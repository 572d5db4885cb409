// What the files of the diary share with each other and with nobody else.
#ifndef KARANI_DAEMON_DIARY_INSIDE_H
#define KARANI_DAEMON_DIARY_INSIDE_H

#include "daemon/diary.h"

#include <sqlite3.h>

enum statement {
    STATEMENT_BEGIN,
    STATEMENT_COMMIT,
    STATEMENT_ROLLBACK,
    STATEMENT_SAVE,
    STATEMENT_EACH,
    STATEMENT_LAST,
    STATEMENT_INTERRUPT,
    STATEMENT_EACH_AWAY,
    STATEMENT_AWAY_MARK,
    STATEMENT_AWAY_CLEAR,
    STATEMENT_CHANGE,
    STATEMENT_GET,
    STATEMENT_SET,
    STATEMENT_UNSET,
    STATEMENT_LAST_TIME,
    STATEMENT_COUNT,
};

// Invariants:
// 1. A row in `pending` is not known to be on the card in that state; a row that was acknowledged is.
// 2. `pending` holds each uuid at most once, in the order in which they came.
// 3. `writable` implies `db`; without `db` there are no statements.
struct diary {
    char *state_dir;
    char *path; // STATE/diary.db
    char *mark; // STATE/diary.db-distrusted, see diary_distrust
    char *vfs;  // NULL: SQLite's own
    bool for_reading;
    bool writable;
    bool distrusted;
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENT_COUNT]; // prepared at their first use, kept
    enum diary_health health;
    struct diary_session pending[DIARY_PENDING_MAX];
    size_t pending_count;
};

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

// diary_result.c

// Notes what a result code means; after a failed sync the connection is closed. Returns -errno.
int diary_fail(struct diary *diary, int result);

// The error that stands for a health; 0 for DIARY_GOOD.
int diary_health_error(enum diary_health health);

// diary_schema.c

// NULL and the health set when it cannot be prepared.
sqlite3_stmt *diary_statement(struct diary *diary, enum statement which);

// Makes the tables, application_id and user_version in one transaction. 0 or -errno.
int diary_make_schema(struct diary *diary);

// diary_write.c

// Writes what waits and one more row (or NULL) in one transaction, connecting anew when need be.
int diary_write_waiting(struct diary *diary, const struct diary_session *session);

#endif
