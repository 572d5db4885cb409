// An emulated module as its owner holds it: faults, the glass as the reader sees it, the first violation.
#include "display/chip/chip.h"

#include "display/chip/module.h"
#include "display/panel/rows.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { MESSAGE_MAX_BYTES = 4096 }; // spidev's bufsiz

int64_t chip_now_ms(const struct chip *chip) {
    return chip->setup.now_ms(chip->setup.context);
}

__attribute__((format(printf, 3, 0))) static void keep_violation(struct chip *chip, const char *name,
                                                                 const char *format, va_list arguments) {
    if (chip->violation) {
        return;
    }
    chip->violation = name;
    (void)vsnprintf(chip->detail, sizeof chip->detail, format, arguments);
}

void chip_violate(struct chip *chip, const char *name, const char *format, ...) {
    if (chip->astray) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    keep_violation(chip, name, format, arguments);
    va_end(arguments);
}

void chip_overdue(struct chip *chip, const char *name, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    keep_violation(chip, name, format, arguments);
    va_end(arguments);
}

// The families, and what each makes of a row: NULL when its controller is none of theirs.
static const struct chip_controller *controller_find(const struct panel_row *row) {
    static const struct chip_controller *(*const families[])(const struct panel_row *row) = {ssd1680_controller_find,
                                                                                             uc81xx_controller_find};
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        if (families[i](row)) {
            return families[i](row);
        }
    }
    return NULL;
}

struct chip *chip_new(const struct chip_setup *setup) {
    struct chip *chip = calloc(1, sizeof *chip);
    if (!chip) {
        return NULL;
    }
    chip->controller = controller_find(setup->row);
    assert(chip->controller && "a row's controller has an emulated chip");
    const struct panel_row *row = setup->row;
    chip->wire = (struct wire){.ops = &chip_wire_ops, .max_message = MESSAGE_MAX_BYTES};
    chip->setup = *setup;
    chip->plugged = true;
    chip->awake_since_ms = INT64_MAX;
    chip->analog_since_ms = INT64_MAX;
    if (glass_init(&chip->glass, row) || frame_init(&chip->picture, row->sources, row->gates) ||
        frame_init(&chip->reader, row->width_px, row->height_px)) {
        chip_free(chip);
        return NULL;
    }
    if (chip->controller->init) {
        chip->controller->init(chip);
    }
    chip->controller->reset(chip);
    return chip;
}

void chip_free(struct chip *chip) {
    if (!chip) {
        return;
    }
    glass_clear(&chip->glass);
    frame_clear(&chip->picture);
    frame_clear(&chip->reader);
    free(chip);
}

struct wire *chip_wire(struct chip *chip) {
    return &chip->wire;
}

void chip_set_power(struct chip *chip, bool on) {
    int64_t now_ms = chip_now_ms(chip);
    chip_catch_up(chip, now_ms);
    if (on == chip->supply_on) {
        return;
    }
    chip->supply_on = on;
    chip->power_pin = on; // pulled up until a driver says otherwise
    chip->reset_pin = false;
    bool plugged = chip->plugged;
    chip->plugged = true; // the supply goes with or without the ribbon
    chip_follow_pins(chip, now_ms);
    chip->plugged = plugged;
}

// The end of a fault: the 24 h begin anew, since the panel could not be refreshed meanwhile.
static void end_fault(struct chip *chip, int64_t now_ms) {
    if (!chip_has_fault(chip)) {
        chip->full_due_from_ms = now_ms;
    }
}

// The driver sees only now what was hidden behind the line: what is due within 3 s is due from here on.
static void begin_to_be_awake(struct chip *chip, int64_t now_ms) {
    if (chip->awake_since_ms != INT64_MAX) {
        chip->awake_since_ms = now_ms;
    }
    if (chip->analog_since_ms != INT64_MAX) {
        chip->analog_since_ms = now_ms;
    }
}

void chip_set_busy_stuck(struct chip *chip, bool stuck) {
    int64_t now_ms = chip_now_ms(chip);
    chip_catch_up(chip, now_ms);
    if (stuck == chip->busy_stuck) {
        return;
    }
    chip->stuck_level = chip_line_level(chip, now_ms);
    chip->busy_stuck = stuck;
    if (stuck) {
        const bool as_busy = chip_line_is_busy(chip, now_ms);
        chip->run.hung |= as_busy && chip->run.displays;
        chip->run.lied |= !as_busy;
        return;
    }
    chip->run.hung = false;
    if (chip->run.active && !chip_run_is_busy(chip, now_ms)) {
        chip_finish_run(chip, now_ms);
    }
    begin_to_be_awake(chip, now_ms);
    end_fault(chip, now_ms);
}

