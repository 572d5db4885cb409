// Tests of a diary where power, memory or card fails at any point: what is acknowledged is kept.
#include "tests/support/ctl/emulator.h"
#include "tests/support/diary/diary_fixture.h"
#include "tests/support/diary/last_session.h"
#include "tests/support/run/limit.h"
#include "tests/support/run/points.h"

#include <errno.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

// Cuts at every save of ten evenings: never fewer rows than were acknowledged.
static void cuts_at_every_save(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_simulated(desk), 0);
    for (int i = 0; i < 10; i++) {
        struct session_record session = evening(i);
        session.outcome = session.outcome_was = OUTCOME_RUNNING;
        for (session.held_s = 0; session.held_s <= 300; session.held_s += 60) {
            assert_int_equal(diary_save(desk->diary, &session), 0);
            cut(desk);
            struct session_record last;
            assert_int_equal(last_session(desk->diary, &last), 0);
            assert_same(&last, &session);
        }
    }
    assert_int_equal(read_rows(desk->diary).count, 10);
}

// SQLite's memory with a failure built in: the allocation that comes when the count is down to 0, and where it is
// wanted every one after it.
static sqlite3_mem_methods real_memory;
static int64_t allocations_left = -1; // -1: none fails
static bool all_fail_then;

static bool memory_fails(void) {
    if (allocations_left < 0) {
        return false;
    }
    if (allocations_left > 0) {
        allocations_left--;
        return false;
    }
    if (!all_fail_then) {
        allocations_left = -1;
    }
    return true;
}

static void *failing_malloc(int size) {
    return memory_fails() ? NULL : real_memory.xMalloc(size);
}

static void *failing_realloc(void *memory, int size) {
    return memory_fails() ? NULL : real_memory.xRealloc(memory, size);
}

static int prepare_memory(void) {
    int result = sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_memory);
    sqlite3_mem_methods failing = real_memory;
    failing.xMalloc = failing_malloc;
    failing.xRealloc = failing_realloc;
    if (result == SQLITE_OK) {
        result = sqlite3_config(SQLITE_CONFIG_MALLOC, &failing);
    }
    // Without the small blocks that each connection keeps aside: every allocation is to be seen.
    return result == SQLITE_OK ? sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0) : result;
}

// Every single allocation of opening and saving fails once, and once with all that follow: nothing that was
// acknowledged is lost, and what was not is saved as soon as there is memory again.
static void memory_runs_out_anywhere(void **state) {
    struct desk *desk = *state;
    int failures = 0;
    for (int persistent = 0; persistent < 2; persistent++) {
        all_fail_then = persistent;
        bool reached_the_end = false;
        for (int n = persistent % points_apart(); !reached_the_end; n += points_apart()) {
            struct session_record session = evening(failures++ % 70);
            session.held_s = failures;
            allocations_left = n;
            int opened = open_simulated(desk);
            int saved = desk->diary != NULL ? diary_save(desk->diary, &session) : -ENOMEM;
            reached_the_end = allocations_left > 0;
            allocations_left = -1;
            assert_non_null(desk->diary);
            assert_true(saved == 0 || saved == -ENOMEM || saved == -EIO);
            assert_true(opened == 0 || opened == -ENOMEM || opened == -EIO);
            assert_int_equal(diary_pending(desk->diary), saved == 0 ? 0 : 1);
            assert_int_equal(diary_retry(desk->diary), 0);
            cut(desk);
            // Reading runs out of memory too: it says so, and calls nothing damaged.
            allocations_left = n;
            struct rows partial = {.count = 0};
            int taken = diary_each_session(desk->diary, take_row, &partial);
            assert_true(taken == 0 || taken == -ENOMEM);
            allocations_left = -1;
            struct rows read = read_rows(desk->diary);
            bool found = false;
            for (int i = 0; i < read.count; i++) {
                found = found || (strcmp(read.rows[i].uuid, session.uuid) == 0 && read.rows[i].held_s == failures);
            }
            assert_true(found);
            close_diary(desk);
        }
    }
    print_message("%d failures of memory\n", failures);
    assert_true(failures * points_apart() > 100);
}

// Each fault begins at every single write, truncation, sync and deletion of opening, saving and closing, and lasts
// until someone has seen to the card.
static void the_card_fails_anywhere(void **state) {
    struct desk *desk = *state;
    static const enum storage_fault FAULTS[] = {STORAGE_FAULT_FULL, STORAGE_FAULT_READONLY, STORAGE_FAULT_SYNC};
    int failures = 0;
    for (size_t kind = 0; kind < sizeof FAULTS / sizeof *FAULTS; kind++) {
        bool failed = true;
        for (int n = 0; failed; n++) {
            struct session_record one = evening(failures % 70), two = evening((failures + 1) % 70);
            one.held_s = two.held_s = 1000 + ++failures;
            storage_set_fault_after(desk->storage, FAULTS[kind], n);
            int opened = open_simulated(desk);
            int saved_one = diary_save(desk->diary, &one);
            int saved_two = diary_save(desk->diary, &two);
            failed = opened != 0 || saved_one != 0 || saved_two != 0;
            if (n % 2 == 0) { // on odd rounds the power goes with the fault still there
                storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
                assert_int_equal(diary_retry(desk->diary), 0);
                saved_one = saved_two = 0;
            }
            assert_int_equal(storage_power_cut(desk->storage), 0);
            diary_abandon(desk->diary);
            storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
            assert_int_equal(open_simulated(desk), 0);
            struct rows read = read_rows(desk->diary);
            int found = 0;
            for (int i = 0; i < read.count; i++) {
                found += read.rows[i].held_s == one.held_s ? 1 : 0;
            }
            assert_true(found >= (saved_one == 0 ? 1 : 0) + (saved_two == 0 ? 1 : 0));
            close_diary(desk);
        }
    }
    print_message("%d faults of the card\n", failures);
    assert_true(failures > 30);
}

int main(void) {
    limit_processor_s(300);
    if (prepare_memory() != SQLITE_OK) {
        return EXIT_FAILURE;
    }
    const struct CMUnitTest tests[] = {
        STORY(cuts_at_every_save),
        STORY(memory_runs_out_anywhere),
        STORY(the_card_fails_anywhere),
    };
    return cmocka_run_group_tests_name("diary, faults anywhere", tests, NULL, NULL);
}
