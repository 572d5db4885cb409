// Which night: the calendar of nights. A night runs from noon to noon in local time and bears the date of its
// evening. A night is the number of days from 1970-01-01 to that date in the proleptic Gregorian calendar.
#ifndef KARANI_DAEMON_CORE_NIGHT_H
#define KARANI_DAEMON_CORE_NIGHT_H

#include <stdbool.h>
#include <stdint.h>

#define NIGHT_NONE INT32_MIN // a session under an unknown clock has no night

// 0001-01-03 00:00:00 and 9999-12-29 23:59:59 in UTC.
#define NIGHT_UTC_FIRST_S INT64_C(-62135424000)
#define NIGHT_UTC_LAST_S  INT64_C(253402127999)

enum { NIGHT_TEXT_SIZE = 11 }; // "YYYY-MM-DD" and its NUL

// Whether there is a night for what happens then, and its date, in every zone: the years 1 to 9999 but for two days at
// either end. What comes from outside is asked for this before it is asked for its night.
bool night_has(int64_t utc_s);

// The night in which a local wall-clock reading falls: the date if it reads 12:00 or later, else the date
// before. local_s counts seconds from 1970-01-01 00:00 on the wall clock (UTC + offset).
// The calendar must have it (night_has), here and below.
int32_t night_of_local(int64_t local_s);

// The calendar date of a local wall-clock reading, as days from 1970-01-01.
int32_t night_date_of_local(int64_t local_s);

int32_t night_from_date(int year, int month, int day);

void night_to_date(int32_t night, int *year, int *month, int *day);

// 0 = Monday … 6 = Sunday.
int night_weekday(int32_t night);

// Writes "YYYY-MM-DD"; the empty string for NIGHT_NONE.
void night_format(int32_t night, char text[NIGHT_TEXT_SIZE]);

// Reads exactly "YYYY-MM-DD" with a real date of the years 1 to 9999. False, and *night untouched, otherwise.
bool night_parse(const char *text, int32_t *night);

#endif
