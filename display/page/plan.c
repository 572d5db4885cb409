// How a picture and words share a room.
#include "display/page/plan.h"

bool plan_is_wide(struct frame_area room) {
    return room.height_px * 3 < room.width_px * 2;
}

struct plan plan_beside(const struct sheet *sheet, struct frame_area room, const char *path, int width_px,
                        int height_px) {
    struct draw_size picture = draw_picture_size(sheet->canvas, path, width_px, height_px);
    int column_px = room.width_px - (picture.width_px > 0 ? picture.width_px + sheet->gap_px : 0);

    return (struct plan){
        .path = path,
        .picture = {room.x_px, room.y_px + (room.height_px - picture.height_px) / 2, picture.width_px,
                    picture.height_px},
        .column = {room.x_px + room.width_px - column_px, room.y_px, column_px, room.height_px},
    };
}

bool plan_above(const struct sheet *sheet, struct frame_area room, const char *path, const struct stack *words,
                int least_px, struct plan *plan) {
    int words_px = stack_measure(sheet, words, room.width_px).height_px;
    int picture_px = room.height_px - words_px - sheet->gap_px / 2;
    struct draw_size picture;

    if (picture_px < least_px || !stack_fits(sheet, words, room.width_px, words_px)) {
        return false;
    }
    picture = draw_picture_size(sheet->canvas, path, room.width_px, picture_px);
    *plan = (struct plan){
        .words = *words,
        .path = path,
        .picture = {room.x_px, room.y_px, picture.width_px, picture.height_px},
        .column = {room.x_px, room.y_px + room.height_px - words_px, room.width_px, words_px},
    };
    return true;
}

bool plan_fits(const struct sheet *sheet, const struct plan *plan) {
    return stack_fits(sheet, &plan->words, plan->column.width_px, plan->column.height_px);
}

void plan_draw(const struct sheet *sheet, const struct plan *plan) {
    struct draw_size size = stack_measure(sheet, &plan->words, plan->column.width_px);
    int y_px = plan->column.y_px;

    if (plan->picture.width_px > 0) {
        draw_picture(sheet->canvas, plan->path, plan->picture.width_px, plan->picture.height_px, plan->picture.x_px,
                     plan->picture.y_px);
    }
    // Words alone stand at the top where a foot line follows: the white between keeps them apart.
    if (plan->picture.width_px > 0 || !sheet->foot) {
        y_px += at_least((plan->column.height_px - size.height_px) / 2, 0);
    }
    stack_draw(sheet, &plan->words, plan->column.x_px, y_px, plan->column.width_px);
}
