// Tests of what a damaged diary's newest words are: a correction that the backup does not know outlives the damage.
#include "tests/support/diary/repair_fixture.h"

enum { EVENINGS = 5, LATER_S = EVENINGS * DAY_S };

static const struct diary_care_time AT_BACKUP = {.at_utc_s = EVENING_UTC_S + LATER_S, .boot_id = BOOT, .boot_ms = 1};

// Six evenings and an away mark, all moved out of the log.
static void begin_diary(struct desk *desk, bool with_backup) {
    assert_int_equal(open_simulated(desk), 0);
    write_evenings(desk, 0, EVENINGS);
    assert_int_equal(diary_set_away(desk->diary, EVENING_NIGHT - 3, true, EVENING_UTC_S), 0);
    if (with_backup) {
        assert_int_equal(diary_care_backup(desk->diary, 2, &AT_BACKUP), 0);
    }
    close_diary(desk);
    assert_int_equal(open_simulated(desk), 0);
}

// The daemon is killed, what it wrote last is in the log alone; then the database's first page is spoilt, and the
// diary started anew.
static void damage_and_restore(struct desk *desk, int sessions) {
    static struct bytes bytes;
    struct diary_restored restored;
    storage_kill(desk->storage);
    diary_abandon(desk->diary);
    desk->diary = NULL;
    load(desk, "diary.db", &bytes);
    spoil(&bytes, 100, 60); // the header of the schema's page
    store(desk, "diary.db", &bytes);
    load(desk, "diary.db-wal", &bytes);
    renew_storage(desk);
    assert_int_equal(open_simulated(desk), 0);
    assert_int_equal(diary_last_restored(desk->diary, &restored), 0);
    assert_false(restored.complete);
    assert_int_equal(count_rows(desk->diary), sessions);
}

struct sought {
    const char *uuid;
    enum outcome outcome;
};

static int seek(void *context, const struct session_record *session) {
    struct sought *sought = context;
    if (strcmp(session->uuid, sought->uuid) == 0) {
        sought->outcome = session->outcome;
    }
    return 0;
}

static enum outcome outcome_of(struct diary *diary, const char *uuid) {
    struct sought sought = {.uuid = uuid, .outcome = OUTCOME_RUNNING};
    assert_int_equal(diary_each_session(diary, seek, &sought), 0);
    return sought.outcome;
}

static int count_night(void *context, int32_t night) {
    (void)night;
    ++*(int *)context;
    return 0;
}

static int count_nights(struct diary *diary) {
    int nights = 0;
    assert_int_equal(diary_each_away(diary, count_night, &nights), 0);
    return nights;
}

static const struct diary_change UNDO = {
    .at_utc_s = EVENING_UTC_S + LATER_S, .what = "undo", .before = "{}", .after = "{}"};

static const struct diary_change EDITED = {
    .at_utc_s = EVENING_UTC_S + LATER_S, .what = "edit", .before = "{}", .after = "{}"};

// As long held as before: only that it is not the owner's is new.
static void what_was_taken_back_stays_so(void **state) {
    struct desk *desk = *state;
    for (int with_backup = 0; with_backup < 2; with_backup++) {
        empty(desk->state);
        renew_storage(desk);
        begin_diary(desk, with_backup == 1);
        struct session_record session = evening(3);
        session.outcome = OUTCOME_NOT_MINE;
        assert_int_equal(diary_correct(desk->diary, &session, 1, &UNDO), 0);
        damage_and_restore(desk, EVENINGS);
        assert_int_equal(outcome_of(desk->diary, session.uuid), OUTCOME_NOT_MINE);
        assert_int_equal(count_nights(desk->diary), 1);
        close_diary(desk);
    }
}

static void a_deleted_session_stays_away(void **state) {
    struct desk *desk = *state;
    for (int with_backup = 0; with_backup < 2; with_backup++) {
        empty(desk->state);
        renew_storage(desk);
        begin_diary(desk, with_backup == 1);
        const struct session_record session = evening(3);
        char before[80];
        snprintf(before, sizeof before, "{\"uuid\":\"%s\"}", session.uuid);
        const struct diary_change change = {
            .at_utc_s = EVENING_UTC_S + LATER_S, .what = "delete", .before = before, .after = NULL};
        assert_int_equal(
            diary_amend(desk->diary,
                        &(struct diary_amendment){.gone = session.uuid, .changes = &change, .change_count = 1}),
            0);
        damage_and_restore(desk, EVENINGS - 1);
        close_diary(desk);
    }
}

