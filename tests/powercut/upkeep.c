// What is done for the diary itself while the power may go: backups, a migration, the restoration of a damaged one.
#include "tests/powercut/record.h"
#include "tests/powercut/workload.h"

#include <fcntl.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BOOT "11111111-1111-4111-8111-111111111111"

enum { FIRST_NIGHT = 20513, DAY_S = 86400, EVENING_S = 70000, PAGE_MAX_B = 65536, INDEX_LEAF = 0x0a };

struct desk {
    struct tale *tale;
    struct model model;
    const char *directory;
    struct diary *diary;
    int evenings;
};

static void must(bool done, const char *what) {
    if (!done) {
        fprintf(stderr, "powercut: the workload cannot %s\n", what);
        exit(2);
    }
}

static void open_diary(struct desk *desk, const char *vfs) {
    char sentence[256];
    must(diary_open(&desk->diary, desk->directory, vfs, sentence, sizeof sentence) == 0, "open the diary");
}

static void close_diary(struct desk *desk) {
    diary_close(desk->diary);
    desk->diary = NULL;
}

static struct session_record evening(int number) {
    struct session_record session = {
        .night = FIRST_NIGHT + number,
        .started_utc_s = (int64_t)(FIRST_NIGHT + number) * DAY_S + EVENING_S,
        .zone = "UTC",
        .clock = CLOCK_SYNCED,
        .routine = "legs-up-the-wall",
        .variant = "wall",
        .planned_s = 120,
        .boot_id = BOOT,
        .paused_at_boot_ms = -1,
    };
    snprintf(session.uuid, sizeof session.uuid, "%08x-0000-4000-8000-000000000000", (unsigned)number);
    return session;
}

// Two minutes, each saved; told to the tale where it is recorded.
static void practise(struct desk *desk, bool told) {
    struct session_record session = evening(++desk->evenings);
    for (session.held_s = 0; session.held_s <= session.planned_s; session.held_s += 60) {
        session.outcome = session.held_s == session.planned_s ? OUTCOME_FINISHED : OUTCOME_RUNNING;
        session.outcome_was = session.outcome;
        must(diary_save(desk->diary, &session) == 0, "save a session");
        model_put(&desk->model, &session);
        if (told) {
            tale_acknowledge(desk->tale, &desk->model);
        }
    }
}

static struct diary_care_time care_time(const struct desk *desk) {
    struct diary_care_time now = {.at_utc_s = (int64_t)(FIRST_NIGHT + desk->evenings + 1) * DAY_S, .boot_ms = 1000};
    snprintf(now.boot_id, sizeof now.boot_id, "%s", BOOT);
    return now;
}

static void back_up(struct desk *desk) {
    const struct diary_care_time now = care_time(desk);
    must(diary_care_backup(desk->diary, DIARY_BACKUPS_DEFAULT, &now) == 0, "make a backup");
}

void workload_backup(struct tale *tale, const char *directory) {
    enum { WEEKS = 6, EVENINGS_A_WEEK = 2 };
    struct desk desk = {.tale = tale, .directory = directory};
    open_diary(&desk, NULL);
    practise(&desk, false);
    back_up(&desk);
    close_diary(&desk);
    tale->has_backup = true;
    record_start(directory, &tale->log);
    tale_acknowledge(tale, &desk.model);
    open_diary(&desk, RECORD_VFS);
    for (int week = 0; week < WEEKS; week++) {
        for (int n = 0; n < EVENINGS_A_WEEK; n++) {
            practise(&desk, true);
        }
        back_up(&desk);
        tale_acknowledge(tale, &desk.model);
    }
    const struct diary_care_time now = care_time(&desk);
    must(diary_care_check(desk.diary, &now) == 0, "check the diary");
    tale_acknowledge(tale, &desk.model);
    close_diary(&desk);
    record_stop();
}

static void run_sqlite(const char *directory, const char *sql) {
    char path[PATH_MAX];
    sqlite3 *db;
    snprintf(path, sizeof path, "%s/diary.db", directory);
    must(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
             sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK,
         "change the diary past Karani");
    sqlite3_close(db);
}

void workload_migration(struct tale *tale, const char *directory) {
    enum { EVENINGS = 4 };
    struct desk desk = {.tale = tale, .directory = directory};
    open_diary(&desk, NULL);
    for (int n = 0; n < EVENINGS; n++) {
        practise(&desk, false);
    }
    close_diary(&desk);
    run_sqlite(directory, "DROP TABLE upkeep; PRAGMA user_version = 1"); // all that version 2 has brought
    record_start(directory, &tale->log);
    tale_acknowledge(tale, &desk.model);
    open_diary(&desk, RECORD_VFS);
    tale_acknowledge(tale, &desk.model);
    practise(&desk, true);
    diary_abandon(desk.diary);
    open_diary(&desk, RECORD_VFS);
    tale_acknowledge(tale, &desk.model);
    practise(&desk, true);
    close_diary(&desk);
    record_stop();
}

// https://sqlite.org/fileformat.html section 1.3: two bytes from the sixteenth on.
static ssize_t page_size_of(int fd) {
    unsigned char bytes[2] = {0};
    must(pread(fd, bytes, sizeof bytes, 16) == sizeof bytes, "read the size of a page");
    ssize_t size = bytes[0] << 8 | bytes[1];
    return size == 1 ? PAGE_MAX_B : size;
}

// The first leaf of an index that has more than one row: what it holds stands in the table, too.
static void spoil_index(const char *directory) {
    char path[PATH_MAX];
    unsigned char page[PAGE_MAX_B];
    snprintf(path, sizeof path, "%s/diary.db", directory);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    must(fd >= 0, "open the file");
    const ssize_t page_b = page_size_of(fd);
    for (off_t at = page_b; pread(fd, page, (size_t)page_b, at) == page_b; at += page_b) {
        if (page[0] == INDEX_LEAF && (page[3] != 0 || page[4] > 1)) {
            memset(page + 1, 0xa5, (size_t)page_b - 1);
            must(pwrite(fd, page, (size_t)page_b, at) == page_b, "spoil a page");
            close(fd);
            return;
        }
    }
    must(false, "find the index");
}

void workload_restoration(struct tale *tale, const char *directory) {
    enum { EVENINGS = 3 };
    struct desk desk = {.tale = tale, .directory = directory};
    open_diary(&desk, NULL);
    for (int n = 0; n < EVENINGS; n++) {
        practise(&desk, false);
    }
    back_up(&desk);
    for (int n = 0; n < EVENINGS; n++) {
        practise(&desk, false); // to be salvaged
    }
    close_diary(&desk);
    spoil_index(directory);
    tale->damaged_at_first = tale->has_backup = true;
    // It is told, with the latest time that the diary knows; and told once, however often the power goes meanwhile.
    const struct session_record last = evening(desk.evenings);
    model_add_change(&desk.model, &(struct model_change){
                                      .at_utc_s = last.started_utc_s + last.planned_s, .what = "restored", .is = true});
    record_start(directory, &tale->log);
    tale_acknowledge(tale, &desk.model);
    open_diary(&desk, RECORD_VFS);
    tale_acknowledge(tale, &desk.model);
    practise(&desk, true);
    close_diary(&desk);
    record_stop();
}
