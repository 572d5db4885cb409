// Tests of a diary whose card refuses: what cannot be kept waits, and what is acknowledged is kept.
#include "tests/support/ctl/emulator.h"
#include "tests/support/diary/diary_fixture.h"
#include "tests/support/diary/last_session.h"
#include "tests/support/run/limit.h"

#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

// Each fault of the storage, what it is called, and that nothing is lost once it has passed.
static void what_cannot_be_saved_waits(void **state) {
    struct desk *desk = *state;
    static const struct {
        enum storage_fault fault;
        int error;
        enum diary_health health;
    } FAULTS[] = {
        {STORAGE_FAULT_FULL, -ENOSPC, DIARY_FULL},
        {STORAGE_FAULT_READONLY, -EROFS, DIARY_READONLY},
        {STORAGE_FAULT_SYNC, -EIO, DIARY_IO_ERROR},
    };
    assert_int_equal(open_simulated(desk), 0);
    struct session_record kept = evening(0);
    assert_int_equal(diary_save(desk->diary, &kept), 0);
    for (int i = 0; i < 3; i++) {
        struct session_record session = evening(1 + i);
        storage_set_fault(desk->storage, FAULTS[i].fault);
        for (session.held_s = 60; session.held_s <= 180; session.held_s += 60) {
            assert_int_equal(diary_save(desk->diary, &session), FAULTS[i].error);
            assert_int_equal(diary_health(desk->diary), FAULTS[i].health);
            assert_int_equal(diary_pending(desk->diary), 1); // the newest state alone
        }
        session.held_s = 180;
        assert_int_equal(diary_retry(desk->diary), FAULTS[i].error);
        assert_int_equal(diary_pending(desk->diary), 1);
        struct session_record last;
        assert_int_equal(last_session(desk->diary, &last), 0);
        assert_same(&last, &session);
        storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
        assert_int_equal(diary_retry(desk->diary), 0);
        assert_int_equal(diary_pending(desk->diary), 0);
        assert_int_equal(diary_health(desk->diary), DIARY_GOOD);
        cut(desk);
        struct rows read = read_rows(desk->diary);
        assert_int_equal(read.count, 2 + i);
        assert_same(&read.rows[1 + i], &session);
    }
}

static void a_later_save_takes_what_waits_along(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_simulated(desk), 0);
    struct session_record one = evening(1), two = evening(2);
    one.note = (char[]){"kept with its note"};
    storage_set_fault(desk->storage, STORAGE_FAULT_FULL);
    assert_int_equal(diary_save(desk->diary, &one), -ENOSPC);
    storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
    assert_int_equal(diary_save(desk->diary, &two), 0);
    assert_int_equal(diary_pending(desk->diary), 0);
    cut(desk);
    struct rows read = read_rows(desk->diary);
    assert_int_equal(read.count, 2);
    assert_string_equal(read.notes[0], "kept with its note");
}

static void the_oldest_of_too_many_is_given_up(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_simulated(desk), 0);
    storage_set_fault(desk->storage, STORAGE_FAULT_FULL);
    for (int i = 0; i < DIARY_PENDING_MAX + 3; i++) {
        struct session_record session = evening(i);
        assert_int_equal(diary_save(desk->diary, &session), -ENOSPC);
    }
    assert_int_equal(diary_pending(desk->diary), DIARY_PENDING_MAX);
    storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
    assert_int_equal(diary_retry(desk->diary), 0);
    struct rows read = read_rows(desk->diary);
    assert_int_equal(read.count, DIARY_PENDING_MAX);
    struct session_record first = evening(3);
    assert_string_equal(read.rows[0].uuid, first.uuid);
}

// Linux takes pages for clean after a sync that failed: what was written behind them must not hang on them.
static void a_failed_sync_loses_nothing_acknowledged(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_simulated(desk), 0);
    struct session_record one = evening(1), two = evening(2), three = evening(3);
    assert_int_equal(diary_save(desk->diary, &one), 0);
    storage_set_fault(desk->storage, STORAGE_FAULT_SYNC);
    assert_int_equal(diary_save(desk->diary, &two), -EIO);
    storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
    // The daemon dies here, too: what waited is lost (it was never acknowledged), the next one begins on this WAL.
    storage_kill(desk->storage);
    diary_abandon(desk->diary);
    assert_int_equal(open_simulated(desk), 0);
    assert_int_equal(diary_save(desk->diary, &three), 0);
    cut(desk);
    struct rows read = read_rows(desk->diary);
    assert_true(read.count >= 2);
    assert_string_equal(read.rows[0].uuid, one.uuid);
    assert_string_equal(read.rows[read.count - 1].uuid, three.uuid);
}