static void a_mark_that_was_taken_off_stays_off(void **state) {
    struct desk *desk = *state;
    for (int with_backup = 0; with_backup < 2; with_backup++) {
        empty(desk->state);
        renew_storage(desk);
        begin_diary(desk, with_backup == 1);
        assert_int_equal(diary_set_away(desk->diary, EVENING_NIGHT - 2, true, EVENING_UTC_S + LATER_S), 0);
        assert_int_equal(diary_set_away(desk->diary, EVENING_NIGHT - 3, false, EVENING_UTC_S + LATER_S), 0);
        damage_and_restore(desk, EVENINGS);
        assert_int_equal(count_nights(desk->diary), 1);
        close_diary(desk);
    }
}

// ---- every field of a session ----

#define EDIT(type, member, value)                                                                                      \
    {                                                                                                                  \
        #member, offsetof(struct session_record, member), sizeof(type), &(const type) {                                \
            value                                                                                                      \
        }                                                                                                              \
    }

// Of the session that before_edits makes, each another value than before; its note is taken away last.
static const struct edit {
    const char *member;
    size_t at;
    size_t size;
    const void *value;
} EDITS[] = {
    EDIT(int32_t, night, EVENING_NIGHT - 20),
    EDIT(int64_t, started_utc_s, EVENING_UTC_S - 20 * DAY_S),
    EDIT(int32_t, utc_offset_s, 7200),
    EDIT(char[RECORD_ZONE_SIZE], zone, "Europe/Athens"),
    EDIT(enum clock_quality, clock, CLOCK_SET),
    EDIT(char[RECORD_NAME_SIZE], routine, "my-own"),
    EDIT(char[RECORD_NAME_SIZE], variant, "chair"),
    EDIT(int64_t, planned_s, 900),
    EDIT(int64_t, held_s, 660),
    EDIT(int64_t, overtime_s, 60),
    EDIT(enum outcome, outcome, OUTCOME_FINISHED),
    EDIT(enum outcome, outcome_was, OUTCOME_ENDED_EARLY),
    EDIT(char *, note, "Slept well."),
    EDIT(char[UUID_SIZE], boot_id, "22222222-2222-4222-8222-222222222222"),
    EDIT(int64_t, counted_from_boot_ms, 5),
    EDIT(int64_t, paused_at_boot_ms, 5),
    EDIT(char *, note, ""),
};

enum { EDIT_COUNT = sizeof EDITS / sizeof *EDITS };

static struct session_record before_edits(void) {
    static char note[] = "Cold feet.";
    struct session_record session = evening(3);
    session.outcome = OUTCOME_NOT_MINE;
    session.note = note;
    return session;
}

struct reread {
    const struct session_record *wanted;
    bool same;
};

static int reread(void *context, const struct session_record *session) {
    struct reread *reread = context;
    if (strcmp(session->uuid, reread->wanted->uuid) != 0) {
        return 0;
    }
    const char *note = session->note != NULL ? session->note : "";
    bool same = strcmp(note, reread->wanted->note) == 0;
    for (const struct edit *edit = EDITS; edit < EDITS + EDIT_COUNT; edit++) {
        const char *got = (const char *)session + edit->at, *wanted = (const char *)reread->wanted + edit->at;
        same = same && (edit->at == offsetof(struct session_record, note) || memcmp(got, wanted, edit->size) == 0);
    }
    reread->same = same;
    return 0;
}

