// Which page offers what.
#include "daemon/core/page_rules.h"

#include <assert.h>

enum { INFORMATION_MS = 30 * 1000, ASK_TIME_MS = 30 * 1000, HEALTH_MS = 3 * 60 * 1000 };

#define IDLE        .class = PAGE_CLASS_IDLE
#define SESSION     .class = PAGE_CLASS_SESSION, .press = ACTION_SESSION_PRESS, .hold = ACTION_SESSION_HOLD
#define INFORMATION .class = PAGE_CLASS_INFORMATION, .timeout_ms = INFORMATION_MS

static const struct page_rules rules[PAGE_COUNT] = {
    [PAGE_INVITE] = {IDLE, .press = ACTION_BEGIN, .hold = ACTION_NEXT_INFO, .value = ACTION_MORE},
    [PAGE_GOOD_NIGHT] = {IDLE, .press = ACTION_BEGIN, .hold = ACTION_NEXT_INFO},
    [PAGE_MORNING] = {IDLE, .press = ACTION_BEGIN, .hold = ACTION_NEXT_INFO},
    [PAGE_TROUBLE] = {IDLE, .press = ACTION_DISMISS, .hold = ACTION_BEGIN},
    [PAGE_ASK_TIME] = {.class = PAGE_CLASS_QUESTION,
                       .press = ACTION_ASK_YES,
                       .hold = ACTION_ASK_SET,
                       .timeout_ms = ASK_TIME_MS},
    [PAGE_HEALTH] = {.class = PAGE_CLASS_QUESTION,
                     .press = ACTION_HEALTH_NEXT,
                     .hold = ACTION_HEALTH_HOLD,
                     .timeout_ms = HEALTH_MS},
    [PAGE_CARD] = {SESSION},
    [PAGE_COUNTDOWN] = {SESSION, .value = ACTION_MORE},
    [PAGE_PAUSED] = {SESSION},
    [PAGE_WAY_OUT] = {SESSION},
    [PAGE_MONTH] = {INFORMATION, .press = ACTION_TOGGLE_AWAY, .hold = ACTION_NEXT_INFO, .sets_value = true},
    [PAGE_UNDO] = {INFORMATION, .press = ACTION_TOGGLE_UNDO, .hold = ACTION_NEXT_INFO, .sets_value = true},
    [PAGE_MINUTES] = {INFORMATION, .press = ACTION_MINUTES_CYCLE, .hold = ACTION_NEXT_INFO, .value = ACTION_MORE,
                      .sets_value = true},
    [PAGE_VARIANT] = {INFORMATION, .press = ACTION_VARIANT_CYCLE, .hold = ACTION_NEXT_INFO, .value = ACTION_MORE,
                      .sets_value = true},
    [PAGE_CLOCK] = {INFORMATION, .press = ACTION_CLOCK_PRESS, .hold = ACTION_CLOCK_HOLD, .value = ACTION_MORE,
                    .sets_value = true},
    [PAGE_ABOUT] = {INFORMATION, .press = ACTION_NONE, .hold = ACTION_NEXT_INFO},
};

// After which page comes which; the idle pages lead into it.
static const enum page_id walk[] = {PAGE_MONTH, PAGE_UNDO, PAGE_MINUTES, PAGE_VARIANT, PAGE_CLOCK, PAGE_ABOUT};

const struct page_rules *page_rules(enum page_id page) {
    assert(page < PAGE_COUNT);
    return &rules[page];
}

static enum action back_action(const struct page_rules *page) {
    switch (page->class) {
    case PAGE_CLASS_SESSION:
        return page->hold;
    case PAGE_CLASS_QUESTION:
    case PAGE_CLASS_INFORMATION:
        return ACTION_TO_IDLE;
    case PAGE_CLASS_IDLE:
        break;
    }
    return ACTION_NONE;
}

enum action page_action(enum page_id page, enum gesture_kind gesture) {
    const struct page_rules *here = page_rules(page);
    bool walks = here->class == PAGE_CLASS_IDLE || here->class == PAGE_CLASS_INFORMATION;
    switch (gesture) {
    case GESTURE_PRESS:
        return here->press;
    case GESTURE_HOLD:
        return here->hold;
    case GESTURE_BACK:
        return back_action(here);
    case GESTURE_INFO:
        return walks ? here->hold : ACTION_NONE;
    case GESTURE_MORE:
        return here->value;
    case GESTURE_LESS:
        return here->value == ACTION_MORE ? ACTION_LESS : ACTION_NONE;
    }
    return ACTION_NONE;
}

enum page_id page_next_info(enum page_id page, bool can_undo) {
    const int count = (int)(sizeof walk / sizeof *walk);
    int next = 0;
    for (int i = 0; i < count; i++) {
        if (walk[i] == page) {
            next = i + 1;
        }
    }
    if (next < count && walk[next] == PAGE_UNDO && !can_undo) {
        next++;
    }
    return next < count ? walk[next] : PAGE_COUNT;
}
