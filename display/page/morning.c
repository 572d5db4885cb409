// How the habit stands in the morning: headline, the week by shapes, last night, streak, best, rests.
#include "display/page/date.h"
#include "display/page/marks.h"
#include "display/page/pages.h"

#include <libintl.h>
#include <stdio.h>

enum { CELL_SIZE = 96, CELLS_MAX = 4 };

// So far apart the letters that reach down and the figures below them just do not touch.
#define CLOSE_ROW(em_px) ((em_px) + (em_px) / 20)

// In how few words a form says it.
enum brevity { BREVITY_NONE, BREVITY_SOME, BREVITY_MORE, BREVITY_MOST };

// The forms of the page, the calmest first: the first in which everything fits is drawn.
static const struct form {
    enum brevity brevity;
    bool beside; // the week stands beside a short headline, not below it
    bool close;  // the rows stand as close as their letters allow
} FORMS[] = {
    {BREVITY_NONE, false, false}, {BREVITY_SOME, false, false}, {BREVITY_MORE, false, false},
    {BREVITY_NONE, true, false},  {BREVITY_SOME, true, false},  {BREVITY_MORE, true, false},
    {BREVITY_NONE, false, true},  {BREVITY_MORE, false, true},  {BREVITY_MOST, false, true},
};
enum { FORM_COUNT = sizeof FORMS / sizeof FORMS[0] };

struct cells {
    char text[CELLS_MAX][CELL_SIZE];
    int width_px[CELLS_MAX]; // of the cell, whatever the weekday: what stands where is the same every morning
    int count;
};

// "34 nights so far", where there is little room "34 nights".
static void nights_so_far(const struct sheet *sheet, int nights, bool brief, char *text, size_t size) {
    snprintf(text, size, ngettext("%d night so far", "%d nights so far", (unsigned long)nights), nights);
    if (brief || sheet_title_width_px(sheet, text) > sheet->room.width_px) {
        snprintf(text, size, ngettext("%d night", "%d nights", (unsigned long)nights), nights);
    }
}

// A bare zero is never the headline: then it is the total of nights.
static void headline(const struct sheet *sheet, const struct view_morning *shown, bool brief, char *text, size_t size) {
    bool counts = shown->situation != PAGE_SITUATION_FIRST && shown->situation != PAGE_SITUATION_WELCOME;

    if (shown->situation == PAGE_SITUATION_FIRST) {
        snprintf(text, size, "%s", gettext("The first night"));
    } else if (shown->situation == PAGE_SITUATION_WELCOME) {
        snprintf(text, size, "%s", gettext("Welcome back"));
    } else if (shown->last7 > 0) {
        snprintf(text, size, gettext("%d of 7 nights"), shown->last7);
    } else {
        nights_so_far(sheet, shown->nights, brief, text, size);
    }
    // words: "5 of 7 nights" where there is little room.
    if (counts && shown->last7 > 0 && (brief || sheet_title_width_px(sheet, text) > sheet->room.width_px)) {
        snprintf(text, size, gettext("%d of 7"), shown->last7);
    }
}

// "12 in a row"; after a chain has ended the total of nights.
static void write_streak(const struct sheet *sheet, const struct view_morning *shown, enum brevity brevity,
                         char *text) {
    if (shown->situation == PAGE_SITUATION_WELCOME) {
        nights_so_far(sheet, shown->nights, brevity != BREVITY_NONE, text, CELL_SIZE);
    } else if (shown->situation == PAGE_SITUATION_FIRST || !shown->show_streak || shown->streak == 0) {
        return;
    } else if (brevity >= BREVITY_MORE) {
        // words: "12 in a row" where there is little room.
        snprintf(text, CELL_SIZE, gettext("streak %d"), shown->streak);
    } else {
        snprintf(text, CELL_SIZE, gettext("%d in a row"), shown->streak);
    }
}

