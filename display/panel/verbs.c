// The steps of a panel's scripts, each in calls that send one message at most.
#include "display/panel/inside.h"

#include "display/panel/job.h"
#include "display/panel/rows.h"

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

enum verdict panel_run_step(struct panel *panel, int64_t boot_ms) {
    return verbs[panel->step->verb](panel, panel->step, boot_ms);
}
