// How an SSD1680 or one of its kin takes its commands: each with all its parameters, the planes' data within their
// window. What it makes of them is in ssd1680_commands.c, the sequence that 0x20 starts in sequence.c. Facts: SSD1680
// datasheet, and those of its kin where they differ.
#include "display/chip/module.h"

#include "display/panel/rows.h"

// Of a command that writes no plane.
static size_t parameters_wanted(const struct chip *chip) {
    switch (chip->command->parameters) {
    case SSD1680_TEMPERATURE:
        return (size_t)chip->kind->temperature_bytes;
    case SSD1680_WAVEFORM:
        return (size_t)chip->kind->waveform_bytes;
    default:
        return (size_t)chip->command->parameters;
    }
}

static void ssd1680_forget_command(struct chip *chip) {
    chip->command = NULL;
}

static void apply_command(struct chip *chip) {
    const struct ssd1680_command *command = chip->command;
    if (command->apply && !command->apply(chip, chip->parameters)) {
        chip_violate(chip, "parameter-out-of-range", "command 0x%02X came with a parameter out of its range",
                     command->code);
    }
}

// The command before must have had all of its parameters.
static void check_command_is_complete(struct chip *chip) {
    const struct ssd1680_command *command = chip->command;
    if (!command) {
        return;
    }
    if (command->parameters == SSD1680_PLANE_DATA && chip->room > 0) {
        chip_violate(chip, "data-short-of-window", "0x%02X ended %zu bytes before its window was full", command->code,
                     chip->room);
    }
    if (command->parameters != SSD1680_PLANE_DATA && chip->parameter_count < parameters_wanted(chip)) {
        chip_violate(chip, "wrong-parameter-count", "command 0x%02X takes %zu parameters and got %zu", command->code,
                     parameters_wanted(chip), chip->parameter_count);
    }
}

// Where a plane write may go: lines that are scanned, and bytes of this glass, with one byte of play for a driver that
// believes in the other bonding, which shifts the picture and breaks nothing.
static bool window_fits(struct chip *chip) {
    const struct ram *ram = &chip->ram;
    int x_last = ram->x.down ? ram->x.start : ram->x.end;
    int y_last = ram->y.down ? ram->y.start : ram->y.end;
    if (!ram_window_is_ordered(ram)) {
        chip_violate(chip, "window-backwards", "window %d to %d by %d to %d runs against the entry mode", ram->x.start,
                     ram->x.end, ram->y.start, ram->y.end);
        return false;
    }
    if (x_last > chip->setup.row->row_bytes || y_last > chip->registers.mux) {
        chip_violate(chip, "window-beyond-ram",
                     "the window ends at byte %d and line %d; the glass has %d bytes, %d lines", x_last, y_last,
                     chip->setup.row->row_bytes, chip->registers.mux + 1);
        return false;
    }
    if (!ram_counters_are_inside(ram)) {
        chip_violate(chip, "counter-outside-window", "the counters stand at byte %d, line %d, outside the window",
                     ram->x.at, ram->y.at);
        return false;
    }
    return true;
}

static void ssd1680_command(struct chip *chip, uint8_t code) {
    check_command_is_complete(chip);
    chip->command = ssd1680_command_find(chip, code);
    chip->parameter_count = 0;
    if (!chip->command) {
        chip_violate(chip, "unknown-command", "0x%02X is no command that the %s takes over this wire", code,
                     chip->kind->name);
        return;
    }
    if (chip->command->parameters == SSD1680_PLANE_DATA) {
        chip->room = window_fits(chip) ? ram_room(&chip->ram) : 0;
    } else if (chip->command->parameters == 0) {
        apply_command(chip);
    }
}

static void take_plane_data(struct chip *chip, const uint8_t *bytes, size_t count) {
    enum ram_plane plane = chip->command->code == 0x24 ? RAM_PLANE_NEW : RAM_PLANE_OLD;
    if (count > chip->room) {
        chip_violate(chip, "data-past-window", "0x%02X got %zu bytes more than its window holds", chip->command->code,
                     count - chip->room);
        count = chip->room;
    }
    if (count > 0) {
        ram_write(&chip->ram, plane, bytes, count);
    }
    chip->room -= count;
}

static void ssd1680_data(struct chip *chip, const uint8_t *bytes, size_t count) {
    if (!chip->command) {
        chip_violate(chip, "data-without-command", "%zu bytes of data came without a command before them", count);
        return;
    }
    if (chip->command->parameters == SSD1680_PLANE_DATA) {
        take_plane_data(chip, bytes, count);
        return;
    }
    size_t wanted = parameters_wanted(chip);
    if (count > wanted - chip->parameter_count) {
        chip_violate(chip, "wrong-parameter-count", "command 0x%02X takes %zu parameters and got %zu",
                     chip->command->code, wanted, chip->parameter_count + count);
        return;
    }
    for (size_t i = 0; i < count; i++, chip->parameter_count++) {
        if (chip->parameter_count < sizeof chip->parameters) {
            chip->parameters[chip->parameter_count] = bytes[i];
        }
    }
    if (chip->parameter_count == wanted && count > 0) {
        apply_command(chip);
    }
}

static void ssd1680_reset(struct chip *chip) {
    chip->registers.clock_on = false;
    chip->registers.analog_on = false;
    ssd1680_reset_registers(chip);
}

static void ssd1680_scramble(struct chip *chip, uint32_t seed) {
    ram_scramble(&chip->ram, seed);
}

static bool ssd1680_high_voltage_is_on(const struct chip *chip) {
    return chip->registers.analog_on;
}

// The whole RAM of the kind, as the row's controller has it.
static void ssd1680_init(struct chip *chip) {
    chip->kind = ssd1680_kind_find(chip->setup.row);
    chip->ram.row_bytes = chip->kind->sources / 8;
    chip->ram.rows = chip->kind->gates;
}

static const struct chip_controller family = {
    .name = "SSD168x",
    .busy_level = true,
    .spi_max_hz = 20000000, // writes, datasheet
    .status_command = -1,
    .init = ssd1680_init,
    .reset = ssd1680_reset,
    .scramble = ssd1680_scramble,
    .command = ssd1680_command,
    .data = ssd1680_data,
    .forget_command = ssd1680_forget_command,
    .end_run = ssd1680_end_sequence,
    .high_voltage_is_on = ssd1680_high_voltage_is_on,
    .signal = ssd1680_signal,
};

const struct chip_controller *ssd1680_controller_find(const struct panel_row *row) {
    return ssd1680_kind_find(row) ? &family : NULL;
}
