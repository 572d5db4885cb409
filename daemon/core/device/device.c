// The machine itself: events in, effects and the next deadline out.
#include "daemon/core/device/device.h"
#include "daemon/core/device/state.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct moment device_moment_at(struct moment now, int64_t boot_ms) {
    return (struct moment){.boot_ms = boot_ms, .system_ms = now.system_ms - (now.boot_ms - boot_ms)};
}

// Whether both are about the same thing, so that the later one is all that is worth carrying out.
static bool is_about_the_same(const struct effect *one, const struct effect *other) {
    if (one->kind != other->kind) {
        return false;
    }
    switch (one->kind) {
    case EFFECT_SAVE:
    case EFFECT_UNDO:
        return strcmp(one->session.uuid, other->session.uuid) == 0;
    case EFFECT_AWAY:
        return one->away.night == other->away.night;
    case EFFECT_SETTING:
        return one->setting.key == other->setting.key;
    case EFFECT_CORRECT:
        return false;
    case EFFECT_CUE:
    case EFFECT_DRAW:
        return true;
    case EFFECT_TOLD:
        return one->told == other->told;
    }
    return false;
}

void device_emit(struct device *device, const struct effect *effect) {
    struct effects *out = device->out;
    for (size_t i = 0; i < out->count; i++) {
        if (is_about_the_same(&out->items[i], effect)) {
            out->items[i] = *effect;
            return;
        }
    }
    assert(out->count < EFFECTS_MAX);
    out->items[out->count++] = *effect;
}

void device_touch_view(struct device *device, const char *why) {
    device->dirty = true;
    device->why = why;
}

void device_show(struct device *device, enum page_id page, struct moment at, const char *why, bool by_itself) {
    enum page_id before = device->page;
    device->page = page;
    device->arrival = (struct device_arrival){.at_ms = at.boot_ms, .by_itself = by_itself, .before = before};
    device->touched_ms = at.boot_ms;
    device->hint = device->hint_next;
    device->hint_next = false;
    // Entering the countdown and coming to an idle page is a full refresh; going on after a pause is not entering.
    device->full = page_rules(page)->class == PAGE_CLASS_IDLE || (page == PAGE_COUNTDOWN && before != PAGE_PAUSED);
    device_touch_view(device, why);
}

void device_ignore_gesture(struct device *device) {
    device->hint_next = true;
}

// ---- time -----------------------------------------------------------------------------------------------------

static int64_t timeout_ms(const struct device *device) {
    int64_t timeout = page_rules(device->page)->timeout_ms;
    return timeout > 0 ? device->touched_ms + timeout : INT64_MAX;
}

static void page_timed_out(struct device *device, struct moment at) {
    device->field = PAGE_CLOCK_FIELD_NONE;
    if (device->page == PAGE_ASK_TIME || (device->page == PAGE_CLOCK && device->beginning)) {
        device_begin(device, at, "time", true);
    } else {
        device_show_idle(device, at, "time", true);
    }
}

static int64_t idle_ms(const struct device *device) {
    return page_rules(device->page)->class == PAGE_CLASS_IDLE ? device->idle_ms : INT64_MAX;
}

static int64_t min_ms(int64_t a, int64_t b) {
    return a < b ? a : b;
}

int64_t device_deadline(const struct device *device, struct moment now) {
    (void)now;
    return min_ms(min_ms(session_deadline(&device->session), gesture_deadline(&device->reader)),
                  min_ms(timeout_ms(device), idle_ms(device)));
}

