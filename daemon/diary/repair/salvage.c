// Adds to a diary in the making what a damaged one still tells, by plain SQL on copies of it. In this order:
// - As it is. A table that can be read to its end, with every row valid and none missing that an index names, is what
//   the diary knew: it replaces the backup's.
// - Page by page, where that fails: the schema (page 1) is put anew, and every leaf in turn is taken for the root of
//   each table, so that what leads to a page need not be whole. Once with all that the WAL has, once without it.
// What validates and is not there yet, or is a newer state of what is there, is taken. What a change tells was taken
// away goes again in the end.
// writable_schema: https://sqlite.org/pragma.html; why a scan of a damaged file ends: the deadline here.
#include "daemon/diary/fields.h"
#include "daemon/diary/file.h"
#include "daemon/diary/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    SALVAGE_MS = 3000, // of processor: so that a start takes less than 5 s, whatever was damaged
    OPS_BETWEEN_LOOKS = 10000,
    KEY_SIZE = 64,
    VALUE_SIZE = 256,
};

struct salvage {
    struct diary *diary;
    struct diary *into;
    struct diary *from; // the copy, open
    struct diary_restored *result;
    const char *damaged; // its name
    int64_t until_ms;
    int error;              // of `into`, or memory that is short: ends everything
    enum diary_found found; // by this pass
    bool log_spoilt;        // SQLite sees less of it than was written
    bool new_schema;        // the copy's: it can be read, whatever was damaged
};

// Of this thread's own work: a machine that is busy with something else is no reason to find less.
static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int is_late(void *context) {
    const struct salvage *salvage = context;
    return now_ms() >= salvage->until_ms;
}

// Damage is what the copy is searched in spite of; memory that is short, a card that is full and a lock say nothing
// about it, and are worth another attempt. Whether the result is one of these.
static bool is_no_damage(struct salvage *salvage, int result) {
    int primary = result & 0xff;
    bool of_card = primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN || primary == SQLITE_READONLY ||
                   (primary == SQLITE_CORRUPT && diary_card_has_failed(salvage->from));
    bool is_one = diary_file_is_short_of_memory(result) || primary == SQLITE_FULL || primary == SQLITE_BUSY ||
                  (of_card && diary_copy_may_wait(salvage->diary));
    if (is_one && salvage->error == 0) {
        salvage->error = diary_fail(salvage->diary, primary == SQLITE_CORRUPT ? SQLITE_IOERR : result);
    }
    return is_one;
}

static void run_on_copy(struct salvage *salvage, const char *sql) {
    is_no_damage(salvage, sqlite3_exec(salvage->from->db, sql, NULL, NULL, NULL));
}

// Whether a row that could not be taken could not for want of memory.
static void look_for_memory(struct salvage *salvage) {
    is_no_damage(salvage, sqlite3_errcode(salvage->from->db));
}

// ---- the rows ----

static bool text_is_plain(sqlite3_stmt *statement, int at, int size_max) {
    const unsigned char *text = sqlite3_column_text(statement, at);
    int size = sqlite3_column_bytes(statement, at);
    if (text == NULL || size >= size_max) {
        return false;
    }
    for (int i = 0; i < size; i++) {
        if (text[i] < ' ') {
            return false;
        }
    }
    return true;
}

// Runs a statement on `into` with the first columns of a row, whatever they are.
static void put_columns(struct salvage *salvage, sqlite3_stmt *row, const char *sql) {
    sqlite3_stmt *statement = NULL;
    int result = sqlite3_prepare_v2(salvage->into->db, sql, -1, &statement, NULL);
    if (result == SQLITE_OK) {
        for (int i = 1; i <= sqlite3_bind_parameter_count(statement); i++) {
            sqlite3_bind_value(statement, i, sqlite3_column_value(row, i - 1));
        }
        result = sqlite3_step(statement);
    }
    sqlite3_finalize(statement);
    if (result != SQLITE_DONE) {
        salvage->error = diary_fail(salvage->into, result);
    }
}

static bool take_session(struct salvage *salvage, sqlite3_stmt *statement) {
    struct session_record found;
    if (!diary_row_is_valid(statement) || diary_take_row(statement, &found) != SQLITE_ROW) {
        return false;
    }
    bool wanted = false;
    salvage->error = diary_wants(salvage->into, &found, salvage->found, &wanted);
    // A page alone may be one from before the note; the whole table knows that it was taken away.
    static char no_note[] = "";
    if (found.note == NULL && salvage->found == DIARY_FOUND_WHOLE) {
        found.note = no_note;
    }
    if (salvage->error == 0 && wanted) {
        salvage->error = diary_put_session(salvage->into, &found);
    }
    if (salvage->error == 0 && wanted) {
        put_columns(salvage, statement, "INSERT OR IGNORE INTO temp.taken VALUES(?1)");
    }
    return true;
}

