// What the emulated UC8151D, UC8176 and UC8179 make of their commands: parameters and their ranges. What switches the
// voltages and drives the glass is in uc81xx_drive.c. Facts: the UC8179 datasheet, and what the public drivers send to
// the other two.
#include "display/chip/uc81xx.h"

#include "display/chip/module.h"

enum {
    SMALL = UC8151D | UC8176,
    ALL = UC8151D | UC8176 | UC8179,

    LUT_BYTES = 42, // and two more in the 0x20 of the small ones
    RESET_MS = 2,   // BUSY after a reset by 0x00; no source gives a number

    // 0x00. KW: black and white. The other four bits stand at 1 in every driver: scan up, shift right, booster on,
    // no reset.
    PANEL_KW = 0x10,
    PANEL_UP_RIGHT_ON = 0x0E,
    PANEL_NO_RESET = 0x01,
};

static int word(const uint8_t *bytes) {
    return bytes[0] << 8 | bytes[1];
}

void uc81xx_set_size_by_panel(struct chip *chip) {
    static const int sizes_uc8151d[4][2] = {{96, 230}, {96, 252}, {128, 296}, {160, 296}};
    static const int sizes_uc8176[4][2] = {{400, 300}, {320, 300}, {320, 240}, {200, 300}};
    struct uc81xx_registers *registers = &chip->uc.registers;
    const struct uc81xx_model *model = uc81xx_model(chip);
    const int size = registers->panel >> 6;
    if (registers->size_given) {
        return;
    }
    registers->width_px = model->columns;
    registers->height_px = model->lines;
    if (model->bit == UC8151D || model->bit == UC8176) {
        const int *pair = model->bit == UC8151D ? sizes_uc8151d[size] : sizes_uc8176[size];
        registers->width_px = pair[0];
        registers->height_px = pair[1];
    }
}

static bool apply_panel(struct chip *chip, const uint8_t *p) {
    if (!(p[0] & PANEL_NO_RESET)) {
        uc81xx_reset(chip);
        chip_set_busy_span(chip, chip->heard_ms, chip->heard_ms + RESET_MS);
        return true;
    }
    // Three colours, mirrored scans and a booster that is off do not belong to any glass of the table.
    if (!(p[0] & PANEL_KW) || (p[0] & PANEL_UP_RIGHT_ON) != PANEL_UP_RIGHT_ON) {
        return false;
    }
    chip->uc.registers.panel = p[0];
    uc81xx_set_size_by_panel(chip);
    return true;
}

static bool apply_power_off(struct chip *chip, const uint8_t *p) {
    (void)p;
    uc81xx_start_power_off(chip);
    return true;
}

static bool apply_power_on(struct chip *chip, const uint8_t *p) {
    (void)p;
    uc81xx_start_power_on(chip);
    return true;
}

static bool apply_deep_sleep(struct chip *chip, const uint8_t *p) {
    if (p[0] != 0xA5) {
        return false;
    }
    uc81xx_sleep(chip);
    return true;
}

static bool apply_refresh(struct chip *chip, const uint8_t *p) {
    (void)p;
    uc81xx_start_refresh(chip);
    return true;
}

static bool apply_auto(struct chip *chip, const uint8_t *p) {
    if (p[0] != 0xA5 && p[0] != 0xA7) {
        return false;
    }
    uc81xx_start_auto(chip, p[0]);
    return true;
}

static bool apply_lut(struct chip *chip, const uint8_t *p) {
    const int lut = chip->uc.command->code - 0x20;
    chip->uc.registers.lut_loaded[lut] = true;
    chip->uc.registers.lut_end[lut] = uc81xx_end_of_lut(p);
    return true;
}

static bool apply_interval(struct chip *chip, const uint8_t *p) {
    chip->uc.registers.interval = p[0];
    return true;
}

static bool set_size(struct chip *chip, int width_px, int height_px) {
    const struct uc81xx_model *model = uc81xx_model(chip);
    if (width_px == 0 || width_px % 8 != 0 || width_px > model->columns || height_px == 0 || height_px > model->lines) {
        return false;
    }
    chip->uc.registers.size_given = true;
    chip->uc.registers.width_px = width_px;
    chip->uc.registers.height_px = height_px;
    return true;
}

static bool apply_size_8_bit(struct chip *chip, const uint8_t *p) {
    return set_size(chip, p[0], word(p + 1));
}

static bool apply_size(struct chip *chip, const uint8_t *p) {
    return set_size(chip, word(p), word(p + 2));
}

