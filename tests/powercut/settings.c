// Workloads under other settings than the product's: its schema written by SQLite alone, which proves that the check
// finds the settings that lose.
#include "tests/powercut/record.h"
#include "tests/powercut/workload.h"

#include <inttypes.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EVENINGS = 40, MINUTES = 3, FIRST_NIGHT = 20513 };

static void run(sqlite3 *db, const char *sql) {
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
        fprintf(stderr, "powercut: %s: %s\n", sql, sqlite3_errmsg(db));
        exit(2);
    }
}

// The diary's own tables in a file that nobody has open.
static void make_schema(const char *directory) {
    struct diary *diary = NULL;
    char sentence[256];
    if (diary_open(&diary, directory, NULL, sentence, sizeof sentence) != 0) {
        fprintf(stderr, "powercut: %s\n", sentence);
        exit(2);
    }
    diary_close(diary);
}

static struct session_record evening(int number) {
    struct session_record session = {
        .night = FIRST_NIGHT + number,
        .started_utc_s = (int64_t)(FIRST_NIGHT + number) * 86400 + 70000,
        .planned_s = MINUTES * 60,
        .clock = CLOCK_SYNCED,
        .outcome = OUTCOME_INTERRUPTED,
    };
    snprintf(session.uuid, sizeof session.uuid, "%08x-0000-4000-8000-000000000000", (unsigned)number);
    return session;
}

static void put(sqlite3 *db, const struct session_record *session) {
    char sql[512], night[NIGHT_TEXT_SIZE];
    night_format(session->night, night);
    snprintf(sql, sizeof sql,
             "INSERT INTO session(uuid, night, started_utc, utc_offset, zone, clock, routine, variant, planned_s,"
             " held_s, overtime_s, outcome)"
             " VALUES('%s', '%s', %" PRId64 ", 0, 'UTC', 'synced', '', '', %" PRId64 ", %" PRId64 ", 0, 'interrupted')"
             " ON CONFLICT(uuid) DO UPDATE SET held_s = excluded.held_s",
             session->uuid, night, session->started_utc_s, session->planned_s, session->held_s);
    run(db, sql);
}

static void write_evenings(struct tale *tale, const char *directory, const char *settings) {
    struct model model = {.session_count = 0};
    char path[PATH_MAX];
    sqlite3 *db;
    tale->not_ours = true;
    make_schema(directory);
    record_start(directory, &tale->log);
    tale_acknowledge(tale, &model);
    snprintf(path, sizeof path, "%s/diary.db", directory);
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, RECORD_VFS) != SQLITE_OK) {
        exit(2);
    }
    run(db, settings);
    for (int number = 0; number < EVENINGS; number++) {
        struct session_record session = evening(number);
        for (session.held_s = 0; session.held_s <= session.planned_s; session.held_s += 60) {
            put(db, &session);
            model_put(&model, &session);
            tale_acknowledge(tale, &model);
        }
    }
    sqlite3_close(db);
    record_stop();
}

void workload_wal_full(struct tale *tale, const char *directory) {
    write_evenings(tale, directory, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
}

void workload_wal_off(struct tale *tale, const char *directory) {
    write_evenings(tale, directory,
                   "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 20");
}

void workload_delete_full(struct tale *tale, const char *directory) {
    write_evenings(tale, directory, "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL");
}

void workload_delete_extra(struct tale *tale, const char *directory) {
    write_evenings(tale, directory, "PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA");
}
