#include "tests/support/host/host_board.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

struct host_board board;

int64_t board_now_ms(void *context) {
    (void)context;
    return loop_now().boot_ms;
}

// ---- the lines ----

int gpio_open(struct gpio_line **line, const struct gpio_place *place, enum gpio_use use, const char *what,
              char *sentence, size_t sentence_size) {
    (void)use;
    (void)what;
    (void)sentence;
    (void)sentence_size;
    assert(place->offset == MAIN_LINE);
    struct gpio_line *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return -ENOMEM;
    }
    made->fd = board.edges_fd;
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

// ---- the bus ----

// Sets the timer to BUSY's next change.
static void board_follow(bool woken) {
    const int64_t at_ms = chip_next_edge_ms(board.chip);
    struct itimerspec at = {0};
    board.at_work = woken || !chip_is_asleep(board.chip);
    if (at_ms < INT64_MAX) {
        at.it_value = (struct timespec){.tv_sec = at_ms / 1000, .tv_nsec = (long)(at_ms % 1000) * 1000000 + 1};
    }
    const int error = timerfd_settime(board.spidev.busy_fd, TFD_TIMER_ABSTIME, &at, NULL);
    assert(error == 0);
    (void)error;
}

static int board_command(struct wire *wire, uint8_t command) {
    (void)wire;
    struct wire *chip = chip_wire(board.chip);
    const int error = board.lost ? -ENODEV : chip->ops->command(chip, command);
    board_follow(false);
    return error;
}

static int board_data(struct wire *wire, const uint8_t *bytes, size_t count) {
    (void)wire;
    struct wire *chip = chip_wire(board.chip);
    board.bytes += (int)count;
    if (board.lose_at_bytes > 0 && board.bytes >= board.lose_at_bytes) {
        board.lose_at_bytes = 0;
        board.lost = true;
    }
    const int error = board.lost ? -ENODEV : chip->ops->data(chip, bytes, count);
    board_follow(false);
    return error;
}

static void board_time_reset(bool asserted) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    const int64_t now_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
    const int64_t held_ns = now_ns - board.low_ns;
    board.resets += asserted;
    if (asserted) {
        board.low_ns = now_ns;
    } else if (board.low_ns > 0 && (board.shortest_low_ns == 0 || held_ns < board.shortest_low_ns)) {
        board.shortest_low_ns = held_ns;
    }
}

static int board_reset(struct wire *wire, bool asserted) {
    (void)wire;
    board_time_reset(asserted);
    struct wire *chip = chip_wire(board.chip);
    const int error = board.lost ? -ENODEV : chip->ops->reset(chip, asserted);
    board_follow(true);
    return error;
}

static int board_power(struct wire *wire, bool on) {
    (void)wire;
    struct wire *chip = chip_wire(board.chip);
    const int error = board.lost ? -ENODEV : chip->ops->power(chip, on);
    board_follow(true);
    return error;
}

static int board_busy(struct wire *wire, bool *high) {
    (void)wire;
    struct wire *chip = chip_wire(board.chip);
    return board.lost ? -ENODEV : chip->ops->busy(chip, high);
}

static const struct wire_ops board_ops = {
    .command = board_command, .data = board_data, .reset = board_reset, .power = board_power, .busy = board_busy};

int wire_spidev_open(struct wire_spidev **spidev, const struct wire_spidev_setup *setup, char *sentence,
                     size_t sentence_size) {
    assert(strcmp(setup->spidev, "/dev/spidev0.0") == 0);
    (void)setup;
    board.opened++;
    if (board.refuse_opens > 0) {
        board.refuse_opens--;
        snprintf(sentence, sentence_size, "There is no bus.");
        return -ENOENT;
    }
    board.lost = false;
    board.spidev.wire = (struct wire){.ops = &board_ops, .max_message = 4096};
    board.spidev.busy_fd = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
    *spidev = &board.spidev;
    return board.spidev.busy_fd < 0 ? -errno : 0;
}

void wire_spidev_close(struct wire_spidev *spidev) {
    assert(spidev == &board.spidev);
    board.closed++;
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
    if (read(spidev->busy_fd, &ends, sizeof ends) > 0) {
        board_follow(board.at_work);
    }
    return 0;
}
