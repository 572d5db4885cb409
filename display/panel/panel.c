// The interpreter of panel step scripts: runs until it must wait, says until when, and goes on when called again.
//
// Invariants:
// 1. No call sends more than one message of a plane or a table, so none blocks longer than that.
// 2. Every wait has a deadline, reckoned from the call in which the wait began.
// 3. BUSY is read as a level, never believed as an edge: a stale or lost edge costs at most POLL_MS. Once it was seen
//    busy, it is believed to be idle only when it has said so for SETTLE_MS.
// 4. A job that fails while the glass may be driven ends only when that drive is over: who cleans up may reset at once.
#include "display/panel/panel.h"

#include "display/panel/controller/controller.h"
#include "display/panel/job.h"
#include "display/panel/rows.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

enum {
    // Edges of BUSY wake the owner; this is for the one that got lost: deep sleep still comes well within 3 s.
    POLL_MS = 500,
    // A controller that wants to be asked may show its BUSY only then: as often as Waveshare's drivers ask.
    ASKING_POLL_MS = 100,
    // BUSY must have been low this long: a spike on the line does not end a refresh.
    SETTLE_MS = 5,
    // Between two looks for BUSY to rise.
    BEGUN_POLL_MS = 5,
};

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

static int64_t earlier(int64_t a_ms, int64_t b_ms) {
    return a_ms < b_ms ? a_ms : b_ms;
}

static enum verdict panel_fails(struct panel *panel, enum panel_fault fault) {
    if (panel->fault == PANEL_FAULT_NONE) {
        panel->fault = fault;
    }
    panel->supplied = false;
    return VERDICT_FAULT;
}

static enum verdict panel_waits(struct panel *panel, int64_t until_ms) {
    panel->due_ms = until_ms;
    return VERDICT_WAITS;
}

// boot_ms is cut off to whole milliseconds, so "at least ms" have passed only at the next one.
static int64_t step_end_ms(const struct panel *panel, int64_t ms) {
    return panel->step_begun_ms + ms + 1;
}

static int panel_send_command(struct panel *panel, uint8_t command) {
    const int error = panel->wire->ops->command(panel->wire, command);
    if (error == 0) {
        panel->spi_bytes += 1;
    }
    return error;
}

static int panel_send_data(struct panel *panel, const uint8_t *bytes, size_t count) {
    const int error = panel->wire->ops->data(panel->wire, bytes, count);
    if (error == 0) {
        panel->spi_bytes += (int64_t)count;
    }
    return error;
}

static int panel_read_busy(const struct panel *panel, bool *busy) {
    bool high;
    const int error = panel->wire->ops->busy(panel->wire, &high);
    if (error == 0) {
        *busy = high == panel->row->controller->busy_level;
    }
    return error;
}

// Not for who cannot know whether the chip sleeps: it must not hear a byte then.
static int panel_ask_busy(struct panel *panel, bool *busy) {
    const uint8_t question = panel->row->controller->poll_command;
    const int error = question ? panel_send_command(panel, question) : 0;
    return error ? error : panel_read_busy(panel, busy);
}

static int64_t panel_poll_ms(const struct panel *panel) {
    return panel->row->controller->poll_command ? ASKING_POLL_MS : POLL_MS;
}

// ---- the verbs: each is called until it has passed ----

typedef enum verdict verb_function(struct panel *panel, const struct step *step, int64_t boot_ms);

static enum verdict run_power(struct panel *panel, const struct step *step, int64_t boot_ms) {
    const int64_t end_ms = step_end_ms(panel, step->ms);
    if (panel->step_is_new) {
        if (panel->wire->ops->power(panel->wire, step->on) != 0) {
            return panel_fails(panel, PANEL_FAULT_WIRE);
        }
        panel->supplied = panel->supplied && step->on;
        if (step->ms == 0) {
            return VERDICT_PASSED;
        }
        // The caller may have drawn for long since boot_ms: RES# is timed from the next call on.
        return panel_waits(panel, panel->supplied ? boot_ms : end_ms);
    }
    if (!panel->supplied && boot_ms < end_ms) {
        return panel_waits(panel, end_ms);
    }
    panel->supplied = step->on;
    return VERDICT_PASSED;
}

