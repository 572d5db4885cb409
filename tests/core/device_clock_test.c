// The machine and its clock: corrections, steps and restarts, and what hangs on them.
#include "tests/support/core/device_fixture.h"

// As long as the boot lasts, the bed's diary knows what was written: a start after this is one in the same boot.
static void restart(struct bed *bed) {
    for (int i = 0; i < DEVICE_SETTING_COUNT; i++) {
        if (bed->settings.has[i]) {
            store_setting(&bed->start.settings, (enum device_setting)i, &bed->settings);
        }
    }
    bed->start.diary = diary_of(bed);
    device_free(bed->device);
    boot(bed);
}

static void assert_health(const struct bed *bed, enum health_answer answer, int64_t at_utc_s, bool undated) {
    assert_true(bed->settings.has[DEVICE_SETTING_HEALTH]);
    assert_int_equal(bed->settings.health.answer, answer);
    assert_int_equal(bed->settings.health.at_utc_s, at_utc_s);
    assert_int_equal(bed->settings.health.undated, undated);
}

// A board without a clock chip whose system clock starts in 1970; the diary knows an hour before the evening.
static void boot_restored(struct bed *bed) {
    answer_health(bed);
    bed->start.synchronised = false;
    bed->start.last_known_s = evening_ms / 1000 - HOUR / S;
    bed->now.system_ms = 0;
    boot(bed);
}

static void begin_countdown(struct bed *bed) {
    press(bed);
    if (strcmp(device_page_name(bed->device), "ask-time") == 0) {
        wait_ms(bed, 30 * S);
    }
    wait_ms(bed, 45 * S);
    expect_page(bed, "countdown");
}

static void end_early(struct bed *bed) {
    wait_ms(bed, 5 * S);
    hold(bed);
    wait_ms(bed, 5 * S);
    press(bed);
}

static void test_a_step_stays_after_a_restart(void **state) {
    struct bed *bed = *state;
    boot_restored(bed);
    begin_countdown(bed);
    bed->now.system_ms += 2 * HOUR;
    send_event(bed, &(struct device_event){.kind = DEVICE_TIME});
    int64_t before_ms = clock_utc_ms(device_clock(bed->device), bed->now);
    restart(bed);
    assert_true(clock_utc_ms(device_clock(bed->device), bed->now) == before_ms);
    assert_int_equal(device_clock(bed->device)->quality, CLOCK_RESTORED);
}

static void test_a_restart_asks_no_second_time(void **state) {
    struct bed *bed = *state;
    boot_restored(bed);
    begin_countdown(bed);
    end_early(bed);
    restart(bed);
    wait_ms(bed, 5 * S);
    press(bed);
    expect_page(bed, "card:sit");
}

static void test_synchronised_while_the_daemon_was_down(void **state) {
    struct bed *bed = *state;
    boot_restored(bed);
    begin_countdown(bed);
    wait_ms(bed, 2 * MIN);
    int64_t started_s = last_save(bed)->started_utc_s;
    bed->start.synchronised = true;
    bed->now.system_ms = evening_ms;
    int64_t late_s = bed->now.boot_ms / S - 20; // since the boot, as the true time went on
    bed->now.system_ms += late_s * S;
    restart(bed);
    assert_int_equal(bed->corrections, 1);
    assert_true(bed->correct_difference_s == HOUR / S);
    expect_page(bed, "countdown");
    wait_ms(bed, MIN);
    assert_int_equal(last_save(bed)->clock, CLOCK_SYNCED);
    assert_true(last_save(bed)->started_utc_s == started_s + HOUR / S);
    // Told once: the next restart finds a boot that is right, even if the flag of NTP has gone.
    bed->start.synchronised = false;
    restart(bed);
    assert_int_equal(bed->corrections, 1);
    assert_int_equal(device_clock(bed->device)->quality, CLOCK_SYNCED);
}

