// Tests of reading a diary, whatever is found in its place: what is read is left as it was.
#include "tests/support/diary_beside.h"
#include "tests/support/diary_fixture.h"
#include "tests/support/emulator.h"
#include "tests/support/last_session.h"
#include "tests/support/limit.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static void write_file(const struct desk *desk, const char *name, const void *bytes, size_t size) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", desk->state, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, size), (ssize_t)size);
    close(fd);
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

static int read_count(const struct desk *desk) {
    struct diary *diary;
    char sentence[256] = "";
    int result = diary_open_read(&diary, desk->state, sentence, sizeof sentence);
    if (result < 0) {
        assert_non_null(strstr(sentence, "diary.db"));
        return result;
    }
    assert_string_equal(sentence, "");
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
    struct session_record session = evening(70);
    assert_int_equal(diary_save(diary, &session), -EROFS); // a reader does not write
    diary_close(diary);
    return count;
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
        char sentence[256];
        struct rows rows = {.count = 0};
        int result = diary_open_read(&diary, desk->state, sentence, sizeof sentence);
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
        struct session_record session = evening(i);
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
        struct session_record session = evening(i);
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
    struct session_record last;
    assert_int_equal(last_session(diary, &last), -ENOENT);
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
    struct session_record session = evening(1);
    assert_true(diary_save(desk->diary, &session) < 0);
    assert_int_equal(diary_pending(desk->diary), 1);
}

int main(void) {
    limit_processor_s(300);
    const struct CMUnitTest tests[] = {
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
        STORY(what_is_no_file_is_not_opened),
        STORY(a_link_to_nowhere_stays),
        STORY(a_state_directory_behind_a_link),
        STORY(a_state_directory_that_cannot_be_made),
    };
    return cmocka_run_group_tests_name("diary, reading", tests, NULL, NULL);
}
