// The evening's two quiet pages: the invitation before, the minutes after.
#include "display/page/date.h"
#include "display/page/pages.h"

#include <stdio.h>

void page_draw_invite(const struct sheet *sheet, const struct view *view) {
    const struct view_invite *shown = &view->invite;
    const struct frame_area *room = &sheet->room;
    struct stack words = {0};
    struct stack reason = {0};
    char minutes[64];
    int reason_px;
    int top_px;
    struct draw_size picture;
    struct draw_size size;
    int column_px;

    date_format_minutes(shown->minutes, minutes, sizeof minutes);
    stack_add(&reason, shown->reason, sheet->body_px, false, 0);
    stack_add(&words, minutes, sheet->title_px, true, 0);
    stack_add(&words, shown->variant_name, sheet->body_px, false, 0);
    reason_px = stack_measure(sheet, &reason, room->width_px).height_px;
    top_px = room->height_px - reason_px;
    picture = draw_picture_size(sheet->canvas, shown->picture, room->width_px, top_px);
    column_px = room->width_px - picture.width_px - sheet->gap_px;
    size = stack_measure(sheet, &words, column_px);
    draw_picture(sheet->canvas, shown->picture, room->width_px, top_px, room->x_px, room->y_px);
    stack_draw(sheet, &words, sheet_right(sheet) - column_px, room->y_px + (top_px - size.height_px) / 2, column_px);
    stack_draw(sheet, &reason, room->x_px, sheet_bottom(sheet) - reason_px, room->width_px);
}

void page_draw_good_night(const struct sheet *sheet, const struct view *view) {
    struct stack words = {0};
    char minutes[64];

    date_format_minutes(view->good_night.minutes, minutes, sizeof minutes);
    stack_add(&words, date_weekday(view->good_night.weekday), sheet->body_px, false, 0);
    stack_add(&words, minutes, sheet->title_px, true, 0);
    stack_draw_middle(sheet, &words);
}
