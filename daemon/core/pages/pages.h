// What the pages are made of: acts that several share, what they show alike, and the form of a page's rules.
#ifndef KARANI_DAEMON_CORE_PAGES_PAGES_H
#define KARANI_DAEMON_CORE_PAGES_PAGES_H

#include "daemon/core/device/state.h"
#include "daemon/core/page_rules.h"

enum { PAGE_INFORMATION_MS = 30 * 1000 };

// Defines page_NAME_rules from `.field = value`, each field once and in any order: one that is left out does not
// compile, and one that comes twice is an error of -Woverride-init.
#define PAGE_RULES(page, class, press, press_does, hold, hold_does, value, sets_value, timeout_ms, fill)               \
    const struct page_rules page_##page##_rules = {class, press,      press_does, hold, hold_does,                     \
                                                   value, sets_value, timeout_ms, fill}

#define PAGE_DECLARE(id, page, ...) extern const struct page_rules page_##page##_rules;
PAGES(PAGE_DECLARE)
#undef PAGE_DECLARE

// device/gestures.c
void page_ignore(struct device *device, struct moment at, const char *why);
void page_begin(struct device *device, struct moment at, const char *why);   // a session, passing what is due
void page_walk_on(struct device *device, struct moment at, const char *why); // to the next page of the walk
void page_to_idle(struct device *device, struct moment at, const char *why);
void page_session_press(struct device *device, struct moment at, const char *why);
void page_session_hold(struct device *device, struct moment at, const char *why);
void page_more(struct device *device, struct moment at, const char *why); // the page's value, one up
void page_less(struct device *device, struct moment at, const char *why);

// minutes.c: the minutes of the next session, within what the glass offers.
void page_change_minutes(struct device *device, int by, struct moment at, const char *why);

// card.c: a card of the routine, as it is said for the chosen variant.
void page_card_view(const struct device *device, size_t routine_card, int index, int count, struct view *view);

// device/view.c
int page_weekday(const struct device *device, int32_t night); // -1 while it is not known
struct page_time page_local_time(const struct device *device, struct moment at);
enum page_mark page_mark_of(enum habit_state state);
enum page_clock_quality page_clock_quality_of(const struct device *device);

#endif
