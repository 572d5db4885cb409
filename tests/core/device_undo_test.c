// The machine where something is told or taken back: undo, and troubles that follow each other.
#include "tests/support/core/device_fixture.h"

static void sit(struct bed *bed, int64_t held_ms) {
    press(bed);
    wait_ms(bed, 45 * S + held_ms);
    expect_page(bed, "countdown");
    hold(bed);
    wait_ms(bed, 5 * S);
    press(bed);
    expect_page(bed, "good-night");
    wait_ms(bed, 5 * S);
}

static void go_to_undo(struct bed *bed) {
    hold(bed);
    hold(bed);
    expect_page(bed, "undo");
}

// The second short session is taken back: the first one was done this evening all the same.
static void test_undo_leaves_the_session_before(void **state) {
    struct bed *bed = *state;
    answer_health(bed);
    boot(bed);
    sit(bed, 90 * S);
    sit(bed, 30 * S);
    go_to_undo(bed);
    press(bed);
    press_for(bed, BUTTON_BACK, 100);
    expect_page(bed, "good-night");
    go_to_undo(bed);
    press(bed);
    assert_int_equal(last_save(bed)->outcome, OUTCOME_ENDED_EARLY);
}

// Other hands delete the session, or add a later one, while the glass asks for it: a press finds nothing to take back.
static void test_undo_names_what_it_takes_back(void **state) {
    struct bed *bed = *state;
    answer_health(bed);
    boot(bed);
    sit(bed, 30 * S);
    go_to_undo(bed);
    struct device_diary empty = {0};
    send_event(bed, &(struct device_event){.kind = DEVICE_DIARY, .diary = &empty});
    expect_page(bed, "invite");
    press(bed); // meant for the page before
    expect_page(bed, "invite");
    assert_int_equal(bed->undos, 0);
}

static void send_trouble(struct bed *bed, enum page_trouble cause, bool present) {
    send_event(bed, &(struct device_event){.kind = DEVICE_TROUBLE, .trouble = {.cause = cause, .present = present}});
}

// A damaged diary keeps nothing, too: that is one trouble, told once.
static void test_a_damaged_diary_is_one_trouble(void **state) {
    struct bed *bed = *state;
    boot(bed);
    send_trouble(bed, PAGE_TROUBLE_DIARY, true);
    send_event(bed, &(struct device_event){.kind = DEVICE_KEPT, .kept = false});
    expect_page(bed, "trouble");
    assert_int_equal(bed->drawn.trouble.cause, PAGE_TROUBLE_DIARY);
    wait_ms(bed, 2 * S);
    press(bed);
    expect_page(bed, "invite");
    assert_true(bed->drawn.not_kept);
}

// A worse trouble takes the place of the one that the finger is about to dismiss.
static void test_a_press_dismisses_what_was_read(void **state) {
    struct bed *bed = *state;
    boot(bed);
    send_trouble(bed, PAGE_TROUBLE_CONFIG, true);
    wait_ms(bed, 10 * S);
    send_trouble(bed, PAGE_TROUBLE_NOT_KEPT, true);
    assert_int_equal(bed->drawn.trouble.cause, PAGE_TROUBLE_NOT_KEPT);
    press(bed);
    expect_page(bed, "trouble");
    assert_int_equal(bed->drawn.trouble.cause, PAGE_TROUBLE_NOT_KEPT);
    wait_ms(bed, 2 * S);
    press(bed);
    assert_int_equal(bed->drawn.trouble.cause, PAGE_TROUBLE_CONFIG);
}

// Where nothing outlives the power the place is the reason, and nothing is called kept; the practice goes on.
static void test_a_fleeting_place_is_one_trouble(void **state) {
    struct bed *bed = *state;
    boot(bed);
    send_trouble(bed, PAGE_TROUBLE_PLACE, true);
    send_event(bed, &(struct device_event){.kind = DEVICE_KEPT, .kept = false});
    expect_page(bed, "trouble");
    assert_int_equal(bed->drawn.trouble.cause, PAGE_TROUBLE_PLACE);
    assert_false(device_is_kept(bed->device));
    wait_ms(bed, 2 * S);
    press(bed);
    expect_page(bed, "invite");
    assert_true(bed->drawn.not_kept);
}

// What became of a damaged diary is told with a number, and that it has been read is intended.
static void test_a_restored_diary_is_told(void **state) {
    struct bed *bed = *state;
    boot(bed);
    send_event(bed, &(struct device_event){.kind = DEVICE_TROUBLE,
                                           .trouble = {.cause = PAGE_TROUBLE_LOST, .present = true, .sessions = 212}});
    expect_page(bed, "trouble");
    assert_int_equal(bed->drawn.trouble.cause, PAGE_TROUBLE_LOST);
    assert_int_equal(bed->drawn.trouble.sessions, 212);
    assert_int_equal(bed->told, PAGE_TROUBLE_NONE);
    wait_ms(bed, 2 * S);
    press(bed);
    expect_page(bed, "invite");
    assert_int_equal(bed->told, PAGE_TROUBLE_LOST);
}

// The diary could not be opened at the start: what the owner had chosen is in force as soon as it can.
static void test_choices_that_come_late(void **state) {
    struct bed *bed = *state;
    boot(bed);
    struct device_start late = {.last_known_s = 0};
    store_setting(&late.settings, DEVICE_SETTING_MINUTES,
                  &(struct device_settings){.minutes = {.chosen = 13, .configured = bed->config->minutes}});
    store_setting(&late.settings, DEVICE_SETTING_VARIANT,
                  &(struct device_settings){.variant = {.chosen = VARIANT_CHAIR, .configured = VARIANT_WALL}});
    send_event(bed, &(struct device_event){.kind = DEVICE_CHOICES, .choices = &late});
    expect_page(bed, "invite");
    assert_int_equal(bed->drawn.invite.minutes, 13);
    assert_int_equal(device_clock(bed->device)->quality, CLOCK_SYNCED); // nothing better was stored
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORY(test_undo_leaves_the_session_before),  STORY(test_undo_names_what_it_takes_back),
        STORY(test_a_damaged_diary_is_one_trouble),  STORY(test_a_press_dismisses_what_was_read),
        STORY(test_a_fleeting_place_is_one_trouble), STORY(test_a_restored_diary_is_told),
        STORY(test_choices_that_come_late),
    };
    return cmocka_run_group_tests_name("device, undo and trouble", tests, NULL, NULL);
}
