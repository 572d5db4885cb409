// What the habit reads of the diary: the same as is told by whole sessions, on the card and while rows wait.
#include "daemon/diary/diary.h"
#include "daemon/sim/storage/storage.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

enum { FIRST_NIGHT = 20513, ROWS = 7 };

struct desk {
    char state_dir[64];
    struct storage *storage;
    struct diary *diary;
};

static int begin(void **state) {
    static struct desk desk;
    char sentence[256];
    desk = (struct desk){.state_dir = "/tmp/karani-held-test-XXXXXX"};
    assert_non_null(mkdtemp(desk.state_dir));
    assert_int_equal(storage_new(&desk.storage, "karani-held-test"), 0);
    assert_int_equal(diary_open(&desk.diary, desk.state_dir, storage_vfs(desk.storage), sentence, sizeof sentence), 0);
    *state = &desk;
    return 0;
}

static int finish(void **state) {
    struct desk *desk = *state;
    static const char *const files[] = {"diary.db", "diary.db-wal", "diary.db-shm"};
    diary_close(desk->diary);
    storage_free(desk->storage);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[96];
        snprintf(path, sizeof path, "%s/%s", desk->state_dir, files[i]);
        unlink(path);
    }
    return rmdir(desk->state_dir);
}

// Seven sessions in every outcome: two of one night, one without a night, one of somebody else.
static struct session_record session_of(int number) {
    struct session_record session = {
        .night = number == 3 ? NIGHT_NONE : FIRST_NIGHT + number / 2,
        .started_utc_s = (FIRST_NIGHT + number) * INT64_C(86400),
        .zone = "UTC",
        .clock = CLOCK_SYNCED,
        .routine = "legs-up-the-wall",
        .variant = "wall",
        .planned_s = 600,
        .held_s = 100 << number,
        .outcome = (enum outcome)(number % (OUTCOME_NOT_MINE + 1)),
        .paused_at_boot_ms = -1,
    };
    snprintf(session.uuid, sizeof session.uuid, "%08x-0000-4000-8000-000000000000", (unsigned)(ROWS - number));
    return session;
}

static void save(struct desk *desk, int number) {
    struct session_record session = session_of(number);
    (void)diary_save(desk->diary, &session); // or it waits
}

// What was held, by night from FIRST_NIGHT on, and without one.
struct sums {
    int64_t night_s[ROWS];
    int64_t undated_s;
    int count;
    int stop_at; // 0: never
};

static int add(struct sums *sums, int32_t night, int64_t held_s) {
    *(night == NIGHT_NONE ? &sums->undated_s : &sums->night_s[night - FIRST_NIGHT]) += held_s;
    return ++sums->count == sums->stop_at ? 7 : 0;
}

static int take_held(void *context, int32_t night, int64_t held_s) {
    return add(context, night, held_s);
}

static int take_session(void *context, const struct session_record *session) {
    return session->outcome == OUTCOME_NOT_MINE ? 0 : add(context, session->night, session->held_s);
}

static void assert_same_both_ways(struct diary *diary) {
    struct sums held = {.count = 0}, whole = {.count = 0};
    assert_int_equal(diary_each_held(diary, take_held, &held), 0);
    assert_int_equal(diary_each_session(diary, take_session, &whole), 0);
    assert_memory_equal(&held, &whole, sizeof held);
}

static void what_counts_is_told(void **state) {
    struct desk *desk = *state;
    for (int i = 0; i < ROWS; i++) {
        save(desk, i);
    }
    struct sums sums = {.count = 0};
    assert_int_equal(diary_each_held(desk->diary, take_held, &sums), 0);
    assert_int_equal(sums.count, ROWS - 1); // the fifth is somebody else's
    assert_int_equal(sums.night_s[0], 100 + 200);
    assert_int_equal(sums.night_s[1], 400);
    assert_int_equal(sums.night_s[2], 3200);
    assert_int_equal(sums.night_s[3], 6400);
    assert_int_equal(sums.undated_s, 800);
    assert_same_both_ways(desk->diary);
}

// Rows that wait in memory, new ones and newer states of rows on the card.
static void what_waits_counts(void **state) {
    struct desk *desk = *state;
    for (int i = 0; i < 4; i++) {
        save(desk, i);
    }
    storage_set_fault(desk->storage, STORAGE_FAULT_FULL);
    for (int i = 4; i < ROWS; i++) {
        save(desk, i);
    }
    struct session_record longer = session_of(0);
    longer.held_s = 9999;
    (void)diary_save(desk->diary, &longer);
    assert_int_equal(diary_pending(desk->diary), ROWS - 4 + 1);
    assert_same_both_ways(desk->diary);
    storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
    assert_int_equal(diary_retry(desk->diary), 0);
    assert_same_both_ways(desk->diary);
}

static void taking_can_stop(void **state) {
    struct desk *desk = *state;
    for (int i = 0; i < ROWS; i++) {
        storage_set_fault(desk->storage, i < 4 ? STORAGE_FAULT_NONE : STORAGE_FAULT_FULL);
        save(desk, i);
    }
    for (int stop = 1; stop < ROWS; stop++) {
        struct sums sums = {.stop_at = stop};
        assert_int_equal(diary_each_held(desk->diary, take_held, &sums), 7);
        assert_int_equal(sums.count, stop);
    }
    storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
}

static void a_value_that_karani_never_writes_is_damage(void **state) {
    struct desk *desk = *state;
    static const char *const bad[] = {"UPDATE session SET night = '2026-02-30'", "UPDATE session SET outcome = 'won'"};
    save(desk, 0);
    diary_close(desk->diary);
    desk->diary = NULL;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char path[96], error[256];
        sqlite3 *db;
        struct diary *diary;
        struct sums sums = {.count = 0};
        snprintf(path, sizeof path, "%s/diary.db", desk->state_dir);
        assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
        assert_int_equal(sqlite3_exec(db, bad[i], NULL, NULL, NULL), SQLITE_OK);
        sqlite3_close(db);
        assert_int_equal(diary_open_read(&diary, desk->state_dir, error, sizeof error), 0);
        assert_int_equal(diary_each_held(diary, take_held, &sums), -EUCLEAN);
        assert_int_equal(diary_health(diary), DIARY_DAMAGED);
        diary_close(diary);
    }
}

static void a_missing_diary_is_empty(void **state) {
    struct desk *desk = *state;
    char sentence[256], empty[80];
    struct diary *diary;
    struct sums sums = {.count = 0};
    snprintf(empty, sizeof empty, "%s/none", desk->state_dir);
    assert_int_equal(diary_open_read(&diary, empty, sentence, sizeof sentence), 0);
    assert_int_equal(diary_each_held(diary, take_held, &sums), 0);
    assert_int_equal(sums.count, 0);
    diary_close(diary);
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, begin, finish)

int main(void) {
    const struct CMUnitTest tests[] = {
        STORY(what_counts_is_told),      STORY(what_waits_counts),
        STORY(taking_can_stop),          STORY(a_value_that_karani_never_writes_is_damage),
        STORY(a_missing_diary_is_empty),
    };
    return cmocka_run_group_tests_name("diary, held", tests, NULL, NULL);
}
