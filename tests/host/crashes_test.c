// Tests of the count of crashes: which ends are crashes, and when three of them are too many.

// cmocka.h wants these four before it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/host/crashes.h"
#include "daemon/linux/lock.h"

#include <cmocka.h>
#include <errno.h>
#include <ftw.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *at) {
    (void)status;
    (void)kind;
    (void)at;
    return remove(path);
}

static const int64_t minute_ms = 60000;

// Starts of a daemon in minutes after the boot, how each ended, and what its start was told.
static const struct {
    const char *words;
    struct {
        int minute;
        int told;
        bool well;
    } starts[7];
    int count;
} rows[] = {
    {"the first start knows of none", {{1, 0, true}, {2, 0, true}, {300, 0, true}}, 3},
    {"every crash counts", {{1, 0, false}, {2, 1, false}, {3, 2, false}, {4, 3, true}}, 4},
    {"a good end is none", {{1, 0, false}, {2, 1, true}, {3, 1, false}, {4, 2, true}}, 4},
    {"a crash is as old as the start after it", {{1, 0, false}, {500, 1, false}, {501, 2, false}, {502, 3, true}}, 4},
    {"after ten minutes it is forgotten",
     {{1, 0, false}, {2, 1, false}, {3, 2, true}, {11, 2, true}, {12, 1, true}, {13, 0, true}},
     6},
    {"more than three are three",
     {{1, 0, false}, {2, 1, false}, {3, 2, false}, {4, 3, false}, {5, 3, false}, {6, 3, true}, {15, 1, true}},
     7},
};

