#include "tests/support/diary/correction_fixture.h"

#include <sqlite3.h>
#include <unistd.h>

int correction_fixture_begin(void **state) {
    struct desk *desk = calloc(1, sizeof *desk);
    assert_non_null(desk);
    char sentence[256];
    strcpy(desk->dir, "/tmp/karani-correction-XXXXXX");
    assert_non_null(mkdtemp(desk->dir));
    assert_int_equal(diary_open(&desk->diary, desk->dir, NULL, sentence, sizeof sentence), 0);
    desk->zone = zone_open("Europe/Berlin");
    desk->place = (struct correction_place){
        .zone = desk->zone,
        .now_utc_s = NOW_UTC_S,
        .invite_min = 20 * 60 + 30,
        .routine = "legs-up-the-wall",
        .variant = "wall",
    };
    *state = desk;
    return 0;
}

int correction_fixture_finish(void **state) {
    struct desk *desk = *state;
    char path[128];
    diary_close(desk->diary);
    snprintf(path, sizeof path, "%s/diary.db", desk->dir);
    unlink(path);
    rmdir(desk->dir);
    zone_unref(desk->zone);
    free(desk);
    return 0;
}

struct session_record a_session(const char *uuid, enum outcome outcome) {
    struct session_record session = {
        .night = NIGHT - 1,
        .started_utc_s = 1772656800,
        .utc_offset_s = 3600,
        .zone = "Europe/Berlin",
        .clock = CLOCK_SYNCED,
        .routine = "legs-up-the-wall",
        .variant = "hips",
        .planned_s = 600,
        .held_s = 700,
        .overtime_s = 100,
        .outcome = outcome,
        .outcome_was = outcome,
        .boot_id = "0f0f0f0f-0000-4000-8000-000000000001",
        .counted_from_boot_ms = 5000,
        .paused_at_boot_ms = -1,
    };
    snprintf(session.uuid, sizeof session.uuid, "%s", uuid);
    return session;
}

void save_session(struct desk *desk, const char *uuid, enum outcome outcome, const char *note) {
    struct session_record session = a_session(uuid, outcome);
    session.note = (char *)(uintptr_t)note;
    assert_int_equal(diary_save(desk->diary, &session), 0);
}

enum correction_verdict apply_correction(struct desk *desk, const struct correction *correction) {
    correction_apply(desk->diary, correction, &desk->place, &desk->result);
    bool good = desk->result.verdict == CORRECTION_DONE || desk->result.verdict == CORRECTION_UNCHANGED;
    if (!good) { // one sentence
        size_t length = strlen(desk->result.sentence);
        assert_true(length > 0 && desk->result.sentence[length - 1] == '.');
    }
    return desk->result.verdict;
}

struct correction edit_of(const char *id) {
    struct correction correction = correction_of(CORRECTION_EDIT);
    correction.id = id;
    return correction;
}

static int find_session(void *context, const struct session_record *session) {
    struct found *found = context;
    if (found->uuid != NULL && strcmp(found->uuid, session->uuid) != 0) {
        return 0;
    }
    found->count++;
    found->session = *session;
    snprintf(found->note, sizeof found->note, "%s", session->note != NULL ? session->note : "(none)");
    return 0;
}

struct found find_saved(struct desk *desk, const char *uuid) {
    struct found found = {.uuid = uuid};
    assert_int_equal(diary_each_session(desk->diary, find_session, &found), 0);
    return found;
}

static int count_night(void *context, int32_t night) {
    (void)night;
    ++*(int *)context;
    return 0;
}

int count_away(struct desk *desk) {
    int count = 0;
    assert_int_equal(diary_each_away(desk->diary, count_night, &count), 0);
    return count;
}

const char *read_changes(const struct desk *desk) {
    static char text[8192];
    char path[128];
    sqlite3 *db;
    sqlite3_stmt *statement;
    text[0] = '\0';
    snprintf(path, sizeof path, "%s/diary.db", desk->dir);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(
        sqlite3_prepare_v2(db, "SELECT at_utc, what, before, after FROM change ORDER BY id", -1, &statement, NULL),
        SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        size_t length = strlen(text);
        const char *before = (const char *)sqlite3_column_text(statement, 2);
        const char *after = (const char *)sqlite3_column_text(statement, 3);
        assert_int_equal(sqlite3_column_int64(statement, 0), NOW_UTC_S);
        snprintf(text + length, sizeof text - length, "%s %s %s\n", (const char *)sqlite3_column_text(statement, 1),
                 before != NULL ? before : "-", after != NULL ? after : "-");
    }
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return text;
}
