// Time limits that a busy machine does not run into. For the test programs only.
#ifndef KARANI_TESTS_SUPPORT_LIMIT_H
#define KARANI_TESTS_SUPPORT_LIMIT_H

#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

enum { LIMIT_WALL_TIMES = 10, LIMIT_WALL_LEAST_S = 600 };

// Ends this process, or what it becomes by exec, when it has used so many seconds of the processor, four times as many
// under an emulator (SIGXCPU); one that waits, ten times as long and ten minutes at least by the clock (SIGALRM). A
// limit that is set already, that of tests/run, is never raised.
static inline void limit_processor_s(unsigned limit_s) {
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

#endif
