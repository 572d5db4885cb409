// Corrections from the command line: by the daemon that has the diary, else by karanictl itself.
#ifndef KARANI_DAEMON_CTL_CORRECT_CORRECT_H
#define KARANI_DAEMON_CTL_CORRECT_CORRECT_H

#include "daemon/control/correction.h"
#include "daemon/ctl/command.h"

// Karani's clock as a daemon that is started now would have it. `zone` is borrowed; NULL where only its
// quality is asked for.
struct karani_clock ctl_clock_begin(struct diary *diary, const struct zone *zone);

// Carries it out. The exit status: 0 with the result; else what went wrong has been complained of. `path` is the file
// that a bad row is in, or NULL.
int ctl_correct(const struct ctl *ctl, const struct correction *correction, const char *path,
                struct correction_result *result);

#endif
