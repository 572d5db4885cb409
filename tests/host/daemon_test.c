// Tests of the built karanid as a service, on a board whose hardware is nowhere: what it tells systemd, its files, its
// signals, its lock, its safe mode; and of karani-panel-off after it.

// cmocka.h wants these four before it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/diary/diary.h"
#include "tests/support/ctl/child.h"
#include "tests/support/ctl/emulator.h"
#include "tests/support/run/limit.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LIMIT_S = 30, WAIT_S = 300 };

static char tree[] = "/tmp/karani-daemon-XXXXXX";
static int notify = -1;

static const char board[] = "[Board]\nTitle=None\nPanel=waveshare-2.13-v4\n[Wire]\nspidev=/dev/karani-has-no-such-bus\n"
                            "chip=karani-has-no-such-chip\ndc=25\nreset=17\nbusy=24\n[Buttons]\nmain=21\n";

static const char *in_tree(const char *name) {
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", tree, name);
    return path;
}

static void write_file(const char *name, const char *text) {
    FILE *file = fopen(in_tree(name), "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

// Good until the next is asked for; empty if there is no such file.
static const char *text_of(const char *name) {
    static char text[65536];
    FILE *file = fopen(in_tree(name), "re");
    size_t length = file != NULL ? fread(text, 1, sizeof text - 1, file) : 0;
    text[length] = '\0';
    if (file != NULL) {
        fclose(file);
    }
    return text;
}

static bool file_says(const char *name, const char *part) {
    return strstr(text_of(name), part) != NULL;
}

static void assert_file_says(const char *name, const char *part) {
    for (int look = 0; look < WAIT_S * 20; look++, usleep(50000)) {
        if (file_says(name, part)) {
            return;
        }
    }
    child_show(text_of("log"));
    fail_msg("%s never says \"%s\"", name, part);
}

static bool is_there(const char *name) {
    return access(in_tree(name), F_OK) == 0;
}

static void shell(const char *format, ...) {
    char command[4 * PATH_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    assert_int_equal(system(command), 0);
}

static int make_tree(void **state) {
    (void)state;
    char build[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", build, sizeof build - 1);
    if (length <= 0 || mkdtemp(tree) == NULL) {
        return -1;
    }
    build[length] = '\0';
    for (int up = 0; up < 2; up++) { // build/VARIANT/tests/daemon_test
        *strrchr(build, '/') = '\0';
    }
    shell("mkdir -p '%s/bin' '%s/share/karani/boards' '%s/run'", tree, tree, tree);
    shell("cp '%s/bin/karanid' '%s/bin/karani-panel-off' '%s/bin/'", build, build, tree);
    shell("ln -s '%s/share/locale' '%s/share/locale'", build, tree);
    shell("ln -s '%s/share/karani/routines' '%s/share/karani/pictures' '%s/share/karani/'", build, build, tree);
    write_file("share/karani/boards/none.board", board);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s/notify", tree);
    notify = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    return bind(notify, (const struct sockaddr *)&address, sizeof address);
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *at) {
    (void)status;
    (void)kind;
    (void)at;
    return remove(path);
}

static int remove_tree(void **state) {
    (void)state;
    close(notify);
    return nftw(tree, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

// ---- running it ----

// Standard error is added to TREE/log.
static pid_t start(const char *program) {
    char config[256], state_dir[256], path[256];
    snprintf(config, sizeof config, "%s/k.conf", tree);
    snprintf(state_dir, sizeof state_dir, "%s/state", tree);
    snprintf(path, sizeof path, "%s/bin/%s", tree, program);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child > 0) {
        return child;
    }
    setenv("NOTIFY_SOCKET", in_tree("notify"), 1);
    setenv("RUNTIME_DIRECTORY", in_tree("run"), 1);
    setenv("WATCHDOG_USEC", "7200000000", 1); // a third of it is later than any test lasts: the first comes at once
    int log = open(in_tree("log"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    dup2(log, STDERR_FILENO);
    limit_processor_s(LIMIT_S);
    char *arguments[] = {path, (char[]){"--config"}, config, (char[]){"--state"}, state_dir, NULL};
    if (strcmp(program, "karanid") != 0) {
        arguments[3] = NULL;
    }
    emulator_execv(path, arguments);
    _exit(127);
}

static int end_of(pid_t child) {
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) { // by this test
        return -SIGKILL;
    }
    return child_exit_status(status, text_of("log"));
}

// Takes what is told to systemd until it is this.
static void assert_told(const char *part) {
    time_t until = time(NULL) + WAIT_S;
    while (time(NULL) < until) {
        struct pollfd wait = {.fd = notify, .events = POLLIN};
        char text[1024];
        if (poll(&wait, 1, 1000) != 1) {
            continue;
        }
        ssize_t length = recv(notify, text, sizeof text - 1, 0);
        text[length > 0 ? length : 0] = '\0';
        if (strstr(text, part) != NULL) {
            return;
        }
    }
    fail_msg("systemd was never told \"%s\"", part);
}

static void forget_told(void) {
    char text[1024];
    while (recv(notify, text, sizeof text, MSG_DONTWAIT) > 0) {
        continue;
    }
}

static int prepare(void **state) {
    (void)state;
    forget_told();
    shell("rm -rf '%s/run' '%s/state' '%s/log' && mkdir '%s/run'", tree, tree, tree, tree);
    write_file("k.conf", "[device]\nboard=none\n");
    return 0;
}

// ---- the tests ----

static void test_service(void **state) {
    (void)state;
    pid_t daemon = start("karanid");
    assert_told("READY=1");
    assert_told("WATCHDOG=1");
    // On a file system in memory nothing is called kept, and that is said first.
    bool lasting = diary_place(tree) == DIARY_PLACE_LASTING;
    assert_int_equal(file_says("run/status.json", "\"trouble\" : \"/dev/karani-has-no-such-bus is not there; "
                                                  "switch SPI on"),
                     lasting);
    assert_int_equal(file_says("run/status.json", "\"kept\" : true"), lasting);
    assert_true(file_says("log", "There is no GPIO chip labelled karani-has-no-such-chip"));
    assert_true(is_there("state/diary.db"));
    // A second one is refused by the lock, and takes nothing away.
    assert_int_equal(end_of(start("karanid")), 1);
    assert_true(file_says("log", "Another program drives the panel"));
    assert_true(is_there("run/status.json"));
    kill(daemon, SIGTERM);
    assert_told("STOPPING=1");
    assert_int_equal(end_of(daemon), 0);
    assert_false(is_there("run/status.json"));
    assert_false(is_there("run/running"));
}

static void test_reload(void **state) {
    (void)state;
    pid_t daemon = start("karanid");
    assert_told("READY=1");
    assert_file_says("run/status.json", "\"page\"");
    write_file("k.conf", "[device]\nboard=none\n[practice]\nminutes=99\n");
    kill(daemon, SIGHUP);
    assert_file_says("log", "k.conf:4: [practice] minutes: \"99\" is not understood");
    assert_file_says("log", "those from before stay in force");
    assert_false(file_says("log", "The new settings are in force"));
    write_file("k.conf", "[device]\nboard=none\nlanguage=de\n");
    forget_told();
    kill(daemon, SIGHUP);
    assert_told("RELOADING=1");
    assert_told("READY=1");
    assert_file_says("log", "The new settings are in force");
    kill(daemon, SIGTERM);
    assert_int_equal(end_of(daemon), 0);
}

// Mistakes at the start: the defaults hold in their place, and status and log say so.
static void test_mistakes(void **state) {
    (void)state;
    write_file("k.conf", "[device]\nboard=none\n[practice]\nminutes=99\n");
    pid_t daemon = start("karanid");
    assert_told("READY=1");
    assert_true(file_says("log", "k.conf:4: [practice] minutes: \"99\" is not understood"));
    kill(daemon, SIGTERM);
    assert_int_equal(end_of(daemon), 0);
}

// Three crashes: the fourth start touches nothing but the runtime directory.
static void test_safe_mode(void **state) {
    (void)state;
    for (int crash = 0; crash < 3; crash++) {
        forget_told();
        pid_t daemon = start("karanid");
        assert_told("READY=1");
        kill(daemon, SIGKILL);
        assert_int_equal(end_of(daemon), -SIGKILL);
        assert_true(is_there("run/status.json"));
    }
    // After each of them systemd runs the helper: without a panel it complains, and takes the dead daemon's word away.
    assert_int_equal(end_of(start("karani-panel-off")), 1);
    assert_true(file_says("log", "karani-panel-off: /dev/karani-has-no-such-bus is not there"));
    assert_false(is_there("run/status.json"));
    shell("rm -rf '%s/state'", tree);
    forget_told();
    pid_t daemon = start("karanid");
    assert_told("STATUS=Karani has crashed three times in ten minutes");
    assert_told("READY=1");
    assert_told("WATCHDOG=1");
    assert_true(file_says("run/status.json", "\"page\" : \"trouble\""));
    assert_false(is_there("state"));
    kill(daemon, SIGTERM);
    assert_int_equal(end_of(daemon), 0);
    assert_false(is_there("run/status.json"));
}

// Without a runtime directory nobody sees the status; the evening goes on.
static void test_no_runtime_dir(void **state) {
    (void)state;
    shell("rmdir '%s/run' && touch '%s/run'", tree, tree);
    pid_t daemon = start("karanid");
    assert_told("READY=1");
    assert_true(file_says("log", "Others will not see the status."));
    assert_true(is_there("state/diary.db"));
    kill(daemon, SIGTERM);
    assert_int_equal(end_of(daemon), 0);
    shell("rm '%s/run'", tree);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_service, prepare),        cmocka_unit_test_setup(test_reload, prepare),
        cmocka_unit_test_setup(test_mistakes, prepare),       cmocka_unit_test_setup(test_safe_mode, prepare),
        cmocka_unit_test_setup(test_no_runtime_dir, prepare),
    };
    return cmocka_run_group_tests(tests, make_tree, remove_tree);
}
