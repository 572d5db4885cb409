// A sheet of one glass's size in 1 bit, with type and pictures in physical sizes. Besides the pixels it keeps what
// was written where, so that a tool can read the page aloud and a test can measure it. Type and pictures come
// from display/draw/type.h and display/draw/picture.h; what the pages draw with stands in display/draw/draw.h.
#ifndef KARANI_DISPLAY_DRAW_CANVAS_H
#define KARANI_DISPLAY_DRAW_CANVAS_H

#include "display/frame/frame.h"

#include <stdbool.h>
#include <stddef.h>

// The glass as the reader sees it (turned as it stands beside the bed).
struct glass {
    int width_px;
    int height_px;
    double pixel_mm;  // pixel pitch
    double reading_m; // from where it must be legible
};

// One block of text on the page, as it was laid out.
struct canvas_block {
    char *text;             // soft hyphens removed; lines joined by single spaces, as are words that do not part
    struct frame_area area; // logical extents of the block: what no other block may overlap
    struct frame_area ink;  // the pixels that are black
    double cap_height_px;   // of its font, measured
    bool clipped;           // ink beyond the glass, or ellipsised
};

struct canvas;

// Makes a canvas. font_dir holds the B612 font files; only fonts from there are used, so that every machine
// draws the same page. `sentence` receives one plain sentence on failure (at most error_size bytes).
// 0, -ENOENT (font missing), -ENOMEM.
int canvas_new(struct canvas **canvas, const struct glass *glass, const char *font_dir, char *sentence,
               size_t sentence_size);

void canvas_free(struct canvas *canvas);

const struct glass *canvas_glass(const struct canvas *canvas);

// The smallest em in whole pixels whose cap height subtends the given angle at the reading distance
// (H = 2 D tan(a/2); NUREG-0700 1.3.1-4: at least 16 arcminutes). B612's cap height is measured, not assumed.
int canvas_em_px(struct canvas *canvas, double arcmin);

// The angle in arcminutes that a height on this glass subtends at the reading distance.
double canvas_arcmin(const struct canvas *canvas, double height_px);

// What is drawn now; owned by the canvas, valid until the next drawing.
const struct frame *canvas_frame(const struct canvas *canvas);

// All text on the page in reading order, blocks joined by single spaces; owned by the canvas.
const char *canvas_text(const struct canvas *canvas);

const struct canvas_block *canvas_blocks(const struct canvas *canvas, size_t *count);

// Everything on the page that is no text: the rectangles of pictures, discs, rings and bars, in drawing order.
const struct frame_area *canvas_shapes(const struct canvas *canvas, size_t *count);

#endif
