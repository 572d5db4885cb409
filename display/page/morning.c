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

// A bare zero is never the headline: then it is the total of nights.
static void headline(const struct view_morning *shown, char *text, size_t size) {
    if (shown->situation == PAGE_SITUATION_WELCOME)
        snprintf(text, size, "%s", gettext("Welcome back"));
    else if (shown->last7 > 0)
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
        // words: weekday and minutes practised: "Tue 12 min".
        snprintf(text, size, gettext("%1$s %2$d min"), weekday, shown->last_minutes);
    else if (shown->last_weekday >= 0 && mark == PAGE_MARK_REST)
        snprintf(text, size, gettext("%s: rest"), weekday);
    else if (shown->last_weekday >= 0 && mark == PAGE_MARK_AWAY)
        snprintf(text, size, gettext("%s: away"), weekday);
}

// In the order of their weight: the streak, the best, last night, the rests; two make a row.
static void collect(const struct view_morning *shown, const char *weekday, bool with_best, struct cells *cells) {
    bool welcome = shown->situation == PAGE_SITUATION_WELCOME;

    if (welcome)
        nights_so_far(shown->nights, cells_next(cells), CELL_SIZE);
    else if (shown->show_streak && shown->streak > 0)
        snprintf(cells_next(cells), CELL_SIZE, gettext("%d in a row"), shown->streak);
    if (with_best && shown->best > 0)
        snprintf(cells_next(cells), CELL_SIZE, gettext("best %d"), shown->best);
    last_night(shown, weekday, cells->text[cells->count], CELL_SIZE);
    cells->count += cells->text[cells->count][0] != '\0';
    if (!welcome)
        snprintf(cells_next(cells), CELL_SIZE,
                 ngettext("%d rest left", "%d rests left", (unsigned long)shown->rests_left), shown->rests_left);
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

        if (used_px == 0 || used_px + sheet->gap_px / 2 + width_px > sheet->room.width_px) {
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
    const struct type_style style = {.em_px = sheet->body_px};

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

// Before there is a week to look back on: words alone.
static void draw_first(const struct sheet *sheet, const struct view_morning *shown) {
    struct stack words = {0};
    char night[CELL_SIZE];

    if (shown->nights > 0) {
        stack_add(&words, gettext("The first night"), sheet->title_px, true, 0);
        last_night(shown, date_weekday(shown->last_weekday), night, sizeof night);
        stack_add(&words, night, sheet->body_px, false, 0);
    } else {
        stack_add(&words, gettext("Good morning"), sheet->title_px, true, 0);
        stack_add(&words, gettext("The first night is still to come."), sheet->body_px, false, 0);
    }
    stack_draw_alone(sheet, &words);
}

void page_draw_morning(const struct sheet *sheet, const struct view *view) {
    const struct view_morning *shown = &view->morning;
    struct cells cells = {0};
    struct stack head = {0};
    char text[CELL_SIZE];
    const char *weekday;
    struct place places[CELLS_MAX];
    int week_px = sheet->line_px * 4 / 5;
    int least_px = sheet->line_px + week_px; // headline and week
    int head_px, rows, free_px;

    if (shown->situation == PAGE_SITUATION_FIRST) {
        draw_first(sheet, shown);
        return;
    }
    weekday = date_weekday_short(shown->last_weekday);
    headline(shown, text, sizeof text);
    collect(shown, weekday, true, &cells);
    rows = cells_place(sheet, &cells, places);
    // Above a hint there is room for one row: a best that is the streak says nothing new, last night takes its place.
    if (sheet->foot && shown->show_streak && shown->best == shown->streak &&
        least_px + rows * sheet->line_px > sheet->room.height_px) {
        cells = (struct cells){0};
        collect(shown, weekday, false, &cells);
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
