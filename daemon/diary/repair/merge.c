// Whether a session that was found in a damaged diary belongs into the one that takes its place.
#include "daemon/diary/inside.h"

#include <string.h>

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

static bool texts_differ(const struct session_record *one, const struct session_record *other) {
    const char *note = one->note != NULL ? one->note : "";
    const char *other_note = other->note != NULL ? other->note : "";
    return strcmp(one->zone, other->zone) != 0 || strcmp(one->routine, other->routine) != 0 ||
           strcmp(one->variant, other->variant) != 0 || strcmp(one->boot_id, other->boot_id) != 0 ||
           strcmp(note, other_note) != 0;
}

// In any field: each of them may be what an edit was about.
static bool differs(const struct session_record *one, const struct session_record *other) {
    return one->night != other->night || one->started_utc_s != other->started_utc_s ||
           one->utc_offset_s != other->utc_offset_s || one->clock != other->clock ||
           one->planned_s != other->planned_s || one->held_s != other->held_s || one->overtime_s != other->overtime_s ||
           one->outcome != other->outcome || one->outcome_was != other->outcome_was ||
           one->counted_from_boot_ms != other->counted_from_boot_ms ||
           one->paused_at_boot_ms != other->paused_at_boot_ms || texts_differ(one, other);
}

// A session only ever grows, and once over it runs no more; what a correction has changed is seen where the table is
// whole.
static bool is_newer(const struct session_record *found, const struct session_record *present) {
    if (present->outcome == OUTCOME_RUNNING && found->outcome != OUTCOME_RUNNING) {
        return found->held_s >= present->held_s;
    }
    return found->held_s > present->held_s ||
           (found->held_s == present->held_s && found->outcome != OUTCOME_RUNNING && differs(found, present));
}

static bool is_wanted_over(const struct session_record *found, const struct session_record *present,
                           enum diary_found how) {
    switch (how) {
    case DIARY_FOUND_WHOLE:
        return differs(found, present);
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
