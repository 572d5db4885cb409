// Tests of when the diary is looked after: weekly and monthly, by the clock or by BOOTTIME, and never while somebody
// practises; and of what the owner is told of a diary that was damaged.
#include "daemon/diary/outbox.h"
#include "daemon/runtime/gather.h"
#include "daemon/runtime/troubles.h"
#include "daemon/runtime/upkeep.h"
#include "daemon/sim/storage/storage.h"
#include "tests/support/diary/diary_beside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define BOOT       "11111111-1111-4111-8111-111111111111"
#define OTHER_BOOT "22222222-2222-4222-8222-222222222222"

#define MINUTE_MS INT64_C(60000)
#define DAY_MS    (24 * 60 * MINUTE_MS)

enum { START_UTC_S = 1772397600, NIGHT = 20513, DAY_S = 86400 };

struct bench {
    char state[PATH_MAX / 8];
    struct storage *storage;
    struct diary *diary;
    struct upkeep upkeep;
    struct troubles troubles;
    struct device_start late; // choices of a diary that was opened late
    int opened;
};

static void hear(void *context, enum outbox_event event) {
    struct bench *bench = context;
    if (event == OUTBOX_OPENED) {
        gather_late_choices(bench->diary, &bench->late);
        bench->opened++;
    }
}

static int set_up(void **state) {
    static struct bench bench;
    memset(&bench, 0, sizeof bench);
    snprintf(bench.state, sizeof bench.state, "/tmp/karani-upkeep-XXXXXX");
    *state = &bench;
    return mkdtemp(bench.state) == NULL ? -1 : storage_new(&bench.storage, "upkeep-test");
}

static int tear_down(void **state) {
    struct bench *bench = *state;
    diary_close(bench->diary);
    storage_free(bench->storage);
    DIR *listing = opendir(bench->state);
    const struct dirent *entry;
    while ((entry = readdir(listing)) != NULL) {
        if (entry->d_name[0] != '.') {
            unlinkat(dirfd(listing), entry->d_name, 0);
        }
    }
    closedir(listing);
    return rmdir(bench->state);
}

static void open_diary(struct bench *bench, const char *boot_id, int64_t boot_ms) {
    assert_int_equal(outbox_open(&bench->diary, bench->state, storage_vfs(bench->storage), boot_id, boot_ms), 0);
    outbox_listen(bench->diary, hear, bench);
    bench->upkeep = (struct upkeep){.diary = bench->diary, .boot_id = boot_id};
    bench->troubles = (struct troubles){.health = NULL};
    troubles_note_restoration(&bench->troubles, bench->diary);
    troubles_note_diary(&bench->troubles, bench->diary);
}

static void save(struct bench *bench, int n, int64_t boot_ms) {
    struct session_record session = {.night = NIGHT + n,
                                     .started_utc_s = START_UTC_S + n * DAY_S,
                                     .zone = "UTC",
                                     .clock = CLOCK_SYNCED,
                                     .routine = "legs-up-the-wall",
                                     .variant = "wall",
                                     .planned_s = 600,
                                     .outcome = OUTCOME_FINISHED,
                                     .boot_id = BOOT,
                                     .paused_at_boot_ms = -1};
    snprintf(session.uuid, sizeof session.uuid, "%08x-0000-4000-8000-000000000000", (unsigned)n);
    assert_true(outbox_save(bench->diary, &session, boot_ms));
}

static void note(struct bench *bench, bool idle, int64_t utc_s, int64_t boot_ms) {
    upkeep_note(&bench->upkeep, &(struct upkeep_state){.idle = idle, .utc_s = utc_s, .backups = 2}, boot_ms);
}

static int backups(const struct bench *bench) {
    return look_beside(bench->state).backups;
}

