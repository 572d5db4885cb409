// The policy of the glass: which kind of refresh and when, the ghost budget, one retry, and the back-off of a
// panel that is given up.
//
// Invariants:
// 1. `wanted` holds the newest frame that was wanted; it is still to be shown while `pending`.
// 2. `coming` belongs to the running refresh alone, `shown` is what the glass holds while `shown_known`.
// 3. What the glass shows is unknown after boot and after a fault; then the next refresh is a full one.
// 4. While `stopping`, nothing is pending.
// 5. The listener may want the next frame from within an event: all state is settled before it is told.
#include "display/panel/refresh.h"

#include "display/panel/panel.h"
#include "display/panel/rows.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

enum {
    MINUTE_MS = 60 * 1000,
    TEN_MINUTES_MS = 10 * MINUTE_MS,
    HOUR_MS = 60 * MINUTE_MS,
    DAY_MS = 24 * HOUR_MS,
};

// How long a panel is left alone, without power where the board can cut it; the last rung repeats.
static const int64_t back_off_ms[] = {MINUTE_MS, TEN_MINUTES_MS, HOUR_MS, DAY_MS};
enum { BACK_OFF_RUNGS = sizeof back_off_ms / sizeof back_off_ms[0] };

enum refresh_state {
    STATE_WAKING,      // the first act after boot: the sleep sequence
    STATE_ASLEEP,      // nothing runs, the panel sleeps
    STATE_REFRESHING,  // towards `coming`
    STATE_GIVING_UP,   // the panel is reset, put to sleep and switched off
    STATE_BACKING_OFF, // the panel is left alone until back_off_until_ms
};

struct refresh {
    struct panel *panel;
    int partials_per_full;
    refresh_listener *listener;
    void *context;

    enum refresh_state state;
    bool stopping;

    struct frame wanted;
    bool pending;
    bool pending_full;

    struct frame shown;
    bool shown_known;
    int partials;       // since the last full refresh
    int64_t full_ms;    // when the last full refresh began
    bool full_due_told; // its 24 h have passed, and the owner was called for it

    struct frame coming;
    enum refresh_kind running;
    int64_t begun_ms;

    bool retried;     // the running refresh is the second attempt
    size_t back_rung; // of the next back-off
    int64_t back_off_until_ms;
};

static void refresh_rest(struct refresh *refresh, int64_t boot_ms);
static void refresh_follow(struct refresh *refresh, enum panel_state state, int64_t boot_ms);

static void refresh_tell(const struct refresh *refresh, struct refresh_event event) {
    refresh->listener(refresh->context, &event);
}

static int64_t refresh_full_due_ms(const struct refresh *refresh) {
    return refresh->full_ms + REFRESH_FULL_INTERVAL_MS;
}

// ---- which kind ----

// The kind with which `wanted` is to be shown once the running refresh, if any, has ended well. Flashing through black
// and white wakes who sleeps beside it: what the glass holds already is drawn again only when its 24 h have passed.
static enum refresh_kind refresh_next_kind(const struct refresh *refresh, bool full, int64_t boot_ms) {
    const bool runs = refresh->state == STATE_REFRESHING;
    const bool full_runs = runs && refresh->running == REFRESH_FULL;
    if (!runs && !refresh->shown_known) {
        return REFRESH_FULL;
    }
    if (!full_runs && boot_ms >= refresh_full_due_ms(refresh)) {
        return REFRESH_FULL;
    }
    if (frame_equal(runs ? &refresh->coming : &refresh->shown, &refresh->wanted)) {
        return REFRESH_NONE;
    }
    const int partials = full_runs ? 0 : refresh->partials + (runs ? 1 : 0);
    return full || partials >= refresh->partials_per_full ? REFRESH_FULL : REFRESH_PARTIAL;
}

// ---- one refresh ----

static void refresh_begin(struct refresh *refresh, enum refresh_kind kind, int64_t boot_ms) {
    frame_copy(&refresh->coming, &refresh->wanted);
    refresh->pending = false;
    refresh->running = kind;
    refresh->begun_ms = boot_ms;
    refresh->state = STATE_REFRESHING;
    refresh_tell(refresh, (struct refresh_event){.kind = REFRESH_EVENT_BEGUN, .refresh = kind});
    const enum panel_job job = kind == REFRESH_PARTIAL ? PANEL_JOB_PARTIAL : PANEL_JOB_FULL;
    const struct frame *shown = kind == REFRESH_PARTIAL ? &refresh->shown : NULL;
    refresh_follow(refresh, panel_start(refresh->panel, job, shown, &refresh->coming, boot_ms), boot_ms);
}

