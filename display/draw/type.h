// Words set in type: fonts from one directory, laid out once and kept as 1-bit ink. Owner of Pango and Fontconfig.
#ifndef KARANI_DISPLAY_DRAW_TYPE_H
#define KARANI_DISPLAY_DRAW_TYPE_H

#include "display/frame/mask.h"

#include <stdbool.h>
#include <stddef.h>

// How a text is to be set: left-aligned, ragged right.
struct type_style {
    int em_px;
    bool bold;
    bool figures; // a numeral: its box is as high as the ten digits, its origin their upper left corner
    int width_px; // lines break between words (and at soft hyphens) to stay within it; 0: never
    int line_px;  // height of a line, for a glass that is short of room; 0: as the font has it
};

// A text as it was set. Sizes are logical: what no other text may overlap.
struct type_text {
    struct mask ink; // relative to the upper left corner of the text
    int width_px;
    int height_px;
    int lines;
    int baseline_px;      // of the first line, from the top
    double cap_height_px; // measured
    bool too_wide;        // a word is wider than the width
};

struct type;

// Opens the fonts B612-Regular.otf and B612-Bold.otf of a directory, and only these: no setting of the machine
// has a say. `sentence` receives one plain sentence on failure. 0, -ENOENT (font missing), -ENOMEM.
int type_open(struct type **type, const char *font_dir, char *sentence, size_t sentence_size);

void type_close(struct type *type);

// Sets a text in UTF-8. The answer is kept and belongs to `type`; it is valid until the next call. NULL when
// memory is short.
const struct type_text *type_set(struct type *type, const struct type_style *style, const char *text);

// The height of a capital letter in pixels, measured on the ink of an H; 0 when memory is short.
int type_cap_height_px(struct type *type, int em_px, bool bold);

#endif
