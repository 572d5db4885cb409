// The buttons at the bedside.
#include "daemon/linux/buttons.h"

#include "daemon/linux/board_wire.h"
#include "display/wire/gpio.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct buttons {
    struct gpio_line *lines[BUTTON_COUNT]; // NULL: the board does not have it
    bool active_low[BUTTON_COUNT];
};

_Static_assert((int)CONFIG_BUTTONS == (int)BUTTON_COUNT, "the board's buttons are in the order of enum button");

int buttons_open(struct buttons **buttons, const struct board *board, char *sentence, size_t sentence_size) {
    struct buttons *made = calloc(1, sizeof *made);
    int error = made == NULL ? -ENOMEM : 0;
    if (made == NULL) {
        snprintf(sentence, sentence_size, "Memory is out.");
    }
    for (int i = 0; i < BUTTON_COUNT && error == 0; i++) {
        const struct board_line *line = &board->buttons[i];
        if (!board_line_is_there(line)) {
            continue;
        }
        const struct gpio_place place = {.chip_label = board->chip_label, .name = line->name, .offset = line->offset};
        char what[32];
        snprintf(what, sizeof what, "karani button %s", button_name((enum button)i));
        made->active_low[i] = line->active_low;
        enum gpio_use use = line->active_low ? GPIO_EDGES_PULL_UP : GPIO_EDGES_PULL_DOWN;
        error = gpio_open(&made->lines[i], &place, use, what, sentence, sentence_size);
    }
    if (error < 0) {
        buttons_close(made);
        return error;
    }
    *buttons = made;
    return 0;
}

void buttons_close(struct buttons *buttons) {
    if (buttons == NULL) {
        return;
    }
    for (int i = 0; i < BUTTON_COUNT; i++) {
        gpio_close(buttons->lines[i]);
    }
    free(buttons);
}

int buttons_fd(const struct buttons *buttons, enum button button) {
    return buttons->lines[button] == NULL ? -1 : gpio_fd(buttons->lines[button]);
}

int buttons_next_edge(struct buttons *buttons, enum button button, int64_t boot_minus_monotonic_ns,
                      struct button_edge *edge) {
    struct gpio_edge raw;
    int error = gpio_next_edge(buttons->lines[button], &raw);
    if (error > 0) {
        *edge = (struct button_edge){.button = button,
                                     .down = raw.high != buttons->active_low[button],
                                     .boot_ms = (raw.monotonic_ns + boot_minus_monotonic_ns) / 1000000};
    }
    return error;
}

int buttons_is_down(const struct buttons *buttons, enum button button, bool *down) {
    bool high;
    int error = gpio_get(buttons->lines[button], &high);
    if (error == 0) {
        *down = high != buttons->active_low[button];
    }
    return error;
}
