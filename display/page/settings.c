// Pages on which the owner chooses: the variant, and what to do with the last session.
#include "display/page/date.h"
#include "display/page/pages.h"
#include "display/page/plan.h"

#include <libintl.h>
#include <stdio.h>

static void draw_variant(const struct sheet *sheet, const struct view *view) {
    const struct frame_area *room = &sheet->room;
    struct plan plan = plan_beside(sheet, *room, view->variant.picture, room->width_px / 2, room->height_px);
    const char *name = view->variant.name;
    struct stack words = {0};
    struct stack below = {0};

    stack_add(&below, name, name ? sheet_title_em_px(sheet, name, room->width_px) : 0, true, 0);
    if (!plan_is_wide(*room) && plan_above(sheet, *room, view->variant.picture, &below, 2 * sheet->line_px, &plan)) {
        plan_draw(sheet, &plan);
        return;
    }
    stack_add(&words, name, sheet->title_px, true, 0);
    if (!stack_shrink(sheet, &words, plan.column.width_px, room->height_px)) {
        stack_draw_alone(sheet, &words);
        return;
    }
    plan.words = words;
    plan_draw(sheet, &plan);
}

PAGE_DRAWING(variant, .draw = draw_variant, .hint = N_("Press: other. Hold: next"), .brief = N_("Hold: next"),
             .hint_now = NULL, .answers = false, .faces = NULL, .minutes = NULL);

// One of two answers: a disc before the one that holds, a ring before the other.
static void draw_choice(const struct sheet *sheet, const char *text, bool chosen, int y_px) {
    int disc_px = sheet->body_px * 3 / 5 / 2 * 2;
    int x_px = sheet->room.x_px + (sheet->tight ? disc_px * 3 / 2 : sheet->body_px);
    // Bold where there is room for it: the disc says it too.
    bool bold = chosen && x_px + sheet_title_width_px(sheet, text) <= sheet_right(sheet);
    const struct type_style style = sheet_style(sheet, sheet->body_px, bold, 0);
    int middle_px = y_px + draw_measure(sheet->canvas, &style, text).baseline_px - sheet->body_px * 3 / 8;
    int disc_y_px = middle_px - disc_px / 2;

    if (chosen) {
        draw_disc(sheet->canvas, sheet->room.x_px, disc_y_px, disc_px);
    } else {
        draw_ring(sheet->canvas, sheet->room.x_px, disc_y_px, disc_px, at_least(sheet->body_px / 10, 2));
    }
    draw_text(sheet->canvas, &style, text, x_px, y_px);
}

// words: weekday and minutes of the session that was just kept: "Wednesday 12 min".
static void format_session(const struct view_undo *shown, const char *weekday, char *text, size_t size) {
    if (shown->weekday >= 0) {
        snprintf(text, size, gettext("%1$s %2$d min"), weekday, shown->minutes);
    } else {
        date_format_minutes(shown->minutes, text, size);
    }
}

static void draw_undo(const struct sheet *sheet, const struct view *view) {
    struct stack words = {0};
    char session[96];
    int height_px;
    int y_px;

    format_session(&view->undo, date_weekday(view->undo.weekday), session, sizeof session);
    if (sheet_title_width_px(sheet, session) > sheet->room.width_px) {
        format_session(&view->undo, date_weekday_short(view->undo.weekday), session, sizeof session);
    }
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

static int undo_minutes(const struct view *view) {
    return view->undo.minutes;
}

PAGE_DRAWING(undo, .draw = draw_undo, .hint = N_("Press: swap. Hold: next"), .brief = N_("Hold: next"),
             .hint_now = NULL, .answers = false, .faces = NULL, .minutes = undo_minutes);
