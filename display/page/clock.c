// The time: asked, shown and set.
#include "display/page/date.h"
#include "display/page/pages.h"

#include <libintl.h>
#include <stdio.h>
#include <string.h>

enum { DATE_LENGTH = 10 }; // of "2026-04-14"

static void draw_ask_time(const struct sheet *sheet, const struct view *view) {
    char hour[16];
    char day[96];
    char question[192];
    char brief[192];
    struct stack tries[2] = {0};

    if (view->ask_time.guess) {
        date_format_hour(&view->ask_time.time, hour, sizeof hour);
        date_format_day(&view->ask_time.time, day, sizeof day);
        // words: time and date: "Is it still about 21:40, Tuesday 14 April?"
        snprintf(question, sizeof question, gettext("Is it still about %1$s, %2$s?"), hour, day);
        stack_add(&tries[0], question, sheet->body_px, false, 0);
        date_format_day_short(&view->ask_time.time, day, sizeof day);
        // words: the same on small glass: "Is it 21:40, Tue 14 April?"
        snprintf(brief, sizeof brief, gettext("Is it %1$s, %2$s?"), hour, day);
        stack_add(&tries[1], brief, sheet->body_px, false, 0);
    } else {
        stack_add(&tries[0], gettext("What time is it?"), sheet->title_px, true, 0);
        stack_add(&tries[0], gettext("After a power cut the clock has to be set."), sheet->body_px, false, 0);
        stack_add(&tries[1], gettext("What time is it?"), sheet->body_px, true, 0);
    }
    stack_draw_alone(sheet, stack_first_that_fits(sheet, tries, 2));
}

// Before the time is known there is nothing to say yes to.
static void ask_time_hint(const struct view *view, struct page_hint *hint) {
    if (!view->ask_time.guess) {
        *hint = (struct page_hint){.text = N_("Press: skip. Hold: set it")};
    }
}

PAGE_DRAWING(ask_time, .draw = draw_ask_time, .hint = N_("Press: yes. Hold: set it"),
             .brief = N_("Press: yes. Hold: set"), .hint_now = ask_time_hint, .answers = true, .faces = NULL,
             .minutes = NULL);

static const char *source(enum page_clock_quality quality) {
    switch (quality) {
    case PAGE_CLOCK_UNSET:
        return gettext("The time is not known. Press to set it.");
    case PAGE_CLOCK_RESTORED:
        return gettext("The time is uncertain after a power cut. Press to set it.");
    case PAGE_CLOCK_RTC:
        return gettext("from the clock chip");
    case PAGE_CLOCK_SET:
        return gettext("set by you");
    case PAGE_CLOCK_SYNCED:
        return gettext("from the network");
    }
    return "";
}

// What small glass says in place of source(): shorter, or nothing.
static const char *source_brief(enum page_clock_quality quality) {
    switch (quality) {
    case PAGE_CLOCK_UNSET:
    case PAGE_CLOCK_RESTORED:
        return gettext("The time is uncertain. Press to set it.");
    case PAGE_CLOCK_RTC:
    case PAGE_CLOCK_SET:
    case PAGE_CLOCK_SYNCED:
        break;
    }
    return NULL;
}

static void draw_time(const struct sheet *sheet, const struct view_clock *shown) {
    char hour[16] = "";
    char day[96] = "";
    char brief[96] = "";
    struct stack tries[3] = {0};

    if (shown->quality != PAGE_CLOCK_UNSET && shown->quality != PAGE_CLOCK_RESTORED) {
        date_format_hour(&shown->time, hour, sizeof hour);
        date_format_day_and_year(&shown->time, day, sizeof day);
        date_format_day_short(&shown->time, brief, sizeof brief);
    }
    for (size_t i = 0; i < 3; i++) {
        stack_add(&tries[i], hour, sheet->title_px, true, 0);
        stack_add(&tries[i], i < 1 ? day : brief, sheet->body_px, false, 0);
        stack_add(&tries[i], i < 2 ? source(shown->quality) : source_brief(shown->quality), sheet->body_px, false, 0);
    }
    stack_draw_alone(sheet, stack_first_that_fits(sheet, tries, 3));
}

