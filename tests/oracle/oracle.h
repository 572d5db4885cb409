// Runs a model in Python as a test: the script asks this very program (started again with "--answer") and compares
// its answers with its own. For the test programs only.
#ifndef KARANI_TESTS_ORACLE_ORACLE_H
#define KARANI_TESTS_ORACLE_ORACLE_H

#include "tests/support/ctl/emulator.h"
#include "tests/support/run/limit.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    ORACLE_LACKING = 77,   // the script's word for "what I need is not installed"; it has said what
    ORACLE_NO_PYTHON = 127 // execvp failed
};

// Fails the test if the script finds a difference or takes longer than limit_s of the processor; skips it without
// Python. `option` goes to the script, NULL: none.
static inline void oracle_run(const char *script, const char *option, unsigned limit_s) {
    char self[4096];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    assert_true(length > 0);
    self[length] = '\0';
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        limit_processor_s(limit_s); // survives exec and ends the script; what it started ends with its input
        execlp("python3", "python3", script, self, option, (char *)NULL);
        _exit(ORACLE_NO_PYTHON);
    }
    int status = 0;
    while (waitpid(child, &status, 0) < 0) {
        assert_int_equal(errno, EINTR);
    }
    if (WIFSIGNALED(status)) {
        fail_msg("%s was ended by signal %d (%s), with a limit of %u s of the processor", script, WTERMSIG(status),
                 strsignal(WTERMSIG(status)), limit_s);
    }
    if (WEXITSTATUS(status) == ORACLE_NO_PYTHON) {
        print_message("skipped: there is no python3 to run %s\n", script);
        skip();
    }
    if (WEXITSTATUS(status) == ORACLE_LACKING) {
        skip();
    }
    assert_int_equal(WEXITSTATUS(status), 0);
}

#endif
