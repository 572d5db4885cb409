// Tests of a diary of an older version that is migrated, also with the card failing at every step of it.
#include "tests/support/diary/exported.h"
#include "tests/support/diary/last_session.h"
#include "tests/support/diary/repair_fixture.h"
#include "tests/support/run/points.h"

#include <sqlite3.h>

// Every version so far has its file.
static void make_version(struct desk *desk, int version) {
    char path[PATH_MAX];
    sqlite3 *db;
    static char sql[8192];
    snprintf(path, sizeof path, "tests/schemas/diary-%d.sql", version);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    size_t size = fread(sql, 1, sizeof sql - 1, file);
    fclose(file);
    sql[size] = '\0';
    empty(desk->state);
    path_of(desk, "diary.db", path);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    renew_storage(desk);
}

static void make_version_1(struct desk *desk) {
    make_version(desk, 1);
}

static void assert_version_1_is_there(struct desk *desk) {
    int32_t night = 0, *next = &night;
    struct session_record last;
    char *value = NULL;
    assert_int_equal(count_rows(desk->diary), 3);
    assert_int_equal(diary_each_away(desk->diary, take_night, &next), 0);
    assert_int_equal(night, EVENING_NIGHT + 1);
    assert_int_equal(last_session(desk->diary, &last), 0);
    assert_int_equal(last.outcome, OUTCOME_NOT_MINE);
    assert_int_equal(last.outcome_was, OUTCOME_FINISHED);
    assert_int_equal(diary_get(desk->diary, "minutes", &value), 0);
    assert_string_equal(value, "12 10");
    free(value);
}

static void from_version_1(void **state) {
    struct desk *desk = *state;
    make_version_1(desk);
    assert_int_equal(open_simulated(desk), 0);
    assert_version_1_is_there(desk);
    back_up(desk, 2);
    close_diary(desk);
    assert_int_equal(ask(desk, "diary.db", "PRAGMA user_version"), DIARY_VERSION);
    assert_int_equal(ask(desk, "diary.db", "SELECT count(*) FROM change"), 1);
    assert_int_equal(ask(desk, "diary.db", "SELECT count(*) FROM session WHERE note = 'slept well'"), 1);
    assert_int_equal(ask(desk, "diary.backup-2.db", "PRAGMA user_version"), 1); // as it was before
    assert_int_equal(ask(desk, "diary.backup-2.db", "SELECT count(*) FROM session"), 3);
    // What has been migrated has the schema of what is made anew.
    char path[PATH_MAX];
    sqlite3_int64 columns = ask(desk, "diary.db", "SELECT count(*) FROM pragma_table_info('upkeep')");
    path_of(desk, "diary.db", path);
    empty(desk->state);
    renew_storage(desk);
    assert_int_equal(open_simulated(desk), 0);
    close_diary(desk);
    assert_int_equal(ask(desk, "diary.db", "SELECT count(*) FROM pragma_table_info('upkeep')"), columns);
}

static void a_migration_that_is_cut_off(void **state) {
    struct desk *desk = *state;
    int cuts = 0;
    for (int f = 0; f < FAULT_COUNT; f++) {
        bool done = false;
        for (int n = f % points_apart(); !done; n += points_apart(), cuts++) {
            assert_true(n < STEPS_MAX);
            make_version_1(desk);
            storage_set_fault_after(desk->storage, FAULTS[f], n);
            done = open_simulated(desk) == 0;
            storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
            assert_int_equal(storage_power_cut(desk->storage), 0);
            diary_abandon(desk->diary);
            assert_int_equal(open_simulated(desk), 0);
            assert_false(diary_take_restored(desk->diary));
            assert_version_1_is_there(desk);
            close_diary(desk);
        }
    }
    print_message("%d cuts in a migration\n", cuts);
    assert_true(cuts * points_apart() > 20);
}

// ---- what others read of it ----

// What either file holds, in both formats of karani(7), THE DIARY.
#define BERLIN "Europe/Berlin"
#define LEGS   "legs-up-the-wall"
static const char csv[] =
    "uuid,night,started_utc,utc_offset,zone,clock,routine,variant,planned_s,held_s,overtime_s,outcome,note\r\n"
    "0a51c7de-0000-4000-8000-000000000001,2026-03-01,2026-03-01T20:40:00Z,+01:00," BERLIN ",synced," LEGS
    ",wall,600,660,60,finished,slept well\r\n"
    "1b62d8ef-0000-4000-8000-000000000002,,2026-03-02T20:40:00Z,+00:00,UTC,unset," LEGS
    ",chair,600,120,0,ended-early,\r\n"
    "2c73e9f0-0000-4000-8000-000000000003,2026-03-03,2026-03-03T20:40:00Z,+01:00," BERLIN ",rtc," LEGS
    ",wall,600,600,0,not-mine,\r\n";
