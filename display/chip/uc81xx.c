// The emulated UC8151D, UC8176 and UC8179: how their commands arrive, the two planes, and where data land. What the
// commands do is in uc81xx_commands.c, what switches the voltages and drives the glass in uc81xx_drive.c.
// Facts: the UC8179 datasheet, and what the public drivers send to the other two.
#include "display/chip/uc81xx.h"

#include "display/chip/module.h"
#include "display/panel/controller/controller.h"
#include "display/panel/rows.h"

#include <assert.h>
#include <string.h>

static int stride_bytes(const struct chip *chip) {
    return uc81xx_model(chip)->columns / 8;
}

void uc81xx_reset(struct chip *chip) {
    chip->uc.registers =
        (struct uc81xx_registers){.panel = 0x0F, .interval = uc81xx_model(chip)->interval, .high_voltage_on = false};
    uc81xx_set_size_by_panel(chip);
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

// ---- how commands arrive ----

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
    if (command->parameters_min == UC81XX_PLANE_DATA && chip->room > 0) {
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
    chip->uc.command = uc81xx_command_find(chip, code);
    chip->parameter_count = 0;
    if (!chip->uc.command) {
        chip_violate(chip, "unknown-command", "0x%02X is no command that the %s takes over this wire", code,
                     chip->controller->name);
    } else if (chip->uc.command->parameters_min == UC81XX_PLANE_DATA) {
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
    if (command->parameters_min == UC81XX_PLANE_DATA) {
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
