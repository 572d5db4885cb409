// One practice from the first card to the end of the way out.
#include "daemon/core/session.h"

#include <assert.h>
#include <string.h>

static int64_t face_ms(const struct session *session) {
    const struct session_card *card = &session->cards[session->card];
    return session->auto_advance ? card->seconds * INT64_C(1000) / card->faces : SESSION_CARD_UNATTENDED_MS;
}

static enum session_change change_at(struct session *session, int64_t boot_ms, enum session_change change) {
    session->at_ms = boot_ms;
    return change;
}

static enum session_change show_face(struct session *session, int card, int face, int64_t boot_ms) {
    enum session_change change = card == session->card ? SESSION_FACE_TURNED : SESSION_CARD_TURNED;
    session->card = card;
    session->face = face;
    session->turn_ms = boot_ms + face_ms(session);
    return change_at(session, boot_ms, change);
}

static enum session_change start_countdown(struct session *session, int64_t boot_ms) {
    session->phase = SESSION_COUNTDOWN;
    session->counted_from_ms = boot_ms;
    session->minutes_told = 0;
    return change_at(session, boot_ms, SESSION_STARTED);
}

static enum session_change next_card(struct session *session, int64_t boot_ms) {
    if (session->card + 1 < session->card_count) {
        return show_face(session, session->card + 1, 0, boot_ms);
    }
    return start_countdown(session, boot_ms);
}

static void take_plan(struct session *session, const struct session_plan *plan) {
    assert(plan->card_count >= 0 && plan->card_count <= SESSION_CARDS_MAX && plan->planned_s > 0);
    *session = (struct session){
        .card_count = plan->card_count,
        .auto_advance = plan->auto_advance,
        .planned_s = plan->planned_s,
        .pause_limit_ms = plan->pause_limit_min * (int64_t)SESSION_MINUTE_MS,
    };
    if (plan->card_count > 0) {
        memcpy(session->cards, plan->cards, (size_t)plan->card_count * sizeof *plan->cards);
    }
}

void session_begin(struct session *session, const struct session_plan *plan, int64_t boot_ms) {
    assert(plan->card_count > 0);
    take_plan(session, plan);
    session->phase = SESSION_CARDS;
    session->at_ms = boot_ms;
    session->turn_ms = boot_ms + face_ms(session);
}

int64_t session_held_ms(const struct session *session, int64_t boot_ms) {
    switch (session->phase) {
    case SESSION_COUNTDOWN:
        return boot_ms - session->counted_from_ms;
    case SESSION_PAUSED:
    case SESSION_WAY_OUT:
    case SESSION_NONE:
        return session->paused_at_ms - session->counted_from_ms + session->overtime_ms;
    case SESSION_CARDS:
        break;
    }
    return 0;
}

void session_resume(struct session *session, const struct session_plan *plan, int64_t counted_from_ms,
                    int64_t paused_at_ms, int64_t boot_ms) {
    take_plan(session, plan);
    session->phase = paused_at_ms < 0 ? SESSION_COUNTDOWN : SESSION_PAUSED;
    session->counted_from_ms = counted_from_ms;
    session->paused_at_ms = paused_at_ms;
    session->at_ms = boot_ms;
    session->minutes_told = session_held_ms(session, boot_ms) / SESSION_MINUTE_MS;
}

int session_minutes_left(const struct session *session, int64_t boot_ms) {
    int64_t left_ms = session->planned_s * 1000 - session_held_ms(session, boot_ms);
    int64_t minutes = (left_ms + SESSION_MINUTE_MS - 1) / SESSION_MINUTE_MS;
    return minutes < 1 ? 1 : (int)minutes;
}

static int64_t zero_ms(const struct session *session) {
    return session->counted_from_ms + session->planned_s * 1000;
}

static int64_t next_minute_ms(const struct session *session) {
    return session->counted_from_ms + (session->minutes_told + 1) * SESSION_MINUTE_MS;
}

int64_t session_deadline(const struct session *session) {
    switch (session->phase) {
    case SESSION_CARDS:
        return session->turn_ms;
    case SESSION_COUNTDOWN:
        return next_minute_ms(session) < zero_ms(session) ? next_minute_ms(session) : zero_ms(session);
    case SESSION_PAUSED:
        return session->paused_at_ms + session->pause_limit_ms;
    case SESSION_WAY_OUT:
        return session->way_out_ends_ms;
    case SESSION_NONE:
        break;
    }
    return INT64_MAX;
}

