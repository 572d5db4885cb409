// What the emulated UC8151D, UC8176 and UC8179 make of their commands: parameters and their ranges, the two planes, and
// where their data land. What switches the voltages and drives the glass is in uc81xx_drive.c.
// Facts: the UC8179 datasheet, and what the public drivers send to the other two.
#include "display/chip/uc81xx.h"

#include "display/chip/module.h"
#include "display/panel/controller/controller.h"
#include "display/panel/rows.h"

#include <assert.h>
#include <string.h>

enum {
    UC8151D = 1,
    UC8176 = 2,
    UC8179 = 4,
    SMALL = UC8151D | UC8176,
    ALL = UC8151D | UC8176 | UC8179,

    PLANE_DATA = -1, // as many parameters as the window has bytes
    LUT_BYTES = 42,  // and two more in the 0x20 of the small ones
    RESET_MS = 2,    // BUSY after a reset by 0x00; no source gives a number

    // 0x00. KW: black and white. The other four bits stand at 1 in every driver: scan up, shift right, booster on,
    // no reset.
    PANEL_KW = 0x10,
    PANEL_UP_RIGHT_ON = 0x0E,
    PANEL_NO_RESET = 0x01,
};

struct uc81xx_command {
    uint8_t code;
    unsigned models;
    int parameters_min;
    int parameters_max;
    // Returns false when a parameter is out of range. NULL: taken, without an effect that this emulation knows. Called
    // whenever there are enough parameters: an optional one that comes late makes it be called again.
    bool (*apply)(struct chip *chip, const uint8_t *parameters);
};

static int word(const uint8_t *bytes) {
    return bytes[0] << 8 | bytes[1];
}

static int stride_bytes(const struct chip *chip) {
    return uc81xx_model(chip)->columns / 8;
}

// The size by the panel setting's two highest bits, for who does not send 0x61. They mean nothing on the UC8179.
static void set_size_by_panel(struct chip *chip) {
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

void uc81xx_reset(struct chip *chip) {
    chip->uc.registers =
        (struct uc81xx_registers){.panel = 0x0F, .interval = uc81xx_model(chip)->interval, .high_voltage_on = false};
    set_size_by_panel(chip);
}

// Noise by a xorshift generator (G. Marsaglia, 2003).
void uc81xx_scramble(struct chip *chip, uint32_t seed) {
    uint32_t noise = seed * 2654435761u | 1;
    for (int plane = 0; plane < UC81XX_PLANE_COUNT; plane++) {
        for (size_t i = 0; i < UC81XX_PLANE_BYTES; i++) {
            noise ^= noise << 13;
            noise ^= noise >> 17;
            noise ^= noise << 5;
            chip->uc.planes[plane][i] = (uint8_t)(noise >> 24);
        }
    }
}

struct uc81xx_window uc81xx_current_window(const struct chip *chip) {
    const struct uc81xx_registers *registers = &chip->uc.registers;
    if (registers->in_window) {
        return registers->window;
    }
    return (struct uc81xx_window){.last_byte = registers->width_px / 8 - 1, .last_line = registers->height_px - 1};
}

// ---- what the commands do ----

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
    set_size_by_panel(chip);
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
    {0x10, ALL, PLANE_DATA, PLANE_DATA, NULL},
    {0x11, ALL, 0, 0, NULL}, // end of data
    {0x12, ALL, 0, 0, apply_refresh},
    {0x13, ALL, PLANE_DATA, PLANE_DATA, NULL},
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

// ---- how they arrive ----

static const struct uc81xx_command *command_find(const struct chip *chip, uint8_t code) {
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (commands[i].code == code && (commands[i].models & uc81xx_model(chip)->bit)) {
            return &commands[i];
        }
    }
    return NULL;
}

static void uc81xx_forget_command(struct chip *chip) {
    chip->uc.command = NULL;
}

static void apply_command(struct chip *chip) {
    const struct uc81xx_command *command = chip->uc.command;
    if (command->apply && !command->apply(chip, chip->parameters)) {
        chip_violate(chip, "parameter-out-of-range", "command 0x%02X came with a parameter out of its range",
                     command->code);
    }
}

// The command before must have had all of its parameters.
static void check_command_is_complete(struct chip *chip) {
    const struct uc81xx_command *command = chip->uc.command;
    if (!command) {
        return;
    }
    if (command->parameters_min == PLANE_DATA && chip->room > 0) {
        chip_violate(chip, "data-short-of-window", "0x%02X ended %zu bytes before its window was full", command->code,
                     chip->room);
    }
    if (command->parameters_min > 0 && chip->parameter_count < (size_t)command->parameters_min) {
        chip_violate(chip, "wrong-parameter-count", "command 0x%02X takes %d parameters and got %zu", command->code,
                     command->parameters_min, chip->parameter_count);
    }
}

