// The commands of karanictl: what each is given, and what they share.
#ifndef KARANI_DAEMON_CTL_COMMAND_H
#define KARANI_DAEMON_CTL_COMMAND_H

#include "daemon/ctl/options.h"
#include "daemon/diary/diary.h"
#include "daemon/settings/config.h"
#include "daemon/settings/paths.h"

#include <json-glib/json-glib.h>
#include <stdbool.h>
#include <stdint.h>

enum { CTL_EXIT_USAGE = 2 };

struct command;

// What a command works with. All of it is borrowed.
struct ctl {
    const struct command *command; // which it is; NULL: no matter
    const struct config *config;
    const struct paths *paths;
    const char *state_dir;
    const char *status_path; // the daemon's status.json; NULL: that daemon keeps another state than the one asked for
    int64_t now_utc_s;
    const struct option_given *given; // ends with one that has no name; NULL: none
    const char *const *arguments;     // behind the command's name; NULL beyond their end
};

// Returns the exit status: 0, or 1 or CTL_EXIT_USAGE with one sentence on standard error.
typedef int ctl_run(const struct ctl *ctl);

// A command, in the file of its name. The registry lists them.
struct command {
    const char *name;                 // one word or two
    const char *operands;             // as its usage has them; NULL: none
    const char *summary;              // what it is for, in one line
    const struct option_row *options; // NULL: none but those that every command takes
    int operands_min;
    int operands_max;
    bool without_settings; // `config`, `paths` and what rests on them are not needed
    ctl_run *run;
};

// Whether an option was given; its text, NULL when it was not; its number, or another when it was not. `option` is a
// name in the command's table.
bool ctl_has(const struct ctl *ctl, const char *option);
const char *ctl_text(const struct ctl *ctl, const char *option);
int64_t ctl_number(const struct ctl *ctl, const char *option, int64_t otherwise);

// One sentence on standard error, with the program's name in front. Returns the exit status for it; the second, that of
// wrong usage.
int ctl_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
int ctl_complain_of_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

// A complaint_listener: the same, with nothing to return.
void ctl_complain_of_config(void *context, const struct complaint *complaint);

// Opens the diary for reading; of a newer Karani's it is told that it is one. False when it cannot be read; that has
// been complained of.
bool ctl_open_diary(const struct ctl *ctl, struct diary **diary);

// The config's zone, else the system's, else UTC; what stands in for another is told. The caller unrefs it.
struct zone *ctl_zone(const struct ctl *ctl);

// The local wall clock, seconds from 1970-01-01 00:00 on it, in that zone: Karani's where its time is known, as the
// device has it, else the system's. `diary` is open for reading, or NULL.
int64_t ctl_local_s(const struct ctl *ctl, struct diary *diary);

// Prints what was built as one line.
void ctl_print_json(JsonBuilder *builder);

// Shorthands for members of an object.
void ctl_add_text(JsonBuilder *builder, const char *name, const char *text); // NULL: null
void ctl_add_number(JsonBuilder *builder, const char *name, int64_t number);

#endif
