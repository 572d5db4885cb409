// Which night: the calendar of nights, on GLib's GDate.
#include "daemon/core/night.h"

#include <assert.h>
#include <glib.h>
#include <string.h>

enum {
    DAY_S = 24 * 60 * 60,
    NOON_S = 12 * 60 * 60,
    JULIAN_OF_1970 = 719163, // GDate counts days from 0001-01-01 = 1
    NIGHT_FIRST = 1 - JULIAN_OF_1970,
    NIGHT_LAST = 2932896, // 9999-12-31: what four digits of a year can say
    TEXT_LENGTH = NIGHT_TEXT_SIZE - 1,
};

// Division that rounds towards the past, so that instants before 1970 fall on the right day.
static int64_t floor_div(int64_t value, int64_t by) {
    return value / by - (value % by < 0);
}

bool night_has(int64_t utc_s) {
    return utc_s >= NIGHT_UTC_FIRST_S && utc_s <= NIGHT_UTC_LAST_S;
}

static int32_t date_of(int64_t local_s) {
    int64_t days = floor_div(local_s, DAY_S);
    assert(days >= NIGHT_FIRST && days <= NIGHT_LAST);
    return (int32_t)days;
}

int32_t night_of_local(int64_t local_s) {
    // Taken from the wall clock's reading, not from elapsed time: a day of 23 or 25 hours changes nothing.
    return date_of(local_s - NOON_S);
}

int32_t night_date_of_local(int64_t local_s) {
    return date_of(local_s);
}

int32_t night_from_date(int year, int month, int day) {
    assert(year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= 31);
    assert(g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year));
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_dmy(&date, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
    return (int32_t)g_date_get_julian(&date) - JULIAN_OF_1970;
}

void night_to_date(int32_t night, int *year, int *month, int *day) {
    assert(night >= NIGHT_FIRST && night <= NIGHT_LAST);
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_julian(&date, (guint32)(night + JULIAN_OF_1970));
    *year = g_date_get_year(&date);
    *month = (int)g_date_get_month(&date);
    *day = g_date_get_day(&date);
}

int night_weekday(int32_t night) {
    int64_t since_monday = (int64_t)night + 3; // 1970-01-01 was a Thursday
    return (int)(since_monday - 7 * floor_div(since_monday, 7));
}

void night_format(int32_t night, char text[NIGHT_TEXT_SIZE]) {
    if (night == NIGHT_NONE) {
        text[0] = '\0';
        return;
    }
    int year;
    int month;
    int day;
    night_to_date(night, &year, &month, &day);
    int length = g_snprintf(text, NIGHT_TEXT_SIZE, "%04d-%02d-%02d", year, month, day);
    assert(length == TEXT_LENGTH);
    (void)length;
}

// Reads `count` digits; -1 when one of them is none.
static int parse_digits(const char *text, int count) {
    int value = 0;
    for (int i = 0; i < count; i++) {
        if (!g_ascii_isdigit(text[i])) {
            return -1;
        }
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

bool night_parse(const char *text, int32_t *night) {
    if (strlen(text) != TEXT_LENGTH || text[4] != '-' || text[7] != '-') {
        return false;
    }
    int year = parse_digits(text, 4);
    int month = parse_digits(text + 5, 2);
    int day = parse_digits(text + 8, 2);
    if (year < 1 || month < 1 || day < 1 || !g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year)) {
        return false;
    }
    *night = night_from_date(year, month, day);
    return true;
}
