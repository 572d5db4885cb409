// The daemon's own composition under its own loop, for tests/bench/run to count its wakes: lines, bus and the hour of
// the day are not real, everything else is. Standard input is the button (d: down, u: up); standard output has a line
// for every wait that ended: its cause, and whether the panel was at work before it.
#include "daemon/bedside.h"
#include "daemon/loop.h"
#include "daemon/places.h"
#include "daemon/setup.h"
#include "display/chip/chip.h"
#include "display/gpio.h"
#include "display/panels.h"
#include "display/wire_spidev.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static const int64_t evening_ms = INT64_C(1772481600) * 1000; // 2026-03-02 21:00 in Berlin

static _Noreturn void give_up(const char *what) {
    fprintf(stderr, "bedside: %s\n", what);
    exit(EXIT_FAILURE);
}

// ---- the lines ----

struct gpio_line {
    int fd;
};

int gpio_open(struct gpio_line **line, const struct gpio_place *place, enum gpio_use use, const char *what, char *error,
              size_t error_size) {
    (void)place;
    (void)use;
    (void)what;
    (void)error;
    (void)error_size;
    struct gpio_line *made = calloc(1, sizeof *made);
    if (made == NULL)
        return -ENOMEM;
    made->fd = STDIN_FILENO;
    *line = made;
    return 0;
}

void gpio_close(struct gpio_line *line) {
    free(line);
}

int gpio_set(struct gpio_line *line, bool high) {
    (void)line;
    (void)high;
    return 0;
}

int gpio_get(struct gpio_line *line, bool *high) {
    (void)line;
    *high = true;
    return 0;
}

int gpio_fd(const struct gpio_line *line) {
    return line->fd;
}

int gpio_next_edge(struct gpio_line *line, struct gpio_edge *edge) {
    struct timespec now;
    char level;
    const ssize_t got = read(line->fd, &level, 1);
    if (got == 0) // whoever presses is gone
        raise(SIGTERM);
    if (got != 1)
        return 0;
    clock_gettime(CLOCK_MONOTONIC, &now);
    *edge = (struct gpio_edge){.high = level == 'u', .monotonic_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec};
    return 1;
}

// ---- the bus ----

struct wire_spidev {
    struct wire wire;
    int busy_fd; // a timer that ends when BUSY changes
};

static struct {
    struct chip *chip;
    struct wire_spidev spidev;
    bool at_work; // from the first move of a line to deep sleep
} bus;

static int64_t now_ms(void *context) {
    (void)context;
    return loop_now().boot_ms;
}

static void follow(bool woken) {
    const int64_t at_ms = chip_next_edge_ms(bus.chip);
    struct itimerspec at = {0};
    bus.at_work = woken || !chip_is_asleep(bus.chip);
    if (at_ms < INT64_MAX)
        at.it_value = (struct timespec){.tv_sec = at_ms / 1000, .tv_nsec = at_ms % 1000 * 1000000 + 1};
    timerfd_settime(bus.spidev.busy_fd, TFD_TIMER_ABSTIME, &at, NULL);
}

static int send_command(struct wire *wire, uint8_t command) {
    (void)wire;
    struct wire *chip = chip_wire(bus.chip);
    const int result = chip->ops->command(chip, command);
    follow(false);
    return result;
}

static int send_data(struct wire *wire, const uint8_t *bytes, size_t count) {
    (void)wire;
    struct wire *chip = chip_wire(bus.chip);
    const int result = chip->ops->data(chip, bytes, count);
    follow(false);
    return result;
}

static int set_reset(struct wire *wire, bool asserted) {
    (void)wire;
    struct wire *chip = chip_wire(bus.chip);
    const int result = chip->ops->reset(chip, asserted);
    follow(true);
    return result;
}

static int set_power(struct wire *wire, bool on) {
    (void)wire;
    struct wire *chip = chip_wire(bus.chip);
    const int result = chip->ops->power(chip, on);
    follow(true);
    return result;
}

static int get_busy(struct wire *wire, bool *high) {
    (void)wire;
    struct wire *chip = chip_wire(bus.chip);
    return chip->ops->busy(chip, high);
}

