// The boots of a state directory: how many there were, and what each is called. The simulator's stand-in for
// /proc/sys/kernel/random/boot_id: repeatable, and never twice the same in one state directory.
#ifndef KARANI_DAEMON_SIM_BOOT_IDS_H
#define KARANI_DAEMON_SIM_BOOT_IDS_H

#include "daemon/core/record.h"

#include <stddef.h>
#include <stdint.h>

// Counts one boot in STATE/boots and derives its name from count and time (a UUID of version 5). 0 or -errno with one
// plain sentence.
int boot_ids_next(const char *state_dir, int64_t true_ms, char boot_id[UUID_SIZE], char *sentence,
                  size_t sentence_size);

#endif
