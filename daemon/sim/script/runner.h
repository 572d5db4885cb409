// Runs a script in a world, line by line, and checks what it expects.
#ifndef KARANI_DAEMON_SIM_SCRIPT_RUNNER_H
#define KARANI_DAEMON_SIM_SCRIPT_RUNNER_H

#include "daemon/sim/script/script.h"
#include "daemon/sim/world.h"

#include <stdio.h>

struct runner_setup {
    const struct script *script;
    const char *name;    // of the script, for what is told
    struct world *world; // fresh
    const char *out_dir; // for snapshots; NULL: none are written
    FILE *complaints;
};

enum runner_result {
    RUNNER_DONE = 0,
    RUNNER_FAILED = 1,    // an expectation failed, or the world could not go on
    RUNNER_VIOLATION = 3, // the panel's controller saw a violation of its protocol: the run ended there
};

enum runner_result runner_run(const struct runner_setup *setup);

#endif