static const struct wire_ops ops = {
    .command = send_command, .data = send_data, .reset = set_reset, .power = set_power, .busy = get_busy};

int wire_spidev_open(struct wire_spidev **spidev, const struct wire_spidev_setup *setup, char *error,
                     size_t error_size) {
    (void)setup;
    (void)error;
    (void)error_size;
    bus.spidev.wire = (struct wire){.ops = &ops, .max_message = 4096};
    bus.spidev.busy_fd = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
    *spidev = &bus.spidev;
    return bus.spidev.busy_fd < 0 ? -errno : 0;
}

void wire_spidev_close(struct wire_spidev *spidev) {
    close(spidev->busy_fd);
}

struct wire *wire_spidev_wire(struct wire_spidev *spidev) {
    return &spidev->wire;
}

int wire_spidev_busy_fd(const struct wire_spidev *spidev) {
    return spidev->busy_fd;
}

int wire_spidev_drain_busy(struct wire_spidev *spidev) {
    uint64_t ends;
    if (read(spidev->busy_fd, &ends, sizeof ends) > 0)
        follow(bus.at_work);
    return 0;
}

// ---- the loop and the clock: the linker's --wrap puts these in front of the real ones ----

struct moment __real_loop_now(void);
struct moment __wrap_loop_now(void);
int __real_loop_wait(struct loop *loop, int64_t deadline_boot_ms, enum loop_cause *cause);
int __wrap_loop_wait(struct loop *loop, int64_t deadline_boot_ms, enum loop_cause *cause);
bool __wrap_timekeeping_is_synchronised(const char *path);

// The hour is known, wherever this runs: the pages wait for what they wait for at a bedside.
bool __wrap_timekeeping_is_synchronised(const char *path) {
    (void)path;
    return true;
}

// It is always evening when this begins.
struct moment __wrap_loop_now(void) {
    static int64_t ahead_ms;
    struct moment now = __real_loop_now();
    if (ahead_ms == 0)
        ahead_ms = evening_ms - now.system_ms;
    now.system_ms += ahead_ms;
    return now;
}

int __wrap_loop_wait(struct loop *loop, int64_t deadline_boot_ms, enum loop_cause *cause) {
    static const char *const names[] = {
        [LOOP_DEADLINE] = "deadline", [LOOP_FILE] = "file", [LOOP_CLOCK_STEP] = "clock-step",
        [LOOP_CHANGE] = "change",     [LOOP_STOP] = "stop", [LOOP_RELOAD] = "reload",
        [LOOP_WATCHDOG] = "watchdog",
    };
    const bool at_work = bus.at_work;
    const int result = __real_loop_wait(loop, deadline_boot_ms, cause);
    dprintf(STDOUT_FILENO, "%s %s\n", result < 0 ? "failed" : names[*cause], at_work ? "refresh" : "rest");
    return result;
}

static bool refuse_reload(void *context) {
    (void)context;
    return false;
}

int main(int count, char **arguments) {
    if (count != 4)
        give_up("usage: bedside CONFIG STATE_DIR RUN_DIR");
    struct places *places;
    struct bedside_load load;
    struct loop *loop;
    if (places_find(&places, false) < 0 || bedside_load(&load, arguments[1], true, places) < 0)
        give_up("the set-up cannot be read");
    setup_speak(load.setup, places);
    bus.chip = chip_new(&(struct chip_setup){.row = load.setup->row, .now_ms = now_ms});
    if (bus.chip == NULL || fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK) < 0 || loop_new(&loop) < 0)
        give_up("there is no loop");
    chip_set_power(bus.chip, true);
    const struct bedside_setup setup = {
        .load = &load, .loop = loop, .state_dir = arguments[2], .run_dir = arguments[3], .reload = refuse_reload};
    const enum bedside_end end = bedside_run(&setup);
    if (chip_violation(bus.chip) != NULL)
        give_up(chip_violation_detail(bus.chip));
    loop_free(loop);
    chip_free(bus.chip);
    bedside_unload(&load);
    places_free(places);
    return end == BEDSIDE_STOPPED ? EXIT_SUCCESS : EXIT_FAILURE;
}
