// Composes the screen of the interactive simulator.
#include "daemon/sim/tui/layout.h"

#include <chafa.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    CELL_WIDTH = 1, // a character cell is twice as high as wide
    CELL_HEIGHT = 2,
    GAP = 2,               // columns between the glass and the text beside it
    TEXT_COLUMNS_MIN = 34, // beside the glass
    TEXT_ROWS_MIN = 8,     // below it
    LINES_MAX = 64,
    GLASS_ROWS_MIN = 4,
};

static const char keys_line[] = "b back  + more  - less  i info  f fast time  s snapshot  p power cut  q quit";

static const char paper[] = "\033[30;107m"; // black ink on white
static const char plain[] = "\033[0m";
static const char bold[] = "\033[1m";
static const char faint[] = "\033[2m";

// The lines of text, each at most so wide.
struct sheet {
    int columns;
    size_t count;
    GString *lines[LINES_MAX];
    const char *styles[LINES_MAX];
};

static void sheet_add_line(struct sheet *sheet, const char *text, gssize bytes, const char *style) {
    if (sheet->count < LINES_MAX) {
        sheet->lines[sheet->count] = g_string_new_len(text, bytes);
        sheet->styles[sheet->count++] = style;
    }
}

static int cells_of(const char *character) {
    return g_unichar_iswide(g_utf8_get_char(character)) ? 2 : 1;
}

// Where a line that begins at `from` ends: after the last word that fits, or in a word that is too long.
static const char *line_end(const char *from, int columns) {
    const char *last_blank = NULL;
    int used = 0;

    for (const char *at = from; *at != '\0'; at = g_utf8_next_char(at)) {
        if (*at == ' ') {
            last_blank = at;
        }
        used += cells_of(at);
        if (used > columns) {
            return last_blank != NULL && last_blank > from ? last_blank : at;
        }
    }
    return from + strlen(from);
}

static void sheet_add(struct sheet *sheet, const char *text, const char *style) {
    while (*text != '\0') {
        const char *end = line_end(text, sheet->columns);

        if (end == text) { // not even one character has room
            return;
        }
        sheet_add_line(sheet, text, end - text, style);
        text = end + strspn(end, " ");
    }
}

static void sheet_write(const struct layout_view *view, struct sheet *sheet) {
    char *title = g_strdup_printf("%s (panel %s)", view->page, view->panel);

    sheet_add(sheet, title, bold);
    g_free(title);
    sheet_add(sheet, view->words, plain);
    sheet_add(sheet, view->gestures, bold);
    sheet_add(sheet, keys_line, faint);
    sheet_add(sheet, view->status, plain);
    sheet_add(sheet, view->note, faint);
}

static void sheet_clear(struct sheet *sheet) {
    for (size_t i = 0; i < sheet->count; i++) {
        g_string_free(sheet->lines[i], TRUE);
    }
    sheet->count = 0;
}

struct layout {
    int glass_columns; // 0: no room for it
    int glass_rows;
    bool beside; // the text stands beside the glass
    int text_columns;
};

// The largest picture of the glass that fits, in its proportions; never larger than one pixel a character's half.
static void fit_glass(const struct frame *glass, int columns, int rows, struct layout *layout) {
    int most_columns = MIN(columns, glass->width_px);
    int fitting_rows = most_columns * glass->height_px * CELL_WIDTH / (glass->width_px * CELL_HEIGHT);

    layout->glass_rows = MAX(0, MIN(rows, fitting_rows));
    layout->glass_columns = layout->glass_rows * glass->width_px * CELL_HEIGHT / (glass->height_px * CELL_WIDTH);
}

// Beside or below, wherever the glass becomes larger.
static struct layout choose_layout(const struct frame *glass, int columns, int rows) {
    struct layout below = {.text_columns = columns};
    struct layout beside = {.beside = true};

    fit_glass(glass, columns, rows - TEXT_ROWS_MIN, &below);
    fit_glass(glass, columns - TEXT_COLUMNS_MIN - GAP, rows, &beside);
    beside.text_columns = columns - beside.glass_columns - GAP;
    struct layout chosen = beside.glass_rows > below.glass_rows ? beside : below;

