// Evenings that the daemon writes, and the times between them at which it runs or does not: what corrections come
// among.
#ifndef KARANI_TESTS_POWERCUT_VISIT_H
#define KARANI_TESTS_POWERCUT_VISIT_H

#include "daemon/diary/outbox.h"
#include "daemon/runtime/corrections.h"
#include "tests/powercut/model.h"

enum {
    VISIT_FIRST_NIGHT = 20480, // 27 January 2026: no summer time anywhere near
    VISIT_DAY_S = 86400,
    VISIT_OFFSET_S = 3600, // Berlin's in winter
    VISIT_ADDED_MAX = 4,
};

struct visit {
    struct tale *tale;
    struct model model;
    const char *directory;
    struct zone *zone;
    struct diary *diary;   // NULL while the daemon is stopped
    struct diary *by_hand; // karanictl's own, during one deed
    char boot_id[UUID_SIZE];
    int boots;
    int evenings; // their sessions are known by their numbers, from 1 on
    int64_t boot_ms;
    enum clock_quality clock; // of this boot; where it is in doubt, it is behind
    int deeds;
    char added[VISIT_ADDED_MAX][UUID_SIZE]; // by hand
    int added_count;
};

// Ends the program.
void visit_must(bool done, const char *what);

// Noon after the last evening, and a minute more for each deed.
int64_t visit_now_utc_s(const struct visit *visit);

void visit_evening_uuid(int number, char uuid[UUID_SIZE]);

// What is in the model is what the diary has promised.
void visit_acknowledge(struct visit *visit);

// A change of this moment, to the model.
void visit_add_change(struct visit *visit, const char *what, const char *of, bool was, bool is);

void visit_start(struct visit *visit); // the daemon
void visit_stop(struct visit *visit);
void visit_kill(struct visit *visit); // and starts again

// The power goes and comes back; the daemon runs again if it ran.
void visit_boot(struct visit *visit, enum clock_quality clock);

void visit_practise(struct visit *visit);

// The clock is set right; so many sessions move with it. While the daemon is stopped, with a diary of karanictl's own.
void visit_set_clock(struct visit *visit, size_t sessions);

#endif
