// Which page offers what: for every page, what a gesture does there, and what happens when nobody touches it.
// The table of karani(7), PAGES, as data.
#ifndef KARANI_DAEMON_CORE_PAGE_RULES_H
#define KARANI_DAEMON_CORE_PAGE_RULES_H

#include "daemon/core/gesture.h"
#include "display/page/page.h"

#include <stdbool.h>
#include <stdint.h>

// What a gesture asks for. The device carries it out.
enum action {
    ACTION_NONE,      // the page ignores the gesture
    ACTION_BEGIN,     // begin a session, passing what is due
    ACTION_NEXT_INFO, // the next page of the walk month → undo → minutes → variant → clock → about → idle
    ACTION_TO_IDLE,
    ACTION_ASK_YES,     // the guessed time is right
    ACTION_ASK_SET,     // set it on `clock`, then come back
    ACTION_HEALTH_NEXT, // the next face; on the last: none of these. On the face that says to ask first: agreed
    ACTION_HEALTH_HOLD, // one applies; on the face that says to ask first: leave
    ACTION_SESSION_PRESS,
    ACTION_SESSION_HOLD,
    ACTION_TOGGLE_AWAY,
    ACTION_TOGGLE_UNDO,
    ACTION_MINUTES_CYCLE, // next value, after the last the first
    ACTION_VARIANT_CYCLE,
    ACTION_CLOCK_PRESS, // set it: the first field; while setting: the next value
    ACTION_CLOCK_HOLD,  // next information page; while setting: the next field, on the last it is set
    ACTION_MORE,        // one up (minutes, variant, a clock field), one minute more
    ACTION_LESS,
    ACTION_DISMISS, // the trouble has been read
};

enum page_class {
    PAGE_CLASS_IDLE,
    PAGE_CLASS_QUESTION,
    PAGE_CLASS_SESSION,
    PAGE_CLASS_INFORMATION, // settings included
};

struct page_rules {
    enum page_class class;
    enum action press;
    enum action hold;
    enum action value;  // what more and less do here: ACTION_MORE (then less is ACTION_LESS) or ACTION_NONE
    bool sets_value;    // every press counts at once, also during a refresh
    int64_t timeout_ms; // without a gesture the page is left; 0: never
};

const struct page_rules *page_rules(enum page_id page);

// What the gesture asks for on that page. `back` is hold in a session and leads to the idle page from information,
// settings and questions; `info` is hold on an idle or information page.
enum action page_action(enum page_id page, enum gesture_kind gesture);

// The page after this one in the walk; PAGE_COUNT stands for the idle page. `undo` is passed by when there is
// nothing to undo.
enum page_id page_next_info(enum page_id page, bool can_undo);

#endif
