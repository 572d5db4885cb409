// Time: zones on GLib's GTimeZone, and Karani's clock as the system clock plus an offset of its own.
#include "daemon/core/clock.h"

#include "daemon/core/night.h"

#include <assert.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>

// No zone has ever been farther from UTC than 15 h 14 min (Metlakatla, before 1867); rounded up to a day.
enum { OFFSET_MOST_S = 24 * 60 * 60 };

// Karani's time has a night, and a date in every zone.
static const int64_t UTC_FIRST_MS = NIGHT_UTC_FIRST_S * 1000;
static const int64_t UTC_LAST_MS = NIGHT_UTC_LAST_S * 1000 + 999;

// Right in every zone of the database as far as its tables reach (2037), and beyond by their footers, except for
// Europe/Dublin from 2038 on: GLib 2.74 takes its winter, daylight saving time of -1 h to the database, for +1 h.
struct zone {
    GTimeZone *rules;
    unsigned references;
    char name[];
};

static int64_t floor_div(int64_t value, int64_t by) {
    return value / by - (value % by < 0);
}

// The tz database's names are paths of letters, digits and "+-_" below its directory, and start with a letter.
static bool name_is_plausible(const char *name) {
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-_/";
    return g_ascii_isalpha(name[0]) && name[strspn(name, allowed)] == '\0';
}

// Whether the tz database has a compiled zone (RFC 9636: "TZif") of that name. GLib alone would also take POSIX rules
// and bare offsets for zones, and complain on standard error of the database's other files.
static bool name_is_in_database(const char *name) {
    const char *directory = g_getenv("TZDIR");
    char *path = g_build_filename(directory != NULL ? directory : "/usr/share/zoneinfo", name, NULL);
    FILE *file = fopen(path, "re");
    g_free(path);
    if (file == NULL) {
        return false;
    }
    char magic[4];
    bool is_zone = fread(magic, 1, sizeof magic, file) == sizeof magic && memcmp(magic, "TZif", sizeof magic) == 0;
    (void)fclose(file); // only read from
    return is_zone;
}

struct zone *zone_open(const char *name) {
    if (!name_is_plausible(name) || (strcmp(name, "UTC") != 0 && !name_is_in_database(name))) {
        return NULL;
    }
    GTimeZone *rules = g_time_zone_new_identifier(name);
    if (rules == NULL) {
        return NULL;
    }
    size_t name_size = strlen(name) + 1;
    struct zone *zone = g_malloc(sizeof *zone + name_size);
    zone->rules = rules;
    zone->references = 1;
    memcpy(zone->name, name, name_size);
    return zone;
}

struct zone *zone_ref(const struct zone *zone) {
    struct zone *kept = (struct zone *)zone; // every zone comes from zone_open, which made it to be changed
    kept->references++;
    return kept;
}

void zone_unref(struct zone *zone) {
    if (zone == NULL || --zone->references > 0) {
        return;
    }
    g_time_zone_unref(zone->rules);
    g_free(zone);
}

const char *zone_name(const struct zone *zone) {
    return zone->name;
}

// The number of the interval of constant offset that holds an instant; it grows with the instant.
static int interval_at(const struct zone *zone, int64_t utc_s) {
    return g_time_zone_find_interval(zone->rules, G_TIME_TYPE_UNIVERSAL, utc_s);
}

int32_t zone_offset_s(const struct zone *zone, int64_t utc_s) {
    return g_time_zone_get_offset(zone->rules, interval_at(zone, utc_s));
}

// The first instant of interval `interval`, which must begin in (before_s, within_s].
static int64_t interval_start(const struct zone *zone, int interval, int64_t before_s, int64_t within_s) {
    while (within_s - before_s > 1) {
        int64_t middle_s = before_s + (within_s - before_s) / 2;
        if (interval_at(zone, middle_s) < interval) {
            before_s = middle_s;
        } else {
            within_s = middle_s;
        }
    }
    return within_s;
}