// Numbers that nothing here writes and no import takes.
static void a_number_that_cannot_be_is_damage(void **state) {
    struct desk *desk = *state;
    static const char *const BAD[] = {
        "started_utc = 253402300800",
        "started_utc = -62135683201",
        "started_utc = -9223372036854775807 - 1",
        "utc_offset = 86400",
        "utc_offset = -86400",
        "planned_s = 2147483648",
        "held_s = 4611686018427387904",
        "held_s = -1",
        "overtime_s = 2147483648",
        "counted_from_boot_ms = -2",
        "counted_from_boot_ms = 9223372036854775807",
        "paused_at_boot_ms = -2",
        "paused_at_boot_ms = 9223372036854775807",
    };
    static const char *const GOOD[] = {"started_utc = 253402300799", "started_utc = -62135683200",
                                       "utc_offset = -86399", "planned_s = 2147483647", "held_s = 0"};
    assert_int_equal(open_simulated(desk), 0);
    write_evenings(desk, 0, EVENINGS);
    close_diary(desk);
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD + sizeof GOOD / sizeof *GOOD; i++) {
        bool bad = i < sizeof BAD / sizeof *BAD;
        static struct bytes bytes;
        char sql[128];
        load(desk, "diary.db", &bytes);
        snprintf(sql, sizeof sql, "UPDATE session SET %s WHERE id = 2 RETURNING 1",
                 bad ? BAD[i] : GOOD[i - sizeof BAD / sizeof *BAD]);
        assert_int_equal(ask(desk, "diary.db", sql), 1);
        renew_storage(desk);
        assert_int_equal(open_simulated(desk), 0);
        if (count_rows(desk->diary) != EVENINGS - bad || diary_take_restored(desk->diary) != bad) {
            fail_msg("%s: %d sessions", sql, count_rows(desk->diary));
        }
        close_diary(desk);
        empty(desk->state);
        store(desk, "diary.db", &bytes);
        renew_storage(desk);
    }
}

// The first bytes of a page that tells nothing of sessions: the index of the choices.
static void spoil_choices(struct desk *desk) {
    static struct bytes bytes;
    close_diary(desk);
    int64_t page =
        ask(desk, "diary.db", "SELECT rootpage FROM sqlite_schema WHERE name LIKE 'sqlite_autoindex_setting%'");
    int64_t page_b = ask(desk, "diary.db", "PRAGMA page_size");
    load(desk, "diary.db", &bytes);
    spoil(&bytes, (size_t)((page - 1) * page_b), 16);
    store(desk, "diary.db", &bytes);
    renew_storage(desk);
    assert_int_equal(open_simulated(desk), 0);
    assert_true(diary_take_restored(desk->diary));
}

// Whether the session is after damage and restoration as the edit left it.
static bool outlives(struct desk *desk, const struct edit *edit, bool table_is_whole) {
    struct session_record session = before_edits();
    struct reread found = {.wanted = &session};
    empty(desk->state);
    renew_storage(desk);
    assert_int_equal(open_simulated(desk), 0);
    write_evenings(desk, 0, EVENINGS);
    assert_int_equal(diary_save(desk->diary, &session), 0);
    assert_int_equal(diary_care_backup(desk->diary, 2, &AT_BACKUP), 0);
    close_diary(desk);
    assert_int_equal(open_simulated(desk), 0);
    memcpy((char *)&session + edit->at, edit->value, edit->size);
    assert_int_equal(diary_correct(desk->diary, &session, 1, &EDITED), 0);
    if (table_is_whole) {
        spoil_choices(desk);
    } else {
        damage_and_restore(desk, EVENINGS);
    }
    assert_int_equal(diary_each_session(desk->diary, reread, &found), 0);
    close_diary(desk);
    return found.same;
}

// Where a page alone is left of the table, it may be one from before the note: that one is rather kept.
static void every_edit_outlives_the_damage(void **state) {
    int lost = 0;
    for (int i = 0; i < 2 * EDIT_COUNT - 1; i++) {
        bool table_is_whole = i < EDIT_COUNT;
        const struct edit *edit = &EDITS[i % EDIT_COUNT];
        if (!outlives(*state, edit, table_is_whole)) {
            print_error("an edit of %s is lost (%s)\n", edit->member, table_is_whole ? "table" : "page");
            lost++;
        }
    }
    assert_int_equal(lost, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORY(what_was_taken_back_stays_so),        STORY(a_deleted_session_stays_away),
        STORY(a_mark_that_was_taken_off_stays_off), STORY(a_number_that_cannot_be_is_damage),
        STORY(every_edit_outlives_the_damage),
    };
    return cmocka_run_group_tests_name("salvage", tests, NULL, NULL);
}
