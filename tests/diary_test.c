// Tests of the diary: what is acknowledged is kept, what cannot be kept waits, what is read is left as it was.
#include "daemon/diary.h"
#include "daemon/sim/storage.h"
#include "tests/emulator.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define BOOT_ONE "11111111-1111-4111-8111-111111111111"
#define BOOT_TWO "22222222-2222-4222-8222-222222222222"

// 2026-03-01 20:40:00 UTC, a Sunday evening.
enum { EVENING_UTC_S = 1772397600 };

struct desk {
    char state[PATH_MAX / 8];
    struct storage *storage;
    struct diary *diary;
    char error[512];
};

static void remove_all(const char *directory) {
    DIR *listing = opendir(directory);
    if (listing == NULL) {
        return;
    }
    struct dirent *entry;
    while ((entry = readdir(listing)) != NULL) {
        if (entry->d_name[0] != '.') {
            unlinkat(dirfd(listing), entry->d_name, 0);
        }
    }
    closedir(listing);
    rmdir(directory);
}

static int begin(void **state) {
    static struct desk desk;
    memset(&desk, 0, sizeof desk);
    snprintf(desk.state, sizeof desk.state, "/tmp/karani-diary-XXXXXX");
    *state = &desk;
    return mkdtemp(desk.state) == NULL ? -1 : storage_new(&desk.storage, "diary-test");
}

static int finish(void **state) {
    struct desk *desk = *state;
    diary_close(desk->diary);
    storage_free(desk->storage);
    remove_all(desk->state);
    return 0;
}

static int open_in(struct desk *desk, const char *vfs) {
    desk->error[0] = '\0';
    return diary_open(&desk->diary, desk->state, vfs, desk->error, sizeof desk->error);
}

static int open_simulated(struct desk *desk) {
    return open_in(desk, storage_vfs(desk->storage));
}

static void close_diary(struct desk *desk) {
    diary_close(desk->diary);
    desk->diary = NULL;
}

// The power goes and comes back.
static void cut(struct desk *desk) {
    assert_int_equal(storage_power_cut(desk->storage), 0);
    diary_abandon(desk->diary);
    assert_int_equal(open_simulated(desk), 0);
}

// The n-th evening's session, every field of it different from its neighbour's.
static struct diary_session evening(int n) {
    struct diary_session session = {
        .night = 20513 + n, // 2026-03-01 + n
        .started_utc_s = EVENING_UTC_S + n * 86400,
        .utc_offset_s = 3600,
        .zone = "Europe/Berlin",
        .clock = CLOCK_SYNCED,
        .routine = "legs-up-the-wall",
        .variant = "wall",
        .planned_s = 600 + n,
        .held_s = 540 + n,
        .overtime_s = n,
        .outcome = OUTCOME_FINISHED,
        .outcome_was = OUTCOME_FINISHED,
        .boot_id = BOOT_ONE,
        .counted_from_boot_ms = 1000 + n,
        .paused_at_boot_ms = -1,
    };
    snprintf(session.uuid, sizeof session.uuid, "%08x-0000-4000-8000-000000000000", (unsigned)n);
    return session;
}

static void assert_same(const struct diary_session *got, const struct diary_session *wanted) {
    assert_string_equal(got->uuid, wanted->uuid);
    assert_int_equal(got->night, wanted->night);
    assert_int_equal(got->started_utc_s, wanted->started_utc_s);
    assert_int_equal(got->utc_offset_s, wanted->utc_offset_s);
    assert_string_equal(got->zone, wanted->zone);
    assert_int_equal(got->clock, wanted->clock);
    assert_string_equal(got->routine, wanted->routine);
    assert_string_equal(got->variant, wanted->variant);
    assert_int_equal(got->planned_s, wanted->planned_s);
    assert_int_equal(got->held_s, wanted->held_s);
    assert_int_equal(got->overtime_s, wanted->overtime_s);
    assert_int_equal(got->outcome, wanted->outcome);
    assert_int_equal(got->outcome_was, wanted->outcome_was);
    assert_string_equal(got->boot_id, wanted->boot_id);
    assert_int_equal(got->counted_from_boot_ms, wanted->counted_from_boot_ms);
    assert_int_equal(got->paused_at_boot_ms, wanted->paused_at_boot_ms);
}

struct rows {
    struct diary_session rows[80];
    char notes[80][32];
    int count;
    int stop_at; // 0: never
};

static int take_row(void *context, const struct diary_session *session) {
    struct rows *rows = context;
    snprintf(rows->notes[rows->count], sizeof rows->notes[0], "%s", session->note != NULL ? session->note : "-");
    rows->rows[rows->count++] = *session;
    return rows->count == rows->stop_at ? 7 : 0;
}

static struct rows read_rows(struct diary *diary) {
    struct rows rows = {.count = 0};
    assert_int_equal(diary_each_session(diary, take_row, &rows), 0);
    return rows;
}

static int take_night(void *context, int32_t night) {
    int32_t **next = context;
    *(*next)++ = night;
    return 0;
}

// A question to the file itself, past the diary: the first column of the first row.
static void ask_file(const struct desk *desk, const char *sql, char answer[256]) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/diary.db", desk->state);
    sqlite3 *db;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    int result = sqlite3_step(statement);
    snprintf(answer, 256, "%s", result == SQLITE_ROW ? (const char *)sqlite3_column_text(statement, 0) : "");
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