static void test_counting(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char dir[] = "/tmp/karani-crashes-XXXXXX";
        assert_non_null(mkdtemp(dir));
        for (int start = 0; start < rows[i].count; start++) {
            int told = crashes_begin(dir, rows[i].starts[start].minute * minute_ms);
            if (told != rows[i].starts[start].told) {
                fail_msg("%s: start %d: told %d", rows[i].words, start, told);
            }
            if (rows[i].starts[start].well) {
                crashes_end(dir);
            }
        }
        assert_int_equal(nftw(dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
    }
}

static void test_no_directory(void **state) {
    (void)state;
    assert_int_equal(crashes_begin("/nonexistent", 1000), -ENOENT);
    crashes_end("/nonexistent");
}

// What somebody else wrote there is no crash of ours.
static void test_foreign_list(void **state) {
    (void)state;
    char dir[] = "/tmp/karani-crashes-XXXXXX", path[64];
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/crashes", dir);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fputs("999999999\n-5\nno number\n", file); // later than now, before the boot, nothing
    fclose(file);
    assert_int_equal(crashes_begin(dir, 20 * minute_ms), 0);
    assert_int_equal(nftw(dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
}

// The lock is one process's, and nobody's once that has ended, however it ended.
static void test_lock(void **state) {
    (void)state;
    char dir[] = "/tmp/karani-crashes-XXXXXX";
    int ready[2];
    char byte;
    assert_non_null(mkdtemp(dir));
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        bool taken = lock_take(dir) >= 0;
        _exit(write(ready[1], "x", 1) == 1 && taken ? (pause(), 0) : 1);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(lock_take(dir), -EWOULDBLOCK);
    int status;
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    int lock = lock_take(dir);
    assert_true(lock >= 0);
    close(lock);
    assert_int_equal(lock_take("/nonexistent"), -ENOENT);
    close(ready[0]);
    close(ready[1]);
    assert_int_equal(nftw(dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
}

// What is left in a lock is told as long as it is held, and to others alone.
static void test_note(void **state) {
    (void)state;
    char dir[] = "/tmp/karani-crashes-XXXXXX", line[64] = "?";
    assert_non_null(mkdtemp(dir));
    assert_int_equal(lock_read_note(dir, line, sizeof line), -ESRCH);
    int lock = lock_take(dir);
    assert_true(lock >= 0);
    assert_int_equal(lock_read_note(dir, line, sizeof line), 0);
    assert_string_equal(line, "");
    assert_int_equal(lock_note(lock, "/run/karani/io.karani"), 0);
    assert_int_equal(lock_note(lock, "/run/socket"), 0);
    assert_int_equal(lock_read_note(dir, line, sizeof line), 0);
    assert_string_equal(line, "/run/socket");
    close(lock);
    assert_int_equal(lock_read_note(dir, line, sizeof line), -ESRCH);
    assert_int_equal(nftw(dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
}

// A note takes the place of another one byte by byte: on a full card there is no room to write one anew.
static void test_note_in_place(void **state) {
    (void)state;
    char dir[] = "/tmp/karani-crashes-XXXXXX", line[128] = "?", longest[128];
    static const char *const lines[] = {"/run/socket", "", "/run/karani/io.karani"};
    struct stat first, later;
    assert_non_null(mkdtemp(dir));
    int lock = lock_take(dir);
    assert_int_equal(fstat(lock, &first), 0);
    assert_int_equal(first.st_size, 108); // its room is there as soon as there is a lock: a socket's path (unix(7))
    memset(longest, 'x', sizeof longest);
    longest[108] = '\0';
    assert_int_equal(lock_note(lock, longest), -ENAMETOOLONG); // no socket can be called so
    longest[107] = '\0';
    assert_int_equal(lock_note(lock, longest), 0);
    assert_int_equal(lock_read_note(dir, line, sizeof line), 0);
    assert_string_equal(line, longest);
    assert_int_equal(fstat(lock, &first), 0);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        assert_int_equal(lock_note(lock, lines[i]), 0);
        assert_int_equal(fstat(lock, &later), 0);
        assert_int_equal(later.st_size, first.st_size);
        assert_int_equal(lock_read_note(dir, line, sizeof line), 0);
        assert_string_equal(line, lines[i]);
    }
    close(lock);
    assert_int_equal(nftw(dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
}

// The runtime directory says which state directory it is, by whatever name that is asked for.
static void test_pointing(void **state) {
    (void)state;
    char dir[] = "/tmp/karani-crashes-XXXXXX", run[64], kept[64], again[80];
    assert_non_null(mkdtemp(dir));
    snprintf(run, sizeof run, "%s/run", dir);
    snprintf(kept, sizeof kept, "%s/kept", dir);
    snprintf(again, sizeof again, "%s/../kept/.", run);
    assert_int_equal(mkdir(run, 0700) | mkdir(kept, 0700), 0);
    assert_false(lock_points(run, kept));
    assert_int_equal(lock_point(run, dir), 0);
    assert_false(lock_points(run, kept));
    assert_int_equal(lock_point(run, kept), 0);
    assert_true(lock_points(run, kept));
    assert_true(lock_points(run, again));
    assert_false(lock_points(run, "/nonexistent"));
    assert_int_equal(lock_point(run, "/nonexistent"), -ENOENT);
    lock_point_no_more(run);
    assert_false(lock_points(run, kept));
    assert_int_equal(nftw(dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static void test_runtime_dir(void **state) {
    (void)state;
    setenv("RUNTIME_DIRECTORY", "/run/elsewhere", 1);
    assert_string_equal(lock_runtime_dir(), "/run/elsewhere");
    setenv("RUNTIME_DIRECTORY", "relative", 1);
    assert_string_equal(lock_runtime_dir(), "/run/karani");
    unsetenv("RUNTIME_DIRECTORY");
    assert_string_equal(lock_runtime_dir(), "/run/karani");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counting), cmocka_unit_test(test_no_directory), cmocka_unit_test(test_foreign_list),
        cmocka_unit_test(test_lock),     cmocka_unit_test(test_note),         cmocka_unit_test(test_note_in_place),
        cmocka_unit_test(test_pointing), cmocka_unit_test(test_runtime_dir),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
