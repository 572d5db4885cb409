// Tests with faults at every point: each allocation, VFS call and system call of opening, saving, reading again and
// stopping fails, once and for ever, also while the diary recovers from a crash. Nothing breaks, nothing acknowledged
// is lost, and once the fault has passed, what waited is saved. Likewise while a damaged diary is restored.

// cmocka.h wants these four before it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/fault/evening.h"
#include "tests/fault/fault.h"
#include "tests/fault/kept.h"
#include "tests/support/ctl/emulator.h"
#include "tests/support/run/limit.h"

#include <cmocka.h>
#include <errno.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MINUTE_MS = 60 * 1000, POINTS_MAX = 100000 };

static const struct fault_plan PLANS[] = {
    {.name = "SQLite's memory", .answers = {[FAULT_SQLITE_MEMORY] = 1}, .times = 1},
    {.name = "our own memory", .answers = {[FAULT_OWN_MEMORY] = 1}, .times = 1},
    {.name = "VFS: I/O errors",
     .answers =
         {
             [FAULT_VFS_OPEN] = SQLITE_CANTOPEN,
             [FAULT_VFS_DELETE] = SQLITE_IOERR_DELETE,
             [FAULT_VFS_ACCESS] = SQLITE_IOERR_ACCESS,
             [FAULT_VFS_READ] = SQLITE_IOERR_READ,
             [FAULT_VFS_WRITE] = SQLITE_IOERR_WRITE,
             [FAULT_VFS_TRUNCATE] = SQLITE_IOERR_TRUNCATE,
             [FAULT_VFS_SYNC] = SQLITE_IOERR_FSYNC,
             [FAULT_VFS_SIZE] = SQLITE_IOERR_FSTAT,
             [FAULT_VFS_LOCK] = SQLITE_IOERR_LOCK,
             [FAULT_VFS_SHM_MAP] = SQLITE_IOERR_SHMMAP,
             [FAULT_VFS_SHM_LOCK] = SQLITE_IOERR_SHMLOCK,
         },
     .times = 1},
    {.name = "VFS: no memory",
     .answers =
         {
             [FAULT_VFS_OPEN] = SQLITE_NOMEM,
             [FAULT_VFS_ACCESS] = SQLITE_IOERR_NOMEM,
             [FAULT_VFS_READ] = SQLITE_IOERR_NOMEM,
             [FAULT_VFS_WRITE] = SQLITE_IOERR_NOMEM,
             [FAULT_VFS_SHM_MAP] = SQLITE_IOERR_NOMEM,
         },
     .times = 1},
    {.name = "VFS: full", .answers = {[FAULT_VFS_WRITE] = SQLITE_FULL, [FAULT_VFS_OPEN] = SQLITE_FULL}, .times = 1},
    {.name = "VFS: read-only",
     .answers =
         {
             [FAULT_VFS_OPEN] = SQLITE_READONLY,
             [FAULT_VFS_WRITE] = SQLITE_READONLY,
             [FAULT_VFS_DELETE] = SQLITE_READONLY,
             [FAULT_VFS_TRUNCATE] = SQLITE_READONLY,
         },
     .times = 1},
    {.name = "VFS: busy", .answers = {[FAULT_VFS_LOCK] = SQLITE_BUSY, [FAULT_VFS_SHM_LOCK] = SQLITE_BUSY}, .times = 1},
    {.name = "VFS: short reads",
     .answers = {[FAULT_VFS_READ] = SQLITE_IOERR_SHORT_READ},
     .times = 1,
     .reads_lie = true},
    {.name = "system: EIO",
     .answers =
         {
             [FAULT_SYSTEM_OPEN] = EIO,
             [FAULT_SYSTEM_OPEN_DIRECTORY] = EIO,
             [FAULT_SYSTEM_STAT] = EIO,
             [FAULT_SYSTEM_READ] = EIO,
             [FAULT_SYSTEM_WRITE] = EIO,
             [FAULT_SYSTEM_TRUNCATE] = EIO,
             [FAULT_SYSTEM_SYNC] = EIO,
             [FAULT_SYSTEM_LOCK] = EIO,
             [FAULT_SYSTEM_MAP] = EIO,
             [FAULT_SYSTEM_UNLINK] = EIO,
         },
     .times = 1},
    {.name = "system: ENOSPC",
     .answers =
         {
             [FAULT_SYSTEM_OPEN] = ENOSPC,
             [FAULT_SYSTEM_WRITE] = ENOSPC,
             [FAULT_SYSTEM_TRUNCATE] = ENOSPC,
             [FAULT_SYSTEM_SYNC] = ENOSPC,
         },
     .times = 1},
    {.name = "system: EROFS",
     .answers =
         {
             [FAULT_SYSTEM_OPEN] = EROFS,
             [FAULT_SYSTEM_WRITE] = EROFS,
             [FAULT_SYSTEM_TRUNCATE] = EROFS,
             [FAULT_SYSTEM_UNLINK] = EROFS,
         },
     .times = 1},
    // A call that is interrupted is made again: for ever it would be made for ever.
    {.name = "system: EINTR",
     .answers =
         {
             [FAULT_SYSTEM_OPEN] = EINTR,
             [FAULT_SYSTEM_READ] = EINTR,
             [FAULT_SYSTEM_WRITE] = EINTR,
             [FAULT_SYSTEM_TRUNCATE] = EINTR,
             [FAULT_SYSTEM_SYNC] = EINTR,
             [FAULT_SYSTEM_LOCK] = EINTR,
         },
     .times = 3,
     .only_once = true},
    {.name = "system: short writes", .answers = {[FAULT_SYSTEM_WRITE] = FAULT_SHORT}, .times = 1},
};

