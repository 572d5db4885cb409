// The pins of an emulated module: supply, RES#, BUSY, and the bytes that come over SPI. Facts: the datasheets.
#include "display/chip/module.h"

#include "display/panel/rows.h"

#include <assert.h>
#include <inttypes.h>

enum {
    RESET_BUSY_MS = 2, // BUSY after power-up and reset; the datasheets give no number
    SETTLE_MS = 10,    // no byte before, after power-up and reset (SSD1680 datasheet; the UC drivers wait longer)
};

void chip_set_busy_span(struct chip *chip, int64_t from_ms, int64_t until_ms) {
    chip->busy_from_ms = from_ms;
    chip->busy_until_ms = until_ms;
}

// After power-up and after reset.
static void begin_to_settle(struct chip *chip, int64_t now_ms, const char *after) {
    chip_set_busy_span(chip, now_ms, now_ms + RESET_BUSY_MS);
    chip->ready_ms = now_ms + SETTLE_MS;
    chip->ready_after = after;
}

// Everything but the planes as after power-up or a hardware reset.
static void lose_state(struct chip *chip) {
    chip->controller->reset(chip);
    chip->controller->forget_command(chip);
    chip->asleep = false;
    chip->busy_until_ms = chip->busy_from_ms;
}

static void lose_power(struct chip *chip, int64_t now_ms) {
    if (chip->run.active) {
        chip_end_run(chip, now_ms);
    }
    lose_state(chip);
    chip->powered = false;
    chip->in_reset = false;
    chip->astray = false;
    chip->full_seen = false;
    chip->awake_since_ms = INT64_MAX;
    chip->analog_since_ms = INT64_MAX;
}

static void gain_power(struct chip *chip, int64_t now_ms) {
    chip->powered = true;
    chip->full_due_from_ms = now_ms;
    chip->controller->scramble(chip, ++chip->power_ups);
    begin_to_settle(chip, now_ms, "power-up");
}

static void begin_reset(struct chip *chip, int64_t now_ms) {
    chip->in_reset = true;
    if (chip_run_must_not_be_cut(chip, now_ms)) {
        chip_violate(chip, "reset-in-refresh", "reset %" PRId64 " ms into a refresh that may take %" PRId64 " ms",
                     now_ms - chip->run.start_ms, chip->run.deadline_ms - chip->run.start_ms);
    }
    if (chip->run.active) {
        chip_end_run(chip, now_ms);
    }
    lose_state(chip);
    chip->astray = false;
}

static void end_reset(struct chip *chip, int64_t now_ms) {
    chip->in_reset = false;
    begin_to_settle(chip, now_ms, "reset");
}

// Lets the chip feel what its supply and its RES# pin say by now.
void chip_follow_pins(struct chip *chip, int64_t now_ms) {
    if (!chip->plugged) {
        return;
    }
    bool powered = chip->supply_on && chip->power_pin;
    if (chip->powered && !powered) {
        lose_power(chip, now_ms);
    } else if (!chip->powered && powered) {
        gain_power(chip, now_ms);
    }
    if (!chip->powered || chip->in_reset == chip->reset_pin) {
        return;
    }
    if (chip->reset_deaf) {
        chip->astray = true;
        return;
    }
    if (chip->reset_pin) {
        begin_reset(chip, now_ms);
    } else {
        end_reset(chip, now_ms);
    }
}

static struct chip *chip_of_wire(struct wire *wire) {
    static_assert(offsetof(struct chip, wire) == 0, "the wire leads to its chip");
    return (struct chip *)wire;
}

static bool chip_is_busy(const struct chip *chip, int64_t now_ms) {
    return chip_run_is_busy(chip, now_ms) || now_ms < chip->busy_until_ms;
}

// The BUSY line says idle against the truth: what the driver sends is lost, and not its fault.
static bool driver_is_misled(const struct chip *chip, int64_t now_ms) {
    return chip->busy_stuck && !chip_line_is_busy(chip, now_ms) && !chip->asleep && chip_is_busy(chip, now_ms);
}