// The owner had set the time by hand before NTP put the system clock right.
static void test_synchronised_at_the_start_forgets_the_old_offset(void **state) {
    struct bed *bed = *state;
    store_setting(&bed->start.settings, DEVICE_SETTING_CLOCK,
                  &(struct device_settings){.clock = {.right_offset_ms = 7200000,
                                                      .boot_id = "another-boot",
                                                      .quality = CLOCK_SET,
                                                      .offset_ms = 7200000}});
    boot(bed);
    assert_true(bed->settings.has[DEVICE_SETTING_CLOCK]);
    assert_int_equal(bed->settings.clock.right_offset_ms, 0);
    assert_int_equal(bed->corrections, 0);
}

// The owner has travelled since the session started: it stays where it was begun.
static void test_correction_keeps_the_zone_of_the_start(void **state) {
    struct bed *bed = *state;
    boot_restored(bed);
    begin_countdown(bed);
    struct zone *elsewhere = zone_open("America/New_York");
    assert_non_null(elsewhere);
    send_event(bed, &(struct device_event){.kind = DEVICE_ZONE, .zone = elsewhere});
    bed->now.system_ms += evening_ms;
    send_event(bed, &(struct device_event){.kind = DEVICE_CLOCK_SYNCED});
    wait_ms(bed, MIN);
    assert_string_equal(last_save(bed)->zone, "Europe/Berlin");
    assert_int_equal(last_save(bed)->utc_offset_s, 3600);
    assert_int_equal(last_save(bed)->night, night_from_date(2026, 3, 28));
    device_free(bed->device);
    bed->device = NULL;
    zone_unref(elsewhere);
}

// Under a clock in doubt good-night stays for eight hours, a restart of the daemon or not.
static void test_good_night_stays_after_a_restart(void **state) {
    struct bed *bed = *state;
    boot_restored(bed);
    begin_countdown(bed);
    wait_ms(bed, 4 * MIN);
    end_early(bed);
    expect_page(bed, "good-night");
    restart(bed);
    expect_page(bed, "good-night");
    wait_ms(bed, 8 * HOUR);
    expect_page(bed, "invite");
}

// The eight hours run from when the way out was left, and that may be long after zero.
static void test_good_night_runs_from_the_way_out(void **state) {
    struct bed *bed = *state;
    boot_restored(bed);
    begin_countdown(bed);
    wait_ms(bed, 10 * MIN);
    expect_page(bed, "way-out");
    wait_ms(bed, 30 * MIN); // nobody presses: it ends by itself
    expect_page(bed, "good-night");
    restart(bed);
    wait_ms(bed, 8 * HOUR - MIN);
    expect_page(bed, "good-night");
    wait_ms(bed, 2 * MIN);
    expect_page(bed, "invite");
}

// A clock that was years ahead has left a row there.
static void test_a_row_in_the_future_is_no_evening(void **state) {
    struct bed *bed = *state;
    bed->start.diary.has_last = true;
    bed->start.diary.last = (struct session_record){.night = night_from_date(2031, 3, 28),
                                                    .started_utc_s = evening_ms / 1000 + INT64_C(5) * 365 * 86400,
                                                    .held_s = 600,
                                                    .outcome = OUTCOME_FINISHED};
    bed->start.diary.last_done_utc_s = bed->start.diary.last.started_utc_s;
    assert_int_equal(habit_log_add(&bed->start.diary.log, bed->start.diary.last.night, 600), 0);
    boot(bed);
    expect_page(bed, "invite");
}

// The page that says where the time comes from says so at once when that changes.
static void test_the_clock_page_follows_the_clock(void **state) {
    struct bed *bed = *state;
    boot_restored(bed);
    for (int i = 0; i < 4; i++) { // month, minutes, variant, clock
        hold(bed);
        wait_ms(bed, S);
    }
    expect_page(bed, "clock");
    assert_int_equal(bed->drawn.clock.quality, PAGE_CLOCK_RESTORED);
    bed->now.system_ms += evening_ms;
    send_event(bed, &(struct device_event){.kind = DEVICE_CLOCK_SYNCED});
    assert_int_equal(bed->drawn.clock.quality, PAGE_CLOCK_SYNCED);
    assert_int_equal(bed->drawn.clock.time.year, 2026);
}

