// Names of days and months, dates and durations in the language of the device.
#include "display/page/date.h"

#include <assert.h>
#include <libintl.h>
#include <stdio.h>
#include <string.h>

// Marks a text for the catalogue that is looked up later.
#define N_(text) text

static const char *const WEEKDAYS[7] = {N_("Monday"), N_("Tuesday"),  N_("Wednesday"), N_("Thursday"),
                                        N_("Friday"), N_("Saturday"), N_("Sunday")};

static const char *const WEEKDAYS_SHORT[7] = {N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"),
                                              N_("Fri"), N_("Sat"), N_("Sun")};

static const char *const MONTHS[12] = {N_("January"),   N_("February"), N_("March"),    N_("April"),
                                       N_("May"),       N_("June"),     N_("July"),     N_("August"),
                                       N_("September"), N_("October"),  N_("November"), N_("December")};

const char *date_weekday(int weekday) {
    assert(weekday < 7);
    return weekday < 0 ? "" : gettext(WEEKDAYS[weekday]);
}

const char *date_weekday_short(int weekday) {
    assert(weekday < 7);
    return weekday < 0 ? "" : gettext(WEEKDAYS_SHORT[weekday]);
}

static const char *date_month(int month) {
    assert(month >= 1 && month <= 12);
    return gettext(MONTHS[month - 1]);
}

// Makes every space but the first one that does not break (U+00A0): a line ends after the weekday or not at all.
static void keep_together(char *text, size_t size) {
    static const char SPACE[] = "\u00a0";
    char *at = strchr(text, ' ');

    while (at && (at = strchr(at + 1, ' ')) && strlen(text) + sizeof SPACE - 1 <= size) {
        memmove(at + sizeof SPACE - 1, at + 1, strlen(at + 1) + 1);
        memcpy(at, SPACE, sizeof SPACE - 1);
    }
}

void date_format_day(const struct page_time *time, char *text, size_t size) {
    // words: weekday, day, month: "Tuesday 14 April". Reorder by the numbers.
    snprintf(text, size, gettext("%1$s %2$d %3$s"), date_weekday(time->weekday), time->day, date_month(time->month));
    keep_together(text, size);
}

void date_format_day_short(const struct page_time *time, char *text, size_t size) {
    snprintf(text, size, gettext("%1$s %2$d %3$s"), date_weekday_short(time->weekday), time->day,
             date_month(time->month));
}

void date_format_day_and_year(const struct page_time *time, char *text, size_t size) {
    // words: weekday, day, month, year: "Tuesday 14 April 2026".
    snprintf(text, size, gettext("%1$s %2$d %3$s %4$d"), date_weekday(time->weekday), time->day,
             date_month(time->month), time->year);
    keep_together(text, size);
}

void date_format_hour(const struct page_time *time, char *text, size_t size) {
    // words: hour and minute: "21:40".
    snprintf(text, size, gettext("%1$02d:%2$02d"), time->hour, time->minute);
}

void date_format_minutes(int minutes, char *text, size_t size) {
    if (minutes < 1) {
        snprintf(text, size, "%s", gettext("Less than a minute"));
    } else {
        snprintf(text, size, ngettext("%d minute", "%d minutes", (unsigned long)minutes), minutes);
    }
}
