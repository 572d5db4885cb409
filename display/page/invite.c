// The evening's two quiet pages: the invitation before, the minutes after.
#include "display/page/date.h"
#include "display/page/pages.h"
#include "display/page/plan.h"

#include <stdio.h>

// Below this many lines of plain words a picture says less than the line that it takes from the words.
#define PICTURE_LINES_LEAST 2

static struct stack invite_words(const struct sheet *sheet, const struct view_invite *shown, const char *minutes,
                                 int width_px) {
    struct stack words = {0};

    stack_add(&words, minutes, sheet_title_em_px(sheet, minutes, width_px), true, 0);
    stack_add(&words, shown->variant_name, sheet->body_px, false, 0);
    return words;
}

// The picture and the words in the upper `height_px` of the room: beside each other, or on a glass that is not wide
// the picture above. False, and nothing drawn, when the words do not fit.
static bool draw_together(const struct sheet *sheet, const struct view_invite *shown, const char *minutes,
                          int height_px) {
    struct frame_area room = {sheet->room.x_px, sheet->room.y_px, sheet->room.width_px, height_px};
    struct stack words = invite_words(sheet, shown, minutes, room.width_px);
    // The picture takes what the minutes leave when they stand beside it on one line.
    int most_px = room.width_px - sheet->gap_px - sheet_title_width_px(sheet, minutes);
    struct plan plan;
    int count;

    if (!plan_is_wide(room) && shown->picture &&
        plan_above(sheet, room, shown->picture, &words, PICTURE_LINES_LEAST * sheet->line_px, &plan)) {
        plan_draw(sheet, &plan);
        return true;
    }
    plan = plan_beside(sheet, room, shown->picture, most_px, height_px);
    // A speck says nothing. A picture that cannot be read leaves the words its room.
    if (shown->picture &&
        (most_px < sheet->line_px || (plan.picture.height_px > 0 && plan.picture.height_px < sheet->line_px))) {
        return false;
    }
    plan.words = invite_words(sheet, shown, minutes, plan.column.width_px);
    count = plan.words.count;
    if (!stack_shrink(sheet, &plan.words, plan.column.width_px, height_px) || plan.words.count < count) {
        return false;
    }
    plan_draw(sheet, &plan);
    return true;
}

static void draw_invite(const struct sheet *sheet, const struct view *view) {
    const struct view_invite *shown = &view->invite;
    const struct frame_area *room = &sheet->room;
    struct stack reason = {0};
    struct stack words;
    char minutes[64];
    int reason_px;
    int top_px;

    date_format_minutes(shown->minutes, minutes, sizeof minutes);
    stack_add(&reason, shown->reason, sheet->body_px, false, 0);
    reason_px = stack_measure(sheet, &reason, room->width_px).height_px;
    top_px = room->height_px - reason_px;
    // The reason is the first to give way (to the words, and to the hint in the first evenings), then the picture.
    if (reason_px > 0 && top_px >= PICTURE_LINES_LEAST * sheet->line_px &&
        draw_together(sheet, shown, minutes, top_px)) {
        stack_draw(sheet, &reason, room->x_px, sheet_bottom(sheet) - reason_px, room->width_px);
    } else if (!draw_together(sheet, shown, minutes, room->height_px)) {
        words = invite_words(sheet, shown, minutes, room->width_px);
        stack_draw_alone(sheet, &words);
    }
}

static int invite_minutes(const struct view *view) {
    return view->invite.minutes;
}

PAGE_DRAWING(invite, .draw = draw_invite, .hint = N_("Press: start. Hold: more"), .brief = NULL, .hint_now = NULL,
             .answers = false, .faces = NULL, .minutes = invite_minutes);

static void draw_good_night(const struct sheet *sheet, const struct view *view) {
    struct stack words = {0};
    char minutes[64];

    date_format_minutes(view->good_night.minutes, minutes, sizeof minutes);
    stack_add(&words, date_weekday(view->good_night.weekday), sheet->body_px, false, 0);
    stack_add(&words, minutes, sheet_title_em_px(sheet, minutes, sheet->room.width_px), true, 0);
    stack_draw_alone(sheet, &words);
}

static int good_night_minutes(const struct view *view) {
    return view->good_night.minutes;
}

PAGE_DRAWING(good_night, .draw = draw_good_night, .hint = N_("Press: start. Hold: more"), .brief = NULL,
             .hint_now = NULL, .answers = false, .faces = NULL, .minutes = good_night_minutes);
