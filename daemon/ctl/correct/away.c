// karanictl away: marks nights away, or takes the marks off.
#include "daemon/ctl/correct/correct.h"

#include <stdio.h>
#include <stdlib.h>

static int run(const struct ctl *ctl) {
    struct correction correction = correction_of(CORRECTION_AWAY);
    struct correction_result result;
    correction.first = ctl->arguments[0];
    correction.last = ctl->arguments[1];
    correction.clear = ctl_has(ctl, "clear");
    int exit_status = ctl_correct(ctl, &correction, NULL, &result);
    if (exit_status == EXIT_SUCCESS) {
        printf("%zu night%s %s.\n", result.nights, result.nights == 1 ? "" : "s",
               correction.clear ? "no longer marked away" : "newly marked away");
    }
    return exit_status;
}

static const struct option_row OPTIONS[] = {
    {.name = "clear", .help = "Take the marks off."},
    {.name = NULL},
};

const struct command away_command = {
    .name = "away",
    .operands = "FIRST [LAST]",
    .summary = "marks nights away, or takes the marks off",
    .options = OPTIONS,
    .operands_min = 1,
    .operands_max = 2,
    .run = run,
};
