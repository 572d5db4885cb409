// Beginning a session, passing what is due; and what the session's changes mean for the row and the glass.
#include "daemon/core/device/state.h"

#include "daemon/core/night.h"
#include "daemon/core/pages/pages.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <uuid/uuid.h>

// The health page asks again after a year.
#define HEALTH_AGAIN_S (INT64_C(365) * 24 * 60 * 60)

static bool health_is_due(const struct device *device, struct moment at) {
    if (device->setup.routine->health_count == 0) {
        return false;
    }
    switch (device->choices.health) {
    case HEALTH_NEVER_ASKED:
    case HEALTH_ONE_APPLIES:
        return true;
    case HEALTH_NONE_APPLIES:
    case HEALTH_AGREED:
        return !device->choices.health_undated &&
               clock_utc_s(&device->clock, at) >= device->choices.health_utc_s + HEALTH_AGAIN_S;
    }
    return false;
}

// The session's cards: those of the chosen variant, each with its faces on this glass.
static int plan_cards(struct device *device, struct session_card *cards) {
    const struct routine *routine = device->setup.routine;
    int count = 0;
    for (size_t i = 0; i < routine->card_count && count < SESSION_CARDS_MAX; i++) {
        if (routine->cards[i].in[device->choices.variant]) {
            device->cards[count++] = i;
        }
    }
    for (int i = 0; i < count; i++) {
        struct view view = {0};
        page_card_view(device, device->cards[i], i, count, &view);
        cards[i].seconds = routine->cards[device->cards[i]].seconds;
        cards[i].faces = device->setup.faces(device->setup.context, &view);
    }
    return count;
}

static struct session_plan plan_session(struct device *device, struct session_card *cards) {
    return (struct session_plan){
        .cards = cards,
        .card_count = plan_cards(device, cards),
        .auto_advance = device->setup.config->auto_advance,
        .planned_s = device->choices.minutes * INT64_C(60),
        .pause_limit_min = device->setup.config->pause_limit_min,
    };
}

void device_begin(struct device *device, struct moment at, const char *why, bool by_itself) {
    device->beginning = true;
    if (!clock_is_known(&device->clock) && !device->time_asked) {
        device->time_asked = true;
        device_boot_store(device);
        device_show(device, PAGE_ASK_TIME, at, why, by_itself);
        return;
    }
    if (health_is_due(device, at)) {
        device->health_face = 0;
        device->asking_first = device->choices.health == HEALTH_ONE_APPLIES;
        device_show(device, PAGE_HEALTH, at, why, by_itself);
        return;
    }
    struct session_card cards[SESSION_CARDS_MAX];
    struct session_plan plan = plan_session(device, cards);
    device->beginning = false;
    if (plan.card_count == 0) {
        device_show_idle(device, at, why, by_itself);
        return;
    }
    session_begin(&device->session, &plan, at.boot_ms);
    device_show(device, PAGE_CARD, at, why, by_itself);
}

void device_health_next(struct device *device, struct moment at) {
    if (device->asking_first) {
        device->asking_first = false;
        device_answer_health(device, HEALTH_AGREED, at);
        device_choose_variant(device, VARIANT_CHAIR);
    } else if (device->health_face + 1 < (int)device->setup.routine->health_count) {
        device->health_face++;
        device_show(device, PAGE_HEALTH, at, "press", false);
        return;
    } else {
        device_answer_health(device, HEALTH_NONE_APPLIES, at);
    }
    device_begin(device, at, "press", false);
}

void device_health_hold(struct device *device, struct moment at) {
    if (device->asking_first) {
        device_show_idle(device, at, "hold", false);
        return;
    }
    device_answer_health(device, HEALTH_ONE_APPLIES, at);
    device->asking_first = true;
    device_show(device, PAGE_HEALTH, at, "hold", false);
}

// ---- the row --------------------------------------------------------------------------------------------------

// A name-based UUID (RFC 9562, version 5): the boot is the name space, the start within it the name.
static void name_session(char uuid[UUID_SIZE], const char *boot_id, int64_t started_boot_ms) {
    uuid_t space, made;
    char name[48];
    if (uuid_parse(boot_id, space) < 0) {
        uuid_clear(space);
    }
    int length = snprintf(name, sizeof name, "session at %" PRId64, started_boot_ms);
    uuid_generate_sha1(made, space, name, (size_t)length);
    uuid_unparse_lower(made, uuid);
}

static void open_row(struct device *device, struct moment at) {
    struct session_record *row = &device->last;
    *row = (struct session_record){
        .night = device_tonight(device, at),
        .started_utc_s = clock_utc_s(&device->clock, at),
        .clock = device->clock.quality,
        .planned_s = device->session.planned_s,
        .outcome = OUTCOME_RUNNING,
        .outcome_was = OUTCOME_RUNNING,
        .counted_from_boot_ms = device->session.counted_from_ms,
        .paused_at_boot_ms = -1,
    };
    row->utc_offset_s = zone_offset_s(device->clock.zone, row->started_utc_s);
    snprintf(row->zone, sizeof row->zone, "%s", zone_name(device->clock.zone));
    snprintf(row->routine, sizeof row->routine, "%s", device->setup.routine->id);
    snprintf(row->variant, sizeof row->variant, "%s", variant_name(device->choices.variant));
    snprintf(row->boot_id, sizeof row->boot_id, "%s", device->setup.boot_id);
    name_session(row->uuid, row->boot_id, at.boot_ms);
    device->has_last = true;
    zone_unref(device->last_zone);
    device->last_zone = zone_ref(device->clock.zone);
    device_clock_note_doubt(device, at);
}

