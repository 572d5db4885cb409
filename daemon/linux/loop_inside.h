// What the parts of the loop share.
#ifndef KARANI_DAEMON_LINUX_LOOP_INSIDE_H
#define KARANI_DAEMON_LINUX_LOOP_INSIDE_H

#include "daemon/linux/loop.h"

#include <systemd/sd-event.h>

enum { LOOP_SIGNALS = 3 };

// A path, watched by way of the deepest of its directories that exists.
struct loop_path {
    struct loop *loop;
    sd_event_source *source;
    char path[LOOP_PATH_SIZE];
    char directory[LOOP_PATH_SIZE]; // the one that is watched
    char entry[LOOP_PATH_SIZE];     // what of it is waited for: the path's next part
};

struct loop {
    sd_event *event;
    sd_event_source *deadline;
    sd_event_source *watchdog; // NULL: systemd wants none
    uint64_t watchdog_usec;    // between two signs of life
    sd_event_source *clock;
    int clock_fd; // a timer on CLOCK_REALTIME that never ends but is cancelled by a step
    sd_event_source *signals[LOOP_SIGNALS];
    struct {
        sd_event_source *source;
        int fd;
    } files[LOOP_FILES_MAX]; // source NULL: free
    struct loop_path paths[LOOP_WATCHES_MAX];
    int path_count;
    bool woken;
    enum loop_cause cause;
};

// Ends the wait; of two causes the first is told. Returns 0, as sd-event wants it.
int loop_wake(struct loop *loop, enum loop_cause cause);

#endif
