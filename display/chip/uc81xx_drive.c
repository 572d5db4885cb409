// What switches the voltages of an emulated UC8151D, UC8176 or UC8179 and drives its glass, and which waveform does.
// Facts: the UC8179 datasheet, and what the public drivers send.
#include "display/chip/uc81xx.h"

#include "display/chip/module.h"
#include "display/panel/rows.h"

#include <inttypes.h>
#include <string.h>

enum {
    POWER_OFF = 0x02,
    POWER_ON = 0x04,
    REFRESH = 0x12,
    AUTO = 0x17, // power on, refresh, power off
    AUTO_SLEEP = AUTO | 0x80,

    AT_ONCE_MS = 1,

    PANEL_LUT_FROM_REGISTERS = 0x20,
    // 0x50 of the UC8179 and of the others.
    WIDE_BORDER_FLOATS = 0x80,
    WIDE_BORDER_SHIFT = 4,
    WIDE_COPIES_NEW_TO_OLD = 0x08,
    WIDE_IGNORES_OLD = 0x02,
    WIDE_ONE_IS_WHITE = 0x01,
    SMALL_BORDER_SHIFT = 6,
    SMALL_ONE_IS_WHITE = 0x10,

    // 0xE0 and 0xE5: temperatures that no room has choose among the waveforms of the OTP. Where their ranges begin and
    // end no source says; these are the values that the drivers send.
    CASCADE_TEMPERATURE_IS_FORCED = 0x02,
    TEMPERATURE_FAST = 0x5A,
    TEMPERATURE_GREYS = 0x5F,
    TEMPERATURE_PARTIAL = 0x6E,

    // The border as glass.h wants it: 0x3C of the SSD1680.
    BORDER_TO_WHITE = 0x01,
    BORDER_TO_BLACK = 0x02,
    BORDER_STAYS = 0xC0,
};

enum waveform { WAVEFORM_NONE, WAVEFORM_FULL, WAVEFORM_FAST, WAVEFORM_PARTIAL };

enum uc81xx_end uc81xx_end_of_lut(const uint8_t *lut) {
    enum { GROUPS = 7, GROUP_BYTES = 6, PHASES = 4 };
    enum uc81xx_end end = UC81XX_END_UNTOUCHED;
    for (const uint8_t *group = lut; group < lut + GROUPS * GROUP_BYTES; group += GROUP_BYTES) {
        for (int phase = 0; phase < PHASES && group[5] > 0; phase++) {
            const int level = group[0] >> (6 - 2 * phase) & 3; // 01: the positive voltage, 10: the negative one
            if (group[1 + phase] > 0 && (level == 1 || level == 2)) {
                end = level == 1 ? UC81XX_END_BLACK : UC81XX_END_WHITE;
            }
        }
    }
    return end;
}

// Tables that were loaded: a full waveform drives every pixel to what it shall be, a partial one those that change.
static enum waveform loaded_waveform(const struct uc81xx_registers *registers) {
    for (int i = 0; i < UC81XX_LUT_COUNT; i++) {
        if (!registers->lut_loaded[i]) {
            return WAVEFORM_NONE;
        }
    }
    const enum uc81xx_end *end = registers->lut_end;
    if (end[UC81XX_LUT_KW] != UC81XX_END_WHITE || end[UC81XX_LUT_WK] != UC81XX_END_BLACK) {
        return WAVEFORM_NONE;
    }
    if (end[UC81XX_LUT_WW] == UC81XX_END_WHITE && end[UC81XX_LUT_KK] == UC81XX_END_BLACK) {
        return WAVEFORM_FULL;
    }
    if (end[UC81XX_LUT_WW] == UC81XX_END_UNTOUCHED && end[UC81XX_LUT_KK] == UC81XX_END_UNTOUCHED) {
        return WAVEFORM_PARTIAL;
    }
    return WAVEFORM_NONE;
}

static enum waveform current_waveform(const struct chip *chip) {
    const struct uc81xx_registers *registers = &chip->uc.registers;
    if (registers->panel & PANEL_LUT_FROM_REGISTERS) {
        return loaded_waveform(registers);
    }
    if (!uc81xx_model(chip)->wide || !(registers->cascade & CASCADE_TEMPERATURE_IS_FORCED)) {
        return WAVEFORM_FULL;
    }
    switch (registers->temperature) {
    case TEMPERATURE_PARTIAL:
        return WAVEFORM_PARTIAL;
    case TEMPERATURE_FAST:
        return WAVEFORM_FAST;
    case TEMPERATURE_GREYS:
        return WAVEFORM_NONE;
    default:
        return WAVEFORM_FULL;
    }
}

static int64_t waveform_ms(const struct panel_row *row, enum waveform waveform) {
    switch (waveform) {
    case WAVEFORM_NONE:
        return AT_ONCE_MS;
    case WAVEFORM_FULL:
        return row->full_ms;
    case WAVEFORM_FAST:
        return row->fast_ms > 0 ? row->fast_ms : row->full_ms;
    case WAVEFORM_PARTIAL:
        return row->partial_ms;
    }
    return AT_ONCE_MS;
}

bool uc81xx_high_voltage_is_on(const struct chip *chip) {
    return chip->uc.registers.high_voltage_on;
}

