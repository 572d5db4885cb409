// The trace of a simulated run: one JSON object a line, fields in a fixed order, so that two runs can be compared byte
// for byte.
#ifndef KARANI_DAEMON_SIM_TRACE_H
#define KARANI_DAEMON_SIM_TRACE_H

#include "daemon/runtime/runtime.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct trace {
    FILE *file; // borrowed; NULL: nothing is written
};

// One line being written: begun with time and event, fields appended, ended.
void trace_begin(const struct trace *trace, int64_t true_ms, int64_t boot_ms, const char *event);
void trace_text(const struct trace *trace, const char *key, const char *value); // NULL becomes null
void trace_number(const struct trace *trace, const char *key, int64_t value);
void trace_yes(const struct trace *trace, const char *key, bool value);
void trace_end(const struct trace *trace);

// What the runtime did, as one line.
void trace_runtime(const struct trace *trace, int64_t true_ms, int64_t boot_ms, const struct runtime_event *event);

const char *trace_refresh_name(enum refresh_kind kind); // "none", "partial", "full"

#endif
