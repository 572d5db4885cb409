// The machine in the first evening of a clock that nobody has set, and a clock that steps in a session.
#include "tests/support/core/device_fixture.h"

static void test_unknown_time(void **state) {
    struct bed *bed = *state;
    answer_health(bed);
    bed->start.synchronised = false;
    bed->start.last_known_s = evening_ms / 1000 - HOUR / S;
    bed->now.system_ms = 0; // 1970: the board forgot
    boot(bed);
    expect_page(bed, "invite");
    press(bed);
    expect_page(bed, "ask-time");
    assert_true(bed->drawn.ask_time.guess);
    assert_int_equal(bed->drawn.ask_time.time.hour, 20);
    assert_int_equal(bed->drawn.ask_time.time.minute, 40);
    wait_ms(bed, 30 * S); // no answer: on with it, quality unchanged
    expect_page(bed, "card:sit");
    wait_ms(bed, 45 * S);
    assert_int_equal(last_save(bed)->clock, CLOCK_RESTORED);
    assert_int_equal(last_save(bed)->night, night_from_date(2026, 3, 28));
    wait_ms(bed, 10 * MIN);
    wait_ms(bed, 5 * S);
    press(bed);
    expect_page(bed, "good-night");
    assert_int_equal(bed->drawn.good_night.weekday, -1); // no date as if it were true
    wait_ms(bed, 8 * HOUR - S);
    expect_page(bed, "good-night");
    wait_ms(bed, 2 * S);
    expect_page(bed, "invite");
    wait_ms(bed, 5 * S);
    press(bed); // once per boot
    expect_page(bed, "card:sit");
}

static void test_yes_makes_it_set(void **state) {
    struct bed *bed = *state;
    answer_health(bed);
    bed->start.synchronised = false;
    bed->start.last_known_s = evening_ms / 1000;
    bed->now.system_ms = 0;
    boot(bed);
    press(bed);
    press(bed);
    expect_page(bed, "card:sit");
    assert_int_equal(device_clock(bed->device)->quality, CLOCK_SET);
    wait_ms(bed, 45 * S);
    assert_int_equal(last_save(bed)->clock, CLOCK_SET);
}

static void test_setting_the_clock(void **state) {
    struct bed *bed = *state;
    answer_health(bed);
    bed->start.synchronised = false;
    bed->now.system_ms = 0;
    boot(bed);
    press(bed);
    expect_page(bed, "ask-time");
    assert_false(bed->drawn.ask_time.guess);
    hold(bed);
    expect_page(bed, "clock");
    // From 2026-01-01 21:00: year 2026, month +2 → March, day −4 → 28, hour 21, tens +4, minutes +5.
    static const int presses[] = {0, 2, 27, 0, 4, 5};
    for (size_t field = 0; field < 6; field++) {
        for (int i = 0; i < presses[field]; i++) {
            press(bed);
            wait_ms(bed, 50);
        }
        hold(bed);
        wait_ms(bed, 50);
    }
    expect_page(bed, "card:sit"); // back to the session that was about to begin
    int64_t local_s = clock_local_s(device_clock(bed->device), bed->now);
    assert_int_equal(night_date_of_local(local_s), night_from_date(2026, 3, 28));
    assert_in_range(local_s % 86400, 21 * 3600 + 45 * 60, 21 * 3600 + 45 * 60 + 5);
    assert_int_equal(device_clock(bed->device)->quality, CLOCK_SET);
}

// A session under `unset` gets its night when NTP comes; its countdown is untouched.
static void test_correction_moves_the_running_session(void **state) {
    struct bed *bed = *state;
    answer_health(bed);
    bed->start.synchronised = false;
    bed->now.system_ms = 0;
    boot(bed);
    press(bed);
    press(bed); // go on without
    wait_ms(bed, 45 * S);
    expect_page(bed, "countdown");
    assert_int_equal(last_save(bed)->night, NIGHT_NONE);
    int64_t started_s = last_save(bed)->started_utc_s;
    wait_ms(bed, 2 * MIN);
    bed->now.system_ms += evening_ms; // NTP steps the clock, then says so
    send_event(bed, &(struct device_event){.kind = DEVICE_CLOCK_SYNCED});
    assert_int_equal(bed->corrections, 1);
    assert_true(bed->correct_difference_s == evening_ms / 1000);
    expect_page(bed, "countdown");
    wait_ms(bed, MIN);
    assert_int_equal(last_save(bed)->held_s, 180);
    assert_true(last_save(bed)->started_utc_s == started_s + evening_ms / 1000);
    assert_int_equal(last_save(bed)->night, night_from_date(2026, 3, 28));
    assert_int_equal(last_save(bed)->clock, CLOCK_SYNCED);
}

static void test_step_never_touches_a_countdown(void **state) {
    struct bed *bed = *state;
    answer_health(bed);
    boot(bed);
    press(bed);
    wait_ms(bed, 45 * S + 90 * S);
    bed->now.system_ms += 5 * HOUR;
    send_event(bed, &(struct device_event){.kind = DEVICE_TIME});
    expect_page(bed, "countdown");
    assert_int_equal(bed->drawn.countdown.minutes_left, 9);
    wait_ms(bed, 8 * MIN + 30 * S);
    expect_page(bed, "way-out");
    assert_int_equal(last_save(bed)->held_s, 600);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORY(test_unknown_time),
        STORY(test_yes_makes_it_set),
        STORY(test_setting_the_clock),
        STORY(test_correction_moves_the_running_session),
        STORY(test_step_never_touches_a_countdown),
    };
    return cmocka_run_group_tests_name("device, time", tests, NULL, NULL);
}
