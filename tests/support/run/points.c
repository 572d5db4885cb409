#include "tests/support/run/points.h"

int points_apart(void) {
    const char *wanted = getenv("KARANI_POINTS_APART");
    const int apart = wanted != NULL ? atoi(wanted) : 1;
    return apart > 0 ? apart : 1;
}
