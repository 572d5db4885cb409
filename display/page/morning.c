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

// Keeps the cell that was written, unless it says nothing or is wider than the room.
static void cells_keep(const struct sheet *sheet, struct cells *cells) {
    const char *text = cells->text[cells->count];

    cells->count += text[0] != '\0' && sheet_is_one_line(sheet, text);
}

static char *cells_next(struct cells *cells) {
    char *text = cells->text[cells->count];

    text[0] = '\0';
    return text;
}

// "34 nights so far", on narrow glass "34 nights".
static void nights_so_far(const struct sheet *sheet, int nights, char *text, size_t size) {
    snprintf(text, size, ngettext("%d night so far", "%d nights so far", (unsigned long)nights), nights);
    if (sheet_title_width_px(sheet, text) > sheet->room.width_px)
        snprintf(text, size, ngettext("%d night", "%d nights", (unsigned long)nights), nights);
}

// A bare zero is never the headline: then it is the total of nights.
static void headline(const struct sheet *sheet, const struct view_morning *shown, char *text, size_t size) {
    if (shown->situation == PAGE_SITUATION_FIRST)
        snprintf(text, size, "%s", gettext("The first night"));
    else if (shown->situation == PAGE_SITUATION_WELCOME)
        snprintf(text, size, "%s", gettext("Welcome back"));
    else if (shown->last7 > 0)
        snprintf(text, size, gettext("%d of 7 nights"), shown->last7);
    else
        nights_so_far(sheet, shown->nights, text, size);
    // words: "5 of 7 nights" on narrow glass.
    if (shown->last7 > 0 && shown->situation != PAGE_SITUATION_FIRST && shown->situation != PAGE_SITUATION_WELCOME &&
        sheet_title_width_px(sheet, text) > sheet->room.width_px)
        snprintf(text, size, gettext("%d of 7"), shown->last7);
}

// "Tuesday 12 min", "Tuesday: rest"; nothing about a night without practice, but that sessions without a date may have
// been in it.
static void last_night(const struct view_morning *shown, const char *weekday, char *text, size_t size) {
    enum page_mark mark = shown->week[6];

    text[0] = '\0';
    if (shown->last_minutes > 0 && shown->last_weekday < 0)
        snprintf(text, size, gettext("%d min"), shown->last_minutes);
    else if (shown->last_minutes > 0)
        // words: weekday and minutes practised: "Tue 12 min".
        snprintf(text, size, gettext("%1$s %2$d min"), weekday, shown->last_minutes);
    else if (shown->last_weekday >= 0 && mark == PAGE_MARK_REST)
        snprintf(text, size, gettext("%s: rest"), weekday);
    else if (shown->last_weekday >= 0 && mark == PAGE_MARK_AWAY)
        snprintf(text, size, gettext("%s: away"), weekday);
    else if (shown->undated_minutes > 0)
        snprintf(text, size, gettext("%d min undated"), shown->undated_minutes);
}

// In the order of their weight: the streak, the best, last night, the rests; two make a row. After the first night
// there is that one alone.
static void collect(const struct sheet *sheet, const struct view_morning *shown, bool with_best, struct cells *cells) {
    bool first = shown->situation == PAGE_SITUATION_FIRST;
    bool welcome = shown->situation == PAGE_SITUATION_WELCOME;
    const char *weekday = first ? date_weekday(shown->last_weekday) : date_weekday_short(shown->last_weekday);

    *cells = (struct cells){0};
    if (welcome)
        nights_so_far(sheet, shown->nights, cells_next(cells), CELL_SIZE);
    else if (!first && shown->show_streak && shown->streak > 0)
        snprintf(cells_next(cells), CELL_SIZE, gettext("%d in a row"), shown->streak);
    cells_keep(sheet, cells);
    if (!first && with_best && shown->best > 0)
        snprintf(cells_next(cells), CELL_SIZE, gettext("best %d"), shown->best);
    cells_keep(sheet, cells);
    last_night(shown, weekday, cells_next(cells), CELL_SIZE);
    if (first && !sheet_is_one_line(sheet, cells->text[cells->count]))
        last_night(shown, date_weekday_short(shown->last_weekday), cells_next(cells), CELL_SIZE);
    cells_keep(sheet, cells);
    if (!first && !welcome)
        snprintf(cells_next(cells), CELL_SIZE,
                 ngettext("%d rest left", "%d rests left", (unsigned long)shown->rests_left), shown->rests_left);
    cells_keep(sheet, cells);
}

static int cell_width_px(const struct sheet *sheet, const char *text) {
    return draw_measure(sheet->canvas, &(struct type_style){.em_px = sheet->body_px}, text).width_px;
}

