// The minutes: as they run out, held in a pause, and as the owner chooses them.
#include "display/page/pages.h"

#include <libintl.h>
#include <stdio.h>
#include <string.h>

// The widest number of minutes that a page shows: every page leaves room for it, so that no digit ever moves.
static const char WIDEST[] = "30";

static struct type_style numeral_style(int em_px) {
    return (struct type_style){.em_px = em_px, .bold = true, .figures = true};
}

// The largest em whose two digits stay within a box: type grows in proportion but for rounding.
static int numeral_em_px(const struct sheet *sheet, int width_px, int height_px) {
    const struct type_style probe = numeral_style(100);
    struct draw_size size = draw_measure(sheet->canvas, &probe, WIDEST);
    int by_width = width_px * probe.em_px / at_least(size.width_px, 1);
    int by_height = height_px * probe.em_px / at_least(size.height_px, 1);
    int em_px = at_least(by_width < by_height ? by_width : by_height, sheet->title_px);

    for (; em_px > sheet->title_px; em_px--) {
        struct type_style style = numeral_style(em_px);

        size = draw_measure(sheet->canvas, &style, WIDEST);
        if (size.width_px <= width_px && size.height_px <= height_px)
            break;
    }
    return em_px;
}

// Draws the number as large as fits above `bottom_px`, right-aligned in the room of two digits, and the words beside
// it.
static void draw_minutes(const struct sheet *sheet, int minutes, const struct stack *words, struct frame_area room) {
    int column_px = stack_measure(sheet, words, 0).width_px;
    int em_px = numeral_em_px(sheet, room.width_px - column_px - sheet->gap_px, room.height_px);
    struct type_style style = numeral_style(em_px);
    struct draw_size widest = draw_measure(sheet->canvas, &style, WIDEST);
    struct draw_size beside = stack_measure(sheet, words, column_px);
    char number[12];
    struct draw_size size;

    snprintf(number, sizeof number, "%d", minutes);
    size = draw_measure(sheet->canvas, &style, number);
    draw_text(sheet->canvas, &style, number, room.x_px + widest.width_px - size.width_px,
              room.y_px + (room.height_px - widest.height_px) / 2);
    stack_draw(sheet, words, room.x_px + widest.width_px + sheet->gap_px,
               room.y_px + (room.height_px - beside.height_px) / 2, column_px);
}

// A thin line for all the minutes, thick as far as they have passed.
static void draw_progress(const struct sheet *sheet, int passed, int total, struct frame_area line) {
    int thin_px = sheet->body_px / 10;
    int done_px = total > 0 ? line.width_px * passed / total : 0;

    draw_bar(sheet->canvas,
             (struct frame_area){line.x_px, line.y_px + (line.height_px - thin_px) / 2, line.width_px, thin_px});
    if (done_px > 0)
        draw_bar(sheet->canvas, (struct frame_area){line.x_px, line.y_px, done_px, line.height_px});
}

static const char *minutes_left(int minutes) {
    // TRANSLATORS: beside the giant number: "10 / minutes left". The line break keeps it narrow.
    return ngettext("minute\nleft", "minutes\nleft", (unsigned long)minutes);
}

void page_draw_countdown(const struct sheet *sheet, const struct view *view) {
    const struct view_countdown *shown = &view->countdown;
    int line_px = sheet->body_px * 3 / 10 / 2 * 2;
    struct frame_area room = sheet->room;
    struct stack words = {0};

    room.height_px -= line_px + sheet->gap_px;
    stack_add(&words, minutes_left(shown->minutes_left), sheet->body_px, false, 0);
    draw_minutes(sheet, shown->minutes_left, &words, room);
    draw_progress(sheet, shown->minutes_total - shown->minutes_left, shown->minutes_total,
                  (struct frame_area){room.x_px, sheet_bottom(sheet) - line_px, room.width_px, line_px});
}

void page_draw_paused(const struct sheet *sheet, const struct view *view) {
    struct stack words = {0};

    stack_add(&words, minutes_left(view->paused.minutes_left), sheet->body_px, false, 0);
    stack_add(&words, gettext("Paused"), sheet->body_px, true, 0);
    draw_minutes(sheet, view->paused.minutes_left, &words, sheet->room);
}

void page_draw_minutes(const struct sheet *sheet, const struct view *view) {
    struct stack words = {0};

    stack_add(&words, ngettext("minute", "minutes", (unsigned long)view->minutes.minutes), sheet->body_px, false, 0);
    draw_minutes(sheet, view->minutes.minutes, &words, sheet->room);
}