// Answered while the clock stood in 1970, or earlier than it is: the year runs from when the time is known.
static void test_health_answered_without_a_time(void **state) {
    struct bed *bed = *state;
    bed->start.synchronised = false;
    bed->now.system_ms = 0;
    boot(bed);
    press(bed); // ask-time
    press(bed); // go on without
    expect_page(bed, "health");
    press(bed);
    press(bed);
    expect_page(bed, "card:sit");
    assert_health(bed, HEALTH_NONE_APPLIES, 0, true);
    hold(bed);
    wait_ms(bed, 5 * S);
    press(bed); // not asked again every time
    expect_page(bed, "card:sit");
    hold(bed);
    bed->now.system_ms += evening_ms;
    send_event(bed, &(struct device_event){.kind = DEVICE_CLOCK_SYNCED});
    assert_health(bed, HEALTH_NONE_APPLIES, bed->now.system_ms / 1000, false);
    wait_ms(bed, 5 * S);
    press(bed);
    expect_page(bed, "card:sit");
}

// The power went before the time was known; in the next boot it is.
static void test_health_is_dated_in_a_later_boot(void **state) {
    struct bed *bed = *state;
    store_setting(&bed->start.settings, DEVICE_SETTING_HEALTH,
                  &(struct device_settings){.health = {.answer = HEALTH_AGREED, .undated = true}});
    bed->start.synchronised = false;
    bed->start.rtc_trusted = true;
    boot(bed);
    assert_health(bed, HEALTH_AGREED, 1774730400, false);
    press(bed);
    expect_page(bed, "card:sit");
}

// A start as if the diary could not be opened; what it knows comes later.
static struct device_start boot_blind(struct bed *bed) {
    struct device_start known = bed->start;
    answer_health(bed);
    bed->start.synchronised = false;
    bed->start.last_known_s = 0;
    bed->now.system_ms = 0;
    boot(bed);
    assert_int_equal(device_clock(bed->device)->quality, CLOCK_UNSET);
    known.last_known_s = evening_ms / 1000 - HOUR / S;
    known.settings = bed->start.settings;
    return known;
}

static void test_the_last_time_comes_late(void **state) {
    struct bed *bed = *state;
    struct device_start known = boot_blind(bed);
    send_event(bed, &(struct device_event){.kind = DEVICE_CHOICES, .choices = &known});
    assert_int_equal(device_clock(bed->device)->quality, CLOCK_RESTORED);
}

// A session that was begun meanwhile lies by the clock as it was, and moves with it.
static void test_a_late_lower_bound_moves_no_row(void **state) {
    struct bed *bed = *state;
    struct device_start known = boot_blind(bed);
    begin_countdown(bed);
    send_event(bed, &(struct device_event){.kind = DEVICE_CHOICES, .choices = &known});
    assert_int_equal(device_clock(bed->device)->quality, CLOCK_UNSET);
    assert_int_equal(bed->corrections, 0);
}

// The owner had set the clock in this boot, before the restart that found the diary locked.
static void test_a_clock_of_this_boot_comes_late(void **state) {
    struct bed *bed = *state;
    struct device_start known = boot_blind(bed);
    begin_countdown(bed);
    struct device_settings clock = {
        .clock = {.right_offset_ms = evening_ms, .quality = CLOCK_SET, .offset_ms = evening_ms}};
    snprintf(clock.clock.boot_id, sizeof clock.clock.boot_id, "%s", boot_id);
    store_setting(&known.settings, DEVICE_SETTING_CLOCK, &clock);
    send_event(bed, &(struct device_event){.kind = DEVICE_CHOICES, .choices = &known});
    assert_int_equal(device_clock(bed->device)->quality, CLOCK_SET);
    assert_true(device_clock(bed->device)->offset_ms == evening_ms);
    assert_int_equal(bed->corrections, 1);
    assert_true(bed->correct_difference_s == evening_ms / S);
}

