// Pages on which the owner chooses: the variant, and what to do with the last session.
#include "display/page/date.h"
#include "display/page/pages.h"

#include <libintl.h>
#include <stdio.h>

void page_draw_variant(const struct sheet *sheet, const struct view *view) {
    const struct frame_area *room = &sheet->room;
    struct draw_size picture =
        draw_picture_size(sheet->canvas, view->variant.picture, room->width_px / 2, room->height_px);
    int column_px = room->width_px - picture.width_px - sheet->gap_px;
    struct stack words = {0};

    stack_add(&words, view->variant.name, sheet->title_px, true, 0);
    draw_picture(sheet->canvas, view->variant.picture, room->width_px / 2, room->height_px, room->x_px, room->y_px);
    stack_draw(sheet, &words, sheet_right(sheet) - column_px,
               room->y_px + (room->height_px - stack_measure(sheet, &words, column_px).height_px) / 2, column_px);
}

// One of two answers: a disc before the one that holds, a ring before the other.
static void draw_choice(const struct sheet *sheet, const char *text, bool chosen, int y_px) {
    int disc_px = sheet->body_px * 3 / 5 / 2 * 2;
    int disc_y_px = y_px + (sheet->line_px - disc_px) / 2 + 1;

    if (chosen)
        draw_disc(sheet->canvas, sheet->room.x_px, disc_y_px, disc_px);
    else
        draw_ring(sheet->canvas, sheet->room.x_px, disc_y_px, disc_px, 2);
    draw_text(sheet->canvas, &(struct type_style){.em_px = sheet->body_px, .bold = chosen}, text,
              sheet->room.x_px + sheet->body_px, y_px);
}

void page_draw_undo(const struct sheet *sheet, const struct view *view) {
    char minutes[64];
    struct stack words = {0};
    int y_px;

    date_format_minutes(view->undo.minutes, minutes, sizeof minutes);
    stack_add(&words, date_weekday(view->undo.weekday), sheet->body_px, false, 0);
    stack_add(&words, minutes, sheet->body_px, true, 0);
    stack_draw(sheet, &words, sheet->room.x_px, sheet->room.y_px, sheet->room.width_px);
    y_px = sheet_bottom(sheet) - 2 * sheet->line_px;
    draw_choice(sheet, gettext("keep"), !view->undo.not_mine, y_px);
    draw_choice(sheet, gettext("not mine"), view->undo.not_mine, y_px + sheet->line_px);
}
