// Corrections of the diary: whatever belongs to one of them is written in one transaction.
#include "daemon/diary/inside.h"

static int run_with_text(struct diary *diary, enum statement which, const char *text) {
    sqlite3_stmt *statement = diary_statement(diary, which);
    if (statement == NULL) {
        return diary_health_error(diary->health);
    }
    sqlite3_bind_text(statement, 1, text, -1, SQLITE_STATIC);
    int result = sqlite3_step(statement);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return result == SQLITE_DONE ? 0 : diary_fail(diary, result);
}

static int put_nights(struct diary *diary, const struct diary_amendment *amendment) {
    int error = 0;
    for (size_t i = 0; i < amendment->night_count && error == 0; i++) {
        char night[NIGHT_TEXT_SIZE];
        night_format(amendment->nights[i], night);
        error = run_with_text(diary, amendment->away ? STATEMENT_AWAY_MARK : STATEMENT_AWAY_CLEAR, night);
    }
    return error;
}

static int put_all(struct diary *diary, const struct diary_amendment *amendment) {
    int error = 0;
    for (size_t i = 0; i < amendment->session_count && error == 0; i++) {
        error = diary_put_session(diary, &amendment->sessions[i]);
    }
    if (error == 0 && amendment->gone != NULL) {
        error = run_with_text(diary, STATEMENT_TAKE_OUT, amendment->gone);
    }
    if (error == 0) {
        error = put_nights(diary, amendment);
    }
    for (size_t i = 0; i < amendment->change_count && error == 0; i++) {
        error = diary_put_change(diary, &amendment->changes[i]);
    }
    return error;
}

int diary_amend(struct diary *diary, const struct diary_amendment *amendment) {
    int error = diary_retry(diary);
    if (error == 0) {
        error = diary_begin(diary);
    }
    return error == 0 ? diary_end(diary, put_all(diary, amendment)) : error;
}

int diary_correct(struct diary *diary, const struct session_record *sessions, size_t count,
                  const struct diary_change *change) {
    const struct diary_amendment amendment = {
        .sessions = sessions, .session_count = count, .changes = change, .change_count = 1};
    return diary_amend(diary, &amendment);
}