// Through the control socket, in the middle of a session: it is moved, the minutes run on.
static void test_set_from_outside_in_a_session(void **state) {
    struct bed *bed = *state;
    boot_restored(bed); // an hour too early, as far as anybody knows
    begin_countdown(bed);
    wait_ms(bed, 90 * S);
    const int64_t since_evening_s = (bed->now.boot_ms - 20 * S) / S;
    int minutes = bed->drawn.countdown.minutes_left;
    int64_t started_s = last_save(bed)->started_utc_s;
    // Berlin is an hour ahead of UTC on that evening, and it was 21:40 when the device was switched on.
    send_event(bed,
               &(struct device_event){.kind = DEVICE_CLOCK_SET, .local_s = evening_ms / S + 3600 + since_evening_s});
    assert_int_equal(device_clock(bed->device)->quality, CLOCK_SET);
    assert_int_equal(bed->corrections, 1);
    assert_true(bed->correct_difference_s == HOUR / S);
    expect_page(bed, "countdown");
    assert_int_equal(bed->drawn.countdown.minutes_left, minutes);
    wait_ms(bed, 30 * S); // the next whole minute, on CLOCK_BOOTTIME
    assert_int_equal(last_save(bed)->held_s, 120);
    assert_true(last_save(bed)->started_utc_s == started_s + HOUR / S);
    assert_int_equal(last_save(bed)->clock, CLOCK_SET);
}

// What the owner sets is a change even when no row is in doubt; what NTP sets then is none.
static void test_set_without_doubt(void **state) {
    struct bed *bed = *state;
    boot(bed);
    assert_int_equal(device_clock(bed->device)->quality, CLOCK_SYNCED);
    send_event(bed, &(struct device_event){.kind = DEVICE_CLOCK_SET, .local_s = evening_ms / S + 3600 + 600});
    assert_int_equal(device_clock(bed->device)->quality, CLOCK_SET);
    assert_int_equal(device_clock(bed->device)->offset_ms, 10 * MIN);
    assert_int_equal(bed->corrections, 1);
    assert_true(bed->correct_difference_s == 600);
    send_event(bed, &(struct device_event){.kind = DEVICE_CLOCK_SYNCED});
    assert_int_equal(bed->corrections, 1);
    assert_int_equal(device_clock(bed->device)->offset_ms, 0);
}

// From its start until the way out is left, and no longer.
static void test_session_in_use(void **state) {
    struct bed *bed = *state;
    answer_health(bed);
    boot(bed);
    assert_null(device_session_in_use(bed->device));
    press(bed);
    expect_page(bed, "card:sit");
    assert_null(device_session_in_use(bed->device));
    wait_ms(bed, 45 * S);
    expect_page(bed, "countdown");
    assert_string_equal(device_session_in_use(bed->device), last_save(bed)->uuid);
    wait_ms(bed, 10 * MIN);
    expect_page(bed, "way-out");
    assert_string_equal(device_session_in_use(bed->device), last_save(bed)->uuid);
    wait_ms(bed, 5 * S);
    press(bed);
    assert_null(device_session_in_use(bed->device));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORY(test_set_from_outside_in_a_session),
        STORY(test_set_without_doubt),
        STORY(test_session_in_use),
        STORY(test_a_step_stays_after_a_restart),
        STORY(test_a_restart_asks_no_second_time),
        STORY(test_synchronised_while_the_daemon_was_down),
        STORY(test_synchronised_at_the_start_forgets_the_old_offset),
        STORY(test_correction_keeps_the_zone_of_the_start),
        STORY(test_good_night_stays_after_a_restart),
        STORY(test_good_night_runs_from_the_way_out),
        STORY(test_a_row_in_the_future_is_no_evening),
        STORY(test_the_clock_page_follows_the_clock),
        STORY(test_health_answered_without_a_time),
        STORY(test_health_is_dated_in_a_later_boot),
        STORY(test_the_last_time_comes_late),
        STORY(test_a_late_lower_bound_moves_no_row),
        STORY(test_a_clock_of_this_boot_comes_late),
    };
    return cmocka_run_group_tests_name("device, clock", tests, NULL, NULL);
}
