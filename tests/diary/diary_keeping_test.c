// Tests of what keeps the diary: backups, the monthly check, a copy, what waits, and where it lies; a backup also with
// the card failing at every step of it.
#include "tests/support/diary/repair_fixture.h"
#include "tests/support/run/points.h"

#include <errno.h>
#include <sys/vfs.h>
#include <unistd.h>

static void generations(void **state) {
    struct desk *desk = *state;
    assert_int_equal(open_simulated(desk), 0);
    for (int n = 1; n <= 4; n++) {
        write_evenings(desk, n - 1, n);
        back_up(desk, 3);
    }
    assert_int_equal(look_beside(desk->state).backups, 3);
    assert_int_equal(ask(desk, "diary.backup-1.db", "SELECT count(*) FROM session"), 4);
    assert_int_equal(ask(desk, "diary.backup-2.db", "SELECT count(*) FROM session"), 3);
    assert_int_equal(ask(desk, "diary.backup-3.db", "SELECT count(*) FROM session"), 2);
    back_up(desk, 2);
    assert_int_equal(look_beside(desk->state).backups, 2);
    back_up(desk, 0); // none is asked for: none is made, and none is taken away
    assert_int_equal(look_beside(desk->state).backups, 2);
    struct diary_care_time last;
    assert_int_equal(diary_care_last(desk->diary, DIARY_CARE_BACKUP, &last), 0);
    assert_int_equal(last.at_utc_s, CARE.at_utc_s);
    assert_string_equal(last.boot_id, BOOT);
    assert_int_equal(last.boot_ms, 1);
    assert_int_equal(diary_care_last(desk->diary, DIARY_CARE_CHECK, &last), -ENOENT);
}

// The newest of those that are whole has this many evenings at least.
static int best_backup(const struct desk *desk) {
    int best = -1;
    for (int number = 1; number <= 2; number++) {
        char name[32];
        snprintf(name, sizeof name, "diary.backup-%d.db", number);
        if (lies_there(desk, name) && ask(desk, name, "SELECT count(*) FROM pragma_integrity_check") == 1) {
            int count = (int)ask(desk, name, "SELECT count(*) FROM session");
            best = count > best ? count : best;
        }
    }
    return best;
}

// The card fails at the n-th call, and then the power goes: a good backup is there whatever n is, and the diary whole.
static void a_backup_that_is_cut_off(void **state) {
    struct desk *desk = *state;
    int cuts = 0;
    for (int f = 0; f < FAULT_COUNT; f++) {
        bool done = false;
        for (int n = f % points_apart(); !done; n += points_apart(), cuts++) {
            assert_true(n < STEPS_MAX);
            empty(desk->state);
            renew_storage(desk);
            assert_int_equal(open_simulated(desk), 0);
            write_evenings(desk, 0, 3);
            back_up(desk, 2);
            write_evenings(desk, 3, 6);
            storage_set_fault_after(desk->storage, FAULTS[f], n);
            done = diary_care_backup(desk->diary, 2, &CARE) == 0;
            storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
            assert_int_equal(storage_power_cut(desk->storage), 0);
            diary_abandon(desk->diary);
            assert_true(best_backup(desk) >= (done ? 6 : 3));
            assert_int_equal(open_simulated(desk), 0);
            assert_false(diary_take_restored(desk->diary));
            assert_int_equal(count_rows(desk->diary), 6);
            close_diary(desk);
        }
    }
    print_message("%d cuts in a backup\n", cuts);
    assert_true(cuts * points_apart() > 20);
}

// What the monthly check finds, it mends; a backup that has gone bad is taken away.
static void the_monthly_check(void **state) {
    struct desk *desk = *state;
    static struct bytes bytes;
    struct diary_care_time last;
    assert_int_equal(open_simulated(desk), 0);
    write_evenings(desk, 0, 6);
    back_up(desk, 2);
    assert_int_equal(diary_care_check(desk->diary, &CARE), 0);
    assert_int_equal(diary_care_last(desk->diary, DIARY_CARE_CHECK, &last), 0);
    load(desk, "diary.backup-1.db", &bytes);
    spoil(&bytes, 4096, 200);
    store(desk, "diary.backup-1.db", &bytes);
    assert_int_equal(diary_care_check(desk->diary, &CARE), -EUCLEAN);
    assert_int_equal(look_beside(desk->state).backups, 0);
    assert_int_equal(count_rows(desk->diary), 6);
}

static void a_copy_for_the_owner(void **state) {
    struct desk *desk = *state;
    char copy[PATH_MAX], other[PATH_MAX], link[PATH_MAX];
    static struct bytes before, after;
    path_of(desk, "copy.db", copy);
    path_of(desk, "other.txt", other);
    path_of(desk, "link.db", link);
    assert_int_equal(open_simulated(desk), 0);
    write_evenings(desk, 0, 3);
    load(desk, "diary.db", &before);
    assert_int_equal(diary_backup(desk->diary, copy), 0);
    load(desk, "diary.db", &after);
    assert_int_equal(before.size, after.size);
    assert_memory_equal(before.bytes, after.bytes, before.size);
    assert_int_equal(ask(desk, "copy.db", "SELECT count(*) FROM session"), 3);
    write_evenings(desk, 3, 4);
    assert_int_equal(diary_backup(desk->diary, copy), 0); // an older backup gives way
    assert_int_equal(ask(desk, "copy.db", "SELECT count(*) FROM session"), 4);
    before = (struct bytes){.bytes = "a letter", .size = 8};
    store(desk, "other.txt", &before);
    assert_int_equal(diary_backup(desk->diary, other), -EEXIST);
    load(desk, "other.txt", &after);
    assert_int_equal(after.size, 8);
    assert_int_equal(symlink(copy, link), 0);
    assert_int_equal(diary_backup(desk->diary, link), -EEXIST);
    assert_int_equal(diary_backup(desk->diary, desk->state), -EISDIR);
    path_of(desk, "no/such/place.db", other);
    assert_int_equal(diary_backup(desk->diary, other), -ENOENT);
    path_of(desk, "no/such/", other);
    assert_int_equal(diary_backup(desk->diary, other), -EISDIR);
    assert_int_equal(diary_backup(desk->diary, ""), -EISDIR);
    before.size = 0;
    store(desk, "empty.db", &before);
    path_of(desk, "empty.db", other);
    assert_int_equal(diary_backup(desk->diary, other), 0); // mktemp(1) has made it
    assert_int_equal(ask(desk, "empty.db", "SELECT count(*) FROM session"), 4);
}

