// The buttons at the bedside: lines become edges with the kernel's timestamps, put on CLOCK_BOOTTIME.
#ifndef KARANI_DAEMON_LINUX_BUTTONS_H
#define KARANI_DAEMON_LINUX_BUTTONS_H

#include "daemon/core/gesture.h"
#include "daemon/settings/board.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buttons;

struct button_edge {
    enum button button;
    bool down;
    int64_t boot_ms; // CLOCK_BOOTTIME of the edge
};

// Takes the lines of the board's buttons. 0, or -errno and one plain sentence.
int buttons_open(struct buttons **buttons, const struct board *board, char *sentence, size_t sentence_size);

void buttons_close(struct buttons *buttons); // accepts NULL

// The file of a button, readable at an edge; -1 when the board does not have it.
int buttons_fd(const struct buttons *buttons, enum button button);

// The next edge of a button: 1, 0 when there is none, or -errno. boot_minus_monotonic_ns is CLOCK_BOOTTIME minus
// CLOCK_MONOTONIC, read now: the kernel stamps edges with the latter.
int buttons_next_edge(struct buttons *buttons, enum button button, int64_t boot_minus_monotonic_ns,
                      struct button_edge *edge);

// The level now. 0 or -errno.
int buttons_is_down(const struct buttons *buttons, enum button button, bool *down);

#endif