// Whether the chip hears a byte now, a command or (-1) data; names what is wrong about it.
static bool hears_byte(struct chip *chip, int command, int64_t now_ms) {
    const int64_t spi_max_hz = chip->controller->spi_max_hz;
    int64_t spi_hz = chip->setup.spi_hz ? chip->setup.spi_hz : chip->setup.row->spi_hz;
    if (!chip->plugged || !chip->supply_on) {
        return false;
    }
    if (spi_hz > spi_max_hz) {
        chip_violate(chip, "spi-too-fast", "the SPI clock is %" PRId64 " Hz, the controller takes %" PRId64, spi_hz,
                     spi_max_hz);
    }
    if (!chip->powered) {
        chip_violate(chip, "byte-without-power", "a byte came while the PWR line was off");
    } else if (chip->in_reset) {
        chip_violate(chip, "byte-in-reset", "a byte came while RES# was low");
    } else if (driver_is_misled(chip, now_ms)) {
        return false;
    } else if (chip->asleep) {
        chip_violate(chip, "byte-in-deep-sleep", "a byte came in deep sleep, which only a reset ends");
    } else if (chip_is_busy(chip, now_ms) && (command < 0 || command != chip->controller->status_command)) {
        chip_violate(chip, "byte-while-busy", "a byte came while the controller was busy");
    } else if (now_ms < chip->ready_ms) {
        chip_violate(chip, "byte-too-soon", "a byte came %" PRId64 " ms before the %d ms after %s were over",
                     chip->ready_ms - now_ms, SETTLE_MS, chip->ready_after);
    } else {
        return true;
    }
    return false;
}

static int wire_command(struct wire *wire, uint8_t command) {
    struct chip *chip = chip_of_wire(wire);
    int64_t now_ms = chip_now_ms(chip);
    chip_catch_up(chip, now_ms);
    chip->heard_ms = now_ms;
    if (hears_byte(chip, command, now_ms)) {
        chip->controller->command(chip, command);
    }
    return 0;
}

static int wire_data(struct wire *wire, const uint8_t *bytes, size_t count) {
    struct chip *chip = chip_of_wire(wire);
    int64_t now_ms = chip_now_ms(chip);
    chip_catch_up(chip, now_ms);
    chip->heard_ms = now_ms;
    if (!hears_byte(chip, -1, now_ms)) {
        return 0;
    }
    if (count > wire->max_message) {
        chip_violate(chip, "message-too-long", "a message of %zu bytes; the bus takes %zu", count, wire->max_message);
    }
    chip->controller->data(chip, bytes, count);
    return 0;
}

static int wire_reset(struct wire *wire, bool asserted) {
    struct chip *chip = chip_of_wire(wire);
    int64_t now_ms = chip_now_ms(chip);
    chip_catch_up(chip, now_ms);
    chip->reset_pin = asserted;
    chip_follow_pins(chip, now_ms);
    return 0;
}

static int wire_power(struct wire *wire, bool on) {
    struct chip *chip = chip_of_wire(wire);
    int64_t now_ms = chip_now_ms(chip);
    chip_catch_up(chip, now_ms);
    if (!on && chip->plugged && chip_run_must_not_be_cut(chip, now_ms)) {
        chip_violate(chip, "power-off-in-refresh", "PWR went off %" PRId64 " ms into a refresh",
                     now_ms - chip->run.start_ms);
    }
    chip->power_pin = on;
    chip_follow_pins(chip, now_ms);
    return 0;
}

// The level that the chip itself puts on BUSY. That it says busy while RES# is low is a guess: a driver must not look
// then.
static bool chip_busy_level(const struct chip *chip, int64_t now_ms) {
    if (!chip->powered) {
        return false;
    }
    const bool busy = chip->in_reset || chip->asleep || chip_run_is_busy(chip, now_ms) ||
                      (now_ms >= chip->busy_from_ms && now_ms < chip->busy_until_ms);
    return busy == chip->controller->busy_level;
}

bool chip_line_level(const struct chip *chip, int64_t now_ms) {
    if (!chip->plugged) {
        return false;
    }
    return chip->busy_stuck ? chip->stuck_level : chip_busy_level(chip, now_ms);
}

bool chip_line_is_busy(const struct chip *chip, int64_t now_ms) {
    return chip_line_level(chip, now_ms) == chip->controller->busy_level;
}

static int wire_busy(struct wire *wire, bool *high) {
    struct chip *chip = chip_of_wire(wire);
    int64_t now_ms = chip_now_ms(chip);
    chip_catch_up(chip, now_ms);
    *high = chip_line_level(chip, now_ms);
    return 0;
}

const struct wire_ops chip_wire_ops = {
    .command = wire_command,
    .data = wire_data,
    .reset = wire_reset,
    .power = wire_power,
    .busy = wire_busy,
};