void uc81xx_start_power_on(struct chip *chip) {
    const bool was_on = chip->uc.registers.high_voltage_on;
    chip->uc.registers.high_voltage_on = true;
    chip_begin_run(chip, (struct chip_run){.what = POWER_ON}, was_on ? AT_ONCE_MS : uc81xx_model(chip)->power_on_ms);
}

void uc81xx_start_power_off(struct chip *chip) {
    const bool was_on = chip->uc.registers.high_voltage_on;
    chip_begin_run(chip, (struct chip_run){.what = POWER_OFF}, was_on ? uc81xx_model(chip)->power_off_ms : AT_ONCE_MS);
}

static bool can_display(struct chip *chip, enum waveform waveform) {
    if (!chip->uc.registers.high_voltage_on) {
        chip_violate(chip, "display-with-analog-off", "a refresh (0x12) without power on (0x04)");
    } else if (waveform == WAVEFORM_NONE) {
        chip_violate(chip, "display-without-waveform",
                     "a refresh (0x12) with tables that are not loaded, or drive pixels the wrong way");
    } else {
        return true;
    }
    return false;
}

static void start_display(struct chip *chip, uint8_t what, int64_t extra_ms) {
    const enum waveform waveform = current_waveform(chip);
    const bool displays = can_display(chip, waveform);
    if (displays && waveform == WAVEFORM_PARTIAL && uc81xx_model(chip)->wide &&
        (chip->uc.registers.interval & WIDE_IGNORES_OLD)) {
        chip_violate(chip, "old-plane-ignored", "a differential refresh while 0x50 (DDX1) has the old plane ignored");
    }
    const struct chip_run run = {.what = what, .displays = displays, .full = waveform != WAVEFORM_PARTIAL};
    chip_begin_run(chip, run, waveform_ms(chip->setup.row, displays ? waveform : WAVEFORM_NONE) + extra_ms);
}

void uc81xx_start_refresh(struct chip *chip) {
    start_display(chip, REFRESH, 0);
}

void uc81xx_start_auto(struct chip *chip, uint8_t how) {
    const struct uc81xx_model *model = uc81xx_model(chip);
    chip->uc.registers.high_voltage_on = true;
    start_display(chip, how == 0xA7 ? AUTO_SLEEP : AUTO, model->power_on_ms + model->power_off_ms);
}

void uc81xx_sleep(struct chip *chip) {
    if (chip->uc.registers.high_voltage_on) {
        chip_violate(chip, "sleep-with-high-voltage", "deep sleep (0x07) while the voltages are still on");
    } else {
        chip->awake_since_ms = INT64_MAX;
    }
    chip->asleep = true;
    uc81xx_scramble(chip, (uint32_t)chip->heard_ms);
}

void uc81xx_end_run(struct chip *chip) {
    const uint8_t what = chip->run.what;
    if (what != POWER_ON && what != REFRESH) {
        chip->uc.registers.high_voltage_on = false;
    }
    if (chip->run.displays && uc81xx_model(chip)->wide && (chip->uc.registers.interval & WIDE_COPIES_NEW_TO_OLD)) {
        memcpy(chip->uc.planes[UC81XX_PLANE_OLD], chip->uc.planes[UC81XX_PLANE_NEW], UC81XX_PLANE_BYTES);
    }
    if (what == AUTO_SLEEP) {
        uc81xx_sleep(chip);
    }
}

// BDV of the UC8179, VBD of the others: which table drives the border. 01 and 10 are those of a change, to black and
// to white, or the other way round where 1 is black; the rest is taken to leave it as it is.
static uint8_t border(const struct chip *chip, bool one_is_white) {
    const uint8_t interval = chip->uc.registers.interval;
    const bool wide = uc81xx_model(chip)->wide;
    const int table = interval >> (wide ? WIDE_BORDER_SHIFT : SMALL_BORDER_SHIFT) & 3;
    if ((wide && (interval & WIDE_BORDER_FLOATS)) || table == 0 || table == 3) {
        return BORDER_STAYS;
    }
    return (table == 2) == one_is_white ? BORDER_TO_WHITE : BORDER_TO_BLACK;
}

struct glass_signal uc81xx_signal(const struct chip *chip) {
    const struct uc81xx_model *model = uc81xx_model(chip);
    const struct uc81xx_window window = uc81xx_current_window(chip);
    const bool one_is_white = chip->uc.registers.interval & (model->wide ? WIDE_ONE_IS_WHITE : SMALL_ONE_IS_WHITE);
    const int stride_bytes = model->columns / 8;
    const size_t start = (size_t)window.first_line * (size_t)stride_bytes + (size_t)window.first_byte;
    const uint8_t invert = one_is_white ? 0x00 : 0xFF;
    return (struct glass_signal){
        .new_bits = chip->uc.planes[UC81XX_PLANE_NEW] + start,
        .old_bits = chip->uc.planes[UC81XX_PLANE_OLD] + start,
        .new_and = 0xFF,
        .new_xor = invert,
        .old_and = 0xFF,
        .old_xor = invert,
        .stride_bytes = stride_bytes,
        .first_source = 8 * window.first_byte,
        .source_columns = 8 * (window.last_byte - window.first_byte + 1),
        .first_gate = window.first_line,
        .lines = window.last_line - window.first_line + 1,
        .full = chip->run.full,
        .border = border(chip, one_is_white),
    };
}
