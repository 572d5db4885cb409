#include "tests/support/ctl/child.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

void child_show(const char *said) {
    fflush(stdout);
    fputs(said, stderr);
}

int child_exit_status(int status, const char *said) {
    if (!WIFEXITED(status)) {
        child_show(said);
        fail_msg("ended by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
    }
    return WEXITSTATUS(status);
}
