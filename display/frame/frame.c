// A 1-bit image: pixels, turns, differences.
#include "display/frame/frame.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { WHITE_BYTE = 0xFF };

static size_t frame_size_bytes(const struct frame *frame) {
    return (size_t)frame->stride_bytes * (size_t)frame->height_px;
}

static uint8_t *frame_row(const struct frame *frame, int y_px) {
    return frame->bits + (size_t)y_px * (size_t)frame->stride_bytes;
}

static bool frame_has_pixel(const struct frame *frame, int x_px, int y_px) {
    return x_px >= 0 && x_px < frame->width_px && y_px >= 0 && y_px < frame->height_px;
}

static bool frame_same_size(const struct frame *a, const struct frame *b) {
    return a->width_px == b->width_px && a->height_px == b->height_px;
}

// The bits of the byte at x_byte that are pixels; the others pad the row.
static uint8_t frame_pixel_mask(const struct frame *frame, int x_byte) {
    const int pixels = frame->width_px - x_byte * 8;
    return (uint8_t)(pixels >= 8 ? WHITE_BYTE : WHITE_BYTE << (8 - pixels));
}

int frame_init(struct frame *frame, int width_px, int height_px) {
    assert(width_px > 0 && height_px > 0);
    const int stride_bytes = (width_px + 7) / 8;
    uint8_t *bits = malloc((size_t)stride_bytes * (size_t)height_px);
    if (!bits) {
        return -ENOMEM;
    }
    *frame = (struct frame){.width_px = width_px, .height_px = height_px, .stride_bytes = stride_bytes, .bits = bits};
    frame_fill(frame, true);
    return 0;
}

void frame_clear(struct frame *frame) {
    if (!frame) {
        return;
    }
    free(frame->bits);
    *frame = (struct frame){0};
}

void frame_fill(struct frame *frame, bool white) {
    memset(frame->bits, WHITE_BYTE, frame_size_bytes(frame));
    if (white) {
        return;
    }
    for (int y = 0; y < frame->height_px; y++) {
        for (int x_byte = 0; x_byte < frame->stride_bytes; x_byte++) {
            frame_row(frame, y)[x_byte] = (uint8_t)~frame_pixel_mask(frame, x_byte);
        }
    }
}

void frame_copy(struct frame *to, const struct frame *from) {
    assert(frame_same_size(to, from));
    memmove(to->bits, from->bits, frame_size_bytes(from));
}

bool frame_equal(const struct frame *a, const struct frame *b) {
    return frame_difference(a, b).width_px == 0;
}

bool frame_is_white(const struct frame *frame, int x_px, int y_px) {
    assert(frame_has_pixel(frame, x_px, y_px));
    return (frame_row(frame, y_px)[x_px / 8] >> (7 - x_px % 8)) & 1;
}

void frame_set(struct frame *frame, int x_px, int y_px, bool white) {
    assert(frame_has_pixel(frame, x_px, y_px));
    uint8_t *byte = &frame_row(frame, y_px)[x_px / 8];
    const uint8_t bit = (uint8_t)(0x80 >> (x_px % 8));
    *byte = white ? *byte | bit : *byte & (uint8_t)~bit;
}

// The first and the last pixel of a byte of differences, counted from its left.
static int byte_first_px(uint8_t byte) {
    int px = 0;
    while (!(byte & (0x80 >> px))) {
        px++;
    }
    return px;
}

static int byte_last_px(uint8_t byte) {
    int px = 7;
    while (!(byte & (0x80 >> px))) {
        px--;
    }
    return px;
}

