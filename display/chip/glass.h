// The glass of an emulated panel: a picture that stays without power, and what a refresh makes of it. It knows how it
// is bonded to the controller's outputs, and nothing of commands or time.
#ifndef KARANI_DISPLAY_CHIP_GLASS_H
#define KARANI_DISPLAY_CHIP_GLASS_H

#include "display/frame/frame.h"

#include <stdbool.h>
#include <stdint.h>

struct panel_row;
struct bits;

enum {
    GLASS_COUNTER_BITS = 5, // drives are counted up to 31 and stay there
    GLASS_STEPS = 192,      // steps of a refresh: three stages of 64 in a full one
};

// What a controller puts on its outputs in one refresh, as its registers say.
struct glass_signal {
    const uint8_t *new_bits; // planes of rows × stride_bytes; 1 = white
    const uint8_t *old_bits;
    uint8_t new_and, new_xor; // a plane's byte reaches the outputs as (byte & and) ^ xor: normal, bypassed, inverted
    uint8_t old_and, old_xor;
    int stride_bytes;
    int first_source;   // the output that the leftmost column of the RAM drives
    int source_columns; // so many columns of the RAM have an output
    int first_gate;     // the gate that the first line of the RAM drives
    int lines;          // so many lines are scanned
    bool from_last;     // TB: from the last gate to the first
    bool interlaced;    // SM: even gates first, then odd ones
    bool odd_first;     // GD: neighbouring gates change places
    bool full;          // mode 1; else by old and new
    uint8_t border;     // 0x3C
};

struct glass {
    const struct panel_row *row;
    struct frame shown;  // in the controller's orientation: sources × gates
    struct bits *drives; // bit-sliced counters: for each gate GLASS_COUNTER_BITS rows of bits
    bool border_white;
};

// A white glass. 0 or -ENOMEM.
int glass_init(struct glass *glass, const struct panel_row *row);
void glass_clear(struct glass *glass); // also zero-initialised ones

// Drives the glass for `steps` of GLASS_STEPS: all of them is a finished refresh, fewer one that was cut short.
void glass_drive(struct glass *glass, const struct glass_signal *signal, int steps);

// What the glass looks like `steps` into a refresh that goes on; `picture` has the size of `shown`.
void glass_picture_at(const struct glass *glass, const struct glass_signal *signal, int steps, struct frame *picture);

// Pixels where the old plane is not what the glass shows.
int glass_count_stale_px(const struct glass *glass, const struct glass_signal *signal);

// How often a pixel was driven since the last full refresh; in the controller's orientation.
int glass_drives(const struct glass *glass, int source, int gate);

#endif
