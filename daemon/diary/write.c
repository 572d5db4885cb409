// What the diary writes: each change in one transaction of its own, on the card when it returns.
#include "daemon/diary/fields.h"
#include "daemon/diary/inside.h"

#include <errno.h>
#include <stdio.h>

// Runs a statement that has its parameters to its end, and sets it free for the next use.
static int finish(struct diary *diary, sqlite3_stmt *statement) {
    int result = sqlite3_step(statement);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return result == SQLITE_DONE ? 0 : diary_fail(diary, result);
}

static int perform(struct diary *diary, enum statement which) {
    sqlite3_stmt *statement = diary_statement(diary, which);
    return statement == NULL ? diary_health_error(diary->health) : finish(diary, statement);
}

// NULL binds as NULL. The text must stay until the statement has run.
static void bind_text(sqlite3_stmt *statement, int at, const char *text) {
    sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC);
}

// A new attempt where an earlier one lost the connection, found the card read-only or the diary damaged: it is restored
// then. A newer diary stays so until its Karani is there again.
int diary_begin(struct diary *diary) {
    if (diary->for_reading) {
        return -EROFS;
    }
    if (diary->health == DIARY_NEWER) {
        return diary_health_error(diary->health);
    }
    if (!diary->writable || diary->health == DIARY_DAMAGED) {
        int error = diary_connect(diary);
        if (error != 0) {
            return error;
        }
    }
    return perform(diary, STATEMENT_BEGIN);
}

int diary_end(struct diary *diary, int error) {
    if (error == 0) {
        error = perform(diary, STATEMENT_COMMIT);
    }
    if (error == 0) {
        diary->health = DIARY_GOOD;
        return 0;
    }
    // SQLite has rolled back by itself after some errors; after a failed sync there is no connection any more.
    if (diary->db != NULL && !sqlite3_get_autocommit(diary->db)) {
        enum diary_health health = diary->health;
        if (perform(diary, STATEMENT_ROLLBACK) != 0) {
            diary_disconnect(diary);
        }
        diary->health = health;
    }
    return error;
}

int diary_put_session(struct diary *diary, const struct session_record *session) {
    sqlite3_stmt *statement = diary_statement(diary, STATEMENT_SAVE);
    if (statement == NULL) {
        return diary_health_error(diary->health);
    }
    char nights[FIELDS_MAX][NIGHT_TEXT_SIZE];
    for (size_t i = 0; i < field_count; i++) {
        if (field_is_text(&fields[i])) {
            bind_text(statement, (int)i + 1, field_text(&fields[i], session, nights[i]));
        } else {
            sqlite3_bind_int64(statement, (int)i + 1, field_number(&fields[i], session));
        }
    }
    return finish(diary, statement);
}

static int put_change(struct diary *diary, enum statement which, const struct diary_change *change) {
    sqlite3_stmt *statement = diary_statement(diary, which);
    if (statement == NULL) {
        return diary_health_error(diary->health);
    }
    sqlite3_bind_int64(statement, 1, change->at_utc_s);
    bind_text(statement, 2, change->what);
    bind_text(statement, 3, change->before);
    bind_text(statement, 4, change->after);
    return finish(diary, statement);
}

int diary_put_change(struct diary *diary, const struct diary_change *change) {
    return put_change(diary, STATEMENT_CHANGE, change);
}

static int put_change_once(struct diary *diary, const struct waiting_change *waiting) {
    const struct diary_change change = {
        .at_utc_s = waiting->at_utc_s, .what = waiting->what, .before = waiting->before, .after = waiting->after};
    return put_change(diary, STATEMENT_CHANGE_ONCE, &change);
}

static int write_waiting_once(struct diary *diary, const struct session_record *session) {
    int error = diary_begin(diary);
    if (error != 0) {
        return error;
    }
    for (size_t i = 0; i < diary->outbox.session_count && error == 0; i++) {
        error = diary_put_session(diary, &diary->outbox.sessions[i]);
    }
    for (size_t i = 0; i < diary->outbox.change_count && error == 0; i++) {
        error = put_change_once(diary, &diary->outbox.changes[i]);
    }
    if (error == 0 && session != NULL) {
        error = diary_put_session(diary, session);
    }
    return diary_end(diary, error);
}

// Damage that only writing meets: of a diary that was closed well, a start compares no index with its table. The next
// attempt looks at all of it and brings it back, and the row of a session is not to wait for that.
int diary_write_waiting(struct diary *diary, const struct session_record *session) {
    int error = write_waiting_once(diary, session);
    return error == -EUCLEAN && !diary->mended ? write_waiting_once(diary, session) : error;
}

// One statement with up to two texts, in a transaction.
static int write_texts(struct diary *diary, enum statement which, const char *first, const char *second) {
    int error = diary_begin(diary);
    if (error != 0) {
        return error;
    }
    sqlite3_stmt *statement = diary_statement(diary, which);
    if (statement == NULL) {
        return diary_end(diary, diary_health_error(diary->health));
    }
    bind_text(statement, 1, first);
    if (sqlite3_bind_parameter_count(statement) > 1) {
        bind_text(statement, 2, second);
    }
    return diary_end(diary, finish(diary, statement));
}

int diary_close_interrupted(struct diary *diary, const char *boot_id) {
    return write_texts(diary, STATEMENT_INTERRUPT, boot_id, NULL);
}

int diary_set(struct diary *diary, const char *key, const char *value) {
    return write_texts(diary, value != NULL ? STATEMENT_SET : STATEMENT_UNSET, key, value);
}

int diary_set_away(struct diary *diary, int32_t night, bool away, int64_t at_utc_s) {
    int error = diary_begin(diary);
    if (error != 0) {
        return error;
    }
    sqlite3_stmt *statement = diary_statement(diary, away ? STATEMENT_AWAY_MARK : STATEMENT_AWAY_CLEAR);
    if (statement == NULL) {
        return diary_end(diary, diary_health_error(diary->health));
    }
    char text[NIGHT_TEXT_SIZE];
    night_format(night, text);
    bind_text(statement, 1, text);
    error = finish(diary, statement);
    // A mark that was already so is no change.
    if (error == 0 && sqlite3_changes(diary->db) > 0) {
        char object[32];
        snprintf(object, sizeof object, "{\"night\":\"%s\"}", text);
        const struct diary_change change = {
            .at_utc_s = at_utc_s,
            .what = "away",
            .before = away ? NULL : object,
            .after = away ? object : NULL,
        };
        error = diary_put_change(diary, &change);
    }
    return diary_end(diary, error);
}
