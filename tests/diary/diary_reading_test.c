// Tests of reading a diary, beside the daemon and after it: what is read is left as it was.
#include "tests/support/ctl/emulator.h"
#include "tests/support/diary/last_session.h"
#include "tests/support/diary/state_picture.h"
#include "tests/support/run/limit.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

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
        STORY(a_state_directory_behind_a_link),
        STORY(a_state_directory_that_cannot_be_made),
    };
    return cmocka_run_group_tests_name("diary, reading", tests, NULL, NULL);
}
