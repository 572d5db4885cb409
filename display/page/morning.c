// How the habit stands in the morning: headline, the week by shapes, last night, streak, best, rests.
#include "display/page/date.h"
#include "display/page/marks.h"
#include "display/page/pages.h"

#include <libintl.h>
#include <stdio.h>

enum { CELL_SIZE = 96, CELLS_MAX = 4 };

struct cells {
    char text[CELLS_MAX][CELL_SIZE];
    int count;
};

static char *cells_next(struct cells *cells) {
    return cells->text[cells->count++];
}

static void nights_so_far(int nights, char *text, size_t size) {
    snprintf(text, size, ngettext("%d night so far", "%d nights so far", (unsigned long)nights), nights);
}

static void headline(const struct view_morning *shown, char *text, size_t size) {
    switch (shown->situation) {
    case PAGE_SITUATION_FIRST:
        snprintf(text, size, "%s", shown->nights > 0 ? gettext("The first night") : gettext("Good morning"));
        return;
    case PAGE_SITUATION_WELCOME:
        snprintf(text, size, "%s", gettext("Welcome back"));
        return;
    case PAGE_SITUATION_CHAIN:
    case PAGE_SITUATION_REST:
    case PAGE_SITUATION_AWAY:
        break;
    }
    if (shown->last7 > 0)
        snprintf(text, size, gettext("%d of 7 nights"), shown->last7);
    else
        nights_so_far(shown->nights, text, size);
}

// "Tuesday 12 min", "Tuesday: rest"; nothing about a night without practice.
static void last_night(const struct view_morning *shown, const char *weekday, char *text, size_t size) {
    enum page_mark mark = shown->week[6];

    text[0] = '\0';
    if (shown->last_minutes > 0 && shown->last_weekday < 0)
        snprintf(text, size, gettext("%d min"), shown->last_minutes);
    else if (shown->last_minutes > 0)
        // TRANSLATORS: weekday and minutes practised: "Tue 12 min".
        snprintf(text, size, gettext("%1$s %2$d min"), weekday, shown->last_minutes);
    else if (shown->last_weekday >= 0 && mark == PAGE_MARK_REST)
        snprintf(text, size, gettext("%s: rest"), weekday);
    else if (shown->last_weekday >= 0 && mark == PAGE_MARK_AWAY)
        snprintf(text, size, gettext("%s: away"), weekday);
}

static void collect(const struct view_morning *shown, const char *weekday, struct cells *cells) {
    bool chain = shown->situation != PAGE_SITUATION_FIRST && shown->situation != PAGE_SITUATION_WELCOME;

    if (shown->situation == PAGE_SITUATION_WELCOME)
        nights_so_far(shown->nights, cells_next(cells), CELL_SIZE);
    if (chain && shown->show_streak && shown->streak > 0)
        snprintf(cells_next(cells), CELL_SIZE, gettext("%d in a row"), shown->streak);
    if (shown->situation != PAGE_SITUATION_FIRST && shown->best > 0)
        snprintf(cells_next(cells), CELL_SIZE, gettext("best %d"), shown->best);
    last_night(shown, weekday, cells->text[cells->count], CELL_SIZE);
    cells->count += cells->text[cells->count][0] != '\0';
    if (chain)
        snprintf(cells_next(cells), CELL_SIZE,
                 ngettext("%d rest left", "%d rests left", (unsigned long)shown->rests_left), shown->rests_left);
}

static void draw_cells(const struct sheet *sheet, const struct cells *cells, int y_px) {
    const struct type_style style = {.em_px = sheet->body_px};
    int left_px = 0;

    for (int i = 0; i < cells->count; i += 2) {
        int width_px = draw_measure(sheet->canvas, &style, cells->text[i]).width_px;

        left_px = width_px > left_px ? width_px : left_px;
    }
    for (int i = 0; i < cells->count; i++)
        draw_text(sheet->canvas, &style, cells->text[i], sheet->room.x_px + (i % 2 ? left_px + sheet->gap_px * 2 : 0),
                  y_px + i / 2 * sheet->line_px);
}

void page_draw_morning(const struct sheet *sheet, const struct view *view) {
    const struct view_morning *shown = &view->morning;
    const struct type_style title = {.em_px = sheet->title_px, .bold = true};
    struct cells cells = {0};
    char head[CELL_SIZE];
    int y_px = sheet->room.y_px;
    int cell_px = sheet->line_px;

    headline(shown, head, sizeof head);
    collect(shown, date_weekday_short(shown->last_weekday), &cells);
    draw_text(sheet->canvas, &title, head, sheet->room.x_px, y_px);
    y_px += draw_measure(sheet->canvas, &title, head).height_px;
    for (int i = 0; i < 7; i++)
        mark_draw(sheet, shown->week[i], sheet->room.x_px + i * cell_px, y_px, cell_px);
    draw_cells(sheet, &cells, sheet_bottom(sheet) - (cells.count + 1) / 2 * sheet->line_px);
}
