// Pages on which the owner chooses: the variant, and what to do with the last session.
#include "display/page/date.h"
#include "display/page/pages.h"

#include <libintl.h>
#include <stdio.h>

void page_draw_variant(const struct sheet *sheet, const struct view *view) {
    const struct frame_area *room = &sheet->room;
    struct draw_size picture =
        draw_picture_size(sheet->canvas, view->variant.picture, room->width_px / 2, room->height_px);
    int column_px = room->width_px - (picture.width_px > 0 ? picture.width_px + sheet->gap_px : 0);
    struct stack words = {0};

    stack_add(&words, view->variant.name, sheet->title_px, true, 0);
    if (!stack_shrink(sheet, &words, column_px, room->height_px)) {
        stack_draw_alone(sheet, &words);
        return;
    }
    draw_picture(sheet->canvas, view->variant.picture, room->width_px / 2, room->height_px, room->x_px,
                 room->y_px + (room->height_px - picture.height_px) / 2);
    stack_draw(sheet, &words, sheet_right(sheet) - column_px,
               room->y_px + (room->height_px - stack_measure(sheet, &words, column_px).height_px) / 2, column_px);
}

// One of two answers: a disc before the one that holds, a ring before the other.
static void draw_choice(const struct sheet *sheet, const char *text, bool chosen, int y_px) {
    const struct type_style style = {.em_px = sheet->body_px, .bold = chosen};
    int disc_px = sheet->body_px * 3 / 5 / 2 * 2;
    int middle_px = y_px + draw_measure(sheet->canvas, &style, text).baseline_px - sheet->body_px * 3 / 8;
    int disc_y_px = middle_px - disc_px / 2;

    if (chosen)
        draw_disc(sheet->canvas, sheet->room.x_px, disc_y_px, disc_px);
    else
        draw_ring(sheet->canvas, sheet->room.x_px, disc_y_px, disc_px, at_least(sheet->body_px / 10, 2));
    draw_text(sheet->canvas, &style, text, sheet->room.x_px + sheet->body_px, y_px);
}

void page_draw_undo(const struct sheet *sheet, const struct view *view) {
    struct stack words = {0};
    char session[96];
    int height_px;
    int y_px;

    // words: weekday and minutes of the session that was just kept: "Wednesday 12 min".
    if (view->undo.weekday >= 0)
        snprintf(session, sizeof session, gettext("%1$s %2$d min"), date_weekday(view->undo.weekday),
                 view->undo.minutes);
    else
        date_format_minutes(view->undo.minutes, session, sizeof session);
    stack_add(&words, session, sheet_title_em_px(sheet, session, sheet->room.width_px), true, 0);
    height_px = stack_measure(sheet, &words, sheet->room.width_px).height_px;
    if (height_px + 2 * sheet->line_px > sheet->room.height_px) {
        stack_shrink(sheet, &words, sheet->room.width_px, sheet->room.height_px - 2 * sheet->line_px);
        height_px = stack_measure(sheet, &words, sheet->room.width_px).height_px;
    }
    y_px = sheet->room.y_px + (sheet->foot ? 0 : (sheet->room.height_px - height_px - 2 * sheet->line_px) / 3);
    stack_draw(sheet, &words, sheet->room.x_px, y_px, sheet->room.width_px);
    y_px = sheet_bottom(sheet) - 2 * sheet->line_px - (y_px - sheet->room.y_px);
    draw_choice(sheet, gettext("keep"), !view->undo.not_mine, y_px);
    draw_choice(sheet, gettext("not mine"), view->undo.not_mine, y_px + sheet->line_px);
}
