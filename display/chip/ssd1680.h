// What is the SSD168x's own inside an emulated module: how they differ (ssd1680_kinds.c), registers, how
// commands arrive (ssd1680.c), what they do (ssd1680_commands.c), and the sequence that 0x20 starts (sequence.c).
#ifndef KARANI_DISPLAY_CHIP_SSD1680_H
#define KARANI_DISPLAY_CHIP_SSD1680_H

#include "display/chip/ram.h"

#include <stdbool.h>
#include <stdint.h>

struct chip;
struct chip_controller;
struct glass_signal;
struct panel_row;

// The chip that the scripts of a row are written for; NULL when it is none of the family.
const struct chip_controller *ssd1680_controller_find(const struct panel_row *row);

// How the members of the family differ (ssd1680_kinds.c).
struct ssd1680_kind {
    const char *name; // its controller's
    int sources;      // columns of the RAM
    int gates;        // lines of the RAM; all of them are scanned after a reset
    int por_last_x_byte;
    int por_last_line;
    bool has_gate_start;    // 0x0F
    int temperature_bytes;  // 0x1A
    int waveform_bytes;     // 0x32
    uint8_t source_options; // the bits that the second byte of 0x21 may have
    bool full_has_red;      // display mode 1 takes the old plane for red, unless 0x21 bypasses it
    int sleep_keeping_ram_na;
    int sleep_losing_ram_na;
};

enum ssd1680_waveform { SSD1680_WAVEFORM_NONE, SSD1680_WAVEFORM_MODE_1, SSD1680_WAVEFORM_MODE_2, SSD1680_WAVEFORM_OWN };

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
    bool temperature_told;  // written: the waveform that is loaded next may be a shorter one
    bool waveform_is_fast;  // it was loaded for a temperature that was written
    enum ssd1680_waveform waveform;
    int sleep_current_na; // -1 while awake
    bool clock_on;
    bool analog_on; // the high voltage
};

// The description of the row's controller; NULL when it is none of the family.
const struct ssd1680_kind *ssd1680_kind_find(const struct panel_row *row);

// What the datasheet says of the current it draws now, in deep sleep; 0 without power, -1 when it is awake.
int ssd1680_sleep_current_na(const struct chip *chip);

// How many parameters a command has, where that is no fixed number.
enum {
    SSD1680_PLANE_DATA = -1,  // as many as the window has bytes
    SSD1680_TEMPERATURE = -2, // as many as the kind has
    SSD1680_WAVEFORM = -3,    // the same
};

struct ssd1680_command {
    uint8_t code;
    int parameters;
    // Returns false when a parameter is out of range. NULL: taken, without an effect that this emulation knows.
    bool (*apply)(struct chip *chip, const uint8_t *parameters);
};

// NULL: this kind takes no such command over this wire.
const struct ssd1680_command *ssd1680_command_find(const struct chip *chip, uint8_t code);

// As after power-up, but for the clock and the high voltage; the planes stay.
void ssd1680_reset_registers(struct chip *chip);

// 0x20: starts what 0x22 says.
void ssd1680_start_sequence(struct chip *chip);

// What the outputs carry in the refresh that runs.
struct glass_signal ssd1680_signal(const struct chip *chip);

// The registers after the running sequence has gone through to its end.
void ssd1680_end_sequence(struct chip *chip);

#endif