// The fields in the order in which they are set, and where each stands in "2026-04-14 21:40".
static const struct {
    const char *name;
    int from;
    int length;
} FIELDS[] = {
    [PAGE_CLOCK_FIELD_YEAR] = {N_("Year"), 0, 4},     [PAGE_CLOCK_FIELD_MONTH] = {N_("Month"), 5, 2},
    [PAGE_CLOCK_FIELD_DAY] = {N_("Day"), 8, 2},       [PAGE_CLOCK_FIELD_HOUR] = {N_("Hour"), 11, 2},
    [PAGE_CLOCK_FIELD_TENS] = {N_("Minutes"), 14, 1}, [PAGE_CLOCK_FIELD_MINUTE] = {N_("Minutes"), 15, 1},
};

static int width_of(const struct sheet *sheet, const struct type_style *style, const char *text, int length) {
    char head[32];

    snprintf(head, sizeof head, "%.*s", length, text);
    return length > 0 ? draw_measure(sheet->canvas, style, head).width_px : 0;
}

// One row of figures, the field underlined if it stands there: `from` is where it begins in this row. Returns the
// height of the row.
static int draw_row(const struct sheet *sheet, const char *text, int from, int length, int y_px) {
    const struct type_style body = sheet_style(sheet, sheet->body_px, false, 0);
    int bar_px = sheet->body_px / 6;

    draw_text(sheet->canvas, &body, text, sheet->room.x_px, y_px);
    if (from >= 0 && from < (int)strlen(text)) {
        int from_px = width_of(sheet, &body, text, from);
        int to_px = width_of(sheet, &body, text, from + length);

        draw_bar(sheet->canvas,
                 (struct frame_area){sheet->room.x_px + from_px, y_px + sheet->line_px, to_px - from_px, bar_px});
    }
    return sheet->line_px + bar_px;
}

// Date and time on one row; on a narrow glass the time on a second one.
static void draw_field(const struct sheet *sheet, const struct view_clock *shown) {
    const struct page_time *time = &shown->time;
    int from = FIELDS[shown->field].from;
    int length = FIELDS[shown->field].length;
    int y_px = sheet->room.y_px;
    char text[64];
    struct type_style title;
    bool one_row;

    snprintf(text, sizeof text, "%04d-%02d-%02d %02d:%02d", time->year, time->month, time->day, time->hour,
             time->minute);
    one_row = sheet_is_one_line(sheet, text);
    title = sheet_style(sheet, one_row ? sheet->title_px : sheet->body_px, true, 0);
    draw_text(sheet->canvas, &title, gettext(FIELDS[shown->field].name), sheet->room.x_px, y_px);
    y_px += draw_measure(sheet->canvas, &title, "x").height_px + (one_row ? sheet->gap_px : 0);
    if (!one_row) {
        text[DATE_LENGTH] = '\0';
        y_px += draw_row(sheet, text, from, length, y_px);
        draw_row(sheet, text + DATE_LENGTH + 1, from - DATE_LENGTH - 1, length, y_px);
    } else {
        draw_row(sheet, text, from, length, y_px);
    }
}

static void draw_clock(const struct sheet *sheet, const struct view *view) {
    if (view->clock.field == PAGE_CLOCK_FIELD_NONE) {
        draw_time(sheet, &view->clock);
    } else {
        draw_field(sheet, &view->clock);
    }
}

static void clock_hint(const struct view *view, struct page_hint *hint) {
    if (view->clock.field != PAGE_CLOCK_FIELD_NONE) {
        hint->text = N_("Press: +1. Hold: next");
    }
}

PAGE_DRAWING(clock, .draw = draw_clock, .hint = N_("Press: set it. Hold: next"), .brief = N_("Hold: next"),
             .hint_now = clock_hint, .answers = false, .faces = NULL, .minutes = NULL);
