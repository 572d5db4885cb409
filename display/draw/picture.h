// SVG drawings as 1-bit ink, each drawn once for every size it is asked for. Owner of librsvg.
#ifndef KARANI_DISPLAY_DRAW_PICTURE_H
#define KARANI_DISPLAY_DRAW_PICTURE_H

#include "display/frame/mask.h"

// A drawing in one size.
struct picture {
    struct mask ink;
    int width_px; // of the whole drawing, white included
    int height_px;
};

struct pictures;

// NULL when memory is short.
struct pictures *pictures_new(void);

void pictures_free(struct pictures *pictures);

// Draws the file as large as it fits into the given size, its proportions kept. The answer belongs to `pictures`
// and is valid until the next call. 0, -ENOENT (no such file), -EINVAL (not a drawing), -ENOMEM.
int picture_get(struct pictures *pictures, const char *path, int width_px, int height_px,
                const struct picture **picture);

#endif
