// Words set in type: fonts from one directory, laid out once and kept as 1-bit ink.
#include "display/draw/type.h"

#include <cairo.h>
#include <errno.h>
#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A page sets about ten texts and tries some of them in several sizes; with this many kept, the pages of an
// evening find theirs again.
enum { KEPT_TEXTS = 256 };

// Cap heights of sizes up to this em are measured once.
enum { CAPS_KEPT = 256 };

// Ink may reach beyond the logical box (an accent on a capital, a side bearing): room around it while drawing.
enum { OVERHANG_PX = 24 };

// How long closing waits for the threads of Pango, which sort two fonts; and how often it looks.
enum { THREADS_WAIT_US = 10 * 1000 * 1000, THREADS_LOOK_US = 200 };

// The letter that a script's cap height is measured on.
static const char CAPITAL[] = "H";

struct kept_text {
    char *words; // NULL: the place is free
    struct type_style style;
    struct type_text text;
    uint64_t used; // when it was last asked for
};

struct type {
    FcConfig *fonts;
    PangoFontMap *map;
    PangoContext *context;
    PangoLayout *layout;
    struct kept_text kept[KEPT_TEXTS];
    uint64_t hashes[KEPT_TEXTS]; // of their words: side by side, since they are searched at every call
    short cap_px[2][CAPS_KEPT];  // cap heights by weight and em, 0 = not measured yet
    uint64_t asked;              // how often type_set was called
};

static int fonts_open(struct type *type, const char *font_dir, char *sentence, size_t sentence_size) {
    static const char *const FILES[] = {"B612-Regular.otf", "B612-Bold.otf"};

    type->fonts = FcConfigCreate();
    if (!type->fonts) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; i++) {
        char path[4096];
        int length = snprintf(path, sizeof path, "%s/%s", font_dir, FILES[i]);

        if (length < 0 || (size_t)length >= sizeof path ||
            !FcConfigAppFontAddFile(type->fonts, (const FcChar8 *)path)) {
            snprintf(sentence, sentence_size,
                     "The font %s was not found in %s: without it nothing can be written on the glass "
                     "(Debian's package fonts-b612 brings it).",
                     FILES[i], font_dir);
            return -ENOENT;
        }
    }
    return 0;
}

// Crisp 1-bit letters: no antialiasing, full hinting, advances in whole pixels.
static void context_set_up(PangoContext *context) {
    cairo_font_options_t *options = cairo_font_options_create();

    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_NONE);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_FULL);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_ON);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(context, TRUE);
    pango_context_set_language(context, pango_language_from_string("en"));
    pango_context_set_base_dir(context, PANGO_DIRECTION_LTR);
}

int type_open(struct type **type, const char *font_dir, char *sentence, size_t sentence_size) {
    struct type *made = calloc(1, sizeof *made);
    int r;

    if (!made) {
        return -ENOMEM;
    }
    r = fonts_open(made, font_dir, sentence, sentence_size);
    if (r < 0) {
        type_close(made);
        return r;
    }
    made->map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(made->map), made->fonts);
    made->context = pango_font_map_create_context(made->map);
    context_set_up(made->context);
    made->layout = pango_layout_new(made->context);
    *type = made;
    return 0;
}

static void kept_clear(struct kept_text *kept) {
    free(kept->words);
    mask_clear(&kept->text.ink);
    *kept = (struct kept_text){0};
}

// Pango asks Fontconfig in threads of its own. Each holds the map until it is done, and before that takes what it asked
// for out of the map's tables, for which there is no lock: to clear the tables meanwhile corrupts the heap (seen with
// Pango 1.50.12; 1.56 does the same). Nothing else holds the map once the context is gone.
static bool threads_have_ended(PangoFontMap *map) {
    for (int waited_us = 0; g_atomic_int_get(&G_OBJECT(map)->ref_count) > 1; waited_us += THREADS_LOOK_US) {
        if (waited_us >= THREADS_WAIT_US) {
            return false;
        }
        g_usleep(THREADS_LOOK_US);
    }
    return true;
}