static void assert_file_says(const struct desk *desk, const char *sql, const char *wanted) {
    char answer[256];
    ask_file(desk, sql, answer);
    assert_string_equal(answer, wanted);
}

static void write_file(const struct desk *desk, const char *name, const void *bytes, size_t size) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", desk->state, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, size), (ssize_t)size);
    close(fd);
}

static size_t read_file(const struct desk *desk, const char *name, unsigned char *bytes, size_t room) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", desk->state, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return 0;
    }
    ssize_t size = read(fd, bytes, room);
    close(fd);
    assert_true(size >= 0 && (size_t)size < room);
    return (size_t)size;
}

// Everything that can be seen of the state directory from outside.
struct picture {
    struct {
        char name[64];
        struct timespec changed;
        size_t size;
        unsigned char bytes[512 * 1024];
    } files[4];
    int count;
    struct timespec changed;
};

static struct picture *look(const struct desk *desk) {
    struct picture *picture = calloc(1, sizeof *picture);
    assert_non_null(picture);
    struct stat status;
    assert_int_equal(stat(desk->state, &status), 0);
    picture->changed = status.st_mtim;
    static const char *const NAMES[] = {"diary.db", "diary.db-wal", "diary.db-shm", "diary.db-journal"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        char path[PATH_MAX];
        snprintf(path, sizeof path, "%s/%s", desk->state, NAMES[i]);
        if (stat(path, &status) == 0) {
            int at = picture->count++;
            snprintf(picture->files[at].name, sizeof picture->files[at].name, "%s", NAMES[i]);
            picture->files[at].changed = status.st_mtim;
            picture->files[at].size =
                read_file(desk, NAMES[i], picture->files[at].bytes, sizeof picture->files[at].bytes);
        }
    }
    return picture;
}

static void assert_untouched(const struct desk *desk, struct picture *before) {
    struct picture *after = look(desk);
    assert_memory_equal(before, after, sizeof *before);
    free(before);
    free(after);
}

static void names_of_outcomes(void **state) {
    (void)state;
    static const char *const NAMES[] = {"running", "finished", "ended-early", "interrupted", "not-mine"};
    for (int i = OUTCOME_RUNNING; i <= OUTCOME_NOT_MINE; i++) {
        enum outcome outcome = OUTCOME_RUNNING;
        assert_string_equal(outcome_name((enum outcome)i), NAMES[i]);
        assert_true(outcome_parse(NAMES[i], &outcome));
        assert_int_equal(outcome, i);
    }
    enum outcome outcome = OUTCOME_FINISHED;
    assert_false(outcome_parse("Finished", &outcome));
    assert_false(outcome_parse("", &outcome));
    assert_int_equal(outcome, OUTCOME_FINISHED);
}

static void every_health_has_a_sentence(void **state) {
    (void)state;
    assert_null(diary_health_sentence(DIARY_GOOD));
    for (int health = DIARY_FULL; health <= DIARY_BUSY; health++) {
        const char *sentence = diary_health_sentence((enum diary_health)health);
        assert_non_null(sentence);
        assert_int_equal(sentence[strlen(sentence) - 1], '.');
    }
}

// The names of interface.md, "The diary": others read this file too.
static void the_schema_is_the_contract(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_in(desk, NULL), 0);
    assert_int_equal(diary_health(desk->diary), DIARY_GOOD);
    struct diary_session session = evening(0);
    assert_int_equal(diary_save(desk->diary, &session), 0);
    close_diary(desk);
    assert_file_says(desk, "PRAGMA journal_mode", "wal");
    assert_file_says(desk, "PRAGMA user_version", "2");
    assert_file_says(desk, "SELECT count(*) FROM pragma_table_list WHERE strict AND type = 'table'", "5");
    assert_file_says(desk,
                     "SELECT uuid || '|' || night || '|' || started_utc || '|' || utc_offset || '|' || zone || '|' || "
                     "clock || '|' || routine || '|' || variant || '|' || planned_s || '|' || held_s || '|' || "
                     "overtime_s || '|' || outcome || '|' || (note IS NULL) FROM session WHERE id = 1",
                     "00000000-0000-4000-8000-000000000000|2026-03-01|1772397600|3600|Europe/Berlin|synced|"
                     "legs-up-the-wall|wall|600|540|0|finished|1");
    assert_file_says(desk, "SELECT group_concat(name) FROM pragma_table_info('away')", "night");
    assert_file_says(desk, "SELECT group_concat(name) FROM pragma_table_info('change')", "id,at_utc,what,before,after");
    assert_file_says(desk, "SELECT group_concat(name) FROM pragma_table_info('setting')", "key,value");
    assert_file_says(desk, "SELECT group_concat(name) FROM pragma_table_info('upkeep')",
                     "what,at_utc,boot_id,boot_ms,facts");
    unsigned char bytes[512 * 1024];
    assert_true(read_file(desk, "diary.db", bytes, sizeof bytes) > 100);
    assert_memory_equal(bytes + 68, "KRAN", 4); // where file(1) looks
}

