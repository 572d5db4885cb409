// The board under the whole bedside, for programs that run it in real time: display/wire/gpio.h by a file that the
// edges of `main` come from, display/wire/spidev.h by an emulated chip whose BUSY is a timer. For one file of a
// program.
#ifndef KARANI_TESTS_SUPPORT_HOST_HOST_BOARD_H
#define KARANI_TESTS_SUPPORT_HOST_HOST_BOARD_H

#include "daemon/linux/loop.h"
#include "display/chip/chip.h"
#include "display/wire/gpio.h"
#include "display/wire/spidev.h"

#include <stdbool.h>
#include <stdint.h>

enum { MAIN_LINE = 21 }; // of the default board

struct wire_spidev {
    struct wire wire;
    int busy_fd; // a timer that ends when BUSY changes
};

struct host_board {
    int edges_fd; // where edges come from: gpio_next_edge, which each program has of its own
    struct chip *chip;
    struct wire_spidev spidev;
    bool at_work; // from the first move of a line to deep sleep
    int opened, closed;
    int refuse_opens;  // so many times there is nothing to be opened
    int lose_at_bytes; // so many plane bytes later the bus is gone, once; 0: never
    int bytes;
    bool lost;
    int64_t low_ns;          // when RES# was pulled low last
    int64_t shortest_low_ns; // 0: never
    int resets;
};
extern struct host_board board;

int64_t board_now_ms(void *context);

struct gpio_line {
    int fd;
};

#endif