// The first backup a week after the first session, the check a month after it; then again and again.
static void by_the_clock(void **state) {
    struct bench *bench = *state;
    int64_t boot_ms = 1000;
    open_diary(bench, BOOT, boot_ms);
    note(bench, true, START_UTC_S, boot_ms);
    assert_true(upkeep_deadline(&bench->upkeep) == INT64_MAX); // there is nothing to look after yet
    note(bench, false, START_UTC_S, boot_ms);
    save(bench, 0, boot_ms);
    assert_true(upkeep_deadline(&bench->upkeep) == INT64_MAX);
    note(bench, true, START_UTC_S, boot_ms);
    assert_true(upkeep_deadline(&bench->upkeep) == boot_ms + 7 * DAY_MS);
    for (int week = 1; week <= 9; week++) {
        int64_t due_ms = boot_ms + week * 7 * DAY_MS;
        note(bench, true, START_UTC_S + week * 7 * DAY_S, due_ms - 1);
        upkeep_tick(&bench->upkeep, due_ms - 1);
        assert_int_equal(backups(bench), week - 1 > 2 ? 2 : week - 1);
        upkeep_tick(&bench->upkeep, due_ms);
        assert_int_equal(backups(bench), week > 2 ? 2 : week);
        struct diary_care_time last;
        assert_int_equal(diary_care_last(bench->diary, DIARY_CARE_BACKUP, &last), 0);
        assert_true(last.boot_ms == due_ms);
        bool checked = diary_care_last(bench->diary, DIARY_CARE_CHECK, &last) == 0;
        assert_int_equal(checked, week >= 5); // 35 days: on the way the thirtieth has its own deadline
        if (week == 4) {
            assert_true(upkeep_deadline(&bench->upkeep) == boot_ms + 30 * DAY_MS);
            note(bench, true, START_UTC_S + 30 * DAY_S, boot_ms + 30 * DAY_MS);
            upkeep_tick(&bench->upkeep, boot_ms + 30 * DAY_MS);
        }
    }
}

// Not in a session, and not in the minutes after it.
static void only_while_idle(void **state) {
    struct bench *bench = *state;
    open_diary(bench, BOOT, 0);
    save(bench, 0, 0);
    int64_t late_ms = 20 * DAY_MS;
    note(bench, false, START_UTC_S + 20 * DAY_S, late_ms);
    upkeep_tick(&bench->upkeep, late_ms);
    assert_true(upkeep_deadline(&bench->upkeep) == INT64_MAX);
    assert_int_equal(backups(bench), 0);
    note(bench, true, START_UTC_S + 20 * DAY_S, late_ms);
    assert_true(upkeep_deadline(&bench->upkeep) == late_ms + UPKEEP_REST_MS);
    upkeep_tick(&bench->upkeep, late_ms + UPKEEP_REST_MS - 1);
    assert_int_equal(backups(bench), 0);
    upkeep_tick(&bench->upkeep, late_ms + UPKEEP_REST_MS);
    assert_int_equal(backups(bench), 1);
}

// Without a clock a week is one of BOOTTIME, and over boots what the sessions tell of time.
static void without_a_clock(void **state) {
    struct bench *bench = *state;
    open_diary(bench, BOOT, 0);
    save(bench, 0, 0);
    note(bench, true, 0, 0);
    assert_true(upkeep_deadline(&bench->upkeep) == 7 * DAY_MS);
    upkeep_tick(&bench->upkeep, 7 * DAY_MS);
    assert_int_equal(backups(bench), 1);
    save(bench, 5, 8 * DAY_MS);
    diary_close(bench->diary);
    open_diary(bench, OTHER_BOOT, 0);
    note(bench, true, 0, 0);
    assert_true(upkeep_deadline(&bench->upkeep) ==
                2 * DAY_MS); // five days of the seven have passed, as far as is known
    save(bench, 9, 1000);
    note(bench, false, 0, 1000);
    note(bench, true, 0, 2000);
    assert_true(upkeep_deadline(&bench->upkeep) == 2000 + UPKEEP_REST_MS);
}

// A card without room: tried again in a day, and not before.
static void what_fails_is_tried_again(void **state) {
    struct bench *bench = *state;
    open_diary(bench, BOOT, 0);
    save(bench, 0, 0);
    note(bench, true, START_UTC_S, 0);
    storage_set_fault(bench->storage, STORAGE_FAULT_FULL);
    upkeep_tick(&bench->upkeep, 7 * DAY_MS);
    assert_int_equal(backups(bench), 0);
    assert_true(upkeep_deadline(&bench->upkeep) == 8 * DAY_MS);
    storage_set_fault(bench->storage, STORAGE_FAULT_NONE);
    upkeep_tick(&bench->upkeep, 8 * DAY_MS);
    assert_int_equal(backups(bench), 1);
}

