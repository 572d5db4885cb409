// A session as the diary keeps it: what the device writes, and what habit, export and corrections read.
#ifndef KARANI_DAEMON_CORE_RECORD_H
#define KARANI_DAEMON_CORE_RECORD_H

#include "daemon/core/clock.h"
#include "daemon/core/night.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    UUID_SIZE = 37, // RFC 9562 in text, with its NUL
    RECORD_ZONE_SIZE = 64,
    RECORD_NAME_SIZE = 64,
};

enum outcome { OUTCOME_RUNNING, OUTCOME_FINISHED, OUTCOME_ENDED_EARLY, OUTCOME_INTERRUPTED, OUTCOME_NOT_MINE };

const char *outcome_name(enum outcome outcome); // "running", "finished", "ended-early", "interrupted", "not-mine"
bool outcome_parse(const char *name, enum outcome *outcome);

// One session, as karani(7), WHAT COUNTS and THE DIARY, defines it. Each member has its row in daemon/diary/fields.c.
struct session_record {
    char uuid[UUID_SIZE];
    int32_t night; // NIGHT_NONE: NULL in the file
    int64_t started_utc_s;
    int32_t utc_offset_s;
    char zone[RECORD_ZONE_SIZE];
    enum clock_quality clock;
    char routine[RECORD_NAME_SIZE];
    char variant[RECORD_NAME_SIZE];
    int64_t planned_s;
    int64_t held_s; // includes overtime_s
    int64_t overtime_s;
    enum outcome outcome;
    enum outcome outcome_was; // under not-mine: what "keep" brings back
    // NULL or text; owned by whoever owns the row. Saved as NULL it stays what it is on the card (the device knows of
    // no notes), saved as "" it is taken away.
    char *note;
    // What a restart in the same boot needs to go on, right to the millisecond:
    char boot_id[UUID_SIZE];      // "" for imported rows
    int64_t counted_from_boot_ms; // held time = now − this, on CLOCK_BOOTTIME
    int64_t paused_at_boot_ms;    // −1 while it counts
};

#endif
