// The outbox of the diary: what is written at once, what waits, and what the device is told at its start. Runs against
// the real diary on the simulator's card, which can be full, read-only or without power.
#include "daemon/diary/outbox.h"

#include "daemon/core/night.h"
#include "daemon/runtime/corrections.h"
#include "daemon/runtime/gather.h"
#include "daemon/runtime/troubles.h"
#include "daemon/sim/storage/storage.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#define BOOT       "11111111-1111-5111-8111-111111111111"
#define OTHER_BOOT "22222222-2222-5222-8222-222222222222"
#define START      INT64_C(1774730400) // 2026-03-28 20:40:00 UTC

enum { EVENING_NIGHT = 20540, MINUTE_MS = 60 * 1000 }; // 2026-03-28

struct bench {
    char dir[32];
    struct storage *storage;
    struct diary *diary;
    const char *boot_id; // with which it was opened
    int opened;
};

#define TWELVE "{\"v\":1,\"chosen\":12,\"configured\":10}"
#define CHAIR  "{\"v\":1,\"chosen\":\"chair\",\"configured\":\"wall\"}"

static void hear(void *context, enum outbox_event event) {
    struct bench *bench = context;
    bench->opened += event == OUTBOX_OPENED;
}

static bool has_trouble(struct diary *diary, enum page_trouble cause) {
    struct troubles troubles = {.health = NULL};
    troubles_note_diary(&troubles, diary);
    return troubles_has(&troubles, cause);
}

static void open_diary(struct bench *bench, const char *boot_id, int64_t boot_ms) {
    assert_int_equal(outbox_open(&bench->diary, bench->dir, storage_vfs(bench->storage), boot_id, boot_ms), 0);
    outbox_listen(bench->diary, hear, bench);
    bench->boot_id = boot_id;
    bench->opened = 0;
}

static int set_up(void **state) {
    struct bench *bench = calloc(1, sizeof *bench);

    snprintf(bench->dir, sizeof bench->dir, "/tmp/outbox_test.XXXXXX");
    if (mkdtemp(bench->dir) == NULL || storage_new(&bench->storage, "outbox-test") != 0) {
        return -1;
    }
    open_diary(bench, BOOT, 0);
    *state = bench;
    return 0;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *ftw) {
    (void)status;
    (void)type;
    (void)ftw;
    return remove(path);
}

