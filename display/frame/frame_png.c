// Writes frames with Cairo.
#include "display/frame/frame_png.h"

#include <cairo.h>
#include <errno.h>

// Cairo writes surfaces of alpha alone as grey PNGs: 0 is black, 255 white.
static void fill_row(unsigned char *row, const struct frame *frame, int y_px) {
    for (int x_px = 0; x_px < frame->width_px; x_px++) {
        row[x_px] = frame_is_white(frame, x_px, y_px) ? 255 : 0;
    }
}

int frame_write_png(const struct frame *frame, const char *path) {
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, frame->width_px, frame->height_px);
    cairo_status_t status = cairo_surface_status(surface);

    errno = 0;
    if (status == CAIRO_STATUS_SUCCESS) {
        unsigned char *data = cairo_image_surface_get_data(surface);
        int stride = cairo_image_surface_get_stride(surface);

        for (int y_px = 0; y_px < frame->height_px; y_px++) {
            fill_row(data + (ptrdiff_t)y_px * stride, frame, y_px);
        }
        cairo_surface_mark_dirty(surface);
        status = cairo_surface_write_to_png(surface, path);
    }
    cairo_surface_destroy(surface);
    if (status == CAIRO_STATUS_SUCCESS) {
        return 0;
    }
    return status == CAIRO_STATUS_NO_MEMORY ? -ENOMEM : errno != 0 ? -errno : -EIO;
}
