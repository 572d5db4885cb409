// Tests of the loop: deadlines, files, signals, watched paths, the watchdog's rhythm and what systemd is told.

// cmocka.h wants these four before it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/linux/loop.h"

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FAR_MS = 20000 }; // later than any test lasts: a wait that ends so has failed

static char dir[] = "/tmp/karani-loop-XXXXXX";

static const char *in_dir(const char *name) {
    static char path[LOOP_PATH_SIZE];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return path;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *at) {
    (void)status;
    (void)kind;
    (void)at;
    return remove(path);
}

static int make_dir(void **state) {
    (void)state;
    return mkdtemp(dir) != NULL ? 0 : -1;
}

static int remove_dir(void **state) {
    (void)state;
    return nftw(dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static struct loop *open_loop(void) {
    struct loop *loop;
    assert_int_equal(loop_new(&loop), 0);
    return loop;
}

static enum loop_cause wait_in(struct loop *loop, int64_t ms) {
    enum loop_cause cause;
    assert_int_equal(loop_wait(loop, loop_now().boot_ms + ms, &cause), 0);
    return cause;
}

// A deadline never ends before its millisecond, and soon after; a past one at once.
static void test_deadlines(void **state) {
    (void)state;
    static const int64_t waits_ms[] = {0, 1, 7, 50, 300, -5, -1000000000};
    struct loop *loop = open_loop();
    for (size_t i = 0; i < sizeof waits_ms / sizeof *waits_ms; i++) {
        enum loop_cause cause;
        int64_t begun_ms = loop_now().boot_ms;
        int64_t due_ms = begun_ms + waits_ms[i];
        assert_int_equal(loop_wait(loop, due_ms, &cause), 0);
        int64_t ended_ms = loop_now().boot_ms;
        assert_int_equal(cause, LOOP_DEADLINE);
        assert_true(ended_ms >= due_ms);
        assert_true(ended_ms < (due_ms > begun_ms ? due_ms : begun_ms) + 250); // sd-event's usual slack is 250 ms
    }
    loop_free(loop);
}

// sd-event's own slack of 250 ms would make every wait late by up to that; a busy machine only some.
static void test_exactness(void **state) {
    (void)state;
    enum { WAITS = 15, LATE_MS = 40 };
    struct loop *loop = open_loop();
    int late = 0;
    for (int i = 0; i < WAITS; i++) {
        int64_t due_ms = loop_now().boot_ms + 5;
        assert_int_equal(wait_in(loop, 5), LOOP_DEADLINE);
        late += loop_now().boot_ms - due_ms > LATE_MS;
    }
    assert_true(late < WAITS / 2);
    loop_free(loop);
}

static void test_files(void **state) {
    (void)state;
    struct loop *loop = open_loop();
    int ends[2];
    char byte;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(loop_add(loop, ends[0]), 0);
    assert_int_equal(wait_in(loop, 20), LOOP_DEADLINE);
    assert_int_equal(write(ends[1], "x", 1), 1);
    assert_int_equal(wait_in(loop, FAR_MS), LOOP_FILE);
    assert_int_equal(wait_in(loop, FAR_MS), LOOP_FILE); // until it is read
    assert_int_equal(read(ends[0], &byte, 1), 1);
    assert_int_equal(wait_in(loop, 20), LOOP_DEADLINE);
    close(ends[1]);
    assert_int_equal(wait_in(loop, FAR_MS), LOOP_FILE); // hung up
    loop_remove(loop, ends[0]);
    loop_remove(loop, ends[0]);
    assert_int_equal(wait_in(loop, 20), LOOP_DEADLINE);
    close(ends[0]);
    loop_free(loop);
}

static void test_full(void **state) {
    (void)state;
    struct loop *loop = open_loop();
    int ends[LOOP_FILES_MAX + 1][2];
    for (int i = 0; i <= LOOP_FILES_MAX; i++) {
        assert_int_equal(pipe(ends[i]), 0);
        assert_int_equal(loop_add(loop, ends[i][0]), i < LOOP_FILES_MAX ? 0 : -ENOSPC);
    }
    loop_remove(loop, ends[3][0]);
    assert_int_equal(loop_add(loop, ends[LOOP_FILES_MAX][0]), 0);
    loop_free(loop);
    for (int i = 0; i <= LOOP_FILES_MAX; i++) {
        close(ends[i][0]);
        close(ends[i][1]);
    }
}

// In a process of its own: signals that come while it waits, and before.
static void test_signals(void **state) {
    (void)state;
    static const struct {
        int number;
        enum loop_cause cause;
    } rows[] = {{SIGTERM, LOOP_STOP}, {SIGINT, LOOP_STOP}, {SIGHUP, LOOP_RELOAD}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int ready[2];
        char byte;
        assert_int_equal(pipe(ready), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            struct loop *loop = open_loop();
            bool well = write(ready[1], "x", 1) == 1 && wait_in(loop, FAR_MS) == rows[i].cause;
            raise(rows[i].number);
            well = well && wait_in(loop, FAR_MS) == rows[i].cause && wait_in(loop, 10) == LOOP_DEADLINE;
            loop_free(loop);
            _exit(well ? 0 : 1);
        }
        assert_int_equal(read(ready[0], &byte, 1), 1);
        usleep(20000);
        kill(child, rows[i].number);
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
        close(ready[0]);
        close(ready[1]);
    }
}

static void touch(const char *name) {
    int fd = open(in_dir(name), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    close(fd);
}

// As timesyncd's mark: neither it nor its directory is there when the watch begins; both come, go and come again.
static void test_watched_path(void **state) {
    (void)state;
    struct loop *loop = open_loop();
    assert_int_equal(loop_watch(loop, in_dir("run/timesync/synchronized")), 0);
    assert_int_equal(loop_watch(loop, in_dir("run/timesync/synchronized")), 0); // asked for twice
    touch("other");
    assert_int_equal(wait_in(loop, 20), LOOP_DEADLINE);
    for (int round = 0; round < 2; round++) {
        assert_int_equal(mkdir(in_dir("run"), 0700), 0);
        assert_int_equal(mkdir(in_dir("run/timesync"), 0700), 0);
        assert_int_equal(wait_in(loop, FAR_MS), LOOP_CHANGE);
        while (wait_in(loop, 20) == LOOP_CHANGE) {
            continue;
        }
        touch("run/timesync/other");
        assert_int_equal(wait_in(loop, 20), LOOP_DEADLINE);
        touch("run/timesync/synchronized");
        assert_int_equal(wait_in(loop, FAR_MS), LOOP_CHANGE);
        while (wait_in(loop, 20) == LOOP_CHANGE) {
            continue;
        }
        assert_int_equal(nftw(in_dir("run"), remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
        assert_int_equal(wait_in(loop, FAR_MS), LOOP_CHANGE);
        while (wait_in(loop, 20) == LOOP_CHANGE) {
            continue;
        }
    }
    loop_free(loop);
}

// As /etc/localtime: a link that is replaced by renaming another over it.
static void test_replaced_link(void **state) {
    (void)state;
    struct loop *loop = open_loop();
    char other[LOOP_PATH_SIZE];
    assert_int_equal(symlink("/usr/share/zoneinfo/Europe/Berlin", in_dir("localtime")), 0);
    assert_int_equal(loop_watch(loop, in_dir("localtime")), 0);
    assert_int_equal(wait_in(loop, 20), LOOP_DEADLINE);
    snprintf(other, sizeof other, "%s", in_dir(".localtime-new"));
    assert_int_equal(symlink("/usr/share/zoneinfo/Asia/Tokyo", other), 0);
    assert_int_equal(rename(other, in_dir("localtime")), 0);
    assert_int_equal(wait_in(loop, FAR_MS), LOOP_CHANGE);
    loop_free(loop);
}

static void test_bad_paths(void **state) {
    (void)state;
    struct loop *loop = open_loop();
    char deep[LOOP_PATH_SIZE + 1];
    memset(deep, '/', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    assert_int_equal(loop_watch(loop, "relative"), -EINVAL);
    assert_int_equal(loop_watch(loop, "/"), -EINVAL);
    assert_int_equal(loop_watch(loop, deep), -EINVAL);
    for (int i = 0; i <= LOOP_WATCHES_MAX; i++) {
        char name[16];
        snprintf(name, sizeof name, "path%d", i);
        assert_int_equal(loop_watch(loop, in_dir(name)), i < LOOP_WATCHES_MAX ? 0 : -ENOSPC);
    }
    loop_free(loop);
}

// ---- systemd's side ----

static int open_notify(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    assert_true(fd >= 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%.100s", in_dir("notify"));
    unlink(address.sun_path);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    setenv("NOTIFY_SOCKET", address.sun_path, 1);
    return fd;
}

static void assert_told(int fd, const char *expected) {
    char text[512];
    ssize_t length = recv(fd, text, sizeof text - 1, 0);
    if (expected == NULL) {
        assert_true(length < 0);
        return;
    }
    assert_true(length > 0);
    text[length] = '\0';
    assert_string_equal(text, expected);
}

static void test_telling(void **state) {
    (void)state;
    int fd = open_notify();
    loop_tell_ready();
    loop_tell_status("Shows invite.");
    loop_tell_alive();
    loop_tell_stopping();
    assert_told(fd, "READY=1");
    assert_told(fd, "STATUS=Shows invite.");
    assert_told(fd, "WATCHDOG=1");
    assert_told(fd, "STOPPING=1");
    loop_tell_reloading();
    char text[128];
    ssize_t length = recv(fd, text, sizeof text - 1, 0);
    assert_true(length > 0);
    text[length] = '\0';
    assert_true(strncmp(text, "RELOADING=1\nMONOTONIC_USEC=", 27) == 0);
    unsetenv("NOTIFY_SOCKET");
    loop_tell_ready(); // to nobody
    assert_told(fd, NULL);
    close(fd);
}

// The first sign of life is due at once; then three fit into the watchdog's time, so that one may be lost. Without a
// watchdog there is none.
static void test_watchdog(void **state) {
    (void)state;
    enum { LIMIT_MS = 3000 };
    setenv("WATCHDOG_USEC", "3000000", 1);
    struct loop *loop = open_loop();
    int64_t begun_ms = loop_now().boot_ms;
    assert_int_equal(wait_in(loop, FAR_MS), LOOP_WATCHDOG);
    assert_true(loop_now().boot_ms - begun_ms < LIMIT_MS / 3);
    for (int i = 1; i <= 2; i++) {
        assert_int_equal(wait_in(loop, FAR_MS), LOOP_WATCHDOG);
        int64_t took_ms = loop_now().boot_ms - begun_ms;
        assert_true(took_ms >= i * LIMIT_MS / 3 - 10 && took_ms < LIMIT_MS);
    }
    loop_free(loop);
    char other[32];
    snprintf(other, sizeof other, "%d", getpid() + 1);
    setenv("WATCHDOG_PID", other, 1); // meant for another process
    loop = open_loop();
    assert_int_equal(wait_in(loop, 1500), LOOP_DEADLINE);
    loop_free(loop);
    unsetenv("WATCHDOG_PID");
    unsetenv("WATCHDOG_USEC");
}

static void test_boot(void **state) {
    (void)state;
    char id[UUID_SIZE], text[64] = "";
    assert_int_equal(loop_boot_id(id), 0);
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
    assert_non_null(file);
    assert_non_null(fgets(text, sizeof text, file));
    fclose(file);
    text[strcspn(text, "\n")] = '\0';
    assert_string_equal(id, text);
    assert_true(loop_boot_minus_monotonic_ns() >= 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_deadlines),     cmocka_unit_test(test_exactness), cmocka_unit_test(test_files),
        cmocka_unit_test(test_full),          cmocka_unit_test(test_signals),   cmocka_unit_test(test_watched_path),
        cmocka_unit_test(test_replaced_link), cmocka_unit_test(test_bad_paths), cmocka_unit_test(test_telling),
        cmocka_unit_test(test_watchdog),      cmocka_unit_test(test_boot),
    };
    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
