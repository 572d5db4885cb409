// The interactive simulator in a pseudo-terminal: it shows the page, takes keys, follows the size, and gives the
// terminal back on every way out.
#include <ftw.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/support/ctl/child.h"
#include "tests/support/ctl/emulator.h"
#include "tests/support/run/limit.h"

enum { PATH_SIZE = 512, OUTPUT_SIZE = 4 * 1024 * 1024, SECONDS_MAX = 60, WAIT_S = 300 };

static const char leave_sequence[] = "\033[?25h\033[?1049l";

static char simulator[PATH_SIZE];
static char room[] = "/tmp/desk_test.XXXXXX";

struct sitting {
    pid_t child;
    int terminal;
    struct termios before;
    size_t size;
    size_t seen; // where the next search begins
    char output[OUTPUT_SIZE];
};

static struct sitting *sit_down(void) {
    struct sitting *sitting = calloc(1, sizeof *sitting);
    const struct winsize size = {.ws_col = 80, .ws_row = 24};

    sitting->child = forkpty(&sitting->terminal, NULL, NULL, &size);
    assert_true(sitting->child >= 0);
    if (sitting->child == 0) {
        setenv("TERM", "xterm", 1);
        limit_processor_s(SECONDS_MAX);
        char *arguments[] = {simulator,          (char[]){"--state"}, room, (char[]){"--out"}, room,
                             (char[]){"--zone"}, (char[]){"UTC"},     NULL};
        emulator_execv(simulator, arguments);
        _exit(127);
    }
    assert_int_equal(tcgetattr(sitting->terminal, &sitting->before), 0);
    return sitting;
}

// Reads on for so long at most; false at the end of the output.
static bool read_on(struct sitting *sitting, int timeout_ms) {
    struct pollfd fd = {.fd = sitting->terminal, .events = POLLIN};

    if (poll(&fd, 1, timeout_ms) <= 0) {
        return true;
    }
    ssize_t count = read(sitting->terminal, sitting->output + sitting->size, OUTPUT_SIZE - 1 - sitting->size);

    if (count <= 0) {
        return false;
    }
    sitting->size += (size_t)count;
    sitting->output[sitting->size] = '\0';
    return true;
}

// Waits until these words appear after those waited for before.
static void await(struct sitting *sitting, const char *words) {
    time_t until = time(NULL) + WAIT_S;

    for (;;) {
        const char *found = strstr(sitting->output + sitting->seen, words);

        if (found != NULL) {
            sitting->seen = (size_t)(found - sitting->output) + strlen(words);
            return;
        }
        if (!read_on(sitting, 100) || time(NULL) > until) {
            child_show(sitting->output);
            fail_msg("waited in vain for \"%s\"", words);
        }
    }
}

static void type(struct sitting *sitting, const char *keys) {
    assert_int_equal(write(sitting->terminal, keys, strlen(keys)), strlen(keys));
}

// Waits for the end, with this signal or by itself; the terminal must be as it was. Returns the wait status.
static int stand_up(struct sitting *sitting, int signal) {
    struct termios after;
    int status;

    while (read_on(sitting, WAIT_S * 1000)) {
    }
    assert_int_equal(waitpid(sitting->child, &status, 0), sitting->child);
    if (!WIFSIGNALED(status) || WTERMSIG(status) != signal) {
        (void)child_exit_status(status, sitting->output);
    }
    assert_int_equal(tcgetattr(sitting->terminal, &after), 0);
    assert_int_equal(after.c_lflag & (ICANON | ECHO | ISIG), sitting->before.c_lflag & (ICANON | ECHO | ISIG));
    assert_int_equal(after.c_iflag, sitting->before.c_iflag);
    assert_non_null(strstr(sitting->output + sitting->seen, leave_sequence));
    close(sitting->terminal);
    free(sitting);
    return status;
}

static void takes_keys(void **state) {
    struct sitting *sitting = sit_down();
    const struct winsize larger = {.ws_col = 132, .ws_row = 43};

    (void)state;
    await(sitting, "(panel asleep)");
    await(sitting, "f: fast time");
    type(sitting, "\033[A\033OPx"); // keys without a meaning
    type(sitting, "h");
    await(sitting, "month (panel");
    type(sitting, "b");
    await(sitting, "space: begin");
    type(sitting, "f");
    await(sitting, "fast time: 900 times");
    type(sitting, "f");
    await(sitting, "real time");
    type(sitting, "s");
    await(sitting, ".png written.");
    type(sitting, "p");
    await(sitting, "The power was gone");
    assert_int_equal(ioctl(sitting->terminal, TIOCSWINSZ, &larger), 0);
    await(sitting, "\033[43;1H"); // its last row is written to
    type(sitting, "q");
    int status = stand_up(sitting, 0);

    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

// Ends a simulator by a signal; the wait status.
static int ended_by(int signal) {
    struct sitting *sitting = sit_down();

    print_message("signal %d\n", signal);
    await(sitting, "f: fast time");
    assert_int_equal(kill(sitting->child, signal), 0);
    return stand_up(sitting, signal);
}

static void gives_the_terminal_back(void **state) {
    static const int signals[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT};

    (void)state;
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        int status = ended_by(signals[i]);

        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
}

static void gives_the_terminal_back_after_a_fault(void **state) {
    static const int signals[] = {SIGSEGV, SIGABRT, SIGBUS};

    (void)state;
    EMULATOR_SKIP("a fault sent from outside ends the emulator, not the program in it");
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        int status = ended_by(signals[i]);

        assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) != 0);
    }
}

static int make_room(void **state) {
    (void)state;
    ssize_t length = readlink("/proc/self/exe", simulator, sizeof simulator - 1);
    char *slash = length > 0 ? strrchr(simulator, '/') : NULL;

    if (slash == NULL || mkdtemp(room) == NULL) {
        return -1;
    }
    snprintf(slash, sizeof simulator - (size_t)(slash - simulator), "/../bin/karani-sim");
    return 0;
}

static int remove_one(const char *path, const struct stat *status, int type_flag, struct FTW *ftw) {
    (void)status;
    (void)type_flag;
    (void)ftw;
    return remove(path);
}

static int leave_room(void **state) {
    (void)state;
    return nftw(room, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(takes_keys), cmocka_unit_test(gives_the_terminal_back),
                                       cmocka_unit_test(gives_the_terminal_back_after_a_fault)};

    return cmocka_run_group_tests(tests, make_room, leave_room);
}