    if (chosen.glass_rows < GLASS_ROWS_MIN) {
        return (struct layout){.text_columns = columns};
    }
    return chosen;
}

// Chafa chooses for each cell the symbol that comes nearest to its pixels.
static ChafaCanvas *draw_glass(const struct frame *glass, const struct layout *layout) {
    size_t stride = (size_t)glass->width_px * 4;
    guint8 *pixels = g_malloc(stride * (size_t)glass->height_px);
    ChafaSymbolMap *symbols = chafa_symbol_map_new();
    ChafaCanvasConfig *config = chafa_canvas_config_new();

    for (int y_px = 0; y_px < glass->height_px; y_px++) {
        for (int x_px = 0; x_px < glass->width_px; x_px++) {
            guint8 *pixel = pixels + (size_t)y_px * stride + (size_t)x_px * 4;

            memset(pixel, frame_is_white(glass, x_px, y_px) ? 0xff : 0x00, 3);
            pixel[3] = 0xff;
        }
    }
    chafa_symbol_map_add_by_tags(symbols, CHAFA_SYMBOL_TAG_SPACE | CHAFA_SYMBOL_TAG_SOLID | CHAFA_SYMBOL_TAG_HALF |
                                              CHAFA_SYMBOL_TAG_QUAD);
    chafa_canvas_config_set_symbol_map(config, symbols);
    chafa_canvas_config_set_geometry(config, layout->glass_columns, layout->glass_rows);
    chafa_canvas_config_set_canvas_mode(config, CHAFA_CANVAS_MODE_FGBG);
    chafa_canvas_config_set_dither_mode(config, CHAFA_DITHER_MODE_NONE);
    chafa_canvas_config_set_preprocessing_enabled(config, FALSE);
    chafa_canvas_config_set_fg_color(config, 0x000000);
    chafa_canvas_config_set_bg_color(config, 0xffffff);
    ChafaCanvas *canvas = chafa_canvas_new(config);

    chafa_canvas_draw_all_pixels(canvas, CHAFA_PIXEL_RGBA8_UNASSOCIATED, pixels, glass->width_px, glass->height_px,
                                 (gint)stride);
    chafa_canvas_config_unref(config);
    chafa_symbol_map_unref(symbols);
    g_free(pixels);
    return canvas;
}

static void write_glass_row(GString *out, ChafaCanvas *canvas, int columns, int row) {
    g_string_append(out, paper);
    for (int column = 0; column < columns; column++) {
        g_string_append_unichar(out, chafa_canvas_get_char_at(canvas, column, row));
    }
    g_string_append(out, plain);
}

static void write_text_row(GString *out, const struct sheet *sheet, size_t line) {
    if (line < sheet->count) {
        g_string_append_printf(out, "%s%s%s", sheet->styles[line], sheet->lines[line]->str, plain);
    }
}

// One row of the terminal: glass, or text, or both beside each other.
static void write_row(GString *out, ChafaCanvas *canvas, const struct layout *layout, const struct sheet *sheet,
                      int row) {
    g_string_append_printf(out, "\033[%d;1H", row + 1);
    if (row < layout->glass_rows) {
        write_glass_row(out, canvas, layout->glass_columns, row);
    }
    if (layout->beside) {
        g_string_append_printf(out, "\033[K\033[%d;%dH", row + 1, layout->glass_columns + GAP + 1);
        write_text_row(out, sheet, (size_t)row);
    } else if (row >= layout->glass_rows) {
        write_text_row(out, sheet, (size_t)(row - layout->glass_rows));
    }
    g_string_append(out, "\033[K");
}

char *layout_compose(const struct layout_view *view, int columns, int rows) {
    struct layout layout = choose_layout(view->glass, columns, rows);
    struct sheet sheet = {.columns = layout.text_columns};
    ChafaCanvas *canvas = layout.glass_rows > 0 ? draw_glass(view->glass, &layout) : NULL;
    GString *out = g_string_new(NULL);

    sheet_write(view, &sheet);
    for (int row = 0; row < rows; row++) {
        write_row(out, canvas, &layout, &sheet, row);
    }
    sheet_clear(&sheet);
    if (canvas != NULL) {
        chafa_canvas_unref(canvas);
    }
    return g_string_free(out, FALSE);
}