static void spoil(const struct bench *bench) {
    char path[PATH_MAX];
    char rubbish[60];
    snprintf(path, sizeof path, "%s/diary.db", bench->state);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    memset(rubbish, 'x', sizeof rubbish);
    assert_int_equal(pwrite(fd, rubbish, sizeof rubbish, 100), sizeof rubbish);
    close(fd);
}

// Told in this boot and the next, until it has been read; then no more.
static void a_damaged_diary_is_told_of(void **state) {
    struct bench *bench = *state;
    struct device_start start = {.rtc_trusted = false};
    open_diary(bench, BOOT, 0);
    save(bench, 0, 0);
    save(bench, 1, 0);
    diary_close(bench->diary);
    spoil(bench);
    for (int boot = 0; boot < 3; boot++) {
        open_diary(bench, OTHER_BOOT, 0);
        bool told = boot == 2;
        assert_int_equal(troubles_has(&bench->troubles, PAGE_TROUBLE_LOST), !told);
        assert_false(troubles_has(&bench->troubles, PAGE_TROUBLE_RESTORED));
        assert_false(troubles_has(&bench->troubles, PAGE_TROUBLE_DIARY));
        assert_int_equal(gather_start(bench->diary, OTHER_BOOT, (struct moment){0}, &start), 0);
        assert_true(outbox_is_empty(bench->diary));
        habit_log_clear(&start.diary.log);
        if (boot == 0) {
            assert_int_equal(bench->troubles.sessions, 2);
        }
        if (boot == 1) {
            troubles_note_told(&bench->troubles, PAGE_TROUBLE_LOST, bench->diary);
            assert_false(troubles_has(&bench->troubles, PAGE_TROUBLE_LOST));
        }
        diary_close(bench->diary);
        bench->diary = NULL;
    }
}

#define TWELVE "{\"v\":1,\"chosen\":12,\"configured\":10}"
#define CHAIR  "{\"v\":1,\"chosen\":\"chair\",\"configured\":\"wall\"}"
#define HIPS   "{\"v\":1,\"chosen\":\"hips\",\"configured\":\"wall\"}"

#define STORED                                                                                                         \
    "{\"v\":1,\"right_offset_ms\":5,\"boot_id\":\"\",\"quality\":\"set\",\"offset_ms\":5,\"doubtful_base_ms\":0}"

// The diary that could not be opened at the start had choices: they come with it. What was chosen meanwhile wins.
static void choices_come_late(void **state) {
    struct bench *bench = *state;
    open_diary(bench, BOOT, 0);
    save(bench, 3, 0);
    assert_true(outbox_set(bench->diary, DEVICE_SETTING_MINUTES, TWELVE, 0));
    assert_true(outbox_set(bench->diary, DEVICE_SETTING_VARIANT, CHAIR, 0));
    assert_true(outbox_set(bench->diary, DEVICE_SETTING_CLOCK, STORED, 0));
    diary_close(bench->diary);
    storage_set_fault(bench->storage, STORAGE_FAULT_READONLY);
    open_diary(bench, OTHER_BOOT, 0);
    assert_false(outbox_set(bench->diary, DEVICE_SETTING_VARIANT, HIPS, 0));
    assert_false(outbox_set(bench->diary, DEVICE_SETTING_CLOCK, "{}", 0));
    assert_int_equal(bench->opened, 0);
    storage_set_fault(bench->storage, STORAGE_FAULT_NONE);
    outbox_tick(bench->diary, OUTBOX_RETRY_MS);
    assert_int_equal(bench->opened, 1);
    assert_int_equal(bench->late.settings.minutes.chosen, 12);
    assert_int_equal(bench->late.settings.variant.chosen, VARIANT_HIPS);
    assert_int_equal(bench->late.settings.clock.right_offset_ms, 5);
    assert_true(bench->late.last_known_s == START_UTC_S + 3 * DAY_S);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(by_the_clock),
        CASE(only_while_idle),
        CASE(without_a_clock),
        CASE(what_fails_is_tried_again),
        CASE(a_damaged_diary_is_told_of),
        CASE(choices_come_late),
    };
    return cmocka_run_group_tests_name("upkeep", tests, NULL, NULL);
}
