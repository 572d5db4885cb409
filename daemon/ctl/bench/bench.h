// What the tests of the hardware share: the set-up, and having the device to themselves.
#ifndef KARANI_DAEMON_CTL_BENCH_BENCH_H
#define KARANI_DAEMON_CTL_BENCH_BENCH_H

#include "daemon/ctl/command.h"
#include "daemon/settings/setup.h"

#include <stdbool.h>

#define BENCH_ROW_TAKE_OVER                                                                                            \
    { .name = "take-over", .help = "Stop karani.service for the test, and start it again." }

struct ctl_bench {
    struct setup *setup;
    int lock;     // −1: there is no daemon that would share it
    bool stopped; // the daemon was running, and is to be started again
};

// Reads the set-up and takes the device: from the running daemon only if that was asked for (--take-over). False when
// it cannot be had; that has been complained of. From then on SIGINT and SIGTERM wait: ctl_bench_is_interrupted.
bool ctl_bench_begin(struct ctl_bench *bench, const struct ctl *ctl);

bool ctl_bench_is_interrupted(void);

// Gives it back; a daemon that was stopped is started again. Returns the exit status that is left of `exit_status`.
int ctl_bench_end(struct ctl_bench *bench, int exit_status);

#endif
