// What the files of the canvas share.
#ifndef KARANI_DISPLAY_DRAW_INSIDE_H
#define KARANI_DISPLAY_DRAW_INSIDE_H

#include "display/draw/canvas.h"

// More than any page holds; asserted.
enum { BLOCKS_MAX = 16, SHAPES_MAX = 96 };

struct canvas {
    struct glass glass;
    struct frame frame;
    struct type *type;
    struct pictures *pictures; // NULL until the first one is drawn
    void (*pictures_free)(struct pictures *pictures);
    struct canvas_block blocks[BLOCKS_MAX];
    size_t block_count;
    struct frame_area shapes[SHAPES_MAX];
    size_t shape_count;
    char *text; // made when asked for
    int wrong;  // the first -errno since draw_begin
};

// Keeps the first -errno since draw_begin.
void canvas_complain(struct canvas *canvas, int r);

void canvas_keep_shape(struct canvas *canvas, struct frame_area area);

#endif