static void rows_come_back_as_they_were(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_in(desk, NULL), 0);
    struct diary_session rows[6];
    static const enum clock_quality CLOCKS[] = {CLOCK_UNSET, CLOCK_RESTORED, CLOCK_RTC, CLOCK_SET, CLOCK_SYNCED};
    for (int i = 0; i < 5; i++) {
        rows[i] = evening(i);
        rows[i].outcome = rows[i].outcome_was = (enum outcome)i;
        rows[i].clock = CLOCKS[i];
    }
    rows[0].night = NIGHT_NONE;
    rows[0].paused_at_boot_ms = 123456789012;
    rows[1].utc_offset_s = -12600;
    rows[4].outcome_was = OUTCOME_ENDED_EARLY;
    rows[5] = evening(5);
    rows[5].note = (char[]){"Grüße, \"you\"\nand me"};
    for (int i = 0; i < 6; i++) {
        assert_int_equal(diary_save(desk->diary, &rows[i]), 0);
    }
    close_diary(desk);
    assert_int_equal(open_in(desk, NULL), 0);
    struct rows read = read_rows(desk->diary);
    assert_int_equal(read.count, 6);
    for (int i = 0; i < 6; i++) {
        assert_same(&read.rows[i], &rows[i]);
    }
    assert_string_equal(read.notes[4], "-");
    assert_string_equal(read.notes[5], "Grüße, \"you\"\nand me");
}

static void a_row_is_one_row_whatever_becomes_of_it(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_in(desk, NULL), 0);
    struct diary_session session = evening(0);
    session.outcome = session.outcome_was = OUTCOME_RUNNING;
    for (session.held_s = 0; session.held_s <= 600; session.held_s += 60) {
        assert_int_equal(diary_save(desk->diary, &session), 0);
    }
    session.held_s = 600;
    session.outcome = session.outcome_was = OUTCOME_FINISHED;
    assert_int_equal(diary_save(desk->diary, &session), 0);
    struct rows read = read_rows(desk->diary);
    assert_int_equal(read.count, 1);
    assert_same(&read.rows[0], &session);
}

static void order_is_by_start_then_uuid(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_simulated(desk), 0);
    static const struct {
        int64_t start;
        const char *uuid;
        bool waits; // saved while the card is full
    } ROWS[] = {
        {300, "cccccccc", false}, {100, "bbbbbbbb", false}, {200, "99999999", false},
        {200, "aaaaaaaa", true},  {50, "ffffffff", true},   {400, "00000000", true},
    };
    static const char *const ORDER[] = {"ffffffff", "bbbbbbbb", "99999999", "aaaaaaaa", "cccccccc", "00000000"};
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        storage_set_fault(desk->storage, ROWS[i].waits ? STORAGE_FAULT_FULL : STORAGE_FAULT_NONE);
        struct diary_session session = evening(0);
        session.started_utc_s = ROWS[i].start;
        memcpy(session.uuid, ROWS[i].uuid, 8);
        assert_int_equal(diary_save(desk->diary, &session), ROWS[i].waits ? -ENOSPC : 0);
    }
    for (int round = 0; round < 2; round++) { // while they wait, and once they are saved
        struct rows read = read_rows(desk->diary);
        assert_int_equal(read.count, 6);
        for (int i = 0; i < 6; i++) {
            assert_memory_equal(read.rows[i].uuid, ORDER[i], 8);
        }
        storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
        assert_int_equal(diary_retry(desk->diary), 0);
    }
}

static void taking_can_stop(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_simulated(desk), 0);
    for (int i = 0; i < 4; i++) {
        storage_set_fault(desk->storage, i == 3 ? STORAGE_FAULT_FULL : STORAGE_FAULT_NONE);
        struct diary_session session = evening(i);
        diary_save(desk->diary, &session);
    }
    for (int stop = 1; stop <= 4; stop++) {
        struct rows rows = {.stop_at = stop};
        assert_int_equal(diary_each_session(desk->diary, take_row, &rows), 7);
        assert_int_equal(rows.count, stop);
    }
    storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
}

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
    struct diary_session kept = evening(0);
    assert_int_equal(diary_save(desk->diary, &kept), 0);
    for (int i = 0; i < 3; i++) {
        struct diary_session session = evening(1 + i);
        storage_set_fault(desk->storage, FAULTS[i].fault);
        for (session.held_s = 60; session.held_s <= 180; session.held_s += 60) {
            assert_int_equal(diary_save(desk->diary, &session), FAULTS[i].error);
            assert_int_equal(diary_health(desk->diary), FAULTS[i].health);
            assert_int_equal(diary_pending(desk->diary), 1); // the newest state alone
        }
        session.held_s = 180;
        assert_int_equal(diary_retry(desk->diary), FAULTS[i].error);
        assert_int_equal(diary_pending(desk->diary), 1);
        struct diary_session last;
        assert_int_equal(diary_last_session(desk->diary, &last), 0);
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
    struct diary_session one = evening(1), two = evening(2);
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
        struct diary_session session = evening(i);
        assert_int_equal(diary_save(desk->diary, &session), -ENOSPC);
    }
    assert_int_equal(diary_pending(desk->diary), DIARY_PENDING_MAX);
    storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
    assert_int_equal(diary_retry(desk->diary), 0);
    struct rows read = read_rows(desk->diary);
    assert_int_equal(read.count, DIARY_PENDING_MAX);
    struct diary_session first = evening(3);
    assert_string_equal(read.rows[0].uuid, first.uuid);
}

