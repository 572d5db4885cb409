// Whether a session that was found in a damaged diary belongs into the one that takes its place.
#include "daemon/diary/fields.h"
#include "daemon/diary/inside.h"

// Runs a query and ends it: whether there is a row. 0 or -errno.
static int find(struct diary *into, sqlite3_stmt *statement, int result, bool *found) {
    if (result == SQLITE_OK) {
        result = sqlite3_step(statement);
    }
    sqlite3_finalize(statement);
    *found = result == SQLITE_ROW;
    return result == SQLITE_ROW || result == SQLITE_DONE ? 0 : diary_fail(into, result);
}

// The device starts one session at a time: a row that started when another one did is that one, its uuid spoilt.
static int is_known_otherwise(struct diary *into, const struct session_record *found, bool *known) {
    sqlite3_stmt *statement = NULL;
    const char sql[] = "SELECT 1 FROM session WHERE boot_id = ?1 AND counted_from_boot_ms = ?2 AND started_utc = ?3";
    if (found->boot_id[0] == '\0') {
        *known = false;
        return 0;
    }
    int result = sqlite3_prepare_v2(into->db, sql, -1, &statement, NULL);
    sqlite3_bind_text(statement, 1, found->boot_id, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, found->counted_from_boot_ms);
    sqlite3_bind_int64(statement, 3, found->started_utc_s);
    return find(into, statement, result, known);
}

// A session only ever grows, and once over it runs no more; what a correction has changed is seen where the table is
// whole.
static bool is_newer(const struct session_record *found, const struct session_record *present) {
    if (present->outcome == OUTCOME_RUNNING && found->outcome != OUTCOME_RUNNING) {
        return found->held_s >= present->held_s;
    }
    return found->held_s > present->held_s ||
           (found->held_s == present->held_s && found->outcome != OUTCOME_RUNNING && fields_differ(found, present));
}

static bool is_wanted_over(const struct session_record *found, const struct session_record *present,
                           enum diary_found how) {
    switch (how) {
    case DIARY_FOUND_WHOLE: // in any field: each of them may be what an edit was about
        return fields_differ(found, present);
    case DIARY_FOUND_LOOSE:
        return is_newer(found, present);
    case DIARY_FOUND_OLD:
        return false;
    }
    return false;
}

int diary_wants(struct diary *into, const struct session_record *found, enum diary_found how, bool *wanted) {
    sqlite3_stmt *statement = diary_statement(into, STATEMENT_FIND);
    if (statement == NULL) {
        return diary_health_error(into->health);
    }
    struct session_record present;
    bool wants = true; // of a row that is none, too
    int error = 0;
    sqlite3_bind_text(statement, 1, found->uuid, -1, SQLITE_STATIC);
    int result = sqlite3_step(statement);
    if (result == SQLITE_ROW) {
        result = diary_take_row(statement, &present);
        if (result == SQLITE_ROW) {
            wants = is_wanted_over(found, &present, how);
        }
    } else if (result == SQLITE_DONE && how != DIARY_FOUND_WHOLE) {
        bool known = false;
        error = is_known_otherwise(into, found, &known);
        wants = !known;
    }
    sqlite3_reset(statement);
    if (result != SQLITE_ROW && result != SQLITE_DONE && result != SQLITE_CORRUPT) {
        return diary_fail(into, result);
    }
    *wanted = wants;
    return error;
}
