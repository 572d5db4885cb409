// Evenings for tests of diaries that are damaged, copied and brought back: one a night, ten minutes, finished.
#ifndef KARANI_TESTS_SUPPORT_DIARY_EVENINGS_H
#define KARANI_TESTS_SUPPORT_DIARY_EVENINGS_H

#include "daemon/diary/diary.h"

#include <stdint.h>
#include <stdio.h>

enum {
    EVENING_UTC_S = 1772397600, // 2026-03-01 20:40:00
    EVENING_NIGHT = 20513,
    DAY_S = 86400,
};

#define BOOT "11111111-1111-4111-8111-111111111111"

static inline struct session_record evening(int n) {
    struct session_record session = {
        .night = EVENING_NIGHT + n,
        .started_utc_s = EVENING_UTC_S + n * DAY_S,
        .utc_offset_s = 3600,
        .zone = "Europe/Berlin",
        .clock = CLOCK_SYNCED,
        .routine = "legs-up-the-wall",
        .variant = "wall",
        .planned_s = 600,
        .held_s = 600,
        .outcome = OUTCOME_FINISHED,
        .outcome_was = OUTCOME_FINISHED,
        .boot_id = BOOT,
        .counted_from_boot_ms = n * INT64_C(86400000),
        .paused_at_boot_ms = -1,
    };
    snprintf(session.uuid, sizeof session.uuid, "%08x-0000-4000-8000-000000000000", (unsigned)n);
    return session;
}

#endif