// Each plane write begins at the start of the window.
static void begin_plane(struct chip *chip) {
    const struct panel_row *row = chip->setup.row;
    const struct uc81xx_window window = uc81xx_current_window(chip);
    chip->uc.written = 0;
    chip->room = 0;
    if (window.last_byte >= row->row_bytes || window.last_line >= row->gates) {
        chip_violate(chip, "window-beyond-ram", "data for %d bytes by %d lines; the glass has %d bytes, %d lines",
                     window.last_byte + 1, window.last_line + 1, row->row_bytes, row->gates);
    } else {
        chip->room =
            (size_t)(window.last_byte - window.first_byte + 1) * (size_t)(window.last_line - window.first_line + 1);
    }
}

static void uc81xx_command(struct chip *chip, uint8_t code) {
    check_command_is_complete(chip);
    chip->uc.command = command_find(chip, code);
    chip->parameter_count = 0;
    if (!chip->uc.command) {
        chip_violate(chip, "unknown-command", "0x%02X is no command that the %s takes over this wire", code,
                     chip->controller->name);
    } else if (chip->uc.command->parameters_min == PLANE_DATA) {
        begin_plane(chip);
    } else if (chip->uc.command->parameters_max == 0) {
        apply_command(chip);
    }
}

static void take_plane_data(struct chip *chip, const uint8_t *bytes, size_t count) {
    const struct uc81xx_window window = uc81xx_current_window(chip);
    const size_t row_bytes = (size_t)window.last_byte - (size_t)window.first_byte + 1;
    const uint8_t code = chip->uc.command->code;
    uint8_t *plane = chip->uc.planes[code == 0x10 ? UC81XX_PLANE_OLD : UC81XX_PLANE_NEW];
    if (count > chip->room) {
        chip_violate(chip, "data-past-window", "0x%02X got %zu bytes more than its window holds", code,
                     count - chip->room);
        count = chip->room;
    }
    for (size_t i = 0; i < count; i++, chip->uc.written++) {
        const size_t line = (size_t)window.first_line + chip->uc.written / row_bytes;
        const size_t byte = (size_t)window.first_byte + chip->uc.written % row_bytes;
        plane[line * (size_t)stride_bytes(chip) + byte] = bytes[i];
    }
    chip->room -= count;
}

static void uc81xx_data(struct chip *chip, const uint8_t *bytes, size_t count) {
    const struct uc81xx_command *command = chip->uc.command;
    if (!command) {
        chip_violate(chip, "data-without-command", "%zu bytes of data came without a command before them", count);
        return;
    }
    if (command->parameters_min == PLANE_DATA) {
        take_plane_data(chip, bytes, count);
        return;
    }
    assert((size_t)command->parameters_max <= sizeof chip->parameters);
    if (count > (size_t)command->parameters_max - chip->parameter_count) {
        chip_violate(chip, "wrong-parameter-count", "command 0x%02X takes %d parameters and got %zu", command->code,
                     command->parameters_max, chip->parameter_count + count);
        return;
    }
    memcpy(chip->parameters + chip->parameter_count, bytes, count);
    chip->parameter_count += count;
    if (chip->parameter_count >= (size_t)command->parameters_min && count > 0) {
        apply_command(chip);
    }
}

// ---- the three ----

// Times: examples measured by the author of GxEPD2.
static const struct uc81xx_model uc8151d = {
    .bit = UC8151D, .columns = 160, .lines = 296, .interval = 0xD7, .power_on_ms = 400, .power_off_ms = 250};
static const struct uc81xx_model uc8176 = {
    .bit = UC8176, .columns = 400, .lines = 300, .interval = 0xD7, .power_on_ms = 40, .power_off_ms = 20};
static const struct uc81xx_model uc8179 = {.bit = UC8179,
                                           .columns = 800,
                                           .lines = 600,
                                           .wide = true,
                                           .interval = 0x31,
                                           .power_on_ms = 140,
                                           .power_off_ms = 42};

// The limit of 10 MHz for writes is in the UC8179's datasheet; the older ones are taken to keep to it, too.
#define CONTROLLER(name_, uc_)                                                                                         \
    {                                                                                                                  \
        .name = (name_), .busy_level = false, .spi_max_hz = 10000000, .status_command = 0x71, .reset = uc81xx_reset,   \
        .scramble = uc81xx_scramble, .command = uc81xx_command, .data = uc81xx_data,                                   \
        .forget_command = uc81xx_forget_command, .end_run = uc81xx_end_run,                                            \
        .high_voltage_is_on = uc81xx_high_voltage_is_on, .signal = uc81xx_signal, .uc = (uc_)                          \
    }

static const struct {
    const struct controller *scripts;
    struct chip_controller chip;
} controllers[] = {
    {&controller_uc8151d, CONTROLLER("UC8151D", &uc8151d)},
    {&controller_uc8176, CONTROLLER("UC8176", &uc8176)},
    {&controller_uc8179, CONTROLLER("UC8179", &uc8179)},
};

const struct chip_controller *uc81xx_controller_find(const struct panel_row *row) {
    for (size_t i = 0; i < sizeof controllers / sizeof controllers[0]; i++) {
        if (controllers[i].scripts == row->controller) {
            return &controllers[i].chip;
        }
    }
    return NULL;
}

const struct uc81xx_model *uc81xx_model(const struct chip *chip) {
    return chip->controller->uc;
}
