// One practice from the first card to the end of the way out: cards → countdown ⇄ pause → way out. All times are
// CLOCK_BOOTTIME in milliseconds; changes are decided at their own instant, however late they are noticed.
#ifndef KARANI_DAEMON_CORE_SESSION_H
#define KARANI_DAEMON_CORE_SESSION_H

#include <stdbool.h>
#include <stdint.h>

enum {
    SESSION_CARDS_MAX = 32,
    SESSION_MINUTE_MS = 60 * 1000,
    SESSION_LEFT_MAX_MIN = 30,                   // "more" never leads beyond
    SESSION_OVERTIME_MAX_MS = 30 * 60 * 1000,    // credited at most; the way out after zero lasts as long
    SESSION_WAY_OUT_EARLY_MS = 2 * 60 * 1000,    // the way out after an early finish
    SESSION_CARD_UNATTENDED_MS = 10 * 60 * 1000, // without auto-advance: a card left alone leads back
};

enum session_phase { SESSION_NONE, SESSION_CARDS, SESSION_COUNTDOWN, SESSION_PAUSED, SESSION_WAY_OUT };

// What has changed; the instant is in session->at_ms.
enum session_change {
    SESSION_UNCHANGED,
    SESSION_FACE_TURNED,  // the other face of the same card
    SESSION_CARD_TURNED,  // the next card
    SESSION_STARTED,      // the countdown has begun: the session starts here
    SESSION_MINUTE_HELD,  // a whole minute has been held
    SESSION_PLAN_CHANGED, // a minute more or less
    SESSION_WAS_PAUSED,
    SESSION_RESUMED,
    SESSION_REACHED_ZERO,
    SESSION_ENDED_EARLY, // by hand or by the pause limit
    SESSION_CREDITED,    // out by hand after zero: the time since then was added
    SESSION_LEFT,        // the way out is over and nothing was added
    SESSION_LEFT_CARDS,  // left during the cards: nothing is logged
};

struct session_card {
    int seconds; // how long the card stays, all its faces together; > 0
    int faces;   // 1 or 2
};

struct session {
    enum session_phase phase;
    int64_t at_ms; // the instant of the last change

    struct session_card cards[SESSION_CARDS_MAX];
    int card_count;
    int card; // the one that is up, and its face
    int face;
    bool auto_advance;
    int64_t turn_ms; // when the face turns by itself

    int64_t planned_s;
    int64_t pause_limit_ms;
    int64_t counted_from_ms; // held time = now − this while it counts
    int64_t paused_at_ms;    // in SESSION_PAUSED and, as the end of what is held, in SESSION_WAY_OUT
    int64_t minutes_told;    // whole minutes held that have been reported

    bool finished;       // zero was reached
    int64_t overtime_ms; // credited
    int64_t way_out_ends_ms;
};

struct session_plan {
    const struct session_card *cards; // copied
    int card_count;                   // 1 … SESSION_CARDS_MAX
    bool auto_advance;
    int64_t planned_s; // > 0
    int pause_limit_min;
};

// The first card is up at boot_ms.
void session_begin(struct session *session, const struct session_plan *plan, int64_t boot_ms);

// Goes on after a restart in the same boot, at boot_ms: the countdown as it was stored (paused_at_ms −1 while it
// counted). Whole minutes held meanwhile are not reported again; zero and the pause limit are, at their instants.
void session_resume(struct session *session, const struct session_plan *plan, int64_t counted_from_ms,
                    int64_t paused_at_ms, int64_t boot_ms);

// Time has passed: the earliest change that is due by boot_ms. Call again until SESSION_UNCHANGED.
enum session_change session_tick(struct session *session, int64_t boot_ms);

// When session_tick is due; INT64_MAX when nothing is.
int64_t session_deadline(const struct session *session);

// The gestures. Everything due before boot_ms has been ticked.
enum session_change session_press(struct session *session, int64_t boot_ms);
enum session_change session_hold(struct session *session, int64_t boot_ms);
enum session_change session_add_minutes(struct session *session, int minutes, int64_t boot_ms);

// Milliseconds held up to boot_ms, overtime included; after the session has been left: in all.
int64_t session_held_ms(const struct session *session, int64_t boot_ms);

// Minutes left, rounded up: the whole plan in its first minute, 1 in its last, never 0.
int session_minutes_left(const struct session *session, int64_t boot_ms);

#endif