// Linux takes pages for clean after a sync that failed: what was written behind them must not hang on them.
static void a_failed_sync_loses_nothing_acknowledged(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_simulated(desk), 0);
    struct diary_session one = evening(1), two = evening(2), three = evening(3);
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
    struct diary_session one = evening(1);
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
    struct diary_session one = evening(1), two = evening(2);
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
    struct diary_session session = evening(1);
    assert_int_equal(diary_save(desk->diary, &session), -EROFS);
    assert_int_equal(diary_set(desk->diary, "minutes", "12"), -EROFS);
    struct diary_session last;
    assert_int_equal(diary_last_session(desk->diary, &last), 0);
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
    struct diary_session session = evening(1);
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
    struct diary_session session = evening(1);
    assert_int_equal(diary_save(desk->diary, &session), -ENOSPC);
    storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
    close_diary(desk);
    assert_int_equal(open_simulated(desk), 0);
    assert_int_equal(read_rows(desk->diary).count, 1);
}

static void interrupted_by_a_boot_not_by_a_restart(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_simulated(desk), 0);
    struct diary_session session = evening(1), other = evening(0);
    session.outcome = session.outcome_was = OUTCOME_RUNNING;
    session.held_s = 120;
    assert_int_equal(diary_save(desk->diary, &other), 0);
    assert_int_equal(diary_save(desk->diary, &session), 0);
    // The daemon is killed and started again in the same boot.
    storage_kill(desk->storage);
    diary_abandon(desk->diary);
    assert_int_equal(open_simulated(desk), 0);
    assert_int_equal(diary_close_interrupted(desk->diary, BOOT_ONE), 0);
    struct diary_session last;
    assert_int_equal(diary_last_session(desk->diary, &last), 0);
    assert_same(&last, &session);
    // The power goes; another boot.
    cut(desk);
    assert_int_equal(diary_close_interrupted(desk->diary, BOOT_TWO), 0);
    assert_int_equal(diary_last_session(desk->diary, &last), 0);
    session.outcome = session.outcome_was = OUTCOME_INTERRUPTED;
    assert_same(&last, &session);
    assert_same(&read_rows(desk->diary).rows[0], &other);
}

static void the_last_session(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_simulated(desk), 0);
    struct diary_session last;
    assert_int_equal(diary_last_session(desk->diary, &last), -ENOENT);
    struct diary_session one = evening(1), two = evening(2), zero = evening(0);
    one.note = (char[]){"a note"};
    assert_int_equal(diary_save(desk->diary, &two), 0);
    assert_int_equal(diary_save(desk->diary, &one), 0);
    assert_int_equal(diary_last_session(desk->diary, &last), 0);
    assert_same(&last, &two);
    assert_null(last.note);
    // One that waits and began earlier is not the last; a newer state of the last one is.
    storage_set_fault(desk->storage, STORAGE_FAULT_FULL);
    assert_int_equal(diary_save(desk->diary, &zero), -ENOSPC);
    assert_int_equal(diary_last_session(desk->diary, &last), 0);
    assert_same(&last, &two);
    two.held_s = 777;
    assert_int_equal(diary_save(desk->diary, &two), -ENOSPC);
    struct rows rows = read_rows(desk->diary);
    assert_int_equal(rows.count, 3); // each once, in its newest state
    assert_same(&rows.rows[0], &zero);
    assert_same(&rows.rows[2], &two);
    assert_int_equal(diary_last_session(desk->diary, &last), 0);
    assert_same(&last, &two);
    storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
}

static void away_nights_and_their_changes(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_simulated(desk), 0);
    assert_int_equal(diary_set_away(desk->diary, 20515, true, 1000), 0);
    assert_int_equal(diary_set_away(desk->diary, 20513, true, 1001), 0);
    assert_int_equal(diary_set_away(desk->diary, 20513, true, 1002), 0); // was so: no change
    assert_int_equal(diary_set_away(desk->diary, 20515, false, 1003), 0);
    assert_int_equal(diary_set_away(desk->diary, 20515, false, 1004), 0); // was so
    assert_int_equal(diary_set_away(desk->diary, 20512, true, 1005), 0);
    storage_set_fault(desk->storage, STORAGE_FAULT_FULL);
    assert_int_equal(diary_set_away(desk->diary, 20511, true, 1006), -ENOSPC);
    assert_int_equal(diary_health(desk->diary), DIARY_FULL);
    storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
    cut(desk);
    int32_t nights[4] = {0};
    int32_t *next = nights;
    assert_int_equal(diary_each_away(desk->diary, take_night, &next), 0);
    assert_int_equal(next - nights, 2);
    assert_int_equal(nights[0], 20512);
    assert_int_equal(nights[1], 20513);
    close_diary(desk);
    assert_file_says(desk,
                     "SELECT group_concat(at_utc || what || coalesce(before, '-') || coalesce(after, '-')) FROM change",
                     "1000away-{\"night\":\"2026-03-03\"},1001away-{\"night\":\"2026-03-01\"},"
                     "1003away{\"night\":\"2026-03-03\"}-,1005away-{\"night\":\"2026-02-28\"}");
}

