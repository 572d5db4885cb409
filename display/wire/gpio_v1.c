// display/wire/gpio.h by libgpiod 1.6 (Debian 12).
#include "display/wire/gpio_inside.h"

#if GPIOD_MAJOR == 1

#include <errno.h>
#include <gpiod.h>
#include <stdlib.h>
#include <string.h>

struct gpio_line {
    struct gpiod_chip *chip;
    struct gpiod_line *line;
};

bool gpio_chip_is_labelled(struct gpiod_chip *chip, const char *label) {
    return strcmp(gpiod_chip_label(chip), label) == 0;
}

static struct gpiod_line *find_line(struct gpiod_chip *chip, const struct gpio_place *place) {
    return place->name != NULL ? gpiod_chip_find_line(chip, place->name)
                               : gpiod_chip_get_line(chip, (unsigned int)place->offset);
}

static int request(struct gpiod_line *line, enum gpio_use use, const char *what) {
    static const int flags[] = {
        [GPIO_OUTPUT_LOW] = 0,
        [GPIO_OUTPUT_HIGH] = 0,
        [GPIO_EDGES] = GPIOD_LINE_REQUEST_FLAG_BIAS_DISABLE,
        [GPIO_EDGES_PULL_UP] = GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_UP,
        [GPIO_EDGES_PULL_DOWN] = GPIOD_LINE_REQUEST_FLAG_BIAS_PULL_DOWN,
    };
    bool output = use == GPIO_OUTPUT_LOW || use == GPIO_OUTPUT_HIGH;
    const struct gpiod_line_request_config config = {
        .consumer = what,
        .request_type = output ? GPIOD_LINE_REQUEST_DIRECTION_OUTPUT : GPIOD_LINE_REQUEST_EVENT_BOTH_EDGES,
        .flags = flags[use],
    };
    return gpiod_line_request(line, &config, use == GPIO_OUTPUT_HIGH) < 0 ? -errno : 0;
}

int gpio_open(struct gpio_line **line, const struct gpio_place *place, enum gpio_use use, const char *what,
              char *sentence, size_t sentence_size) {
    int error = -ENOMEM;
    struct gpio_line *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return gpio_refuse(error, place, NULL, sentence, sentence_size);
    }
    made->chip = gpio_open_chip(place, &error, sentence, sentence_size);
    if (made->chip == NULL) {
        free(made);
        return error;
    }
    made->line = find_line(made->chip, place);
    error = made->line == NULL ? -ENOENT : request(made->line, use, what);
    if (error < 0) {
        gpio_refuse(error, place, made->line == NULL ? NULL : gpiod_line_consumer(made->line), sentence, sentence_size);
        gpio_close(made);
        return error;
    }
    *line = made;
    return 0;
}

void gpio_close(struct gpio_line *line) {
    if (line == NULL) {
        return;
    }
    gpiod_chip_close(line->chip); // releases the line, too
    free(line);
}

int gpio_set(struct gpio_line *line, bool high) {
    return gpiod_line_set_value(line->line, high) < 0 ? -errno : 0;
}

int gpio_get(struct gpio_line *line, bool *high) {
    int value = gpiod_line_get_value(line->line);
    if (value < 0) {
        return -errno;
    }
    *high = value != 0;
    return 0;
}

int gpio_fd(const struct gpio_line *line) {
    return gpiod_line_event_get_fd(line->line);
}

int gpio_next_edge(struct gpio_line *line, struct gpio_edge *edge) {
    struct gpiod_line_event event;
    if (!gpio_is_readable(gpio_fd(line))) {
        return 0;
    }
    if (gpiod_line_event_read(line->line, &event) < 0) {
        return -errno;
    }
    edge->high = event.event_type == GPIOD_LINE_EVENT_RISING_EDGE;
    edge->monotonic_ns = (int64_t)event.ts.tv_sec * 1000000000 + event.ts.tv_nsec;
    return 1;
}

#endif
