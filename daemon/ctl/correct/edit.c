// karanictl edit: corrects what is said of a session.
#include "daemon/ctl/correct/correct.h"
#include "daemon/ctl/correct/said.h"

#include <stdio.h>
#include <stdlib.h>

static int run(const struct ctl *ctl) {
    struct correction correction;
    struct correction_result result;
    if (!ctl_said(ctl, CORRECTION_EDIT, &correction)) {
        return CTL_EXIT_USAGE;
    }
    correction.id = ctl->arguments[0];
    int exit_status = ctl_correct(ctl, &correction, NULL, &result);
    if (exit_status == EXIT_SUCCESS) {
        printf("%s: %s\n", result.verdict == CORRECTION_DONE ? "Corrected" : "It was so already", result.uuid);
    }
    return exit_status;
}

const struct command edit_command = {
    .name = "edit",
    .operands = "ID",
    .summary = "corrects what is said of a session",
    .options = ctl_said_options,
    .operands_min = 1,
    .operands_max = 1,
    .run = run,
};
