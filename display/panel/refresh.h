// The glass as the device wants it and as it is: which kind of refresh, when; the ghost budget; faults, retries
// and back-off. Drives a panel (display/panel/panel.h) and never blocks: every call returns at the next wait.
#ifndef KARANI_DISPLAY_PANEL_REFRESH_H
#define KARANI_DISPLAY_PANEL_REFRESH_H

#include "display/frame/frame.h"

#include <stdbool.h>
#include <stdint.h>

struct panel;
struct refresh;

enum refresh_kind { REFRESH_NONE, REFRESH_PARTIAL, REFRESH_FULL };

enum refresh_event_kind {
    REFRESH_EVENT_BEGUN, // a refresh has started on the glass
    REFRESH_EVENT_ENDED, // it has ended and the panel is asleep
    REFRESH_EVENT_FAULT, // it failed; a retry follows, or the panel is given up until the back-off ends
    REFRESH_EVENT_QUIET, // nothing is running and nothing is wanted any more (or the panel is given up for now)
};

struct refresh_event {
    enum refresh_event_kind kind;
    enum refresh_kind refresh; // BEGUN, ENDED, FAULT
    int64_t duration_ms;       // ENDED, FAULT: since it began
    int64_t spi_bytes;         // ENDED: bytes sent, commands and data
    struct frame_area area;    // ENDED: the pixels that changed
    const char *fault;         // FAULT: a static plain sentence
    bool given_up;             // FAULT: no retry now; the back-off runs (1 min, 10 min, 1 h, then daily)
};

typedef void refresh_listener(void *context, const struct refresh_event *event);

// Policy (karani(7), THE GLASS; the 15 can be changed by [glass] partials_per_full).
enum {
    REFRESH_PARTIALS_PER_FULL = 15,
    REFRESH_FULL_INTERVAL_MS = 24 * 60 * 60 * 1000,
};

// Takes ownership of the panel (on failure it stays the caller's). The listener is called from refresh_want,
// refresh_step and refresh_stop only; from within an event it may call refresh_want. `boot_ms` is CLOCK_BOOTTIME.
// Begins with the sleep sequence: the first act after boot. 0 or -ENOMEM.
int refresh_new(struct refresh **refresh, struct panel *panel, int partials_per_full, refresh_listener *listener,
                void *context, int64_t boot_ms);

void refresh_free(struct refresh *refresh);

// The glass shall show `frame` (copied; the size of the glass as the reader sees it). `full` demands that a change of
// the glass is a full refresh. Starts at once when the panel is free; while a refresh runs, the last frame wanted is
// kept and shown when it ends, unless the running one brings it: the same frame, or another one before any of the
// picture was sent (`full` only in a full refresh). Returns the kind with which this frame is, was or will be begun.
// The first line that applies decides:
// - what the glass shows is unknown, or no full refresh came for 24 h: REFRESH_FULL;
// - the glass shows the frame already: REFRESH_NONE, `full` or not;
// - `full`, or the partial refreshes are used up: REFRESH_FULL; else REFRESH_PARTIAL.
// REFRESH_NONE also while the panel is given up; it is tried again, in full and with the newest frame, when its
// back-off ends. Only the newest call counts: `full` of an overtaken one is forgotten.
enum refresh_kind refresh_want(struct refresh *refresh, const struct frame *frame, bool full, int64_t boot_ms);

// Time has passed, or the BUSY line has changed: goes on where it waits. Calling it too early does no harm.
void refresh_step(struct refresh *refresh, int64_t boot_ms);

// When refresh_step must be called at the latest; INT64_MAX when nothing is due (the 24 h rule is a deadline too).
int64_t refresh_deadline(const struct refresh *refresh);

bool refresh_is_busy(const struct refresh *refresh);

// Whether the newest frame waits for a refresh of its own: the running one brings another.
bool refresh_is_pending(const struct refresh *refresh);

// When a full refresh is due because none came for 24 h: true once boot_ms has passed it. The owner then
// draws the idle page again with full = true.
bool refresh_full_is_due(const struct refresh *refresh, int64_t boot_ms);

// The frame the glass is believed to show; NULL while unknown (after boot, after a fault).
const struct frame *refresh_shown(const struct refresh *refresh);

// SIGTERM: wants nothing more; lets a running refresh end and puts the panel to sleep (no retry if it fails). Busy
// until done; QUIET tells when.
void refresh_stop(struct refresh *refresh, int64_t boot_ms);

#endif
