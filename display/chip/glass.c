// The glass of an emulated panel: full and differential refreshes, finished or cut short, a row of bytes at a time.
#include "display/chip/glass.h"

#include "display/panels.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { STAGE_STEPS = GLASS_STEPS / 3 };

int glass_init(struct glass *glass, const struct panel_row *row) {
    struct frame shown;
    int error = frame_init(&shown, row->sources, row->gates);
    if (error)
        return error;
    uint8_t *drives = calloc(GLASS_COUNTER_BITS, (size_t)shown.height_px * (size_t)shown.stride_bytes);
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
    if (signal->odd_first)
        gate ^= 1;
    return gate + signal->first_gate;
}

// The bytes of a glass row that the RAM reaches, and the column of the RAM where they begin. The bonding decides: the
// row's source range and X offset say which output the leftmost column of the glass hangs on.
struct reach {
    int first_byte;
    int end_byte;
    int ram_byte;
};

static struct reach glass_reach(const struct glass *glass, const struct glass_signal *signal) {
    int bonded_source = (glass->row->source_range & 0x80 ? 8 : 0) + 8 * glass->row->x_byte_offset;
    int shift_bytes = (bonded_source - signal->first_source) / 8;
    int first = shift_bytes < 0 ? -shift_bytes : 0;
    int end = signal->source_columns / 8 - shift_bytes;
    if (end > glass->shown.stride_bytes)
        end = glass->shown.stride_bytes;
    return (struct reach){.first_byte = first, .end_byte = end, .ram_byte = first + shift_bytes};
}

static uint8_t new_byte(const struct glass_signal *signal, int at) {
    return (uint8_t)((signal->new_bits[at] & signal->new_and) ^ signal->new_xor);
}

static uint8_t old_byte(const struct glass_signal *signal, int at) {
    return (uint8_t)((signal->old_bits[at] & signal->old_and) ^ signal->old_xor);
}

// Which of 8 neighbouring pixels have moved after `level` of STAGE_STEPS: an ordered dither (B. E. Bayer, 1973), so
// that a refresh cut short leaves the same grey every time.
static uint8_t moved_pixels(int gate, int level) {
    static const uint8_t order[8][8] = {
        {0, 32, 8, 40, 2, 34, 10, 42},    {48, 16, 56, 24, 50, 18, 58, 26}, {12, 44, 4, 36, 14, 46, 6, 38},
        {60, 28, 52, 20, 62, 30, 54, 22}, {3, 35, 11, 43, 1, 33, 9, 41},    {51, 19, 59, 27, 49, 17, 57, 25},
        {15, 47, 7, 39, 13, 45, 5, 37},   {63, 31, 55, 23, 61, 29, 53, 21},
    };
    unsigned mask = 0;
    for (int i = 0; i < 8; i++)
        mask = mask << 1 | (order[gate & 7][i] < level ? 1u : 0u);
    return (uint8_t)mask;
}

static uint8_t mix(uint8_t from, uint8_t to, uint8_t mask) {
    return (uint8_t)((from & ~mask) | (to & mask));
}

// Full: everything to black, everything to white, then the picture.
static uint8_t full_byte_at(uint8_t shown, uint8_t wanted, int stage, uint8_t mask) {
    switch (stage) {
    case 0:
        return mix(shown, 0x00, mask);
    case 1:
        return mix(0x00, 0xFF, mask);
    default:
        return mix(0xFF, wanted, mask);
    }
}

// Refreshes one row of the picture and writes which pixels were driven by a differential refresh.
static void refresh_row(uint8_t *shown, uint8_t *driven, const struct glass_signal *signal, struct reach reach,
                        int line, int gate, int steps) {
    int at = line * signal->stride_bytes + reach.ram_byte;
    int stage = steps >= GLASS_STEPS ? 2 : steps / STAGE_STEPS;
    uint8_t mask = moved_pixels(gate, signal->full ? steps - stage * STAGE_STEPS : steps / 3);
    for (int i = reach.first_byte; i < reach.end_byte; i++, at++) {
        uint8_t wanted = new_byte(signal, at);
        if (signal->full) {
            shown[i] = full_byte_at(shown[i], wanted, stage, mask);
        } else {
            driven[i] = wanted ^ old_byte(signal, at);
            shown[i] = mix(shown[i], wanted, driven[i] & mask);
        }
    }
}