static void write_best(const struct sheet *sheet, const struct view_morning *shown, enum brevity brevity, char *text) {
    (void)sheet;
    (void)brevity;
    if (shown->situation != PAGE_SITUATION_FIRST && shown->best > 0) {
        snprintf(text, CELL_SIZE, gettext("best %d"), shown->best);
    }
}

// "Tue 12 min", "Tue: rest", after the first night "Tuesday 12 min"; nothing about a night without practice, but that
// sessions without a date may have been in it.
static void write_last_night(const struct sheet *sheet, const struct view_morning *shown, enum brevity brevity,
                             char *text) {
    bool whole = shown->situation == PAGE_SITUATION_FIRST && brevity == BREVITY_NONE;
    const char *weekday = whole ? date_weekday(shown->last_weekday) : date_weekday_short(shown->last_weekday);
    enum page_mark mark = shown->week[6];

    (void)sheet;
    if (shown->last_minutes > 0 && (shown->last_weekday < 0 || brevity == BREVITY_MOST)) {
        snprintf(text, CELL_SIZE, gettext("%d min"), shown->last_minutes);
    } else if (shown->last_minutes > 0) {
        // words: weekday and minutes practised: "Tue 12 min".
        snprintf(text, CELL_SIZE, gettext("%1$s %2$d min"), weekday, shown->last_minutes);
    } else if (shown->last_weekday >= 0 && mark == PAGE_MARK_REST) {
        snprintf(text, CELL_SIZE, gettext("%s: rest"), weekday);
    } else if (shown->last_weekday >= 0 && mark == PAGE_MARK_AWAY) {
        snprintf(text, CELL_SIZE, gettext("%s: away"), weekday);
    } else if (shown->undated_minutes > 0) {
        snprintf(text, CELL_SIZE, gettext("%d min undated"), shown->undated_minutes);
    }
}

static void write_rests(const struct sheet *sheet, const struct view_morning *shown, enum brevity brevity, char *text) {
    unsigned long rests = (unsigned long)shown->rests_left;

    (void)sheet;
    if (shown->situation == PAGE_SITUATION_FIRST || shown->situation == PAGE_SITUATION_WELCOME) {
        return;
    }
    if (brevity == BREVITY_NONE) {
        snprintf(text, CELL_SIZE, ngettext("%d rest left", "%d rests left", rests), shown->rests_left);
    } else {
        // words: "2 rests left" where there is little room.
        snprintf(text, CELL_SIZE, gettext("rests: %d"), shown->rests_left);
    }
}

// In reading order. What is lightest is the first to be left out.
static const struct cell_kind {
    void (*write)(const struct sheet *sheet, const struct view_morning *shown, enum brevity brevity, char *text);
    int weight;
} KINDS[CELLS_MAX] = {{write_streak, 4}, {write_best, 2}, {write_last_night, 3}, {write_rests, 1}};

static int text_width_px(const struct sheet *sheet, const char *text) {
    return draw_measure(sheet->canvas, &(struct type_style){.em_px = sheet->body_px}, text).width_px;
}

// How wide it is on the weekday on which it is widest.
static int cell_width_px(const struct sheet *sheet, const struct cell_kind *kind, const struct view_morning *shown,
                         enum brevity brevity) {
    struct view_morning other = *shown;
    int width_px = 0;

    for (int weekday = 0; weekday < 7; weekday++) {
        char text[CELL_SIZE] = "";

        other.last_weekday = shown->last_weekday < 0 ? -1 : weekday;
        kind->write(sheet, &other, brevity, text);
        width_px = at_least(text_width_px(sheet, text), width_px);
    }
    return width_px;
}

// Writes the cells that weigh enough. Where it cannot be said in fewer words, what is too wide is left out.
static void collect(const struct sheet *sheet, const struct view_morning *shown, enum brevity brevity, int least_weight,
                    struct cells *cells) {
    *cells = (struct cells){0};
    for (int i = 0; i < CELLS_MAX; i++) {
        char *text = cells->text[cells->count];
        int width_px;

        text[0] = '\0';
        if (KINDS[i].weight >= least_weight) {
            KINDS[i].write(sheet, shown, brevity, text);
        }
        if (text[0] == '\0') {
            continue;
        }
        width_px = cell_width_px(sheet, &KINDS[i], shown, brevity);
        if (brevity != BREVITY_MOST || width_px <= sheet->room.width_px) {
            cells->width_px[cells->count++] = width_px;
        }
    }
}

