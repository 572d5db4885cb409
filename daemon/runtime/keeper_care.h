// When the diary is to be looked after: backups weekly, a check monthly, by the clock where it is known and by BOOTTIME
// where it is not, and only while nobody does anything. For the keeper.
#ifndef KARANI_DAEMON_RUNTIME_KEEPER_CARE_H
#define KARANI_DAEMON_RUNTIME_KEEPER_CARE_H

#include "daemon/diary/diary.h"
#include "daemon/runtime/keeper.h"

#include <stdbool.h>
#include <stdint.h>

struct care {
    struct keeper_care now; // as last noted
    int64_t idle_since_ms;
    int64_t due_ms[DIARY_CARE_COUNT]; // on BOOTTIME; INT64_MAX: not at all
    bool planned;                     // due_ms follows from the diary as it is
};

// Something else may be due: the page was changed, the diary, or the clock became known.
void care_note(struct care *care, const struct keeper_care *now, int64_t boot_ms);

// When to look after it, if the page stays idle; INT64_MAX: not at all.
int64_t care_deadline(const struct care *care);

// Finds out when each is due.
void care_plan(struct care *care, struct diary *diary, const char *boot_id, int64_t boot_ms);

// Does what is due. True when the diary was restored on the way, and is to be read anew.
bool care_do(struct care *care, struct diary *diary, const char *boot_id, int64_t boot_ms);

#endif