// Everything that is due up to the instant happens, in the order of time; the session before a gesture.
static void run_until(struct device *device, int64_t until_ms, struct moment now) {
    for (;;) {
        int64_t due_ms = device_deadline(device, now);
        if (due_ms > until_ms) {
            return;
        }
        struct moment at = device_moment_at(now, due_ms);
        struct gesture gesture;
        if (session_deadline(&device->session) <= due_ms) {
            bool paused = device->session.phase == SESSION_PAUSED;
            enum session_change change = session_tick(&device->session, due_ms);
            device_session_changed(device, change, at, paused ? "pause-limit" : "time", true);
        } else if (timeout_ms(device) <= due_ms) {
            page_timed_out(device, at);
        } else if (idle_ms(device) <= due_ms) {
            device_idle_changed(device, at, "time");
        } else if (gesture_tick(&device->reader, due_ms, &gesture)) {
            device_take_gesture(device, &gesture, at);
        }
    }
}

// ---- events ---------------------------------------------------------------------------------------------------

// A panel that answers again is the first chance to say that it did not: that trouble stays until it has been read.
static void take_trouble(struct device *device, enum page_trouble cause, bool present, struct moment now) {
    assert(cause > PAGE_TROUBLE_NONE && cause < PAGE_TROUBLE_COUNT);
    bool untold = device->trouble[cause] && !device->trouble_told[cause];
    device->trouble_over[cause] = !present && cause == PAGE_TROUBLE_PANEL && untold;
    device->trouble_put_off[cause] &= !device->trouble_over[cause];
    device->trouble[cause] = present || device->trouble_over[cause];
    device_idle_changed(device, now, "trouble");
}

static void take_kept(struct device *device, bool kept, struct moment now) {
    if (kept == device->kept) {
        return;
    }
    device->kept = kept;
    // Where the diary or its place is the reason, that one cause says it.
    device->trouble[PAGE_TROUBLE_NOT_KEPT] = false;
    device->trouble[PAGE_TROUBLE_NOT_KEPT] = !kept && !device_trouble_keeps(device);
    if (page_rules(device->page)->class == PAGE_CLASS_IDLE) {
        device_idle_changed(device, now, "kept");
    }
    device_touch_view(device, "kept");
}

static void take_diary(struct device *device, struct device_diary *diary, struct moment now) {
    habit_log_clear(&device->log);
    device->log = diary->log;
    diary->log = (struct habit_log){0};
    device->undated_s = diary->undated_s;
    device->last_done_utc_s = diary->last_done_utc_s;
    bool running = device_session_in_use(device) != NULL;
    char shown[UUID_SIZE];
    memcpy(shown, device->last.uuid, sizeof shown);
    if (!running) { // the device's own row of a running session is newer than the diary's
        device->has_last = diary->has_last;
        device->last = diary->last;
        device->last.note = NULL;
    }
    device_idle_changed(device, now, "diary");
    device_touch_view(device, "diary");
    // Nothing is taken back but what the glass has named.
    if (device->page == PAGE_UNDO && (!device_can_undo(device, now) || strcmp(shown, device->last.uuid) != 0)) {
        device_show_idle(device, now, "diary", true);
    }
}

static void take_event(struct device *device, const struct device_event *event, struct moment now) {
    struct gesture gesture;
    switch (event->kind) {
    case DEVICE_TIME:
        break;
    case DEVICE_EDGE:
        if (gesture_edge(&device->reader, event->edge.button, event->edge.down, event->edge.boot_ms, &gesture)) {
            device_take_gesture(device, &gesture, device_moment_at(now, event->edge.boot_ms));
        }
        break;
    case DEVICE_GLASS_QUIET:
        device_glass_quiet(device, now);
        break;
    case DEVICE_FULL_DUE:
        if (page_rules(device->page)->class == PAGE_CLASS_IDLE) {
            device_touch_view(device, "daily");
            device->full = true;
        }
        break;
    case DEVICE_CLOCK_SYNCED:
        if (device->clock.quality != CLOCK_SYNCED) {
            device_clock_correct(device, CLOCK_SYNCED, 0, now);
            device_time_changed(device, now, "clock");
        }
        break;
    case DEVICE_CLOCK_SET:
        device_clock_set(device, event->local_s, now);
        device_time_changed(device, now, "clock");
        break;
    case DEVICE_ZONE:
        device->clock.zone = event->zone;
        device_time_changed(device, now, "zone");
        break;
    case DEVICE_KEPT:
        take_kept(device, event->kept, now);
        break;
    case DEVICE_CHOICES:
        device_choices_begin(device, event->choices);
        device_clock_begin_late(device, event->choices, now);
        device_time_changed(device, now, "diary");
        break;
    case DEVICE_DIARY:
        take_diary(device, event->diary, now);
        break;
    case DEVICE_TROUBLE:
        if (event->trouble.present) {
            device->trouble_place[event->trouble.cause] = event->trouble.place;
            device->restored_sessions =
                event->trouble.sessions > 0 ? event->trouble.sessions : device->restored_sessions;
        }
        take_trouble(device, event->trouble.cause, event->trouble.present, now);
        break;
    }
}

