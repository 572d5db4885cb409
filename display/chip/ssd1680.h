// Inside the emulated SSD1680: its state, shared by its owner's side (chip.c), its pins
// (pins.c), its course in time (watch.c), its commands (ssd1680.c) and the sequence that 0x20 starts (sequence.c).
#ifndef KARANI_DISPLAY_CHIP_SSD1680_H
#define KARANI_DISPLAY_CHIP_SSD1680_H

#include "display/chip/chip.h"
#include "display/chip/glass.h"
#include "display/chip/ram.h"
#include "display/frame.h"
#include "display/wire.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ssd1680_command;

enum ssd1680_waveform { SSD1680_WAVEFORM_NONE, SSD1680_WAVEFORM_MODE_1, SSD1680_WAVEFORM_MODE_2, SSD1680_WAVEFORM_OWN };

enum ssd1680_sleep { SSD1680_AWAKE, SSD1680_SLEEP_KEEPS_RAM, SSD1680_SLEEP_LOSES_RAM };

// 0x22, facts 1.1.
enum ssd1680_sequence {
    SSD1680_CLOCK_ON = 0x80,
    SSD1680_ANALOG_ON = 0x40,
    SSD1680_LOAD_TEMPERATURE = 0x20,
    SSD1680_LOAD_WAVEFORM = 0x10,
    SSD1680_MODE_2 = 0x08,
    SSD1680_DISPLAY = 0x04,
    SSD1680_ANALOG_OFF = 0x02,
    SSD1680_CLOCK_OFF = 0x01,
};

struct ssd1680_registers {
    int mux;                // 0x01: the last line that is scanned
    uint8_t scan;           // 0x01: bit 2 GD, bit 1 SM, bit 0 TB
    int first_gate;         // 0x0F
    uint8_t sensor;         // 0x18
    uint8_t plane_options;  // 0x21 A
    uint8_t source_range;   // 0x21 B
    uint8_t sequence;       // 0x22
    uint8_t border;         // 0x3C
    bool ping_pong;         // 0x37 F6, or the OTP's
    bool temperature_known; // measured or written
    enum ssd1680_waveform waveform;
    bool clock_on;
    bool analog_on; // the high voltage
};

// What 0x20 has started.
struct ssd1680_run {
    bool active;
    uint8_t sequence;
    bool displays;
    bool full;
    bool hung;   // BUSY was stuck high meanwhile: it ends by reset, by power, or when the line is free again
    bool lied;   // BUSY was shown low meanwhile by a fault: the driver cannot know that it runs
    bool astray; // started by a driver that a fault had led astray: it cannot know what this shows
    int64_t start_ms;
    int64_t end_ms;      // by the row's timings
    int64_t deadline_ms; // until then a driver must wait for it
};

struct chip {
    struct wire wire; // first: the wire's functions find the chip by it
    struct chip_setup setup;
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

    struct ram ram;
    struct ssd1680_registers registers;
    enum ssd1680_sleep sleep;
    struct ssd1680_run run;

    int64_t heard_ms; // when the byte that is being heard arrived

    const struct ssd1680_command *command; // the one whose parameters arrive; NULL: none
    uint8_t parameters[16];                // longer ones are counted only
    size_t parameter_count;
    size_t room; // of a plane write: bytes until its window is full

    int64_t busy_from_ms; // after a reset: BUSY is high from … until
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

// The run of a sequence (watch.c). Ending drives the glass as far as the refresh has come; finishing goes on to what
// the sequence does after it.
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
bool chip_line_level(const struct chip *chip, int64_t now_ms);

// Registers and voltages as after power-up or a hardware reset.
void chip_lose_state(struct chip *chip);

// A reset or a short job keeps BUSY high from … until.
void chip_set_busy_span(struct chip *chip, int64_t from_ms, int64_t until_ms);

// The registers as after power-up or reset; the voltages stay as they are.
void ssd1680_reset_registers(struct chip *chip);

// Forgets a command whose parameters are still arriving.
void ssd1680_forget_command(struct chip *chip);

// A byte with D/C low, and bytes with D/C high, that the chip hears.
void ssd1680_command(struct chip *chip, uint8_t code);
void ssd1680_data(struct chip *chip, const uint8_t *bytes, size_t count);

// 0x20: starts what 0x22 says.
void ssd1680_start_sequence(struct chip *chip);

// What the outputs carry in the refresh that runs.
struct glass_signal ssd1680_signal(const struct chip *chip);

// The registers after the running sequence has gone through to its end.
void ssd1680_end_sequence(struct chip *chip);

#endif
