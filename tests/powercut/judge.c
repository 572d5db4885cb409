// Judging what a cut has left: through daemon/diary.h, as the daemon starts, and through SQLite alone.
#include "tests/powercut/judge.h"

#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int take_session(void *context, const struct diary_session *session) {
    struct model *model = context;
    if (model->session_count == MODEL_SESSIONS_MAX) {
        return 1;
    }
    struct diary_session copy = *session;
    model_put(model, &copy);
    return 0;
}

static int take_away(void *context, int32_t night) {
    model_set_away(context, night, true);
    return 0;
}

static bool read_model(struct diary *diary, struct model *model) {
    char *minutes = NULL;
    bool read = diary_each_session(diary, take_session, model) == 0 && diary_each_away(diary, take_away, model) == 0 &&
                diary_get(diary, "minutes", &minutes) == 0;
    snprintf(model->minutes, sizeof model->minutes, "%s", minutes != NULL ? minutes : "");
    free(minutes);
    return read;
}

static enum verdict ask_product(const char *directory, bool dies, struct model *model, char why[MODEL_WHY_SIZE]) {
    struct diary *diary = NULL;
    char error[256] = "";
    int result = diary_open(&diary, directory, NULL, error, sizeof error);
    bool read = result == 0 && read_model(diary, model);
    if (!read) {
        snprintf(why, MODEL_WHY_SIZE, "the diary does not open or read: %.120s", error);
    }
    (dies ? diary_abandon : diary_close)(diary);
    return read ? VERDICT_GOOD : VERDICT_CORRUPT;
}

static int take_answer(void *context, int count, char **values, char **names) {
    (void)count;
    (void)names;
    snprintf(context, MODEL_WHY_SIZE, "%s", values[0] != NULL ? values[0] : "");
    return 0;
}

static bool ask(sqlite3 *db, const char *sql, char answer[MODEL_WHY_SIZE]) {
    answer[0] = '\0';
    return sqlite3_exec(db, sql, take_answer, answer, NULL) == SQLITE_OK;
}

// The numbers of `change`, which the diary does not read, are learnt here.
static enum verdict ask_sqlite(const char *directory, struct model *model, char why[MODEL_WHY_SIZE]) {
    char path[PATH_MAX], answer[MODEL_WHY_SIZE] = "";
    sqlite3 *db;
    snprintf(path, sizeof path, "%s/diary.db", directory);
    bool whole = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) == SQLITE_OK &&
                 ask(db, "PRAGMA integrity_check(1)", answer) && strcmp(answer, "ok") == 0;
    if (!whole) {
        snprintf(why, MODEL_WHY_SIZE, "integrity_check: %.60s, %.60s", answer, sqlite3_errmsg(db));
    } else if (ask(db, "SELECT count(*) - count(DISTINCT uuid) FROM session", answer) && strcmp(answer, "0") != 0) {
        snprintf(why, MODEL_WHY_SIZE, "%.20s uuids stand twice", answer);
        whole = false;
    }
    model->changes = whole && ask(db, "SELECT count(*) FROM change", answer) ? atoi(answer) : 0;
    sqlite3_close(db);
    return whole ? VERDICT_GOOD : VERDICT_CORRUPT;
}

enum verdict judge_state(const char *directory, uint64_t seed, const struct model *models, size_t count,
                         char why[MODEL_WHY_SIZE]) {
    struct model read = {.session_count = 0}, unused = {.session_count = 0};
    bool sqlite_first = seed % 4 == 3;
    enum verdict verdict = sqlite_first ? ask_sqlite(directory, &unused, why) : VERDICT_GOOD;
    if (verdict == VERDICT_GOOD) {
        verdict = ask_product(directory, seed / 4 % 2 == 0, &read, why);
    }
    if (verdict == VERDICT_GOOD) {
        verdict = ask_sqlite(directory, &read, why);
    }
    if (verdict != VERDICT_GOOD) {
        return verdict;
    }
    for (size_t i = count; i > 0; i--) { // so that what is said is about the one acknowledged
        if (!model_differs(&models[i - 1], &read, why)) {
            return VERDICT_GOOD;
        }
    }
    return VERDICT_LOST;
}
