// The machine without hands, told as evenings: what the finger does, what page is up, what is written.
#include "tests/bed.h"

// ---- stories --------------------------------------------------------------------------------------------------

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
    assert_int_equal(strncmp(bed->settings[DEVICE_SETTING_HEALTH], "none-applies ", 13), 0);
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
            bed->start.diary.last = (struct diary_session){.night = night_from_date(2026, 3, 28),
                                                           .started_utc_s = UTC_28(19, 50) / 1000,
                                                           .held_s = 600,
                                                           .outcome = OUTCOME_FINISHED};
            bed->start.diary.last_done_utc_s = UTC_28(19, 50) / 1000;
            assert_int_equal(habit_log_add(&bed->start.diary.log, night_from_date(2026, 3, 28), 600), 0);
        }
        boot(bed);
        if (strcmp(device_page_name(bed->device), row->page) != 0)
            fail_msg("%s: %s instead of %s", row->what, device_page_name(bed->device), row->page);
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
    assert_string_equal(bed->settings[DEVICE_SETTING_MINUTES], "5 10");
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
    assert_string_equal(bed->settings[DEVICE_SETTING_VARIANT], "chair wall");
    assert_int_equal(strncmp(bed->settings[DEVICE_SETTING_HEALTH], "agreed ", 7), 0);
}

static void test_health_unanswered_stays_open(void **state) {
    struct bed *bed = *state;
    boot(bed);
    press(bed);
    expect_page(bed, "health");
    wait_ms(bed, 3 * MIN);
    expect_page(bed, "invite");
    assert_string_equal(bed->settings[DEVICE_SETTING_HEALTH], "");
    wait_ms(bed, 5 * S);
    press(bed);
    expect_page(bed, "health");
}

static void test_health_again_after_a_year(void **state) {
    struct bed *bed = *state;
    const int64_t year_s = INT64_C(365) * 24 * 3600;
    snprintf(bed->start.settings[DEVICE_SETTING_HEALTH], DEVICE_SETTING_SIZE, "none-applies %ld",
             (long)(evening_ms / 1000 - year_s + 5));
    boot(bed);
    press(bed);
    expect_page(bed, "card:sit");
    hold(bed);
    wait_ms(bed, 10 * S);
    press(bed);
    expect_page(bed, "health");
}

// ---- the clock --------------------------------------------------------------------------------------------------

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
    send(bed, &(struct device_event){.kind = DEVICE_CLOCK_SYNCED});
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
    send(bed, &(struct device_event){.kind = DEVICE_TIME});
    expect_page(bed, "countdown");
    assert_int_equal(bed->drawn.countdown.minutes_left, 9);
    wait_ms(bed, 8 * MIN + 30 * S);
    expect_page(bed, "way-out");
    assert_int_equal(last_save(bed)->held_s, 600);
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
    send(bed, &(struct device_event){.kind = DEVICE_TIME});
    expect_page(bed, "way-out");
    assert_int_equal(bed->save_count, saves + 1);
    assert_int_equal(last_save(bed)->held_s, 600);
}

static void test_trouble(void **state) {
    struct bed *bed = *state;
    answer_health(bed);
    boot(bed);
    send(bed, &(struct device_event){.kind = DEVICE_KEPT, .kept = false});
    expect_page(bed, "trouble");
    assert_int_equal(bed->drawn.trouble.cause, PAGE_TROUBLE_NOT_KEPT);
    wait_ms(bed, 2 * S);
    press(bed);
    expect_page(bed, "invite");
    assert_true(bed->drawn.not_kept);
    send(bed, &(struct device_event){.kind = DEVICE_KEPT, .kept = true});
    assert_false(bed->drawn.not_kept);
    send(bed, &(struct device_event){.kind = DEVICE_KEPT, .kept = false});
    expect_page(bed, "invite"); // once per cause and boot
    static const char *const detail = "The panel did not answer.";
    send(bed, &(struct device_event){.kind = DEVICE_TROUBLE,
                                     .trouble = {.cause = PAGE_TROUBLE_PANEL, .present = true, .detail = detail}});
    expect_page(bed, "trouble");
    wait_ms(bed, 2 * S);
    press(bed);
    expect_page(bed, "invite");
    wait_ms(bed, HOUR); // nobody can have read it on a dead glass: it is told when the panel is back
    send(bed, &(struct device_event){.kind = DEVICE_TROUBLE, .trouble = {.cause = PAGE_TROUBLE_PANEL}});
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
    send(bed,
         &(struct device_event){.kind = DEVICE_TROUBLE, .trouble = {.cause = PAGE_TROUBLE_PANEL, .present = true}});
    expect_page(bed, "countdown");
    send(bed, &(struct device_event){.kind = DEVICE_TROUBLE, .trouble = {.cause = PAGE_TROUBLE_PANEL}});
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
    for (int32_t night = 0; night < 3; night++)
        assert_int_equal(habit_log_add(&bed->start.diary.log, night_from_date(2026, 3, 20) + night, 600), 0);
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
        STORY(test_unknown_time),
        STORY(test_yes_makes_it_set),
        STORY(test_setting_the_clock),
        STORY(test_correction_moves_the_running_session),
        STORY(test_step_never_touches_a_countdown),
        STORY(test_restart_in_the_same_boot),
        STORY(test_late_wake),
        STORY(test_trouble),
        STORY(test_panel_trouble_is_told_afterwards),
        STORY(test_hints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