// What is acknowledged is not written again: a power cut during that could spoil it.
static void a_start_after_a_kill_writes_nothing(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_simulated(desk), 0);
    struct session_record one = evening(1);
    assert_int_equal(diary_save(desk->diary, &one), 0);
    storage_kill(desk->storage);
    diary_abandon(desk->diary);
    storage_set_fault(desk->storage, STORAGE_FAULT_FULL);
    assert_int_equal(open_simulated(desk), 0);
    assert_int_equal(read_rows(desk->diary).count, 1);
    storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
}

static void a_card_read_only_from_the_start(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_simulated(desk), 0);
    struct session_record one = evening(1), two = evening(2);
    assert_int_equal(diary_save(desk->diary, &one), 0);
    for (int round = 0; round < 2; round++) { // after a clean end, and after a cut
        if (round == 0) {
            close_diary(desk);
        } else {
            assert_int_equal(storage_power_cut(desk->storage), 0);
            diary_abandon(desk->diary);
        }
        storage_set_fault(desk->storage, STORAGE_FAULT_READONLY);
        assert_int_equal(open_simulated(desk), -EROFS);
        assert_non_null(strstr(desk->error, "cannot be written"));
        assert_int_equal(diary_health(desk->diary), DIARY_READONLY);
        assert_int_equal(read_rows(desk->diary).count, 1); // what is there can be read
        assert_int_equal(diary_save(desk->diary, &two), -EROFS);
        assert_int_equal(read_rows(desk->diary).count, 2);
        storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
        if (round == 0) {
            diary_abandon(desk->diary);
            assert_int_equal(open_simulated(desk), 0);
        }
    }
    assert_int_equal(diary_retry(desk->diary), 0);
    assert_int_equal(diary_health(desk->diary), DIARY_GOOD);
    cut(desk);
    assert_int_equal(read_rows(desk->diary).count, 2);
}

static void a_diary_that_could_not_be_made_is_made_later(void **state) {
    struct desk *desk = *state;
    storage_set_fault(desk->storage, STORAGE_FAULT_READONLY);
    assert_int_equal(open_simulated(desk), -EROFS);
    assert_non_null(desk->diary);
    struct session_record session = evening(1);
    assert_int_equal(diary_save(desk->diary, &session), -EROFS);
    assert_int_equal(diary_set(desk->diary, "minutes", "12"), -EROFS);
    struct session_record last;
    assert_int_equal(last_session(desk->diary, &last), 0);
    assert_string_equal(last.uuid, session.uuid);
    storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
    assert_int_equal(diary_retry(desk->diary), 0);
    cut(desk);
    assert_int_equal(read_rows(desk->diary).count, 1);
}

// Someone else writes: 250 ms are waited, then the row waits.
static void a_busy_diary(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_in(desk, NULL), 0);
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/diary.db", desk->state);
    sqlite3 *other;
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    struct session_record session = evening(1);
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    assert_int_equal(diary_save(desk->diary, &session), -EBUSY);
    clock_gettime(CLOCK_MONOTONIC, &after);
    assert_true(after.tv_sec - before.tv_sec < 3);
    assert_int_equal(diary_health(desk->diary), DIARY_BUSY);
    sqlite3_close(other);
    assert_int_equal(diary_retry(desk->diary), 0);
    assert_int_equal(read_rows(desk->diary).count, 1);
}

static void closing_tries_once_more(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_simulated(desk), 0);
    storage_set_fault(desk->storage, STORAGE_FAULT_FULL);
    struct session_record session = evening(1);
    assert_int_equal(diary_save(desk->diary, &session), -ENOSPC);
    storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
    close_diary(desk);
    assert_int_equal(open_simulated(desk), 0);
    assert_int_equal(read_rows(desk->diary).count, 1);
}

int main(void) {
    limit_processor_s(60);
    const struct CMUnitTest tests[] = {
        STORY(what_cannot_be_saved_waits),
        STORY(a_later_save_takes_what_waits_along),
        STORY(the_oldest_of_too_many_is_given_up),
        STORY(a_failed_sync_loses_nothing_acknowledged),
        STORY(a_start_after_a_kill_writes_nothing),
        STORY(a_card_read_only_from_the_start),
        STORY(a_diary_that_could_not_be_made_is_made_later),
        STORY(a_busy_diary),
        STORY(closing_tries_once_more),
    };
    return cmocka_run_group_tests_name("diary, waiting", tests, NULL, NULL);
}
