// Tests of what a damaged diary's newest words are: a correction that only its log knows outlives the damage.
#include "tests/support/keeping_desk.h"

enum { EVENINGS = 5, LATER_S = EVENINGS * DAY_S };

static const struct diary_care_time AT_BACKUP = {.at_utc_s = EVENING_UTC_S + LATER_S, .boot_id = BOOT, .boot_ms = 1};

// Six evenings and an away mark, all moved out of the log.
static void begin_diary(struct desk *desk, bool with_backup) {
    assert_int_equal(open_diary(desk), 0);
    write_evenings(desk, 0, EVENINGS);
    assert_int_equal(diary_set_away(desk->diary, EVENING_NIGHT - 3, true, EVENING_UTC_S), 0);
    if (with_backup) {
        assert_int_equal(diary_care_backup(desk->diary, 2, &AT_BACKUP), 0);
    }
    close_diary(desk);
    assert_int_equal(open_diary(desk), 0);
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
    assert_int_equal(open_diary(desk), 0);
    assert_int_equal(diary_last_restored(desk->diary, &restored), 0);
    assert_false(restored.complete);
    assert_int_equal(count_rows(desk->diary), sessions);
}

struct sought {
    const char *uuid;
    enum outcome outcome;
};

static int seek(void *context, const struct diary_session *session) {
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

// As long held as before: only that it is not the owner's is new.
static void what_was_taken_back_stays_so(void **state) {
    struct desk *desk = *state;
    for (int with_backup = 0; with_backup < 2; with_backup++) {
        empty(desk->state);
        renew_storage(desk);
        begin_diary(desk, with_backup == 1);
        struct diary_session session = evening(3);
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
        const struct diary_session session = evening(3);
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

int main(void) {
    const struct CMUnitTest tests[] = {
        STORY(what_was_taken_back_stays_so),
        STORY(a_deleted_session_stays_away),
        STORY(a_mark_that_was_taken_off_stays_off),
    };
    return cmocka_run_group_tests_name("salvage", tests, NULL, NULL);
}
