// Lines of the kernel's GPIO character device: outputs, inputs, edges with kernel timestamps. Owner of libgpiod,
// 1.6 (gpio_v1.c) or 2 (gpio_v2.c) behind this one door.
#ifndef KARANI_DISPLAY_WIRE_GPIO_H
#define KARANI_DISPLAY_WIRE_GPIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Which line. The chip is found by its label: numbers of gpiochips change from kernel to kernel. Without a label it
// is the Raspberry Pi's own, whichever model it is.
struct gpio_place {
    const char *chip_label; // NULL: pinctrl-rp1, pinctrl-bcm2711, pinctrl-bcm2835
    const char *name;       // the line's name, or NULL
    int offset;             // used without a name
};

enum gpio_use {
    GPIO_OUTPUT_LOW, // driven, from the first moment on
    GPIO_OUTPUT_HIGH,
    GPIO_EDGES,         // an input whose edges are told; no bias
    GPIO_EDGES_PULL_UP, // the same with the chip's own resistor, for a button to ground
    GPIO_EDGES_PULL_DOWN,
};

struct gpio_edge {
    bool high;
    int64_t monotonic_ns; // the kernel's timestamp, CLOCK_MONOTONIC
};

struct gpio_line;

// Takes a line for this process; `what` names it to others who want it ("karani dc"). 0, or -ENODEV (no such chip),
// -ENOENT (no such line), -EBUSY (somebody has it), another -errno; then `sentence` holds one plain sentence.
int gpio_open(struct gpio_line **line, const struct gpio_place *place, enum gpio_use use, const char *what, char *error,
              size_t error_size);

// Gives it back. Whether an output stays driven then is the kernel's affair: leave it where it may stay.
void gpio_close(struct gpio_line *line);

int gpio_set(struct gpio_line *line, bool high);
int gpio_get(struct gpio_line *line, bool *high);

// Becomes readable when there is an edge to be read.
int gpio_fd(const struct gpio_line *line);

// The next edge, oldest first: 1 with *edge, 0 when there is none, or -errno. Never blocks.
int gpio_next_edge(struct gpio_line *line, struct gpio_edge *edge);

#endif
