// The device at the bedside: the runtime with a real panel, real buttons and the system's clocks, under the loop.
#ifndef KARANI_DAEMON_HOST_HOST_H
#define KARANI_DAEMON_HOST_HOST_H

#include "daemon/settings/paths.h"
#include "daemon/settings/setup.h"

#include <stdbool.h>

struct loop;

enum { HOST_SENTENCE_SIZE = 320 };

// A set-up as it was read, with what was wrong in it.
struct host_load {
    struct setup *setup; // NULL: not even the defaults hold
    struct complaint_first config_trouble, routine_trouble;
    char trouble[HOST_SENTENCE_SIZE]; // the first complaint; "" when there is none
};

// Reads settings, board and routine; what is wrong is logged. `named`: the file must exist. 0 when nothing was wrong;
// -EINVAL when something was (load->setup stands all the same); another -errno without a set-up.
int host_load(struct host_load *load, const char *config_path, bool named, const struct paths *paths);
void host_unload(struct host_load *load);

struct host_setup {
    const struct host_load *load;
    struct loop *loop;
    const char *state_dir;
    const char *run_dir;
    const char *place_trouble; // why nothing in the state directory outlives the power, or NULL
    // SIGHUP: reads the settings anew. True when they are good and shall take the place of these.
    bool (*reload)(void *context);
    void *context;
};

enum host_end {
    HOST_STOPPED,  // asked to; the panel sleeps
    HOST_RELOADED, // the new settings are to be put in force; the panel sleeps
    HOST_FAILED,   // could not begin, or the loop broke; it was logged
};

enum host_end host_run(const struct host_setup *setup);

// After too many crashes: one still page, nothing read or written but the runtime directory, until it is asked to stop
// or an hour has passed.
enum host_end host_run_safe(const struct host_setup *setup);

#endif
