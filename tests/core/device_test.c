// The machine with no input or output of its own, told as evenings: what the finger does, what page is up, what is
// written.
#include "tests/support/core/device_fixture.h"

static void test_plain_evening(void **state) {
    struct bed *bed = *state;
    boot(bed);
    expect_page(bed, "invite");
    assert_int_equal(bed->full_draws, 1);
    press(bed);
    expect_page(bed, "health");
    wait_ms(bed, 5 * S);
    press(bed);
    wait_ms(bed, 5 * S);
    press(bed);
    expect_page(bed, "card:sit");
    assert_int_equal(bed->settings.health.answer, HEALTH_NONE_APPLIES);
    wait_ms(bed, 25 * S);
    expect_page(bed, "card:lie");
    assert_int_equal(bed->save_count, 0);
    wait_ms(bed, 20 * S);
    expect_page(bed, "countdown");
    assert_int_equal(bed->save_count, 1);
    assert_int_equal(last_save(bed)->outcome, OUTCOME_RUNNING);
    assert_int_equal(last_save(bed)->night, night_from_date(2026, 3, 28));
    assert_int_equal(last_save(bed)->utc_offset_s, 3600);
    assert_int_equal(bed->drawn.countdown.minutes_left, 10);
    wait_ms(bed, 9 * MIN);
    assert_int_equal(bed->drawn.countdown.minutes_left, 1);
    assert_int_equal(bed->save_count, 10); // the start and nine whole minutes
    assert_int_equal(last_save(bed)->held_s, 540);
    wait_ms(bed, MIN);
    expect_page(bed, "way-out");
    assert_int_equal(bed->cues, 1);
    assert_int_equal(last_save(bed)->outcome, OUTCOME_FINISHED);
    assert_int_equal(last_save(bed)->held_s, 600);
    wait_ms(bed, 90 * S);
    press(bed);
    expect_page(bed, "good-night");
    assert_int_equal(last_save(bed)->overtime_s, 90);
    assert_int_equal(last_save(bed)->held_s, 690);
    assert_int_equal(bed->drawn.good_night.minutes, 11);
    assert_int_equal(bed->drawn.good_night.weekday, 5);
    assert_int_equal(bed->full_draws, 3); // boot, countdown, good-night
    wait_ms(bed, 9 * HOUR);
    expect_page(bed, "morning");
    assert_int_equal(bed->drawn.morning.last7, 1);
    assert_int_equal(bed->drawn.morning.last_minutes, 11);
}

struct idle_case {
    const char *what;
    int64_t system_ms;
    bool practised; // the night of the 28th has ten minutes, begun 20:50 local
    const char *page;
};

// Berlin in March: UTC+1. 2026-03-28 12:00 UTC is 1774699200.
#define UTC_28(h, m) ((INT64_C(1774656000) + (h)*3600 + (m)*60) * 1000)

static const struct idle_case idle_cases[] = {
    {"an evening after 20:30", UTC_28(19, 30), false, "invite"},
    {"a second before 20:30", UTC_28(19, 30) - 1000, false, "morning"},
    {"half past six", UTC_28(5, 30), false, "morning"},
    {"a second before half past six", UTC_28(5, 30) - 1000, false, "invite"},
    {"noon", UTC_28(11, 0), false, "morning"},
    {"practised, then the evening", UTC_28(20, 30), true, "good-night"},
    {"practised, after midnight (the clock jumps at two)", UTC_28(24, 30), true, "good-night"},
    {"practised, next morning", UTC_28(24 + 5, 0), true, "morning"},
    {"practised yesterday, next evening", UTC_28(24 + 19, 0), true, "invite"},
};

static void test_idle_page(void **state) {
    struct bed *bed = *state;
    for (size_t i = 0; i < sizeof idle_cases / sizeof *idle_cases; i++) {
        const struct idle_case *row = &idle_cases[i];
        bed->now.system_ms = row->system_ms;
        bed->start.diary = (struct device_diary){0};
        if (row->practised) {
            bed->start.diary.has_last = true;
            bed->start.diary.last = (struct session_record){.night = night_from_date(2026, 3, 28),
                                                            .started_utc_s = UTC_28(19, 50) / 1000,
                                                            .held_s = 600,
                                                            .outcome = OUTCOME_FINISHED};
            bed->start.diary.last_done_utc_s = UTC_28(19, 50) / 1000;
            assert_int_equal(habit_log_add(&bed->start.diary.log, night_from_date(2026, 3, 28), 600), 0);
        }
        boot(bed);
        if (strcmp(device_page_name(bed->device), row->page) != 0) {
            fail_msg("%s: %s instead of %s", row->what, device_page_name(bed->device), row->page);
        }
        device_free(bed->device);
        bed->device = NULL;
    }
}

// A short session that is not practised, but has left the way out since 20:30, brings good-night too.
static void test_short_session_brings_good_night(void **state) {
    struct bed *bed = *state;
    answer_health(bed);
    boot(bed);
    press(bed);
    wait_ms(bed, 45 * S);
    expect_page(bed, "countdown");
    wait_ms(bed, 30 * S);
    hold(bed);
    expect_page(bed, "way-out");
    assert_int_equal(last_save(bed)->outcome, OUTCOME_ENDED_EARLY);
    wait_ms(bed, 5 * S);
    press(bed);
    expect_page(bed, "good-night");
    wait_ms(bed, 23 * HOUR); // the next evening: nobody has practised, a new invitation
    expect_page(bed, "invite");
}

