// The minutes: as they run out, held in a pause, and as the owner chooses them.
#include "display/page/pages.h"

#include <libintl.h>
#include <stdio.h>

// The widest number of minutes that a page shows: every page leaves room for it, so that no digit ever moves.
static const char WIDEST[] = "30";
enum { MINUTES_MOST = 30 };

static struct type_style numeral_style(int em_px) {
    return (struct type_style){.em_px = em_px, .bold = true, .figures = true};
}

// The largest em whose two digits stay within a box: type grows in proportion but for rounding. A title's when memory
// is short.
static int numeral_em_px(const struct sheet *sheet, int width_px, int height_px) {
    const struct type_style probe = numeral_style(100);
    struct draw_size size = draw_measure(sheet->canvas, &probe, WIDEST);
    int em_px = sheet->title_px;

    if (size.width_px > 0 && size.height_px > 0) {
        em_px = at_most(width_px * probe.em_px / size.width_px, height_px * probe.em_px / size.height_px);
        em_px = at_least(em_px, sheet->title_px);
    }
    for (; em_px > sheet->title_px; em_px--) {
        struct type_style style = numeral_style(em_px);

        size = draw_measure(sheet->canvas, &style, WIDEST);
        if (size.width_px <= width_px && size.height_px <= height_px) {
            break;
        }
    }
    return em_px;
}

// The number and its words: beside each other, or on a glass that is high enough the words below.
struct arrangement {
    struct stack words;
    struct frame_area room; // of both
    int em_px;              // of the number
    int gap_px;             // between the number and words below it
    bool below;
    bool short_of_room; // one line of words below and no strip: "Paused" takes the place of the words
};

// The strip at the foot of the room that the number leaves free: for the progress line, and below the words for a
// line of words, so that a pause can say so there.
struct strips {
    int beside_px;
    int below_px;
};

static struct frame_area room_above(const struct sheet *sheet, int strip_px) {
    struct frame_area room = sheet->room;

    room.height_px -= strip_px;
    return room;
}

static struct arrangement arrange_below(const struct sheet *sheet, const struct stack *words, int strip_px,
                                        int gap_px) {
    struct arrangement made = {.words = *words, .room = room_above(sheet, strip_px), .gap_px = gap_px, .below = true};
    int words_px = stack_measure(sheet, words, 0).height_px;

    made.em_px = numeral_em_px(sheet, made.room.width_px, made.room.height_px - words_px - gap_px);
    return made;
}

// Takes the way in which the number comes out larger. column_px is the room for the words beside it.
static struct arrangement arrange(const struct sheet *sheet, const struct stack *beside, int column_px,
                                  const struct stack *below, struct strips strips) {
    struct arrangement a = {.words = *beside, .room = room_above(sheet, strips.beside_px)};
    struct arrangement b = arrange_below(sheet, below, strips.below_px, sheet->gap_px);

    a.em_px = numeral_em_px(sheet, a.room.width_px - column_px - sheet->gap_px, a.room.height_px);
    return b.em_px > a.em_px ? b : a;
}

// Draws the number right-aligned in the width of two digits, and its words.
static void draw_number(const struct sheet *sheet, int minutes, const struct arrangement *made) {
    const struct frame_area *room = &made->room;
    struct type_style style = numeral_style(made->em_px);
    struct draw_size widest = draw_measure(sheet->canvas, &style, WIDEST);
    struct draw_size words = stack_measure(sheet, &made->words, 0);
    int height_px = widest.height_px + (made->below ? made->gap_px + words.height_px : 0);
    int y_px = room->y_px + (room->height_px - height_px) / 2;
    char number[12];
    int number_px;

    snprintf(number, sizeof number, "%d", minutes);
    number_px = draw_measure(sheet->canvas, &style, number).width_px;
    draw_text(sheet->canvas, &style, number, room->x_px + widest.width_px - number_px, y_px);
    if (made->below) {
        stack_draw(sheet, &made->words, room->x_px, y_px + widest.height_px + made->gap_px, room->width_px);
    } else {
        stack_draw(sheet, &made->words, room->x_px + widest.width_px + sheet->gap_px,
                   room->y_px + at_least((room->height_px - words.height_px) / 2, 0), words.width_px);
    }
}

// Read at night without glasses, with reserve (karani(7), THE GLASS).
#define MINUTES_ARCMIN 60

static bool is_read_from_afar(const struct sheet *sheet, int em_px) {
    const struct type_style style = numeral_style(em_px);

    return canvas_arcmin(sheet->canvas, draw_measure(sheet->canvas, &style, WIDEST).height_px) >= MINUTES_ARCMIN;
}

static int progress_px(const struct sheet *sheet) {
    return sheet->body_px * 3 / 10 / 2 * 2;
}

// A thin line for all the minutes, thick as far as they have passed.
static void draw_progress(const struct sheet *sheet, int passed, int total, struct frame_area line) {
    int thin_px = sheet->body_px / 10;
    int done_px = total > 0 ? line.width_px * passed / total : 0;
    struct frame_area done = {line.x_px, line.y_px, done_px, line.height_px};
    struct frame_area ahead = {line.x_px + done_px, line.y_px + (line.height_px - thin_px) / 2, line.width_px - done_px,
                               thin_px};

    if (done_px > 0) {
        draw_bar(sheet->canvas, done);
    }
    draw_bar(sheet->canvas, ahead);
}

