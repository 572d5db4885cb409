// Tests of what may be found in a diary's place: damage, another version, rows of others, links and what is no file.
#include "tests/support/diary/diary_beside.h"
#include "tests/support/diary/state_picture.h"
#include "tests/support/run/limit.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

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
        struct session_record session = evening(70);
        assert_int_equal(diary_save(desk->diary, &session), 0);
        close_diary(desk);
    }
    assert_int_equal(look_beside(desk->state).quarantined, DIARY_QUARANTINE_MAX);
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
    struct session_record session = evening(70);
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
        char sentence[256];
        assert_int_equal(diary_open_read(&diary, desk->state, sentence, sizeof sentence), 0);
        struct rows rows = {.count = 0};
        assert_int_equal(diary_each_session(diary, take_row, &rows), -EUCLEAN);
        assert_int_equal(diary_health(diary), DIARY_DAMAGED);
        diary_close(diary);
        unlink(strcat(strcpy((char[PATH_MAX]){0}, desk->state), "/diary.db"));
    }
}

// A tool from outside knows the columns of karani(7), THE DIARY, alone.
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
    struct session_record wanted = evening(1);
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
    assert_int_equal(open_in(desk, NULL), -EINVAL);
    assert_int_equal(diary_health(desk->diary), DIARY_DAMAGED);
}

// A FIFO would have who opens it wait for somebody at its other end; what is there is refused unopened, and left there.
static void what_is_no_file_is_not_opened(void **state) {
    struct desk *desk = *state;
    static const char *const names[] = {"diary.db", "diary.db-wal", "diary.db-shm", "diary.db-journal"};
    static const mode_t kinds[] = {S_IFIFO, S_IFSOCK, S_IFDIR};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
            char path[PATH_MAX];
            struct diary *read = NULL;
            struct stat status;
            if (i > 0) {
                fill(desk, 1, NULL);
                close_diary(desk);
            }
            snprintf(path, sizeof path, "%s/%s", desk->state, names[i]);
            assert_int_equal(kinds[k] == S_IFDIR ? mkdir(path, 0700) : mknod(path, kinds[k] | 0600, 0), 0);
            assert_int_equal(open_in(desk, NULL), -EINVAL);
            assert_non_null(strstr(desk->error, "put a good copy in its place"));
            close_diary(desk);
            assert_int_equal(diary_open_read(&read, desk->state, desk->error, sizeof desk->error), -EINVAL);
            assert_non_null(strstr(desk->error, "is damaged or not one of Karani's"));
            assert_int_equal(lstat(path, &status), 0);
            assert_int_equal(status.st_mode & S_IFMT, kinds[k]);
            assert_int_equal(remove(path), 0);
        }
    }
}

// Where a card is not there for the moment, nothing takes the place of the link to it.
static void a_link_to_nowhere_stays(void **state) {
    struct desk *desk = *state;
    char path[PATH_MAX], copy[PATH_MAX], target[8];
    fill(desk, 1, NULL);
    snprintf(path, sizeof path, "%s/diary.db", desk->state);
    snprintf(copy, sizeof copy, "%s/diary.backup-1.db", desk->state);
    assert_int_equal(diary_backup(desk->diary, copy), 0);
    close_diary(desk);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("nowhere", path), 0);
    assert_int_equal(open_in(desk, NULL), -EINVAL);
    assert_int_equal(readlink(path, target, sizeof target), strlen("nowhere"));
}

int main(void) {
    limit_processor_s(300);
    const struct CMUnitTest tests[] = {
        STORY(what_is_damaged_is_put_aside),
        STORY(a_newer_diary_can_still_be_read),
        STORY(a_value_that_karani_never_writes_is_damage),
        STORY(a_row_from_outside),
        STORY(a_link_in_place_of_the_diary_is_not_followed),
        STORY(what_is_no_file_is_not_opened),
        STORY(a_link_to_nowhere_stays),
    };
    return cmocka_run_group_tests_name("diary, found", tests, NULL, NULL);
}
