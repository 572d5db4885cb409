// The device at the bedside: the hands with a real panel, real buttons and the system's clocks, under the loop.
#ifndef KARANI_DAEMON_HOST_HOST_H
#define KARANI_DAEMON_HOST_HOST_H

#include "daemon/settings/paths.h"
#include "daemon/settings/setup.h"

#include <stdbool.h>

struct loop;

enum { BEDSIDE_SENTENCE_SIZE = 320 };

// A set-up as it was read, with what was wrong in it.
struct bedside_load {
    struct setup *setup; // NULL: not even the defaults hold
    bool config_trouble;
    bool routine_trouble;
    char trouble[BEDSIDE_SENTENCE_SIZE]; // the first complaint; "" when there is none
    const struct places *places;         // while it is read
};

// Reads settings, board and routine; what is wrong is logged. `named`: the file must exist. 0 when nothing was wrong;
// -EINVAL when something was (load->setup stands all the same); another -errno without a set-up.
int bedside_load(struct bedside_load *load, const char *config_path, bool named, const struct places *places);
void bedside_unload(struct bedside_load *load);

struct bedside_setup {
    const struct bedside_load *load;
    struct loop *loop;
    const char *state_dir;
    const char *run_dir;
    const char *place_trouble; // why nothing in the state directory outlives the power, or NULL
    // SIGHUP: reads the settings anew. True when they are good and shall take the place of these.
    bool (*reload)(void *context);
    void *context;
};

enum bedside_end {
    BEDSIDE_STOPPED,  // asked to; the panel sleeps
    BEDSIDE_RELOADED, // the new settings are to be put in force; the panel sleeps
    BEDSIDE_FAILED,   // could not begin, or the loop broke; it was logged
};

enum bedside_end bedside_run(const struct bedside_setup *setup);

// After too many crashes: one still page, nothing read or written but the runtime directory, until it is asked to stop
// or an hour has passed.
enum bedside_end bedside_run_safe(const struct bedside_setup *setup);

#endif