static enum session_change begin_way_out(struct session *session, bool finished, int64_t held_until_ms,
                                         int64_t boot_ms) {
    session->phase = SESSION_WAY_OUT;
    session->finished = finished;
    session->paused_at_ms = held_until_ms;
    session->way_out_ends_ms = boot_ms + (finished ? SESSION_OVERTIME_MAX_MS : SESSION_WAY_OUT_EARLY_MS);
    return change_at(session, boot_ms, finished ? SESSION_REACHED_ZERO : SESSION_ENDED_EARLY);
}

static enum session_change leave(struct session *session, int64_t boot_ms, enum session_change change) {
    session->phase = SESSION_NONE;
    return change_at(session, boot_ms, change);
}

static enum session_change turn_by_itself(struct session *session, int64_t boot_ms) {
    if (!session->auto_advance) {
        return leave(session, boot_ms, SESSION_LEFT_CARDS);
    }
    if (session->face + 1 < session->cards[session->card].faces) {
        return show_face(session, session->card, session->face + 1, boot_ms);
    }
    return next_card(session, boot_ms);
}

enum session_change session_tick(struct session *session, int64_t boot_ms) {
    int64_t due_ms = session_deadline(session);
    if (due_ms > boot_ms) {
        return SESSION_UNCHANGED;
    }
    switch (session->phase) {
    case SESSION_CARDS:
        return turn_by_itself(session, due_ms);
    case SESSION_COUNTDOWN:
        if (due_ms == zero_ms(session)) {
            return begin_way_out(session, true, due_ms, due_ms);
        }
        session->minutes_told++;
        return change_at(session, due_ms, SESSION_MINUTE_HELD);
    case SESSION_PAUSED:
        return begin_way_out(session, false, session->paused_at_ms, due_ms);
    case SESSION_WAY_OUT:
        return leave(session, due_ms, SESSION_LEFT);
    case SESSION_NONE:
        break;
    }
    return SESSION_UNCHANGED;
}

static enum session_change go_out(struct session *session, int64_t boot_ms) {
    if (!session->finished) {
        return leave(session, boot_ms, SESSION_LEFT);
    }
    int64_t since_zero_ms = boot_ms - session->paused_at_ms;
    session->overtime_ms = since_zero_ms < SESSION_OVERTIME_MAX_MS ? since_zero_ms : SESSION_OVERTIME_MAX_MS;
    session->paused_at_ms = session->counted_from_ms + session->planned_s * 1000;
    return leave(session, boot_ms, SESSION_CREDITED);
}

enum session_change session_press(struct session *session, int64_t boot_ms) {
    switch (session->phase) {
    case SESSION_CARDS:
        return next_card(session, boot_ms);
    case SESSION_COUNTDOWN:
        session->phase = SESSION_PAUSED;
        session->paused_at_ms = boot_ms;
        return change_at(session, boot_ms, SESSION_WAS_PAUSED);
    case SESSION_PAUSED:
        session->phase = SESSION_COUNTDOWN;
        session->counted_from_ms += boot_ms - session->paused_at_ms;
        return change_at(session, boot_ms, SESSION_RESUMED);
    case SESSION_WAY_OUT:
        return go_out(session, boot_ms);
    case SESSION_NONE:
        break;
    }
    return SESSION_UNCHANGED;
}

enum session_change session_hold(struct session *session, int64_t boot_ms) {
    switch (session->phase) {
    case SESSION_CARDS:
        return leave(session, boot_ms, SESSION_LEFT_CARDS);
    case SESSION_COUNTDOWN:
        return begin_way_out(session, false, boot_ms, boot_ms);
    case SESSION_PAUSED:
        return begin_way_out(session, false, session->paused_at_ms, boot_ms);
    case SESSION_WAY_OUT:
        return go_out(session, boot_ms);
    case SESSION_NONE:
        break;
    }
    return SESSION_UNCHANGED;
}

enum session_change session_add_minutes(struct session *session, int minutes, int64_t boot_ms) {
    if (session->phase != SESSION_COUNTDOWN) {
        return SESSION_UNCHANGED;
    }
    int left = session_minutes_left(session, boot_ms) + minutes;
    if (left < 1 || left > SESSION_LEFT_MAX_MIN) {
        return SESSION_UNCHANGED;
    }
    session->planned_s += minutes * INT64_C(60);
    return change_at(session, boot_ms, SESSION_PLAN_CHANGED);
}
