// The commands that there are: one row each. A command is a file of its own and a row here.
#ifndef KARANI_DAEMON_CTL_REGISTRY_H
#define KARANI_DAEMON_CTL_REGISTRY_H

#include "daemon/ctl/command.h"

// In the order of the help.
// clang-format off
#define REGISTRY_COMMANDS(row) \
    row(status)                \
    row(summary)               \
    row(history)               \
    row(export)                \
    row(import)                \
    row(add)                   \
    row(edit)                  \
    row(delete)                \
    row(away)                  \
    row(clock)                 \
    row(clock_set)             \
    row(log)                   \
    row(boards)                \
    row(panels)                \
    row(panel_test)            \
    row(buttons_test)          \
    row(backup)                \
    row(doctor)                \
    row(help)
// clang-format on

#define REGISTRY_DECLARE(name) extern const struct command name##_command;
REGISTRY_COMMANDS(REGISTRY_DECLARE)
#undef REGISTRY_DECLARE

// Ends with NULL.
extern const struct command *const registry_commands[];

// The options that every command takes.
extern const struct option_row registry_options[];

// The command that these words begin with, the one of more words where there are two, and how many words are its name.
// NULL: there is none. `words` ends with NULL.
const struct command *registry_find(const char *const *words, int *used);

#endif
