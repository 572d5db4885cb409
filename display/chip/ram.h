// The two picture planes of an SSD168x and the address counters that walk over them (datasheet: RAM, commands
// 0x11, 0x24, 0x26, 0x44 to 0x47, 0x4E, 0x4F).
#ifndef KARANI_DISPLAY_CHIP_RAM_H
#define KARANI_DISPLAY_CHIP_RAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RAM_PLANE_BYTES = 50 * 300 }; // of the largest, the SSD1683's: 400 sources by 300 gates

enum ram_plane { RAM_PLANE_NEW, RAM_PLANE_OLD }; // written by 0x24 and by 0x26

// One address counter and its window. Going down, the window's start lies above its end.
struct ram_axis {
    int start;
    int end;
    int at;
    bool down;
};

struct ram {
    int row_bytes; // as many columns as the controller has sources
    int rows;      // as many as it has gates
    uint8_t bits[2][RAM_PLANE_BYTES];
    int new_bank;      // which of the two answers to 0x24; the other one to 0x26
    struct ram_axis x; // bytes
    struct ram_axis y; // lines
    bool y_first;      // AM: the address runs along Y first
};

// Counters and entry mode as after a reset, with the window that the controller has then; the planes stay.
void ram_reset_addresses(struct ram *ram, int last_x_byte, int last_line);

// Fills both planes with what a memory without power ends up with: noise, the same one for the same seed.
void ram_scramble(struct ram *ram, uint32_t seed);

void ram_swap_banks(struct ram *ram);

const uint8_t *ram_plane(const struct ram *ram, enum ram_plane plane);

// The window's ends lie in the order that the entry mode demands.
bool ram_window_is_ordered(const struct ram *ram);

// Both counters lie in the window, which is ordered.
bool ram_counters_are_inside(const struct ram *ram);

// Bytes from the counters to the end of the window. The counters must be inside.
size_t ram_room(const struct ram *ram);

// Writes at the counters, at most ram_room() bytes; the counters end at the window's start when it is full.
void ram_write(struct ram *ram, enum ram_plane plane, const uint8_t *bytes, size_t count);

// 0x46, 0x47: a chequered pattern over the whole plane. False when the pattern byte is out of range.
bool ram_fill_pattern(struct ram *ram, enum ram_plane plane, uint8_t pattern);

#endif
