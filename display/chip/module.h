// Inside an emulated module, whatever its controller: its state, shared by its owner's side (chip.c), its pins
// (pins.c), its course in time (watch.c) and the family its controller is of (ssd1680.c, uc81xx.c).
#ifndef KARANI_DISPLAY_CHIP_MODULE_H
#define KARANI_DISPLAY_CHIP_MODULE_H

#include "display/chip/chip.h"
#include "display/chip/glass.h"
#include "display/chip/ssd1680.h"
#include "display/chip/uc81xx.h"
#include "display/frame/frame.h"
#include "display/wire/wire.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What a command has started that keeps the controller busy.
struct chip_run {
    bool active;
    uint8_t what; // SSD: the sequence of 0x22; UC: the command
    bool displays;
    bool full;
    bool hung;   // a refresh while BUSY was stuck as busy: it ends by reset, by power, or when the line is free again
    bool lied;   // BUSY was shown idle meanwhile by a fault: the driver cannot know that it runs
    bool astray; // started by a driver that a fault had led astray: it cannot know what this shows
    int64_t start_ms;
    int64_t end_ms;      // by the row's timings
    int64_t deadline_ms; // until then a driver must wait for it
};

// A family of controllers: what it makes of pins, bytes and time. One const table each.
struct chip_controller {
    const char *name;
    bool busy_level; // of the BUSY line while the controller is busy
    int64_t spi_max_hz;
    int status_command; // may come while busy; -1: none

    void (*init)(struct chip *chip);                    // once, when the chip is made; NULL: nothing to do
    void (*reset)(struct chip *chip);                   // registers and voltages as after power-up or RES#
    void (*scramble)(struct chip *chip, uint32_t seed); // the planes as a memory without power ends up
    // A byte with D/C low, and bytes with D/C high, that the chip hears.
    void (*command)(struct chip *chip, uint8_t code);
    void (*data)(struct chip *chip, const uint8_t *bytes, size_t count);
    void (*forget_command)(struct chip *chip); // whose parameters are still arriving
    void (*end_run)(struct chip *chip);        // the registers after the run has gone through to its end
    bool (*high_voltage_is_on)(const struct chip *chip);
    struct glass_signal (*signal)(const struct chip *chip); // what the outputs carry in the refresh that runs

    const struct uc81xx_model *uc; // of the UC family, which of them; else NULL
};

struct chip {
    struct wire wire; // first: the wire's functions find the chip by it
    struct chip_setup setup;
    const struct chip_controller *controller;
    struct glass glass;
    struct frame picture; // in the controller's orientation, for a look into a running refresh
    struct frame reader;  // what chip_glass() hands out
    bool reader_is_fresh;

    bool supply_on; // the board's
    bool power_pin; // the HAT's PWR line
    bool reset_pin; // asserted
    bool powered;   // what the chip feels of these three, as long as it is plugged in
    bool in_reset;
    bool plugged;
    bool reset_deaf;
    bool astray; // the ribbon was out, or a reset was not felt: until the next one the driver knows the chip wrongly
    bool busy_stuck;
    bool stuck_level;
    uint32_t power_ups;

    bool asleep; // in deep sleep
    struct chip_run run;

    int64_t heard_ms; // when the byte that is being heard arrived

    uint8_t parameters[64]; // of the command that arrives; longer ones are counted only
    size_t parameter_count;
    size_t room; // of a plane write: bytes until its window is full

    // What only one family has.
    union {
        struct {
            const struct ssd1680_kind *kind;
            struct ram ram;
            struct ssd1680_registers registers;
            const struct ssd1680_command *command; // the one whose parameters arrive; NULL: none
        };
        struct uc81xx uc;
    };

    int64_t busy_from_ms; // after a reset: BUSY says busy from … until
    int64_t busy_until_ms;
    int64_t ready_ms; // bytes are welcome from here on
    const char *ready_after;

    bool full_seen;         // a full refresh since power-up
    int partials;           // since the last full refresh
    bool glass_by_accident; // a refresh was cut short, or astray: the driver cannot know what the glass shows
    int cuts;
    int64_t full_due_from_ms; // the 24 h count from here: power-up, full refresh, end of a fault
    int64_t awake_since_ms;   // the 3 s count from here, the end of a refresh; INT64_MAX: nothing to put to sleep
    int64_t analog_since_ms;  // the same for the high voltage: the end of a sequence that left it on

    const char *violation;
    char detail[200];
};

// Keeps the first violation. What a driver sends that a fault has led astray is none.
__attribute__((format(printf, 3, 4))) void chip_violate(struct chip *chip, const char *name, const char *format, ...);

// The same for what did not come in time: being astray excuses no idleness.
__attribute__((format(printf, 3, 4))) void chip_overdue(struct chip *chip, const char *name, const char *format, ...);

int64_t chip_now_ms(const struct chip *chip);

// chip_watch(), at a time that was already asked for: everything that has happened by itself until now.
void chip_catch_up(struct chip *chip, int64_t now_ms);

// Begins a run at the byte that is being heard (watch.c): `what`, `displays` and `full` are given. A differential
// refresh is held against the rules of one.
void chip_begin_run(struct chip *chip, struct chip_run run, int64_t duration_ms);

// The run (watch.c). Ending drives the glass as far as the refresh has come; finishing goes on to what
// comes after it.
bool chip_run_is_busy(const struct chip *chip, int64_t now_ms);
bool chip_run_must_not_be_cut(const struct chip *chip, int64_t now_ms);
int chip_run_steps(const struct chip *chip, int64_t now_ms); // of GLASS_STEPS
void chip_end_run(struct chip *chip, int64_t now_ms);
void chip_finish_run(struct chip *chip, int64_t now_ms);

// Some fault of the module is set now.
bool chip_has_fault(const struct chip *chip);

// The pins (pins.c).
extern const struct wire_ops chip_wire_ops;

// Lets the chip feel what its supply and its RES# pin say by now.
void chip_follow_pins(struct chip *chip, int64_t now_ms);
bool chip_line_is_busy(const struct chip *chip, int64_t now_ms); // for who reads it as the controller's
bool chip_line_level(const struct chip *chip, int64_t now_ms);

// A reset or a short job has BUSY say busy from … until.
void chip_set_busy_span(struct chip *chip, int64_t from_ms, int64_t until_ms);

#endif
