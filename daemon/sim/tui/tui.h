// The interactive simulator: an evening at a terminal, in real time or faster.
#ifndef KARANI_DAEMON_SIM_TUI_TUI_H
#define KARANI_DAEMON_SIM_TUI_TUI_H

#include "daemon/sim/world.h"

#include <stddef.h>

// Runs until `q`, a signal, or the end of the terminal. Snapshots go into `out_dir`. 0; -ENOTTY without a terminal;
// -EPROTO (world_violation); another -errno. `sentence` has one plain sentence for each but -EPROTO.
int tui_run(struct world *world, const char *out_dir, char *sentence, size_t sentence_size);

#endif
