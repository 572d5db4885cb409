// The sequence that 0x20 starts on an emulated SSD168x: supplies, temperature, waveform, display.
// Facts: SSD1680 datasheet, "Command Table", 0x22; and what the public drivers send there.
#include "display/chip/module.h"

#include "display/panel/rows.h"

enum {
    POWER_ON_MS = 100,  // examples measured by the author of GxEPD2
    POWER_OFF_MS = 150, // the same
    LOAD_MS = 5,
};

// 0x21, a nibble: 0 as it is, 4 as if all were 0, 8 inverted.
static void set_plane_option(int nibble, uint8_t *and_mask, uint8_t *xor_mask) {
    *and_mask = nibble == 4 ? 0x00 : 0xFF;
    *xor_mask = nibble == 8 ? 0xFF : 0x00;
}

struct glass_signal ssd1680_signal(const struct chip *chip) {
    const struct ssd1680_registers *registers = &chip->registers;
    bool s8 = registers->source_range & 0x80; // S8 to S167, else all of them
    struct glass_signal signal = {
        .new_bits = ram_plane(&chip->ram, RAM_PLANE_NEW),
        .old_bits = ram_plane(&chip->ram, RAM_PLANE_OLD),
        .stride_bytes = chip->ram.row_bytes,
        .first_source = s8 ? 8 : 0,
        .source_columns = s8 ? 160 : chip->kind->sources,
        .first_gate = registers->first_gate,
        .lines = registers->mux + 1,
        .odd_first = registers->scan & 4,
        .interlaced = registers->scan & 2,
        .from_last = registers->scan & 1,
        .full = chip->run.full,
        .border = registers->border,
    };
    set_plane_option(registers->plane_options & 0x0F, &signal.new_and, &signal.new_xor);
    set_plane_option(registers->plane_options >> 4, &signal.old_and, &signal.old_xor);
    return signal;
}

// What stands before the display in a sequence: each step needs the one before it.
static void start_supplies(struct chip *chip) {
    struct ssd1680_registers *registers = &chip->registers;
    uint8_t sequence = registers->sequence;
    registers->clock_on |= sequence & SSD1680_CLOCK_ON;
    if (!registers->clock_on && (sequence & (SSD1680_ANALOG_ON | SSD1680_LOAD_TEMPERATURE | SSD1680_LOAD_WAVEFORM))) {
        chip_violate(chip, "sequence-without-clock", "0x22 0x%02X needs the clock, which is off", sequence);
    }
    registers->analog_on |= sequence & SSD1680_ANALOG_ON;
    // No module of the table has an external sensor: asking it yields nothing.
    if (sequence & SSD1680_LOAD_TEMPERATURE) {
        registers->temperature_known = registers->sensor == 0x80;
        registers->temperature_told = false;
    }
    if (!(sequence & SSD1680_LOAD_WAVEFORM)) {
        return;
    }
    // Without a temperature no range of the OTP matches, and the controller skips the update in silence.
    if (!registers->temperature_known) {
        chip_violate(chip, "no-temperature", "0x22 0x%02X loads a waveform, but no temperature was measured or written",
                     sequence);
    }
    bool mode_2 = sequence & SSD1680_MODE_2;
    bool found = registers->temperature_known && !(mode_2 && chip->setup.row->partial_from_host);
    registers->waveform = SSD1680_WAVEFORM_NONE;
    if (found) {
        registers->waveform = mode_2 ? SSD1680_WAVEFORM_MODE_2 : SSD1680_WAVEFORM_MODE_1;
    }
    registers->waveform_is_fast = registers->temperature_told;
}

static bool can_display(struct chip *chip) {
    const struct ssd1680_registers *registers = &chip->registers;
    enum ssd1680_waveform needed =
        registers->sequence & SSD1680_MODE_2 ? SSD1680_WAVEFORM_MODE_2 : SSD1680_WAVEFORM_MODE_1;
    if (!registers->clock_on) {
        chip_violate(chip, "display-with-clock-off", "0x22 0x%02X displays while the clock is off",
                     registers->sequence);
    } else if (!registers->analog_on) {
        chip_violate(chip, "display-with-analog-off", "0x22 0x%02X displays while the analog part is off",
                     registers->sequence);
    } else if (registers->waveform != needed && registers->waveform != SSD1680_WAVEFORM_OWN) {
        chip_violate(chip, "display-without-waveform", "0x22 0x%02X displays in a mode whose waveform is not loaded",
                     registers->sequence);
    } else {
        return true;
    }
    return false;
}

// The SSD1683's display mode 1 is made for three colours; every public driver bypasses the plane
// that would be red, in black-and-white glass too.
static void check_full(struct chip *chip) {
    if (chip->kind->full_has_red && chip->registers.plane_options >> 4 != 4) {
        chip_violate(chip, "red-not-bypassed",
                     "a full refresh of the %s takes the old plane for red unless 0x21 0x4x "
                     "bypasses it",
                     chip->kind->name);
    }
}

static int64_t run_duration_ms(const struct chip *chip, const struct chip_run *run, bool analog_was_on) {
    const struct panel_row *row = chip->setup.row;
    uint8_t sequence = run->what;
    if (run->displays && run->full) {
        return chip->registers.waveform_is_fast && row->fast_ms > 0 ? row->fast_ms : row->full_ms;
    }
    if (run->displays) {
        return row->partial_ms;
    }
    int64_t duration_ms = 1;
    if ((sequence & SSD1680_ANALOG_ON) && !analog_was_on) {
        duration_ms += POWER_ON_MS;
    }
    if (sequence & (SSD1680_LOAD_TEMPERATURE | SSD1680_LOAD_WAVEFORM)) {
        duration_ms += LOAD_MS;
    }
    if ((sequence & SSD1680_ANALOG_OFF) && chip->registers.analog_on) {
        duration_ms += POWER_OFF_MS;
    }
    return duration_ms;
}

void ssd1680_start_sequence(struct chip *chip) {
    uint8_t sequence = chip->registers.sequence;
    bool analog_was_on = chip->registers.analog_on;
    start_supplies(chip);
    const struct chip_run run = {
        .what = sequence,
        .displays = (sequence & SSD1680_DISPLAY) && can_display(chip),
        .full = !(sequence & SSD1680_MODE_2),
    };
    if (run.displays && run.full) {
        check_full(chip);
    }
    chip_begin_run(chip, run, run_duration_ms(chip, &run, analog_was_on));
}

void ssd1680_end_sequence(struct chip *chip) {
    if (chip->run.what & SSD1680_ANALOG_OFF) {
        chip->registers.analog_on = false;
    }
    if (chip->run.what & SSD1680_CLOCK_OFF) {
        chip->registers.clock_on = false;
    }
    if (chip->run.displays && !chip->run.full && chip->registers.ping_pong) {
        ram_swap_banks(&chip->ram);
    }
}
