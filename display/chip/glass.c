// The glass of an emulated panel: full and differential refreshes, finished or cut short, a row of pixels at a time.
#include "display/chip/glass.h"

#include "display/panel/rows.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { STAGE_STEPS = GLASS_STEPS / 3, ROW_WORDS = 13 }; // of 64 pixels: 800 and more

// A row of pixels in the order of its bytes in memory; bits beyond the row are 0.
struct bits {
    uint64_t word[ROW_WORDS];
};

static size_t drives_count(const struct frame *shown) {
    return (size_t)shown->height_px * GLASS_COUNTER_BITS;
}

int glass_init(struct glass *glass, const struct panel_row *row) {
    assert((row->sources + 7) / 8 <= (int)sizeof(struct bits));
    struct frame shown;
    int error = frame_init(&shown, row->sources, row->gates);
    if (error) {
        return error;
    }
    struct bits *drives = calloc(drives_count(&shown), sizeof *drives);
    if (!drives) {
        frame_clear(&shown);
        return -ENOMEM;
    }
    *glass = (struct glass){.row = row, .shown = shown, .drives = drives, .border_white = true};
    return 0;
}

void glass_clear(struct glass *glass) {
    frame_clear(&glass->shown);
    free(glass->drives);
    *glass = (struct glass){0};
}

// The gate that a line of the RAM drives (datasheet, 0x01 and 0x0F); it may lie beyond this glass.
static int gate_of_line(const struct glass_signal *signal, int line) {
    int gate = signal->from_last ? signal->lines - 1 - line : line;
    if (signal->interlaced) {
        int evens = (signal->lines + 1) / 2;
        gate = gate < evens ? 2 * gate : 2 * (gate - evens) + 1;
    }
    if (signal->odd_first) {
        gate ^= 1;
    }
    return gate + signal->first_gate;
}

// The part of a glass row that the RAM reaches, and the byte of a RAM row where it begins. The bonding decides: the
// row's source range and X offset say on which output the leftmost column of the glass hangs.
struct reach {
    int first_byte;
    int byte_count;
    int ram_byte;
    int words;        // that a row of this glass fills
    struct bits mask; // its pixels, without the pad bits at the right
};

static struct reach glass_reach(const struct glass *glass, const struct glass_signal *signal) {
    const struct frame *shown = &glass->shown;
    int bonded_source = (glass->row->source_range & 0x80 ? 8 : 0) + 8 * glass->row->x_byte_offset;
    int shift_bytes = (bonded_source - signal->first_source) / 8;
    int first = shift_bytes < 0 ? -shift_bytes : 0;
    int end = signal->source_columns / 8 - shift_bytes;
    if (end > shown->stride_bytes) {
        end = shown->stride_bytes;
    }
    struct reach reach = {.first_byte = first,
                          .byte_count = end - first,
                          .ram_byte = first + shift_bytes,
                          .words = (shown->stride_bytes + 7) / 8};
    uint8_t *mask = (uint8_t *)reach.mask.word;
    memset(mask + first, 0xFF, (size_t)reach.byte_count);
    mask[shown->stride_bytes - 1] &= (uint8_t)(0xFF << (shown->stride_bytes * 8 - shown->width_px));
    return reach;
}

static uint64_t every_byte(uint8_t byte) {
    return byte * 0x0101010101010101u;
}

static struct bits row_load(const uint8_t *bytes, int count) {
    struct bits row = {{0}};
    memcpy(row.word, bytes, (size_t)count);
    return row;
}

// A line of a plane as it comes out of the controller, laid where it meets the glass.
static struct bits row_from_plane(const uint8_t *plane, uint8_t and_mask, uint8_t xor_mask, int at,
                                  const struct reach *reach) {
    struct bits row = {{0}};
    memcpy((uint8_t *)row.word + reach->first_byte, plane + at, (size_t)reach->byte_count);
    for (int i = 0; i < reach->words; i++) {
        row.word[i] = (row.word[i] & every_byte(and_mask)) ^ every_byte(xor_mask);
    }
    return row;
}

// Which of 8 neighbouring pixels have moved after `level` of STAGE_STEPS: an ordered dither (B. E. Bayer, 1973), so
// that a refresh cut short leaves the same grey every time.
static uint8_t moved_pixels(int gate, int level) {
    static const uint8_t order[8][8] = {
        {0, 32, 8, 40, 2, 34, 10, 42},    {48, 16, 56, 24, 50, 18, 58, 26}, {12, 44, 4, 36, 14, 46, 6, 38},
        {60, 28, 52, 20, 62, 30, 54, 22}, {3, 35, 11, 43, 1, 33, 9, 41},    {51, 19, 59, 27, 49, 17, 57, 25},
        {15, 47, 7, 39, 13, 45, 5, 37},   {63, 31, 55, 23, 61, 29, 53, 21},
    };
    if (level >= STAGE_STEPS) {
        return 0xFF;
    }
    unsigned mask = 0;
    for (int i = 0; i < 8; i++) {
        mask = mask << 1 | (order[gate & 7][i] < level ? 1u : 0u);
    }
    return (uint8_t)mask;
}

static uint64_t mix(uint64_t from, uint64_t to, uint64_t mask) {
    return (from & ~mask) | (to & mask);
}

// Full: everything to black, everything to white, then the picture.
static uint64_t full_word_at(uint64_t shown, uint64_t wanted, int stage, uint64_t moved) {
    switch (stage) {
    case 0:
        return mix(shown, 0, moved);
    case 1:
        return mix(0, UINT64_MAX, moved);
    default:
        return mix(UINT64_MAX, wanted, moved);
    }
}

