// A piece of 1-bit ink (a line of type, a picture) that is made once and stamped onto frames many times.
#ifndef KARANI_DISPLAY_FRAME_MASK_H
#define KARANI_DISPLAY_FRAME_MASK_H

#include "display/frame/frame.h"

#include <stdint.h>

// The black pixels of a drawing, cut to the smallest rectangle that holds them; 1 = black, the most significant
// bit is the leftmost pixel. left_px and top_px say where that rectangle lies in the drawing it came from.
// A drawing without ink has a width of 0 and no bits.
struct mask {
    int left_px;
    int top_px;
    int width_px;
    int height_px;
    int stride_bytes;
    uint8_t *bits; // owned
};

// Makes a mask from a drawing in 8-bit coverage (0 = paper, 255 = ink): black from one half on. 0 or -ENOMEM.
int mask_from_coverage(struct mask *mask, const uint8_t *coverage, int stride_bytes, int width_px, int height_px);

// Frees the bits; the mask may be zero-initialised.
void mask_clear(struct mask *mask);

// Stamps the drawing with its origin at x, y; what lies beyond the frame is cut off. Returns where the ink
// would lie on an endless frame: a caller sees there whether something was cut.
struct frame_area mask_stamp(const struct mask *mask, struct frame *frame, int x_px, int y_px);

#endif
