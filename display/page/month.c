// The last 28 nights as four weeks of shapes.
#include "display/page/date.h"
#include "display/page/marks.h"
#include "display/page/pages.h"

#include <libintl.h>
#include <stdio.h>

enum { WEEKS = 4, DAYS = 7 };

// Weeks stand a little farther apart than days, so that they read as rows.
static void draw_grid(const struct sheet *sheet, const enum page_mark nights[], int width_px) {
    int height_px = sheet->room.height_px;
    int cell_px = at_most(width_px / DAYS, height_px / WEEKS);
    int row_px = at_most(cell_px * 4 / 3, height_px / WEEKS);
    int y_px = sheet->room.y_px + (sheet->foot ? 0 : (height_px - (WEEKS - 1) * row_px - cell_px) / 2);

    for (int i = 0; i < WEEKS * DAYS; i++)
        mark_draw(sheet, nights[i], sheet->room.x_px + i % DAYS * cell_px, y_px + i / DAYS * row_px, cell_px);
}

void page_draw_month(const struct sheet *sheet, const struct view *view) {
    const struct view_month *shown = &view->month;
    const struct frame_area *room = &sheet->room;
    struct stack words = {0};
    struct draw_size size;
    char count[64];
    char away[64];

    if (!shown->known) {
        stack_add(&words, gettext("Nights show here once the time is known."), sheet->body_px, false, 0);
        stack_draw_alone(sheet, &words);
        return;
    }
    // words: beside the picture of the month. The line break keeps it narrow.
    snprintf(count, sizeof count, gettext("%d of 28\nnights"), shown->last28);
    stack_add(&words, shown->last28 > 0 ? count : gettext("28\nnights"), sheet->body_px, true, 0);
    if (shown->tonight_away) {
        snprintf(away, sizeof away, gettext("%s: away"), date_weekday_short(shown->weekday));
        stack_add(&words, away, sheet->body_px, false, 0);
    }
    size = stack_measure(sheet, &words, 0);
    draw_grid(sheet, shown->nights, room->width_px - size.width_px - sheet->gap_px);
    stack_draw(sheet, &words, sheet_right(sheet) - size.width_px,
               room->y_px + (sheet->foot ? 0 : (room->height_px - size.height_px) / 2), size.width_px);
}
