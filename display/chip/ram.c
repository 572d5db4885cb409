// The planes of an SSD168x and the walk over them in all four directions, either axis first.
#include "display/chip/ram.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void ram_reset_addresses(struct ram *ram, int last_x_byte, int last_line) {
    ram->x = (struct ram_axis){.start = 0, .end = last_x_byte};
    ram->y = (struct ram_axis){.start = 0, .end = last_line};
    ram->y_first = false;
}

// xorshift32 (G. Marsaglia, "Xorshift RNGs", 2003): any repeatable noise would do.
void ram_scramble(struct ram *ram, uint32_t seed) {
    uint32_t noise = seed * 2654435761u | 1u;
    for (int bank = 0; bank < 2; bank++) {
        for (int i = 0; i < RAM_PLANE_BYTES; i++) {
            noise ^= noise << 13;
            noise ^= noise >> 17;
            noise ^= noise << 5;
            ram->bits[bank][i] = (uint8_t)(noise >> 24);
        }
    }
}

void ram_swap_banks(struct ram *ram) {
    ram->new_bank = 1 - ram->new_bank;
}

static int bank_of_plane(const struct ram *ram, enum ram_plane plane) {
    return plane == RAM_PLANE_NEW ? ram->new_bank : 1 - ram->new_bank;
}

const uint8_t *ram_plane(const struct ram *ram, enum ram_plane plane) {
    return ram->bits[bank_of_plane(ram, plane)];
}

static bool axis_is_ordered(const struct ram_axis *axis) {
    return axis->down ? axis->start >= axis->end : axis->start <= axis->end;
}

static bool axis_is_inside(const struct ram_axis *axis) {
    return axis->down ? axis->start >= axis->at && axis->at >= axis->end
                      : axis->start <= axis->at && axis->at <= axis->end;
}

static size_t axis_length(const struct ram_axis *axis) {
    return (size_t)abs(axis->end - axis->start) + 1;
}

static size_t axis_left(const struct ram_axis *axis) {
    return (size_t)abs(axis->end - axis->at) + 1;
}

// Moves the counter on by `steps`; back to the window's start, and true, when that was its end.
static bool axis_advance(struct ram_axis *axis, size_t steps) {
    if (steps >= axis_left(axis)) {
        axis->at = axis->start;
        return true;
    }
    axis->at += axis->down ? -(int)steps : (int)steps;
    return false;
}

bool ram_window_is_ordered(const struct ram *ram) {
    return axis_is_ordered(&ram->x) && axis_is_ordered(&ram->y);
}

bool ram_counters_are_inside(const struct ram *ram) {
    return ram_window_is_ordered(ram) && axis_is_inside(&ram->x) && axis_is_inside(&ram->y);
}

size_t ram_room(const struct ram *ram) {
    assert(ram_counters_are_inside(ram));
    const struct ram_axis *fast = ram->y_first ? &ram->y : &ram->x;
    const struct ram_axis *slow = ram->y_first ? &ram->x : &ram->y;
    return (axis_left(slow) - 1) * axis_length(fast) + axis_left(fast);
}

// How many bytes lie side by side in memory from the counters on: a piece of a row in the plain direction, else one.
static size_t run_length(const struct ram *ram, size_t count) {
    if (ram->y_first || ram->x.down) {
        return 1;
    }
    size_t left = axis_left(&ram->x);
    return count < left ? count : left;
}

void ram_write(struct ram *ram, enum ram_plane plane, const uint8_t *bytes, size_t count) {
    assert(count <= ram_room(ram));
    uint8_t *bits = ram->bits[bank_of_plane(ram, plane)];
    struct ram_axis *fast = ram->y_first ? &ram->y : &ram->x;
    struct ram_axis *slow = ram->y_first ? &ram->x : &ram->y;
    while (count > 0) {
        size_t run = run_length(ram, count);
        memcpy(bits + (size_t)ram->y.at * (size_t)ram->row_bytes + ram->x.at, bytes, run);
        if (axis_advance(fast, run)) {
            axis_advance(slow, 1);
        }
        bytes += run;
        count -= run;
    }
}

static int smaller(int a, int b) {
    return a < b ? a : b;
}

// Datasheet, 0x46: A7 the first value, A6:4 the height of a step (8 lines × 2^n, at most all of them), A2:0 its width
// (8 columns × 2^n, likewise). The SSD1680's ends at 110 with 296 lines and at 101 with 176 columns; the codes above
// stand for "not available", but F7 is used for "all ones" in public drivers, so they count as the whole plane here.
bool ram_fill_pattern(struct ram *ram, enum ram_plane plane, uint8_t pattern) {
    if (pattern & 0x08) {
        return false;
    }
    int height = smaller(8 << (pattern >> 4 & 7), ram->rows);
    int width = smaller(1 << (pattern & 7), ram->row_bytes);
    uint8_t *bits = ram->bits[bank_of_plane(ram, plane)];
    for (int y = 0; y < ram->rows; y++) {
        for (int x = 0; x < ram->row_bytes; x++) {
            bool one = (pattern >> 7 & 1) ^ (y / height & 1) ^ (x / width & 1);
            bits[y * ram->row_bytes + x] = one ? 0xFF : 0x00;
        }
    }
    return true;
}
