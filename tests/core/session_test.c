// One practice as a table of gestures and instants: what changes, when, and what is held.
#include "daemon/core/session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { STEPS = 24, S = 1000, MIN = 60 * S };

enum hand { WAIT, PRESS, HOLD, MORE, LESS };

// At at_ms the hand does something; from the step before up to then time passes. What changes on the way and by
// the hand is listed in order. -1 in left_min: not asked.
struct step {
    enum hand hand;
    int64_t at_ms;
    enum session_change changes[6];
    int64_t change_ms; // the instant of the last change; 0: not asked
    int64_t held_ms;   // -1: not asked
    int left_min;
};

struct practice {
    const char *what;
    int64_t planned_s;
    bool auto_advance;
    struct step steps[STEPS];
};

// Two cards: 20 s on one face, 10 s on two faces of 5 s.
static const struct session_card two_cards[] = {{20, 1}, {10, 2}};

static const struct practice practices[] = {
    {"a plain practice of two minutes",
     120,
     true,
     {{WAIT, 20 * S, {SESSION_CARD_TURNED}, 20 * S, 0, -1},
      {WAIT, 25 * S, {SESSION_FACE_TURNED}, 25 * S, 0, -1},
      {WAIT, 30 * S - 1, {0}, 0, 0, -1},
      {WAIT, 30 * S, {SESSION_STARTED}, 30 * S, 0, 2},
      {WAIT, 30 * S + 1, {0}, 0, 1, 2},
      {WAIT, 90 * S - 1, {0}, 0, 60 * S - 1, 2},
      {WAIT, 90 * S, {SESSION_MINUTE_HELD}, 90 * S, 60 * S, 1},
      {WAIT, 150 * S - 1, {0}, 0, 120 * S - 1, 1},
      {WAIT, 150 * S, {SESSION_REACHED_ZERO}, 150 * S, 120 * S, -1},
      {PRESS, 200 * S, {SESSION_CREDITED}, 200 * S, 170 * S, -1}}},
    {"presses turn the cards, from either face to the next card",
     60,
     true,
     {{PRESS, 2 * S, {SESSION_CARD_TURNED}, 2 * S, 0, -1},
      {WAIT, 7 * S, {SESSION_FACE_TURNED}, 7 * S, 0, -1},
      {PRESS, 8 * S, {SESSION_STARTED}, 8 * S, 0, 1},
      {WAIT, 68 * S, {SESSION_REACHED_ZERO}, 68 * S, 60 * S, -1}}},
    {"leaving the cards logs nothing", 60, true, {{HOLD, 5 * S, {SESSION_LEFT_CARDS}, 5 * S, 0, -1}}},
    {"a pause takes no time, and the minute is held where it was",
     120,
     true,
     {{PRESS, 1 * S, {SESSION_CARD_TURNED}, 0, -1, -1},
      {PRESS, 10 * S, {SESSION_FACE_TURNED, SESSION_STARTED}, 10 * S, 0, 2},
      {PRESS, 40 * S, {SESSION_WAS_PAUSED}, 40 * S, 30 * S, 2},
      {WAIT, 400 * S, {0}, 0, 30 * S, 2},
      {PRESS, 500 * S, {SESSION_RESUMED}, 500 * S, 30 * S, 2},
      {WAIT, 530 * S, {SESSION_MINUTE_HELD}, 530 * S, 60 * S, 1},
      {WAIT, 590 * S, {SESSION_REACHED_ZERO}, 590 * S, 120 * S, -1}}},
    {"the pause limit ends it early and adds nothing",
     120,
     true,
     {{PRESS, 1 * S, {SESSION_CARD_TURNED}, 0, -1, -1},
      {PRESS, 2 * S, {SESSION_STARTED}, 2 * S, 0, 2},
      {PRESS, 32 * S, {SESSION_WAS_PAUSED}, 32 * S, 30 * S, 2},
      {WAIT, 32 * S + 10 * MIN, {SESSION_ENDED_EARLY}, 32 * S + 10 * MIN, 30 * S, -1},
      {WAIT, 32 * S + 12 * MIN, {SESSION_LEFT}, 32 * S + 12 * MIN, 30 * S, -1}}},
    {"an early end by hand; the way out credits nothing after it",
     600,
     true,
     {{PRESS, 1 * S, {SESSION_CARD_TURNED}, 0, -1, -1},
      {PRESS, 2 * S, {SESSION_STARTED}, 2 * S, 0, 10},
      {HOLD, 92 * S, {SESSION_MINUTE_HELD, SESSION_ENDED_EARLY}, 92 * S, 90 * S, -1},
      {PRESS, 150 * S, {SESSION_LEFT}, 150 * S, 90 * S, -1}}},
    {"the way out after an early end leaves by itself after two minutes",
     600,
     true,
     {{PRESS, 1 * S, {SESSION_CARD_TURNED}, 0, -1, -1},
      {PRESS, 2 * S, {SESSION_STARTED}, 2 * S, 0, 10},
      {HOLD, 32 * S, {SESSION_ENDED_EARLY}, 32 * S, 30 * S, -1},
      {WAIT, 152 * S - 1, {0}, 0, -1, -1},
      {WAIT, 152 * S, {SESSION_LEFT}, 152 * S, 30 * S, -1}}},
    {"finishing out of a pause",
     600,
     true,
     {{PRESS, 1 * S, {SESSION_CARD_TURNED}, 0, -1, -1},
      {PRESS, 2 * S, {SESSION_STARTED}, 2 * S, 0, 10},
      {PRESS, 12 * S, {SESSION_WAS_PAUSED}, 12 * S, 10 * S, 10},
      {HOLD, 60 * S, {SESSION_ENDED_EARLY}, 60 * S, 10 * S, -1}}},
    {"overtime is credited by a hold too, 30 minutes at most",
     60,
     true,
     {{PRESS, 1 * S, {SESSION_CARD_TURNED}, 0, -1, -1},
      {PRESS, 2 * S, {SESSION_STARTED}, 2 * S, 0, 1},
      {WAIT, 62 * S, {SESSION_REACHED_ZERO}, 62 * S, 60 * S, -1},
      {HOLD, 62 * S + 30 * MIN - 1, {SESSION_CREDITED}, 0, 31 * MIN - 1, -1}}},
    {"nobody says out: after 30 minutes it ends and credits nothing",
     60,
     true,
     {{PRESS, 1 * S, {SESSION_CARD_TURNED}, 0, -1, -1},
      {PRESS, 2 * S, {SESSION_STARTED}, 2 * S, 0, 1},
      {WAIT, 62 * S, {SESSION_REACHED_ZERO}, 62 * S, 60 * S, -1},
      {WAIT, 62 * S + 30 * MIN, {SESSION_LEFT}, 62 * S + 30 * MIN, 60 * S, -1}}},
    {"less never takes the minute that runs",
     120,
     true,
     {{PRESS, 1 * S, {SESSION_CARD_TURNED}, 0, -1, -1},
      {PRESS, 2 * S, {SESSION_STARTED}, 2 * S, 0, 2},
      {LESS, 12 * S, {SESSION_PLAN_CHANGED}, 12 * S, 10 * S, 1},
      {LESS, 13 * S, {0}, 0, 11 * S, 1},
      {MORE, 14 * S, {SESSION_PLAN_CHANGED}, 14 * S, 12 * S, 2},
      {LESS, 15 * S, {SESSION_PLAN_CHANGED}, 15 * S, 13 * S, 1},
      {WAIT, 62 * S, {SESSION_REACHED_ZERO}, 62 * S, 60 * S, -1}}},
    {"more never leads beyond 30 minutes left",
     29 * 60,
     true,
     {{PRESS, 1 * S, {SESSION_CARD_TURNED}, 0, -1, -1},
      {PRESS, 2 * S, {SESSION_STARTED}, 2 * S, 0, 29},
      {MORE, 3 * S, {SESSION_PLAN_CHANGED}, 3 * S, 1 * S, 30},
      {MORE, 4 * S, {0}, 0, 2 * S, 30},
      {WAIT, 62 * S, {SESSION_MINUTE_HELD}, 62 * S, 60 * S, 29},
      {MORE, 63 * S, {SESSION_PLAN_CHANGED}, 63 * S, 61 * S, 30}}},
    {"more and less do nothing in the cards, the pause and the way out",
     60,
     true,
     {{MORE, 1 * S, {0}, 0, 0, -1},
      {PRESS, 2 * S, {SESSION_CARD_TURNED}, 0, -1, -1},
      {PRESS, 3 * S, {SESSION_STARTED}, 0, -1, 1},
      {PRESS, 4 * S, {SESSION_WAS_PAUSED}, 0, -1, 1},
      {MORE, 5 * S, {0}, 0, 1 * S, 1},
      {HOLD, 6 * S, {SESSION_ENDED_EARLY}, 0, 1 * S, -1},
      {LESS, 7 * S, {0}, 0, 1 * S, -1}}},
    {"noticed late, everything still has its own instant",
     120,
     true,
     {{WAIT,
       151 * S,
       {SESSION_CARD_TURNED, SESSION_FACE_TURNED, SESSION_STARTED, SESSION_MINUTE_HELD, SESSION_REACHED_ZERO},
       150 * S,
       120 * S,
       -1}}},
    {"without auto-advance a card waits, and one left alone leads back",
     60,
     false,
     {{WAIT, 9 * MIN, {0}, 0, 0, -1},
      {PRESS, 9 * MIN, {SESSION_CARD_TURNED}, 9 * MIN, 0, -1},
      {WAIT, 19 * MIN, {SESSION_LEFT_CARDS}, 19 * MIN, 0, -1}}},
};