// Where a cell stands: its row, and how far right.
struct place {
    int row;
    int x_px;
};

// Two cells a row in two columns; a pair that is too wide for them keeps its row if it can, else the second moves
// to the next. Returns the number of rows, or -1 when a cell is wider than the room.
static int cells_place(const struct sheet *sheet, const struct cells *cells, struct place paths[]) {
    int half_px = 0;
    int row = -1;
    int used_px = 0; // of the present row; 0: it takes no second one

    for (int i = 0; i < cells->count; i += 2) {
        half_px = at_least(cells->width_px[i] + 2 * sheet->gap_px, half_px);
    }
    for (int i = 0; i < cells->count; i++) {
        int width_px = cells->width_px[i];

        if (width_px > sheet->room.width_px) {
            return -1;
        }
        if (used_px == 0 || used_px + sheet->gap_px * 3 / 2 + width_px > sheet->room.width_px) {
            paths[i] = (struct place){++row, sheet->room.x_px};
            used_px = width_px;
            continue;
        }
        paths[i] = (struct place){row, half_px >= used_px && half_px + width_px <= sheet->room.width_px
                                           ? sheet->room.x_px + half_px
                                           : sheet_right(sheet) - width_px};
        used_px = 0;
    }
    return row + 1;
}

// The page as it is going to be drawn.
struct layout {
    const struct form *form;
    char headline[CELL_SIZE];
    struct stack head;
    int head_px;
    struct frame_area week; // y from the top of the room
    struct cells cells;
    struct place paths[CELLS_MAX];
    int rows;
    int row_px;
};

// Below half a line the shapes of the week are hard to tell apart.
static bool week_size(const struct sheet *sheet, struct layout *layout) {
    bool beside = layout->form->beside;
    int beside_px = beside ? sheet_title_width_px(sheet, layout->headline) + sheet->gap_px * 3 / 2 : 0;
    int room_px = sheet->room.width_px - beside_px;
    int cell_px = at_most(sheet->line_px * 4 / 5, room_px / 8); // seven, and white between them
    int width_px = (room_px - cell_px) / 6 * 6 + cell_px;

    layout->week = (struct frame_area){beside ? sheet_right(sheet) - width_px : sheet->room.x_px, 0, width_px, cell_px};
    return !beside || cell_px >= sheet->line_px / 2;
}

// The headline in the size of a title if white is left below it, else in that of plain words; false when it does not
// fit.
static bool head_place(const struct sheet *sheet, int height_px, struct layout *layout) {
    int width_px = sheet->room.width_px;
    int em_px = layout->form->beside ? sheet->body_px : sheet_title_em_px(sheet, layout->headline, width_px);

    layout->head = (struct stack){0};
    stack_add(&layout->head, layout->headline, em_px, true, 0);
    if (!stack_fits(sheet, &layout->head, width_px, height_px - sheet->gap_px / 2)) {
        layout->head.lines[0].em_px = sheet->body_px;
    }
    layout->head_px = stack_measure(sheet, &layout->head, width_px).height_px;
    return stack_fits(sheet, &layout->head, width_px, height_px);
}

