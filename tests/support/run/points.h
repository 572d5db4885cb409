// How far apart the points lie at which a test lets something fail: KARANI_POINTS_APART, 1 unless it is told.
#ifndef KARANI_TESTS_SUPPORT_RUN_POINTS_H
#define KARANI_TESTS_SUPPORT_RUN_POINTS_H

#include <stdlib.h>

int points_apart(void);

#endif