static enum session_change do_hand(struct session *session, const struct step *step) {
    switch (step->hand) {
    case PRESS:
        return session_press(session, step->at_ms);
    case HOLD:
        return session_hold(session, step->at_ms);
    case MORE:
        return session_add_minutes(session, 1, step->at_ms);
    case LESS:
        return session_add_minutes(session, -1, step->at_ms);
    case WAIT:
        break;
    }
    return SESSION_UNCHANGED;
}

static void check_step(const struct practice *practice, int number, struct session *session) {
    const struct step *step = &practice->steps[number];
    enum session_change change;
    int seen = 0;
    while ((change = session_tick(session, step->at_ms)) != SESSION_UNCHANGED) {
        if (change != step->changes[seen++]) {
            fail_msg("%s, step %d: by itself came %d", practice->what, number, (int)change);
        }
    }
    if ((change = do_hand(session, step)) != SESSION_UNCHANGED && change != step->changes[seen++]) {
        fail_msg("%s, step %d: by hand came %d", practice->what, number, (int)change);
    }
    if (step->changes[seen] != SESSION_UNCHANGED) {
        fail_msg("%s, step %d: %d did not come", practice->what, number, (int)step->changes[seen]);
    }
    if (step->change_ms != 0 && session->at_ms != step->change_ms) {
        fail_msg("%s, step %d: at %ld", practice->what, number, (long)session->at_ms);
    }
    if (step->held_ms >= 0 && session_held_ms(session, step->at_ms) != step->held_ms) {
        fail_msg("%s, step %d: held %ld ms", practice->what, number, (long)session_held_ms(session, step->at_ms));
    }
    if (step->left_min >= 0 && session_minutes_left(session, step->at_ms) != step->left_min) {
        fail_msg("%s, step %d: %d min left", practice->what, number, session_minutes_left(session, step->at_ms));
    }
    assert_true(session_deadline(session) > step->at_ms);
}

