// What an SSD1680 or one of its kin makes of its commands: parameters and their ranges, the planes, and where their
// data land. The sequence that 0x20 starts is in sequence.c. Facts: SSD1680 datasheet, "Command Table",
// and those of its kin where they differ; what they leave open is said where it is decided.
#include "display/chip/module.h"

#include "display/panel/rows.h"

enum {
    PLANE_DATA = -1,      // as many parameters as the window has bytes
    TEMPERATURE = -2,     // as many as the kind has
    WAVEFORM = -3,        // the same
    SWRESET_BLIND_MS = 2, // BUSY is not yet high: 1 ms after 0x12 is too soon to look [Seeed]
    SWRESET_MS = 6,
    SETTLE_MS = 10,
    PATTERN_MS = 4,
};

struct ssd1680_command {
    uint8_t code;
    int parameters;
    // Returns false when a parameter is out of range. NULL: taken, without an effect that this emulation knows.
    bool (*apply)(struct chip *chip, const uint8_t *parameters);
};

static int word(const uint8_t *bytes) {
    return bytes[0] | bytes[1] << 8;
}

// As after power-up or reset; the voltages stay as they are.
static void reset_registers(struct chip *chip) {
    bool clock_on = chip->registers.clock_on;
    bool analog_on = chip->registers.analog_on;
    chip->registers = (struct ssd1680_registers){
        .mux = chip->kind->gates - 1,
        .sensor = 0x48,
        .sequence = 0xFF,
        .border = 0xC0,
        .sleep_current_na = -1,
        .ping_pong = chip->setup.ping_pong,
        .clock_on = clock_on,
        .analog_on = analog_on,
    };
    ram_reset_addresses(&chip->ram, chip->kind->por_last_x_byte, chip->kind->por_last_line);
}

static bool apply_gates(struct chip *chip, const uint8_t *p) {
    if (word(p) >= chip->kind->gates || p[2] > 7) {
        return false;
    }
    chip->registers.mux = word(p);
    chip->registers.scan = p[2];
    return true;
}

static bool apply_gate_voltage(struct chip *chip, const uint8_t *p) {
    (void)chip;
    return p[0] <= 0x17;
}

// The highest bit of the three phases is always set, the durations have six bits.
static bool apply_soft_start(struct chip *chip, const uint8_t *p) {
    (void)chip;
    return (p[0] & p[1] & p[2] & 0x80) && p[3] <= 0x3F;
}

static bool apply_gate_start(struct chip *chip, const uint8_t *p) {
    if (word(p) >= chip->kind->gates) {
        return false;
    }
    chip->registers.first_gate = word(p);
    return true;
}

static bool apply_deep_sleep(struct chip *chip, const uint8_t *p) {
    if (p[0] == 0x00) {
        return true;
    }
    if (p[0] != 0x01 && p[0] != 0x03) {
        return false;
    }
    if (chip->registers.analog_on) {
        chip_violate(chip, "sleep-with-high-voltage", "deep sleep (0x10) while the analog part is still on");
    }
    chip->asleep = true;
    chip->registers.sleep_current_na =
        p[0] == 0x01 ? chip->kind->sleep_keeping_ram_na : chip->kind->sleep_losing_ram_na;
    if (p[0] == 0x03) { // the other one keeps the planes
        ram_scramble(&chip->ram, (uint32_t)chip->heard_ms);
    }
    if (!chip->registers.analog_on) {
        chip->awake_since_ms = INT64_MAX;
    }
    return true;
}

static bool apply_entry_mode(struct chip *chip, const uint8_t *p) {
    if (p[0] > 7) {
        return false;
    }
    chip->ram.x.down = !(p[0] & 1);
    chip->ram.y.down = !(p[0] & 2);
    chip->ram.y_first = p[0] & 4;
    return true;
}

// The planes stay. Neither source says that it switches the high voltage off, so a driver must not rely on that.
static bool apply_software_reset(struct chip *chip, const uint8_t *p) {
    (void)p;
    reset_registers(chip);
    chip_set_busy_span(chip, chip->heard_ms + SWRESET_BLIND_MS, chip->heard_ms + SWRESET_MS);
    chip->ready_ms = chip->heard_ms + SETTLE_MS;
    chip->ready_after = "SWRESET (0x12)";
    return true;
}

static bool apply_sensor(struct chip *chip, const uint8_t *p) {
    if (p[0] != 0x48 && p[0] != 0x80) {
        return false;
    }
    chip->registers.sensor = p[0];
    return true;
}

// Twelve bits, left-aligned in two bytes, or one byte of whole degrees.
static bool apply_temperature(struct chip *chip, const uint8_t *p) {
    if (chip->kind->temperature_bytes == 2 && (p[1] & 0x0F)) {
        return false;
    }
    chip->registers.temperature_known = true;
    chip->registers.temperature_told = true;
    return true;
}

static bool is_plane_option(int nibble) {
    return nibble == 0 || nibble == 4 || nibble == 8;
}

static bool apply_plane_options(struct chip *chip, const uint8_t *p) {
    if (!is_plane_option(p[0] >> 4) || !is_plane_option(p[0] & 0x0F) || (p[1] & ~chip->kind->source_options)) {
        return false;
    }
    chip->registers.plane_options = p[0];
    chip->registers.source_range = p[1];
    return true;
}