// RES# is let go even if it could not be seized: an error may have come after the line had moved.
static enum verdict run_reset(struct panel *panel, const struct step *step, int64_t boot_ms) {
    (void)step;
    const int64_t end_ms = step_end_ms(panel, panel->row->reset_low_ms);
    if (panel->step_is_new && panel->wire->ops->reset(panel->wire, true) != 0) {
        panel_fails(panel, PANEL_FAULT_WIRE);
    }
    if (boot_ms < end_ms) {
        return panel_waits(panel, end_ms);
    }
    if (panel->wire->ops->reset(panel->wire, false) != 0) {
        panel_fails(panel, PANEL_FAULT_WIRE);
    }
    return panel->fault == PANEL_FAULT_NONE ? VERDICT_PASSED : VERDICT_FAULT;
}

static enum verdict run_release(struct panel *panel, const struct step *step, int64_t boot_ms) {
    (void)step;
    (void)boot_ms;
    return panel->wire->ops->reset(panel->wire, false) == 0 ? VERDICT_PASSED : panel_fails(panel, PANEL_FAULT_WIRE);
}

static enum verdict run_delay(struct panel *panel, const struct step *step, int64_t boot_ms) {
    const int64_t end_ms = step_end_ms(panel, step->ms);
    return boot_ms < end_ms ? panel_waits(panel, end_ms) : VERDICT_PASSED;
}

static enum verdict run_command(struct panel *panel, const struct step *step, int64_t boot_ms) {
    (void)boot_ms;
    uint8_t bytes[STEP_PARAMETERS_MAX];
    for (size_t i = 0; i < step->count; i++) {
        bytes[i] = step_parameter_byte(step->parameters[i], panel->row);
    }
    if (panel_send_command(panel, step->command) != 0) {
        return panel_fails(panel, PANEL_FAULT_WIRE);
    }
    if (step->count > 0 && panel_send_data(panel, bytes, step->count) != 0) {
        return panel_fails(panel, PANEL_FAULT_WIRE);
    }
    return VERDICT_PASSED;
}

// One message of the bytes that follow a command; to be called again at once until all are sent.
static enum verdict send_on(struct panel *panel, const uint8_t *bytes, size_t size, int64_t boot_ms) {
    if (panel->bytes_sent == size) {
        return VERDICT_PASSED;
    }
    const size_t left = size - panel->bytes_sent;
    const size_t count = left < panel->wire->max_message ? left : panel->wire->max_message;
    if (panel_send_data(panel, bytes + panel->bytes_sent, count) != 0) {
        return panel_fails(panel, PANEL_FAULT_WIRE);
    }
    panel->bytes_sent += count;
    return panel_waits(panel, boot_ms); // the message has taken its time
}

static enum verdict run_table(struct panel *panel, const struct step *step, int64_t boot_ms) {
    if (panel->step_is_new) {
        panel->bytes_sent = 0;
        if (panel_send_command(panel, step->command) != 0) {
            return panel_fails(panel, PANEL_FAULT_WIRE);
        }
    }
    return send_on(panel, step->table, step->table_bytes, boot_ms);
}

// The plane as the controller's RAM has it.
static void lay_out_plane(struct panel *panel, enum step_plane plane) {
    struct frame *ram = &panel->ram;
    panel->planes_begun = true;
    frame_turn(ram, plane == STEP_PLANE_SHOWN ? panel->shown : panel->wanted, panel->row->turn);
    for (int i = 0; plane == STEP_PLANE_WANTED_INVERTED && i < ram->stride_bytes * ram->height_px; i++) {
        ram->bits[i] ^= 0xFF;
    }
}

static enum verdict run_plane(struct panel *panel, const struct step *step, int64_t boot_ms) {
    if (panel->step_is_new) {
        lay_out_plane(panel, step->plane);
        panel->bytes_sent = 0;
        if (panel_send_command(panel, step->command) != 0) {
            return panel_fails(panel, PANEL_FAULT_WIRE);
        }
    }
    return send_on(panel, panel->ram.bits, (size_t)panel->ram.stride_bytes * (size_t)panel->ram.height_px, boot_ms);
}

