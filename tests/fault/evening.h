// An evening of the daemon with a diary that was left in one of several ways, for tests that let it fail on the way.
#ifndef KARANI_TESTS_FAULT_EVENING_H
#define KARANI_TESTS_FAULT_EVENING_H

#include "daemon/diary/outbox.h"
#include "daemon/runtime/corrections.h"
#include "daemon/runtime/gather.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    NIGHT = 20540,
    DAY_S = 86400,
    OLD_SESSIONS = 3, // of before; numbered from 1, as the others of this evening are from 5
};

// How the diary was left before.
enum before {
    BEFORE_NOTHING,
    BEFORE_STOPPED,
    BEFORE_KILLED,
    BEFORE_KILLED_IN_DISTRUST,
    BEFORE_DAMAGED,
    BEFORE_DAMAGED_WITH_BACKUP,
    BEFORE_LOG_ALONE,
    BEFORE_COUNT,
};

extern const struct before_facts {
    const char *words;
    bool allocations; // SQLite's, over a thousand: they differ little between the others
    bool damaged;     // to be restored, with all that was in it: ten times as many points, each of them slower
} BEFORE[BEFORE_COUNT];

struct desk {
    char state[64];
    char saved[64]; // a state directory of each kind, to be copied
    char aside[64]; // one with what was put aside
    struct diary *diary;
    struct device_start start;
    enum before before;
    char where[128]; // the fault that is looked at, told when the test fails
};

// What was acknowledged.
struct evening {
    int64_t held_s; // of the session '5'; −1: no row of it was acknowledged
    bool away, chosen, undone, doubtful, corrected;
    size_t corrected_rows;
};

void evening_remove_all(const char *path);
void evening_copy_file(const char *from_dir, const char *to_dir, const char *name);

// The files of a diary, and nothing else; none, where there is no such directory.
void evening_copy_state(const char *from, const char *to);

// Makes the diary as it was left before, in `saved`.
void evening_save_before(struct desk *desk, enum before before);

struct evening evening_live(struct desk *desk, const struct zone *zone);

// The fault has passed: what waits is saved when it is due. A diary that looked damaged or newer is left alone until
// the daemon is started anew.
void evening_retry(struct desk *desk, struct evening *evening);

#endif
