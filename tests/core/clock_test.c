// Time: zones at their changes, the table of what is known at boot, Karani's clock on the wall.
#include "daemon/core/clock.h"
#include "daemon/core/night.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "tests/oracle/oracle.h"

enum { HOUR_S = 3600, DAY_S = 24 * HOUR_S, ORACLE_LIMIT_S = 60 };

// Seconds from 1970 to a reading "YYYY-MM-DD HH:MM:SS".
static int64_t seconds_of(const char *text) {
    char date[NIGHT_TEXT_SIZE] = "";
    memcpy(date, text, sizeof date - 1);
    int hour, minute, second;
    int32_t day;
    assert_int_equal(sscanf(text + 11, "%d:%d:%d", &hour, &minute, &second), 3);
    assert_true(night_parse(date, &day));
    return (int64_t)day * DAY_S + (int64_t)hour * HOUR_S + (int64_t)minute * 60 + second;
}

static void test_zone_names(void **state) {
    (void)state;
    static const char *const zones[] = {"UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires",
                                        "America/Port-au-Prince", "Australia/Lord_Howe"};
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
        struct zone *zone = zone_open(zones[i]);
        assert_non_null(zone);
        assert_string_equal(zone_name(zone), zones[i]);
        zone_unref(zone);
    }
    // No zones: unknown, a path, an offset, a POSIX rule, a directory, other files of the database.
    static const char *const wrong[] = {
        "",
        "Europe/Berlinn",
        "europe/berlin ",
        "/usr/share/zoneinfo/UTC",
        "../zoneinfo/UTC",
        "Europe/../UTC",
        "+01:00",
        "CET-1CEST,M3,M4",
        "CET-1CEST,M3.5.0,M10.5.0",
        "Europe",
        "zone1970.tab",
        "tzdata",
        ":UTC",
        "Europe/Berlin\n",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_null(zone_open(wrong[i]));
    }
}

static void test_zone_outlives_its_first_owner(void **state) {
    (void)state;
    struct zone *zone = zone_open("Asia/Kathmandu");
    assert_ptr_equal(zone_ref(zone), zone);
    zone_unref(zone);
    assert_int_equal(zone_offset_s(zone, 0), 5 * HOUR_S + 1800); // +05:30 until 1986
    assert_int_equal(zone_offset_s(zone, 1775000000), 5 * HOUR_S + 2700);
    zone_unref(zone);
    zone_unref(NULL);
}

// The rules of the tz database, as written in its source files: where each row's change comes from.
static const struct {
    const char *zone;
    const char *utc;
    int offset_min;
} offsets[] = {
    {"UTC", "2026-07-01 00:00:00", 0},
    // EU: last Sunday of March and October, 01:00 UTC.
    {"Europe/Berlin", "2026-03-29 00:59:59", 60},
    {"Europe/Berlin", "2026-03-29 01:00:00", 120},
    {"Europe/Berlin", "2026-10-25 00:59:59", 120},
    {"Europe/Berlin", "2026-10-25 01:00:00", 60},
    {"Europe/Berlin", "2050-03-27 00:59:59", 60}, // beyond 2037 the rule goes on
    {"Europe/Berlin", "2050-03-27 01:00:00", 120},
    {"Europe/Berlin", "2099-07-01 00:00:00", 120},
    // Half an hour: first Sunday of April 02:00 summer time (+11), first Sunday of October 02:00 (+10:30).
    {"Australia/Lord_Howe", "2026-04-04 14:59:59", 660},
    {"Australia/Lord_Howe", "2026-04-04 15:00:00", 630},
    {"Australia/Lord_Howe", "2026-10-03 15:29:59", 630},
    {"Australia/Lord_Howe", "2026-10-03 15:30:00", 660},
    // Two hours, at a research station: last Sunday of March 01:00 UTC, +0 to +2.
    {"Antarctica/Troll", "2026-03-29 00:59:59", 0},
    {"Antarctica/Troll", "2026-03-29 01:00:00", 120},
    // At midnight: Santiago's first Sunday after 5 September (04:00 UTC of it) and after 2 April (03:00 UTC).
    {"America/Santiago", "2026-09-06 03:59:59", -240},
    {"America/Santiago", "2026-09-06 04:00:00", -180},
    // The day that Samoa skipped.
    {"Pacific/Apia", "2011-12-30 09:59:59", -600},
    {"Pacific/Apia", "2011-12-30 10:00:00", 840},
};

static void test_offsets(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof offsets / sizeof offsets[0]; i++) {
        struct zone *zone = zone_open(offsets[i].zone);
        assert_non_null(zone);
        assert_int_equal(zone_offset_s(zone, seconds_of(offsets[i].utc)), offsets[i].offset_min * 60);
        zone_unref(zone);
    }
}