static struct frame_area refresh_changed_area(const struct refresh *refresh) {
    if (refresh->shown_known) {
        return frame_difference(&refresh->shown, &refresh->coming);
    }
    return (struct frame_area){.width_px = refresh->coming.width_px, .height_px = refresh->coming.height_px};
}

static void refresh_succeed(struct refresh *refresh, int64_t boot_ms) {
    const struct refresh_event event = {.kind = REFRESH_EVENT_ENDED,
                                        .refresh = refresh->running,
                                        .duration_ms = boot_ms - refresh->begun_ms,
                                        .spi_bytes = panel_spi_bytes(refresh->panel),
                                        .area = refresh_changed_area(refresh)};
    frame_copy(&refresh->shown, &refresh->coming);
    refresh->shown_known = true;
    if (refresh->running == REFRESH_FULL) {
        refresh->partials = 0;
        refresh->full_ms = refresh->begun_ms;
        refresh->full_due_told = false;
    } else {
        refresh->partials++;
    }
    refresh->retried = false;
    refresh->back_rung = 0;
    refresh->state = STATE_ASLEEP;
    refresh_tell(refresh, event);
    refresh_rest(refresh, boot_ms);
}

static void refresh_fail(struct refresh *refresh, int64_t boot_ms) {
    const bool give_up = refresh->retried || refresh->stopping;
    const struct refresh_event event = {.kind = REFRESH_EVENT_FAULT,
                                        .refresh = refresh->running,
                                        .duration_ms = boot_ms - refresh->begun_ms,
                                        .fault = panel_fault_sentence(panel_fault(refresh->panel)),
                                        .given_up = give_up};
    refresh->shown_known = false;
    refresh->retried = !give_up;
    if (give_up) {
        refresh->state = STATE_GIVING_UP;
        const enum panel_state state = panel_give_up(refresh->panel, boot_ms);
        refresh_tell(refresh, event);
        refresh_follow(refresh, state, boot_ms);
        return;
    }
    refresh->pending = true;
    refresh->state = STATE_ASLEEP;
    refresh_tell(refresh, event);
    refresh_rest(refresh, boot_ms);
}

static void refresh_back_off(struct refresh *refresh, int64_t boot_ms) {
    refresh->pending = !refresh->stopping;
    refresh->back_off_until_ms = boot_ms + back_off_ms[refresh->back_rung];
    if (refresh->back_rung + 1 < BACK_OFF_RUNGS) {
        refresh->back_rung++;
    }
    refresh->state = STATE_BACKING_OFF;
    refresh_tell(refresh, (struct refresh_event){.kind = REFRESH_EVENT_QUIET});
}

// Nothing runs: begins what is still to be shown, or is quiet.
static void refresh_rest(struct refresh *refresh, int64_t boot_ms) {
    if (refresh->state != STATE_ASLEEP) {
        return; // the listener has begun the next refresh
    }
    if (refresh->pending) {
        const enum refresh_kind kind = refresh_next_kind(refresh, refresh->pending_full, boot_ms);
        refresh->pending = false;
        if (kind != REFRESH_NONE) {
            refresh_begin(refresh, kind, boot_ms);
            return;
        }
    }
    refresh_tell(refresh, (struct refresh_event){.kind = REFRESH_EVENT_QUIET});
}

// The panel's job is running, or has ended.
static void refresh_follow(struct refresh *refresh, enum panel_state state, int64_t boot_ms) {
    if (state == PANEL_RUNNING) {
        return;
    }
    switch (refresh->state) {
    case STATE_WAKING: // a panel that does not answer now is told of when its first picture fails
        refresh->state = STATE_ASLEEP;
        refresh_rest(refresh, boot_ms);
        return;
    case STATE_REFRESHING:
        if (state == PANEL_DONE) {
            refresh_succeed(refresh, boot_ms);
        } else {
            refresh_fail(refresh, boot_ms);
        }
        return;
    case STATE_GIVING_UP: // whatever came of it
        refresh_back_off(refresh, boot_ms);
        return;
    case STATE_ASLEEP:
    case STATE_BACKING_OFF:
        assert(false && "no job runs in these");
        return;
    }
}

// Whether the running refresh can bring `wanted` in the place of its own frame.
static bool refresh_may_change(const struct refresh *refresh, bool full, int64_t boot_ms) {
    const bool suits = refresh->running == REFRESH_FULL || (!full && boot_ms < refresh_full_due_ms(refresh));
    return refresh->state == STATE_REFRESHING && suits && panel_may_change(refresh->panel);
}

// ---- the door ----

