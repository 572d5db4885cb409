// What is the UltraChip family's own inside an emulated module (UC8151D, UC8176, UC8179): planes, registers, how
// commands arrive (uc81xx.c), what they do (uc81xx_commands.c), and what switches the voltages and drives the glass
// (uc81xx_drive.c).
#ifndef KARANI_DISPLAY_CHIP_UC81XX_H
#define KARANI_DISPLAY_CHIP_UC81XX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct chip;
struct chip_controller;
struct glass_signal;
struct panel_row;

enum { UC81XX_PLANE_BYTES = 100 * 600 }; // the largest: 800 sources × 600 gates

// Written by 0x10 and by 0x13.
enum uc81xx_plane { UC81XX_PLANE_OLD, UC81XX_PLANE_NEW, UC81XX_PLANE_COUNT };

// Tables that can be loaded, 0x20 to 0x24: the common electrode, and what an old and a new pixel make of each other.
enum uc81xx_lut { UC81XX_LUT_VCOM, UC81XX_LUT_WW, UC81XX_LUT_KW, UC81XX_LUT_WK, UC81XX_LUT_KK, UC81XX_LUT_COUNT };

// What a table does to a pixel last.
enum uc81xx_end { UC81XX_END_UNTOUCHED, UC81XX_END_BLACK, UC81XX_END_WHITE };

// A rectangle of the RAM: bytes by lines, ends included.
struct uc81xx_window {
    int first_byte;
    int last_byte;
    int first_line;
    int last_line;
};

struct uc81xx_registers {
    uint8_t panel; // 0x00
    int width_px;  // 0x61, or by 0x00
    int height_px;
    bool size_given;             // by 0x61
    uint8_t interval;            // 0x50, first byte
    struct uc81xx_window window; // 0x90
    bool in_window;              // 0x91, 0x92
    uint8_t cascade;             // 0xE0
    uint8_t temperature;         // 0xE5
    bool lut_loaded[UC81XX_LUT_COUNT];
    enum uc81xx_end lut_end[UC81XX_LUT_COUNT];
    bool high_voltage_on;
};

// As bits, for the commands that they take.
enum { UC8151D = 1, UC8176 = 2, UC8179 = 4 };

enum { UC81XX_PLANE_DATA = -1 }; // as many parameters as the window has bytes

struct uc81xx_command {
    uint8_t code;
    unsigned models;
    int parameters_min;
    int parameters_max;
    // Returns false when a parameter is out of range. NULL: taken, without an effect that this emulation knows. Called
    // whenever there are enough parameters: an optional one that comes late makes it be called again.
    bool (*apply)(struct chip *chip, const uint8_t *parameters);
};

// In what the three differ.
struct uc81xx_model {
    unsigned bit; // in the command table
    int columns;  // of the RAM
    int lines;
    bool wide;        // UC8179: 0x50 has two bytes and may copy new to old, forced temperatures choose the waveform
    uint8_t interval; // 0x50 after reset
    int64_t power_on_ms;
    int64_t power_off_ms;
};

struct uc81xx {
    uint8_t planes[UC81XX_PLANE_COUNT][UC81XX_PLANE_BYTES];
    struct uc81xx_registers registers;
    const struct uc81xx_command *command; // the one whose parameters arrive; NULL: none
    size_t written;                       // bytes of the plane write that arrives
};

// The chip that the scripts of a row are written for; NULL when it is none of the family.
const struct chip_controller *uc81xx_controller_find(const struct panel_row *row);

const struct uc81xx_model *uc81xx_model(const struct chip *chip);

// NULL: this model takes no such command over this wire.
const struct uc81xx_command *uc81xx_command_find(const struct chip *chip, uint8_t code);

// The size by the panel setting's two highest bits, for who does not send 0x61. They mean nothing on the UC8179.
void uc81xx_set_size_by_panel(struct chip *chip);

// Registers as after power-up or reset, the voltages off; the planes stay.
void uc81xx_reset(struct chip *chip);

void uc81xx_scramble(struct chip *chip, uint32_t seed);

// What plane data and refreshes go to now: the window, or all of the glass.
struct uc81xx_window uc81xx_current_window(const struct chip *chip);

// 0x02, 0x04, 0x12, 0x17: keep the controller busy.
void uc81xx_start_power_off(struct chip *chip);
void uc81xx_start_power_on(struct chip *chip);
void uc81xx_start_refresh(struct chip *chip);
void uc81xx_start_auto(struct chip *chip, uint8_t how);

// 0x07 A5: deep sleep. The planes are taken to be lost: no source says that they stay.
void uc81xx_sleep(struct chip *chip);

// The end of a loaded table: 7 groups of 6 bytes (levels of 4 phases, their frames, repetitions).
enum uc81xx_end uc81xx_end_of_lut(const uint8_t *lut);

void uc81xx_end_run(struct chip *chip);
bool uc81xx_high_voltage_is_on(const struct chip *chip);
struct glass_signal uc81xx_signal(const struct chip *chip);

#endif