static void intend_drawing(struct device *device, struct moment now) {
    if (!device->dirty) {
        return;
    }
    device_view_build(device, now);
    device_emit(device, &(struct effect){.kind = EFFECT_DRAW,
                                         .draw = {.view = device->view, .full = device->full, .why = device->why}});
    device->dirty = false;
    device->full = false;
    device->glass_busy = true;
}

void device_handle(struct device *device, const struct device_event *event, struct moment now, struct effects *out) {
    out->count = 0;
    device->out = out;
    int64_t at_ms = event->kind == DEVICE_EDGE ? event->edge.boot_ms : now.boot_ms;
    if (device_clock_follow(device, now)) {
        device_time_changed(device, now, "clock");
    }
    run_until(device, at_ms, now);
    take_event(device, event, now);
    run_until(device, now.boot_ms, now);
    intend_drawing(device, now);
    device->out = NULL;
}

int device_new(struct device **device, const struct device_setup *setup, struct device_start *start, struct moment now,
               struct effects *out) {
    struct device *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return -ENOMEM;
    }
    out->count = 0;
    made->out = out;
    made->setup = *setup;
    made->log = start->diary.log;
    start->diary.log = (struct habit_log){0};
    made->undated_s = start->diary.undated_s;
    made->has_last = start->diary.has_last;
    made->last = start->diary.last;
    made->last.note = NULL;
    made->last_done_utc_s = start->diary.last_done_utc_s;
    made->kept = true;
    made->page = PAGE_INVITE;
    gesture_begin(&made->reader, setup->config->hold_ms, setup->config->debounce_ms);
    device_boot_begin(made, start);
    device_choices_begin(made, start);
    device_clock_begin(made, start, now);
    if (!device_session_restore(made, now)) {
        device_show_idle(made, now, "boot", false);
    }
    run_until(made, now.boot_ms, now);
    intend_drawing(made, now);
    made->out = NULL;
    *device = made;
    return 0;
}

void device_free(struct device *device) {
    if (device == NULL) {
        return;
    }
    habit_log_clear(&device->log);
    zone_unref(device->last_zone);
    free(device);
}

// ---- what others ask ------------------------------------------------------------------------------------------

const struct view *device_view(const struct device *device) {
    return &device->view;
}

const char *device_page_name(const struct device *device) {
    return device->page_name;
}

const struct karani_clock *device_clock(const struct device *device) {
    return &device->clock;
}

const struct session_record *device_last_session(const struct device *device) {
    return device->has_last ? &device->last : NULL;
}

const char *device_session_in_use(const struct device *device) {
    bool running = device->session.phase != SESSION_NONE && device->session.phase != SESSION_CARDS;
    return running ? device->last.uuid : NULL;
}

bool device_is_kept(const struct device *device) {
    return device->kept;
}

enum page_trouble device_trouble(const struct device *device) {
    for (int i = PAGE_TROUBLE_NONE + 1; i < PAGE_TROUBLE_COUNT; i++) {
        if (device->trouble[i]) {
            return (enum page_trouble)i;
        }
    }
    return PAGE_TROUBLE_NONE;
}
