// What every page is to the device: its class, what a gesture does there, what it shows, and what happens when nobody
// touches it. The table of karani(7), PAGES, one file a page (daemon/core/pages).
#ifndef KARANI_DAEMON_CORE_PAGE_RULES_H
#define KARANI_DAEMON_CORE_PAGE_RULES_H

#include "daemon/core/clock.h"
#include "daemon/core/gesture.h"
#include "display/page/page.h"

#include <stdbool.h>
#include <stdint.h>

struct device;

enum page_class {
    PAGE_CLASS_IDLE,
    PAGE_CLASS_QUESTION,
    PAGE_CLASS_SESSION,
    PAGE_CLASS_INFORMATION, // settings included; walked through in the order of PAGES
};

typedef void page_act(struct device *device, struct moment at, const char *why);
typedef void page_change(struct device *device, int by, struct moment at, const char *why);
typedef void page_fill(const struct device *device, struct moment at, struct view *view);

struct page_rules {
    enum page_class class;
    page_act *press;
    const char *press_does; // in a word or two, for tools; NULL: nothing
    page_act *hold;
    const char *hold_does;
    page_change *value; // what more (by 1) and less (by -1) change; NULL: nothing
    bool sets_value;    // every press counts at once, also during a refresh
    int64_t timeout_ms; // without a gesture the page is left; 0: never
    page_fill *fill;    // the member of the view that is the page's; all of it is 0
};

const struct page_rules *page_rules(enum page_id page);

// What the gesture asks for on that page. `back` is hold in a session and leads to the idle page from information,
// settings and questions; `info` is hold on an idle or information page.
page_act *page_action(enum page_id page, enum gesture_kind gesture);

// The page after this one in the walk, which idle pages lead into; PAGE_COUNT stands for the idle page. `undo` is
// passed by when there is nothing to undo.
enum page_id page_next_info(enum page_id page, bool can_undo);

#endif