static bool note_uuid(struct salvage *salvage, sqlite3_stmt *statement, const char *sql) {
    const unsigned char *uuid = sqlite3_column_text(statement, 0);
    if (uuid == NULL || !diary_uuid_is_valid((const char *)uuid)) {
        return false;
    }
    put_columns(salvage, statement, sql);
    return true;
}

static bool take_seen(struct salvage *salvage, sqlite3_stmt *statement) {
    return diary_row_is_valid(statement) && note_uuid(salvage, statement, "INSERT OR IGNORE INTO temp.seen VALUES(?1)");
}

static bool take_named(struct salvage *salvage, sqlite3_stmt *statement) {
    return note_uuid(salvage, statement, "INSERT OR IGNORE INTO temp.named VALUES(?1)");
}

static bool note_night(struct salvage *salvage, sqlite3_stmt *statement, const char *sql) {
    int32_t night;
    const unsigned char *text = sqlite3_column_text(statement, 0);
    if (sqlite3_column_type(statement, 0) != SQLITE_TEXT || text == NULL || !night_parse((const char *)text, &night)) {
        return false;
    }
    put_columns(salvage, statement, sql);
    return true;
}

static bool take_night(struct salvage *salvage, sqlite3_stmt *statement) {
    return note_night(salvage, statement, "INSERT OR IGNORE INTO away(night) VALUES(?1)");
}

static bool take_seen_night(struct salvage *salvage, sqlite3_stmt *statement) {
    return note_night(salvage, statement, "INSERT OR IGNORE INTO temp.seen_night VALUES(?1)");
}

static bool take_named_night(struct salvage *salvage, sqlite3_stmt *statement) {
    return note_night(salvage, statement, "INSERT OR IGNORE INTO temp.named_night VALUES(?1)");
}

static bool is_text_or_null(sqlite3_stmt *statement, int at) {
    int type = sqlite3_column_type(statement, at);
    return type == SQLITE_TEXT || type == SQLITE_NULL;
}

static bool take_change(struct salvage *salvage, sqlite3_stmt *statement) {
    if (sqlite3_column_type(statement, 0) != SQLITE_INTEGER || sqlite3_column_type(statement, 1) != SQLITE_TEXT ||
        !text_is_plain(statement, 1, KEY_SIZE) || !is_text_or_null(statement, 2) || !is_text_or_null(statement, 3)) {
        return false;
    }
    put_columns(salvage, statement,
                "INSERT INTO change(at_utc, what, before, after) SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS"
                " (SELECT 1 FROM change WHERE at_utc = ?1 AND what = ?2 AND before IS ?3 AND after IS ?4)");
    return true;
}

static bool take_setting(struct salvage *salvage, sqlite3_stmt *statement) {
    if (sqlite3_column_type(statement, 0) != SQLITE_TEXT || sqlite3_column_type(statement, 1) != SQLITE_TEXT ||
        !text_is_plain(statement, 0, KEY_SIZE) || !text_is_plain(statement, 1, VALUE_SIZE)) {
        return false;
    }
    put_columns(salvage, statement,
                salvage->found == DIARY_FOUND_OLD ? "INSERT OR IGNORE INTO setting(key, value) VALUES(?1, ?2)"
                                                  : "INSERT OR REPLACE INTO setting(key, value) VALUES(?1, ?2)");
    return true;
}

// ---- scans ----

typedef bool take_columns(struct salvage *salvage, sqlite3_stmt *statement);

static int prepare(const struct salvage *salvage, const char *text, int64_t version, sqlite3_stmt **statement) {
    char sql[FIELDS_SQL_SIZE];
    fields_sql(text, version, sql);
    return sqlite3_prepare_v2(salvage->from->db, sql, -1, statement, NULL);
}

// Hands on row after row. Whether all of it could be read, and was taken. What a copy says of its version is believed
// only where it has not the columns of this one.
static bool scan(struct salvage *salvage, const char *text, take_columns *take) {
    sqlite3_stmt *statement = NULL;
    bool whole = true;
    int result = prepare(salvage, text, DIARY_VERSION, &statement);
    if (result == SQLITE_ERROR) {
        result = prepare(salvage, text, salvage->from->version, &statement);
    }
    if (result == SQLITE_OK) {
        while (salvage->error == 0 && (result = sqlite3_step(statement)) == SQLITE_ROW) {
            if (!take(salvage, statement)) {
                whole = false;
                look_for_memory(salvage);
            }
        }
    }
    sqlite3_finalize(statement);
    // While a schema may be written, SQLite keeps an error of reading it to itself, and knows no table then.
    if (salvage->new_schema && result == SQLITE_ERROR) {
        result = SQLITE_IOERR;
    }
    return !is_no_damage(salvage, result) && whole && result == SQLITE_DONE;
}

