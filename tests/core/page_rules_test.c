// The table of pages and gestures, said once more as karani(7), PAGES, says it.
#include "daemon/core/page_rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct offer {
    enum page_id page;
    enum action press, hold, back, more, less, info;
};

#define NO ACTION_NONE

static const struct offer offers[] = {
    {PAGE_INVITE, ACTION_BEGIN, ACTION_NEXT_INFO, NO, ACTION_MORE, ACTION_LESS, ACTION_NEXT_INFO},
    {PAGE_GOOD_NIGHT, ACTION_BEGIN, ACTION_NEXT_INFO, NO, NO, NO, ACTION_NEXT_INFO},
    {PAGE_MORNING, ACTION_BEGIN, ACTION_NEXT_INFO, NO, NO, NO, ACTION_NEXT_INFO},
    {PAGE_TROUBLE, ACTION_DISMISS, ACTION_BEGIN, NO, NO, NO, ACTION_BEGIN},
    {PAGE_ASK_TIME, ACTION_ASK_YES, ACTION_ASK_SET, ACTION_TO_IDLE, NO, NO, NO},
    {PAGE_HEALTH, ACTION_HEALTH_NEXT, ACTION_HEALTH_HOLD, ACTION_TO_IDLE, NO, NO, NO},
    {PAGE_CARD, ACTION_SESSION_PRESS, ACTION_SESSION_HOLD, ACTION_SESSION_HOLD, NO, NO, NO},
    {PAGE_COUNTDOWN, ACTION_SESSION_PRESS, ACTION_SESSION_HOLD, ACTION_SESSION_HOLD, ACTION_MORE, ACTION_LESS, NO},
    {PAGE_PAUSED, ACTION_SESSION_PRESS, ACTION_SESSION_HOLD, ACTION_SESSION_HOLD, NO, NO, NO},
    {PAGE_WAY_OUT, ACTION_SESSION_PRESS, ACTION_SESSION_HOLD, ACTION_SESSION_HOLD, NO, NO, NO},
    {PAGE_MONTH, ACTION_TOGGLE_AWAY, ACTION_NEXT_INFO, ACTION_TO_IDLE, NO, NO, ACTION_NEXT_INFO},
    {PAGE_UNDO, ACTION_TOGGLE_UNDO, ACTION_NEXT_INFO, ACTION_TO_IDLE, NO, NO, ACTION_NEXT_INFO},
    {PAGE_MINUTES, ACTION_MINUTES_CYCLE, ACTION_NEXT_INFO, ACTION_TO_IDLE, ACTION_MORE, ACTION_LESS, ACTION_NEXT_INFO},
    {PAGE_VARIANT, ACTION_VARIANT_CYCLE, ACTION_NEXT_INFO, ACTION_TO_IDLE, ACTION_MORE, ACTION_LESS, ACTION_NEXT_INFO},
    {PAGE_CLOCK, ACTION_CLOCK_PRESS, ACTION_CLOCK_HOLD, ACTION_TO_IDLE, ACTION_MORE, ACTION_LESS, ACTION_CLOCK_HOLD},
    {PAGE_ABOUT, NO, ACTION_NEXT_INFO, ACTION_TO_IDLE, NO, NO, ACTION_NEXT_INFO},
};

static void test_every_gesture_on_every_page(void **state) {
    (void)state;
    assert_int_equal(sizeof offers / sizeof *offers, PAGE_COUNT);
    for (size_t i = 0; i < PAGE_COUNT; i++) {
        const struct offer *offer = &offers[i];
        assert_int_equal(page_action(offer->page, GESTURE_PRESS), offer->press);
        assert_int_equal(page_action(offer->page, GESTURE_HOLD), offer->hold);
        assert_int_equal(page_action(offer->page, GESTURE_BACK), offer->back);
        assert_int_equal(page_action(offer->page, GESTURE_MORE), offer->more);
        assert_int_equal(page_action(offer->page, GESTURE_LESS), offer->less);
        assert_int_equal(page_action(offer->page, GESTURE_INFO), offer->info);
    }
}

static void test_walk(void **state) {
    (void)state;
    static const enum page_id with_undo[] = {PAGE_MONTH, PAGE_UNDO,  PAGE_MINUTES, PAGE_VARIANT,
                                             PAGE_CLOCK, PAGE_ABOUT, PAGE_COUNT};
    static const enum page_id without[] = {PAGE_MONTH, PAGE_MINUTES, PAGE_VARIANT, PAGE_CLOCK, PAGE_ABOUT, PAGE_COUNT};
    enum page_id page = PAGE_INVITE;
    for (size_t i = 0; i < sizeof with_undo / sizeof *with_undo; i++) {
        assert_int_equal(page = page_next_info(page, true), with_undo[i]);
    }
    page = PAGE_MORNING;
    for (size_t i = 0; i < sizeof without / sizeof *without; i++) {
        assert_int_equal(page = page_next_info(page, false), without[i]);
    }
}

static void test_timeouts(void **state) {
    (void)state;
    for (int page = 0; page < PAGE_COUNT; page++) {
        const struct page_rules *manners = page_rules((enum page_id)page);
        int64_t expected = 0;
        if (manners->class == PAGE_CLASS_INFORMATION || page == PAGE_ASK_TIME) {
            expected = 30000;
        }
        if (page == PAGE_HEALTH) {
            expected = 180000;
        }
        assert_int_equal(manners->timeout_ms, expected);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_gesture_on_every_page),
        cmocka_unit_test(test_walk),
        cmocka_unit_test(test_timeouts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