static const struct {
    const char *zone;
    const char *local;
    const char *utc;
} readings[] = {
    {"UTC", "2026-03-29 02:30:00", "2026-03-29 02:30:00"},
    {"Europe/Berlin", "2026-03-29 01:59:59", "2026-03-29 00:59:59"},
    {"Europe/Berlin", "2026-03-29 02:00:00", "2026-03-29 01:00:00"}, // skipped: the moment of the jump
    {"Europe/Berlin", "2026-03-29 02:30:00", "2026-03-29 01:00:00"},
    {"Europe/Berlin", "2026-03-29 02:59:59", "2026-03-29 01:00:00"},
    {"Europe/Berlin", "2026-03-29 03:00:00", "2026-03-29 01:00:00"},
    {"Europe/Berlin", "2026-03-29 03:00:01", "2026-03-29 01:00:01"},
    {"Europe/Berlin", "2026-10-25 01:59:59", "2026-10-24 23:59:59"},
    {"Europe/Berlin", "2026-10-25 02:00:00", "2026-10-25 00:00:00"}, // twice: the first
    {"Europe/Berlin", "2026-10-25 02:59:59", "2026-10-25 00:59:59"},
    {"Europe/Berlin", "2026-10-25 03:00:00", "2026-10-25 02:00:00"}, // once
    {"Europe/Berlin", "2060-03-28 02:30:00", "2060-03-28 01:00:00"},
    {"Australia/Lord_Howe", "2026-10-04 02:10:00", "2026-10-03 15:30:00"}, // 02:00 to 02:30 skipped
    {"Australia/Lord_Howe", "2026-10-04 02:30:00", "2026-10-03 15:30:00"},
    {"Australia/Lord_Howe", "2026-04-05 01:29:59", "2026-04-04 14:29:59"},
    {"Australia/Lord_Howe", "2026-04-05 01:45:00", "2026-04-04 14:45:00"}, // 01:30 to 02:00 twice
    {"Australia/Lord_Howe", "2026-04-05 02:00:00", "2026-04-04 15:30:00"},
    {"America/Santiago", "2026-09-06 00:30:00", "2026-09-06 04:00:00"}, // the day has no first hour
    {"America/Santiago", "2026-04-04 23:30:00", "2026-04-05 02:30:00"}, // its last hour twice
    {"America/Santiago", "2026-04-05 00:00:00", "2026-04-05 04:00:00"},
    {"Pacific/Apia", "2011-12-29 23:59:59", "2011-12-30 09:59:59"},
    {"Pacific/Apia", "2011-12-30 00:00:00", "2011-12-30 10:00:00"}, // no hour of that day ever was
    {"Pacific/Apia", "2011-12-30 12:00:00", "2011-12-30 10:00:00"},
    {"Pacific/Apia", "2011-12-30 23:59:59", "2011-12-30 10:00:00"},
    {"Pacific/Apia", "2011-12-31 00:00:01", "2011-12-30 10:00:01"},
};

static void test_readings(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof readings / sizeof readings[0]; i++) {
        struct zone *zone = zone_open(readings[i].zone);
        assert_non_null(zone);
        int64_t utc_s = zone_utc_of_local(zone, seconds_of(readings[i].local));
        if (utc_s != seconds_of(readings[i].utc)) {
            fail_msg("%s %s: %" PRId64 " s off", readings[i].zone, readings[i].local,
                     utc_s - seconds_of(readings[i].utc));
        }
        zone_unref(zone);
    }
}

enum { NOW_S = 1776000000, BEFORE_S = NOW_S - 1000, AFTER_S = NOW_S + 5000 };