// One evening with a fault at one point. False when there are not so many points. The daemon ends in one of three ways:
// the fault passes and what waits is saved; it stops with the fault still there; it is killed with it.
static bool one_evening(struct desk *desk, const struct zone *zone, const struct fault_plan *plan, enum before before,
                        int64_t skip, int64_t times) {
    evening_copy_state(desk->saved, desk->state);
    fault_begin(plan, skip, times);
    struct evening evening = evening_live(desk, zone);
    if (skip % 3 == 0) {
        diary_close(desk->diary);
        desk->diary = NULL;
    }
    bool failed = fault_end() > 0;
    snprintf(desk->where, sizeof desk->where, "%s, %s, point %" PRId64 "%s", BEFORE[before].words, plan->name, skip,
             times == INT64_MAX ? " for ever" : "");
    if (desk->diary != NULL && skip % 3 == 1) {
        evening_retry(desk, &evening);
        diary_close(desk->diary);
    } else if (desk->diary != NULL) {
        diary_abandon(desk->diary);
    }
    kept_assert(desk, plan, before, &evening);
    return failed;
}

// Every so many-th point is tried, from another one at each start, so that daemons end in each of the three ways.
// KARANI_FAULTS says how many: "all" (make check-faults), "some" (where nothing is said), "few". While a damaged diary
// is searched page by page, SQLite makes thousands of the same allocations.
static int64_t points_apart(enum before before, size_t plan) {
    const char *wanted = getenv("KARANI_FAULTS");
    bool many = BEFORE[before].damaged && plan == 0;
    int64_t some = many ? 31 * 32 : plan == 0 ? 31 : BEFORE[before].damaged ? 4 * 4 : 4;
    return wanted == NULL || strcmp(wanted, "some") == 0 ? some : strcmp(wanted, "few") == 0 ? 7 * some : 1;
}

static void faults_anywhere(void **state) {
    struct desk *desk = *state;
    struct zone *zone = zone_open("Europe/Berlin");
    const enum before before = desk->before;
    int64_t sum = 0;
    assert_non_null(zone);
    evening_save_before(desk, before);
    for (size_t i = BEFORE[before].allocations ? 0 : 1; i < sizeof PLANS / sizeof *PLANS; i++) {
        const int64_t apart = points_apart(before, i);
        int64_t points[2] = {before % apart, before % apart};
        for (int for_ever = 0; for_ever <= (PLANS[i].only_once ? 0 : 1); for_ever++) {
            int64_t times = for_ever ? INT64_MAX : PLANS[i].times;
            for (; one_evening(desk, zone, &PLANS[i], before, points[for_ever], times); sum++) {
                points[for_ever] += apart;
                assert_true(points[for_ever] < POINTS_MAX);
            }
        }
        print_message("%s, %s: up to point %" PRId64 " once, %" PRId64 " for ever, %" PRId64 " apart\n",
                      BEFORE[before].words, PLANS[i].name, points[0], points[1], apart);
        assert_true(points[0] >= 8);
    }
    print_message("%" PRId64 " faults\n", sum);
    assert_true(sum >= 50);
    zone_unref(zone);
}

