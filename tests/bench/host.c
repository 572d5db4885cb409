// The daemon's own composition under its own loop, for tests/bench/run to count its wakes: lines, bus and the hour of
// the day are not real, everything else is. Standard input is the button (d: down, u: up); standard output has a line
// for every wait that ended: its cause, and whether the panel was at work before it.
#include "daemon/host/host.h"
#include "daemon/linux/loop.h"
#include "daemon/settings/paths.h"
#include "daemon/settings/setup.h"
#include "tests/support/host/host_board.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static const int64_t evening_ms = INT64_C(1772481600) * 1000; // 2026-03-02 21:00 in Berlin

static _Noreturn void give_up(const char *what) {
    fprintf(stderr, "bedside: %s\n", what);
    exit(EXIT_FAILURE);
}

// ---- the button ----

int gpio_next_edge(struct gpio_line *line, struct gpio_edge *edge) {
    struct timespec now;
    char level;
    const ssize_t got = read(line->fd, &level, 1);
    if (got == 0) { // whoever presses is gone
        raise(SIGTERM);
    }
    if (got != 1) {
        return 0;
    }
    clock_gettime(CLOCK_MONOTONIC, &now);
    *edge = (struct gpio_edge){.high = level == 'u', .monotonic_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec};
    return 1;
}

// ---- the loop and the clock: the linker's --wrap puts these in front of the real ones ----

struct moment __real_loop_now(void);
struct moment __wrap_loop_now(void);
int __real_loop_wait(struct loop *loop, int64_t deadline_boot_ms, enum loop_cause *cause);
int __wrap_loop_wait(struct loop *loop, int64_t deadline_boot_ms, enum loop_cause *cause);
bool __wrap_clock_sources_is_synchronised(const char *path);

// The hour is known, wherever this runs: the pages wait for what they wait for at a bedside.
bool __wrap_clock_sources_is_synchronised(const char *path) {
    (void)path;
    return true;
}

// It is always evening when this begins.
struct moment __wrap_loop_now(void) {
    static int64_t ahead_ms;
    struct moment now = __real_loop_now();
    if (ahead_ms == 0) {
        ahead_ms = evening_ms - now.system_ms;
    }
    now.system_ms += ahead_ms;
    return now;
}

int __wrap_loop_wait(struct loop *loop, int64_t deadline_boot_ms, enum loop_cause *cause) {
    static const char *const names[] = {
        [LOOP_DEADLINE] = "deadline", [LOOP_FILE] = "file", [LOOP_CLOCK_STEP] = "clock-step",
        [LOOP_CHANGE] = "change",     [LOOP_STOP] = "stop", [LOOP_RELOAD] = "reload",
        [LOOP_WATCHDOG] = "watchdog",
    };
    const bool at_work = board.at_work;
    const int error = __real_loop_wait(loop, deadline_boot_ms, cause);
    dprintf(STDOUT_FILENO, "%s %s\n", error < 0 ? "failed" : names[*cause], at_work ? "refresh" : "rest");
    return error;
}

static bool refuse_reload(void *context) {
    (void)context;
    return false;
}

int main(int count, char **arguments) {
    if (count != 4) {
        give_up("usage: bedside CONFIG STATE_DIR RUN_DIR");
    }
    struct paths *paths;
    struct host_load load;
    struct loop *loop;
    if (paths_find(&paths, false) < 0 || host_load(&load, arguments[1], true, paths) < 0) {
        give_up("the set-up cannot be read");
    }
    setup_speak(load.setup, paths);
    board.edges_fd = STDIN_FILENO;
    board.chip = chip_new(&(struct chip_setup){.row = load.setup->row, .now_ms = board_now_ms});
    if (board.chip == NULL || fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK) < 0 || loop_new(&loop) < 0) {
        give_up("there is no loop");
    }
    chip_set_power(board.chip, true);
    const struct host_setup setup = {
        .load = &load, .loop = loop, .state_dir = arguments[2], .run_dir = arguments[3], .reload = refuse_reload};
    const enum host_end end = host_run(&setup);
    if (chip_violation(board.chip) != NULL) {
        give_up(chip_violation_detail(board.chip));
    }
    loop_free(loop);
    chip_free(board.chip);
    host_unload(&load);
    paths_free(paths);
    return end == HOST_STOPPED ? EXIT_SUCCESS : EXIT_FAILURE;
}