static const struct {
    const char *what;
    struct clock_start start;
    enum clock_quality quality;
    int64_t offset_ms;
} boots[] = {
    {"nothing known", {0}, CLOCK_UNSET, 0},
    {"a stored offset without a time is nothing", {.stored_offset_ms = 500}, CLOCK_UNSET, 0},
    {"the diary is ahead", {.last_known_s = AFTER_S, .stored_offset_ms = 7}, CLOCK_RESTORED, 5000 * 1000 - 250},
    {"the diary is behind", {.last_known_s = BEFORE_S, .stored_offset_ms = 7}, CLOCK_RESTORED, 0},
    {"the diary's second has begun", {.last_known_s = NOW_S}, CLOCK_RESTORED, 0},
    {"a clock chip", {.rtc_trusted = true, .stored_offset_ms = -42}, CLOCK_RTC, -42},
    {"a clock chip wins over the diary",
     {.rtc_trusted = true, .stored_offset_ms = -42, .last_known_s = AFTER_S},
     CLOCK_RTC,
     -42},
    {"NTP wins over a clock chip",
     {.synchronised = true, .rtc_trusted = true, .stored_offset_ms = -42, .last_known_s = AFTER_S},
     CLOCK_SYNCED,
     0},
    {"set by hand in this boot",
     {.same_boot = true, .same_boot_quality = CLOCK_SET, .same_boot_offset_ms = 99, .last_known_s = AFTER_S},
     CLOCK_SET,
     99},
    {"set by hand in this boot, with a clock chip",
     {.same_boot = true,
      .same_boot_quality = CLOCK_SET,
      .same_boot_offset_ms = 99,
      .rtc_trusted = true,
      .stored_offset_ms = 1},
     CLOCK_SET,
     99},
    {"synced before in this boot",
     {.same_boot = true, .same_boot_quality = CLOCK_SYNCED, .last_known_s = AFTER_S},
     CLOCK_SYNCED,
     0},
    {"unset in this boot, with a session since",
     {.same_boot = true, .same_boot_quality = CLOCK_UNSET, .last_known_s = AFTER_S},
     CLOCK_UNSET,
     0},
    {"restored in this boot goes on where it was",
     {.same_boot = true, .same_boot_quality = CLOCK_RESTORED, .same_boot_offset_ms = 12, .last_known_s = BEFORE_S},
     CLOCK_RESTORED,
     12},
    {"restored in this boot, then NTP came",
     {.synchronised = true, .same_boot = true, .same_boot_quality = CLOCK_RESTORED, .same_boot_offset_ms = 12},
     CLOCK_SYNCED,
     0},
    {"another boot's quality is of no use",
     {.same_boot_quality = CLOCK_SET, .same_boot_offset_ms = 99},
     CLOCK_UNSET,
     0},
};

static void test_boots(void **state) {
    (void)state;
    struct moment now = {.boot_ms = 31000, .system_ms = (int64_t)NOW_S * 1000 + 250};
    struct zone *zone = zone_open("UTC");
    for (size_t i = 0; i < sizeof boots / sizeof boots[0]; i++) {
        struct karani_clock clock = clock_begin(&boots[i].start, now, zone);
        if (clock.quality != boots[i].quality || clock.offset_ms != boots[i].offset_ms || clock.zone != zone) {
            fail_msg("%s: %s %+" PRId64 " ms", boots[i].what, clock_quality_name(clock.quality), clock.offset_ms);
        }
        if (clock.quality == CLOCK_RESTORED && !boots[i].start.same_boot) { // a lower bound
            assert_true(clock_utc_s(&clock, now) >= boots[i].start.last_known_s);
        }
    }
    zone_unref(zone);
}

static void test_clock_reads(void **state) {
    (void)state;
    struct zone *zone = zone_open("Europe/Berlin");
    struct karani_clock clock = {.quality = CLOCK_SET, .offset_ms = -1500, .zone = zone};
    int64_t jump_s = seconds_of("2026-03-29 01:00:00");
    struct moment now = {.system_ms = jump_s * 1000 + 1499}; // 1 ms before the jump
    assert_int_equal(clock_utc_ms(&clock, now), jump_s * 1000 - 1);
    assert_int_equal(clock_utc_s(&clock, now), jump_s - 1);
    assert_int_equal(clock_local_s(&clock, now), seconds_of("2026-03-29 01:59:59"));
    now.system_ms++;
    assert_int_equal(clock_utc_s(&clock, now), jump_s);
    assert_int_equal(clock_local_s(&clock, now), seconds_of("2026-03-29 03:00:00"));
    now.system_ms = 1499; // before 1970, still rounded down
    assert_int_equal(clock_utc_s(&clock, now), -1);
    // Beyond what 64 bits hold it stands at the calendar's ends.
    clock.offset_ms = INT64_MAX;
    now.system_ms = INT64_MAX;
    int64_t last_ms = clock_utc_ms(&clock, now);
    assert_true(last_ms > jump_s * 1000);
    clock.offset_ms = INT64_MIN;
    now.system_ms = INT64_MIN;
    assert_true(clock_utc_ms(&clock, now) < -jump_s * 1000 && last_ms > 0);
    zone_unref(zone);
}

