// The interpreter of panel step scripts. A controller is a small set of const step scripts (display/controller/),
// a panel is a row (display/panel/rows.c); this runs them over a wire, returns at every wait, never blocks, and
// every wait has a deadline.
#ifndef KARANI_DISPLAY_PANEL_PANEL_H
#define KARANI_DISPLAY_PANEL_PANEL_H

#include "display/frame/frame.h"
#include "display/wire/wire.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct panel_row; // display/panel/rows.h: geometry, bonding, timings, speed, scripts
struct panel;

enum panel_job {
    // Whatever state it is in: lets a running refresh end (at most the row's full time and its cold factor: BUSY is
    // high in deep sleep too), then reset and deep sleep. Every step is tried, whatever fails before it.
    PANEL_JOB_SLEEP,
    PANEL_JOB_FULL,    // reset, both planes, full refresh, deep sleep
    PANEL_JOB_FAST,    // the same with a shorter waveform that ghosts more; only of a row that has fast_ms
    PANEL_JOB_PARTIAL, // reset, old and new plane, differential refresh, deep sleep
};

enum panel_state { PANEL_RUNNING, PANEL_DONE, PANEL_FAILED };

// Why a job failed.
enum panel_fault {
    PANEL_FAULT_NONE,
    PANEL_FAULT_NEVER_BUSY, // BUSY was not seen within 50 ms of the activation: panel absent, or asleep
    PANEL_FAULT_STUCK_BUSY, // BUSY did not fall before the deadline
    PANEL_FAULT_WIRE,       // the bus or a line refused
};

const char *panel_fault_sentence(enum panel_fault fault); // static, plain

// 0 or -ENOMEM. Row and wire outlive the panel.
int panel_new(struct panel **panel, const struct panel_row *row, struct wire *wire);
void panel_free(struct panel *panel);
const struct panel_row *panel_row(const struct panel *panel);

// Starts a job. `shown` is what the glass shows (needed for PARTIAL, else may be NULL), `wanted` what it shall
// show; both in the row's own orientation as the reader sees it (width_px × height_px); they must stay until the
// job has ended. Only when no job runs.
enum panel_state panel_start(struct panel *panel, enum panel_job job, const struct frame *shown,
                             const struct frame *wanted, int64_t boot_ms);

// Goes on where it waits. A plane is sent one message a call, with a deadline that has come already. A job that fails
// while the glass may be driven ends only after the time of that drive, so that the next job may reset at once.
enum panel_state panel_step(struct panel *panel, int64_t boot_ms);

int64_t panel_deadline(const struct panel *panel); // INT64_MAX when no job runs

// Whether `wanted` may still be changed under the job that runs: no plane was begun yet.
bool panel_may_change(const struct panel *panel);

enum panel_fault panel_fault(const struct panel *panel); // of the last job that failed
int64_t panel_spi_bytes(const struct panel *panel);      // of the last or running job

// After a failed job: RES# pulse, sleep sequence, and 2 s later the power line off; the next job switches it on
// again. Bounded like any job; goes on with panel_step.
enum panel_state panel_give_up(struct panel *panel, int64_t boot_ms);

#endif
