// What an SSD1680 or one of its kin makes of its commands: parameters and their ranges, the planes, and where their
// data land. The sequence that 0x20 starts is in sequence.c. Facts: SSD1680 datasheet, "Command Table",
// and those of its kin where they differ; what they leave open is said where it is decided.
#include "display/chip/module.h"

#include "display/panel/rows.h"

enum {
    SWRESET_BLIND_MS = 2, // BUSY is not yet high: 1 ms after 0x12 is too soon to look [Seeed]
    SWRESET_MS = 6,
    SETTLE_MS = 10,
    PATTERN_MS = 4,
};

static int word(const uint8_t *bytes) {
    return bytes[0] | bytes[1] << 8;
}

// As after power-up or reset; the voltages stay as they are.
void ssd1680_reset_registers(struct chip *chip) {
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
    ssd1680_reset_registers(chip);
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
    {0x1A, SSD1680_TEMPERATURE, apply_temperature},
    {0x20, 0, apply_activation},
    {0x21, 2, apply_plane_options},
    {0x22, 1, apply_sequence},
    {0x24, SSD1680_PLANE_DATA, NULL},
    {0x26, SSD1680_PLANE_DATA, NULL},
    {0x2C, 1, apply_vcom},
    {0x32, SSD1680_WAVEFORM, apply_own_waveform},
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

const struct ssd1680_command *ssd1680_command_find(const struct chip *chip, uint8_t code) {
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
