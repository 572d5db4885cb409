// The help of karanictl, from the tables of its commands and options.
#ifndef KARANI_DAEMON_CTL_HELP_H
#define KARANI_DAEMON_CTL_HELP_H

#include "daemon/ctl/command.h"

// What there is.
void help_print(void);

// How one command is used, and its options.
void help_print_command(const struct command *command);

#endif
