// Tests of a damaged diary that is restored, also with the card failing at every step of it.
#include "tests/support/diary/repair_fixture.h"
#include "tests/support/run/points.h"

#include <glib.h>

// Ten evenings, of which the backup knows six; the page of the sessions is spoilt in the middle of the diary.
static void write_damaged(struct desk *desk, struct bytes *diary, struct bytes *backup) {
    empty(desk->state);
    renew_storage(desk);
    assert_int_equal(open_simulated(desk), 0);
    write_evenings(desk, 0, 6);
    back_up(desk, 2);
    write_evenings(desk, 6, 10);
    assert_int_equal(diary_set(desk->diary, "minutes", "7 10"), 0);
    close_diary(desk);
    load(desk, "diary.db", diary);
    load(desk, "diary.backup-1.db", backup);
    assert_false(lies_there(desk, "diary.db-wal"));
    spoil(diary, 100, 60); // the header of the schema's page
}

// The same files every time: written once, and put there again.
static void make_damaged(struct desk *desk) {
    static struct bytes diary, backup;
    if (diary.size == 0) {
        write_damaged(desk, &diary, &backup);
    }
    empty(desk->state);
    store(desk, "diary.db", &diary);
    store(desk, "diary.backup-1.db", &backup);
    renew_storage(desk);
}

static void assert_restored(struct desk *desk) {
    struct diary_restored restored;
    char *value = NULL;
    assert_int_equal(count_rows(desk->diary), 10);
    assert_int_equal(diary_last_restored(desk->diary, &restored), 0);
    assert_int_equal(restored.kept, 10);
    assert_int_equal(restored.salvaged, 4);
    assert_string_equal(restored.backup, "diary.backup-1.db");
    assert_false(restored.told);
    assert_true(lies_there(desk, restored.quarantine));
    assert_int_equal(look_beside(desk->state).quarantined, 1);
    assert_false(lies_there(desk, "diary.db.new"));
    assert_false(lies_there(desk, "diary.db.salvage"));
    assert_int_equal(diary_get(desk->diary, "minutes", &value), 0);
    assert_string_equal(value, "7 10");
    free(value);
}

static int64_t same_moment_ms(void *clock) {
    (void)clock;
    return EVENING_UTC_S * INT64_C(1000);
}

static int is_visible(const struct dirent *entry) {
    return entry->d_name[0] != '.';
}

// Adds what a start begins with, which is all that lies on the card, and what befalls it. Whether no start before
// began so: the clock stands still, and one that began so would go the same way.
static bool is_new_start(const struct desk *desk, GHashTable *starts, const char *befalls) {
    static struct bytes bytes;
    struct dirent **entries = NULL;
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, (const guchar *)befalls, -1);
    int count = scandir(desk->state, &entries, is_visible, alphasort);
    assert_true(count >= 0);
    for (int i = 0; i < count; i++) {
        load(desk, entries[i]->d_name, &bytes);
        g_checksum_update(sum, (const guchar *)entries[i]->d_name, (gssize)strlen(entries[i]->d_name) + 1);
        g_checksum_update(sum, (const guchar *)&bytes.size, sizeof bytes.size);
        g_checksum_update(sum, bytes.bytes, (gssize)bytes.size);
        free(entries[i]);
    }
    free(entries);
    bool is_new = g_hash_table_add(starts, g_strdup(g_checksum_get_string(sum)));
    g_checksum_free(sum);
    return is_new;
}

// The card fails at the n-th call of a start, and then the power goes. Whether the start went well.
static bool start_and_cut(struct desk *desk, enum storage_fault fault, int n) {
    renew_storage(desk);
    storage_set_clock(desk->storage, same_moment_ms, NULL);
    storage_set_fault_after(desk->storage, fault, n);
    bool well = open_simulated(desk) == 0;
    storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
    assert_int_equal(storage_power_cut(desk->storage), 0);
    diary_abandon(desk->diary);
    desk->diary = NULL;
    return well;
}

static void assert_restored_by_next_start(struct desk *desk) {
    renew_storage(desk);
    assert_int_equal(open_simulated(desk), 0);
    assert_int_equal(diary_health(desk->diary), DIARY_GOOD);
    assert_restored(desk);
    close_diary(desk);
}

// At every call, and once more in what the next start does about it; and the third time it is done.
static void a_restoration_that_is_cut_off(void **state) {
    struct desk *desk = *state;
    GHashTable *starts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    int cuts = 0, ends = 0;
    for (int f = 0; f < FAULT_COUNT; f++) {
        bool done = false;
        for (int n = f % points_apart(); !done; n += points_apart(), cuts++) {
            char again[40];
            assert_true(n < STEPS_MAX);
            make_damaged(desk);
            done = start_and_cut(desk, FAULTS[f], n);
            snprintf(again, sizeof again, "fault %d at %d", f, n / 2);
            if (is_new_start(desk, starts, again)) {
                start_and_cut(desk, FAULTS[f], n / 2);
                if (is_new_start(desk, starts, "nothing")) {
                    assert_restored_by_next_start(desk);
                    ends++;
                }
            }
        }
    }
    print_message("%d cuts in a restoration, %d starts after two of them\n", cuts, ends);
    assert_true(cuts * points_apart() > 300);
    assert_true(ends >= (points_apart() == 1 ? 5 : 3)); // the card as each step of diary_restore.c leaves it
    g_hash_table_destroy(starts);
}