// No copy takes the name of what Karani keeps, here or in another state directory.
static void a_copy_takes_no_name_of_the_diarys(void **state) {
    struct desk *desk = *state;
    static const char *const names[] = {"diary.db",         "diary.db-wal",     "diary.db-shm",
                                        "diary.db-journal", "diary.db.damaged", "diary.db-distrusted",
                                        "diary.db.new",     "diary.backup.tmp", "lock"};
    char path[PATH_MAX];
    assert_int_equal(open_simulated(desk), 0);
    write_evenings(desk, 0, 3);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        path_of(desk, names[i], path);
        assert_int_equal(diary_backup(desk->diary, path), -ENOTUNIQ);
    }
    char elsewhere[] = "/tmp/karani-elsewhere-XXXXXX";
    assert_non_null(mkdtemp(elsewhere));
    static const char *const refused[] = {"diary.db-wal", "diary.db-shm", "lock", "diary.db"};
    // A new state directory can begin with it; the second time there is a diary.
    snprintf(path, sizeof path, "%s/diary.db", elsewhere);
    assert_int_equal(diary_backup(desk->diary, path), 0);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        snprintf(path, sizeof path, "%s/%s", elsewhere, refused[i]);
        assert_int_equal(diary_backup(desk->diary, path), -ENOTUNIQ);
    }
    snprintf(path, sizeof path, "%s/diary.db.2026", elsewhere);
    assert_int_equal(diary_backup(desk->diary, path), 0);
    assert_int_equal(unlink(path), 0);
    // Nor beside the log of one that is gone, which would be taken for its own.
    char log[PATH_MAX];
    snprintf(path, sizeof path, "%s/diary.db", elsewhere);
    snprintf(log, sizeof log, "%s/diary.db-wal", elsewhere);
    assert_int_equal(rename(path, log), 0);
    assert_int_equal(diary_backup(desk->diary, path), -ENOTUNIQ);
    assert_int_equal(unlink(log), 0);
    assert_int_equal(rmdir(elsewhere), 0);
}

// Rows and change wait together; a sync that fails may have let the commit through: the change stands there once.
static void a_correction_waits(void **state) {
    struct desk *desk = *state;
    int results = 0;
    assert_int_equal(open_simulated(desk), 0);
    write_evenings(desk, 0, 1);
    for (int f = 0; f < FAULT_COUNT; f++) {
        struct session_record session = evening(0);
        session.outcome = f % 2 == 0 ? OUTCOME_NOT_MINE : OUTCOME_FINISHED;
        const struct diary_change change = {
            .at_utc_s = EVENING_UTC_S + f, .what = "undo", .before = "{}", .after = "{\"n\":1}"};
        storage_set_fault(desk->storage, FAULTS[f]);
        results += diary_correct(desk->diary, &session, 1, &change) < 0;
        assert_int_equal(diary_pending(desk->diary), 0);
        assert_int_equal(diary_correct_later(desk->diary, &session, 1, &change), 0);
        assert_int_equal(diary_pending(desk->diary), 1);
        assert_true(diary_retry(desk->diary) < 0);
        storage_set_fault(desk->storage, STORAGE_FAULT_NONE);
        assert_int_equal(diary_retry(desk->diary), 0);
        assert_int_equal(diary_pending(desk->diary), 0);
    }
    assert_int_equal(results, FAULT_COUNT);
    close_diary(desk);
    assert_int_equal(ask(desk, "diary.db", "SELECT count(*) FROM change"), FAULT_COUNT);
    assert_int_equal(ask(desk, "diary.db", "SELECT count(DISTINCT at_utc) FROM change"), FAULT_COUNT);
    assert_int_equal(ask(desk, "diary.db", "SELECT count(*) FROM session WHERE outcome = 'not-mine'"), 1);
}

static void paths(void **state) {
    struct statfs status;
    (void)state;
    enum { TMPFS = 0x01021994 };
    for (int place = DIARY_PLACE_MEMORY; place <= DIARY_PLACE_READONLY; place++) {
        assert_non_null(diary_place_sentence((enum diary_place)place));
    }
    assert_null(diary_place_sentence(DIARY_PLACE_LASTING));
    if (statfs("/dev/shm", &status) < 0 || status.f_type != TMPFS) {
        print_message("/dev/shm is no tmpfs here\n");
        return;
    }
    assert_int_equal(diary_place("/dev/shm"), DIARY_PLACE_MEMORY);
    assert_int_equal(diary_place("/dev/shm/not/made/yet"), DIARY_PLACE_MEMORY);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORY(generations),          STORY(a_backup_that_is_cut_off),           STORY(the_monthly_check),
        STORY(a_copy_for_the_owner), STORY(a_copy_takes_no_name_of_the_diarys), STORY(a_correction_waits),
        cmocka_unit_test(paths),
    };
    return cmocka_run_group_tests_name("keeping", tests, NULL, NULL);
}
