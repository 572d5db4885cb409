// The wire at the bedside: spidev and GPIO lines.
#include "display/wire/spidev.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/spi/spidev.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
    BUFSIZ_DEFAULT = 4096, // spidev's own (drivers/spi/spidev.c)
    // spidev counts a transfer as long as its buffer, which is as long as the architecture aligns DMA (at most so
    // much).
    BUFSIZ_GRAIN = 128,
    TRANSFER_BYTES = 4096,
    TRANSFERS_MAX = 4, // 16 KiB a message: 33 ms at 4 MHz, the longest that the loop is away
    BITS_PER_WORD = 8,
};

static const char bufsiz_path[] = "/sys/module/spidev/parameters/bufsiz";

struct wire_spidev {
    struct wire wire; // first: the ops get this one
    int fd;
    uint32_t spi_hz;
    struct gpio_line *dc, *reset, *busy, *power; // power: NULL when the board has none
};

static struct wire_spidev *of_wire(struct wire *wire) {
    return (struct wire_spidev *)((char *)wire - offsetof(struct wire_spidev, wire));
}

// One message, chip select held low: its transfers are small enough for every driver's DMA. What comes back is not
// asked for: a receive buffer would be written over.
static int send_message(struct wire_spidev *spidev, const uint8_t *bytes, size_t count) {
    struct spi_ioc_transfer transfers[TRANSFERS_MAX];
    unsigned int parts = 0;
    assert(count > 0);
    memset(transfers, 0, sizeof transfers);
    for (size_t sent = 0; sent < count; parts++) {
        const size_t part = count - sent < TRANSFER_BYTES ? count - sent : TRANSFER_BYTES;
        assert(parts < TRANSFERS_MAX);
        transfers[parts].tx_buf = (uintptr_t)(bytes + sent);
        transfers[parts].len = (uint32_t)part;
        transfers[parts].speed_hz = spidev->spi_hz;
        transfers[parts].bits_per_word = BITS_PER_WORD;
        sent += part;
    }
    int sent = ioctl(spidev->fd, SPI_IOC_MESSAGE(parts), transfers);
    if (sent < 0) {
        return -errno;
    }
    return (size_t)sent == count ? 0 : -EIO;
}

static int send_command(struct wire *wire, uint8_t command) {
    struct wire_spidev *spidev = of_wire(wire);
    int error = gpio_set(spidev->dc, false);
    return error < 0 ? error : send_message(spidev, &command, 1);
}

static int send_data(struct wire *wire, const uint8_t *bytes, size_t count) {
    struct wire_spidev *spidev = of_wire(wire);
    int error = gpio_set(spidev->dc, true);
    while (error == 0 && count > 0) {
        size_t part = count < wire->max_message ? count : wire->max_message;
        error = send_message(spidev, bytes, part);
        bytes += part;
        count -= part;
    }
    return error;
}

static int set_reset(struct wire *wire, bool asserted) {
    return gpio_set(of_wire(wire)->reset, !asserted);
}

static int set_power(struct wire *wire, bool on) {
    struct wire_spidev *spidev = of_wire(wire);
    return spidev->power == NULL ? 0 : gpio_set(spidev->power, on);
}

static int get_busy(struct wire *wire, bool *high) {
    return gpio_get(of_wire(wire)->busy, high);
}

static const struct wire_ops ops = {
    .command = send_command, .data = send_data, .reset = set_reset, .power = set_power, .busy = get_busy};

size_t wire_spidev_message_bytes(const char *bufsiz_file) {
    unsigned int bytes = 0;
    FILE *file = fopen(bufsiz_file, "re");
    if (file != NULL) {
        if (fscanf(file, "%u", &bytes) != 1) {
            bytes = 0;
        }
        fclose(file);
    }
    if (bytes < BUFSIZ_GRAIN) {
        return BUFSIZ_DEFAULT;
    }
    if (bytes > TRANSFERS_MAX * TRANSFER_BYTES) {
        return TRANSFERS_MAX * TRANSFER_BYTES;
    }
    return bytes - bytes % BUFSIZ_GRAIN;
}