#define REST(clock, variant)                                                                                           \
    "\"clock\":\"" clock "\",\"routine\":\"legs-up-the-wall\",\"variant\":\"" variant "\",\"planned_s\":600,"
static const char json[] =
    "{\"uuid\":\"0a51c7de-0000-4000-8000-000000000001\",\"night\":\"2026-03-01\","
    "\"started_utc\":\"2026-03-01T20:40:00Z\",\"utc_offset\":\"+01:00\",\"zone\":\"Europe/Berlin\"," REST(
        "synced",
        "wall") "\"held_s\":660,\"overtime_s\":60,\"outcome\":\"finished\",\"note\":\"slept well\"}\n"
                "{\"uuid\":\"1b62d8ef-0000-4000-8000-000000000002\",\"night\":null,"
                "\"started_utc\":\"2026-03-02T20:40:00Z\",\"utc_offset\":\"+00:00\",\"zone\":\"UTC\"," REST(
                    "unset",
                    "chair") "\"held_s\":120,\"overtime_s\":0,\"outcome\":\"ended-early\",\"note\":null}\n"
                             "{\"uuid\":\"2c73e9f0-0000-4000-8000-000000000003\",\"night\":\"2026-03-03\","
                             "\"started_utc\":\"2026-03-03T20:40:00Z\",\"utc_offset\":\"+01:00\",\"zone\":\"Europe/"
                             "Berlin\"," REST(
                                 "rtc",
                                 "wall") "\"held_s\":600,\"overtime_s\":0,\"outcome\":\"not-mine\",\"note\":null}\n";

static void assert_exports(struct diary *diary) {
    char *text = exported_csv(diary);
    assert_string_equal(text, csv);
    free(text);
    text = exported_json(diary);
    assert_string_equal(text, json);
    free(text);
}

// Read as it is, migrated, opened again: the same rows each time.
static void every_version_is_exported_alike(void **state) {
    struct desk *desk = *state;
    for (int version = 1; version <= DIARY_VERSION; version++) {
        char sentence[256];
        struct diary *reader;
        make_version(desk, version);
        assert_int_equal(diary_open_read(&reader, desk->state, sentence, sizeof sentence), 0);
        assert_exports(reader);
        diary_close(reader);
        for (int times = 0; times < 2; times++) {
            assert_int_equal(open_simulated(desk), 0);
            assert_exports(desk->diary);
            close_diary(desk);
        }
        assert_int_equal(ask(desk, "diary.db", "PRAGMA user_version"), DIARY_VERSION);
    }
}

enum { SCHEMA_SIZE = 4096 };

static void read_schema(const struct desk *desk, char schema[SCHEMA_SIZE]) {
    char path[PATH_MAX];
    sqlite3 *db;
    sqlite3_stmt *statement;
    const char sql[] = "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema ORDER BY rowid)";
    path_of(desk, "diary.db", path);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    snprintf(schema, SCHEMA_SIZE, "%s", (const char *)sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

// To the letter: the text of it stands in every diary.
static void a_new_diary_has_the_schema_of_its_file(void **state) {
    struct desk *desk = *state;
    char wanted[SCHEMA_SIZE], made[SCHEMA_SIZE];
    make_version(desk, DIARY_VERSION);
    read_schema(desk, wanted);
    empty(desk->state);
    renew_storage(desk);
    assert_int_equal(open_simulated(desk), 0);
    close_diary(desk);
    read_schema(desk, made);
    assert_string_equal(made, wanted);
}

// A backup of before a version is as good as any.
static void an_older_backup_is_migrated(void **state) {
    struct desk *desk = *state;
    char from[PATH_MAX], to[PATH_MAX];
    make_version_1(desk);
    path_of(desk, "diary.db", from);
    path_of(desk, "diary.backup-1.db", to);
    assert_int_equal(rename(from, to), 0);
    renew_storage(desk);
    assert_int_equal(open_simulated(desk), 0);
    assert_version_1_is_there(desk);
    write_evenings(desk, 10, 11);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORY(from_version_1),
        STORY(a_migration_that_is_cut_off),
        STORY(an_older_backup_is_migrated),
        STORY(every_version_is_exported_alike),
        STORY(a_new_diary_has_the_schema_of_its_file),
    };
    return cmocka_run_group_tests_name("migration", tests, NULL, NULL);
}
