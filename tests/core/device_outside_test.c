// The machine with what a card, a socket or a kernel may hand it, though nothing here writes it: it goes on.
#include "tests/support/core/device_fixture.h"

static const int64_t ANYTHING[] = {INT64_MIN,     INT64_MIN + 1, INT64_C(-400000000000000), INT64_C(400000000000000),
                                   INT64_MAX - 1, INT64_MAX};
enum { ANYTHING_COUNT = sizeof ANYTHING / sizeof ANYTHING[0] };

// Every page that shows a date or counts nights.
static void look_at_all(struct bed *bed) {
    press(bed);
    wait_ms(bed, 3 * MIN);
    for (int i = 0; i < 8; i++) {
        hold(bed);
        wait_ms(bed, S);
    }
    wait_ms(bed, HOUR);
}

static void look_and_end(struct bed *bed) {
    look_at_all(bed);
    device_free(bed->device);
    bed->device = NULL;
    bed->save_count = 0;
    bed->quiet_ms = INT64_MAX;
}

static void boot_with_clock(struct bed *bed, int64_t right_ms, const char *quality, int64_t offset_ms,
                            int64_t base_ms) {
    char text[SETTINGS_TEXT_SIZE];
    snprintf(text, sizeof text,
             "{\"v\":1,\"right_offset_ms\":%lld,\"boot_id\":\"%s\",\"quality\":\"%s\",\"offset_ms\":%lld,"
             "\"doubtful_base_ms\":%lld}",
             (long long)right_ms, boot_id, quality, (long long)offset_ms, (long long)base_ms);
    settings_read(&bed->start.settings, DEVICE_SETTING_CLOCK, text);
    boot(bed);
}

// The clock's offset, as it was kept: of this boot, and of one whose RTC is trusted.
static void test_any_offset_of_the_clock(void **state) {
    struct bed *bed = *state;
    bed->start.synchronised = false;
    answer_health(bed);
    for (int i = 0; i < ANYTHING_COUNT; i++) {
        boot_with_clock(bed, 0, "set", ANYTHING[i], 0);
        look_and_end(bed);
        bed->start.rtc_trusted = true;
        char text[SETTINGS_TEXT_SIZE];
        snprintf(text, sizeof text, "%lld", (long long)ANYTHING[i]);
        settings_read(&bed->start.settings, DEVICE_SETTING_CLOCK, text);
        boot(bed);
        look_and_end(bed);
        bed->start.rtc_trusted = false;
    }
}

// A system clock outside the calendar's years, but within what a kernel may have.
static void test_any_system_clock(void **state) {
    struct bed *bed = *state;
    answer_health(bed);
    for (int i = 0; i < ANYTHING_COUNT; i++) {
        bed->now = (struct moment){.boot_ms = 20 * S, .system_ms = ANYTHING[i] / 1024};
        boot(bed);
        look_and_end(bed);
    }
}

// The doubtful rows of this boot lie by a time that is none, and so does the last of them.
static void test_any_doubtful_row(void **state) {
    struct bed *bed = *state;
    bed->start.synchronised = false;
    for (int i = 0; i < ANYTHING_COUNT; i++) {
        bed->start.diary.has_last = true;
        bed->start.diary.last = (struct session_record){.night = NIGHT_NONE,
                                                        .started_utc_s = ANYTHING[i],
                                                        .clock = CLOCK_UNSET,
                                                        .held_s = 600,
                                                        .outcome = OUTCOME_FINISHED};
        snprintf(bed->start.diary.last.boot_id, UUID_SIZE, "%s", boot_id);
        boot_with_clock(bed, 0, "unset", 0, ANYTHING[ANYTHING_COUNT - 1 - i]);
        send_event(bed, &(struct device_event){.kind = DEVICE_CLOCK_SYNCED});
        look_and_end(bed);
    }
}

// A session of this boot that runs, by its row, in a way that none does: it is not gone on with.
static void test_a_running_row_that_cannot_be(void **state) {
    struct bed *bed = *state;
    static const struct {
        int64_t planned_s, counted_from_ms, paused_at_ms;
    } rows[] = {
        {0, 10 * S, -1},          {-600, 10 * S, -1},   {INT64_MAX, 10 * S, -1}, {600, 21 * S, -1},
        {600, INT64_MAX, -1},     {600, INT64_MIN, -1}, {600, 10 * S, 9 * S},    {600, 10 * S, 21 * S},
        {600, 10 * S, INT64_MAX}, {600, -5, -1},
    };
    answer_health(bed);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bed->start.diary.has_last = true;
        bed->start.diary.last = (struct session_record){.night = night_from_date(2026, 3, 28),
                                                        .started_utc_s = evening_ms / 1000 - 10,
                                                        .clock = CLOCK_SYNCED,
                                                        .planned_s = rows[i].planned_s,
                                                        .outcome = OUTCOME_RUNNING,
                                                        .counted_from_boot_ms = rows[i].counted_from_ms,
                                                        .paused_at_boot_ms = rows[i].paused_at_ms};
        snprintf(bed->start.diary.last.boot_id, UUID_SIZE, "%s", boot_id);
        bed->now = (struct moment){.boot_ms = 20 * S, .system_ms = evening_ms};
        boot(bed);
        expect_page(bed, "invite");
        assert_null(device_session_in_use(bed->device));
        assert_int_equal(bed->save_count, 1);
        assert_int_equal(last_save(bed)->outcome, OUTCOME_INTERRUPTED);
        look_and_end(bed);
    }
}

// A row that a correction would move off the calendar stays as it is.
static void test_a_correction_off_the_calendar(void **state) {
    (void)state;
    struct zone *zone = zone_open("UTC");
    for (int i = 0; i < ANYTHING_COUNT; i++) {
        struct session_record row = {.started_utc_s = 1000, .night = 0, .clock = CLOCK_RESTORED};
        device_correct_row(&row, ANYTHING[i], CLOCK_SET, zone);
        assert_int_equal(row.started_utc_s, 1000);
        assert_int_equal(row.clock, CLOCK_RESTORED);
    }
    zone_unref(zone);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        STORY(test_any_offset_of_the_clock),
        STORY(test_any_system_clock),
        STORY(test_any_doubtful_row),
        STORY(test_a_running_row_that_cannot_be),
        cmocka_unit_test(test_a_correction_off_the_calendar),
    };
    return cmocka_run_group_tests_name("device, outside", tests, NULL, NULL);
}
