// A 1-bit image: what a page draws, what a panel shows.
#ifndef KARANI_DISPLAY_FRAME_FRAME_H
#define KARANI_DISPLAY_FRAME_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Rows from the top, each of stride_bytes = ceil(width_px / 8); the most significant bit is the leftmost
// pixel; 1 = white, 0 = black (the polarity of the SSD168x "BW" plane). Pad bits at the right are 1.
struct frame {
    int width_px;
    int height_px;
    int stride_bytes;
    uint8_t *bits; // height_px * stride_bytes, owned
};

// A rectangle of pixels; empty when width_px or height_px is 0.
struct frame_area {
    int x_px;
    int y_px;
    int width_px;
    int height_px;
};

// The angle by which a frame is turned clockwise, in degrees.
enum frame_turn { FRAME_TURN_0 = 0, FRAME_TURN_90 = 90, FRAME_TURN_180 = 180, FRAME_TURN_270 = 270 };

// Makes an all-white frame. 0 or -ENOMEM; sizes must be positive.
int frame_init(struct frame *frame, int width_px, int height_px);

// Frees the pixels; the frame may be zero-initialised or already cleared.
void frame_clear(struct frame *frame);

void frame_fill(struct frame *frame, bool white);

// Copies the pixels; both frames have the same size.
void frame_copy(struct frame *to, const struct frame *from);

bool frame_equal(const struct frame *a, const struct frame *b);

bool frame_is_white(const struct frame *frame, int x_px, int y_px);

void frame_set(struct frame *frame, int x_px, int y_px, bool white);

// The smallest rectangle that holds every pixel in which two frames of one size differ; empty when equal.
struct frame_area frame_difference(const struct frame *a, const struct frame *b);

// Writes `from`, turned clockwise, into `to`, whose size must be that of the turned image.
void frame_turn(struct frame *to, const struct frame *from, enum frame_turn turn);

#endif
