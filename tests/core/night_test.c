// Which night: dates, weekdays and wall-clock readings around noon and midnight.
#include "daemon/core/night.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { HOUR_S = 3600, DAY_S = 24 * HOUR_S };

// Numbers of days from outside: GNU date ("date -u -d 2026-03-28 +%s", divided by 86400); weekdays from a calendar.
static const struct {
    const char *text;
    int year, month, day;
    int32_t night;
    int weekday;
} dates[] = {
    {"1970-01-01", 1970, 1, 1, 0, 3},         {"1970-01-04", 1970, 1, 4, 3, 6},
    {"1970-01-05", 1970, 1, 5, 4, 0},         {"1972-02-29", 1972, 2, 29, 789, 1},
    {"2000-02-29", 2000, 2, 29, 11016, 1},    {"2000-03-01", 2000, 3, 1, 11017, 2},
    {"2026-03-28", 2026, 3, 28, 20540, 5},    {"2026-12-31", 2026, 12, 31, 20818, 3},
    {"2027-01-01", 2027, 1, 1, 20819, 4},     {"2038-01-19", 2038, 1, 19, 24855, 1},
    {"2100-02-28", 2100, 2, 28, 47540, 6},    {"2100-03-01", 2100, 3, 1, 47541, 0},
    {"9999-12-31", 9999, 12, 31, 2932896, 4},
};

static void test_dates(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
        assert_int_equal(night_from_date(dates[i].year, dates[i].month, dates[i].day), dates[i].night);
        int year, month, day;
        night_to_date(dates[i].night, &year, &month, &day);
        assert_int_equal(year, dates[i].year);
        assert_int_equal(month, dates[i].month);
        assert_int_equal(day, dates[i].day);
        char text[NIGHT_TEXT_SIZE];
        night_format(dates[i].night, text);
        assert_string_equal(text, dates[i].text);
        int32_t night = -1;
        assert_true(night_parse(dates[i].text, &night));
        assert_int_equal(night, dates[i].night);
        assert_int_equal(night_weekday(night), dates[i].weekday);
    }
}

static void test_before_1970(void **state) {
    (void)state;
    assert_int_equal(night_from_date(1969, 12, 31), -1);
    assert_int_equal(night_weekday(-1), 2);
    assert_int_equal(night_weekday(-4), 6);
    assert_int_equal(night_from_date(1600, 2, 29), -135081); // 370 years of 365 days, 90 leap days, less 59 days
    int year, month, day;
    night_to_date(-719162, &year, &month, &day);
    assert_int_equal(year, 1);
    assert_int_equal(month, 1);
    assert_int_equal(day, 1);
    char text[NIGHT_TEXT_SIZE];
    night_format(-719162, text);
    assert_string_equal(text, "0001-01-01");
    // West of Greenwich a board that forgot the time begins there: what is written reads back.
    for (int32_t written = -719162; written < 0; written += 9999) {
        int32_t night = 77;
        night_format(written, text);
        assert_true(night_parse(text, &night));
        assert_int_equal(night, written);
    }
}

// Every day of four centuries is the morrow of the day before, in date and weekday.
static void test_four_centuries(void **state) {
    (void)state;
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int32_t expected = 0;
    for (int year = 1970; year < 2370; year++) {
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        for (int month = 1; month <= 12; month++) {
            int length = lengths[month - 1] + (month == 2 && leap ? 1 : 0);
            for (int day = 1; day <= length; day++, expected++) {
                assert_int_equal(night_from_date(year, month, day), expected);
                assert_int_equal(night_weekday(expected), (3 + expected) % 7);
                char text[NIGHT_TEXT_SIZE];
                int32_t night = -1;
                night_format(expected, text);
                assert_true(night_parse(text, &night));
                assert_int_equal(night, expected);
            }
        }
    }
    assert_int_equal(expected, 146097);
}

static void test_none_is_empty(void **state) {
    (void)state;
    char text[NIGHT_TEXT_SIZE] = "x";
    night_format(NIGHT_NONE, text);
    assert_string_equal(text, "");
}

static void test_refused(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "",           "2026",       "2026-3-28",  "2026-03-8",  "2026-03-28 ", " 2026-03-28",
        "2026/03/28", "2026-02-29", "2100-02-29", "2026-00-10", "2026-13-01",  "2026-04-31",
        "2026-01-00", "0000-01-01", "-026-03-28", "+026-03-28", "2026-+3-28",  "2026-03- 8",
        "2026-03-2x", "20260328--", "2026-03-32", "2026--3-28", "10000-01-01",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        int32_t night = 77;
        assert_false(night_parse(wrong[i], &night));
        assert_int_equal(night, 77);
    }
}

// A night runs from noon to noon and bears the date of its evening.
static void test_night_of_reading(void **state) {
    (void)state;
    static const struct {
        int32_t date;
        int hour, minute, second;
        int32_t night;
    } readings[] = {
        {20540, 12, 0, 0, 20540}, {20540, 21, 40, 0, 20540}, {20540, 23, 50, 0, 20540}, {20540, 23, 59, 59, 20540},
        {20541, 0, 0, 0, 20540},  {20541, 0, 40, 0, 20540},  {20541, 2, 30, 0, 20540},  {20541, 11, 59, 59, 20540},
        {20541, 12, 0, 0, 20541}, {0, 12, 0, 0, 0},          {0, 11, 59, 59, -1},       {-1, 12, 0, 0, -1},
        {-1, 11, 59, 59, -2},     {-1, 23, 59, 59, -1},
    };
    for (size_t i = 0; i < sizeof readings / sizeof readings[0]; i++) {
        int64_t local_s = (int64_t)readings[i].date * DAY_S + (int64_t)readings[i].hour * HOUR_S +
                          (int64_t)readings[i].minute * 60 + readings[i].second;
        assert_int_equal(night_of_local(local_s), readings[i].night);
        assert_int_equal(night_date_of_local(local_s), readings[i].date);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dates),          cmocka_unit_test(test_before_1970),
        cmocka_unit_test(test_four_centuries), cmocka_unit_test(test_none_is_empty),
        cmocka_unit_test(test_refused),        cmocka_unit_test(test_night_of_reading),
    };
    return cmocka_run_group_tests_name("night", tests, NULL, NULL);
}
