// What is the SSD1680's own inside an emulated module: its registers, its commands (ssd1680.c) and the sequence that
// 0x20 starts (sequence.c).
#ifndef KARANI_DISPLAY_CHIP_SSD1680_H
#define KARANI_DISPLAY_CHIP_SSD1680_H

#include "display/chip/ram.h"

#include <stdbool.h>
#include <stdint.h>

struct chip;
struct chip_controller;
struct glass_signal;
struct ssd1680_command;

extern const struct chip_controller chip_ssd1680;

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
    enum ssd1680_waveform waveform;
    bool clock_on;
    bool analog_on; // the high voltage
};

// 0x20: starts what 0x22 says.
void ssd1680_start_sequence(struct chip *chip);

// What the outputs carry in the refresh that runs.
struct glass_signal ssd1680_signal(const struct chip *chip);

// The registers after the running sequence has gone through to its end.
void ssd1680_end_sequence(struct chip *chip);

#endif
