// karanictl add: a session that Karani has not seen.
#include "daemon/ctl/correct/correct.h"
#include "daemon/ctl/correct/said.h"

#include <stdio.h>
#include <stdlib.h>

static int run(const struct ctl *ctl) {
    struct correction correction;
    struct correction_result result;
    if (!ctl_said(ctl, CORRECTION_ADD, &correction)) {
        return CTL_EXIT_USAGE;
    }
    if (correction.held_s < 0 || (correction.night == NULL && correction.started == NULL)) {
        return ctl_complain_of_usage("add needs --night or --started, and --minutes or --held.");
    }
    int exit_status = ctl_correct(ctl, &correction, NULL, &result);
    if (exit_status == EXIT_SUCCESS) {
        printf("Added: %s\n", result.uuid);
    }
    return exit_status;
}

const struct command add_command = {
    .name = "add",
    .summary = "adds a session that Karani has not seen, by its night or start and how long it was held",
    .options = ctl_said_options,
    .run = run,
};
