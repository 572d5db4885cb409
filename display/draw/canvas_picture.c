// Pictures on a canvas. Apart from it, and known to it by a pointer alone, so that a program that draws none
// (karanictl) is not linked with librsvg and the eight libraries that only it brings.
#include "display/draw/inside.h"

#include "display/draw/draw.h"
#include "display/draw/picture.h"

#include <errno.h>

static const struct picture *picture_fit(struct canvas *canvas, const char *path, int width_px, int height_px) {
    const struct picture *picture = NULL;
    int r;

    if (!path || width_px <= 0 || height_px <= 0) {
        return NULL;
    }
    if (!canvas->pictures) {
        canvas->pictures = pictures_new();
        canvas->pictures_free = pictures_free;
    }
    if (!canvas->pictures) {
        canvas_complain(canvas, -ENOMEM);
        return NULL;
    }
    r = picture_get(canvas->pictures, path, width_px, height_px, &picture);
    if (r < 0) {
        canvas_complain(canvas, r);
    }
    return r < 0 ? NULL : picture;
}

struct draw_size draw_picture_size(struct canvas *canvas, const char *path, int width_px, int height_px) {
    const struct picture *picture = picture_fit(canvas, path, width_px, height_px);

    if (!picture) {
        return (struct draw_size){0};
    }
    return (struct draw_size){.width_px = picture->width_px, .height_px = picture->height_px};
}

void draw_picture(struct canvas *canvas, const char *path, int width_px, int height_px, int x_px, int y_px) {
    const struct picture *picture = picture_fit(canvas, path, width_px, height_px);

    if (picture) {
        canvas_keep_shape(canvas, mask_stamp(&picture->ink, &canvas->frame, x_px, y_px));
    }
}
