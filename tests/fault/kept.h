// What is read of a diary after an evening in which something failed.
#ifndef KARANI_TESTS_FAULT_KEPT_H
#define KARANI_TESTS_FAULT_KEPT_H

#include "tests/fault/evening.h"
#include "tests/fault/fault.h"

struct found {
    int old; // a bit each
    int others;
    int64_t held_s;
    bool undone, doubtful, corrected;
};

struct kept {
    struct found sessions;
    int nights;
    char minutes[64];
};

// Adds what the diary holds; `held_s` begins at −1.
void kept_read(struct diary *diary, struct kept *kept);

// Nothing acknowledged is lost, nor anything of before, and only what was damaged has been put aside.
void kept_assert(const struct desk *desk, const struct fault_plan *plan, enum before before,
                 const struct evening *evening);

#endif
