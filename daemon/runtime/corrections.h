// Corrections made on the glass: a session taken back, a clock that was wrong. Rows and change are written together, or
// wait together.
#ifndef KARANI_DAEMON_RUNTIME_CORRECTIONS_H
#define KARANI_DAEMON_RUNTIME_CORRECTIONS_H

#include "daemon/core/clock.h"
#include "daemon/diary/outbox.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A session is taken back ("not mine"), or is not. True when it was written.
bool corrections_undo(struct diary *diary, const struct session_record *session, int64_t at_utc_s, int64_t boot_ms);

// How a clock was corrected.
struct corrections_clock {
    int64_t difference_s; // to add to started_utc
    enum clock_quality quality;
    const struct zone *zone; // in force
    int64_t at_utc_s;
};

// Moves this boot's doubtful rows to a corrected clock; *rows is how many there were. With CLOCK_SET the change is kept
// even if there were none: the owner has made it. True when it was written.
bool corrections_move(struct diary *diary, const char *boot_id, const struct corrections_clock *clock, int64_t boot_ms,
                      size_t *rows);

#endif
