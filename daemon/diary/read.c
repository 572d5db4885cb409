// What the diary reads: sessions in their order, away nights, lasting choices, the latest time it knows.
#include "daemon/diary/fields.h"
#include "daemon/diary/inside.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *column_text(sqlite3_stmt *statement, int at) {
    const unsigned char *text = sqlite3_column_text(statement, at);
    return text == NULL ? "" : (const char *)text;
}

// What has become of a row whose columns were read: SQLITE_ROW; SQLITE_CORRUPT when a value is none that Karani writes;
// SQLITE_NOMEM when a column could not be had for want of memory, which looks like an empty one.
static int row_result(sqlite3_stmt *statement, bool understood) {
    if (sqlite3_errcode(sqlite3_db_handle(statement)) == SQLITE_NOMEM) {
        return SQLITE_NOMEM;
    }
    return understood ? SQLITE_ROW : SQLITE_CORRUPT;
}

int diary_take_row(sqlite3_stmt *statement, struct session_record *session) {
    bool understood = true;
    memset(session, 0, sizeof *session);
    for (size_t i = 0; i < field_count; i++) {
        if (field_is_text(&fields[i])) {
            const char *text = (const char *)sqlite3_column_text(statement, (int)i);
            understood = field_set_text(&fields[i], text, session) && understood;
        } else {
            field_set_number(&fields[i], sqlite3_column_int64(statement, (int)i), session);
        }
    }
    return row_result(statement, understood);
}

static int compare(const struct session_record *one, const struct session_record *other) {
    if (one->started_utc_s != other->started_utc_s) {
        return one->started_utc_s < other->started_utc_s ? -1 : 1;
    }
    return strcmp(one->uuid, other->uuid);
}

static int compare_waiting(const void *one, const void *other) {
    return compare(*(const struct session_record *const *)one, *(const struct session_record *const *)other);
}

// The rows that wait, in their order, and how many of them have been handed on.
struct waiting {
    const struct session_record *rows[DIARY_PENDING_MAX];
    size_t count;
    size_t done;
    bool stopped; // `take` wants no more
};

static struct waiting sort_waiting(const struct diary *diary) {
    struct waiting waiting = {.count = diary->outbox.session_count};
    for (size_t i = 0; i < waiting.count; i++) {
        waiting.rows[i] = &diary->outbox.sessions[i];
    }
    qsort(waiting.rows, waiting.count, sizeof(const struct session_record *), compare_waiting);
    return waiting;
}

static bool is_waiting(const struct waiting *waiting, const char *uuid) {
    for (size_t i = 0; i < waiting->count; i++) {
        if (strcmp(waiting->rows[i]->uuid, uuid) == 0) {
            return true;
        }
    }
    return false;
}

// Hands on the rows that wait and come before `bound` (NULL: all of them).
static int hand_on_waiting(struct waiting *waiting, const struct session_record *bound, diary_take_session *take,
                           void *context) {
    int error = 0;
    while (error == 0 && waiting->done < waiting->count &&
           (bound == NULL || compare(waiting->rows[waiting->done], bound) < 0)) {
        error = take(context, waiting->rows[waiting->done++]);
    }
    return error;
}

// Without a connection: a diary that does not exist yet is empty, one that could not be opened is not.
static int without_connection(const struct diary *diary) {
    return diary->for_reading ? 0 : diary_health_error(diary->health);
}

static int end_reading(struct diary *diary, sqlite3_stmt *statement, int result) {
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return result == SQLITE_DONE || result == SQLITE_ROW ? 0 : diary_fail(diary, result);
}

static int each_saved(struct diary *diary, struct waiting *waiting, diary_take_session *take, void *context) {
    if (diary->db == NULL) {
        return without_connection(diary);
    }
    sqlite3_stmt *statement = diary_statement(diary, STATEMENT_EACH);
    if (statement == NULL) {
        return diary_health_error(diary->health);
    }
    int taken = 0;
    int result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        struct session_record session;
        result = diary_take_row(statement, &session);
        if (result != SQLITE_ROW) {
            break;
        }
        // Of a row that waits in a newer state the card has an older one.
        if (is_waiting(waiting, session.uuid)) {
            continue;
        }
        taken = hand_on_waiting(waiting, &session, take, context);
        if (taken == 0) {
            taken = take(context, &session);
        }
        if (taken != 0) {
            waiting->stopped = true;
            break;
        }
    }
    int error = end_reading(diary, statement, result);
    return waiting->stopped ? taken : error;
}

int diary_each_session(struct diary *diary, diary_take_session *take, void *context) {
    struct waiting waiting = sort_waiting(diary);
    int saved = each_saved(diary, &waiting, take, context);
    if (waiting.stopped) {
        return saved;
    }
    // What waits is handed on even when the card cannot be read.
    int error = hand_on_waiting(&waiting, NULL, take, context);
    return error != 0 ? error : saved;
}

int diary_each_away(struct diary *diary, diary_take_night *take, void *context) {
    if (diary->db == NULL) {
        return without_connection(diary);
    }
    sqlite3_stmt *statement = diary_statement(diary, STATEMENT_EACH_AWAY);
    if (statement == NULL) {
        return diary_health_error(diary->health);
    }
    int taken = 0;
    int result;
    while (taken == 0 && (result = sqlite3_step(statement)) == SQLITE_ROW) {
        int32_t night;
        result = row_result(statement, night_parse(column_text(statement, 0), &night));
        if (result != SQLITE_ROW) {
            break;
        }
        taken = take(context, night);
    }
    int error = end_reading(diary, statement, taken != 0 ? SQLITE_DONE : result);
    return taken != 0 ? taken : error;
}

int diary_get(struct diary *diary, const char *key, char **value) {
    if (diary->db == NULL) {
        int error = without_connection(diary);
        if (error == 0) {
            *value = NULL;
        }
        return error;
    }
    sqlite3_stmt *statement = diary_statement(diary, STATEMENT_GET);
    if (statement == NULL) {
        return diary_health_error(diary->health);
    }
    sqlite3_bind_text(statement, 1, key, -1, SQLITE_STATIC);
    int result = sqlite3_step(statement);
    char *found = NULL;
    if (result == SQLITE_ROW) {
        found = strdup(column_text(statement, 0));
        result = found == NULL ? SQLITE_NOMEM : row_result(statement, true);
    }
    int error = end_reading(diary, statement, result);
    if (error != 0) {
        free(found);
        return error;
    }
    *value = found;
    return 0;
}

int diary_last_time(struct diary *diary, int64_t *utc_s) {
    int64_t latest = 0;
    if (diary->db != NULL) {
        sqlite3_stmt *statement = diary_statement(diary, STATEMENT_LAST_TIME);
        if (statement == NULL) {
            return diary_health_error(diary->health);
        }
        int result = sqlite3_step(statement);
        if (result == SQLITE_ROW) {
            latest = sqlite3_column_int64(statement, 0);
        }
        int error = end_reading(diary, statement, result);
        if (error != 0) {
            return error;
        }
    } else if (without_connection(diary) != 0 && diary->outbox.session_count == 0) {
        return without_connection(diary);
    }
    for (size_t i = 0; i < diary->outbox.session_count; i++) {
        int64_t end_s = diary->outbox.sessions[i].started_utc_s + diary->outbox.sessions[i].held_s;
        latest = end_s > latest ? end_s : latest;
    }
    *utc_s = latest;
    return 0;
}
