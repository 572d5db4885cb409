// How a child ended, for tests that start programs. For the test programs only.
#ifndef KARANI_TESTS_SUPPORT_CHILD_H
#define KARANI_TESTS_SUPPORT_CHILD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

// Shows the whole of what a child said. (What cmocka prints ends after 1,023 characters.)
static inline void child_show(const char *said) {
    fflush(stdout);
    fputs(said, stderr);
}

// The exit status of a child with this wait status. One that was ended by a signal fails the test, and what it said,
// an assertion's message among it, is shown.
static inline int child_exit_status(int status, const char *said) {
    if (!WIFEXITED(status)) {
        child_show(said);
        fail_msg("ended by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
    }
    return WEXITSTATUS(status);
}

#endif
