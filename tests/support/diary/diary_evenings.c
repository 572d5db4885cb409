#include "tests/support/diary/diary_evenings.h"

#include <stdio.h>

struct session_record evening(int n) {
    struct session_record session = {
        .night = EVENING_NIGHT + n,
        .started_utc_s = EVENING_UTC_S + n * DAY_S,
        .utc_offset_s = 3600,
        .zone = "Europe/Berlin",
        .clock = CLOCK_SYNCED,
        .routine = "legs-up-the-wall",
        .variant = "wall",
        .planned_s = 600 + n,
        .held_s = 540 + n,
        .overtime_s = n,
        .outcome = OUTCOME_FINISHED,
        .outcome_was = OUTCOME_FINISHED,
        .boot_id = BOOT,
        .counted_from_boot_ms = 1000 + n,
        .paused_at_boot_ms = -1,
    };
    snprintf(session.uuid, sizeof session.uuid, "%08x-0000-4000-8000-000000000000", (unsigned)n);
    return session;
}