static void count_drives(struct bits *counters, const struct bits *driven, int words) {
    for (int i = 0; i < words; i++) {
        uint64_t carry = driven->word[i];
        for (int bit = 0; carry && bit < GLASS_COUNTER_BITS; bit++) {
            uint64_t next = counters[bit].word[i] & carry;
            counters[bit].word[i] ^= carry;
            carry = next;
        }
        for (int bit = 0; carry && bit < GLASS_COUNTER_BITS; bit++) {
            counters[bit].word[i] |= carry;
        }
    }
}

// Refreshes a row of the picture; returns the pixels that a differential refresh drives.
static struct bits refresh_row(struct bits *shown, const struct glass_signal *signal, const struct reach *reach, int at,
                               int gate, int steps) {
    int stage = steps >= GLASS_STEPS ? 2 : steps / STAGE_STEPS;
    uint64_t moved = every_byte(moved_pixels(gate, signal->full ? steps - stage * STAGE_STEPS : steps / 3));
    struct bits wanted = row_from_plane(signal->new_bits, signal->new_and, signal->new_xor, at, reach);
    struct bits driven = {{0}};
    if (signal->full) {
        for (int i = 0; i < reach->words; i++) {
            shown->word[i] =
                mix(shown->word[i], full_word_at(shown->word[i], wanted.word[i], stage, moved), reach->mask.word[i]);
        }
        return driven;
    }
    struct bits old = row_from_plane(signal->old_bits, signal->old_and, signal->old_xor, at, reach);
    for (int i = 0; i < reach->words; i++) {
        driven.word[i] = (wanted.word[i] ^ old.word[i]) & reach->mask.word[i];
        shown->word[i] = mix(shown->word[i], wanted.word[i], driven.word[i] & moved);
    }
    return driven;
}

// Drives `picture`, which shows what the glass shows, and counts in `drives` unless that is NULL.
static void refresh_picture(const struct glass *glass, struct frame *picture, struct bits *drives,
                            const struct glass_signal *signal, int steps) {
    struct reach reach = glass_reach(glass, signal);
    for (int line = 0; line < signal->lines; line++) {
        int gate = gate_of_line(signal, line);
        if (gate >= picture->height_px) {
            continue;
        }
        uint8_t *bytes = picture->bits + (size_t)gate * (size_t)picture->stride_bytes;
        struct bits shown = row_load(bytes, picture->stride_bytes);
        int at = line * signal->stride_bytes + reach.ram_byte;
        struct bits driven = refresh_row(&shown, signal, &reach, at, gate, steps);
        memcpy(bytes, shown.word, (size_t)picture->stride_bytes);
        if (drives) {
            count_drives(drives + (size_t)gate * GLASS_COUNTER_BITS, &driven, reach.words);
        }
    }
}

// Datasheet, 0x3C: A7:6 00 follows a waveform, A1:0 says which. LUT1 ends white and LUT2 black in both modes, LUT0 and
// LUT3 drive in a full refresh only. The other choices are taken to leave the border as it is.
static void panel_run_border(struct glass *glass, const struct glass_signal *signal) {
    if (signal->border & 0xC0) {
        return;
    }
    int lut = signal->border & 3;
    if (signal->full || lut == 1 || lut == 2) {
        glass->border_white = lut & 1;
    }
}

void glass_drive(struct glass *glass, const struct glass_signal *signal, int steps) {
    refresh_picture(glass, &glass->shown, glass->drives, signal, steps);
    if (steps < GLASS_STEPS) {
        return;
    }
    panel_run_border(glass, signal);
    if (signal->full) {
        memset(glass->drives, 0, drives_count(&glass->shown) * sizeof *glass->drives);
    }
}

void glass_picture_at(const struct glass *glass, const struct glass_signal *signal, int steps, struct frame *picture) {
    frame_copy(picture, &glass->shown);
    refresh_picture(glass, picture, NULL, signal, steps);
}

int glass_count_stale_px(const struct glass *glass, const struct glass_signal *signal) {
    const struct frame *picture = &glass->shown;
    struct reach reach = glass_reach(glass, signal);
    int stale_px = 0;
    for (int line = 0; line < signal->lines; line++) {
        int gate = gate_of_line(signal, line);
        if (gate >= picture->height_px) {
            continue;
        }
        int at = line * signal->stride_bytes + reach.ram_byte;
        struct bits shown =
            row_load(picture->bits + (size_t)gate * (size_t)picture->stride_bytes, picture->stride_bytes);
        struct bits old = row_from_plane(signal->old_bits, signal->old_and, signal->old_xor, at, &reach);
        for (int i = 0; i < reach.words; i++) {
            uint64_t differs = (shown.word[i] ^ old.word[i]) & reach.mask.word[i];
            stale_px += differs ? __builtin_popcountll(differs) : 0;
        }
    }
    return stale_px;
}

int glass_drives(const struct glass *glass, int source, int gate) {
    const struct bits *counters = glass->drives + (size_t)gate * GLASS_COUNTER_BITS;
    int count = 0;
    for (int bit = 0; bit < GLASS_COUNTER_BITS; bit++) {
        const uint8_t *bytes = (const uint8_t *)counters[bit].word;
        count |= (bytes[source / 8] >> (7 - source % 8) & 1) << bit;
    }
    return count;
}
