// A sheet of one glass's size in 1 bit: its pixels, and what was written and drawn where.
#include "display/draw/inside.h"

#include "display/draw/draw.h"
#include "display/draw/type.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int canvas_new(struct canvas **canvas, const struct glass *glass, const char *font_dir, char *sentence,
               size_t sentence_size) {
    struct canvas *made = calloc(1, sizeof *made);
    int r;

    assert(glass->width_px > 0 && glass->height_px > 0 && glass->pixel_mm > 0 && glass->reading_m > 0);
    snprintf(sentence, sentence_size, "There is not enough memory for the glass.");
    if (!made) {
        return -ENOMEM;
    }
    made->glass = *glass;
    r = frame_init(&made->frame, glass->width_px, glass->height_px);
    if (r == 0) {
        r = type_open(&made->type, font_dir, sentence, sentence_size);
    }
    if (r < 0) {
        canvas_free(made);
        return r;
    }
    if (sentence_size > 0) {
        sentence[0] = '\0';
    }
    *canvas = made;
    return 0;
}

static void blocks_clear(struct canvas *canvas) {
    for (size_t i = 0; i < canvas->block_count; i++) {
        free(canvas->blocks[i].text);
    }
    canvas->block_count = 0;
    canvas->shape_count = 0;
    free(canvas->text);
    canvas->text = NULL;
}

void canvas_free(struct canvas *canvas) {
    if (!canvas) {
        return;
    }
    blocks_clear(canvas);
    type_close(canvas->type);
    if (canvas->pictures) {
        canvas->pictures_free(canvas->pictures);
    }
    frame_clear(&canvas->frame);
    free(canvas);
}

const struct glass *canvas_glass(const struct canvas *canvas) {
    return &canvas->glass;
}

double canvas_arcmin(const struct canvas *canvas, double height_px) {
    double height_m = height_px * canvas->glass.pixel_mm / 1000;

    return 2 * atan(height_m / (2 * canvas->glass.reading_m)) * 180 * 60 / acos(-1);
}

static int cap_height_px(struct canvas *canvas, int em_px) {
    int height_px = type_cap_height_px(canvas->type, em_px, false);

    if (height_px == 0) {
        canvas_complain(canvas, -ENOMEM);
    }
    return height_px;
}

int canvas_em_px(struct canvas *canvas, double arcmin) {
    int em_px = 4;

    while (em_px < 2 * canvas->glass.height_px && canvas_arcmin(canvas, cap_height_px(canvas, em_px)) < arcmin) {
        em_px++;
    }
    return em_px;
}

const struct frame *canvas_frame(const struct canvas *canvas) {
    return &canvas->frame;
}

const char *canvas_text(const struct canvas *canvas) {
    return canvas->text ? canvas->text : "";
}

const struct canvas_block *canvas_blocks(const struct canvas *canvas, size_t *count) {
    *count = canvas->block_count;
    return canvas->blocks;
}

const struct frame_area *canvas_shapes(const struct canvas *canvas, size_t *count) {
    *count = canvas->shape_count;
    return canvas->shapes;
}

void draw_begin(struct canvas *canvas) {
    blocks_clear(canvas);
    frame_fill(&canvas->frame, true);
    canvas->wrong = 0;
}

void canvas_complain(struct canvas *canvas, int r) {
    if (canvas->wrong == 0) {
        canvas->wrong = r;
    }
}

// All blocks, joined by single spaces.
static char *blocks_join(const struct canvas *canvas) {
    size_t size = 1;
    char *joined;
    char *at;

    for (size_t i = 0; i < canvas->block_count; i++) {
        size += strlen(canvas->blocks[i].text) + 1;
    }
    joined = at = calloc(size, 1);
    for (size_t i = 0; joined && i < canvas->block_count; i++) {
        if (i > 0) {
            *at++ = ' ';
        }
        at = stpcpy(at, canvas->blocks[i].text);
    }
    return joined;
}

int draw_end(struct canvas *canvas) {
    canvas->text = blocks_join(canvas);
    if (!canvas->text) {
        canvas_complain(canvas, -ENOMEM);
    }
    return canvas->wrong;
}