int64_t zone_utc_of_local(const struct zone *zone, int64_t local_s) {
    int64_t earliest_s = local_s - OFFSET_MOST_S;
    int64_t latest_s = local_s + OFFSET_MOST_S;
    int last = interval_at(zone, latest_s);
    int interval = interval_at(zone, earliest_s);
    // The wall clock runs straight on within an interval and jumps between two. Where it first stands at local_s or
    // beyond, it either reads it or has just jumped over it.
    for (; interval < last; interval++) {
        int64_t candidate_s = local_s - g_time_zone_get_offset(zone->rules, interval);
        if (interval_at(zone, candidate_s) == interval) {
            return candidate_s;
        }
        int64_t next_candidate_s = local_s - g_time_zone_get_offset(zone->rules, interval + 1);
        if (interval_at(zone, candidate_s) > interval && interval_at(zone, next_candidate_s) <= interval) {
            return interval_start(zone, interval + 1, next_candidate_s, candidate_s);
        }
    }
    return local_s - g_time_zone_get_offset(zone->rules, interval);
}

struct karani_clock clock_begin(const struct clock_start *start, struct moment now, const struct zone *zone) {
    // In the same boot the event "NTP has synchronised" may have come while the daemon was down; what the boot had
    // reached stays in every other case.
    if (start->synchronised) {
        return (struct karani_clock){.quality = CLOCK_SYNCED, .offset_ms = 0, .zone = zone};
    }
    if (start->same_boot) {
        return (struct karani_clock){
            .quality = start->same_boot_quality, .offset_ms = start->same_boot_offset_ms, .zone = zone};
    }
    if (start->rtc_trusted) {
        return (struct karani_clock){.quality = CLOCK_RTC, .offset_ms = start->stored_offset_ms, .zone = zone};
    }
    if (start->last_known_s > 0) {
        int64_t behind_ms = start->last_known_s * 1000 - now.system_ms;
        return (struct karani_clock){
            .quality = CLOCK_RESTORED, .offset_ms = behind_ms > 0 ? behind_ms : 0, .zone = zone};
    }
    return (struct karani_clock){.quality = CLOCK_UNSET, .offset_ms = 0, .zone = zone};
}

int64_t clock_utc_ms(const struct karani_clock *clock, struct moment now) {
    int64_t utc_ms;
    // The system clock and an offset that was kept may say anything.
    if (__builtin_add_overflow(now.system_ms, clock->offset_ms, &utc_ms)) {
        return clock->offset_ms < 0 ? UTC_FIRST_MS : UTC_LAST_MS;
    }
    return utc_ms < UTC_FIRST_MS ? UTC_FIRST_MS : utc_ms > UTC_LAST_MS ? UTC_LAST_MS : utc_ms;
}

int64_t clock_utc_s(const struct karani_clock *clock, struct moment now) {
    return floor_div(clock_utc_ms(clock, now), 1000);
}

int64_t clock_local_s(const struct karani_clock *clock, struct moment now) {
    int64_t utc_s = clock_utc_s(clock, now);
    return utc_s + zone_offset_s(clock->zone, utc_s);
}

bool clock_is_known(const struct karani_clock *clock) {
    return clock->quality > CLOCK_RESTORED;
}

static const char *const quality_names[] = {
    [CLOCK_UNSET] = "unset", [CLOCK_RESTORED] = "restored", [CLOCK_RTC] = "rtc",
    [CLOCK_SET] = "set",     [CLOCK_SYNCED] = "synced",
};

const char *clock_quality_name(enum clock_quality quality) {
    assert(quality <= CLOCK_SYNCED);
    return quality_names[quality];
}

bool clock_quality_parse(const char *name, enum clock_quality *quality) {
    for (enum clock_quality i = CLOCK_UNSET; i <= CLOCK_SYNCED; i++) {
        if (strcmp(name, quality_names[i]) == 0) {
            *quality = i;
            return true;
        }
    }
    return false;
}
