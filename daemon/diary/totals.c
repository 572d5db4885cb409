// What the habit needs of every session, and no more: a hundred years of them are read on a slow board at every look.
#include "daemon/diary/inside.h"

#include <string.h>

static bool is_waiting(const struct diary *diary, const char *uuid) {
    for (size_t i = 0; i < diary->outbox.session_count; i++) {
        if (uuid != NULL && strcmp(diary->outbox.sessions[i].uuid, uuid) == 0) {
            return true;
        }
    }
    return false;
}

// One row of STATEMENT_HELD. SQLITE_ROW once it is counted; SQLITE_CORRUPT when a value is none that Karani writes.
static int count_row(struct diary *diary, sqlite3_stmt *statement, diary_take_held *take, void *context, int *taken) {
    const char *night_text = (const char *)sqlite3_column_text(statement, 0);
    const char *outcome_text = (const char *)sqlite3_column_text(statement, 2);
    int32_t night = NIGHT_NONE;
    enum outcome outcome;
    if (sqlite3_errcode(diary->db) == SQLITE_NOMEM) {
        return SQLITE_NOMEM;
    }
    if ((night_text != NULL && !night_parse(night_text, &night)) || outcome_text == NULL ||
        !outcome_parse(outcome_text, &outcome) || sqlite3_column_type(statement, 1) != SQLITE_INTEGER) {
        return SQLITE_CORRUPT;
    }
    if (outcome == OUTCOME_NOT_MINE ||
        (diary->outbox.session_count > 0 && is_waiting(diary, (const char *)sqlite3_column_text(statement, 3)))) {
        return SQLITE_ROW;
    }
    *taken = take(context, night, sqlite3_column_int64(statement, 1));
    return SQLITE_ROW;
}

static int count_saved(struct diary *diary, diary_take_held *take, void *context, int *taken) {
    if (diary->db == NULL) {
        return diary->for_reading ? 0 : diary_health_error(diary->health);
    }
    sqlite3_stmt *statement = diary_statement(diary, STATEMENT_HELD);
    if (statement == NULL) {
        return diary_health_error(diary->health);
    }
    int result = SQLITE_ROW;
    while (*taken == 0 && result == SQLITE_ROW && (result = sqlite3_step(statement)) == SQLITE_ROW) {
        result = count_row(diary, statement, take, context, taken);
    }
    sqlite3_reset(statement);
    return result == SQLITE_ROW || result == SQLITE_DONE ? 0 : diary_fail(diary, result);
}

int diary_each_held(struct diary *diary, diary_take_held *take, void *context) {
    int taken = 0;
    int error = count_saved(diary, take, context, &taken);
    // What waits counts even when the card cannot be read.
    for (size_t i = 0; i < diary->outbox.session_count && taken == 0; i++) {
        const struct session_record *session = &diary->outbox.sessions[i];
        if (session->outcome != OUTCOME_NOT_MINE) {
            taken = take(context, session->night, session->held_s);
        }
    }
    return taken != 0 ? taken : error;
}