// BUSY has been looked at: goes on when it has been idle long enough, waits for that until limit_ms.
static enum verdict wait_settled(struct panel *panel, bool busy, int64_t limit_ms, int64_t boot_ms) {
    if (busy) {
        panel->idle_since_ms = INT64_MAX;
        if (boot_ms >= limit_ms) {
            return panel_fails(panel, PANEL_FAULT_STUCK_BUSY);
        }
        return panel_waits(panel, earlier(boot_ms + panel_poll_ms(panel), limit_ms));
    }
    panel->idle_since_ms = earlier(panel->idle_since_ms, boot_ms);
    const int64_t settled_ms = panel->idle_since_ms + SETTLE_MS;
    return boot_ms < settled_ms ? panel_waits(panel, settled_ms) : VERDICT_PASSED;
}

// A delay came before it, so BUSY has had the time to rise: a line that is idle at the first look is believed.
static enum verdict run_ready(struct panel *panel, const struct step *step, int64_t boot_ms) {
    bool busy;
    if (panel_ask_busy(panel, &busy) != 0) {
        return panel_fails(panel, PANEL_FAULT_WIRE);
    }
    panel->busy_seen = panel->busy_seen || busy;
    return panel->busy_seen ? wait_settled(panel, busy, step_end_ms(panel, step->ms), boot_ms) : VERDICT_PASSED;
}

// A line that cannot be read may hide a refresh: it counts as busy here.
static enum verdict run_let_end(struct panel *panel, const struct step *step, int64_t boot_ms) {
    (void)step;
    const int64_t limit_ms = step_end_ms(panel, panel->row->full_ms * panel->row->cold_factor);
    bool busy;
    if (panel_read_busy(panel, &busy) == 0 && !busy) {
        return wait_settled(panel, busy, limit_ms, boot_ms);
    }
    panel->idle_since_ms = INT64_MAX;
    return boot_ms < limit_ms ? panel_waits(panel, earlier(boot_ms + POLL_MS, limit_ms)) : VERDICT_PASSED;
}

static enum verdict run_activate(struct panel *panel, const struct step *step, int64_t boot_ms) {
    // Until BUSY tells more: the typical time and half of it again. Even an error may have let the byte through.
    const int64_t typical_ms = panel_job_typical_ms(panel->job, panel->row);
    panel->driven_until_ms = boot_ms + typical_ms + typical_ms / 2;
    return run_command(panel, step, boot_ms);
}

static enum verdict run_begun(struct panel *panel, const struct step *step, int64_t boot_ms) {
    const int64_t limit_ms = step_end_ms(panel, step->ms);
    bool busy;
    if (panel_ask_busy(panel, &busy) != 0) {
        return panel_fails(panel, PANEL_FAULT_WIRE);
    }
    if (busy) {
        return VERDICT_PASSED;
    }
    if (boot_ms >= limit_ms) {
        return panel_fails(panel, PANEL_FAULT_NEVER_BUSY);
    }
    return panel_waits(panel, earlier(boot_ms + BEGUN_POLL_MS, limit_ms));
}

static enum verdict run_refreshed(struct panel *panel, const struct step *step, int64_t boot_ms) {
    (void)step;
    const int64_t limit_ms = step_end_ms(panel, panel_job_deadline_ms(panel->job, panel->row));
    bool busy;
    if (panel_ask_busy(panel, &busy) != 0) {
        return panel_fails(panel, PANEL_FAULT_WIRE);
    }
    const enum verdict verdict = wait_settled(panel, busy, limit_ms, boot_ms);
    if (verdict == VERDICT_PASSED) {
        panel->driven_until_ms = INT64_MIN;
    }
    return verdict;
}

static verb_function *const verbs[STEP_VERB_COUNT] = {
    [STEP_POWER] = run_power,       [STEP_RESET] = run_reset,     [STEP_RELEASE] = run_release,
    [STEP_DELAY] = run_delay,       [STEP_COMMAND] = run_command, [STEP_TABLE] = run_table,
    [STEP_PLANE] = run_plane,       [STEP_READY] = run_ready,     [STEP_LET_END] = run_let_end,
    [STEP_ACTIVATE] = run_activate, [STEP_BEGUN] = run_begun,     [STEP_REFRESHED] = run_refreshed,
};

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
        const enum verdict verdict = verbs[panel->step->verb](panel, panel->step, boot_ms);
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
