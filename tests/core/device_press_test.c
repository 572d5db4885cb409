// The machine under the finger: presses around a turn and during a refresh, the walk and its timeouts, the questions.
#include "tests/support/core/device_fixture.h"

// ---- presses around a page that turns by itself ------------------------------------------------------------------

static void test_press_around_a_turn(void **state) {
    struct bed *bed = *state;
    answer_health(bed);
    boot(bed);
    press(bed);
    wait_ms(bed, 25 * S - 60); // down 60 ms before the card turns
    press(bed);
    expect_page(bed, "card:lie");
    wait_ms(bed, 900 - 60); // down 900 ms after it
    press(bed);
    expect_page(bed, "card:lie");
    wait_ms(bed, 200); // more than a second after it
    press(bed);
    expect_page(bed, "countdown");
}

static void test_hold_over_a_turn_leaves_the_cards(void **state) {
    struct bed *bed = *state;
    answer_health(bed);
    boot(bed);
    press(bed);
    wait_ms(bed, 25 * S - 100);
    hold(bed); // begun on one card, decided on the next: it means the same on both
    expect_page(bed, "invite");
}

static void test_hold_over_zero_does_not_skip_the_way_out(void **state) {
    struct bed *bed = *state;
    answer_health(bed);
    bed->config->minutes = 5;
    boot(bed);
    press(bed);
    wait_ms(bed, 45 * S + 5 * MIN - 200);
    expect_page(bed, "countdown");
    hold(bed);
    expect_page(bed, "way-out");
    assert_int_equal(last_save(bed)->outcome, OUTCOME_FINISHED);
    assert_int_equal(last_save(bed)->held_s, 300);
}

// ---- presses during a refresh ------------------------------------------------------------------------------------

static void test_one_press_is_kept(void **state) {
    struct bed *bed = *state;
    answer_health(bed);
    bed->slow_glass = true;
    boot(bed);
    wait_ms(bed, 2 * S);
    press(bed); // turns to sit at once; its refresh takes 500 ms
    expect_page(bed, "card:sit");
    wait_ms(bed, 50);
    press(bed); // kept
    expect_page(bed, "card:sit");
    wait_ms(bed, 20);
    press(bed); // one too many
    wait_ms(bed, 2 * S);
    expect_page(bed, "card:lie");
}

static void test_kept_press_never_answers_health(void **state) {
    struct bed *bed = *state;
    bed->slow_glass = true;
    boot(bed);
    wait_ms(bed, 2 * S);
    press(bed);
    expect_page(bed, "health");
    press(bed); // while the question is being drawn
    wait_ms(bed, 2 * S);
    assert_string_equal(bed->drawn.health.title, "One");
    press(bed);
    assert_string_equal(bed->drawn.health.title, "Two");
}

static void test_values_count_every_press(void **state) {
    struct bed *bed = *state;
    bed->slow_glass = true;
    boot(bed);
    wait_ms(bed, 2 * S);
    for (int i = 0; i < 2; i++) { // month, minutes (nothing to undo)
        hold(bed);
        wait_ms(bed, S);
    }
    expect_page(bed, "minutes");
    for (int i = 0; i < 4; i++) {
        press(bed);
        wait_ms(bed, 40);
    }
    assert_int_equal(bed->drawn.minutes.minutes, 14);
    for (int i = 0; i < 2; i++) {
        press(bed);
        wait_ms(bed, 40);
    }
    assert_int_equal(bed->drawn.minutes.minutes, 5); // after 15 comes 5
    assert_int_equal(bed->settings.minutes.chosen, 5);
    assert_int_equal(bed->settings.minutes.configured, 10);
}

// ---- the walk and its timeouts ----------------------------------------------------------------------------------

static void test_walk_and_timeout(void **state) {
    struct bed *bed = *state;
    static const char *const walk[] = {"month", "minutes", "variant", "clock", "about", "invite"};
    boot(bed);
    for (size_t i = 0; i < sizeof walk / sizeof *walk; i++) {
        hold(bed);
        expect_page(bed, walk[i]);
        wait_ms(bed, S);
    }
    hold(bed);
    wait_ms(bed, 29 * S);
    expect_page(bed, "month");
    wait_ms(bed, 2 * S);
    expect_page(bed, "invite");
}

