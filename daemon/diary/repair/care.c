// What is done for the diary now and then, and what is remembered of it: the table `upkeep`.
#include "daemon/diary/inside.h"
#include "daemon/diary/text/settings.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char *const care_names[DIARY_CARE_COUNT] = {
    [DIARY_CARE_BACKUP] = "backup",
    [DIARY_CARE_CHECK] = "check",
};

static const char restored_name[] = "restored";

// A row of `upkeep`.
static int put(struct diary *diary, const char *what, const struct diary_care_time *time, const char *facts) {
    sqlite3_stmt *statement = diary_statement(diary, STATEMENT_CARE_SET);
    if (statement == NULL) {
        return diary_health_error(diary->health);
    }
    sqlite3_bind_text(statement, 1, what, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, time->at_utc_s);
    sqlite3_bind_text(statement, 3, time->boot_id, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 4, time->boot_ms);
    sqlite3_bind_text(statement, 5, facts, -1, SQLITE_STATIC);
    int result = sqlite3_step(statement);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return result == SQLITE_DONE ? 0 : diary_fail(diary, result);
}

// A diary of before version 2 that is only read has no such table: nothing is known then.
static int get(struct diary *diary, const char *what, struct diary_care_time *time, char facts[SETTINGS_TEXT_SIZE]) {
    int64_t known = 0;
    if (diary->db == NULL ||
        diary_ask_number(diary, "SELECT count(*) FROM sqlite_schema WHERE name = 'upkeep'", &known) != 0 ||
        known == 0) {
        return -ENOENT;
    }
    sqlite3_stmt *statement = diary_statement(diary, STATEMENT_CARE);
    if (statement == NULL) {
        return diary_health_error(diary->health);
    }
    sqlite3_bind_text(statement, 1, what, -1, SQLITE_STATIC);
    int result = sqlite3_step(statement);
    if (result == SQLITE_ROW) {
        const char *boot_id = (const char *)sqlite3_column_text(statement, 1);
        const char *text = (const char *)sqlite3_column_text(statement, 3);
        time->at_utc_s = sqlite3_column_int64(statement, 0);
        time->boot_ms = sqlite3_column_int64(statement, 2);
        snprintf(time->boot_id, sizeof time->boot_id, "%s", boot_id != NULL ? boot_id : "");
        snprintf(facts, SETTINGS_TEXT_SIZE, "%s", text != NULL ? text : "");
    }
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return result == SQLITE_ROW ? 0 : result == SQLITE_DONE ? -ENOENT : diary_fail(diary, result);
}

// From 1970 to the last time that a clock of the device can show; a boot that has lasted no longer.
static bool makes_sense(const struct diary_care_time *time) {
    const int64_t most_s = INT64_C(4102444800); // 2100-01-01 00:00 UTC
    return time->at_utc_s >= 0 && time->at_utc_s <= most_s && time->boot_ms >= 0 && time->boot_ms <= most_s * 1000;
}

int diary_care_last(struct diary *diary, enum diary_care care, struct diary_care_time *time) {
    char facts[SETTINGS_TEXT_SIZE];
    struct diary_care_time found = {0};
    int error = get(diary, care_names[care], &found, facts);
    if (error == 0) {
        if (!makes_sense(&found)) {
            return -ENOENT;
        }
        *time = found;
    }
    return error;
}

// Whether there is a connection to write through; else what is due then waits.
static int require_writing(const struct diary *diary) {
    return diary->writable ? 0 : diary->health == DIARY_GOOD ? -EROFS : diary_health_error(diary->health);
}

int diary_care_backup(struct diary *diary, int keep, const struct diary_care_time *now) {
    int error = require_writing(diary);
    // What the log holds goes into the database, weekly: of a log, what lies behind a spoilt frame is hard to save. The
    // file stays as long as it is, and is the reserve for a card that is full: on one, a log of 120 frames so emptied
    // took 59 commits more, one that had still to grow none. A ballast file to be deleted then would give no more: its
    // room is anybody's as soon as it is free.
    int result = error == 0 ? sqlite3_wal_checkpoint_v2(diary->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL) : 0;
    if (result != SQLITE_OK) {
        error = diary_fail(diary, result);
    }
    if (error == 0 && keep > 0) {
        error = diary_make_backup(diary, keep);
    }
    return error == 0 ? put(diary, care_names[DIARY_CARE_BACKUP], now, "") : error;
}

// A backup that has gone bad is none: the next one is to be whole.
static int check_backups(struct diary *diary) {
    int worst = 0;
    for (int number = 1; number <= DIARY_BACKUPS_MAX; number++) {
        char name[DIARY_BACKUP_NAME_SIZE];
        diary_backup_name(number, name);
        if (diary_has_backup(diary, number) && diary_check_backup(diary, name) == -EUCLEAN) {
            worst = -EUCLEAN;
            diary_remove_beside(diary, name);
        }
    }
    return worst;
}

int diary_care_check(struct diary *diary, const struct diary_care_time *now) {
    int error = require_writing(diary);
    if (error == 0) {
        error = diary_check_whole(diary, INT64_MAX);
    }
    if (error == -EUCLEAN) {
        diary_disconnect(diary);
        error = diary_restore(diary, true);
        error = error == 0 ? diary_connect(diary) : error;
    }
    int backups = error == 0 ? check_backups(diary) : 0;
    if (error == 0) {
        error = put(diary, care_names[DIARY_CARE_CHECK], now, "");
    }
    return error != 0 ? error : backups;
}

// ---- the last restoration ----

int diary_put_restored(struct diary *diary, const struct diary_restored *restored) {
    const struct diary_care_time time = {.at_utc_s = restored->at_utc_s};
    char facts[SETTINGS_TEXT_SIZE];
    restored_print(restored, facts);
    return put(diary, restored_name, &time, facts);
}

int diary_last_restored(struct diary *diary, struct diary_restored *restored) {
    struct diary_care_time time;
    char facts[SETTINGS_TEXT_SIZE];
    int error = get(diary, restored_name, &time, facts);
    if (error != 0) {
        return error;
    }
    struct diary_restored found = {.at_utc_s = time.at_utc_s};
    if (!restored_read(&found, facts)) {
        return -ENOENT;
    }
    *restored = found;
    return 0;
}

int diary_restored_told(struct diary *diary) {
    struct diary_restored restored;
    int error = diary_last_restored(diary, &restored);
    if (error != 0 || restored.told) {
        return error;
    }
    restored.told = true;
    error = require_writing(diary);
    return error == 0 ? diary_put_restored(diary, &restored) : error;
}
