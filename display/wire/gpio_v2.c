// display/wire/gpio.h by libgpiod 2 (Debian 13, Raspberry Pi OS).
#include "display/wire/gpio_inside.h"

#if GPIOD_MAJOR == 2

#include <errno.h>
#include <gpiod.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OWNER_SIZE = 64 };

struct gpio_line {
    struct gpiod_line_request *request;
    struct gpiod_edge_event_buffer *events; // of one
    unsigned int offset;
};

bool gpio_chip_is_labelled(struct gpiod_chip *chip, const char *label) {
    struct gpiod_chip_info *info = gpiod_chip_get_info(chip);
    bool same = info != NULL && strcmp(gpiod_chip_info_get_label(info), label) == 0;
    gpiod_chip_info_free(info);
    return same;
}

static int find_offset(struct gpiod_chip *chip, const struct gpio_place *place) {
    int offset = place->name != NULL ? gpiod_chip_get_line_offset_from_name(chip, place->name) : place->offset;
    struct gpiod_line_info *info = offset < 0 ? NULL : gpiod_chip_get_line_info(chip, (unsigned int)offset);
    if (info == NULL) {
        return -ENOENT;
    }
    gpiod_line_info_free(info);
    return offset;
}

static void find_owner(struct gpiod_chip *chip, unsigned int offset, char owner[OWNER_SIZE]) {
    struct gpiod_line_info *info = gpiod_chip_get_line_info(chip, offset);
    const char *consumer = info != NULL ? gpiod_line_info_get_consumer(info) : NULL;
    snprintf(owner, OWNER_SIZE, "%s", consumer != NULL ? consumer : "");
    if (info != NULL) {
        gpiod_line_info_free(info);
    }
}

static int apply_use(struct gpiod_line_settings *settings, enum gpio_use use) {
    static const enum gpiod_line_bias biases[] = {
        [GPIO_OUTPUT_LOW] = GPIOD_LINE_BIAS_AS_IS,
        [GPIO_OUTPUT_HIGH] = GPIOD_LINE_BIAS_AS_IS,
        [GPIO_EDGES] = GPIOD_LINE_BIAS_DISABLED,
        [GPIO_EDGES_PULL_UP] = GPIOD_LINE_BIAS_PULL_UP,
        [GPIO_EDGES_PULL_DOWN] = GPIOD_LINE_BIAS_PULL_DOWN,
    };
    int failed = gpiod_line_settings_set_bias(settings, biases[use]);
    if (use == GPIO_OUTPUT_LOW || use == GPIO_OUTPUT_HIGH) {
        failed |= gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_OUTPUT);
        failed |= gpiod_line_settings_set_output_value(settings, use == GPIO_OUTPUT_HIGH ? GPIOD_LINE_VALUE_ACTIVE
                                                                                         : GPIOD_LINE_VALUE_INACTIVE);
    } else {
        failed |= gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_INPUT);
        failed |= gpiod_line_settings_set_edge_detection(settings, GPIOD_LINE_EDGE_BOTH);
        failed |= gpiod_line_settings_set_event_clock(settings, GPIOD_LINE_CLOCK_MONOTONIC);
    }
    return failed != 0 ? -EINVAL : 0;
}

static int request(struct gpio_line *line, struct gpiod_chip *chip, enum gpio_use use, const char *what) {
    struct gpiod_line_settings *settings = gpiod_line_settings_new();
    struct gpiod_line_config *lines = gpiod_line_config_new();
    struct gpiod_request_config *config = gpiod_request_config_new();
    line->events = gpiod_edge_event_buffer_new(1);
    int error = -ENOMEM;
    if (settings != NULL && lines != NULL && config != NULL && line->events != NULL) {
        error = apply_use(settings, use);
    }
    if (error == 0 && gpiod_line_config_add_line_settings(lines, &line->offset, 1, settings) < 0) {
        error = -errno;
    }
    if (error == 0) {
        gpiod_request_config_set_consumer(config, what);
        line->request = gpiod_chip_request_lines(chip, config, lines);
        error = line->request == NULL ? -errno : 0;
    }
    gpiod_request_config_free(config);
    gpiod_line_config_free(lines);
    gpiod_line_settings_free(settings);
    return error;
}

int gpio_open(struct gpio_line **line, const struct gpio_place *place, enum gpio_use use, const char *what,
              char *sentence, size_t sentence_size) {
    int error = 0;
    char owner[OWNER_SIZE] = "";
    struct gpiod_chip *chip = gpio_open_chip(place, &error, sentence, sentence_size);
    if (chip == NULL) {
        return error;
    }
    struct gpio_line *made = calloc(1, sizeof *made);
    int offset = find_offset(chip, place);
    if (made == NULL || offset < 0) {
        error = made == NULL ? -ENOMEM : offset;
    } else {
        made->offset = (unsigned int)offset;
        error = request(made, chip, use, what);
        if (error == -EBUSY) {
            find_owner(chip, made->offset, owner);
        }
    }
    gpiod_chip_close(chip); // the request lives on
    if (error < 0) {
        gpio_close(made);
        return gpio_refuse(error, place, owner, sentence, sentence_size);
    }
    *line = made;
    return 0;
}

void gpio_close(struct gpio_line *line) {
    if (line == NULL) {
        return;
    }
    if (line->request != NULL) {
        gpiod_line_request_release(line->request);
    }
    gpiod_edge_event_buffer_free(line->events);
    free(line);
}

int gpio_set(struct gpio_line *line, bool high) {
    enum gpiod_line_value value = high ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE;
    return gpiod_line_request_set_value(line->request, line->offset, value) < 0 ? -errno : 0;
}

int gpio_get(struct gpio_line *line, bool *high) {
    enum gpiod_line_value value = gpiod_line_request_get_value(line->request, line->offset);
    if (value == GPIOD_LINE_VALUE_ERROR) {
        return -errno;
    }
    *high = value == GPIOD_LINE_VALUE_ACTIVE;
    return 0;
}

int gpio_fd(const struct gpio_line *line) {
    return gpiod_line_request_get_fd(line->request);
}

int gpio_next_edge(struct gpio_line *line, struct gpio_edge *edge) {
    if (!gpio_is_readable(gpio_fd(line))) {
        return 0;
    }
    if (gpiod_line_request_read_edge_events(line->request, line->events, 1) < 0) {
        return -errno;
    }
    struct gpiod_edge_event *event = gpiod_edge_event_buffer_get_event(line->events, 0);
    edge->high = gpiod_edge_event_get_event_type(event) == GPIOD_EDGE_EVENT_RISING_EDGE;
    edge->monotonic_ns = (int64_t)gpiod_edge_event_get_timestamp_ns(event);
    return 1;
}

#endif
