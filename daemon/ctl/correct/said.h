// What the options of add and edit say of a session.
#ifndef KARANI_DAEMON_CTL_CORRECT_SAID_H
#define KARANI_DAEMON_CTL_CORRECT_SAID_H

#include "daemon/control/correction.h"
#include "daemon/ctl/command.h"

extern const struct option_row ctl_said_options[];

// As a correction of that kind; the texts are borrowed from `ctl`. False when two of them say the same thing; that has
// been complained of.
bool ctl_said(const struct ctl *ctl, enum correction_kind kind, struct correction *correction);

#endif
