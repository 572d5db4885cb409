// When the diary is to be looked after: backups weekly, a check monthly, by the clock where it is known and by BOOTTIME
// where it is not, and only while nobody does anything.
#ifndef KARANI_DAEMON_RUNTIME_UPKEEP_H
#define KARANI_DAEMON_RUNTIME_UPKEEP_H

#include "daemon/diary/diary.h"

#include <stdbool.h>
#include <stdint.h>

enum { UPKEEP_REST_MS = 10 * 60 * 1000 }; // an idle page is up for so long before the diary is looked after

// What it goes by.
struct upkeep_state {
    bool idle;     // an idle page is up
    int64_t utc_s; // Karani's time; 0: not known
    int backups;   // how many are kept; 0: none
};

struct upkeep {
    struct diary *diary; // borrowed, as the boot's id
    const char *boot_id;
    struct upkeep_state now; // as last noted
    int64_t idle_since_ms;
    int64_t due_ms[DIARY_CARE_COUNT]; // on BOOTTIME; INT64_MAX: not at all
    bool planned;                     // due_ms follows from the diary as it is
};

// Something else may be due: the page was changed, the diary, or the clock became known.
void upkeep_note(struct upkeep *upkeep, const struct upkeep_state *now, int64_t boot_ms);

// When upkeep_tick is due, if the page stays idle; INT64_MAX: not at all.
int64_t upkeep_deadline(const struct upkeep *upkeep);

// Does what is due. The outbox tells if the diary was restored on the way.
void upkeep_tick(struct upkeep *upkeep, int64_t boot_ms);

#endif
