#include "tests/support/display/page_faults.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

// NUREG-0700 1.3.1-4, and the white around a page.
#define WORDS_ARCMIN 16.0
#define MARGIN_MM    2.0

static bool areas_meet(struct frame_area a, struct frame_area b) {
    return a.width_px > 0 && b.width_px > 0 && a.x_px < b.x_px + b.width_px && b.x_px < a.x_px + a.width_px &&
           a.y_px < b.y_px + b.height_px && b.y_px < a.y_px + a.height_px;
}

static bool within_margins(const struct glass *glass, struct frame_area area) {
    double left = area.x_px * glass->pixel_mm;
    double top = area.y_px * glass->pixel_mm;
    double right = (glass->width_px - area.x_px - area.width_px) * glass->pixel_mm;
    double bottom = (glass->height_px - area.y_px - area.height_px) * glass->pixel_mm;

    return area.width_px == 0 || (left >= MARGIN_MM && top >= MARGIN_MM && right >= MARGIN_MM && bottom >= MARGIN_MM);
}

int count_faults(struct canvas *canvas, const char *where) {
    size_t block_count, shape_count;
    const struct canvas_block *blocks = canvas_blocks(canvas, &block_count);
    const struct frame_area *shapes = canvas_shapes(canvas, &shape_count);
    const struct glass *glass = canvas_glass(canvas);
    int faults = 0;

    for (size_t i = 0; i < block_count; i++) {
        const struct canvas_block *block = &blocks[i];

        if (block->clipped) {
            FAULT("\"%s\" is clipped\n", block->text);
        }
        if (strstr(block->text, "\u2026")) {
            FAULT("\"%s\" is ellipsised\n", block->text);
        }
        if (canvas_arcmin(canvas, block->cap_height_px) < WORDS_ARCMIN) {
            FAULT("\"%s\" is %.1f arcminutes high\n", block->text, canvas_arcmin(canvas, block->cap_height_px));
        }
        if (!within_margins(glass, block->ink)) {
            FAULT("\"%s\" is in the margin\n", block->text);
        }
        for (size_t j = 0; j < i; j++) {
            if (areas_meet(block->area, blocks[j].area)) {
                FAULT("\"%s\" overlaps \"%s\"\n", block->text, blocks[j].text);
            }
        }
        for (size_t j = 0; j < shape_count; j++) {
            if (areas_meet(block->area, shapes[j])) {
                FAULT("\"%s\" overlaps a shape at %d, %d\n", block->text, shapes[j].x_px, shapes[j].y_px);
            }
        }
    }
    for (size_t i = 0; i < shape_count; i++) {
        if (!within_margins(glass, shapes[i])) {
            FAULT("a shape at %d, %d is in the margin\n", shapes[i].x_px, shapes[i].y_px);
        }
        for (size_t j = 0; j < i; j++) {
            if (areas_meet(shapes[i], shapes[j])) {
                FAULT("shapes overlap at %d, %d\n", shapes[i].x_px, shapes[i].y_px);
            }
        }
    }
    return faults;
}