// The pad bits at the right of a row.
static uint8_t pad_mask(const struct frame *frame) {
    return (uint8_t)((1u << (frame->stride_bytes * 8 - frame->width_px)) - 1);
}

static void count_drives(struct glass *glass, const uint8_t *driven, int gate) {
    int stride = glass->shown.stride_bytes;
    size_t plane = (size_t)glass->shown.height_px * (size_t)stride;
    for (int i = 0; i < stride; i++) {
        uint8_t carry = driven[i];
        if (!carry)
            continue;
        uint8_t *sum = glass->drives + gate * stride + i;
        for (int bit = 0; bit < GLASS_COUNTER_BITS; bit++) {
            uint8_t next = sum[(size_t)bit * plane] & carry;
            sum[(size_t)bit * plane] ^= carry;
            carry = next;
        }
        for (int bit = 0; carry && bit < GLASS_COUNTER_BITS; bit++)
            sum[(size_t)bit * plane] |= carry;
    }
}

// Drives `picture`, which shows what the glass shows, and counts in `counted` unless that is NULL.
static void refresh_picture(const struct glass *glass, struct frame *picture, struct glass *counted,
                            const struct glass_signal *signal, int steps) {
    struct reach reach = glass_reach(glass, signal);
    uint8_t pad = pad_mask(picture);
    for (int line = 0; line < signal->lines; line++) {
        int gate = gate_of_line(signal, line);
        if (gate >= picture->height_px)
            continue;
        uint8_t driven[64] = {0};
        uint8_t *shown = picture->bits + gate * picture->stride_bytes;
        refresh_row(shown, driven, signal, reach, line, gate, steps);
        shown[picture->stride_bytes - 1] |= pad;
        driven[picture->stride_bytes - 1] &= (uint8_t)~pad;
        if (counted && !signal->full)
            count_drives(counted, driven, gate);
    }
}

// Facts 1.1, 0x3C: A7:6 00 follows a waveform, A1:0 says which. LUT1 ends white and LUT2 black in both modes, LUT0 and
// LUT3 drive in a full refresh only. The other choices are taken to leave the border as it is.
static void drive_border(struct glass *glass, const struct glass_signal *signal) {
    if (signal->border & 0xC0)
        return;
    int lut = signal->border & 3;
    if (signal->full || lut == 1 || lut == 2)
        glass->border_white = lut & 1;
}

void glass_drive(struct glass *glass, const struct glass_signal *signal, int steps) {
    refresh_picture(glass, &glass->shown, glass, signal, steps);
    if (steps < GLASS_STEPS)
        return;
    drive_border(glass, signal);
    if (signal->full)
        memset(glass->drives, 0,
               GLASS_COUNTER_BITS * (size_t)glass->shown.height_px * (size_t)glass->shown.stride_bytes);
}

void glass_picture_at(const struct glass *glass, const struct glass_signal *signal, int steps, struct frame *picture) {
    frame_copy(picture, &glass->shown);
    refresh_picture(glass, picture, NULL, signal, steps);
}

int glass_count_stale_px(const struct glass *glass, const struct glass_signal *signal) {
    const struct frame *shown = &glass->shown;
    struct reach reach = glass_reach(glass, signal);
    uint8_t pad = pad_mask(shown);
    int stale_px = 0;
    for (int line = 0; line < signal->lines; line++) {
        int gate = gate_of_line(signal, line);
        if (gate >= shown->height_px)
            continue;
        const uint8_t *row = shown->bits + gate * shown->stride_bytes;
        int at = line * signal->stride_bytes + reach.ram_byte;
        for (int i = reach.first_byte; i < reach.end_byte; i++, at++) {
            unsigned differs = row[i] ^ old_byte(signal, at);
            if (i == shown->stride_bytes - 1)
                differs &= (unsigned)~pad;
            stale_px += differs ? __builtin_popcount(differs) : 0;
        }
    }
    return stale_px;
}

int glass_drives(const struct glass *glass, int source, int gate) {
    size_t plane = (size_t)glass->shown.height_px * (size_t)glass->shown.stride_bytes;
    const uint8_t *sum = glass->drives + gate * glass->shown.stride_bytes + source / 8;
    int count = 0;
    for (int bit = 0; bit < GLASS_COUNTER_BITS; bit++)
        count |= (sum[(size_t)bit * plane] >> (7 - source % 8) & 1) << bit;
    return count;
}