// Lays the page out in a form; false when it does not fit.
static bool layout_try(const struct sheet *sheet, const struct view_morning *shown, const struct form *form,
                       int least_weight, struct layout *layout) {
    int height_px = sheet->room.height_px;
    int free_px; // white left

    layout->form = form;
    collect(sheet, shown, form->brevity, least_weight, &layout->cells);
    layout->rows = cells_place(sheet, &layout->cells, layout->paths);
    layout->row_px = form->close ? CLOSE_ROW(sheet->body_px) : sheet->line_px;
    headline(sheet, shown, form->beside, layout->headline, sizeof layout->headline);
    if (layout->rows < 0 || !week_size(sheet, layout)) {
        return false;
    }
    height_px -= layout->rows * layout->row_px + (form->beside ? 0 : layout->week.height_px);
    if (!head_place(sheet, height_px, layout)) {
        return false;
    }
    free_px = height_px - layout->head_px;
    if (layout->rows > 0 && free_px > sheet->gap_px / 2) {
        layout->row_px = at_most(layout->row_px + (free_px - sheet->gap_px / 2) / layout->rows, sheet->line_px);
    }
    // Below letters there is white already.
    if (form->beside) {
        layout->week.y_px = (layout->head_px - layout->week.height_px) / 2;
    } else {
        layout->week.y_px = layout->head_px + (form->close ? 0 : free_px / 2);
    }
    return true;
}

// The first form in which everything fits; where there is none the lightest cell is left out.
static void layout_find(const struct sheet *sheet, const struct view_morning *shown, struct layout *layout) {
    for (int least_weight = 1; least_weight <= CELLS_MAX + 1; least_weight++) {
        for (int i = 0; i < FORM_COUNT; i++) {
            if (layout_try(sheet, shown, &FORMS[i], least_weight, layout)) {
                return;
            }
        }
    }
}

static void draw_cells(const struct sheet *sheet, const struct layout *layout) {
    struct type_style style = sheet_style(sheet, sheet->body_px, false, 0);
    int y_px = sheet_bottom(sheet) - layout->rows * layout->row_px;

    if (layout->row_px < sheet->line_px) {
        style.line_px = layout->row_px;
    }
    for (int i = 0; i < layout->cells.count; i++) {
        draw_text(sheet->canvas, &style, layout->cells.text[i], layout->paths[i].x_px,
                  y_px + layout->paths[i].row * layout->row_px);
    }
}

// Seven shapes across an area of the room.
static void draw_week(const struct sheet *sheet, const enum page_mark week[], struct frame_area area) {
    int pitch_px = (area.width_px - area.height_px) / 6;

    for (int i = 0; i < 7; i++) {
        mark_draw(sheet, week[i], area.x_px + i * pitch_px, sheet->room.y_px + area.y_px, area.height_px);
    }
}

// Before there is a night to look back on: words alone. Who practised while the time was not known has begun all the
// same.
static void draw_none(const struct sheet *sheet, int undated_minutes) {
    struct stack words = {0};
    char text[CELL_SIZE];

    if (undated_minutes > 0) {
        snprintf(text, sizeof text,
                 ngettext("%d minute so far, without a date.", "%d minutes so far, without a date.",
                          (unsigned long)undated_minutes),
                 undated_minutes);
    } else {
        snprintf(text, sizeof text, "%s", gettext("The first night is still to come."));
    }
    stack_add(&words, gettext("Good morning"), sheet->title_px, true, 0);
    stack_add(&words, text, sheet->body_px, false, 0);
    stack_draw_alone(sheet, &words);
}

static void draw_morning(const struct sheet *sheet, const struct view *view) {
    const struct view_morning *shown = &view->morning;
    struct layout layout = {0};

    if (shown->situation == PAGE_SITUATION_FIRST && shown->nights == 0) {
        draw_none(sheet, shown->undated_minutes);
        return;
    }
    layout_find(sheet, shown, &layout);
    stack_draw(sheet, &layout.head, sheet->room.x_px, sheet->room.y_px, sheet->room.width_px);
    draw_week(sheet, shown->week, layout.week);
    draw_cells(sheet, &layout);
}

static int morning_minutes(const struct view *view) {
    return view->morning.last_minutes;
}

PAGE_DRAWING(morning, .draw = draw_morning, .hint = N_("Press: start. Hold: more"), .brief = N_("Hold: more"),
             .hint_now = NULL, .answers = false, .faces = NULL, .minutes = morning_minutes);
