// The table of pages and gestures, said once more as karani(7), PAGES, says it.
#include "daemon/core/pages/pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

// What a page does of its own, in its own file: told by its words alone.
#define OWN NULL
#define NO  page_ignore

struct offer {
    enum page_id page;
    page_act *press;
    const char *press_does;
    page_act *hold;
    const char *hold_does;
    page_act *back, *more, *less, *info;
};

static const struct offer offers[] = {
    {PAGE_INVITE, page_begin, "begin", page_walk_on, "next page", NO, page_more, page_less, page_walk_on},
    {PAGE_GOOD_NIGHT, page_begin, "begin again", page_walk_on, "next page", NO, NO, NO, page_walk_on},
    {PAGE_MORNING, page_begin, "begin", page_walk_on, "next page", NO, NO, NO, page_walk_on},
    {PAGE_TROUBLE, OWN, "dismiss", OWN, "begin all the same", NO, NO, NO, OWN},
    {PAGE_ASK_TIME, OWN, "yes", OWN, "set the clock", page_to_idle, NO, NO, NO},
    {PAGE_HEALTH, OWN, "none of these, on", OWN, "one applies", page_to_idle, NO, NO, NO},
    {PAGE_CARD, page_session_press, "next card", page_session_hold, "leave", page_session_hold, NO, NO, NO},
    {PAGE_COUNTDOWN, page_session_press, "pause", page_session_hold, "finish now", page_session_hold, page_more,
     page_less, NO},
    {PAGE_PAUSED, page_session_press, "go on", page_session_hold, "finish now", page_session_hold, NO, NO, NO},
    {PAGE_WAY_OUT, page_session_press, "I am out", page_session_hold, "I am out", page_session_hold, NO, NO, NO},
    {PAGE_MONTH, OWN, "tonight away, or not", page_walk_on, "next page", page_to_idle, NO, NO, page_walk_on},
    {PAGE_UNDO, OWN, "keep or not mine", page_walk_on, "next page", page_to_idle, NO, NO, page_walk_on},
    {PAGE_MINUTES, OWN, "next value", page_walk_on, "next page", page_to_idle, page_more, page_less, page_walk_on},
    {PAGE_VARIANT, page_more, "next value", page_walk_on, "next page", page_to_idle, page_more, page_less,
     page_walk_on},
    {PAGE_CLOCK, OWN, "set it, next value", OWN, "next", page_to_idle, page_more, page_less, OWN},
    {PAGE_ABOUT, NO, NULL, page_walk_on, "back to the idle page", page_to_idle, NO, NO, page_walk_on},
};

static void assert_does(enum page_id page, enum gesture_kind gesture, page_act *expected) {
    static page_act *const shared[] = {page_ignore,        page_begin,        page_walk_on, page_to_idle,
                                       page_session_press, page_session_hold, page_more,    page_less};
    page_act *act = page_action(page, gesture);

    assert_non_null(act);
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++) {
        assert_int_equal(act == shared[i], expected == shared[i]);
    }
}

static void assert_words(const char *words, const char *expected) {
    assert_int_equal(words == NULL, expected == NULL);
    if (expected != NULL) {
        assert_string_equal(words, expected);
    }
}

static void test_every_gesture_on_every_page(void **state) {
    (void)state;
    assert_int_equal(sizeof offers / sizeof *offers, PAGE_COUNT);
    for (size_t i = 0; i < PAGE_COUNT; i++) {
        const struct offer *offer = &offers[i];
        const struct page_rules *page = page_rules(offer->page);
        assert_does(offer->page, GESTURE_PRESS, offer->press);
        assert_words(page->press_does, offer->press_does);
        assert_does(offer->page, GESTURE_HOLD, offer->hold);
        assert_words(page->hold_does, offer->hold_does);
        assert_does(offer->page, GESTURE_BACK, offer->back);
        assert_does(offer->page, GESTURE_MORE, offer->more);
        assert_does(offer->page, GESTURE_LESS, offer->less);
        assert_does(offer->page, GESTURE_INFO, offer->info);
    }
}

// What a linker cannot see: a hook that was given, but as nothing.
static void test_every_page_has_its_hooks(void **state) {
    (void)state;
    for (int page = 0; page < PAGE_COUNT; page++) {
        const struct page_rules *rules = page_rules((enum page_id)page);
        assert_true(rules->press != NULL && rules->hold != NULL && rules->hold_does != NULL && rules->fill != NULL);
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
        const struct page_rules *rules = page_rules((enum page_id)page);
        int64_t expected = 0;
        if (rules->class == PAGE_CLASS_INFORMATION || page == PAGE_ASK_TIME) {
            expected = 30000;
        }
        if (page == PAGE_HEALTH) {
            expected = 180000;
        }
        assert_int_equal(rules->timeout_ms, expected);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_gesture_on_every_page),
        cmocka_unit_test(test_every_page_has_its_hooks),
        cmocka_unit_test(test_walk),
        cmocka_unit_test(test_timeouts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
