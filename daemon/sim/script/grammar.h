// One line of the simulator's script language: its words against the forms that a command can have.
#ifndef KARANI_DAEMON_SIM_SCRIPT_GRAMMAR_H
#define KARANI_DAEMON_SIM_SCRIPT_GRAMMAR_H

#include "daemon/sim/script/script.h"

#include <stdbool.h>
#include <stddef.h>

// A form of a command: words in small letters stand for themselves, those in capitals for a value.
struct grammar_form {
    const char *pattern;
    enum script_command command;
    int value;          // the step's yes, disk or kind, or its time in milliseconds
    bool without_power; // allowed while the power is off
};

// Reads one line, which is cut into words where it stands; times are of `zone`. 1 with *step (but its line) and
// *form; 0 for a line without a command; -EINVAL with `complaint` as "expected …, got …".
int grammar_read_line(char *line, const struct zone *zone, struct script_step *step, const struct grammar_form **form,
                      char *complaint, size_t complaint_size);

// Frees what a step owns.
void grammar_clear_step(struct script_step *step);

#endif
