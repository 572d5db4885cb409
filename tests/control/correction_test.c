// Tests of corrections of one session: what they may say, what they do to the diary, what `change` keeps, and what is
// left alone.
#include "tests/support/diary/correction_fixture.h"

// ---- what may be said ----

static void test_wrong_values(void **state) {
    struct desk *desk = *state;
    static char long_note[CORRECTION_NOTE_MAX + 2];
    memset(long_note, 'x', sizeof long_note - 1);
    const struct {
        struct correction correction;
        const char *member;
    } cases[] = {
        {{.kind = CORRECTION_ADD, .held_s = 600, .planned_s = -1}, "night"},
        {{.kind = CORRECTION_ADD, .night = "2026-03-01", .held_s = -1, .planned_s = -1}, "held_s"},
        {{.kind = CORRECTION_ADD, .night = "2026-02-29", .held_s = 1, .planned_s = -1}, "night"},
        {{.kind = CORRECTION_ADD, .night = "", .held_s = 1, .planned_s = -1}, "night"},
        {{.kind = CORRECTION_ADD, .night = "2026-03-01", .held_s = 86401, .planned_s = -1}, "held_s"},
        {{.kind = CORRECTION_ADD, .night = "2026-03-01", .held_s = 1, .planned_s = 86401}, "planned_s"},
        {{.kind = CORRECTION_ADD, .started = "2026-03-01", .held_s = 1, .planned_s = -1}, "started"},
        {{.kind = CORRECTION_ADD, .started = "2026-03-01 24:00", .held_s = 1, .planned_s = -1}, "started"},
        {{.kind = CORRECTION_ADD, .started = "2026-03-01T20:00", .held_s = 1, .planned_s = -1}, "started"},
        {{.kind = CORRECTION_ADD, .started = "2026-03-01 20:00:60", .held_s = 1, .planned_s = -1}, "started"},
        {{.kind = CORRECTION_ADD, .started = "1970-01-01 05:00", .held_s = 1, .planned_s = -1}, "started"},
        {{.kind = CORRECTION_EDIT, .id = "abc", .held_s = 1, .planned_s = -1}, "id"},
        {{.kind = CORRECTION_EDIT, .id = "wxyz", .held_s = 1, .planned_s = -1}, "id"},
        {{.kind = CORRECTION_EDIT, .held_s = 1, .planned_s = -1}, "id"},
        {{.kind = CORRECTION_EDIT, .id = A, .held_s = -1, .planned_s = -1}, "id"}, // nothing is said
        {{.kind = CORRECTION_EDIT, .id = A, .outcome = "running", .held_s = -1, .planned_s = -1}, "outcome"},
        {{.kind = CORRECTION_EDIT, .id = A, .outcome = "done", .held_s = -1, .planned_s = -1}, "outcome"},
        {{.kind = CORRECTION_EDIT, .id = A, .variant = "floor", .held_s = -1, .planned_s = -1}, "variant"},
        {{.kind = CORRECTION_EDIT, .id = A, .note = "\xff", .held_s = -1, .planned_s = -1}, "note"},
        {{.kind = CORRECTION_EDIT, .id = A, .note = long_note, .held_s = -1, .planned_s = -1}, "note"},
        {{.kind = CORRECTION_EDIT, .id = A, .routine = "../x", .held_s = -1, .planned_s = -1}, "routine"},
        {{.kind = CORRECTION_EDIT, .id = A, .routine = ".x", .held_s = -1, .planned_s = -1}, "routine"},
        {{.kind = CORRECTION_EDIT, .id = A, .routine = "", .held_s = -1, .planned_s = -1}, "routine"},
        {{.kind = CORRECTION_EDIT, .id = A, .routine = "a\nb", .held_s = -1, .planned_s = -1}, "routine"},
        {{.kind = CORRECTION_DELETE}, "id"},
        {{.kind = CORRECTION_AWAY}, "first"},
        {{.kind = CORRECTION_AWAY, .first = "today"}, "first"},
        {{.kind = CORRECTION_AWAY, .first = "2026-03-02", .last = "2026-03-01"}, "last"},
        {{.kind = CORRECTION_AWAY, .first = "2026-03-02", .last = "2029-03-01"}, "last"},
        {{.kind = CORRECTION_IMPORT}, "text"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (apply_correction(desk, &cases[i].correction) != CORRECTION_WRONG) {
            fail_msg("case %zu was taken", i);
        }
        assert_string_equal(desk->result.member, cases[i].member);
        assert_non_null(strstr(desk->result.sentence, cases[i].member));
        assert_false(correction_check(&cases[i].correction, &desk->result));
    }
    assert_int_equal(find_saved(desk, NULL).count, 0);
    assert_string_equal(read_changes(desk), "");
}

// ---- add ----

// Of a night alone: at the time of the invitation, whatever night that falls into; tonight not later than it can have
// been, and no earlier than noon. The local wall clock in Berlin, 2026-03-05 21:00 now.
static void test_add_a_night(void **state) {
    struct desk *desk = *state;
    static const struct {
        const char *night;
        int invite_min;
        int64_t held_s;
        int64_t started_utc_s;
        int32_t offset_s;
    } cases[] = {
        {"2026-03-01", 1230, 600, 1772393400, 3600},        // 20:30, 19:30 UTC
        {"2026-03-01", 30, 600, 1772407800, 3600},          // 00:30 belongs to the evening before
        {"2026-07-01", 1230, 600, 1782930600, 7200},        // ahead, in summer
        {"2026-03-05", 1230, 600, 1772739000, 3600},        // 20:30 to 20:40: over by now
        {"2026-03-05", 1230, 3600, NOW_UTC_S - 3600, 3600}, // 20:30 to 21:30: not yet
        {"2026-03-05", 1320, 600, NOW_UTC_S - 600, 3600},   // 22:00 is yet to come
        {"2026-03-05", 1320, 40000, 1772708400, 3600},      // 12:00 at the earliest
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct correction add = correction_of(CORRECTION_ADD);
        add.night = cases[i].night;
        add.held_s = cases[i].held_s;
        desk->place.invite_min = cases[i].invite_min;
        assert_int_equal(apply_correction(desk, &add), CORRECTION_DONE);
        struct found found = find_saved(desk, desk->result.uuid);
        char night[NIGHT_TEXT_SIZE];
        night_format(found.session.night, night);
        assert_string_equal(night, cases[i].night);
        if (found.session.started_utc_s != cases[i].started_utc_s) {
            fail_msg("case %zu: %lld", i, (long long)found.session.started_utc_s);
        }
        assert_int_equal(found.session.utc_offset_s, cases[i].offset_s);
        assert_int_equal(found.session.planned_s, cases[i].held_s);
        assert_int_equal(found.session.outcome, OUTCOME_FINISHED);
        assert_int_equal(found.session.clock, CLOCK_SET);
        assert_string_equal(found.session.variant, "wall");
        assert_string_equal(found.session.boot_id, "");
    }
}

static void test_add_everything(void **state) {
    struct desk *desk = *state;
    struct correction add = correction_of(CORRECTION_ADD);
    add.started = "2026-03-29 02:30"; // skipped by the change to summer time: the moment of the jump, 01:00 UTC
    add.held_s = 500;
    add.planned_s = 900;
    add.outcome = "ended-early";
    add.variant = "chair";
    add.routine = "other";
    add.note = "späť";
    assert_int_equal(apply_correction(desk, &add), CORRECTION_DONE);
    struct found found = find_saved(desk, desk->result.uuid);
    assert_int_equal(found.session.started_utc_s, 1774746000);
    assert_int_equal(found.session.utc_offset_s, 7200);
    assert_int_equal(found.session.night, 20540); // 2026-03-28: 03:00 is before noon
    assert_int_equal(found.session.held_s, 500);
    assert_int_equal(found.session.planned_s, 900);
    assert_int_equal(found.session.outcome, OUTCOME_ENDED_EARLY);
    assert_string_equal(found.session.variant, "chair");
    assert_string_equal(found.session.routine, "other");
    assert_string_equal(found.note, "späť");
    char wanted[1024];
    snprintf(wanted, sizeof wanted,
             "add - {\"uuid\":\"%s\",\"night\":\"2026-03-28\",\"started_utc\":\"2026-03-29T01:00:00Z\","
             "\"utc_offset\":\"+02:00\",\"zone\":\"Europe/Berlin\",\"clock\":\"set\",\"routine\":\"other\","
             "\"variant\":\"chair\",\"planned_s\":900,\"held_s\":500,\"overtime_s\":0,\"outcome\":\"ended-early\","
             "\"note\":\"späť\"}\n",
             desk->result.uuid);
    assert_string_equal(read_changes(desk), wanted);
}

// ---- edit ----

static void test_edit(void **state) {
    struct desk *desk = *state;
    save_session(desk, A, OUTCOME_FINISHED, "mine");
    save_session(desk, B, OUTCOME_FINISHED, NULL);
    struct correction edit = edit_of("A0000000-0000-4000-8000-00000000000A"); // either case
    edit.held_s = 50;
    assert_int_equal(apply_correction(desk, &edit), CORRECTION_DONE);
    assert_string_equal(desk->result.uuid, A);
    struct found found = find_saved(desk, A);
    assert_int_equal(found.session.held_s, 50);
    assert_int_equal(found.session.overtime_s, 50); // it includes the overtime
    assert_int_equal(found.session.planned_s, 600);
    assert_string_equal(found.note, "mine");
    assert_string_equal(found.session.boot_id, "0f0f0f0f-0000-4000-8000-000000000001");
    assert_int_equal(find_saved(desk, B).session.held_s, 700);
    assert_int_equal(apply_correction(desk, &edit), CORRECTION_UNCHANGED);

    edit = edit_of(A);
    edit.note = "";
    assert_int_equal(apply_correction(desk, &edit), CORRECTION_DONE);
    assert_string_equal(find_saved(desk, A).note, "(none)");
    assert_int_equal(apply_correction(desk, &edit), CORRECTION_UNCHANGED);

    assert_non_null(strstr(read_changes(desk), "\"note\":null}\n")); // as the row has it

    // Two changes, though four corrections were made.
    const char *first = strstr(read_changes(desk), "edit ");
    assert_non_null(first);
    assert_non_null(strstr(first + 1, "edit "));
    assert_null(strstr(strstr(first + 1, "edit ") + 1, "edit "));
}

// The start moves in the zone where the session was, and the night with it, unless it is said.
static void test_edit_start(void **state) {
    struct desk *desk = *state;
    struct session_record session = a_session(A, OUTCOME_FINISHED);
    strcpy(session.zone, "America/New_York");
    session.utc_offset_s = -18000;
    assert_int_equal(diary_save(desk->diary, &session), 0);
    struct correction edit = edit_of(A);
    edit.started = "2026-03-03 01:15";
    assert_int_equal(apply_correction(desk, &edit), CORRECTION_DONE);
    struct found found = find_saved(desk, A);
    assert_int_equal(found.session.started_utc_s, 1772518500); // 06:15 UTC
    assert_int_equal(found.session.utc_offset_s, -18000);
    assert_int_equal(found.session.night, 20514); // 2026-03-02
    assert_int_equal(found.session.clock, CLOCK_SET);
    edit.started = "2026-03-03 13:00";
    edit.night = "2026-03-01";
    assert_int_equal(apply_correction(desk, &edit), CORRECTION_DONE);
    assert_int_equal(find_saved(desk, A).session.night, 20513);
}

static void test_edit_outcome(void **state) {
    struct desk *desk = *state;
    save_session(desk, A, OUTCOME_ENDED_EARLY, NULL);
    struct correction edit = edit_of(A);
    edit.outcome = "not-mine";
    assert_int_equal(apply_correction(desk, &edit), CORRECTION_DONE);
    assert_int_equal(find_saved(desk, A).session.outcome, OUTCOME_NOT_MINE);
    assert_int_equal(find_saved(desk, A).session.outcome_was, OUTCOME_ENDED_EARLY); // what "keep" brings back
    assert_int_equal(apply_correction(desk, &edit), CORRECTION_UNCHANGED);
    assert_int_equal(find_saved(desk, A).session.outcome_was, OUTCOME_ENDED_EARLY);
    edit.outcome = "finished";
    assert_int_equal(apply_correction(desk, &edit), CORRECTION_DONE);
    assert_int_equal(find_saved(desk, A).session.outcome, OUTCOME_FINISHED);
}

// ---- which session ----

static void test_which(void **state) {
    struct desk *desk = *state;
    save_session(desk, A, OUTCOME_FINISHED, "a");
    save_session(desk, B, OUTCOME_FINISHED, "b");
    save_session(desk, "c0000000-0000-4000-8000-00000000000c", OUTCOME_RUNNING, NULL);
    struct correction gone = correction_of(CORRECTION_DELETE);
    gone.id = "a000";
    assert_int_equal(apply_correction(desk, &gone), CORRECTION_AMBIGUOUS);
    gone.id = "b000";
    assert_int_equal(apply_correction(desk, &gone), CORRECTION_UNKNOWN);
    gone.id = "c000";
    assert_int_equal(apply_correction(desk, &gone), CORRECTION_IN_USE); // it runs
    desk->place.in_use = A;
    gone.id = A;
    assert_int_equal(apply_correction(desk, &gone), CORRECTION_IN_USE); // the device will save it again
    assert_int_equal(find_saved(desk, NULL).count, 3);
    assert_string_equal(read_changes(desk), "");
    desk->place.in_use = B;
    assert_int_equal(apply_correction(desk, &gone), CORRECTION_DONE);
    assert_int_equal(find_saved(desk, A).count, 0);
    assert_int_equal(find_saved(desk, B).count, 1);
    assert_non_null(strstr(read_changes(desk), "delete {\"uuid\":\"" A "\""));
    assert_non_null(strstr(read_changes(desk), "\"note\":\"a\"} -\n")); // all of it is kept there
    assert_int_equal(apply_correction(desk, &gone), CORRECTION_UNKNOWN);
}

// A diary that cannot be written: nothing of the correction stays.
static void test_not_kept(void **state) {
    struct desk *desk = *state;
    save_session(desk, A, OUTCOME_FINISHED, NULL);
    diary_close(desk->diary);
    char sentence[256];
    assert_int_equal(diary_open_read(&desk->diary, desk->dir, sentence, sizeof sentence), 0);
    struct correction correction = correction_of(CORRECTION_AWAY);
    correction.first = "2026-03-01";
    assert_int_equal(apply_correction(desk, &correction), CORRECTION_NOT_KEPT);
    correction = correction_of(CORRECTION_DELETE);
    correction.id = A;
    assert_int_equal(apply_correction(desk, &correction), CORRECTION_NOT_KEPT);
    assert_int_equal(find_saved(desk, NULL).count, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORY(test_wrong_values), STORY(test_add_a_night),  STORY(test_add_everything), STORY(test_edit),
        STORY(test_edit_start),   STORY(test_edit_outcome), STORY(test_which),          STORY(test_not_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