static void test_five_buttons(void **state) {
    struct bed *bed = *state;
    answer_health(bed);
    boot(bed);
    press_for(bed, BUTTON_INFO, 100);
    expect_page(bed, "month");
    press_for(bed, BUTTON_BACK, 100);
    expect_page(bed, "invite");
    press_for(bed, BUTTON_MORE, 100);
    assert_int_equal(bed->drawn.invite.minutes, 11);
    press_for(bed, BUTTON_LESS, 100);
    press_for(bed, BUTTON_LESS, 100);
    assert_int_equal(bed->drawn.invite.minutes, 9);
    press(bed);
    wait_ms(bed, 50 * S);
    expect_page(bed, "countdown");
    press_for(bed, BUTTON_MORE, 100);
    assert_int_equal(bed->drawn.countdown.minutes_left, 10);
    press_for(bed, BUTTON_INFO, 100); // not offered here
    expect_page(bed, "countdown");
    press_for(bed, BUTTON_BACK, 100);
    expect_page(bed, "way-out");
    assert_int_equal(last_save(bed)->planned_s, 600);
}

static void test_away_and_undo(void **state) {
    struct bed *bed = *state;
    answer_health(bed);
    boot(bed);
    hold(bed);
    press(bed);
    assert_true(bed->away);
    assert_int_equal(bed->drawn.month.nights[27], PAGE_MARK_AWAY);
    press(bed);
    assert_false(bed->away);
    assert_int_equal(bed->drawn.month.nights[27], PAGE_MARK_PENDING);
    wait_ms(bed, 31 * S);
    wait_ms(bed, 2 * S);
    press(bed);
    wait_ms(bed, 46 * S + 4 * MIN);
    hold(bed);
    press(bed);
    expect_page(bed, "good-night");
    hold(bed);
    hold(bed);
    expect_page(bed, "undo");
    press(bed);
    assert_int_equal(last_save(bed)->outcome, OUTCOME_NOT_MINE);
    assert_int_equal(bed->undos, 1);
    press_for(bed, BUTTON_BACK, 100);
    expect_page(bed, "invite"); // as if it had not been
    hold(bed);
    hold(bed);
    press(bed);
    assert_int_equal(last_save(bed)->outcome, OUTCOME_ENDED_EARLY);
    press_for(bed, BUTTON_BACK, 100);
    expect_page(bed, "good-night");
}

// ---- health -----------------------------------------------------------------------------------------------------

static void test_health_one_applies(void **state) {
    struct bed *bed = *state;
    boot(bed);
    press(bed);
    assert_false(bed->drawn.answers);
    hold(bed);
    assert_string_equal(bed->drawn.health.title, "Ask");
    assert_true(bed->drawn.answers); // its own words say what press and hold do
    hold(bed);
    expect_page(bed, "invite");
    wait_ms(bed, 5 * S);
    press(bed); // that face alone before every later session
    assert_string_equal(bed->drawn.health.title, "Ask");
    press(bed);                   // my doctor agreed
    expect_page(bed, "card:lie"); // the chair has no card `sit` here
    assert_int_equal(bed->settings.variant.chosen, VARIANT_CHAIR);
    assert_int_equal(bed->settings.variant.configured, VARIANT_WALL);
    assert_int_equal(bed->settings.health.answer, HEALTH_AGREED);
}

static void test_health_unanswered_stays_open(void **state) {
    struct bed *bed = *state;
    boot(bed);
    press(bed);
    expect_page(bed, "health");
    wait_ms(bed, 3 * MIN);
    expect_page(bed, "invite");
    assert_false(bed->settings.has[DEVICE_SETTING_HEALTH]);
    wait_ms(bed, 5 * S);
    press(bed);
    expect_page(bed, "health");
}

static void test_health_again_after_a_year(void **state) {
    struct bed *bed = *state;
    const int64_t year_s = INT64_C(365) * 24 * 3600;
    answer_health_at(bed, evening_ms / 1000 - year_s + 5);
    boot(bed);
    press(bed);
    expect_page(bed, "card:sit");
    hold(bed);
    wait_ms(bed, 10 * S);
    press(bed);
    expect_page(bed, "health");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORY(test_press_around_a_turn),
        STORY(test_hold_over_a_turn_leaves_the_cards),
        STORY(test_hold_over_zero_does_not_skip_the_way_out),
        STORY(test_one_press_is_kept),
        STORY(test_kept_press_never_answers_health),
        STORY(test_values_count_every_press),
        STORY(test_walk_and_timeout),
        STORY(test_five_buttons),
        STORY(test_away_and_undo),
        STORY(test_health_one_applies),
        STORY(test_health_unanswered_stays_open),
        STORY(test_health_again_after_a_year),
    };
    return cmocka_run_group_tests_name("device, presses", tests, NULL, NULL);
}
