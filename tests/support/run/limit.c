#include "tests/support/run/limit.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

enum { LIMIT_WALL_TIMES = 10, LIMIT_WALL_LEAST_S = 600 };

void limit_processor_s(unsigned limit_s) {
    struct rlimit limit;

    if (getenv("KARANI_EMULATOR")) {
        limit_s *= 4;
    }
    if (getrlimit(RLIMIT_CPU, &limit) == 0 && limit.rlim_cur > limit_s) {
        limit.rlim_cur = limit_s;
        (void)setrlimit(RLIMIT_CPU, &limit);
    }
    alarm(limit_s * LIMIT_WALL_TIMES > LIMIT_WALL_LEAST_S ? limit_s * LIMIT_WALL_TIMES : LIMIT_WALL_LEAST_S);
}
