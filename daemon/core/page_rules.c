// Which page offers what, found by its id.
#include "daemon/core/page_rules.h"

#include "daemon/core/pages/pages.h"

#include <assert.h>

#define PAGE_RULES_OF(id, page, ...) [PAGE_##id] = &page_##page##_rules,
static const struct page_rules *const rules[] = {PAGES(PAGE_RULES_OF)};

const struct page_rules *page_rules(enum page_id page) {
    assert((unsigned)page < PAGE_COUNT);
    return rules[page];
}

static page_act *back_action(const struct page_rules *page) {
    switch (page->class) {
    case PAGE_CLASS_SESSION:
        return page->hold;
    case PAGE_CLASS_QUESTION:
    case PAGE_CLASS_INFORMATION:
        return page_to_idle;
    case PAGE_CLASS_IDLE:
        break;
    }
    return page_ignore;
}

page_act *page_action(enum page_id page, enum gesture_kind gesture) {
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
        return walks ? here->hold : page_ignore;
    case GESTURE_MORE:
        return here->value ? page_more : page_ignore;
    case GESTURE_LESS:
        return here->value ? page_less : page_ignore;
    }
    return page_ignore;
}

enum page_id page_next_info(enum page_id page, bool can_undo) {
    int next = page_rules(page)->class == PAGE_CLASS_INFORMATION ? (int)page + 1 : 0;
    while (next < PAGE_COUNT && (rules[next]->class != PAGE_CLASS_INFORMATION || (next == PAGE_UNDO && !can_undo))) {
        next++;
    }
    return (enum page_id)next;
}
