// The diary's SQL: its schema, and every statement that reads or writes it. fields_sql() puts a session's fields in.
#include "daemon/diary/fields.h"
#include "daemon/diary/inside.h"

#include <assert.h>
#include <stdio.h>

static const char SCHEMA[] = //
    "CREATE TABLE session("
    " id INTEGER PRIMARY KEY,"
    " {definitions}"
    ") STRICT;"
    "CREATE TABLE away(night TEXT PRIMARY KEY NOT NULL) STRICT;"
    "CREATE TABLE change("
    " id INTEGER PRIMARY KEY,"
    " at_utc INTEGER NOT NULL,"
    " what TEXT NOT NULL,"
    " before TEXT,"
    " after TEXT"
    ") STRICT;"
    "CREATE TABLE setting(key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT;"
    "CREATE TABLE upkeep(" // since version 2: what was done for the diary itself, and when last
    " what TEXT PRIMARY KEY NOT NULL,"
    " at_utc INTEGER NOT NULL,"
    " boot_id TEXT NOT NULL,"
    " boot_ms INTEGER NOT NULL,"
    " facts TEXT NOT NULL"
    ") STRICT;";

static const char *const STATEMENTS[STATEMENT_COUNT] = {
    [STATEMENT_BEGIN] = "BEGIN IMMEDIATE",
    [STATEMENT_COMMIT] = "COMMIT",
    [STATEMENT_ROLLBACK] = "ROLLBACK",
    [STATEMENT_SAVE] = "INSERT INTO session({columns}) VALUES({values}) ON CONFLICT(uuid) DO UPDATE SET {updates}",
    [STATEMENT_EACH] = "SELECT {columns} FROM session ORDER BY started_utc, uuid",
    [STATEMENT_HELD] = "SELECT night, held_s, outcome, uuid FROM session",
    [STATEMENT_INTERRUPT] =
        "UPDATE session SET outcome = 'interrupted' WHERE outcome = 'running' AND boot_id IS NOT ?1",
    [STATEMENT_EACH_AWAY] = "SELECT night FROM away ORDER BY night",
    [STATEMENT_AWAY_MARK] = "INSERT OR IGNORE INTO away(night) VALUES(?1)",
    [STATEMENT_AWAY_CLEAR] = "DELETE FROM away WHERE night = ?1",
    [STATEMENT_TAKE_OUT] = "DELETE FROM session WHERE uuid = ?1",
    [STATEMENT_CHANGE] = "INSERT INTO change(at_utc, what, before, after) VALUES(?1, ?2, ?3, ?4)",
    [STATEMENT_GET] = "SELECT value FROM setting WHERE key = ?1",
    [STATEMENT_SET] = ("INSERT INTO setting(key, value) VALUES(?1, ?2)"
                       " ON CONFLICT(key) DO UPDATE SET value = ?2 WHERE value IS NOT ?2"),
    [STATEMENT_UNSET] = "DELETE FROM setting WHERE key = ?1",
    // A session that was added or imported, of no boot, may lie ahead; when it came in its change tells.
    [STATEMENT_LAST_TIME] =
        ("SELECT max(coalesce((SELECT max(started_utc + held_s) FROM session WHERE boot_id <> ''), 0),"
         " coalesce((SELECT max(at_utc) FROM change), 0))"),
    [STATEMENT_FIND] = "SELECT {columns} FROM session WHERE uuid = ?1",
    // A commit whose sync failed may have reached the card all the same.
    [STATEMENT_CHANGE_ONCE] = ("INSERT INTO change(at_utc, what, before, after) SELECT ?1, ?2, ?3, ?4"
                               " WHERE NOT EXISTS (SELECT 1 FROM change WHERE at_utc = ?1 AND what = ?2"
                               " AND before IS ?3 AND after IS ?4)"),
    [STATEMENT_CARE] = "SELECT at_utc, boot_id, boot_ms, facts FROM upkeep WHERE what = ?1",
    [STATEMENT_CARE_SET] = ("INSERT INTO upkeep(what, at_utc, boot_id, boot_ms, facts) VALUES(?1, ?2, ?3, ?4, ?5)"
                            " ON CONFLICT(what) DO UPDATE SET at_utc = ?2, boot_id = ?3, boot_ms = ?4, facts = ?5"),
};

int diary_make_schema(struct diary *diary) {
    char text[sizeof SCHEMA + 128], sql[FIELDS_SQL_SIZE];
    snprintf(text, sizeof text, "BEGIN IMMEDIATE; %s PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
             SCHEMA, DIARY_APPLICATION_ID, DIARY_VERSION);
    fields_sql(text, DIARY_VERSION, sql);
    diary->version = DIARY_VERSION;
    return diary_run(diary, sql);
}

void diary_forget_statements(struct diary *diary) {
    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        sqlite3_finalize(diary->statements[i]);
        diary->statements[i] = NULL;
    }
}

int diary_prepare_all(struct diary *diary) {
    for (int which = 0; which < STATEMENT_COUNT; which++) {
        if (diary_statement(diary, (enum statement)which) == NULL) {
            return diary_health_error(diary->health);
        }
    }
    return 0;
}

sqlite3_stmt *diary_statement(struct diary *diary, enum statement which) {
    if (diary->statements[which] == NULL) {
        char sql[FIELDS_SQL_SIZE];
        fields_sql(STATEMENTS[which], diary->version, sql);
        int result = sqlite3_prepare_v3(diary->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &diary->statements[which], NULL);
        if (result != SQLITE_OK) {
            diary_fail(diary, result);
            return NULL;
        }
    }
    assert(!sqlite3_stmt_busy(diary->statements[which]));
    return diary->statements[which];
}