// The low three bits of X are not wired: a window begins and ends at a byte.
static bool set_window(struct chip *chip, int x_first, int x_last, const uint8_t *y) {
    const struct uc81xx_registers *registers = &chip->uc.registers;
    const struct uc81xx_window window = {
        .first_byte = x_first / 8, .last_byte = x_last / 8, .first_line = word(y), .last_line = word(y + 2)};
    if (window.first_byte > window.last_byte || window.first_line > window.last_line) {
        chip_violate(chip, "window-backwards", "window %d to %d by %d to %d ends before it begins", x_first, x_last,
                     window.first_line, window.last_line);
    } else if (window.last_byte >= registers->width_px / 8 || window.last_line >= registers->height_px) {
        chip_violate(chip, "window-beyond-ram", "the window ends at pixel %d and line %d; the panel is set to %d × %d",
                     x_last, window.last_line, registers->width_px, registers->height_px);
    } else {
        chip->uc.registers.window = window;
    }
    return true;
}

static bool apply_window_8_bit(struct chip *chip, const uint8_t *p) {
    return set_window(chip, p[0], p[1], p + 2);
}

static bool apply_window(struct chip *chip, const uint8_t *p) {
    return set_window(chip, word(p), word(p + 2), p + 4);
}

static bool apply_window_in(struct chip *chip, const uint8_t *p) {
    (void)p;
    chip->uc.registers.in_window = true;
    return true;
}

static bool apply_window_out(struct chip *chip, const uint8_t *p) {
    (void)p;
    chip->uc.registers.in_window = false;
    return true;
}

static bool apply_cascade(struct chip *chip, const uint8_t *p) {
    chip->uc.registers.cascade = p[0];
    return true;
}

static bool apply_forced_temperature(struct chip *chip, const uint8_t *p) {
    chip->uc.registers.temperature = p[0];
    return true;
}

// Commands that write; this wire cannot read, so the ones that read are unknown here, but for the status (0x71), which
// is sent for the sake of BUSY. Where the public drivers send fewer parameters than a datasheet has, both are taken,
// but for 0x50: its second byte belongs to it.
static const struct uc81xx_command commands[] = {
    {0x00, UC8179, 1, 1, apply_panel},
    {0x00, SMALL, 1, 2, apply_panel},
    {0x01, ALL, 4, 5, NULL}, // power setting
    {0x02, ALL, 0, 0, apply_power_off},
    {0x03, ALL, 1, 1, NULL}, // power off sequence
    {0x04, ALL, 0, 0, apply_power_on},
    {0x06, UC8179, 4, 4, NULL}, // booster soft start
    {0x06, SMALL, 3, 3, NULL},
    {0x07, ALL, 1, 1, apply_deep_sleep},
    {0x10, ALL, UC81XX_PLANE_DATA, UC81XX_PLANE_DATA, NULL},
    {0x11, ALL, 0, 0, NULL}, // end of data
    {0x12, ALL, 0, 0, apply_refresh},
    {0x13, ALL, UC81XX_PLANE_DATA, UC81XX_PLANE_DATA, NULL},
    {0x15, UC8179, 1, 1, NULL}, // dual SPI
    {0x17, UC8179, 1, 1, apply_auto},
    {0x20, UC8179, LUT_BYTES, LUT_BYTES, apply_lut},
    {0x20, SMALL, LUT_BYTES + 2, LUT_BYTES + 2, apply_lut},
    {0x21, ALL, LUT_BYTES, LUT_BYTES, apply_lut},
    {0x22, ALL, LUT_BYTES, LUT_BYTES, apply_lut},
    {0x23, ALL, LUT_BYTES, LUT_BYTES, apply_lut},
    {0x24, ALL, LUT_BYTES, LUT_BYTES, apply_lut},
    {0x25, ALL, LUT_BYTES, LUT_BYTES, NULL}, // border
    {0x30, ALL, 1, 1, NULL},                 // frame rate
    {0x41, ALL, 1, 1, NULL},                 // temperature sensor
    {0x50, UC8179, 2, 2, apply_interval},
    {0x50, SMALL, 1, 1, apply_interval},
    {0x60, ALL, 1, 1, NULL}, // gate and source timing
    {0x61, UC8151D, 3, 3, apply_size_8_bit},
    {0x61, UC8176 | UC8179, 4, 4, apply_size},
    {0x65, UC8179, 4, 4, NULL}, // first gate and source
    {0x71, ALL, 0, 0, NULL},    // status
    {0x82, ALL, 1, 1, NULL},    // voltage of the common electrode
    {0x90, UC8151D, 7, 7, apply_window_8_bit},
    {0x90, UC8176 | UC8179, 9, 9, apply_window},
    {0x91, ALL, 0, 0, apply_window_in},
    {0x92, ALL, 0, 0, apply_window_out},
    {0xE0, ALL, 1, 1, apply_cascade},
    {0xE3, ALL, 1, 1, NULL}, // power saving
    {0xE5, ALL, 1, 1, apply_forced_temperature},
};

const struct uc81xx_command *uc81xx_command_find(const struct chip *chip, uint8_t code) {
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (commands[i].code == code && (commands[i].models & uc81xx_model(chip)->bit)) {
            return &commands[i];
        }
    }
    return NULL;
}