void chip_set_plugged(struct chip *chip, bool plugged) {
    int64_t now_ms = chip_now_ms(chip);
    chip_catch_up(chip, now_ms);
    if (plugged == chip->plugged) {
        return;
    }
    chip->plugged = plugged;
    if (!plugged) {
        chip->run.lied = true;
        chip->awake_since_ms = INT64_MAX; // it cannot be sent to sleep
        chip->analog_since_ms = INT64_MAX;
        return;
    }
    chip->controller->forget_command(chip);
    chip->astray = chip->supply_on;
    chip_follow_pins(chip, now_ms);
    end_fault(chip, now_ms);
}

void chip_set_reset_deaf(struct chip *chip, bool deaf) {
    int64_t now_ms = chip_now_ms(chip);
    chip_catch_up(chip, now_ms);
    if (deaf == chip->reset_deaf) {
        return;
    }
    chip->reset_deaf = deaf;
    chip_follow_pins(chip, now_ms);
    end_fault(chip, now_ms);
}

int64_t chip_next_edge_ms(const struct chip *chip) {
    int64_t now_ms = chip_now_ms(chip);
    if (!chip->powered || !chip->plugged || chip->busy_stuck || chip->in_reset || chip->asleep) {
        return INT64_MAX;
    }
    if (chip_run_is_busy(chip, now_ms)) {
        return chip->run.hung ? INT64_MAX : chip->run.end_ms;
    }
    if (now_ms < chip->busy_from_ms) {
        return chip->busy_from_ms;
    }
    return now_ms < chip->busy_until_ms ? chip->busy_until_ms : INT64_MAX;
}

void chip_watch(struct chip *chip) {
    chip_catch_up(chip, chip_now_ms(chip));
}

static enum frame_turn turn_back(enum frame_turn turn) {
    return (enum frame_turn)((360 - (int)turn) % 360);
}

const struct frame *chip_glass(struct chip *chip) {
    int64_t now_ms = chip_now_ms(chip);
    chip_catch_up(chip, now_ms);
    bool moving = chip->run.active && chip->run.displays;
    if (chip->reader_is_fresh && !moving) {
        return &chip->reader;
    }
    const struct frame *picture = &chip->glass.shown;
    if (moving) {
        struct glass_signal signal = chip->controller->signal(chip);
        glass_picture_at(&chip->glass, &signal, chip_run_steps(chip, now_ms), &chip->picture);
        picture = &chip->picture;
    }
    frame_turn(&chip->reader, picture, turn_back(chip->setup.row->turn));
    chip->reader_is_fresh = !moving;
    return &chip->reader;
}

bool chip_is_driving(const struct chip *chip) {
    return chip->run.displays && chip_run_is_busy(chip, chip_now_ms(chip));
}

bool chip_is_asleep(const struct chip *chip) {
    return !chip->powered || (chip->asleep && !chip->controller->high_voltage_is_on(chip));
}

const char *chip_violation(const struct chip *chip) {
    return chip->violation;
}

const char *chip_violation_detail(const struct chip *chip) {
    return chip->violation ? chip->detail : NULL;
}

int chip_drives(const struct chip *chip, int x_px, int y_px) {
    const struct panel_row *row = chip->setup.row;
    switch (row->turn) {
    case FRAME_TURN_0:
        return glass_drives(&chip->glass, x_px, y_px);
    case FRAME_TURN_90:
        return glass_drives(&chip->glass, row->height_px - 1 - y_px, x_px);
    case FRAME_TURN_180:
        return glass_drives(&chip->glass, row->width_px - 1 - x_px, row->height_px - 1 - y_px);
    case FRAME_TURN_270:
        return glass_drives(&chip->glass, y_px, row->width_px - 1 - x_px);
    }
    return 0;
}

int chip_cuts(const struct chip *chip) {
    return chip->cuts;
}

bool chip_border_is_white(const struct chip *chip) {
    return chip->glass.border_white;
}