// From both ends: what is damaged in the middle keeps neither from what lies before it.
static void scan_both(struct salvage *salvage, const char *columns, const char *table, take_columns *take) {
    char sql[512];
    snprintf(sql, sizeof sql, "SELECT %s FROM %s NOT INDEXED ORDER BY rowid", columns, table);
    if (!scan(salvage, sql, take)) {
        snprintf(sql, sizeof sql, "SELECT %s FROM %s NOT INDEXED ORDER BY rowid DESC", columns, table);
        scan(salvage, sql, take);
    }
}

static void scan_tables(struct salvage *salvage) {
    scan_both(salvage, "at_utc, what, before, after", "change", take_change);
    scan_both(salvage, "key, value", "setting", take_setting);
    scan_both(salvage, "night", "away", take_night);
    scan_both(salvage, "{columns}", "session", take_session);
}

static void change_into(struct salvage *salvage, const char *sql) {
    if (salvage->error == 0) {
        salvage->error = diary_run(salvage->into, sql);
    }
}

static int64_t count_into(struct salvage *salvage, const char *sql) {
    int64_t count = 0;
    if (salvage->error == 0) {
        salvage->error = diary_ask_number(salvage->into, sql, &count);
    }
    return count;
}

// The file as it is. Whether all that it knew of sessions and away nights has been taken.
static bool take_as_it_is(struct salvage *salvage) {
    bool sessions = scan(salvage, "SELECT {columns} FROM session NOT INDEXED", take_seen);
    sessions = scan(salvage, "SELECT uuid FROM session INDEXED BY sqlite_autoindex_session_1", take_named) && sessions;
    sessions = sessions && count_into(salvage, "SELECT count(*) FROM temp.named WHERE uuid NOT IN temp.seen") == 0;
    bool nights = scan(salvage, "SELECT night FROM away NOT INDEXED", take_seen_night) && !salvage->log_spoilt;
    nights = scan(salvage, "SELECT night FROM away INDEXED BY sqlite_autoindex_away_1", take_named_night) && nights;
    nights =
        nights && count_into(salvage, "SELECT count(*) FROM temp.named_night WHERE night NOT IN temp.seen_night") == 0;
    sessions = sessions && !salvage->log_spoilt;
    salvage->found = sessions ? DIARY_FOUND_WHOLE : DIARY_FOUND_LOOSE;
    scan_tables(salvage);
    if (sessions) {
        change_into(salvage, "DELETE FROM session WHERE uuid NOT IN temp.seen");
    }
    if (nights) {
        change_into(salvage, "DELETE FROM away WHERE night NOT IN temp.seen_night");
    }
    return sessions && nights;
}

// ---- page by page ----