// Where a cell stands: its row, and how far right.
struct place {
    int row;
    int x_px;
};

// Two cells a row in two columns; a pair that is too wide for them keeps its row if it can, else the second moves
// to the next. Returns the number of rows.
static int cells_place(const struct sheet *sheet, const struct cells *cells, struct place places[]) {
    int half_px = 0;
    int row = -1;
    int used_px = 0; // of the present row; 0: it takes no second one

    for (int i = 0; i < cells->count; i += 2)
        half_px = at_least(cell_width_px(sheet, cells->text[i]) + 2 * sheet->gap_px, half_px);
    for (int i = 0; i < cells->count; i++) {
        int width_px = cell_width_px(sheet, cells->text[i]);

        if (used_px == 0 || used_px + sheet->gap_px * 3 / 2 + width_px > sheet->room.width_px) {
            places[i] = (struct place){++row, sheet->room.x_px};
            used_px = width_px;
            continue;
        }
        places[i] = (struct place){row, half_px >= used_px && half_px + width_px <= sheet->room.width_px
                                            ? sheet->room.x_px + half_px
                                            : sheet_right(sheet) - width_px};
        used_px = 0;
    }
    return row + 1;
}

static void draw_cells(const struct sheet *sheet, const struct cells *cells, const struct place places[], int rows,
                       int y_px) {
    const struct type_style style = sheet_style(sheet, sheet->body_px, false, 0);

    for (int i = 0; i < cells->count; i++)
        if (places[i].row < rows)
            draw_text(sheet->canvas, &style, cells->text[i], places[i].x_px, y_px + places[i].row * sheet->line_px);
}

// Seven shapes across the room.
static void draw_week(const struct sheet *sheet, const enum page_mark week[], int y_px, int cell_px) {
    int pitch_px = (sheet->room.width_px - cell_px) / 6;

    for (int i = 0; i < 7; i++)
        mark_draw(sheet, week[i], sheet->room.x_px + i * pitch_px, y_px, cell_px);
}

// Before there is a night to look back on: words alone. Who practised while the time was not known has begun all the
// same.
static void draw_none(const struct sheet *sheet, int undated_minutes) {
    struct stack words = {0};
    char text[CELL_SIZE];

    if (undated_minutes > 0)
        snprintf(text, sizeof text,
                 ngettext("%d minute so far, without a date.", "%d minutes so far, without a date.",
                          (unsigned long)undated_minutes),
                 undated_minutes);
    else
        snprintf(text, sizeof text, "%s", gettext("The first night is still to come."));
    stack_add(&words, gettext("Good morning"), sheet->title_px, true, 0);
    stack_add(&words, text, sheet->body_px, false, 0);
    stack_draw_alone(sheet, &words);
}

void page_draw_morning(const struct sheet *sheet, const struct view *view) {
    const struct view_morning *shown = &view->morning;
    struct cells cells;
    struct stack head = {0};
    char text[CELL_SIZE];
    struct place places[CELLS_MAX];
    int week_px = at_most(sheet->line_px * 4 / 5, sheet->room.width_px / 7);
    int least_px = sheet->line_px + week_px; // headline and week
    int head_px, rows, free_px;

    if (shown->situation == PAGE_SITUATION_FIRST && shown->nights == 0) {
        draw_none(sheet, shown->undated_minutes);
        return;
    }
    headline(sheet, shown, text, sizeof text);
    collect(sheet, shown, true, &cells);
    rows = cells_place(sheet, &cells, places);
    // Above a hint there is room for one row: a best that is the streak says nothing new, last night takes its place.
    if (sheet->foot && shown->show_streak && shown->best == shown->streak &&
        least_px + rows * sheet->line_px > sheet->room.height_px) {
        collect(sheet, shown, false, &cells);
        rows = cells_place(sheet, &cells, places);
    }
    stack_add(&head, text, sheet_title_em_px(sheet, text, sheet->room.width_px), true, 0);
    stack_shrink(sheet, &head, sheet->room.width_px,
                 sheet->room.height_px - week_px - rows * sheet->line_px - sheet->gap_px / 2);
    head_px = stack_measure(sheet, &head, sheet->room.width_px).height_px;
    rows = at_most(rows, (sheet->room.height_px - head_px - week_px) / sheet->line_px);
    free_px = sheet->room.height_px - head_px - week_px - rows * sheet->line_px;
    stack_draw(sheet, &head, sheet->room.x_px, sheet->room.y_px, sheet->room.width_px);
    draw_week(sheet, shown->week, sheet->room.y_px + head_px + free_px / 2, week_px);
    draw_cells(sheet, &cells, places, rows, sheet_bottom(sheet) - rows * sheet->line_px);
}
