// Beginning, living through and retrying an evening.
#include "tests/fault/evening.h"

#include "tests/fault/fault.h"

// cmocka.h wants these four before it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BOOT       "11111111-1111-5111-8111-111111111111"
#define OTHER_BOOT "22222222-2222-5222-8222-222222222222"

enum { EVENING_S = 74400 };

const struct before_facts BEFORE[BEFORE_COUNT] = {
    {"no diary yet", true, false},     {"stopped", false, false},
    {"killed", true, false},           {"killed after a failed sync", false, false},
    {"damaged", true, true},           {"damaged, with a backup", true, true},
    {"a log left of it", false, true},
};

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *ftw) {
    (void)status;
    (void)type;
    (void)ftw;
    return remove(path);
}

void evening_remove_all(const char *path) {
    nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

void evening_copy_file(const char *from_dir, const char *to_dir, const char *name) {
    static unsigned char bytes[4 * 1024 * 1024];
    char path[256];
    snprintf(path, sizeof path, "%s/%s", from_dir, name);
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return;
    }
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    snprintf(path, sizeof path, "%s/%s", to_dir, name);
    file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

void evening_copy_state(const char *from, const char *to) {
    evening_remove_all(to);
    assert_int_equal(mkdir(to, 0700), 0);
    evening_copy_file(from, to, "diary.db");
    evening_copy_file(from, to, "diary.db-wal");
    evening_copy_file(from, to, "diary.db-distrusted");
    evening_copy_file(from, to, "diary.backup-1.db");
}

static struct session_record a_session(char digit, int32_t night, int64_t held_s) {
    struct session_record session = {
        .night = night,
        .started_utc_s = (int64_t)night * DAY_S + EVENING_S + digit,
        .utc_offset_s = 3600,
        .zone = "Europe/Berlin",
        .clock = CLOCK_SYNCED,
        .routine = "legs-up-the-wall",
        .variant = "wall",
        .planned_s = 600,
        .held_s = held_s,
        .outcome = OUTCOME_FINISHED,
        .outcome_was = OUTCOME_FINISHED,
        .boot_id = BOOT,
        .paused_at_boot_ms = -1,
    };
    snprintf(session.uuid, sizeof session.uuid, "%c0000000-0000-4000-8000-000000000000", digit);
    return session;
}

// ---- the diary as it was before ----

static void mark_distrusted(const char *state) {
    char path[256];
    snprintf(path, sizeof path, "%s/diary.db-distrusted", state);
    FILE *mark = fopen(path, "we");
    assert_non_null(mark);
    fclose(mark);
}

// The first page, which says what the tables are, reads as zeros.
static void spoil_first_page(const char *state) {
    static const unsigned char nothing[512];
    char path[256];
    snprintf(path, sizeof path, "%s/diary.db", state);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    assert_int_equal(pwrite(fd, nothing, sizeof nothing, 0), sizeof nothing);
    close(fd);
}

static void lose_database(const char *state) {
    char path[256];
    snprintf(path, sizeof path, "%s/diary.db", state);
    assert_int_equal(unlink(path), 0);
}

void evening_save_before(struct desk *desk, enum before before) {
    evening_copy_state("/nowhere", desk->state);
    evening_copy_state("/nowhere", desk->saved);
    if (before == BEFORE_NOTHING) {
        return;
    }
    struct diary *diary;
    assert_int_equal(outbox_open(&diary, desk->state, NULL, OTHER_BOOT, 0), 0);
    for (int i = 0; i < OLD_SESSIONS; i++) {
        struct session_record old = a_session((char)('1' + i), NIGHT - 10 + i, 60 * (i + 1));
        assert_true(outbox_save(diary, &old, 0));
        if (before == BEFORE_DAMAGED_WITH_BACKUP && i == 0) {
            const struct diary_care_time now = {.at_utc_s = (int64_t)NIGHT * DAY_S, .boot_id = OTHER_BOOT};
            assert_int_equal(diary_care_backup(diary, 1, &now), 0);
        }
    }
    assert_true(outbox_set_away(diary, NIGHT - 1, true, (int64_t)NIGHT * DAY_S, 0));
    if (before == BEFORE_STOPPED || before == BEFORE_DAMAGED || before == BEFORE_DAMAGED_WITH_BACKUP) {
        diary_close(diary);
        diary = NULL;
    }
    evening_copy_state(desk->state, desk->saved);
    if (before == BEFORE_KILLED_IN_DISTRUST) {
        mark_distrusted(desk->saved);
    } else if (before == BEFORE_LOG_ALONE) {
        lose_database(desk->saved);
    } else if (BEFORE[before].damaged) {
        spoil_first_page(desk->saved);
    }
    diary_abandon(diary);
}

// ---- the evening ----

static void keep_running(struct desk *desk, struct evening *evening, int64_t held_s, enum outcome outcome) {
    struct session_record session = a_session('5', NIGHT, held_s);
    session.outcome = session.outcome_was = outcome;
    if (outbox_save(desk->diary, &session, held_s * 1000)) {
        evening->held_s = held_s;
    }
}

struct evening evening_live(struct desk *desk, const struct zone *zone) {
    struct evening evening = {.held_s = -1};
    memset(&desk->start, 0, sizeof desk->start);
    desk->diary = NULL;
    if (outbox_open(&desk->diary, desk->state, FAULT_VFS, BOOT, 0) != 0) {
        desk->diary = NULL;
        return evening;
    }
    if (gather_start(desk->diary, BOOT, (struct moment){0}, &desk->start) == 0) {
        habit_log_clear(&desk->start.diary.log);
    }
    keep_running(desk, &evening, 0, OUTCOME_RUNNING);
    keep_running(desk, &evening, 60, OUTCOME_RUNNING);
    evening.away = outbox_set_away(desk->diary, NIGHT + 1, true, (int64_t)NIGHT * DAY_S, 0);
    evening.chosen = outbox_set(desk->diary, DEVICE_SETTING_MINUTES, "12 of 10", 0);
    keep_running(desk, &evening, 120, OUTCOME_FINISHED);
    struct session_record undone = a_session('6', NIGHT, 30);
    outbox_save(desk->diary, &undone, 0);
    undone.outcome = OUTCOME_NOT_MINE;
    evening.undone = corrections_undo(desk->diary, &undone, (int64_t)NIGHT * DAY_S, 0);
    struct session_record doubtful = a_session('7', NIGHT, 240);
    doubtful.clock = CLOCK_RESTORED;
    evening.doubtful = outbox_save(desk->diary, &doubtful, 0);
    evening.corrected = corrections_move(
        desk->diary, BOOT,
        &(struct corrections_clock){
            .difference_s = 3600, .quality = CLOCK_SET, .zone = zone, .at_utc_s = (int64_t)NIGHT * DAY_S},
        0, &evening.corrected_rows);
    struct device_diary known = {.undated_s = 0};
    if (gather_nights(desk->diary, BOOT, INT64_MAX, &known) == 0) { // as after a correction
        habit_log_clear(&known.log);
    }
    return evening;
}

void evening_retry(struct desk *desk, struct evening *evening) {
    outbox_tick(desk->diary, INT64_MAX / 2);
    enum diary_health health = diary_health(desk->diary);
    if (health == DIARY_DAMAGED || health == DIARY_NEWER) {
        return;
    }
    assert_true(outbox_is_empty(desk->diary));
    evening->held_s = 120;
    evening->away = evening->chosen = evening->undone = evening->doubtful = true;
    evening->corrected = evening->corrected || evening->corrected_rows > 0;
}
