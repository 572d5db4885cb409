// Counts crashes of this boot in the runtime directory, so that a daemon that cannot live wears neither card nor glass.
#ifndef KARANI_DAEMON_HOST_CRASHES_H
#define KARANI_DAEMON_HOST_CRASHES_H

#include <stdint.h>

enum { CRASHES_WINDOW_MS = 10 * 60 * 1000, CRASHES_MAX = 3 };

// Notes that a daemon runs. If the last one never ended well, it crashed by now. Returns the crashes within the last
// ten minutes, at most CRASHES_MAX, or -errno when they cannot be counted.
int crashes_begin(const char *dir, int64_t boot_ms);

// Notes that it ended well.
void crashes_end(const char *dir);

#endif
