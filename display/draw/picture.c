// SVG drawings as 1-bit ink, each drawn once for every size it is asked for.
#include "display/draw/picture.h"

#include <cairo.h>
#include <errno.h>
#include <librsvg/rsvg.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Ten drawings or so, in the few sizes that the pages of one glass use.
enum { KEPT_PICTURES = 48 };

struct kept_picture {
    char *path; // NULL: the place is free
    int asked_width_px;
    int asked_height_px;
    struct picture picture;
    unsigned long used;
};

struct pictures {
    struct kept_picture kept[KEPT_PICTURES];
    unsigned long asked;
};

struct pictures *pictures_new(void) {
    return calloc(1, sizeof(struct pictures));
}

static void kept_clear(struct kept_picture *kept) {
    free(kept->path);
    mask_clear(&kept->picture.ink);
    *kept = (struct kept_picture){0};
}

void pictures_free(struct pictures *pictures) {
    if (!pictures) {
        return;
    }
    for (size_t i = 0; i < KEPT_PICTURES; i++) {
        kept_clear(&pictures->kept[i]);
    }
    free(pictures);
}

// The drawing's own proportions: its viewBox, else its width and height, else a square.
static double handle_aspect(RsvgHandle *handle) {
    gboolean has_width, has_height, has_view;
    RsvgLength width, height;
    RsvgRectangle view;
    gdouble width_px, height_px;

    rsvg_handle_get_intrinsic_dimensions(handle, &has_width, &width, &has_height, &height, &has_view, &view);
    if (has_view && view.width > 0 && view.height > 0) {
        return view.width / view.height;
    }
    if (rsvg_handle_get_intrinsic_size_in_pixels(handle, &width_px, &height_px) && width_px > 0 && height_px > 0) {
        return width_px / height_px;
    }
    return 1;
}

// How much ink a pixel holds: black on paper counts, white does not (premultiplied ARGB in native order).
static void coverage_from_argb(const uint8_t *argb, int argb_stride, uint8_t *coverage, int width_px, int height_px) {
    for (int y = 0; y < height_px; y++) {
        for (int x = 0; x < width_px; x++) {
            uint32_t pixel;
            uint32_t light;

            memcpy(&pixel, argb + (ptrdiff_t)y * argb_stride + (ptrdiff_t)x * 4, sizeof pixel);
            light = ((pixel >> 16 & 0xff) + (pixel >> 8 & 0xff) + (pixel & 0xff)) / 3;
            coverage[(ptrdiff_t)y * width_px + x] = (uint8_t)((pixel >> 24) - light);
        }
    }
}

static int surface_ink(cairo_surface_t *surface, int width_px, int height_px, struct mask *ink) {
    uint8_t *coverage = malloc((size_t)width_px * (size_t)height_px);
    int r;

    if (!coverage) {
        return -ENOMEM;
    }
    cairo_surface_flush(surface);
    coverage_from_argb(cairo_image_surface_get_data(surface), cairo_image_surface_get_stride(surface), coverage,
                       width_px, height_px);
    r = mask_from_coverage(ink, coverage, width_px, width_px, height_px);
    free(coverage);
    return r;
}

static int handle_draw(RsvgHandle *handle, struct picture *picture) {
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, picture->width_px, picture->height_px);
    cairo_t *cairo = cairo_create(surface);
    const RsvgRectangle whole = {0, 0, picture->width_px, picture->height_px};
    int r = -EINVAL;

    if (cairo_status(cairo) != CAIRO_STATUS_SUCCESS) {
        r = -ENOMEM;
    } else if (rsvg_handle_render_document(handle, cairo, &whole, NULL)) {
        r = surface_ink(surface, picture->width_px, picture->height_px, &picture->ink);
    }
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
    return r;
}

static int picture_read(const char *path, int width_px, int height_px, struct picture *picture) {
    RsvgHandle *handle;
    double aspect;
    int r;

    if (access(path, R_OK) < 0) {
        return -errno;
    }
    handle = rsvg_handle_new_from_file(path, NULL);
    if (!handle) {
        return -EINVAL;
    }
    aspect = handle_aspect(handle);
    *picture = (struct picture){.width_px = width_px, .height_px = height_px};
    if (width_px > height_px * aspect) {
        picture->width_px = (int)fmax(1, floor(height_px * aspect));
    } else {
        picture->height_px = (int)fmax(1, floor(width_px / aspect));
    }
    r = handle_draw(handle, picture);
    g_object_unref(handle);
    return r;
}

static struct kept_picture *kept_find(struct pictures *pictures, const char *path, int width_px, int height_px) {
    for (size_t i = 0; i < KEPT_PICTURES; i++) {
        struct kept_picture *kept = &pictures->kept[i];

        if (kept->path && kept->asked_width_px == width_px && kept->asked_height_px == height_px &&
            strcmp(kept->path, path) == 0) {
            return kept;
        }
    }
    return NULL;
}

// A free place, or that of the drawing not asked for the longest.
static struct kept_picture *kept_make_room(struct pictures *pictures) {
    struct kept_picture *oldest = &pictures->kept[0];

    for (size_t i = 0; i < KEPT_PICTURES; i++) {
        if (!pictures->kept[i].path) {
            return &pictures->kept[i];
        }
        if (pictures->kept[i].used < oldest->used) {
            oldest = &pictures->kept[i];
        }
    }
    kept_clear(oldest);
    return oldest;
}

// Reads a drawing in a size and keeps it. 0 or -errno.
static int kept_add(struct pictures *pictures, const char *path, int width_px, int height_px,
                    struct kept_picture **kept) {
    struct kept_picture made = {.asked_width_px = width_px, .asked_height_px = height_px};
    int r = picture_read(path, width_px, height_px, &made.picture);

    if (r < 0) {
        return r;
    }
    made.path = strdup(path);
    if (!made.path) {
        kept_clear(&made);
        return -ENOMEM;
    }
    *kept = kept_make_room(pictures);
    **kept = made;
    return 0;
}

int picture_get(struct pictures *pictures, const char *path, int width_px, int height_px,
                const struct picture **picture) {
    struct kept_picture *kept = kept_find(pictures, path, width_px, height_px);
    int r = kept ? 0 : kept_add(pictures, path, width_px, height_px, &kept);

    if (r < 0) {
        return r;
    }
    kept->used = ++pictures->asked;
    *picture = &kept->picture;
    return 0;
}