static const char *left_text(int minutes) {
    // words: beside the giant number: "10 / minutes left". The line break keeps it narrow.
    return ngettext("minute\nleft", "minutes\nleft", (unsigned long)minutes);
}

static const char *minutes_text(int minutes) {
    return ngettext("minute", "minutes", (unsigned long)minutes);
}

// The widest of a page's words for any number of minutes: with the room for it no digit moves from 2 to 1.
static int column_px(const struct sheet *sheet, const char *text(int minutes)) {
    const struct type_style style = {.em_px = sheet->body_px};
    int widest_px = 0;

    for (int minutes = 1; minutes <= MINUTES_MOST; minutes++) {
        widest_px = at_least(draw_measure(sheet->canvas, &style, text(minutes)).width_px, widest_px);
    }
    return widest_px;
}

// Both pages of the running minutes are arranged alike: no digit moves when a pause begins.
static struct arrangement arrange_left(const struct sheet *sheet, int minutes, char *one_line, size_t size) {
    const char *text = left_text(minutes);
    struct stack beside = {0};
    struct stack below = {0};
    struct arrangement made;

    snprintf(one_line, size, "%s", text);
    sheet_join_lines(one_line);
    if (!sheet_is_one_line(sheet, one_line)) {
        snprintf(one_line, size, "%s", minutes_text(minutes));
    }
    stack_add(&beside, text, sheet->body_px, false, 0);
    stack_add(&below, one_line, sheet->body_px, false, 0);
    made = arrange(sheet, &beside, column_px(sheet, left_text), &below,
                   (struct strips){progress_px(sheet) + sheet->gap_px, sheet->line_px});
    if (!is_read_from_afar(sheet, made.em_px)) {
        made = arrange_below(sheet, &below, progress_px(sheet) + sheet->gap_px / 2, sheet->gap_px / 2);
        made.short_of_room = true;
    }
    return made;
}

static void draw_countdown(const struct sheet *sheet, const struct view *view) {
    const struct view_countdown *shown = &view->countdown;
    int line_px = progress_px(sheet);
    struct frame_area line = {sheet->room.x_px, sheet_bottom(sheet) - line_px - (sheet->foot ? line_px / 2 : 0),
                              sheet->room.width_px, line_px};
    char one_line[64];
    struct arrangement made = arrange_left(sheet, shown->minutes_left, one_line, sizeof one_line);

    draw_number(sheet, shown->minutes_left, &made);
    draw_progress(sheet, shown->minutes_total - shown->minutes_left, shown->minutes_total, line);
}

static int countdown_minutes(const struct view *view) {
    return view->countdown.minutes_left;
}

PAGE_DRAWING(countdown, .draw = draw_countdown, .hint = N_("Press: pause. Hold: end"), .brief = N_("Hold: end"),
             .hint_now = NULL, .answers = false, .faces = NULL, .minutes = countdown_minutes);

static void draw_paused(const struct sheet *sheet, const struct view *view) {
    const struct type_style bold = sheet_style(sheet, sheet->body_px, true, 0);
    char one_line[64];
    struct arrangement made = arrange_left(sheet, view->paused.minutes_left, one_line, sizeof one_line);

    if (made.short_of_room) {
        made.words.count = 0;
    }
    if (!made.below || made.short_of_room) {
        stack_add(&made.words, gettext("Paused"), sheet->body_px, true, 0);
    }
    draw_number(sheet, view->paused.minutes_left, &made);
    if (made.below && !made.short_of_room) {
        draw_text(sheet->canvas, &bold, gettext("Paused"), sheet->room.x_px, sheet_bottom(sheet) - sheet->line_px);
    }
}

static int paused_minutes(const struct view *view) {
    return view->paused.minutes_left;
}

PAGE_DRAWING(paused, .draw = draw_paused, .hint = N_("Press: go on. Hold: end"), .brief = N_("Hold: end"),
             .hint_now = NULL, .answers = false, .faces = NULL, .minutes = paused_minutes);

static void draw_minutes(const struct sheet *sheet, const struct view *view) {
    int strip_px = sheet->foot ? sheet->gap_px : 0;
    struct stack words = {0};
    struct arrangement made;

    stack_add(&words, minutes_text(view->minutes.minutes), sheet->body_px, false, 0);
    made = arrange(sheet, &words, column_px(sheet, minutes_text), &words, (struct strips){strip_px, strip_px});
    draw_number(sheet, view->minutes.minutes, &made);
}

static int minutes_minutes(const struct view *view) {
    return view->minutes.minutes;
}

PAGE_DRAWING(minutes, .draw = draw_minutes, .hint = N_("Press: +1. Hold: next"), .brief = N_("Hold: next"),
             .hint_now = NULL, .answers = false, .faces = NULL, .minutes = minutes_minutes);
