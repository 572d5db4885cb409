// Names of days and months, dates and durations in the language of the device.
#ifndef KARANI_DISPLAY_PAGE_DATE_H
#define KARANI_DISPLAY_PAGE_DATE_H

#include "display/page/page.h"

#include <stddef.h>

// Weekday 0 = Monday … 6 = Sunday; the empty text for an unknown one (-1).
const char *date_weekday(int weekday);
const char *date_weekday_short(int weekday);

// "Tuesday 14 April", "Tue 14 April", "Tuesday 14 April 2026", "21:40". A long date breaks after its weekday alone; the
// short one, for narrow glass, wherever it must.
void date_format_day(const struct page_time *time, char *text, size_t size);
void date_format_day_short(const struct page_time *time, char *text, size_t size);
void date_format_day_and_year(const struct page_time *time, char *text, size_t size);
void date_format_hour(const struct page_time *time, char *text, size_t size);

// "12 minutes"; below one: "Less than a minute".
void date_format_minutes(int minutes, char *text, size_t size);

#endif
