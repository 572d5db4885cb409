// A piece of 1-bit ink that is made once and stamped onto frames many times.
#include "display/frame/mask.h"

#include <errno.h>
#include <stdlib.h>

enum { COVERAGE_BLACK_FROM = 128 };

// The smallest rectangle that holds every black pixel of a drawing.
static struct frame_area coverage_ink(const uint8_t *coverage, int stride_bytes, int width_px, int height_px) {
    int left = width_px;
    int right = -1;
    int top = height_px;
    int bottom = -1;

    for (int y = 0; y < height_px; y++) {
        const uint8_t *row = coverage + (ptrdiff_t)y * stride_bytes;

        for (int x = 0; x < width_px; x++) {
            if (row[x] < COVERAGE_BLACK_FROM) {
                continue;
            }
            left = x < left ? x : left;
            right = x > right ? x : right;
            top = y < top ? y : top;
            bottom = y;
        }
    }
    if (right < 0) {
        return (struct frame_area){0};
    }
    return (struct frame_area){left, top, right - left + 1, bottom - top + 1};
}

int mask_from_coverage(struct mask *mask, const uint8_t *coverage, int stride_bytes, int width_px, int height_px) {
    struct frame_area ink = coverage_ink(coverage, stride_bytes, width_px, height_px);
    struct mask made = {.left_px = ink.x_px,
                        .top_px = ink.y_px,
                        .width_px = ink.width_px,
                        .height_px = ink.height_px,
                        .stride_bytes = (ink.width_px + 7) / 8};

    if (ink.width_px > 0) {
        made.bits = calloc((size_t)made.height_px, (size_t)made.stride_bytes);
        if (!made.bits) {
            return -ENOMEM;
        }
    }
    for (int y = 0; y < ink.height_px; y++) {
        const uint8_t *row = coverage + (ptrdiff_t)(ink.y_px + y) * stride_bytes + ink.x_px;
        uint8_t *bits = made.bits + (ptrdiff_t)y * made.stride_bytes;

        for (int x = 0; x < ink.width_px; x++) {
            if (row[x] >= COVERAGE_BLACK_FROM) {
                bits[x / 8] |= (uint8_t)(0x80 >> (x % 8));
            }
        }
    }
    *mask = made;
    return 0;
}

void mask_clear(struct mask *mask) {
    free(mask->bits);
    *mask = (struct mask){0};
}

// A row that lies wholly inside the frame: eight pixels at a time.
static void stamp_row(const uint8_t *ink, int ink_bytes, uint8_t *row, int row_bytes, int x_px) {
    int at = x_px / 8;
    int shift = x_px % 8;

    for (int i = 0; i < ink_bytes; i++) {
        row[at + i] &= (uint8_t) ~(ink[i] >> shift);
        if (shift > 0 && at + i + 1 < row_bytes) {
            row[at + i + 1] &= (uint8_t) ~(ink[i] << (8 - shift));
        }
    }
}

static void stamp_row_cut(const struct mask *mask, int y, struct frame *frame, int x_px, int y_px) {
    const uint8_t *ink = mask->bits + (ptrdiff_t)y * mask->stride_bytes;

    for (int x = 0; x < mask->width_px; x++) {
        if (ink[x / 8] & (0x80 >> (x % 8)) && x_px + x >= 0 && x_px + x < frame->width_px) {
            frame_set(frame, x_px + x, y_px, false);
        }
    }
}

struct frame_area mask_stamp(const struct mask *mask, struct frame *frame, int x_px, int y_px) {
    struct frame_area ink = {x_px + mask->left_px, y_px + mask->top_px, mask->width_px, mask->height_px};
    bool inside = ink.x_px >= 0 && ink.x_px + ink.width_px <= frame->width_px;

    for (int y = 0; y < mask->height_px; y++) {
        int to = ink.y_px + y;

        if (to < 0 || to >= frame->height_px) {
            continue;
        }
        if (inside) {
            stamp_row(mask->bits + (ptrdiff_t)y * mask->stride_bytes, mask->stride_bytes,
                      frame->bits + (ptrdiff_t)to * frame->stride_bytes, frame->stride_bytes, ink.x_px);
        } else {
            stamp_row_cut(mask, y, frame, ink.x_px, to);
        }
    }
    return ink;
}