static void test_practices(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof practices / sizeof *practices; i++) {
        const struct practice *practice = &practices[i];
        const struct session_plan plan = {two_cards, 2, practice->auto_advance, practice->planned_s, 10};
        struct session session;
        session_begin(&session, &plan, 0);
        for (int step = 0; step < STEPS && practice->steps[step].at_ms > 0; step++) {
            check_step(practice, step, &session);
        }
    }
}

// 10 minutes show 10 in the first minute and 1 in the last, never 0.
static void test_minutes_left(void **state) {
    (void)state;
    const struct session_plan plan = {two_cards, 2, true, 600, 10};
    struct session session;
    session_resume(&session, &plan, 0, -1, 0);
    for (int64_t ms = 0; ms < 600 * S; ms += 500) {
        int expected = 10 - (int)(ms / MIN);
        assert_int_equal(session_minutes_left(&session, ms), expected);
    }
    assert_int_equal(session_minutes_left(&session, 600 * S), 1);
}

static void test_resume(void **state) {
    (void)state;
    const struct session_plan plan = {.planned_s = 600, .pause_limit_min = 10};
    struct session session;

    session_resume(&session, &plan, 100 * S, -1, 100 * S + 330 * S + 250); // killed at some time, back at 5:30.25
    assert_int_equal(session.phase, SESSION_COUNTDOWN);
    assert_int_equal(session_held_ms(&session, 100 * S + 330 * S + 250), 330 * S + 250);
    assert_true(session_deadline(&session) == 100 * S + 360 * S); // the sixth minute; the fifth is not told again

    session_resume(&session, &plan, 100 * S, -1, 100 * S + 700 * S); // zero came while nobody was there
    assert_int_equal(session_tick(&session, 800 * S), SESSION_REACHED_ZERO);
    assert_true(session.at_ms == 700 * S);
    assert_int_equal(session_press(&session, 800 * S), SESSION_CREDITED);
    assert_true(session_held_ms(&session, 800 * S) == 700 * S);

    session_resume(&session, &plan, 100 * S, 160 * S, 500 * S); // it was paused
    assert_int_equal(session.phase, SESSION_PAUSED);
    assert_true(session_held_ms(&session, 500 * S) == 60 * S);
    assert_true(session_deadline(&session) == 160 * S + 10 * MIN);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_practices),
        cmocka_unit_test(test_minutes_left),
        cmocka_unit_test(test_resume),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
