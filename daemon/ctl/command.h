// The commands of karanictl: what each is given, and what they share.
#ifndef KARANI_DAEMON_CTL_COMMAND_H
#define KARANI_DAEMON_CTL_COMMAND_H

#include "daemon/diary/diary.h"
#include "daemon/settings/config.h"
#include "daemon/settings/paths.h"

#include <json-glib/json-glib.h>
#include <stdbool.h>
#include <stdint.h>

enum ctl_format { CTL_FORMAT_NONE, CTL_FORMAT_CSV, CTL_FORMAT_JSONL };

// Which options a command takes, besides --config and --state.
enum ctl_takes {
    CTL_TAKES_JSON = 1 << 0,
    CTL_TAKES_LAST = 1 << 1,
    CTL_TAKES_FORMAT = 1 << 2,
    CTL_TAKES_TONIGHT = 1 << 3,
    CTL_TAKES_TAKE_OVER = 1 << 4,
    CTL_TAKES_SECONDS = 1 << 5,
    CTL_TAKES_CLEAR = 1 << 6,
    CTL_TAKES_NIGHT = 1 << 7,
    CTL_TAKES_STARTED = 1 << 8,
    CTL_TAKES_MINUTES = 1 << 9,
    CTL_TAKES_HELD = 1 << 10,
    CTL_TAKES_PLANNED = 1 << 11,
    CTL_TAKES_OUTCOME = 1 << 12,
    CTL_TAKES_VARIANT = 1 << 13,
    CTL_TAKES_ROUTINE = 1 << 14,
    CTL_TAKES_NOTE = 1 << 15,
    CTL_TAKES_SESSION = CTL_TAKES_NIGHT | CTL_TAKES_STARTED | CTL_TAKES_MINUTES | CTL_TAKES_HELD | CTL_TAKES_PLANNED |
                        CTL_TAKES_OUTCOME | CTL_TAKES_VARIANT | CTL_TAKES_ROUTINE | CTL_TAKES_NOTE,
};

enum { CTL_EXIT_USAGE = 2 };

// What a command works with. All of it is borrowed.
struct ctl {
    const struct config *config;
    const struct paths *paths;
    const char *state_dir;
    const char *status_path; // the daemon's status.json; NULL: that daemon keeps another state than the one asked for
    int64_t now_utc_s;
    bool json;
    int64_t last;           // 0: all
    int32_t tonight;        // NIGHT_NONE: the night that is running
    enum ctl_format format; // CTL_FORMAT_NONE: not said
    bool take_over;         // from the daemon
    int64_t seconds;        // 0: until it is interrupted
    // Of a session, as they were written; NULL: not said.
    const char *night;
    const char *started;
    const char *outcome;
    const char *variant;
    const char *routine;
    const char *note;
    int64_t minutes; // 0: not said
    int64_t held_s;  // −1: not said
    int64_t planned_s;
    bool clear;                   // of away marks
    const char *const *arguments; // behind the command's name; NULL beyond their end
};

// Returns the exit status: 0, or 1 or CTL_EXIT_USAGE with one sentence on standard error.
typedef int ctl_run(const struct ctl *ctl);

struct ctl_command {
    const char *name;
    const char *synopsis; // its arguments and options, for the help
    const char *purpose;  // one line for the help
    unsigned takes;       // bits of enum ctl_takes
    int arguments_min;
    int arguments_max;
    ctl_run *run;
};

extern const struct ctl_command ctl_status;
extern const struct ctl_command ctl_summary;
extern const struct ctl_command ctl_history;
extern const struct ctl_command ctl_export;
extern const struct ctl_command ctl_import;
extern const struct ctl_command ctl_add;
extern const struct ctl_command ctl_edit;
extern const struct ctl_command ctl_delete;
extern const struct ctl_command ctl_away;
extern const struct ctl_command ctl_clock;
extern const struct ctl_command ctl_clock_set;
extern const struct ctl_command ctl_log;
extern const struct ctl_command ctl_boards;
extern const struct ctl_command ctl_panels;
extern const struct ctl_command ctl_panel_test;
extern const struct ctl_command ctl_buttons_test;
extern const struct ctl_command ctl_backup;
extern const struct ctl_command ctl_doctor;

// One sentence on standard error, with the program's name in front. Returns the exit status for it.
int ctl_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

// A config_complaint: the same, with nothing to return.
void ctl_complain_of_config(void *context, const char *sentence);

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
