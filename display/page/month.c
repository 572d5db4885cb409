// The last 28 nights as four weeks of shapes.
#include "display/page/date.h"
#include "display/page/marks.h"
#include "display/page/pages.h"

#include <libintl.h>
#include <stdio.h>

enum { WEEKS = 4, DAYS = 7 };

void page_draw_month(const struct sheet *sheet, const struct view *view) {
    const struct view_month *shown = &view->month;
    const struct frame_area *room = &sheet->room;
    int cell_px = room->height_px / WEEKS;
    struct stack words = {0};
    char count[64];
    char away[64];
    int column_px;

    if (!shown->known) {
        stack_add(&words, gettext("Nights show here once the time is known."), sheet->body_px, false, 0);
        stack_draw_middle(sheet, &words);
        return;
    }
    for (int i = 0; i < WEEKS * DAYS; i++)
        mark_draw(sheet, shown->nights[i], room->x_px + i % DAYS * cell_px, room->y_px + i / DAYS * cell_px, cell_px);
    snprintf(count, sizeof count, gettext("%d of 28"), shown->last28);
    stack_add(&words, shown->last28 > 0 ? count : gettext("28"), sheet->body_px, true, 0);
    stack_add(&words, gettext("nights"), sheet->body_px, false, 0);
    if (shown->tonight_away) {
        snprintf(away, sizeof away, gettext("%s: away"), date_weekday_short(shown->weekday));
        stack_add(&words, away, sheet->body_px, false, 0);
    }
    column_px = room->width_px - DAYS * cell_px - sheet->gap_px;
    stack_draw(sheet, &words, sheet_right(sheet) - column_px, room->y_px, column_px);
}
