// karanictl delete: takes a session out.
#include "daemon/ctl/correct/correct.h"

#include <stdio.h>
#include <stdlib.h>

static int run(const struct ctl *ctl) {
    struct correction correction = correction_of(CORRECTION_DELETE);
    struct correction_result result;
    correction.id = ctl->arguments[0];
    int exit_status = ctl_correct(ctl, &correction, NULL, &result);
    if (exit_status == EXIT_SUCCESS) {
        printf("Taken out: %s\n", result.uuid);
    }
    return exit_status;
}

const struct command delete_command = {
    .name = "delete",
    .operands = "ID",
    .summary = "takes a session out; the diary's changes keep it",
    .operands_min = 1,
    .operands_max = 1,
    .run = run,
};
