// The cue: an LED or a vibration motor that marks zero, by a pattern of milliseconds on, off, on …
#ifndef KARANI_DAEMON_HOST_CUE_H
#define KARANI_DAEMON_HOST_CUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The pattern is borrowed.
struct cue {
    const int *pattern_ms;
    size_t count;
    size_t next;    // the part that comes after the running one
    bool plays;     // a part runs
    bool on;        // the output now
    int64_t due_ms; // when the running part ends, on CLOCK_BOOTTIME
};

// From its beginning.
void cue_play(struct cue *cue, int64_t boot_ms);

// Time has passed. True when the output is to be set to cue->on.
bool cue_step(struct cue *cue, int64_t boot_ms);

int64_t cue_deadline(const struct cue *cue); // INT64_MAX while it does not play

#endif