static void test_quality_names(void **state) {
    (void)state;
    static const struct {
        const char *name;
        enum clock_quality quality;
        bool known;
    } names[] = {
        {"unset", CLOCK_UNSET, false}, {"restored", CLOCK_RESTORED, false}, {"rtc", CLOCK_RTC, true},
        {"set", CLOCK_SET, true},      {"synced", CLOCK_SYNCED, true},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct karani_clock clock = {.quality = names[i].quality};
        enum clock_quality quality = CLOCK_UNSET;
        assert_true(clock_quality_parse(names[i].name, &quality));
        assert_int_equal(quality, names[i].quality);
        assert_string_equal(clock_quality_name(quality), names[i].name);
        assert_int_equal(clock_is_known(&clock), names[i].known);
    }
    enum clock_quality quality = CLOCK_RTC;
    assert_false(clock_quality_parse("", &quality));
    assert_false(clock_quality_parse("Synced", &quality));
    assert_int_equal(quality, CLOCK_RTC);
}

// What a ten-year script asks for every event: a bound far above what it costs, to notice a loop over transitions.
static void test_look_ups_are_cheap(void **state) {
    (void)state;
    enum { ASKED = 100000 };
    struct zone *zone = zone_open("Europe/Berlin");
    int64_t sum = 0;
    clock_t begun = clock();
    for (int i = 0; i < ASKED; i++) {
        sum += zone_offset_s(zone, 1776000000 + (int64_t)i * 3600);
        sum += zone_utc_of_local(zone, 1776000000 + (int64_t)i * 3600);
    }
    double us = (double)(clock() - begun) / CLOCKS_PER_SEC * 1e6 / ASKED;
    print_message("an offset and a reading: %.2f µs\n", us);
    assert_true(sum != 0 && us < 50);
    zone_unref(zone);
}

static void test_zoneinfo_agrees(void **state) {
    (void)state;
    oracle_run("tests/oracle/zones.py", NULL, ORACLE_LIMIT_S);
}

// What a session that starts at that instant is given: its offset and its night.
static void answer_at(const struct karani_clock *clock, int64_t utc_s) {
    char night[NIGHT_TEXT_SIZE];
    night_format(night_of_local(clock_local_s(clock, (struct moment){.system_ms = utc_s * 1000})), night);
    printf("%" PRId32 " %s", zone_offset_s(clock->zone, utc_s), night);
}

// Sessions before, at and after the midnight and the noon of a calendar day.
static void answer_day(const struct karani_clock *clock, int64_t day) {
    static const int readings_s[] = {0, 1, 12 * HOUR_S - 1, 12 * HOUR_S, 12 * HOUR_S + 1, DAY_S - 1};
    for (size_t i = 0; i < sizeof readings_s / sizeof readings_s[0]; i++) {
        int64_t utc_s = zone_utc_of_local(clock->zone, day * DAY_S + readings_s[i]);
        printf("%s%" PRId64 " ", i == 0 ? "" : " ", utc_s);
        answer_at(clock, utc_s);
    }
}

// "zone NAME" → "ok", "at UTC_S" → offset and night, "utc LOCAL_S" → instant, "day DAY" → instant, offset and night of
// six readings; the questions of tests/oracle/zones.py.
static int answer(void) {
    struct zone *zone = NULL;
    char line[128];
    while (fgets(line, sizeof line, stdin) != NULL) {
        char name[64];
        int64_t value;
        if (sscanf(line, "zone %63s", name) == 1) {
            zone_unref(zone);
            zone = zone_open(name);
            puts(zone == NULL ? "no such zone" : "ok");
            if (zone == NULL) {
                return 1;
            }
            continue;
        }
        struct karani_clock clock = {.quality = CLOCK_SYNCED, .zone = zone};
        if (zone == NULL) {
            return 2;
        } else if (sscanf(line, "day %" SCNd64, &value) == 1) {
            answer_day(&clock, value);
        } else if (sscanf(line, "at %" SCNd64, &value) == 1) {
            answer_at(&clock, value);
        } else if (sscanf(line, "utc %" SCNd64, &value) == 1) {
            printf("%" PRId64, zone_utc_of_local(zone, value));
        } else {
            return 2;
        }
        putchar('\n');
    }
    zone_unref(zone);
    return 0;
}

int main(int argc, char **argv) {
    if (argc == 2 && strcmp(argv[1], "--answer") == 0) {
        return answer();
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_zone_names),      cmocka_unit_test(test_zone_outlives_its_first_owner),
        cmocka_unit_test(test_offsets),         cmocka_unit_test(test_readings),
        cmocka_unit_test(test_boots),           cmocka_unit_test(test_clock_reads),
        cmocka_unit_test(test_quality_names),   cmocka_unit_test(test_look_ups_are_cheap),
        cmocka_unit_test(test_zoneinfo_agrees),
    };
    return cmocka_run_group_tests_name("moment", tests, NULL, NULL);
}