static int configure(struct wire_spidev *spidev) {
    uint8_t mode = SPI_MODE_0, bits = BITS_PER_WORD;
    if (ioctl(spidev->fd, SPI_IOC_WR_MODE, &mode) < 0 || ioctl(spidev->fd, SPI_IOC_WR_BITS_PER_WORD, &bits) < 0 ||
        ioctl(spidev->fd, SPI_IOC_WR_MAX_SPEED_HZ, &spidev->spi_hz) < 0) {
        return -errno;
    }
    return 0;
}

static int open_bus(struct wire_spidev *spidev, const char *path, char *sentence, size_t sentence_size) {
    spidev->fd = open(path, O_RDWR | O_CLOEXEC);
    int error = spidev->fd < 0 ? -errno : configure(spidev);
    if (error == -ENOENT) {
        snprintf(sentence, sentence_size, "%s is not there; switch SPI on (dtparam=spi=on in config.txt).", path);
    } else if (error == -EACCES) {
        snprintf(sentence, sentence_size, "%s may not be opened; add this user to the group spi.", path);
    } else if (error < 0) {
        snprintf(sentence, sentence_size, "%s cannot be used: %s.", path, strerror(-error));
    }
    return error;
}

static int open_lines(struct wire_spidev *spidev, const struct wire_spidev_setup *setup, char *sentence,
                      size_t sentence_size) {
    const struct {
        struct gpio_line **line;
        const struct gpio_place *place;
        enum gpio_use use;
        const char *what;
    } lines[] = {
        {&spidev->power, setup->has_power ? &setup->power : NULL, GPIO_OUTPUT_HIGH, "karani panel supply"},
        {&spidev->reset, &setup->reset, GPIO_OUTPUT_HIGH, "karani panel reset"},
        {&spidev->dc, &setup->dc, GPIO_OUTPUT_LOW, "karani panel d/c"},
        {&spidev->busy, &setup->busy, GPIO_EDGES, "karani panel busy"},
    };
    int error = 0;
    for (size_t i = 0; i < sizeof lines / sizeof *lines && error == 0; i++) {
        if (lines[i].place != NULL) {
            error = gpio_open(lines[i].line, lines[i].place, lines[i].use, lines[i].what, sentence, sentence_size);
        }
    }
    return error;
}

int wire_spidev_open(struct wire_spidev **spidev, const struct wire_spidev_setup *setup, char *sentence,
                     size_t sentence_size) {
    struct wire_spidev *made = calloc(1, sizeof *made);
    if (made == NULL) {
        snprintf(sentence, sentence_size, "Memory is out.");
        return -ENOMEM;
    }
    *made = (struct wire_spidev){.wire = {.ops = &ops, .max_message = wire_spidev_message_bytes(bufsiz_path)},
                                 .fd = -1,
                                 .spi_hz = setup->spi_hz};
    int error = open_bus(made, setup->spidev, sentence, sentence_size);
    if (error == 0) {
        error = open_lines(made, setup, sentence, sentence_size);
    }
    if (error < 0) {
        wire_spidev_close(made);
        return error;
    }
    *spidev = made;
    return 0;
}

void wire_spidev_close(struct wire_spidev *spidev) {
    if (spidev == NULL) {
        return;
    }
    gpio_close(spidev->busy);
    gpio_close(spidev->dc);
    gpio_close(spidev->reset);
    gpio_close(spidev->power);
    if (spidev->fd >= 0) {
        close(spidev->fd);
    }
    free(spidev);
}

struct wire *wire_spidev_wire(struct wire_spidev *spidev) {
    return &spidev->wire;
}

int wire_spidev_busy_fd(const struct wire_spidev *spidev) {
    return gpio_fd(spidev->busy);
}

int wire_spidev_drain_busy(struct wire_spidev *spidev) {
    struct gpio_edge edge;
    int error;
    while ((error = gpio_next_edge(spidev->busy, &edge)) > 0) {
        continue;
    }
    return error;
}
