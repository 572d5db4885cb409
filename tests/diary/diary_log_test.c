// The diary's log: it has its room from the start, never grows beyond it, and is read back after a crash.
#include "daemon/diary/diary.h"
#include "daemon/sim/storage/storage.h"

#include "tests/support/diary/diary_beside.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

enum { ROOM_B = 256 * 1024, EVENINGS = 80, MINUTES = 10, FIRST_NIGHT = 20513 };

struct desk {
    char state_dir[64];
    struct storage *storage;
    struct diary *diary;
};

static void path_of(const struct desk *desk, const char *name, char path[128]) {
    snprintf(path, 128, "%s/%s", desk->state_dir, name);
}

static off_t size_of(const struct desk *desk, const char *name) {
    struct stat status;
    char path[128];
    path_of(desk, name, path);
    return stat(path, &status) == 0 ? status.st_size : -1;
}

static void open_diary(struct desk *desk) {
    char sentence[256];
    assert_int_equal(diary_open(&desk->diary, desk->state_dir, storage_vfs(desk->storage), sentence, sizeof sentence),
                     0);
}

static int begin(void **state) {
    static struct desk desk;
    desk = (struct desk){.state_dir = "/tmp/karani-log-test-XXXXXX"};
    assert_non_null(mkdtemp(desk.state_dir));
    assert_int_equal(storage_new(&desk.storage, "karani-log-test"), 0);
    open_diary(&desk);
    *state = &desk;
    return 0;
}

static int finish(void **state) {
    struct desk *desk = *state;
    diary_close(desk->diary);
    storage_free(desk->storage);
    DIR *listing = opendir(desk->state_dir);
    assert_non_null(listing);
    for (const struct dirent *entry; (entry = readdir(listing)) != NULL;) {
        unlinkat(dirfd(listing), entry->d_name, 0);
    }
    closedir(listing);
    return rmdir(desk->state_dir);
}

// An evening as the device writes it: the start, and every minute.
static void sit(struct desk *desk, int number) {
    struct session_record session = {
        .night = FIRST_NIGHT + number,
        .started_utc_s = (FIRST_NIGHT + number) * INT64_C(86400),
        .zone = "Europe/Berlin",
        .clock = CLOCK_SYNCED,
        .routine = "legs-up-the-wall",
        .variant = "wall",
        .planned_s = MINUTES * 60,
        .boot_id = "11111111-1111-4111-8111-111111111111",
        .paused_at_boot_ms = -1,
    };
    snprintf(session.uuid, sizeof session.uuid, "%08x-0000-4000-8000-000000000000", (unsigned)number * 2654435761U);
    for (int minute = 0; minute <= MINUTES; minute++) {
        session.held_s = minute * INT64_C(60);
        session.outcome = minute == MINUTES ? OUTCOME_FINISHED : OUTCOME_RUNNING;
        assert_int_equal(diary_save(desk->diary, &session), 0);
    }
}

static int sum(void *context, int32_t night, int64_t held_s) {
    (void)night;
    *(int64_t *)context += held_s;
    return 0;
}

static int64_t held_in_all_s(struct desk *desk) {
    int64_t held_s = 0;
    assert_int_equal(diary_each_held(desk->diary, sum, &held_s), 0);
    return held_s;
}

static void it_never_grows(void **state) {
    struct desk *desk = *state;
    assert_int_equal(size_of(desk, "diary.db-wal"), ROOM_B);
    for (int i = 0; i < EVENINGS; i++) {
        sit(desk, i);
        assert_int_equal(size_of(desk, "diary.db-wal"), ROOM_B);
    }
    assert_true(size_of(desk, "diary.db") > EVENINGS * 200); // it started over, and what it held is in the database
    assert_int_equal(held_in_all_s(desk), EVENINGS * MINUTES * 60);
}

// Power cuts, each some evenings after the one before: what a room of zeros and old frames stands behind is read.
static void it_is_read_back(void **state) {
    struct desk *desk = *state;
    for (int i = 0; i < EVENINGS; i++) {
        sit(desk, i);
        if (i % 7 != 3) {
            continue;
        }
        assert_int_equal(storage_power_cut(desk->storage), 0);
        diary_abandon(desk->diary);
        open_diary(desk);
        assert_int_equal(size_of(desk, "diary.db-wal"), ROOM_B);
        assert_int_equal(held_in_all_s(desk), (i + 1) * MINUTES * 60);
    }
}

// The device dies while the log's header is being written: what is there of it is nothing that was ever meant.
static void spoil_header(struct desk *desk) {
    char path[128];
    assert_int_equal(storage_power_cut(desk->storage), 0);
    diary_abandon(desk->diary);
    path_of(desk, "diary.db-wal", path);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    assert_int_equal(pwrite(fd, "neither the old header nor a new", 32, 0), 32);
    close(fd);
    open_diary(desk);
}

static void move_log(struct desk *desk) {
    const struct diary_care_time now = {.at_utc_s = FIRST_NIGHT * INT64_C(86400)};
    assert_int_equal(diary_care_backup(desk->diary, 0, &now), 0); // which moves it
    assert_int_equal(diary_care_backup(desk->diary, 0, &now), 0); // with the row that tells so
}

// It starts over with a new header only after all has been moved into the database: nothing is lost with the old one.
static void a_header_torn_over_a_log_that_was_moved(void **state) {
    struct desk *desk = *state;
    for (int i = 0; i < 5; i++) {
        sit(desk, i);
    }
    move_log(desk);
    sqlite3 *db; // moves the row of the second time, too, and writes nothing more
    char path[128];
    path_of(desk, "diary.db", path);
    assert_int_equal(storage_power_cut(desk->storage), 0);
    diary_abandon(desk->diary);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    assert_int_equal(sqlite3_exec(db, "PRAGMA wal_checkpoint(PASSIVE)", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    open_diary(desk);
    spoil_header(desk);
    assert_int_equal(look_beside(desk->state_dir).quarantined, 0);
    assert_int_equal(held_in_all_s(desk), 5 * MINUTES * 60);
}

static void a_header_lost_over_a_log_that_was_not(void **state) {
    struct desk *desk = *state;
    for (int i = 0; i < 5; i++) {
        sit(desk, i);
        if (i == 3) {
            move_log(desk);
        }
    }
    spoil_header(desk);
    assert_int_equal(look_beside(desk->state_dir).quarantined, 1);
    assert_int_equal(held_in_all_s(desk), 5 * MINUTES * 60);
}

static void pages_are_small(void **state) {
    struct desk *desk = *state;
    char path[128];
    sqlite3 *db;
    sqlite3_stmt *statement;
    diary_close(desk->diary);
    desk->diary = NULL;
    assert_true(size_of(desk, "diary.db-wal") <= 0); // closed, there is no log
    path_of(desk, "diary.db", path);
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA page_size", -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int(statement, 0), 512);
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, begin, finish)

int main(void) {
    const struct CMUnitTest tests[] = {STORY(it_never_grows), STORY(it_is_read_back), STORY(pages_are_small),
                                       STORY(a_header_torn_over_a_log_that_was_moved),
                                       STORY(a_header_lost_over_a_log_that_was_not)};
    return cmocka_run_group_tests_name("diary, log", tests, NULL, NULL);
}
