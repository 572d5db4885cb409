// A panel's driver in motion: what the interpreter (panel.c) and the steps that it runs (verbs.c) share.
#ifndef KARANI_DISPLAY_PANEL_INSIDE_H
#define KARANI_DISPLAY_PANEL_INSIDE_H

#include "display/panel/controller/controller.h"
#include "display/panel/panel.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum verdict { VERDICT_PASSED, VERDICT_WAITS, VERDICT_FAULT };

struct panel {
    const struct panel_row *row;
    struct wire *wire;
    struct frame ram; // the plane being sent, as the controller's RAM has it
    const struct frame *shown;
    const struct frame *wanted;
    enum panel_job job;
    const struct script *script;
    size_t part;
    const struct step *step; // NULL behind the last one
    bool step_is_new;
    int64_t step_begun_ms;
    int64_t idle_since_ms;   // BUSY has been seen idle since; INT64_MAX when it was last seen busy
    bool busy_seen;          // in this step
    bool supplied;           // the supply is known to be on, long enough: no fault has come since
    size_t bytes_sent;       // of the running step's plane or table
    bool planes_begun;       // in this job
    int64_t driven_until_ms; // the glass may be driven until then, as far as is known
    int64_t due_ms;
    enum panel_state state;
    enum panel_fault fault;      // of the running job
    enum panel_fault last_fault; // of the last job that failed
    int64_t spi_bytes;
};

// Runs the step that is on, or goes on with it: it is called until it has passed. After a fault panel->fault says
// which.
enum verdict panel_run_step(struct panel *panel, int64_t boot_ms);

#endif
