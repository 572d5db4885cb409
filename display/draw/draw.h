// What the pages draw with: text blocks, pictures, discs, rings and bars on a canvas, all in whole pixels.
// Nothing is ever grey. A canvas that runs out of memory goes on without the piece and says so at the end.
#ifndef KARANI_DISPLAY_DRAW_DRAW_H
#define KARANI_DISPLAY_DRAW_DRAW_H

#include "display/draw/canvas.h"
#include "display/draw/type.h"

// The size that a text takes as it would be set.
struct draw_size {
    int width_px;
    int height_px;
    int lines;
    int baseline_px; // of the first line, from the top
    bool too_wide;   // a word is wider than the width it was given
};

// White paper, no blocks.
void draw_begin(struct canvas *canvas);

// 0, or the first thing that went wrong since draw_begin: -ENOMEM, or what a picture said.
int draw_end(struct canvas *canvas);

struct draw_size draw_measure(struct canvas *canvas, const struct type_style *style, const char *text);

// Writes a text with its upper left corner at x, y and keeps it as the next block in reading order.
void draw_text(struct canvas *canvas, const struct type_style *style, const char *text, int x_px, int y_px);

// The size of a picture drawn as large as it fits; 0 by 0 when path is NULL or it cannot be read (draw_end tells).
struct draw_size draw_picture_size(struct canvas *canvas, const char *path, int width_px, int height_px);

// Draws a picture as large as it fits, its upper left corner at x, y.
void draw_picture(struct canvas *canvas, const char *path, int width_px, int height_px, int x_px, int y_px);

// Solid rectangle.
void draw_bar(struct canvas *canvas, struct frame_area bar);

// Solid disc that fills the square at x, y.
void draw_disc(struct canvas *canvas, int x_px, int y_px, int diameter_px);

// Ring whose outer edge fills the square at x, y.
void draw_ring(struct canvas *canvas, int x_px, int y_px, int diameter_px, int stroke_px);

#endif