static void a_correction_is_one_transaction(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_simulated(desk), 0);
    struct diary_session rows[] = {evening(1), evening(2), evening(3)};
    assert_int_equal(diary_save(desk->diary, &rows[0]), 0);
    assert_int_equal(diary_save(desk->diary, &rows[1]), 0);
    storage_set_fault(desk->storage, STORAGE_FAULT_FULL);
    assert_int_equal(diary_save(desk->diary, &rows[2]), -ENOSPC); // waits, with its old start
    for (int i = 0; i < 3; i++) {
        rows[i].started_utc_s += 7200;
        rows[i].clock = CLOCK_SET;
    }
    const struct diary_change change = {99, "clock", "{\"by_s\":0}", "{\"by_s\":7200}"};
    assert_int_equal(diary_correct(desk->diary, rows, 3, &change), -ENOSPC);
    assert_int_equal(read_rows(desk->diary).rows[0].clock, CLOCK_SYNCED); // nothing of it
    storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
    assert_int_equal(diary_correct(desk->diary, rows, 3, &change), 0);
    assert_int_equal(diary_pending(desk->diary), 0);
    cut(desk);
    struct rows read = read_rows(desk->diary);
    assert_int_equal(read.count, 3);
    for (int i = 0; i < 3; i++) {
        assert_same(&read.rows[i], &rows[i]);
    }
    close_diary(desk);
    assert_file_says(desk, "SELECT group_concat(at_utc || what || before || after) FROM change",
                     "99clock{\"by_s\":0}{\"by_s\":7200}");
}

static void assert_setting(struct diary *diary, const char *key, const char *wanted) {
    char *value = (char[]){"?"};
    assert_int_equal(diary_get(diary, key, &value), 0);
    if (wanted == NULL) {
        assert_null(value);
    } else {
        assert_string_equal(value, wanted);
    }
    free(value);
}

static void settings_last(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_simulated(desk), 0);
    assert_setting(desk->diary, "minutes", NULL);
    assert_int_equal(diary_set(desk->diary, "minutes", "12"), 0);
    assert_int_equal(diary_set(desk->diary, "variant", "chair"), 0);
    assert_int_equal(diary_set(desk->diary, "minutes", "13"), 0);
    cut(desk);
    assert_setting(desk->diary, "minutes", "13");
    assert_setting(desk->diary, "variant", "chair");
    int64_t syncs = storage_syncs(desk->storage);
    assert_int_equal(diary_set(desk->diary, "minutes", "13"), 0);
    assert_int_equal(storage_syncs(desk->storage), syncs); // what is so already wears no card
    assert_int_equal(diary_set(desk->diary, "minutes", NULL), 0);
    assert_setting(desk->diary, "minutes", NULL);
    assert_setting(desk->diary, "variant", "chair");
}

static void the_last_time_known(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_simulated(desk), 0);
    int64_t utc_s = -1;
    assert_int_equal(diary_last_time(desk->diary, &utc_s), 0);
    assert_int_equal(utc_s, 0);
    struct diary_session session = evening(0);
    session.held_s = 660;
    assert_int_equal(diary_save(desk->diary, &session), 0);
    assert_int_equal(diary_last_time(desk->diary, &utc_s), 0);
    assert_int_equal(utc_s, EVENING_UTC_S + 660);
    assert_int_equal(diary_set_away(desk->diary, 20514, true, EVENING_UTC_S + 5000), 0);
    assert_int_equal(diary_last_time(desk->diary, &utc_s), 0);
    assert_int_equal(utc_s, EVENING_UTC_S + 5000);
    storage_set_fault(desk->storage, STORAGE_FAULT_FULL);
    struct diary_session waiting = evening(1);
    assert_int_equal(diary_save(desk->diary, &waiting), -ENOSPC);
    assert_int_equal(diary_last_time(desk->diary, &utc_s), 0);
    assert_int_equal(utc_s, waiting.started_utc_s + waiting.held_s);
    storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
}