// A copy without soft hyphens (U+00AD), every run of white space (U+00A0 is some, too) one space.
static char *words_plain(const char *text) {
    char *plain = malloc(strlen(text) + 1);
    char *at = plain;

    if (!plain) {
        return NULL;
    }
    for (; *text; text++) {
        bool no_break = text[0] == '\xc2' && text[1] == '\xa0';
        bool hyphen = text[0] == '\xc2' && text[1] == '\xad';

        text += no_break || hyphen;
        if (hyphen) {
            continue;
        }
        if (!no_break && *text != ' ' && *text != '\n') {
            *at++ = *text;
        } else if (at > plain && at[-1] != ' ') {
            *at++ = ' ';
        }
    }
    *at = '\0';
    return plain;
}

struct draw_size draw_measure(struct canvas *canvas, const struct type_style *style, const char *text) {
    const struct type_text *set = type_set(canvas->type, style, text);

    if (!set) {
        canvas_complain(canvas, -ENOMEM);
        return (struct draw_size){0};
    }
    return (struct draw_size){.width_px = set->width_px,
                              .height_px = set->height_px,
                              .lines = set->lines,
                              .baseline_px = set->baseline_px,
                              .too_wide = set->too_wide};
}

static bool area_beyond(const struct canvas *canvas, struct frame_area area) {
    return area.x_px < 0 || area.y_px < 0 || area.x_px + area.width_px > canvas->glass.width_px ||
           area.y_px + area.height_px > canvas->glass.height_px;
}

void draw_text(struct canvas *canvas, const struct type_style *style, const char *text, int x_px, int y_px) {
    const struct type_text *set = type_set(canvas->type, style, text);
    char *plain = words_plain(text);
    struct frame_area ink;

    assert(canvas->block_count < BLOCKS_MAX);
    if (!set || !plain) {
        free(plain);
        canvas_complain(canvas, -ENOMEM);
        return;
    }
    ink = mask_stamp(&set->ink, &canvas->frame, x_px, y_px);
    canvas->blocks[canvas->block_count++] = (struct canvas_block){.text = plain,
                                                                  .area = {x_px, y_px, set->width_px, set->height_px},
                                                                  .ink = ink,
                                                                  .cap_height_px = set->cap_height_px,
                                                                  .clipped = set->too_wide || area_beyond(canvas, ink)};
}

void canvas_keep_shape(struct canvas *canvas, struct frame_area area) {
    assert(canvas->shape_count < SHAPES_MAX);
    canvas->shapes[canvas->shape_count++] = area;
}

static void pixel_black(struct canvas *canvas, int x_px, int y_px) {
    if (x_px >= 0 && y_px >= 0 && x_px < canvas->glass.width_px && y_px < canvas->glass.height_px) {
        frame_set(&canvas->frame, x_px, y_px, false);
    }
}

void draw_bar(struct canvas *canvas, struct frame_area bar) {
    for (int y = 0; y < bar.height_px; y++) {
        for (int x = 0; x < bar.width_px; x++) {
            pixel_black(canvas, bar.x_px + x, bar.y_px + y);
        }
    }
    canvas_keep_shape(canvas, bar);
}

// Whether the pixel x, y of a square belongs to the disc of that diameter at the square's centre. Half a diameter is
// added to the square of it: small discs come out round instead of eight-sided.
static bool disc_holds(int x, int y, int square_px, int diameter_px) {
    int dx = 2 * x + 1 - square_px;
    int dy = 2 * y + 1 - square_px;

    return dx * dx + dy * dy <= diameter_px * diameter_px + diameter_px / 2;
}

void draw_ring(struct canvas *canvas, int x_px, int y_px, int diameter_px, int stroke_px) {
    int hole_px = diameter_px - 2 * stroke_px;

    for (int y = 0; y < diameter_px; y++) {
        for (int x = 0; x < diameter_px; x++) {
            if (disc_holds(x, y, diameter_px, diameter_px) &&
                (hole_px <= 0 || !disc_holds(x, y, diameter_px, hole_px))) {
                pixel_black(canvas, x_px + x, y_px + y);
            }
        }
    }
    canvas_keep_shape(canvas, (struct frame_area){x_px, y_px, diameter_px, diameter_px});
}

void draw_disc(struct canvas *canvas, int x_px, int y_px, int diameter_px) {
    draw_ring(canvas, x_px, y_px, diameter_px, diameter_px);
}
