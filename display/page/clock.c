// The time: asked, shown and set.
#include "display/page/date.h"
#include "display/page/pages.h"

#include <libintl.h>
#include <stdio.h>
#include <string.h>

#define N_(text) text

void page_draw_ask_time(const struct sheet *sheet, const struct view *view) {
    char hour[16];
    char day[96];
    char question[192];
    struct stack words = {0};

    if (view->ask_time.guess) {
        date_format_hour(&view->ask_time.time, hour, sizeof hour);
        date_format_day(&view->ask_time.time, day, sizeof day);
        // words: time and date: "Is it still about 21:40, Tuesday 14 April?"
        snprintf(question, sizeof question, gettext("Is it still about %1$s, %2$s?"), hour, day);
        stack_add(&words, question, sheet->body_px, false, 0);
    } else {
        stack_add(&words, gettext("What time is it?"), sheet->title_px, true, 0);
        stack_add(&words, gettext("After a power cut the clock has to be set."), sheet->body_px, false, 0);
    }
    stack_draw_alone(sheet, &words);
}

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

static void draw_time(const struct sheet *sheet, const struct view_clock *shown) {
    char hour[16];
    char day[96];
    struct stack words = {0};

    if (shown->quality != PAGE_CLOCK_UNSET && shown->quality != PAGE_CLOCK_RESTORED) {
        date_format_hour(&shown->time, hour, sizeof hour);
        date_format_day_and_year(&shown->time, day, sizeof day);
        stack_add(&words, hour, sheet->title_px, true, 0);
        stack_add(&words, day, sheet->body_px, false, 0);
    }
    stack_add(&words, source(shown->quality), sheet->body_px, false, 0);
    stack_draw_alone(sheet, &words);
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

static void draw_field(const struct sheet *sheet, const struct view_clock *shown) {
    const struct type_style title = {.em_px = sheet->title_px, .bold = true};
    const struct type_style body = {.em_px = sheet->body_px};
    const struct page_time *time = &shown->time;
    int y_px = sheet->room.y_px;
    int from_px, to_px;
    char text[64];

    snprintf(text, sizeof text, "%04d-%02d-%02d %02d:%02d", time->year, time->month, time->day, time->hour,
             time->minute);
    draw_text(sheet->canvas, &title, gettext(FIELDS[shown->field].name), sheet->room.x_px, y_px);
    y_px += draw_measure(sheet->canvas, &title, "x").height_px + sheet->gap_px;
    draw_text(sheet->canvas, &body, text, sheet->room.x_px, y_px);
    from_px = width_of(sheet, &body, text, FIELDS[shown->field].from);
    to_px = width_of(sheet, &body, text, FIELDS[shown->field].from + FIELDS[shown->field].length);
    draw_bar(sheet->canvas, (struct frame_area){sheet->room.x_px + from_px, y_px + sheet->line_px, to_px - from_px,
                                                sheet->body_px / 6});
}

void page_draw_clock(const struct sheet *sheet, const struct view *view) {
    if (view->clock.field == PAGE_CLOCK_FIELD_NONE)
        draw_time(sheet, &view->clock);
    else
        draw_field(sheet, &view->clock);
}