struct frame_area frame_difference(const struct frame *a, const struct frame *b) {
    assert(frame_same_size(a, b));
    int left = a->width_px, right = -1, top = -1, bottom = -1;
    for (int y = 0; y < a->height_px; y++) {
        const uint8_t *row_a = frame_row(a, y), *row_b = frame_row(b, y);
        if (memcmp(row_a, row_b, (size_t)a->stride_bytes) == 0) {
            continue; // most rows are equal
        }
        for (int x_byte = 0; x_byte < a->stride_bytes; x_byte++) {
            const uint8_t differing = (uint8_t)((row_a[x_byte] ^ row_b[x_byte]) & frame_pixel_mask(a, x_byte));
            if (!differing) {
                continue;
            }
            const int first = x_byte * 8 + byte_first_px(differing);
            const int last = x_byte * 8 + byte_last_px(differing);
            left = first < left ? first : left;
            right = last > right ? last : right;
            top = top < 0 ? y : top;
            bottom = y;
        }
    }
    if (right < 0) {
        return (struct frame_area){0};
    }
    return (struct frame_area){.x_px = left, .y_px = top, .width_px = right - left + 1, .height_px = bottom - top + 1};
}

// Eight rows of eight pixels in one word, the first row in its highest byte: rows become columns. Each step swaps the
// two squares beside the diagonal, in squares of 2, 4 and 8 pixels.
static uint64_t block_transpose(uint64_t block) {
    static const struct {
        int shift;
        uint64_t mask;
    } steps[] = {{7, 0x00AA00AA00AA00AA}, {14, 0x0000CCCC0000CCCC}, {28, 0x00000000F0F0F0F0}};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        const uint64_t differing = (block ^ (block >> steps[i].shift)) & steps[i].mask;
        block ^= differing ^ (differing << steps[i].shift);
    }
    return block;
}

// Eight pixels of eight rows: the byte at x_byte of the row first_y and of the next ones, downwards or upwards. There
// is white beyond the frame.
static uint64_t frame_block(const struct frame *frame, int x_byte, int first_y, int step_y) {
    uint64_t block = 0;
    for (int i = 0; i < 8; i++) {
        const int y = first_y + i * step_y;
        block = block << 8 | (y >= 0 && y < frame->height_px ? frame_row(frame, y)[x_byte] : WHITE_BYTE);
    }
    return block;
}

// Block by block: eight bytes of one column of bytes become one byte each in eight rows.
static void frame_turn_quarter(struct frame *to, const struct frame *from, bool clockwise) {
    const int last_x = from->width_px - 1, last_y = from->height_px - 1;
    for (int to_byte = 0; to_byte < to->stride_bytes; to_byte++) {
        for (int x_byte = 0; x_byte < from->stride_bytes; x_byte++) {
            const uint64_t block = clockwise ? frame_block(from, x_byte, last_y - to_byte * 8, -1)
                                             : frame_block(from, x_byte, to_byte * 8, 1);
            const uint64_t turned = block_transpose(block);
            for (int i = 0, x = x_byte * 8; i < 8 && x <= last_x; i++, x++) {
                frame_row(to, clockwise ? x : last_x - x)[to_byte] = (uint8_t)(turned >> (56 - i * 8));
            }
        }
    }
}

static void frame_turn_half(struct frame *to, const struct frame *from) {
    frame_fill(to, true);
    for (int y = 0; y < from->height_px; y++) {
        for (int x = 0; x < from->width_px; x++) {
            if (!frame_is_white(from, x, y)) {
                frame_set(to, from->width_px - 1 - x, from->height_px - 1 - y, false);
            }
        }
    }
}

static void frame_whiten_pads(struct frame *frame) {
    const int last_byte = frame->stride_bytes - 1;
    for (int y = 0; y < frame->height_px; y++) {
        frame_row(frame, y)[last_byte] |= (uint8_t)~frame_pixel_mask(frame, last_byte);
    }
}

void frame_turn(struct frame *to, const struct frame *from, enum frame_turn turn) {
    const bool upright = turn == FRAME_TURN_0 || turn == FRAME_TURN_180;
    assert(to->width_px == (upright ? from->width_px : from->height_px));
    assert(to->height_px == (upright ? from->height_px : from->width_px));
    switch (turn) {
    case FRAME_TURN_0:
        frame_copy(to, from);
        frame_whiten_pads(to);
        return;
    case FRAME_TURN_90:
        frame_turn_quarter(to, from, true);
        return;
    case FRAME_TURN_180:
        frame_turn_half(to, from);
        return;
    case FRAME_TURN_270:
        frame_turn_quarter(to, from, false);
        return;
    }
    assert(false && "a turn is one of the four");
}