void type_close(struct type *type) {
    if (!type) {
        return;
    }
    for (size_t i = 0; i < KEPT_TEXTS; i++) {
        kept_clear(&type->kept[i]);
    }
    g_clear_object(&type->layout);
    g_clear_object(&type->context);
    // A font map of Pango 1.50 that is freed with a configuration of its own leaves that one's fonts behind: a leak,
    // the smaller harm if the threads do not end.
    if (type->map && threads_have_ended(type->map)) {
        pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(type->map), NULL);
    }
    g_clear_object(&type->map);
    if (type->fonts) {
        FcConfigDestroy(type->fonts);
    }
    free(type);
}

// FNV-1a, 64 bit (http://www.isthe.com/chongo/tech/comp/fnv/).
static uint64_t text_hash(const char *text) {
    uint64_t hash = 14695981039346656037ULL;

    for (; *text; text++) {
        hash = (hash ^ (uint8_t)*text) * 1099511628211ULL;
    }
    return hash;
}

static bool style_equal(const struct type_style *a, const struct type_style *b) {
    return a->em_px == b->em_px && a->bold == b->bold && a->figures == b->figures && a->width_px == b->width_px &&
           a->line_px == b->line_px;
}

static struct kept_text *kept_find(struct type *type, const struct type_style *style, const char *text, uint64_t hash) {
    for (size_t i = 0; i < KEPT_TEXTS; i++) {
        struct kept_text *kept = &type->kept[i];

        if (type->hashes[i] == hash && kept->words && style_equal(&kept->style, style) &&
            strcmp(kept->words, text) == 0) {
            return kept;
        }
    }
    return NULL;
}

// A free place, or that of the text not asked for the longest.
static struct kept_text *kept_make_room(struct type *type) {
    struct kept_text *oldest = &type->kept[0];

    for (size_t i = 0; i < KEPT_TEXTS; i++) {
        if (!type->kept[i].words) {
            return &type->kept[i];
        }
        if (type->kept[i].used < oldest->used) {
            oldest = &type->kept[i];
        }
    }
    kept_clear(oldest);
    return oldest;
}

static void layout_set(PangoLayout *layout, const struct type_style *style, const char *text) {
    PangoFontDescription *font = pango_font_description_new();

    pango_font_description_set_family_static(font, "B612");
    pango_font_description_set_weight(font, style->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_absolute_size(font, (double)style->em_px * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD);
    pango_layout_set_width(layout, style->width_px > 0 ? style->width_px * PANGO_SCALE : -1);
    pango_layout_set_text(layout, text, -1);
}

// Draws the layout in 8-bit coverage and keeps its ink, relative to the layout's origin. 0 or -ENOMEM.
static int layout_ink(PangoLayout *layout, int width_px, int height_px, struct mask *ink) {
    int whole_width = width_px + 2 * OVERHANG_PX;
    int whole_height = height_px + 2 * OVERHANG_PX;
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, whole_width, whole_height);
    cairo_t *cairo = cairo_create(surface);
    int r = -ENOMEM;

    cairo_move_to(cairo, OVERHANG_PX, OVERHANG_PX);
    pango_cairo_show_layout(cairo, layout);
    cairo_surface_flush(surface);
    if (cairo_status(cairo) == CAIRO_STATUS_SUCCESS) {
        r = mask_from_coverage(ink, cairo_image_surface_get_data(surface), cairo_image_surface_get_stride(surface),
                               whole_width, whole_height);
    }
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
    if (r == 0) {
        ink->left_px -= OVERHANG_PX;
        ink->top_px -= OVERHANG_PX;
    }
    return r;
}