static bool apply_sequence(struct chip *chip, const uint8_t *p) {
    chip->registers.sequence = p[0];
    return true;
}

static bool apply_vcom(struct chip *chip, const uint8_t *p) {
    (void)chip;
    return p[0] >= 0x08 && p[0] <= 0x78;
}

static bool apply_own_waveform(struct chip *chip, const uint8_t *p) {
    (void)p;
    chip->registers.waveform = SSD1680_WAVEFORM_OWN;
    chip->registers.waveform_is_fast = false;
    return true;
}

// The sixth of ten bytes (F), bit 6.
static bool apply_otp_selection(struct chip *chip, const uint8_t *p) {
    chip->registers.ping_pong = chip->setup.ping_pong || (p[5] & 0x40);
    return true;
}

static bool apply_border(struct chip *chip, const uint8_t *p) {
    if (p[0] & 0x08) {
        return false;
    }
    chip->registers.border = p[0];
    return true;
}

static bool apply_x_window(struct chip *chip, const uint8_t *p) {
    if (p[0] >= chip->ram.row_bytes || p[1] >= chip->ram.row_bytes) {
        return false;
    }
    chip->ram.x.start = p[0];
    chip->ram.x.end = p[1];
    return true;
}

static bool apply_y_window(struct chip *chip, const uint8_t *p) {
    if (word(p) >= chip->ram.rows || word(p + 2) >= chip->ram.rows) {
        return false;
    }
    chip->ram.y.start = word(p);
    chip->ram.y.end = word(p + 2);
    return true;
}

static bool fill_plane(struct chip *chip, enum ram_plane plane, uint8_t pattern) {
    if (!ram_fill_pattern(&chip->ram, plane, pattern)) {
        return false;
    }
    chip_set_busy_span(chip, chip->heard_ms, chip->heard_ms + PATTERN_MS);
    return true;
}

static bool apply_old_pattern(struct chip *chip, const uint8_t *p) {
    return fill_plane(chip, RAM_PLANE_OLD, p[0]);
}

static bool apply_new_pattern(struct chip *chip, const uint8_t *p) {
    return fill_plane(chip, RAM_PLANE_NEW, p[0]);
}

static bool apply_x_counter(struct chip *chip, const uint8_t *p) {
    if (p[0] >= chip->ram.row_bytes) {
        return false;
    }
    chip->ram.x.at = p[0];
    return true;
}

static bool apply_y_counter(struct chip *chip, const uint8_t *p) {
    if (word(p) >= chip->ram.rows) {
        return false;
    }
    chip->ram.y.at = word(p);
    return true;
}

static bool apply_activation(struct chip *chip, const uint8_t *p) {
    (void)p;
    ssd1680_start_sequence(chip);
    return true;
}

// Commands that write; this wire cannot read, so the ones that read are unknown here.
static const struct ssd1680_command commands[] = {
    {0x01, 3, apply_gates},
    {0x03, 1, apply_gate_voltage},
    {0x04, 3, NULL}, // source voltages
    {0x0C, 4, apply_soft_start},
    {0x0F, 2, apply_gate_start},
    {0x10, 1, apply_deep_sleep},
    {0x11, 1, apply_entry_mode},
    {0x12, 0, apply_software_reset},
    {0x18, 1, apply_sensor},
    {0x1A, TEMPERATURE, apply_temperature},
    {0x20, 0, apply_activation},
    {0x21, 2, apply_plane_options},
    {0x22, 1, apply_sequence},
    {0x24, PLANE_DATA, NULL},
    {0x26, PLANE_DATA, NULL},
    {0x2C, 1, apply_vcom},
    {0x32, WAVEFORM, apply_own_waveform},
    {0x37, 10, apply_otp_selection},
    {0x3C, 1, apply_border},
    {0x3F, 1, NULL}, // end option of an own waveform
    {0x44, 2, apply_x_window},
    {0x45, 4, apply_y_window},
    {0x46, 1, apply_old_pattern},
    {0x47, 1, apply_new_pattern},
    {0x4E, 1, apply_x_counter},
    {0x4F, 2, apply_y_counter},
};

static const struct ssd1680_command *command_find(const struct chip *chip, uint8_t code) {
    if (code == 0x0F && !chip->kind->has_gate_start) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (commands[i].code == code) {
            return &commands[i];
        }
    }
    return NULL;
}

// Of a command that writes no plane.
static size_t parameters_wanted(const struct chip *chip) {
    switch (chip->command->parameters) {
    case TEMPERATURE:
        return (size_t)chip->kind->temperature_bytes;
    case WAVEFORM:
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
    if (command->parameters == PLANE_DATA && chip->room > 0) {
        chip_violate(chip, "data-short-of-window", "0x%02X ended %zu bytes before its window was full", command->code,
                     chip->room);
    }
    if (command->parameters != PLANE_DATA && chip->parameter_count < parameters_wanted(chip)) {
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
    chip->command = command_find(chip, code);
    chip->parameter_count = 0;
    if (!chip->command) {
        chip_violate(chip, "unknown-command", "0x%02X is no command that the %s takes over this wire", code,
                     chip->kind->name);
        return;
    }
    if (chip->command->parameters == PLANE_DATA) {
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
    if (chip->command->parameters == PLANE_DATA) {
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
    reset_registers(chip);
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