// Brings the row up to the session's state at that instant and has it saved.
static void save_row(struct device *device, enum outcome outcome, struct moment at) {
    struct session_record *row = &device->last;
    const struct session *session = &device->session;
    int64_t before_s = row->held_s;
    row->held_s = session_held_ms(session, at.boot_ms) / 1000;
    row->overtime_s = session->overtime_ms / 1000;
    row->planned_s = session->planned_s;
    row->outcome = outcome;
    row->counted_from_boot_ms = session->counted_from_ms;
    row->paused_at_boot_ms = session->phase == SESSION_PAUSED ? session->paused_at_ms : -1;
    if (row->night == NIGHT_NONE) {
        device->undated_s += row->held_s - before_s;
    } else {
        (void)habit_log_add(&device->log, row->night, row->held_s - before_s); // out of memory: the diary has it
    }
    // Several minutes noticed at once are one save: the newest state of the row.
    device_emit(device, &(struct effect){.kind = EFFECT_SAVE, .session = *row});
}

// ---- the session's changes ------------------------------------------------------------------------------------

static void leave_way_out(struct device *device, struct moment at, const char *why, bool by_itself) {
    device->left_way_out_ms = at.boot_ms;
    if (!clock_is_known(&device->clock)) { // only then the idle page asks for it, and a known time stays known
        device_boot_store(device);
    }
    device->last_done_utc_s = device->last.started_utc_s;
    device_show_idle(device, at, why, by_itself);
}

void device_session_changed(struct device *device, enum session_change change, struct moment now, const char *why,
                            bool by_itself) {
    struct moment at = device_moment_at(now, device->session.at_ms);
    switch (change) {
    case SESSION_UNCHANGED:
        device_ignore_gesture(device);
        break;
    case SESSION_FACE_TURNED:
    case SESSION_CARD_TURNED:
        device_show(device, PAGE_CARD, at, why, by_itself);
        break;
    case SESSION_STARTED:
        open_row(device, at);
        save_row(device, OUTCOME_RUNNING, at);
        device_show(device, PAGE_COUNTDOWN, at, why, by_itself);
        break;
    case SESSION_MINUTE_HELD:
        save_row(device, OUTCOME_RUNNING, at);
        device_touch_view(device, "minute");
        break;
    case SESSION_PLAN_CHANGED:
        save_row(device, OUTCOME_RUNNING, at);
        device_touch_view(device, why);
        break;
    case SESSION_WAS_PAUSED:
        save_row(device, OUTCOME_RUNNING, at);
        device_show(device, PAGE_PAUSED, at, why, by_itself);
        break;
    case SESSION_RESUMED:
        save_row(device, OUTCOME_RUNNING, at);
        device_show(device, PAGE_COUNTDOWN, at, why, by_itself);
        break;
    case SESSION_REACHED_ZERO:
        save_row(device, OUTCOME_FINISHED, at);
        device_emit(device, &(struct effect){.kind = EFFECT_CUE});
        device_show(device, PAGE_WAY_OUT, at, "zero", true);
        break;
    case SESSION_ENDED_EARLY:
        save_row(device, OUTCOME_ENDED_EARLY, at);
        device_show(device, PAGE_WAY_OUT, at, why, by_itself);
        break;
    case SESSION_CREDITED:
        save_row(device, OUTCOME_FINISHED, at);
        leave_way_out(device, at, why, by_itself);
        break;
    case SESSION_LEFT:
        leave_way_out(device, at, why, by_itself);
        break;
    case SESSION_LEFT_CARDS:
        device_show_idle(device, at, why, by_itself);
        break;
    }
}

// A row comes from a card, which may have changed it.
static bool can_go_on(const struct session_record *row, struct moment now) {
    int64_t paused_ms = row->paused_at_boot_ms;
    return row->planned_s > 0 && row->planned_s <= INT32_MAX && row->counted_from_boot_ms >= 0 &&
           row->counted_from_boot_ms <= now.boot_ms &&
           (paused_ms < 0 || (paused_ms >= row->counted_from_boot_ms && paused_ms <= now.boot_ms));
}

bool device_session_restore(struct device *device, struct moment now) {
    struct session_record *last = &device->last;
    if (!device->has_last || strcmp(last->boot_id, device->setup.boot_id) != 0) {
        return false;
    }
    if (last->outcome != OUTCOME_RUNNING) {
        return false;
    }
    if (!can_go_on(last, now)) {
        last->outcome = OUTCOME_INTERRUPTED;
        device_emit(device, &(struct effect){.kind = EFFECT_SAVE, .session = *last});
        return false;
    }
    struct session_plan plan = {
        .planned_s = last->planned_s,
        .pause_limit_min = device->setup.config->pause_limit_min,
    };
    session_resume(&device->session, &plan, last->counted_from_boot_ms, last->paused_at_boot_ms, now.boot_ms);
    bool paused = device->session.phase == SESSION_PAUSED;
    device_show(device, paused ? PAGE_PAUSED : PAGE_COUNTDOWN, now, "restart", false);
    return true;
}
