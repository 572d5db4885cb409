// Whether the diary is whole: its structure by SQLite's own checks, its rows by ours. SQLite keeps no checksums of the
// database: a value that has changed on the card shows only when it is none that could have been written.
#include "daemon/diary/fields.h"
#include "daemon/diary/inside.h"

#include <string.h>

enum {
    // Up to this size the quick check fits into a start; of what is larger only the rows are read.
    QUICK_MAX_B = 64 * 1024 * 1024,
    UUID_LENGTH = UUID_SIZE - 1,
};

bool diary_uuid_is_valid(const char *uuid) {
    size_t length = strlen(uuid);
    if (length != UUID_LENGTH) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? uuid[i] != '-' : strchr("0123456789abcdefABCDEF", uuid[i]) == NULL) {
            return false;
        }
    }
    return true;
}

// Nothing narrower than what an import takes: sessions may lie ahead, held may exceed planned. Of a text, all of it: an
// end within is none that was written.
static bool column_is_valid(sqlite3_stmt *statement, int at, const struct field *field) {
    int type = sqlite3_column_type(statement, at);
    if (type == SQLITE_NULL) {
        return field_may_be_missing(field);
    }
    if (type != (field_is_text(field) ? SQLITE_TEXT : SQLITE_INTEGER)) {
        return false;
    }
    if (type == SQLITE_INTEGER) {
        return field_can_be(field, sqlite3_column_int64(statement, at));
    }
    const unsigned char *text = sqlite3_column_text(statement, at);
    size_t size = (size_t)sqlite3_column_bytes(statement, at);
    return text != NULL && strlen((const char *)text) == size && field_has_room(field, size);
}

bool diary_row_is_valid(sqlite3_stmt *statement) {
    struct session_record session;
    for (size_t i = 0; i < field_count; i++) {
        if (!column_is_valid(statement, (int)i, &fields[i])) {
            return false;
        }
    }
    return diary_take_row(statement, &session) == SQLITE_ROW && diary_uuid_is_valid(session.uuid);
}

static bool night_is_valid(sqlite3_stmt *statement) {
    int32_t night;
    const unsigned char *text = sqlite3_column_text(statement, 0);
    return text != NULL && night_parse((const char *)text, &night);
}

// Every row of a query must satisfy.
static int check_rows(struct diary *diary, const char *text, bool (*is_valid)(sqlite3_stmt *statement)) {
    char sql[FIELDS_SQL_SIZE];
    fields_sql(text, diary->version, sql);
    sqlite3_stmt *statement = NULL;
    bool valid = true;
    int result = sqlite3_prepare_v2(diary->db, sql, -1, &statement, NULL);
    if (result == SQLITE_OK) {
        while (valid && (result = sqlite3_step(statement)) == SQLITE_ROW) {
            valid = is_valid(statement);
        }
    }
    bool no_memory = !valid && sqlite3_errcode(diary->db) == SQLITE_NOMEM;
    sqlite3_finalize(statement);
    if (no_memory) {
        return diary_fail(diary, SQLITE_NOMEM);
    }
    return !valid ? diary_refuse(diary, DIARY_DAMAGED) : result == SQLITE_DONE ? 0 : diary_fail(diary, result);
}

// A page that could not be had for want of memory may be called damage: it is that if it is found twice.
static int check_structure(struct diary *diary, const char *pragma) {
    char verdict[16];
    int error = diary_ask_text(diary, pragma, verdict, sizeof verdict);
    if (error == 0 && strcmp(verdict, "ok") != 0) {
        error = diary_ask_text(diary, pragma, verdict, sizeof verdict);
    }
    return error != 0 ? error : strcmp(verdict, "ok") == 0 ? 0 : diary_refuse(diary, DIARY_DAMAGED);
}

int diary_check(struct diary *diary) {
    return diary->db != NULL ? check_structure(diary, "PRAGMA quick_check(1)") : diary_health_error(diary->health);
}

static int check_foreign_keys(struct diary *diary) {
    int64_t wrong;
    int error = diary_ask_number(diary, "SELECT count(*) FROM pragma_foreign_key_check", &wrong);
    return error != 0 ? error : wrong == 0 ? 0 : diary_refuse(diary, DIARY_DAMAGED);
}

int diary_check_whole(struct diary *diary, int64_t thorough_max_b) {
    int64_t pages, page_b;
    int error = diary_ask_number(diary, "PRAGMA page_count", &pages);
    if (error == 0) {
        error = diary_ask_number(diary, "PRAGMA page_size", &page_b);
    }
    if (error != 0) {
        return error;
    }
    if (pages * page_b <= thorough_max_b) {
        error = check_structure(diary, "PRAGMA integrity_check(1)");
        if (error == 0) {
            error = check_foreign_keys(diary);
        }
    } else if (pages * page_b <= QUICK_MAX_B) {
        error = check_structure(diary, "PRAGMA quick_check(1)");
    }
    if (error == 0) {
        error = check_rows(diary, "SELECT {columns} FROM session", diary_row_is_valid);
    }
    return error == 0 ? check_rows(diary, "SELECT night FROM away", night_is_valid) : error;
}
