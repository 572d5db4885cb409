// The wire at the bedside: spidev with the kernel's chip select, and GPIO lines for D/C, RES#, BUSY and, on some
// boards, the panel's supply. Owner of <linux/spi/spidev.h>.
#ifndef KARANI_DISPLAY_WIRE_SPIDEV_H
#define KARANI_DISPLAY_WIRE_SPIDEV_H

#include "display/wire/gpio.h"
#include "display/wire/wire.h"

struct wire_spidev_setup {
    const char *spidev; // "/dev/spidev0.0"
    uint32_t spi_hz;    // the clock to ask for
    struct gpio_place dc, reset, busy;
    bool has_power;
    struct gpio_place power; // high = on
};

struct wire_spidev;

// Takes the device and its lines; RES# is released and the supply switched on. 0, or -errno and one plain sentence.
int wire_spidev_open(struct wire_spidev **spidev, const struct wire_spidev_setup *setup, char *error,
                     size_t error_size);

// Gives everything back; the panel is left as it is. Accepts NULL.
void wire_spidev_close(struct wire_spidev *spidev);

struct wire *wire_spidev_wire(struct wire_spidev *spidev);

// Becomes readable at every edge of BUSY.
int wire_spidev_busy_fd(const struct wire_spidev *spidev);

// Takes the edges that have been told; the level is asked through the wire. 0 or -errno.
int wire_spidev_drain_busy(struct wire_spidev *spidev);

// How many bytes a message may have: spidev's `bufsiz` as the file says, 4096 where it says nothing; at most 16 KiB.
size_t wire_spidev_message_bytes(const char *bufsiz_file);

#endif
