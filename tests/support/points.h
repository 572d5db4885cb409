// How far apart the points lie at which a test lets something fail: KARANI_POINTS_APART, 1 unless it is told.
#ifndef KARANI_TESTS_SUPPORT_POINTS_H
#define KARANI_TESTS_SUPPORT_POINTS_H

#include <stdlib.h>

static inline int points_apart(void) {
    const char *wanted = getenv("KARANI_POINTS_APART");
    const int apart = wanted != NULL ? atoi(wanted) : 1;
    return apart > 0 ? apart : 1;
}

#endif
