// Walks through the pattern; nothing waits.
#include "daemon/host/cue.h"

void cue_play(struct cue *cue, int64_t boot_ms) {
    cue->next = 0;
    cue->plays = cue->count > 0;
    cue->due_ms = boot_ms;
}

// A part that is over is left by its own time, not by that of the call: lateness does not add up.
bool cue_step(struct cue *cue, int64_t boot_ms) {
    bool was = cue->on;
    while (cue->plays && boot_ms >= cue->due_ms) {
        cue->plays = cue->next < cue->count;
        cue->on = cue->plays && cue->next % 2 == 0;
        if (cue->plays) {
            cue->due_ms += cue->pattern_ms[cue->next++];
        }
    }
    return cue->on != was;
}

int64_t cue_deadline(const struct cue *cue) {
    return cue->plays ? cue->due_ms : INT64_MAX;
}
