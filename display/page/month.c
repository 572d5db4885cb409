// The last 28 nights as four weeks of shapes.
#include "display/page/date.h"
#include "display/page/marks.h"
#include "display/page/pages.h"

#include <libintl.h>
#include <stdio.h>

enum { WEEKS = 4, DAYS = 7 };

// Weeks stand a little farther apart than days, so that they read as rows.
struct grid {
    int cell_px;
    int row_px;
};

static struct grid grid_in(int width_px, int height_px) {
    int cell_px = at_most(width_px / DAYS, height_px / WEEKS);

    return (struct grid){cell_px, at_most(cell_px * 4 / 3, height_px / WEEKS)};
}

static void draw_grid(const struct sheet *sheet, const enum page_mark nights[], struct grid grid, int height_px) {
    int y_px = sheet->room.y_px + (sheet->foot ? 0 : (height_px - (WEEKS - 1) * grid.row_px - grid.cell_px) / 2);

    for (int i = 0; i < WEEKS * DAYS; i++) {
        mark_draw(sheet, nights[i], sheet->room.x_px + i % DAYS * grid.cell_px, y_px + i / DAYS * grid.row_px,
                  grid.cell_px);
    }
}

// How many, and whether tonight is marked. With line breaks, which keep them narrow.
static void format_words(const struct view_month *shown, char *count, size_t count_size, char *away, size_t away_size) {
    if (shown->last28 > 0) {
        // words: beside the picture of the month. The line break keeps it narrow.
        snprintf(count, count_size, gettext("%d of 28\nnights"), shown->last28);
    } else {
        // words: in their place before the first practised night.
        snprintf(count, count_size, "%s", gettext("No night\nyet"));
    }
    if (shown->tonight_away) {
        snprintf(away, away_size, gettext("%s: away"), date_weekday_short(shown->weekday));
    } else {
        away[0] = '\0';
    }
}

// The words beside the grid, or below it in as few lines as the glass is wide: where the shapes come out larger.
static void draw_month(const struct sheet *sheet, const struct view *view) {
    const struct view_month *shown = &view->month;
    const struct frame_area *room = &sheet->room;
    struct stack words = {0};
    struct stack below = {0};
    struct draw_size size, below_size;
    struct grid beside_grid, below_grid;
    char count[64], one_line[64], away[64];

    if (!shown->known) {
        stack_add(&words, gettext("Nights show here once the time is known."), sheet->body_px, false, 0);
        stack_draw_alone(sheet, &words);
        return;
    }
    format_words(shown, count, sizeof count, away, sizeof away);
    snprintf(one_line, sizeof one_line, "%s", count);
    sheet_join_lines(one_line);
    if (shown->last28 > 0 && sheet_title_width_px(sheet, one_line) > room->width_px) {
        // words: "17 of 28 nights" on narrow glass.
        snprintf(one_line, sizeof one_line, gettext("%d of 28"), shown->last28);
    }
    stack_add(&words, count, sheet->body_px, true, 0);
    stack_add(&words, away, sheet->body_px, false, 0);
    stack_add(&below, one_line, sheet->body_px, true, 0);
    stack_add(&below, away, sheet->body_px, false, 0);
    size = stack_measure(sheet, &words, 0);
    below_size = stack_measure(sheet, &below, room->width_px);
    beside_grid = grid_in(room->width_px - size.width_px - sheet->gap_px, room->height_px);
    below_grid = grid_in(room->width_px, room->height_px - below_size.height_px - sheet->gap_px / 2);
    if (below_grid.cell_px > beside_grid.cell_px) {
        draw_grid(sheet, shown->nights, below_grid, room->height_px - below_size.height_px);
        stack_draw(sheet, &below, room->x_px, sheet_bottom(sheet) - below_size.height_px, room->width_px);
        return;
    }
    draw_grid(sheet, shown->nights, beside_grid, room->height_px);
    stack_draw(sheet, &words, sheet_right(sheet) - size.width_px,
               room->y_px + (sheet->foot ? 0 : (room->height_px - size.height_px) / 2), size.width_px);
}

static void month_hint(const struct view *view, struct page_hint *hint) {
    if (!view->month.known) {
        hint->text = hint->brief;
    } else if (view->month.tonight_away) {
        hint->text = N_("Press: here. Hold: next");
    }
}

PAGE_DRAWING(month, .draw = draw_month, .hint = N_("Press: away. Hold: next"), .brief = N_("Hold: next"),
             .hint_now = month_hint, .answers = false, .faces = NULL, .minutes = NULL);