int refresh_new(struct refresh **refresh, struct panel *panel, int partials_per_full, refresh_listener *listener,
                void *context, int64_t boot_ms) {
    struct refresh *made = calloc(1, sizeof *made);
    if (!made) {
        return -ENOMEM;
    }
    *made = (struct refresh){
        .partials_per_full = partials_per_full, .listener = listener, .context = context, .state = STATE_WAKING};
    const struct panel_row *row = panel_row(panel);
    if (frame_init(&made->wanted, row->width_px, row->height_px) != 0 ||
        frame_init(&made->shown, row->width_px, row->height_px) != 0 ||
        frame_init(&made->coming, row->width_px, row->height_px) != 0) {
        refresh_free(made);
        return -ENOMEM;
    }
    made->panel = panel;
    const enum panel_state state = panel_start(panel, PANEL_JOB_SLEEP, NULL, NULL, boot_ms);
    assert(state == PANEL_RUNNING); // a controller's sleep script begins with a wait
    (void)state;
    *refresh = made;
    return 0;
}

void refresh_free(struct refresh *refresh) {
    if (!refresh) {
        return;
    }
    panel_free(refresh->panel);
    frame_clear(&refresh->wanted);
    frame_clear(&refresh->shown);
    frame_clear(&refresh->coming);
    free(refresh);
}

enum refresh_kind refresh_want(struct refresh *refresh, const struct frame *frame, bool full, int64_t boot_ms) {
    if (refresh->stopping) {
        return REFRESH_NONE;
    }
    frame_copy(&refresh->wanted, frame);
    if (refresh->state == STATE_GIVING_UP || refresh->state == STATE_BACKING_OFF) {
        return REFRESH_NONE; // it is shown, in full, when the panel is tried again
    }
    if (refresh_may_change(refresh, full, boot_ms)) {
        frame_copy(&refresh->coming, &refresh->wanted);
    }
    const enum refresh_kind kind = refresh_next_kind(refresh, full, boot_ms);
    refresh->pending = kind != REFRESH_NONE;
    refresh->pending_full = full;
    if (kind == REFRESH_NONE) {
        return refresh->state == STATE_REFRESHING ? refresh->running : REFRESH_NONE; // the running refresh brings it
    }
    if (refresh->state == STATE_ASLEEP) {
        refresh_begin(refresh, kind, boot_ms);
    }
    return kind;
}

void refresh_step(struct refresh *refresh, int64_t boot_ms) {
    switch (refresh->state) {
    case STATE_WAKING:
    case STATE_REFRESHING:
    case STATE_GIVING_UP:
        refresh_follow(refresh, panel_step(refresh->panel, boot_ms), boot_ms);
        return;
    case STATE_ASLEEP:
        refresh->full_due_told = refresh_full_is_due(refresh, boot_ms);
        return;
    case STATE_BACKING_OFF:
        if (refresh->stopping || boot_ms < refresh->back_off_until_ms) {
            return;
        }
        refresh->state = STATE_ASLEEP;
        refresh_rest(refresh, boot_ms);
        return;
    }
}

int64_t refresh_deadline(const struct refresh *refresh) {
    switch (refresh->state) {
    case STATE_WAKING:
    case STATE_REFRESHING:
    case STATE_GIVING_UP:
        return panel_deadline(refresh->panel);
    case STATE_ASLEEP:
        if (!refresh->shown_known || refresh->full_due_told || refresh->stopping) {
            return INT64_MAX;
        }
        return refresh_full_due_ms(refresh);
    case STATE_BACKING_OFF:
        return refresh->stopping ? INT64_MAX : refresh->back_off_until_ms;
    }
    assert(false && "a state is one of the five");
    return INT64_MAX;
}

bool refresh_is_busy(const struct refresh *refresh) {
    return refresh->state != STATE_ASLEEP && refresh->state != STATE_BACKING_OFF;
}

bool refresh_is_pending(const struct refresh *refresh) {
    return refresh->pending;
}

bool refresh_full_is_due(const struct refresh *refresh, int64_t boot_ms) {
    const bool full_comes = (refresh->state == STATE_REFRESHING && refresh->running == REFRESH_FULL) ||
                            (refresh->pending && refresh->pending_full);
    return refresh->shown_known && !refresh->stopping && !full_comes && boot_ms >= refresh_full_due_ms(refresh);
}

const struct frame *refresh_shown(const struct refresh *refresh) {
    return refresh->shown_known ? &refresh->shown : NULL;
}

void refresh_stop(struct refresh *refresh, int64_t boot_ms) {
    (void)boot_ms;
    if (refresh->stopping) {
        return;
    }
    refresh->stopping = true;
    refresh->pending = false;
    if (!refresh_is_busy(refresh)) {
        refresh_tell(refresh, (struct refresh_event){.kind = REFRESH_EVENT_QUIET});
    }
}
