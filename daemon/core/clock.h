// Time: two clocks read together, the quality of what they say, zones. Durations come from CLOCK_BOOTTIME alone;
// Karani's time is the system clock plus an offset of its own. Nothing here reads a clock.
#ifndef KARANI_DAEMON_CORE_CLOCK_H
#define KARANI_DAEMON_CORE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

// One reading of both clocks at the same instant.
struct moment {
    int64_t boot_ms;   // CLOCK_BOOTTIME
    int64_t system_ms; // CLOCK_REALTIME, from 1970-01-01 UTC
};

// Where Karani's time comes from (karani(7), THE CLOCK). Order: from nothing known to best.
enum clock_quality { CLOCK_UNSET, CLOCK_RESTORED, CLOCK_RTC, CLOCK_SET, CLOCK_SYNCED };

struct zone;

// A zone by its name in the tz database ("Europe/Berlin"), or "UTC". NULL when there is no such zone.
struct zone *zone_open(const char *name);
struct zone *zone_ref(const struct zone *zone); // to keep a borrowed one: counting changes nothing that it says
void zone_unref(struct zone *zone);             // accepts NULL
const char *zone_name(const struct zone *zone);

// Seconds to add to UTC for local time at that instant.
int32_t zone_offset_s(const struct zone *zone, int64_t utc_s);

// The instant at which the wall clock reads local_s: of an hour that comes twice the first; of a skipped one the
// moment of the jump.
int64_t zone_utc_of_local(const struct zone *zone, int64_t local_s);

// Karani's clock. Copied freely; `zone` is borrowed.
struct karani_clock {
    enum clock_quality quality;
    int64_t offset_ms; // Karani's time = system clock + offset_ms
    const struct zone *zone;
};

// What is known when the device starts.
struct clock_start {
    bool rtc_trusted;  // a battery-backed RTC that did not report lost power
    bool synchronised; // NTP has synchronised in this boot
    int64_t stored_offset_ms;
    int64_t last_known_s;                 // the last time in the diary, UTC seconds; 0 when there is none
    enum clock_quality same_boot_quality; // what this boot had reached before the daemon was restarted …
    int64_t same_boot_offset_ms;          // … and its offset; used when same_boot is true
    bool same_boot;
};

// The first line of the table that applies decides.
struct karani_clock clock_begin(const struct clock_start *start, struct moment now, const struct zone *zone);

// Karani's time in UTC milliseconds and seconds (rounded down), and on the local wall clock. It stands still at the
// ends of the calendar (night_has), whatever the system clock and the offset say.
int64_t clock_utc_ms(const struct karani_clock *clock, struct moment now);
int64_t clock_utc_s(const struct karani_clock *clock, struct moment now);
int64_t clock_local_s(const struct karani_clock *clock, struct moment now);

// False for `unset` and `restored`: no date or hour may be shown as if it were true.
bool clock_is_known(const struct karani_clock *clock);

const char *clock_quality_name(enum clock_quality quality); // "unset", "restored", "rtc", "set", "synced"
bool clock_quality_parse(const char *name, enum clock_quality *quality);

#endif