// Cuts at every save of ten evenings: never fewer rows than were acknowledged.
static void cuts_at_every_save(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_simulated(desk), 0);
    for (int i = 0; i < 10; i++) {
        struct diary_session session = evening(i);
        session.outcome = session.outcome_was = OUTCOME_RUNNING;
        for (session.held_s = 0; session.held_s <= 300; session.held_s += 60) {
            assert_int_equal(diary_save(desk->diary, &session), 0);
            cut(desk);
            struct diary_session last;
            assert_int_equal(diary_last_session(desk->diary, &last), 0);
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
    const int apart = emulator_every(7);
    int failures = 0;
    for (int persistent = 0; persistent < 2; persistent++) {
        all_fail_then = persistent;
        bool reached_the_end = false;
        for (int n = 0; !reached_the_end; n += apart) {
            struct diary_session session = evening(failures++ % 70);
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
    print_message("%d failures of memory: one in %d allocations\n", failures, apart);
    assert_true(failures > 100);
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
            struct diary_session one = evening(failures % 70), two = evening((failures + 1) % 70);
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

static int read_count(const struct desk *desk) {
    struct diary *diary;
    char error[256] = "";
    int result = diary_open_read(&diary, desk->state, error, sizeof error);
    if (result < 0) {
        assert_non_null(strstr(error, "diary.db"));
        return result;
    }
    assert_string_equal(error, "");
    struct rows rows = {.count = 0};
    result = diary_each_session(diary, take_row, &rows);
    if (result < 0) { // damage is met where it lies
        diary_close(diary);
        return result;
    }
    int count = rows.count;
    char *value = NULL;
    assert_int_equal(diary_get(diary, "minutes", &value), 0);
    free(value);
    struct diary_session session = evening(70);
    assert_int_equal(diary_save(diary, &session), -EROFS); // a reader does not write
    diary_close(diary);
    return count;
}

static void fill(struct desk *desk, int count, const char *vfs) {
    assert_int_equal(open_in(desk, vfs), 0);
    for (int i = 0; i < count; i++) {
        struct diary_session session = evening(i);
        assert_int_equal(diary_save(desk->diary, &session), 0);
    }
}

static void reading_a_diary_at_rest_leaves_no_trace(void **state) {
    struct desk *desk = *state;
    struct picture *before = look(desk);
    assert_int_equal(read_count(desk), 0); // no diary yet: none is made
    assert_untouched(desk, before);
    fill(desk, 3, NULL);
    close_diary(desk);
    before = look(desk);
    assert_int_equal(before->count, 1); // no -wal, no -shm
    assert_int_equal(read_count(desk), 3);
    assert_untouched(desk, before);
}

static void reading_after_a_power_cut_leaves_no_trace(void **state) {
    struct desk *desk = *state;
    fill(desk, 3, storage_vfs(desk->storage));
    assert_int_equal(storage_power_cut(desk->storage), 0);
    diary_abandon(desk->diary);
    desk->diary = NULL;
    struct picture *before = look(desk);
    assert_int_equal(before->count, 2); // a -wal with the rows in it, no -shm
    assert_int_equal(read_count(desk), 3);
    assert_untouched(desk, before);
}

static void reading_after_a_crash_leaves_no_trace(void **state) {
    struct desk *desk = *state;
    fill(desk, 3, NULL);
    diary_abandon(desk->diary); // -wal and -shm stay, without an owner
    desk->diary = NULL;
    struct picture *before = look(desk);
    assert_int_equal(before->count, 3);
    assert_int_equal(read_count(desk), 3);
    assert_untouched(desk, before);
    // A -shm that a cut left as rubbish is not believed.
    unsigned char rubbish[32768];
    memset(rubbish, 0xA5, sizeof rubbish);
    write_file(desk, "diary.db-shm", rubbish, sizeof rubbish);
    before = look(desk);
    assert_int_equal(read_count(desk), 3);
    assert_untouched(desk, before);
}

// In a process of its own, since SQLite shares locks and the index of the WAL within one. The number of rows, or 255.
static int count_elsewhere(const struct desk *desk) {
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct diary *diary;
        char error[256];
        struct rows rows = {.count = 0};
        int result = diary_open_read(&diary, desk->state, error, sizeof error);
        if (result == 0) {
            result = diary_each_session(diary, take_row, &rows);
            diary_close(diary);
        }
        _exit(result == 0 ? rows.count : 255);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void reading_beside_the_daemon(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_in(desk, NULL), 0);
    for (int i = 0; i < 40; i++) {
        struct diary_session session = evening(i);
        assert_int_equal(diary_save(desk->diary, &session), 0);
        assert_int_equal(count_elsewhere(desk), i + 1);
    }
}

// The index of the WAL is new with the daemon: a guest must find its way from the first commit on.
static void reading_between_a_daemons_first_commits(void **state) {
    struct desk *desk = *state;
    fill(desk, 1, NULL);
    close_diary(desk);
    assert_int_equal(open_in(desk, NULL), 0);
    for (int i = 1; i < 4; i++) {
        struct diary_session session = evening(i);
        assert_int_equal(diary_save(desk->diary, &session), 0);
        assert_int_equal(count_elsewhere(desk), i + 1);
    }
}

static void a_reader_of_no_directory_sees_an_empty_diary(void **state) {
    struct desk *desk = *state;
    struct diary *diary;
    char path[PATH_MAX], error[256];
    snprintf(path, sizeof path, "%s/none", desk->state);
    assert_int_equal(diary_open_read(&diary, path, error, sizeof error), 0);
    assert_int_equal(read_rows(diary).count, 0);
    int32_t night;
    int32_t *next = &night;
    assert_int_equal(diary_each_away(diary, take_night, &next), 0);
    struct diary_session last;
    assert_int_equal(diary_last_session(diary, &last), -ENOENT);
    int64_t utc_s = -1;
    assert_int_equal(diary_last_time(diary, &utc_s), 0);
    assert_int_equal(utc_s, 0);
    diary_close(diary);
    assert_int_equal(access(path, F_OK), -1);
}

static void odd_names_of_directories(void **state) {
    struct desk *desk = *state;
    static const char *const NAMES[] = {"a?immutable=1", "b#c", "100%41", "with space", "ü"};
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        struct desk odd = *desk;
        int length = snprintf(odd.state, sizeof odd.state, "%s/%s", desk->state, NAMES[i]);
        assert_true(length > 0 && (size_t)length < sizeof odd.state);
        fill(&odd, 2, NULL); // makes the directory
        close_diary(&odd);
        assert_int_equal(read_count(&odd), 2);
        fill(&odd, 1, NULL);
        diary_abandon(odd.diary);
        assert_int_equal(read_count(&odd), 2);
        remove_all(odd.state);
    }
}

// Who reads leaves it as it is; who writes puts it aside, byte for byte, and saves what it still tells.
static void what_is_damaged_is_put_aside(void **state) {
    struct desk *desk = *state;
    enum { EVENINGS = 60 };
    fill(desk, EVENINGS, NULL);
    close_diary(desk);
    static unsigned char good[512 * 1024], bad[512 * 1024], after[512 * 1024];
    size_t size = read_file(desk, "diary.db", good, sizeof good);
    assert_true(size > 8 * 1024);
    static const struct {
        const char *what;
        size_t from, count; // bytes overwritten
        int value;
        size_t keep;            // the file's size; 0: whole
        int kept_min, kept_max; // sessions
        bool complete;
    } CASES[] = {
        {"no database at all", 0, 100, 'x', 0, EVENINGS, EVENINGS, false},
        {"short", 0, 0, 0, 700, 0, 0, false},
        {"the schema's page", 100, 900, 0xff, 0, EVENINGS, EVENINGS, false},
        // A row takes more than 200 bytes: of two pages at most four are lost.
        {"pages of the sessions", 16 * 512, 2 * 512, 0x5a, 0, EVENINGS - 4, EVENINGS - 1, false},
        {"another program's", 68, 4, 1, 0, EVENINGS, EVENINGS, true},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        memcpy(bad, good, size);
        memset(bad + CASES[i].from, CASES[i].value, CASES[i].count);
        size_t bad_size = CASES[i].keep != 0 ? CASES[i].keep : size;
        write_file(desk, "diary.db", bad, bad_size);
        struct picture *before = look(desk);
        assert_int_equal(read_count(desk), -EUCLEAN);
        assert_untouched(desk, before);
        assert_int_equal(open_in(desk, NULL), 0);
        assert_int_equal(diary_health(desk->diary), DIARY_GOOD);
        assert_true(diary_take_restored(desk->diary));
        assert_false(diary_take_restored(desk->diary));
        struct diary_restored restored;
        assert_int_equal(diary_last_restored(desk->diary, &restored), 0);
        assert_in_range(restored.kept, CASES[i].kept_min, CASES[i].kept_max);
        assert_int_equal(restored.complete, CASES[i].complete);
        assert_false(restored.told);
        assert_string_equal(restored.backup, "");
        assert_int_equal(read_rows(desk->diary).count, restored.kept);
        assert_int_equal(read_file(desk, restored.quarantine, after, sizeof after), bad_size);
        assert_memory_equal(after, bad, bad_size);
        struct diary_session session = evening(70);
        assert_int_equal(diary_save(desk->diary, &session), 0);
        close_diary(desk);
    }
    assert_int_equal(diary_look_beside(desk->state).quarantined, DIARY_QUARANTINE_MAX);
}

static void a_newer_diary_can_still_be_read(void **state) {
    struct desk *desk = *state;
    fill(desk, 2, NULL);
    close_diary(desk);
    char answer[256];
    ask_file(desk, "PRAGMA user_version = 3", answer);
    assert_int_equal(open_in(desk, NULL), -ENOTSUP);
    assert_int_equal(diary_health(desk->diary), DIARY_NEWER);
    assert_non_null(strstr(desk->error, diary_health_sentence(DIARY_NEWER)));
    static unsigned char before[128 * 1024], after[128 * 1024];
    size_t size = read_file(desk, "diary.db", before, sizeof before);
    struct diary_session session = evening(70);
    assert_int_equal(diary_save(desk->diary, &session), -ENOTSUP);
    assert_int_equal(diary_set(desk->diary, "minutes", "5"), -ENOTSUP);
    assert_int_equal(diary_pending(desk->diary), 1);
    struct rows rows = {.count = 0};
    diary_each_session(desk->diary, take_row, &rows);
    assert_int_equal(rows.count, 3); // what waits is seen, too
    close_diary(desk);
    assert_int_equal(read_file(desk, "diary.db", after, sizeof after), size);
    assert_memory_equal(after, before, size);
}

static void a_value_that_karani_never_writes_is_damage(void **state) {
    struct desk *desk = *state;
    static const char *const BAD[] = {"UPDATE session SET clock = 'sundial'", "UPDATE session SET outcome = 'won'",
                                      "UPDATE session SET night = '2026-02-30'"};
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        fill(desk, 1, NULL);
        close_diary(desk);
        char answer[256];
        ask_file(desk, BAD[i], answer);
        struct diary *diary;
        char error[256];
        assert_int_equal(diary_open_read(&diary, desk->state, error, sizeof error), 0);
        struct rows rows = {.count = 0};
        assert_int_equal(diary_each_session(diary, take_row, &rows), -EUCLEAN);
        assert_int_equal(diary_health(diary), DIARY_DAMAGED);
        diary_close(diary);
        unlink(strcat(strcpy((char[PATH_MAX]){0}, desk->state), "/diary.db"));
    }
}

// A tool from outside knows the contract's columns alone.
static void a_row_from_outside(void **state) {
    struct desk *desk = *state;
    fill(desk, 0, NULL);
    close_diary(desk);
    char answer[256];
    ask_file(desk,
             "INSERT INTO session(uuid, night, started_utc, utc_offset, zone, clock, routine, variant, planned_s,"
             " held_s, overtime_s, outcome, note) VALUES('00000001-0000-4000-8000-000000000000', '2026-03-02',"
             " 1772484000, 3600, 'Europe/Berlin', 'synced', 'legs-up-the-wall', 'wall', 601, 541, 1, 'not-mine', 'n')",
             answer);
    assert_int_equal(open_in(desk, NULL), 0);
    struct rows read = read_rows(desk->diary);
    assert_int_equal(read.count, 1);
    struct diary_session wanted = evening(1);
    wanted.outcome = OUTCOME_NOT_MINE; // and was finished, as far as anyone knows
    wanted.boot_id[0] = '\0';
    wanted.counted_from_boot_ms = 0;
    assert_same(&read.rows[0], &wanted);
}

static void a_link_in_place_of_the_diary_is_not_followed(void **state) {
    struct desk *desk = *state;
    fill(desk, 1, NULL);
    close_diary(desk);
    char path[PATH_MAX], other[PATH_MAX];
    snprintf(path, sizeof path, "%s/diary.db", desk->state);
    snprintf(other, sizeof other, "%s/other.db", desk->state);
    assert_int_equal(rename(path, other), 0);
    assert_int_equal(symlink(other, path), 0);
    assert_true(open_in(desk, NULL) < 0);
    assert_true(diary_health(desk->diary) != DIARY_GOOD);
}

static void a_state_directory_behind_a_link(void **state) {
    struct desk *desk = *state;
    struct desk link = *desk;
    int length = snprintf(link.state, sizeof link.state, "%s-link", desk->state);
    assert_true(length > 0);
    assert_int_equal(symlink(desk->state, link.state), 0);
    fill(&link, 2, NULL);
    close_diary(&link);
    assert_int_equal(read_count(&link), 2);
    unlink(link.state);
}

static void a_state_directory_that_cannot_be_made(void **state) {
    struct desk *desk = *state;
    char path[PATH_MAX / 4];
    snprintf(path, sizeof path, "%s/no/such/place", desk->state);
    assert_int_equal(diary_open(&desk->diary, path, NULL, desk->error, sizeof desk->error), -ENOENT);
    assert_non_null(strstr(desk->error, path));
    struct diary_session session = evening(1);
    assert_true(diary_save(desk->diary, &session) < 0);
    assert_int_equal(diary_pending(desk->diary), 1);
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, begin, finish)

int main(void) {
    alarm(emulator_limit_s(120));
    if (prepare_memory() != SQLITE_OK) {
        return EXIT_FAILURE;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_outcomes),
        cmocka_unit_test(every_health_has_a_sentence),
        STORY(the_schema_is_the_contract),
        STORY(rows_come_back_as_they_were),
        STORY(a_row_is_one_row_whatever_becomes_of_it),
        STORY(order_is_by_start_then_uuid),
        STORY(taking_can_stop),
        STORY(what_cannot_be_saved_waits),
        STORY(a_later_save_takes_what_waits_along),
        STORY(the_oldest_of_too_many_is_given_up),
        STORY(a_failed_sync_loses_nothing_acknowledged),
        STORY(a_start_after_a_kill_writes_nothing),
        STORY(a_card_read_only_from_the_start),
        STORY(a_diary_that_could_not_be_made_is_made_later),
        STORY(a_busy_diary),
        STORY(closing_tries_once_more),
        STORY(interrupted_by_a_boot_not_by_a_restart),
        STORY(the_last_session),
        STORY(away_nights_and_their_changes),
        STORY(a_correction_is_one_transaction),
        STORY(settings_last),
        STORY(the_last_time_known),
        STORY(cuts_at_every_save),
        STORY(memory_runs_out_anywhere),
        STORY(the_card_fails_anywhere),
        STORY(reading_a_diary_at_rest_leaves_no_trace),
        STORY(reading_after_a_power_cut_leaves_no_trace),
        STORY(reading_after_a_crash_leaves_no_trace),
        STORY(reading_beside_the_daemon),
        STORY(reading_between_a_daemons_first_commits),
        STORY(a_reader_of_no_directory_sees_an_empty_diary),
        STORY(odd_names_of_directories),
        STORY(what_is_damaged_is_put_aside),
        STORY(a_newer_diary_can_still_be_read),
        STORY(a_value_that_karani_never_writes_is_damage),
        STORY(a_row_from_outside),
        STORY(a_link_in_place_of_the_diary_is_not_followed),
        STORY(a_state_directory_behind_a_link),
        STORY(a_state_directory_that_cannot_be_made),
    };
    return cmocka_run_group_tests_name("diary", tests, NULL, NULL);
}