static int tear_down(void **state) {
    struct bench *bench = *state;

    diary_close(bench->diary);
    storage_free(bench->storage);
    nftw(bench->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(bench);
    return 0;
}

static struct session_record a_session(char digit, int32_t night, int64_t held_s) {
    struct session_record session = {
        .night = night,
        .started_utc_s = START + (night == NIGHT_NONE ? 0 : (int64_t)(night - EVENING_NIGHT) * 86400) + digit,
        .utc_offset_s = 3600,
        .zone = "Europe/Berlin",
        .clock = CLOCK_SYNCED,
        .routine = "legs-up-the-wall",
        .variant = "wall",
        .planned_s = 600,
        .held_s = held_s,
        .outcome = OUTCOME_FINISHED,
        .boot_id = BOOT,
        .paused_at_boot_ms = -1,
    };

    snprintf(session.uuid, sizeof session.uuid, "%c0000000-0000-4000-8000-000000000000", digit);
    return session;
}

static void save(struct bench *bench, const struct session_record *session, bool written) {
    assert_int_equal(outbox_save(bench->diary, session, 0), written);
}

static void gathers_what_the_diary_knows(void **state) {
    struct bench *bench = *state;
    struct session_record first = a_session('1', EVENING_NIGHT - 1, 100);
    struct session_record second = a_session('2', EVENING_NIGHT - 1, 200);
    struct session_record undated = a_session('3', NIGHT_NONE, 70);
    struct session_record others = a_session('4', EVENING_NIGHT, 600);
    struct session_record left = a_session('5', EVENING_NIGHT + 1, 60);
    struct device_start start = {.rtc_trusted = false};

    others.outcome = OUTCOME_NOT_MINE;
    others.outcome_was = OUTCOME_FINISHED;
    undated.clock = CLOCK_UNSET;
    left.outcome = OUTCOME_RUNNING;
    save(bench, &first, true);
    save(bench, &second, true);
    save(bench, &undated, true);
    save(bench, &others, true);
    save(bench, &left, true);
    assert_true(outbox_set_away(bench->diary, EVENING_NIGHT + 2, true, START, 0));
    assert_true(outbox_set(bench->diary, DEVICE_SETTING_MINUTES, TWELVE, 0));
    diary_close(bench->diary);
    // Another boot: what was left running there is interrupted.
    open_diary(bench, OTHER_BOOT, 0);
    assert_int_equal(gather_start(bench->diary, bench->boot_id, (struct moment){0}, &start), 0);
    assert_true(habit_log_held_s(&start.diary.log, EVENING_NIGHT - 1) == 300);
    assert_true(habit_log_held_s(&start.diary.log, EVENING_NIGHT) == 0); // counts nowhere
    assert_true(habit_log_held_s(&start.diary.log, EVENING_NIGHT + 1) == 60);
    assert_true(habit_log_is_away(&start.diary.log, EVENING_NIGHT + 2));
    assert_true(start.diary.undated_s == 70);
    assert_true(start.diary.has_last);
    assert_string_equal(start.diary.last.uuid, left.uuid);
    assert_int_equal(start.diary.last.outcome, OUTCOME_INTERRUPTED);
    assert_true(start.diary.last_done_utc_s == undated.started_utc_s);
    assert_int_equal(start.settings.minutes.chosen, 12);
    assert_false(start.settings.has[DEVICE_SETTING_VARIANT]);
    assert_true(start.last_known_s >= left.started_utc_s);
    assert_true(outbox_is_empty(bench->diary));
    assert_true(outbox_deadline(bench->diary) == INT64_MAX);
    habit_log_clear(&start.diary.log);
}

// Whatever could not be written waits, is tried each minute, and outlives a power cut once it was written.
static void tries_again_what_waits(void **state) {
    struct bench *bench = *state;
    struct session_record session = a_session('1', EVENING_NIGHT, 300);
    struct device_start start = {.rtc_trusted = false};

    storage_set_fault(bench->storage, STORAGE_FAULT_FULL);
    save(bench, &session, false);
    assert_false(outbox_set_away(bench->diary, EVENING_NIGHT + 1, true, START, 5));
    assert_false(outbox_set_away(bench->diary, EVENING_NIGHT + 1, false, START, 5)); // thought better of
    assert_false(outbox_set_away(bench->diary, EVENING_NIGHT + 2, true, START, 5));
    assert_false(outbox_set(bench->diary, DEVICE_SETTING_VARIANT, CHAIR, 5));
    assert_false(outbox_is_empty(bench->diary));
    assert_true(has_trouble(bench->diary, PAGE_TROUBLE_NOT_KEPT));
    assert_false(has_trouble(bench->diary, PAGE_TROUBLE_DIARY));

    int64_t due_ms = outbox_deadline(bench->diary);

    assert_true(due_ms == 5 + MINUTE_MS);
    assert_false(outbox_tick(bench->diary, due_ms - 1));
    assert_true(outbox_tick(bench->diary, due_ms));
    assert_false(outbox_is_empty(bench->diary));
    assert_true(outbox_deadline(bench->diary) == due_ms + MINUTE_MS);
    storage_set_fault(bench->storage, STORAGE_FAULT_NONE);
    assert_true(outbox_tick(bench->diary, due_ms + MINUTE_MS));
    assert_true(outbox_is_empty(bench->diary));
    assert_false(has_trouble(bench->diary, PAGE_TROUBLE_NOT_KEPT));
    assert_true(outbox_deadline(bench->diary) == INT64_MAX);

    assert_int_equal(storage_power_cut(bench->storage), 0);
    diary_abandon(bench->diary);
    open_diary(bench, OTHER_BOOT, 0);
    assert_int_equal(gather_start(bench->diary, bench->boot_id, (struct moment){0}, &start), 0);
    assert_true(habit_log_held_s(&start.diary.log, EVENING_NIGHT) == 300);
    assert_false(habit_log_is_away(&start.diary.log, EVENING_NIGHT + 1));
    assert_true(habit_log_is_away(&start.diary.log, EVENING_NIGHT + 2));
    assert_int_equal(start.settings.variant.chosen, VARIANT_CHAIR);
    habit_log_clear(&start.diary.log);
}

// What waits goes to the card with the next thing that can be written, not only by the minute.
static void a_later_save_takes_the_rest_along(void **state) {
    struct bench *bench = *state;
    struct session_record session = a_session('1', EVENING_NIGHT, 300);

    storage_set_fault(bench->storage, STORAGE_FAULT_FULL);
    assert_false(outbox_set(bench->diary, DEVICE_SETTING_MINUTES, "7 of 10", 0));
    storage_set_fault(bench->storage, STORAGE_FAULT_NONE);
    save(bench, &session, true);
    assert_true(outbox_is_empty(bench->diary));
    assert_true(outbox_deadline(bench->diary) == INT64_MAX);
}

// A diary that cannot be opened: the evening goes on in memory; when the card recovers, all of it is there.
static void opens_a_diary_later(void **state) {
    struct bench *bench = *state;
    struct session_record before = a_session('1', EVENING_NIGHT - 1, 600);
    struct session_record session = a_session('2', EVENING_NIGHT, 300);
    struct device_start start = {.rtc_trusted = false};
    struct device_diary known;

    save(bench, &before, true);
    diary_close(bench->diary);
    storage_set_fault(bench->storage, STORAGE_FAULT_READONLY);
    open_diary(bench, OTHER_BOOT, 1000);
    assert_int_equal(gather_start(bench->diary, bench->boot_id, (struct moment){0}, &start), 0);
    habit_log_clear(&start.diary.log);
    assert_true(has_trouble(bench->diary, PAGE_TROUBLE_NOT_KEPT));
    assert_true(outbox_deadline(bench->diary) == 1000 + MINUTE_MS);
    save(bench, &session, false);
    assert_int_equal(bench->opened, 0);
    storage_set_fault(bench->storage, STORAGE_FAULT_NONE);
    assert_true(outbox_tick(bench->diary, 1000 + MINUTE_MS));
    assert_int_equal(bench->opened, 1);
    assert_true(outbox_is_empty(bench->diary));
    assert_false(has_trouble(bench->diary, PAGE_TROUBLE_NOT_KEPT));
    assert_int_equal(gather_nights(bench->diary, bench->boot_id, INT64_MAX, &known), 0);
    assert_true(habit_log_held_s(&known.log, EVENING_NIGHT - 1) == 600);
    assert_true(habit_log_held_s(&known.log, EVENING_NIGHT) == 300);
    habit_log_clear(&known.log);
}

// Only this boot's rows whose clock was in doubt are moved.
static void corrects_the_doubtful_rows(void **state) {
    struct bench *bench = *state;
    struct session_record sure = a_session('1', EVENING_NIGHT, 300);
    struct session_record doubtful = a_session('2', EVENING_NIGHT, 200);
    struct session_record elsewhere = a_session('3', EVENING_NIGHT, 100);
    struct zone *zone = zone_open("Europe/Berlin");
    struct device_diary known;
    size_t rows = 0;

    doubtful.clock = CLOCK_RESTORED;
    elsewhere.clock = CLOCK_RESTORED;
    snprintf(elsewhere.boot_id, sizeof elsewhere.boot_id, "%s", OTHER_BOOT);
    save(bench, &sure, true);
    save(bench, &doubtful, true);
    save(bench, &elsewhere, true);
    assert_true(corrections_move(
        bench->diary, bench->boot_id,
        &(struct corrections_clock){.difference_s = 2 * 86400, .quality = CLOCK_SET, .zone = zone, .at_utc_s = START},
        0, &rows));
    assert_int_equal(rows, 1);
    assert_int_equal(gather_nights(bench->diary, bench->boot_id, INT64_MAX, &known), 0);
    assert_true(habit_log_held_s(&known.log, EVENING_NIGHT) == 400);
    assert_true(habit_log_held_s(&known.log, EVENING_NIGHT + 2) == 200);
    habit_log_clear(&known.log);
    assert_true(corrections_move(
        bench->diary, bench->boot_id,
        &(struct corrections_clock){.difference_s = 86400, .quality = CLOCK_SYNCED, .zone = zone, .at_utc_s = START}, 0,
        &rows));
    assert_int_equal(rows, 0);
    zone_unref(zone);
}

// The latest time that the diary knows is then that of the change.
static void keeps_what_the_owner_sets(void **state) {
    struct bench *bench = *state;
    struct zone *zone = zone_open("UTC");
    size_t rows = 7;
    int64_t utc_s = 0;

    assert_true(corrections_move(
        bench->diary, bench->boot_id,
        &(struct corrections_clock){.difference_s = 60, .quality = CLOCK_SYNCED, .zone = zone, .at_utc_s = START}, 0,
        &rows));
    assert_int_equal(rows, 0);
    assert_int_equal(diary_last_time(bench->diary, &utc_s), 0);
    assert_true(utc_s == 0);
    assert_true(corrections_move(
        bench->diary, bench->boot_id,
        &(struct corrections_clock){.difference_s = 60, .quality = CLOCK_SET, .zone = zone, .at_utc_s = START}, 0,
        &rows));
    assert_int_equal(rows, 0);
    assert_int_equal(diary_last_time(bench->diary, &utc_s), 0);
    assert_true(utc_s == START);
    zone_unref(zone);
}

// An imported row may be of any time; no clock goes on from the end of the calendar.
static void believes_no_time_beyond_the_glass(void **state) {
    struct bench *bench = *state;
    struct session_record far = a_session('1', EVENING_NIGHT, 600);
    struct device_start start = {.rtc_trusted = false};

    far.started_utc_s = INT64_C(253402300799); // 9999-12-31 23:59:59
    far.held_s = INT32_MAX;
    save(bench, &far, true);
    assert_int_equal(gather_start(bench->diary, bench->boot_id, (struct moment){0}, &start), 0);
    assert_true(start.last_known_s == INT64_C(4102358400)); // 2099-12-31
    habit_log_clear(&start.diary.log);
}

// Months under a clock that is a lower bound: all rows move, whatever their number, each in the zone of its start.
static void corrects_more_rows_than_could_wait(void **state) {
    struct bench *bench = *state;
    enum { ROWS = DIARY_PENDING_MAX + 10 };
    struct zone *zone = zone_open("America/New_York");
    struct device_diary known;
    size_t rows = 0;

    for (int i = 0; i < ROWS; i++) {
        struct session_record row = a_session('1', EVENING_NIGHT - ROWS + i, 200);

        snprintf(row.uuid, sizeof row.uuid, "%08d-0000-4000-8000-000000000000", i);
        row.clock = CLOCK_RESTORED;
        row.counted_from_boot_ms = i * INT64_C(86400000);
        row.note = i == 7 ? (char[]){"a note"} : NULL;
        save(bench, &row, true);
    }
    assert_true(corrections_move(
        bench->diary, bench->boot_id,
        &(struct corrections_clock){.difference_s = 86400, .quality = CLOCK_SET, .zone = zone, .at_utc_s = START}, 0,
        &rows));
    assert_int_equal(rows, ROWS);
    assert_int_equal(gather_nights(bench->diary, bench->boot_id, INT64_MAX, &known), 0);
    assert_int_equal(known.last.clock, CLOCK_SET);
    assert_int_equal(known.last.night, EVENING_NIGHT);
    assert_string_equal(known.last.zone, "Europe/Berlin");
    assert_int_equal(known.last.utc_offset_s, 3600);
    habit_log_clear(&known.log);
    zone_unref(zone);
}

// The system clock was set back in between: the session begun last is the one that BOOTTIME calls so.
static void finds_the_running_session_of_this_boot(void **state) {
    struct bench *bench = *state;
    struct session_record before = a_session('1', EVENING_NIGHT, 600);
    struct session_record running = a_session('2', EVENING_NIGHT, 60);
    struct device_diary known;

    before.counted_from_boot_ms = 100000;
    running.counted_from_boot_ms = 9000000;
    running.started_utc_s -= 7200;
    running.outcome = OUTCOME_RUNNING;
    save(bench, &before, true);
    save(bench, &running, true);
    assert_int_equal(gather_nights(bench->diary, bench->boot_id, INT64_MAX, &known), 0);
    assert_true(known.has_last);
    assert_string_equal(known.last.uuid, running.uuid);
    habit_log_clear(&known.log);
}

// There is room again when the daemon is stopped: choices and marks are written then, too, not sessions alone.
static void closing_writes_what_waits(void **state) {
    struct bench *bench = *state;
    struct device_start start = {.rtc_trusted = false};

    storage_set_fault(bench->storage, STORAGE_FAULT_FULL);
    assert_false(outbox_set(bench->diary, DEVICE_SETTING_MINUTES, TWELVE, 0));
    assert_false(outbox_set_away(bench->diary, EVENING_NIGHT, true, START, 0));
    storage_set_fault(bench->storage, STORAGE_FAULT_NONE);
    diary_close(bench->diary);
    open_diary(bench, BOOT, 0);
    assert_int_equal(gather_start(bench->diary, bench->boot_id, (struct moment){0}, &start), 0);
    assert_int_equal(start.settings.minutes.chosen, 12);
    assert_true(habit_log_is_away(&start.diary.log, EVENING_NIGHT));
    habit_log_clear(&start.diary.log);
}

// "Not mine" and back again, also while the card is full.
static void undoes_and_redoes(void **state) {
    struct bench *bench = *state;
    struct session_record session = a_session('1', EVENING_NIGHT, 300);
    struct device_diary known;

    save(bench, &session, true);
    session.outcome = OUTCOME_NOT_MINE;
    session.outcome_was = OUTCOME_FINISHED;
    assert_true(corrections_undo(bench->diary, &session, START + 900, 0));
    assert_int_equal(gather_nights(bench->diary, bench->boot_id, INT64_MAX, &known), 0);
    assert_true(habit_log_held_s(&known.log, EVENING_NIGHT) == 0);
    assert_true(known.has_last);
    habit_log_clear(&known.log);
    storage_set_fault(bench->storage, STORAGE_FAULT_FULL);
    session.outcome = OUTCOME_FINISHED;
    assert_false(corrections_undo(bench->diary, &session, START + 960, 0));
    assert_int_equal(gather_nights(bench->diary, bench->boot_id, INT64_MAX, &known), 0);
    assert_true(habit_log_held_s(&known.log, EVENING_NIGHT) == 300); // waits, and is seen all the same
    habit_log_clear(&known.log);
    storage_set_fault(bench->storage, STORAGE_FAULT_NONE);
    assert_true(outbox_tick(bench->diary, MINUTE_MS));
    assert_true(outbox_is_empty(bench->diary));
}

enum { NOTE_SIZE = 16 };

static int take_note(void *context, const struct session_record *session) {
    snprintf(context, NOTE_SIZE, "%s", session->note != NULL ? session->note : "none");
    return 0;
}

// The owner's note on a session is no business of the device's: it outlives an undo and whatever is saved later.
static void leaves_notes_alone(void **state) {
    struct bench *bench = *state;
    struct session_record session = a_session('1', EVENING_NIGHT, 300);
    struct session_record noted = session;
    char seen[NOTE_SIZE] = "";

    noted.note = (char[]){"slept well"};
    save(bench, &noted, true);
    session.outcome = OUTCOME_NOT_MINE;
    assert_true(corrections_undo(bench->diary, &session, START + 900, 0));
    session.outcome = OUTCOME_FINISHED;
    save(bench, &session, true);
    assert_int_equal(diary_each_session(bench->diary, take_note, seen), 0);
    assert_string_equal(seen, "slept well");
    noted.note = (char[]){""};
    save(bench, &noted, true);
    assert_int_equal(diary_each_session(bench->diary, take_note, seen), 0);
    assert_string_equal(seen, "none");
}

// More marks than have room: the newest stay.
static void keeps_the_newest_marks(void **state) {
    struct bench *bench = *state;
    struct device_diary known;

    storage_set_fault(bench->storage, STORAGE_FAULT_FULL);
    for (int32_t night = EVENING_NIGHT; night < EVENING_NIGHT + 20; night++) {
        assert_false(outbox_set_away(bench->diary, night, true, START, 0));
    }
    storage_set_fault(bench->storage, STORAGE_FAULT_NONE);
    assert_true(outbox_tick(bench->diary, MINUTE_MS));
    assert_int_equal(gather_nights(bench->diary, bench->boot_id, INT64_MAX, &known), 0);
    assert_false(habit_log_is_away(&known.log, EVENING_NIGHT + 3));
    assert_true(habit_log_is_away(&known.log, EVENING_NIGHT + 4));
    assert_true(habit_log_is_away(&known.log, EVENING_NIGHT + 19));
    habit_log_clear(&known.log);
}

static void lets_a_newer_diary_rest(void **state) {
    struct bench *bench = *state;
    struct session_record session = a_session('1', EVENING_NIGHT, 300);
    char path[64];
    sqlite3 *db;

    diary_close(bench->diary);
    snprintf(path, sizeof path, "%s/diary.db", bench->dir);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "PRAGMA user_version = 99", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    open_diary(bench, BOOT, 0);
    assert_true(has_trouble(bench->diary, PAGE_TROUBLE_NEWER));
    save(bench, &session, false);
    assert_int_equal(outbox_deadline(bench->diary), INT64_MAX);
    assert_false(outbox_is_empty(bench->diary));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(gathers_what_the_diary_knows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tries_again_what_waits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_later_save_takes_the_rest_along, set_up, tear_down),
        cmocka_unit_test_setup_teardown(opens_a_diary_later, set_up, tear_down),
        cmocka_unit_test_setup_teardown(corrects_the_doubtful_rows, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keeps_what_the_owner_sets, set_up, tear_down),
        cmocka_unit_test_setup_teardown(believes_no_time_beyond_the_glass, set_up, tear_down),
        cmocka_unit_test_setup_teardown(corrects_more_rows_than_could_wait, set_up, tear_down),
        cmocka_unit_test_setup_teardown(finds_the_running_session_of_this_boot, set_up, tear_down),
        cmocka_unit_test_setup_teardown(closing_writes_what_waits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(undoes_and_redoes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(leaves_notes_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keeps_the_newest_marks, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lets_a_newer_diary_rest, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
