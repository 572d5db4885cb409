// Judging what a cut has left: through daemon/diary/diary.h, as the daemon starts, and through SQLite alone.
#include "tests/powercut/judge.h"

#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int take_session(void *context, const struct session_record *session) {
    struct model *model = context;
    if (model->session_count == MODEL_SESSIONS_MAX) {
        return 1;
    }
    struct session_record copy = *session;
    model_put(model, &copy);
    return 0;
}

static int take_away(void *context, int32_t night) {
    model_set_away(context, night, true);
    return 0;
}

static bool read_setting(struct diary *diary, const char *key, char setting[MODEL_SETTING_SIZE]) {
    char *value = NULL;
    bool read = diary_get(diary, key, &value) == 0;
    snprintf(setting, MODEL_SETTING_SIZE, "%s", value != NULL ? value : "");
    free(value);
    return read;
}

static bool read_model(struct diary *diary, struct model *model) {
    bool read = diary_each_session(diary, take_session, model) == 0 && diary_each_away(diary, take_away, model) == 0;
    for (int i = 0; i < MODEL_SETTINGS && read; i++) {
        read = read_setting(diary, model_setting_keys[i], model->settings[i]);
    }
    return read;
}

static enum verdict ask_product(const char *directory, bool dies, struct model *model, char why[MODEL_WHY_SIZE]) {
    struct diary *diary = NULL;
    char sentence[256] = "";
    int error = diary_open(&diary, directory, NULL, sentence, sizeof sentence);
    bool read = error == 0 && read_model(diary, model);
    if (!read) {
        snprintf(why, MODEL_WHY_SIZE, "the diary does not open or read: %.120s", sentence);
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

// Whom a change is of: the first of these members that its text has.
static void find_whom(const char *text, char of[UUID_SIZE]) {
    static const char *const MEMBERS[] = {"\"uuid\":\"", "\"night\":\"", "\"boot_id\":\""};
    of[0] = '\0';
    for (size_t i = 0; i < sizeof MEMBERS / sizeof *MEMBERS && of[0] == '\0'; i++) {
        const char *at = strstr(text, MEMBERS[i]);
        if (at != NULL) {
            at += strlen(MEMBERS[i]);
            snprintf(of, UUID_SIZE, "%.*s", (int)strcspn(at, "\""), at);
        }
    }
}

static int take_change(void *context, int count, char **values, char **names) {
    struct model *model = context;
    (void)count;
    (void)names;
    if (model->change_count == MODEL_CHANGES_MAX) {
        return 1;
    }
    struct model_change *change = &model->changes[model->change_count++];
    *change = (struct model_change){
        .at_utc_s = strtoll(values[0], NULL, 10), .was = values[2] != NULL, .is = values[3] != NULL};
    snprintf(change->what, sizeof change->what, "%s", values[1]);
    const char *text = values[2] != NULL ? values[2] : values[3];
    if (text != NULL) {
        find_whom(text, change->of);
    }
    return 0;
}

// The rows of `change`, which the diary does not read, are learnt here; but not by who comes before the product, which
// may not have made its tables yet (NULL).
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
    if (whole && model != NULL &&
        sqlite3_exec(db, "SELECT at_utc, what, before, after FROM change ORDER BY id", take_change, model, NULL) !=
            SQLITE_OK) {
        snprintf(why, MODEL_WHY_SIZE, "the changes do not read: %.60s", sqlite3_errmsg(db));
        whole = false;
    }
    sqlite3_close(db);
    return whole ? VERDICT_GOOD : VERDICT_CORRUPT;
}

// A session as SQLite alone reads it.
static int take_row(void *context, int count, char **values, char **names) {
    (void)names;
    for (int i = 0; i < count; i++) {
        if (values[i] == NULL) {
            return 1;
        }
    }
    struct session_record session = {
        .started_utc_s = strtoll(values[2], NULL, 10),
        .planned_s = strtoll(values[3], NULL, 10),
        .held_s = strtoll(values[4], NULL, 10),
    };
    snprintf(session.uuid, sizeof session.uuid, "%s", values[0]);
    bool understood = night_parse(values[1], &session.night) && clock_quality_parse(values[5], &session.clock) &&
                      outcome_parse(values[6], &session.outcome);
    return understood ? take_session(context, &session) : 1;
}

static enum verdict read_by_sqlite(const char *directory, struct model *model, char why[MODEL_WHY_SIZE]) {
    char path[PATH_MAX];
    sqlite3 *db;
    snprintf(path, sizeof path, "%s/diary.db", directory);
    bool read = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) == SQLITE_OK &&
                sqlite3_exec(db,
                             "SELECT uuid, night, started_utc, planned_s, held_s, clock, outcome FROM session"
                             " ORDER BY started_utc",
                             take_row, model, NULL) == SQLITE_OK;
    if (!read) {
        snprintf(why, MODEL_WHY_SIZE, "SQLite does not read it: %.100s", sqlite3_errmsg(db));
    }
    sqlite3_close(db);
    return read ? VERDICT_GOOD : VERDICT_CORRUPT;
}

// Of those that bear a backup's name each must be whole, and one must be there.
static enum verdict ask_backups(const char *directory, char why[MODEL_WHY_SIZE]) {
    int whole = 0;
    for (int number = 1; number <= DIARY_BACKUPS_MAX; number++) {
        char name[PATH_MAX], answer[MODEL_WHY_SIZE] = "";
        sqlite3 *db;
        snprintf(name, sizeof name, "%s/diary.backup-%d.db", directory, number);
        if (access(name, F_OK) < 0) {
            continue;
        }
        if (sqlite3_open_v2(name, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK) {
            ask(db, "PRAGMA integrity_check(1)", answer);
        }
        sqlite3_close(db);
        if (strcmp(answer, "ok") != 0) {
            snprintf(why, MODEL_WHY_SIZE, "backup %d is not whole: %.60s", number, answer);
            return VERDICT_CORRUPT;
        }
        whole++;
    }
    snprintf(why, MODEL_WHY_SIZE, "there is no backup");
    return whole > 0 ? VERDICT_GOOD : VERDICT_LOST;
}

// The bits of the way.
enum { WAY_SQLITE_FIRST = 1, WAY_DIES = 2 };

uint64_t judge_way(uint64_t seed) {
    return (seed % 4 == 3 ? WAY_SQLITE_FIRST : 0) | (seed / 4 % 2 == 0 ? WAY_DIES : 0);
}

static enum verdict look(const char *directory, uint64_t seed, const struct tale *tale, struct model *read,
                         char why[MODEL_WHY_SIZE]) {
    const uint64_t way = judge_way(seed);
    bool sqlite_first = (way & WAY_SQLITE_FIRST) != 0 && !tale->damaged_at_first && !tale->not_ours;
    enum verdict verdict = sqlite_first ? ask_sqlite(directory, NULL, why) : VERDICT_GOOD;
    if (verdict == VERDICT_GOOD) {
        verdict = tale->not_ours ? read_by_sqlite(directory, read, why)
                                 : ask_product(directory, (way & WAY_DIES) != 0, read, why);
    }
    if (verdict == VERDICT_GOOD && tale->has_backup) {
        verdict = ask_backups(directory, why);
    }
    return verdict == VERDICT_GOOD ? ask_sqlite(directory, read, why) : verdict;
}

enum verdict judge_state(const char *directory, uint64_t seed, const struct tale *tale, const struct model *models,
                         size_t count, char why[MODEL_WHY_SIZE]) {
    struct model read = {.session_count = 0};
    enum verdict verdict = look(directory, seed, tale, &read, why);
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
