// The interpreter of panel step scripts: runs until it must wait, says until when, and goes on when called again.
//
// Invariants, of the steps (verbs.c) too:
// 1. No call sends more than one message of a plane or a table, so none blocks longer than that.
// 2. Every wait has a deadline, reckoned from the call in which the wait began.
// 3. BUSY is read as a level, never believed as an edge: a stale or lost edge costs at most POLL_MS. Once it was seen
//    busy, it is believed to be idle only when it has said so for SETTLE_MS.
// 4. A job that fails while the glass may be driven ends only when that drive is over: who cleans up may reset at once.
#include "display/panel/panel.h"

#include "display/panel/inside.h"
#include "display/panel/job.h"
#include "display/panel/rows.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

// ---- the run ----

// Goes to the step behind the end of a table, if there is one.
static void panel_find_step(struct panel *panel) {
    while (panel->step && panel->step->verb == STEP_END) {
        panel->part++;
        panel->step = panel->part < SCRIPT_PARTS_MAX ? panel->script->parts[panel->part] : NULL;
    }
    panel->step_is_new = true;
    panel->busy_seen = false;
    panel->idle_since_ms = INT64_MAX;
}

static void panel_end(struct panel *panel, int64_t boot_ms) {
    if (boot_ms < panel->driven_until_ms) {
        panel->due_ms = panel->driven_until_ms;
        return;
    }
    panel->state = panel->fault == PANEL_FAULT_NONE ? PANEL_DONE : PANEL_FAILED;
    if (panel->state == PANEL_FAILED) {
        panel->last_fault = panel->fault;
    }
}

static enum panel_state panel_run(struct panel *panel, int64_t boot_ms) {
    while (panel->step) {
        if (panel->step_is_new) {
            panel->step_begun_ms = boot_ms;
        }
        const enum verdict verdict = panel_run_step(panel, boot_ms);
        panel->step_is_new = false;
        if (verdict == VERDICT_WAITS) {
            return PANEL_RUNNING;
        }
        if (verdict == VERDICT_FAULT && !panel->script->to_the_end) {
            panel->step = NULL;
            break;
        }
        panel->step++;
        panel_find_step(panel);
    }
    panel_end(panel, boot_ms);
    return panel->state;
}

static enum panel_state panel_begin(struct panel *panel, const struct script *script, int64_t boot_ms) {
    panel->script = script;
    panel->part = 0;
    panel->step = script->parts[0];
    panel_find_step(panel);
    panel->planes_begun = false;
    panel->driven_until_ms = INT64_MIN;
    panel->fault = PANEL_FAULT_NONE;
    panel->spi_bytes = 0;
    panel->state = PANEL_RUNNING;
    return panel_run(panel, boot_ms);
}

static bool panel_fits(const struct panel *panel, const struct frame *frame) {
    return frame && frame->width_px == panel->row->width_px && frame->height_px == panel->row->height_px;
}

// ---- the door ----

int panel_new(struct panel **panel, const struct panel_row *row, struct wire *wire) {
    assert(wire->max_message > 0);
    assert(row->row_bytes == (row->sources + 7) / 8);
    struct panel *made = calloc(1, sizeof *made);
    if (!made) {
        return -ENOMEM;
    }
    *made = (struct panel){.row = row, .wire = wire, .state = PANEL_DONE};
    const int error = frame_init(&made->ram, row->sources, row->gates);
    if (error != 0) {
        panel_free(made);
        return error;
    }
    *panel = made;
    return 0;
}

void panel_free(struct panel *panel) {
    if (!panel) {
        return;
    }
    frame_clear(&panel->ram);
    free(panel);
}

const struct panel_row *panel_row(const struct panel *panel) {
    return panel->row;
}

enum panel_state panel_start(struct panel *panel, enum panel_job job, const struct frame *shown,
                             const struct frame *wanted, int64_t boot_ms) {
    assert(panel->state != PANEL_RUNNING);
    assert(job != PANEL_JOB_PARTIAL || panel_fits(panel, shown));
    assert(job != PANEL_JOB_FAST || panel->row->fast_ms > 0);
    assert(job == PANEL_JOB_SLEEP || panel_fits(panel, wanted));
    panel->job = job;
    panel->shown = shown;
    panel->wanted = wanted;
    return panel_begin(panel, panel_job_script(job, panel->row->controller), boot_ms);
}

enum panel_state panel_step(struct panel *panel, int64_t boot_ms) {
    return panel->state == PANEL_RUNNING ? panel_run(panel, boot_ms) : panel->state;
}

int64_t panel_deadline(const struct panel *panel) {
    return panel->state == PANEL_RUNNING ? panel->due_ms : INT64_MAX;
}

bool panel_may_change(const struct panel *panel) {
    return panel->state == PANEL_RUNNING && !panel->planes_begun;
}

enum panel_fault panel_fault(const struct panel *panel) {
    return panel->last_fault;
}

int64_t panel_spi_bytes(const struct panel *panel) {
    return panel->spi_bytes;
}

enum panel_state panel_give_up(struct panel *panel, int64_t boot_ms) {
    assert(panel->state != PANEL_RUNNING);
    return panel_begin(panel, &panel->row->controller->give_up, boot_ms);
}