static void test_leaving_the_cards_logs_nothing(void **state) {
    struct bed *bed = *state;
    answer_health(bed);
    boot(bed);
    press(bed);
    expect_page(bed, "card:sit");
    hold(bed);
    expect_page(bed, "invite");
    wait_ms(bed, 10 * MIN);
    assert_int_equal(bed->save_count, 0);
}

static void test_restart_in_the_same_boot(void **state) {
    struct bed *bed = *state;
    answer_health(bed);
    boot(bed);
    press(bed);
    wait_ms(bed, 45 * S + 3 * MIN + 20 * S);
    bed->start.diary = (struct device_diary){.has_last = true, .last = *last_save(bed)};
    assert_int_equal(habit_log_add(&bed->start.diary.log, last_save(bed)->night, last_save(bed)->held_s), 0);
    device_free(bed->device);
    pass(bed, 5 * S); // the daemon was away for five seconds, the practice was not
    boot(bed);
    expect_page(bed, "countdown");
    assert_int_equal(bed->drawn.countdown.minutes_left, 7);
    wait_ms(bed, 35 * S);
    assert_int_equal(last_save(bed)->held_s, 240);
    wait_ms(bed, 6 * MIN);
    expect_page(bed, "way-out");
    assert_int_equal(last_save(bed)->held_s, 600);
}

// A long sleep of the whole board: everything due is caught up in order, and the row is saved once.
static void test_late_wake(void **state) {
    struct bed *bed = *state;
    answer_health(bed);
    boot(bed);
    press(bed);
    wait_ms(bed, 46 * S);
    int saves = bed->save_count;
    pass(bed, 25 * MIN);
    send_event(bed, &(struct device_event){.kind = DEVICE_TIME});
    expect_page(bed, "way-out");
    assert_int_equal(bed->save_count, saves + 1);
    assert_int_equal(last_save(bed)->held_s, 600);
}

static void test_trouble(void **state) {
    struct bed *bed = *state;
    answer_health(bed);
    boot(bed);
    send_event(bed, &(struct device_event){.kind = DEVICE_KEPT, .kept = false});
    expect_page(bed, "trouble");
    assert_int_equal(bed->drawn.trouble.cause, PAGE_TROUBLE_NOT_KEPT);
    wait_ms(bed, 2 * S);
    press(bed);
    expect_page(bed, "invite");
    assert_true(bed->drawn.not_kept);
    send_event(bed, &(struct device_event){.kind = DEVICE_KEPT, .kept = false}); // nothing new
    expect_page(bed, "invite");
    send_event(bed, &(struct device_event){.kind = DEVICE_KEPT, .kept = true});
    assert_false(bed->drawn.not_kept);
    send_event(bed, &(struct device_event){.kind = DEVICE_KEPT, .kept = false});
    expect_page(bed, "invite"); // once per cause and boot
    static const struct page_place place = {.file = "karani.conf", .line = 12, .key = "minutes"};
    send_event(bed, &(struct device_event){.kind = DEVICE_TROUBLE,
                                           .trouble = {.cause = PAGE_TROUBLE_PANEL, .present = true, .place = &place}});
    expect_page(bed, "trouble");
    assert_ptr_equal(bed->drawn.trouble.place, &place);
    wait_ms(bed, 2 * S);
    press(bed);
    expect_page(bed, "invite");
    wait_ms(bed, HOUR); // nobody can have read it on a dead glass: it is told when the panel is back
    send_event(bed, &(struct device_event){.kind = DEVICE_TROUBLE, .trouble = {.cause = PAGE_TROUBLE_PANEL}});
    expect_page(bed, "trouble");
    wait_ms(bed, 2 * S);
    hold(bed); // a session all the same
    expect_page(bed, "card:sit");
    hold(bed);
    expect_page(bed, "invite");
}

// A panel that was dead in the countdown answers again before the idle page comes: the owner is told all the same.
static void test_panel_trouble_is_told_afterwards(void **state) {
    struct bed *bed = *state;
    answer_health(bed);
    boot(bed);
    press(bed);
    wait_ms(bed, 46 * S);
    send_event(
        bed, &(struct device_event){.kind = DEVICE_TROUBLE, .trouble = {.cause = PAGE_TROUBLE_PANEL, .present = true}});
    expect_page(bed, "countdown");
    send_event(bed, &(struct device_event){.kind = DEVICE_TROUBLE, .trouble = {.cause = PAGE_TROUBLE_PANEL}});
    wait_ms(bed, 10 * MIN + 5 * S);
    press(bed);
    expect_page(bed, "trouble");
    assert_int_equal(device_trouble(bed->device), PAGE_TROUBLE_PANEL);
    wait_ms(bed, 2 * S);
    press(bed);
    expect_page(bed, "good-night");
    assert_int_equal(device_trouble(bed->device), PAGE_TROUBLE_NONE);
}

static void test_hints(void **state) {
    struct bed *bed = *state;
    for (int32_t night = 0; night < 3; night++) {
        assert_int_equal(habit_log_add(&bed->start.diary.log, night_from_date(2026, 3, 20) + night, 600), 0);
    }
    boot(bed);
    assert_false(bed->drawn.hint);    // three evenings have been
    press_for(bed, BUTTON_BACK, 100); // not offered here: the next page says what is
    hold(bed);
    assert_true(bed->drawn.hint);
    hold(bed);
    assert_false(bed->drawn.hint);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORY(test_plain_evening),
        STORY(test_idle_page),
        STORY(test_short_session_brings_good_night),
        STORY(test_leaving_the_cards_logs_nothing),
        STORY(test_restart_in_the_same_boot),
        STORY(test_late_wake),
        STORY(test_trouble),
        STORY(test_panel_trouble_is_told_afterwards),
        STORY(test_hints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