// A diary whose database is gone, then, in the same second, one that is damaged: neither takes the other's name.
static void two_in_one_second(void **state) {
    struct desk *desk = *state;
    static struct bytes bytes;
    empty(desk->state);
    renew_storage(desk);
    assert_int_equal(open_simulated(desk), 0);
    write_evenings(desk, 0, 3);
    assert_int_equal(storage_power_cut(desk->storage), 0);
    diary_abandon(desk->diary);
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/diary.db", desk->state);
    assert_int_equal(unlink(path), 0);
    renew_storage(desk);
    assert_int_equal(open_simulated(desk), 0);
    assert_int_equal(count_rows(desk->diary), 3);
    close_diary(desk);
    load(desk, "diary.db", &bytes);
    spoil(&bytes, 100, 60);
    store(desk, "diary.db", &bytes);
    renew_storage(desk);
    assert_int_equal(open_simulated(desk), 0);
    assert_int_equal(count_rows(desk->diary), 3);
    assert_int_equal(look_beside(desk->state).quarantined, 2);
    close_diary(desk);
}

static void it_is_told_until_it_has_been_read(void **state) {
    struct desk *desk = *state;
    struct diary_restored restored;
    make_damaged(desk);
    assert_int_equal(open_simulated(desk), 0);
    assert_true(diary_take_restored(desk->diary));
    close_diary(desk);
    assert_int_equal(open_simulated(desk), 0);
    assert_false(diary_take_restored(desk->diary));
    assert_int_equal(diary_last_restored(desk->diary, &restored), 0);
    assert_false(restored.told);
    assert_int_equal(diary_restored_told(desk->diary), 0);
    close_diary(desk);
    assert_int_equal(open_simulated(desk), 0);
    assert_int_equal(diary_last_restored(desk->diary, &restored), 0);
    assert_true(restored.told);
    close_diary(desk);
    assert_int_equal(ask(desk, "diary.db", "SELECT count(*) FROM change WHERE what = 'restored'"), 1);
}

static void a_missing_diary_comes_back(void **state) {
    struct desk *desk = *state;
    char path[PATH_MAX];
    struct diary_restored restored;
    assert_int_equal(open_simulated(desk), 0);
    write_evenings(desk, 0, 6);
    back_up(desk, 2);
    close_diary(desk);
    path_of(desk, "diary.db", path);
    assert_int_equal(unlink(path), 0);
    renew_storage(desk);
    assert_int_equal(open_simulated(desk), 0);
    assert_int_equal(count_rows(desk->diary), 6);
    assert_int_equal(diary_last_restored(desk->diary, &restored), 0);
    assert_string_equal(restored.quarantine, "");
    assert_false(restored.complete);
}

// Two good generations, and the newer one is spoilt, too.
static void a_spoilt_backup_is_passed_over(void **state) {
    struct desk *desk = *state;
    static struct bytes bytes;
    struct diary_restored restored;
    make_damaged(desk);
    load(desk, "diary.backup-1.db", &bytes);
    store(desk, "diary.backup-2.db", &bytes);
    spoil(&bytes, 0, 100);
    store(desk, "diary.backup-1.db", &bytes);
    renew_storage(desk);
    assert_int_equal(open_simulated(desk), 0);
    assert_int_equal(count_rows(desk->diary), 10);
    assert_int_equal(diary_last_restored(desk->diary, &restored), 0);
    assert_string_equal(restored.backup, "diary.backup-2.db");
}

static uint32_t page_of_frame(const struct bytes *log, size_t frame_b, size_t frame) {
    const unsigned char *at = log->bytes + 32 + frame * frame_b;
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

// A frame from the tenth on whose page comes again: nothing is in it alone.
static size_t find_frame_that_comes_again(const struct bytes *log, size_t frame_b) {
    for (size_t frame = 10;; frame++) {
        for (size_t later = frame + 1; 32 + (later + 1) * frame_b <= log->size; later++) {
            if (page_of_frame(log, frame_b, frame) == page_of_frame(log, frame_b, later)) {
                return frame;
            }
        }
    }
}

// A frame in the middle of the log: SQLite would take it for the log's end, and what came after for never written.
static void commits_behind_a_spoilt_frame(void **state) {
    struct desk *desk = *state;
    static struct bytes log;
    enum { PAGE_B = 512, FRAME_B = PAGE_B + 24, EVENINGS = 20 };
    assert_int_equal(open_simulated(desk), 0);
    write_evenings(desk, 0, 2);
    close_diary(desk);
    assert_int_equal(open_simulated(desk), 0);
    write_evenings(desk, 2, EVENINGS);
    storage_kill(desk->storage);
    diary_abandon(desk->diary);
    desk->diary = NULL;
    load(desk, "diary.db-wal", &log);
    spoil(&log, 32 + find_frame_that_comes_again(&log, FRAME_B) * FRAME_B + 24 + 200, 40);
    store(desk, "diary.db-wal", &log);
    renew_storage(desk);
    assert_int_equal(open_simulated(desk), 0);
    assert_true(diary_take_restored(desk->diary));
    assert_int_equal(count_rows(desk->diary), EVENINGS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORY(a_restoration_that_is_cut_off),     STORY(two_in_one_second),
        STORY(it_is_told_until_it_has_been_read), STORY(a_missing_diary_comes_back),
        STORY(a_spoilt_backup_is_passed_over),    STORY(commits_behind_a_spoilt_frame),
    };
    return cmocka_run_group_tests_name("restoration", tests, NULL, NULL);
}