// A copy for the passes to come. A page with one bad cell is read for the others: each row is looked at closely anyway.
static bool open_copy(struct salvage *salvage, enum diary_copy how) {
    salvage->error = diary_copy_open(salvage->diary, salvage->damaged, how, &salvage->from);
    if (salvage->error != 0 || salvage->from == NULL) {
        return false;
    }
    salvage->new_schema = how != DIARY_COPY_AS_IT_IS;
    // What cannot be read of its version says so again at the first row that is asked for.
    if (diary_ask_number(salvage->from, "PRAGMA user_version", &salvage->from->version) != 0) {
        look_for_memory(salvage);
    }
    sqlite3_db_config(salvage->from->db, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
    sqlite3_progress_handler(salvage->from->db, OPS_BETWEEN_LOOKS, is_late, salvage);
    run_on_copy(salvage, "PRAGMA cell_size_check = OFF; PRAGMA writable_schema = ON");
    return true;
}

static void close_copy(struct salvage *salvage) {
    diary_copy_close(salvage->diary, salvage->from);
    salvage->from = NULL;
}

static bool root_at(struct salvage *salvage, int64_t page) {
    char sql[256];
    snprintf(sql, sizeof sql,
             "UPDATE sqlite_schema SET rootpage = %lld WHERE type = 'table'"
             " AND name IN ('session', 'away', 'change', 'setting'); PRAGMA writable_schema = RESET;"
             "PRAGMA writable_schema = ON",
             (long long)page);
    int result = sqlite3_exec(salvage->from->db, sql, NULL, NULL, NULL);
    return !is_no_damage(salvage, result) && result == SQLITE_OK;
}

// Whether rows can lie in the page itself: the others are reached from such pages, or lead to them. One that cannot be
// read now is left to SQLite, which says why (https://sqlite.org/fileformat.html 1.6).
static bool may_hold_rows(const struct salvage *salvage, int64_t page, int64_t page_b) {
    enum { LEAF_OF_TABLE = 0x0d };
    const struct diary *from = salvage->from;
    unsigned char kind = LEAF_OF_TABLE;
    int result = diary_file_read(from->vfs, from->path, &kind, sizeof kind, (page - 1) * page_b);
    return result != SQLITE_OK || kind == LEAF_OF_TABLE;
}

// Page by page, the newest first: that is where a backup ends, should time be short.
static void take_pages(struct salvage *salvage) {
    int64_t pages = 0, page_b = 0;
    // The copy is thrown away whatever happens: a journal in a file would be written, and removed, for each page.
    run_on_copy(salvage, "PRAGMA journal_mode = MEMORY");
    if (diary_ask_number(salvage->from, "PRAGMA page_count", &pages) != 0 ||
        diary_ask_number(salvage->from, "PRAGMA page_size", &page_b) != 0) {
        look_for_memory(salvage);
        return;
    }
    for (int64_t page = pages; page >= 2 && salvage->error == 0 && !is_late(salvage); page--) {
        if (may_hold_rows(salvage, page, page_b) && root_at(salvage, page)) {
            scan_tables(salvage);
        }
    }
}

// What the changes say was taken away may stand in the backup, and in pages that have lost their place. An import since
// then may have brought it back.
static void take_away(struct salvage *salvage) {
    change_into(salvage, "DELETE FROM session WHERE EXISTS"
                         " (SELECT 1 FROM change AS gone WHERE what = 'delete' AND before LIKE '%' || uuid || '%' AND"
                         "  NOT EXISTS (SELECT 1 FROM change WHERE what = 'import' AND at_utc >= gone.at_utc))");
    change_into(salvage, "DELETE FROM away WHERE"
                         " (SELECT after IS NULL FROM change WHERE what = 'import' OR"
                         "  (what = 'away' AND coalesce(before, after) LIKE '%' || night || '%')"
                         "  ORDER BY at_utc DESC, id DESC LIMIT 1)");
}

int diary_salvage(struct diary *diary, const char *damaged_name, struct diary *into, struct diary_restored *result) {
    struct salvage salvage = {
        .diary = diary, .into = into, .result = result, .damaged = damaged_name, .until_ms = now_ms() + SALVAGE_MS};
    change_into(&salvage, "CREATE TEMP TABLE seen(uuid TEXT PRIMARY KEY);"
                          "CREATE TEMP TABLE named(uuid TEXT PRIMARY KEY);"
                          "CREATE TEMP TABLE taken(uuid TEXT PRIMARY KEY);"
                          "CREATE TEMP TABLE seen_night(night TEXT PRIMARY KEY);"
                          "CREATE TEMP TABLE named_night(night TEXT PRIMARY KEY)");
    if (salvage.error == 0) {
        salvage.error = diary_copy_look_at_log(diary, damaged_name, &salvage.log_spoilt);
    }
    if (salvage.error == 0 && open_copy(&salvage, DIARY_COPY_AS_IT_IS)) {
        result->complete = take_as_it_is(&salvage);
        close_copy(&salvage);
    }
    static const struct {
        enum diary_copy copy;
        enum diary_found found;
    } rest[] = {{DIARY_COPY_OF_ALL, DIARY_FOUND_LOOSE}, {DIARY_COPY_WITHOUT_WAL, DIARY_FOUND_OLD}};
    for (int i = 0; i < 2 && !result->complete && salvage.error == 0; i++) {
        if (open_copy(&salvage, rest[i].copy)) {
            salvage.found = rest[i].found;
            take_pages(&salvage);
            close_copy(&salvage);
        }
    }
    if (!result->complete) {
        take_away(&salvage);
        result->lost = count_into(&salvage, "SELECT count(*) FROM temp.named WHERE uuid NOT IN"
                                            " (SELECT uuid FROM session) AND NOT EXISTS (SELECT 1 FROM change"
                                            " WHERE what = 'delete' AND before LIKE '%' || named.uuid || '%')");
    }
    result->salvaged = count_into(&salvage, "SELECT count(*) FROM temp.taken WHERE uuid IN (SELECT uuid FROM session)");
    change_into(&salvage, "DROP TABLE temp.seen; DROP TABLE temp.named; DROP TABLE temp.taken;"
                          "DROP TABLE temp.seen_night; DROP TABLE temp.named_night");
    return salvage.error;
}