// A numeral's box has no room for accents and descenders. It is the same for every number, so that a digit stands
// where it stood, whatever stands beside it.
static int text_trim(struct type *type, const struct type_style *style, struct type_text *text) {
    const struct type_style plain = {.em_px = style->em_px, .bold = style->bold};
    const struct type_text *digits = type_set(type, &plain, "0123456789");

    if (!digits) {
        mask_clear(&text->ink);
        return -ENOMEM;
    }
    text->height_px = digits->ink.height_px;
    text->baseline_px -= digits->ink.top_px;
    text->ink.top_px -= digits->ink.top_px;
    return 0;
}

// Takes the same from every line, above its letters: there B612 has more room than even an accented capital fills. From
// the first line too, so that blocks stand as close to each other as lines do. Returns how far that one moves up.
static int lines_close_up(PangoLayout *layout, const struct type_style *style) {
    PangoRectangle line;
    int cut_px;

    pango_layout_set_spacing(layout, 0);
    if (style->line_px == 0) {
        return 0;
    }
    pango_layout_line_get_pixel_extents(pango_layout_get_line_readonly(layout, 0), NULL, &line);
    cut_px = line.height - style->line_px;
    pango_layout_set_spacing(layout, -cut_px * PANGO_SCALE);
    return cut_px;
}

static int text_make(struct type *type, const struct type_style *style, const char *words, struct type_text *text) {
    PangoRectangle logical;
    int up_px, lines;
    int r;

    layout_set(type->layout, style, words);
    up_px = lines_close_up(type->layout, style);
    lines = pango_layout_get_line_count(type->layout);
    pango_layout_get_pixel_extents(type->layout, NULL, &logical);
    *text = (struct type_text){
        .width_px = logical.width,
        .height_px = style->line_px > 0 ? lines * style->line_px : logical.height,
        .lines = lines,
        .baseline_px = PANGO_PIXELS(pango_layout_get_baseline(type->layout)) - up_px,
        .too_wide = style->width_px > 0 && logical.width > style->width_px,
    };
    r = layout_ink(type->layout, logical.width, logical.height, &text->ink);
    text->ink.top_px -= r == 0 ? up_px : 0;
    // A letter that reaches left of its origin (J) is moved in: nothing hangs into the margin.
    if (r == 0 && text->ink.left_px < 0) {
        text->ink.left_px = 0;
    }
    return r == 0 && style->figures ? text_trim(type, style, text) : r;
}

// Sets a text and keeps it. NULL when memory is short.
static struct kept_text *kept_add(struct type *type, const struct type_style *style, const char *text) {
    struct kept_text made = {.style = *style};
    struct kept_text *place;

    if (text_make(type, style, text, &made.text) < 0) {
        return NULL;
    }
    made.words = strdup(text);
    if (!made.words) {
        kept_clear(&made);
        return NULL;
    }
    made.text.cap_height_px =
        strcmp(text, CAPITAL) == 0 ? made.text.ink.height_px : type_cap_height_px(type, style->em_px, style->bold);
    place = kept_make_room(type);
    *place = made;
    return place;
}

const struct type_text *type_set(struct type *type, const struct type_style *style, const char *text) {
    uint64_t hash = text_hash(text);
    struct kept_text *kept = kept_find(type, style, text, hash);

    if (!kept) {
        kept = kept_add(type, style, text);
    }
    if (!kept) {
        return NULL;
    }
    type->hashes[kept - type->kept] = hash;
    kept->used = ++type->asked;
    return &kept->text;
}

int type_cap_height_px(struct type *type, int em_px, bool bold) {
    const struct type_text *capital;

    if (em_px < CAPS_KEPT && type->cap_px[bold][em_px] > 0) {
        return type->cap_px[bold][em_px];
    }
    capital = type_set(type, &(struct type_style){.em_px = em_px, .bold = bold}, CAPITAL);
    if (capital && em_px < CAPS_KEPT) {
        type->cap_px[bold][em_px] = (short)capital->ink.height_px;
    }
    return capital ? capital->ink.height_px : 0;
}