static bool was_restored(struct diary *diary) {
    struct diary_restored restored;
    return diary_last_restored(diary, &restored) == 0 && !restored.told;
}

// Block by block of a diary that was stopped: the card does not give it any more. Within minutes the diary is brought
// back without it, the session of the evening is kept, and the owner told.
static void a_block_that_the_card_does_not_give(void **state) {
    enum { BLOCK_B = 4096 };
    struct desk *desk = *state;
    struct zone *zone = zone_open("Europe/Berlin");
    char path[256];
    struct stat status;
    int lost = 0;
    evening_save_before(desk, BEFORE_STOPPED);
    snprintf(path, sizeof path, "%s/diary.db", desk->state);
    evening_copy_state(desk->saved, desk->state);
    assert_int_equal(stat(path, &status), 0);
    for (int64_t at = 0; at < status.st_size; at += BLOCK_B) {
        evening_copy_state(desk->saved, desk->state);
        fault_lose(path, at, at + BLOCK_B);
        struct evening evening = evening_live(desk, zone);
        assert_non_null(desk->diary);
        for (int minute = 1; minute <= 3; minute++) {
            outbox_tick(desk->diary, minute * INT64_C(61000) + MINUTE_MS);
        }
        assert_true(outbox_is_empty(desk->diary));
        assert_true(evening.held_s == 120 || was_restored(desk->diary));
        diary_close(desk->diary);
        fault_lose(NULL, 0, 0);
        struct diary *diary;
        struct kept kept = {.sessions = {.held_s = -1}};
        char sentence[256];
        assert_int_equal(diary_open(&diary, desk->state, NULL, sentence, sizeof sentence), 0);
        kept_read(diary, &kept);
        diary_close(diary);
        assert_int_equal(kept.sessions.held_s, 120);
        lost += kept.sessions.old != (1 << OLD_SESSIONS) - 1;
    }
    print_message("%d of %d blocks cost a session\n", lost, (int)(status.st_size / BLOCK_B) + 1);
    assert_true(lost <= 1); // that which the sessions are in
    zone_unref(zone);
}

static int begin(void **state) {
    static struct desk desk;
    const char *base = getenv("TMPDIR");
    base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : base != NULL ? base : "/tmp";
    snprintf(desk.state, sizeof desk.state, "%s/karani-fault-XXXXXX", base);
    snprintf(desk.saved, sizeof desk.saved, "%s/karani-fault-XXXXXX", base);
    snprintf(desk.aside, sizeof desk.aside, "%s/karani-fault-XXXXXX", base);
    desk.before = *(const enum before *)*state;
    *state = &desk;
    return mkdtemp(desk.state) != NULL && mkdtemp(desk.saved) != NULL && mkdtemp(desk.aside) != NULL ? 0 : -1;
}

static int finish(void **state) {
    struct desk *desk = *state;
    print_message("last: %s\n", desk->where);
    evening_remove_all(desk->state);
    evening_remove_all(desk->saved);
    evening_remove_all(desk->aside);
    return 0;
}

// With an argument, only the start so called, for as long as it takes.
int main(int argc, char **argv) {
    static enum before starts[BEFORE_COUNT + 1];
    struct CMUnitTest tests[BEFORE_COUNT + 1];
    if (argc == 1) {
        limit_processor_s(900);
    }
    if (fault_install() != 0) {
        return EXIT_FAILURE;
    }
    for (enum before before = BEFORE_NOTHING; before < BEFORE_COUNT; before++) {
        starts[before] = before;
        tests[before] =
            (struct CMUnitTest){BEFORE[before].words, faults_anywhere, begin, finish, .initial_state = &starts[before]};
    }
    starts[BEFORE_COUNT] = BEFORE_STOPPED;
    tests[BEFORE_COUNT] =
        (struct CMUnitTest){"a block that the card does not give", a_block_that_the_card_does_not_give, begin, finish,
                            .initial_state = &starts[BEFORE_COUNT]};
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
