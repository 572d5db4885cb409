// The emulated SSD1680 when things go wrong around it: power cut and ordered recovery in a refresh, a BUSY line that
// lies. The driver is blamed for none of them.
#include "tests/support/display/chip_fixture.h"

// The picture after a full refresh to black was cut `after_ms` into it, in black pixels.
static int black_after_cut(const char *start, int64_t after_ms, struct frame *picture) {
    struct chip_fixture fixture;
    chip_fixture_open(&fixture, &row_213);
    chip_fixture_run(&fixture, FULL_WHITE);
    chip_fixture_run(&fixture, start);
    fixture.now_ms += after_ms;
    chip_set_power(fixture.chip, false);
    assert_true(chip_is_asleep(fixture.chip));
    assert_false(chip_fixture_busy(&fixture));
    assert_int_equal(chip_cuts(fixture.chip), 1);
    chip_fixture_expect_no_violation(&fixture);
    int black = chip_fixture_black_px(&fixture);
    frame_copy(picture, chip_glass(fixture.chip));
    fixture.now_ms += 10000;
    assert_true(frame_equal(picture, chip_glass(fixture.chip))); // stays so without power
    chip_fixture_close(&fixture);
    return black;
}

static void leaves_a_half_driven_picture_at_a_power_cut(void **state) {
    (void)state;
    enum { ALL = 250 * 122 };
    // A full refresh turns everything black, then white, then to the picture, in thirds; a partial goes straight.
    static const struct {
        const char *start;
        int64_t after_ms;
        int least, most;
    } cases[] = {
        {START_FULL(BLACK), 0, 0, 0},
        {START_FULL(BLACK), 283, ALL * 4 / 10, ALL * 6 / 10},
        {START_FULL(BLACK), 570, ALL * 95 / 100, ALL},
        {START_FULL(BLACK), 850, ALL * 4 / 10, ALL * 6 / 10},
        {START_FULL(BLACK), 1135, 0, ALL * 5 / 100},
        {START_FULL(WHITE), 1417, 0, 0},
        {START_FULL(BLACK), 1417, ALL * 4 / 10, ALL * 6 / 10},
        {START_PARTIAL(BLACK), 250, ALL * 4 / 10, ALL * 6 / 10},
        {START_PARTIAL("00*16 FF*3984 "), 250, 122 * 3 / 10, 122 * 7 / 10},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct frame once, again;
        assert_int_equal(frame_init(&once, 250, 122), 0);
        assert_int_equal(frame_init(&again, 250, 122), 0);
        int black = black_after_cut(cases[i].start, cases[i].after_ms, &once);
        assert_in_range(black, cases[i].least, cases[i].most);
        assert_int_equal(black_after_cut(cases[i].start, cases[i].after_ms, &again), black);
        assert_true(frame_equal(&once, &again));
        frame_clear(&once);
        frame_clear(&again);
    }
}

static void shows_a_running_refresh_to_who_looks(void **state) {
    (void)state;
    struct chip_fixture fixture;
    chip_fixture_open(&fixture, &row_213);
    chip_fixture_run(&fixture, FULL_WHITE);
    assert_int_equal(chip_fixture_black_px(&fixture), 0);
    chip_fixture_run(&fixture, START_PARTIAL(BLACK));
    fixture.now_ms += 250;
    int half = chip_fixture_black_px(&fixture);
    assert_in_range(half, 250 * 122 * 4 / 10, 250 * 122 * 6 / 10);
    assert_int_equal(chip_fixture_black_px(&fixture), half); // looking changes nothing
    chip_fixture_run(&fixture, "? " SLEEP);
    assert_int_equal(chip_fixture_black_px(&fixture), 250 * 122);
    chip_fixture_expect_no_violation(&fixture);
    chip_fixture_close(&fixture);
}

static void keeps_the_picture_and_loses_the_rest_without_power(void **state) {
    (void)state;
    struct chip_fixture fixture;
    chip_fixture_open(&fixture, &row_213);
    chip_fixture_run(&fixture, WAKE SETUP_213 ":24 " BLACK ":26 " WHITE FULL SLEEP);
    chip_set_power(fixture.chip, false);
    fixture.now_ms += 10000000;
    chip_fixture_run(&fixture, ":12 FF "); // nobody hears it
    chip_set_power(fixture.chip, true);
    fixture.now_ms += 10;
    assert_int_equal(chip_fixture_black_px(&fixture), 250 * 122);
    assert_false(chip_is_asleep(fixture.chip));
    assert_int_equal(chip_cuts(fixture.chip), 0);
    chip_fixture_expect_no_violation(&fixture);
    chip_fixture_run(&fixture, FROM_TO(BLACK, WHITE));
    chip_fixture_expect_violation(&fixture, "partial-before-full");
    chip_fixture_close(&fixture);
}

static void recovers_from_a_cut_refresh_by_a_full_one(void **state) {
    (void)state;
    struct chip_fixture fixture;
    chip_fixture_open(&fixture, &row_213);
    chip_fixture_run(&fixture, FULL_WHITE START_PARTIAL(BLACK) "~100");
    chip_set_power(fixture.chip, false);
    chip_set_power(fixture.chip, true);
    fixture.now_ms += 10;
    chip_fixture_run(&fixture, FULL_WHITE FROM_TO(WHITE, BLACK));
    assert_int_equal(chip_fixture_black_px(&fixture), 250 * 122);
    chip_fixture_expect_no_violation(&fixture);
    chip_fixture_close(&fixture);
}

// BUSY stuck high in a refresh: it hangs until the reset, which is right after the deadline (three times the table's
// time, 3 s at least for a partial one) and wrong before.
static void takes_a_reset_after_the_deadline(void **state) {
    (void)state;
    static const struct {
        const char *start;
        int64_t after_ms;
        const char *violation;
    } cases[] = {
        {START_FULL(BLACK), 5099, "reset-in-refresh"},
        {START_FULL(BLACK), 5100, NULL},
        {START_PARTIAL(BLACK), 2999, "reset-in-refresh"},
        {START_PARTIAL(BLACK), 3000, NULL},
        {START_FULL(BLACK), 13200, NULL}, // twice the patience, as for the cold, and 3 s
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct chip_fixture fixture;
        chip_fixture_open(&fixture, &row_213);
        chip_fixture_run(&fixture, FULL_WHITE);
        chip_fixture_run(&fixture, cases[i].start);
        fixture.now_ms += 100;
        chip_set_busy_stuck(fixture.chip, true);
        assert_int_equal(chip_next_edge_ms(fixture.chip), INT64_MAX);
        fixture.now_ms += cases[i].after_ms - 100;
        assert_true(chip_fixture_busy(&fixture));
        chip_fixture_expect_no_violation(&fixture);
        chip_fixture_run(&fixture, RECOVER);
        assert_true(chip_fixture_busy(&fixture)); // the line still lies
        assert_true(chip_is_asleep(fixture.chip));
        fixture.now_ms += 10000;
        if (cases[i].violation) {
            chip_fixture_expect_violation(&fixture, cases[i].violation);
        } else {
            chip_fixture_expect_no_violation(&fixture);
        }
        chip_fixture_close(&fixture);
    }
}

// At the latest after twice three times the full one's time and 3 s: who has to end it after a crash of the one who
// started it cannot know that it was a partial one.
static void wants_a_hung_refresh_ended(void **state) {
    (void)state;
    static const char *const starts[] = {START_FULL(BLACK), START_PARTIAL(BLACK)};
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        struct chip_fixture fixture;
        chip_fixture_open(&fixture, &row_213);
        chip_fixture_run(&fixture, FULL_WHITE);
        chip_fixture_run(&fixture, starts[i]);
        chip_set_busy_stuck(fixture.chip, true);
        fixture.now_ms += 2 * 3 * 1700 + 3000;
        chip_fixture_expect_no_violation(&fixture);
        fixture.now_ms += 1;
        chip_fixture_expect_violation(&fixture, "hung-refresh-not-ended");
        chip_fixture_close(&fixture);
    }
}

// The line says busy of a chip that is awake and idle: who has just started waits as for a refresh, three times the
// full one's time. When the line is free again 3 s are left.
static void gives_time_to_see_the_chip_awake(void **state) {
    (void)state;
    static const struct {
        int64_t stuck_ms, free_ms;
        bool asleep;
    } cases[] = {{3 * 1700 + 3000, 0, true}, {3 * 1700 + 3001, 0, false}, {8000, 3000, true}, {8000, 3001, false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct chip_fixture fixture;
        chip_fixture_open(&fixture, &row_213);
        chip_fixture_run(&fixture, START_FULL(BLACK) "? R- ");
        chip_set_busy_stuck(fixture.chip, true);
        fixture.now_ms += cases[i].stuck_ms;
        if (cases[i].free_ms > 0) {
            chip_set_busy_stuck(fixture.chip, false);
        }
        fixture.now_ms += cases[i].free_ms;
        if (cases[i].asleep) {
            chip_fixture_expect_no_violation(&fixture);
        } else {
            chip_fixture_expect_violation(&fixture, "not-asleep");
        }
        chip_fixture_close(&fixture);
    }
}

static void goes_on_when_busy_is_free_again(void **state) {
    (void)state;
    struct chip_fixture fixture;
    chip_fixture_open(&fixture, &row_213);
    chip_fixture_run(&fixture, START_FULL(BLACK));
    chip_set_busy_stuck(fixture.chip, true);
    fixture.now_ms += 4000;
    assert_true(chip_fixture_busy(&fixture));
    chip_set_busy_stuck(fixture.chip, false);
    assert_false(chip_fixture_busy(&fixture));
    chip_fixture_run(&fixture, "~2999 " SLEEP "~9999"); // the 3 s begin when the driver can see the end
    assert_int_equal(chip_fixture_black_px(&fixture), 250 * 122);
    chip_fixture_expect_no_violation(&fixture);
    chip_fixture_close(&fixture);
}

static void stays_high_from_deep_sleep_on(void **state) {
    (void)state;
    struct chip_fixture fixture;
    chip_fixture_open(&fixture, &row_213);
    chip_fixture_run(&fixture, FULL_WHITE);
    chip_set_busy_stuck(fixture.chip, true);
    chip_fixture_run(&fixture, "R- ~10 R+ ~10 ");
    chip_fixture_wait_idle(&fixture); // in vain
    assert_true(chip_fixture_busy(&fixture));
    chip_fixture_run(&fixture, RECOVER);
    chip_set_busy_stuck(fixture.chip, false);
    chip_fixture_run(&fixture, FULL_WHITE);
    chip_fixture_expect_no_violation(&fixture);
    chip_fixture_close(&fixture);
}

// BUSY stuck low: the refresh runs, but the driver cannot see it. What it then sends is lost, its reset cuts the
// refresh short, and neither is held against it; nor is the old plane it believes in, until the next full refresh.
static void does_not_blame_the_driver_for_a_line_stuck_low(void **state) {
    (void)state;
    struct chip_fixture fixture;
    chip_fixture_open(&fixture, &row_213);
    chip_fixture_run(&fixture, FULL_WHITE "R- ~10 R+ ~10 ");
    assert_false(chip_fixture_busy(&fixture));
    chip_set_busy_stuck(fixture.chip, true);
    chip_fixture_run(&fixture, START_PARTIAL(BLACK));
    assert_false(chip_fixture_busy(&fixture));
    chip_fixture_run(&fixture, "~100 :10 01 "); // not heard
    assert_false(chip_is_asleep(fixture.chip));
    chip_fixture_run(&fixture, RECOVER);
    assert_true(chip_is_asleep(fixture.chip));
    assert_int_equal(chip_cuts(fixture.chip), 1);
    chip_set_busy_stuck(fixture.chip, false);
    chip_fixture_run(&fixture, FROM_TO(BLACK, WHITE));
    chip_fixture_expect_no_violation(&fixture);
    chip_fixture_run(&fixture, FULL_WHITE FROM_TO(BLACK, WHITE));
    chip_fixture_expect_violation(&fixture, "stale-old-plane");
    chip_fixture_close(&fixture);
}

static void still_hears_a_byte_in_sleep_while_the_line_is_stuck_low(void **state) {
    (void)state;
    struct chip_fixture fixture;
    chip_fixture_open(&fixture, &row_213);
    chip_fixture_run(&fixture, FULL_WHITE "R- ~10 R+ ~10 ");
    chip_set_busy_stuck(fixture.chip, true);
    chip_fixture_run(&fixture, SLEEP ":12 "); // no level of BUSY allows this
    chip_fixture_expect_violation(&fixture, "byte-in-deep-sleep");
    chip_fixture_close(&fixture);
}

static void takes_a_fault_told_twice_as_one(void **state) {
    (void)state;
    struct chip_fixture fixture;
    chip_fixture_open(&fixture, &row_213);
    chip_fixture_run(&fixture, START_FULL(BLACK));
    for (int i = 0; i < 2; i++) {
        chip_set_power(fixture.chip, true);
        chip_set_busy_stuck(fixture.chip, true);
        chip_set_plugged(fixture.chip, true);
        chip_set_reset_deaf(fixture.chip, false);
    }
    assert_true(chip_fixture_busy(&fixture));
    chip_set_busy_stuck(fixture.chip, false);
    chip_set_busy_stuck(fixture.chip, false);
    chip_fixture_run(&fixture, "? " SLEEP);
    assert_int_equal(chip_fixture_black_px(&fixture), 250 * 122);
    assert_int_equal(chip_cuts(fixture.chip), 0);
    chip_fixture_expect_no_violation(&fixture);
    chip_fixture_close(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaves_a_half_driven_picture_at_a_power_cut),
        cmocka_unit_test(shows_a_running_refresh_to_who_looks),
        cmocka_unit_test(keeps_the_picture_and_loses_the_rest_without_power),
        cmocka_unit_test(recovers_from_a_cut_refresh_by_a_full_one),
        cmocka_unit_test(takes_a_reset_after_the_deadline),
        cmocka_unit_test(wants_a_hung_refresh_ended),
        cmocka_unit_test(gives_time_to_see_the_chip_awake),
        cmocka_unit_test(goes_on_when_busy_is_free_again),
        cmocka_unit_test(stays_high_from_deep_sleep_on),
        cmocka_unit_test(does_not_blame_the_driver_for_a_line_stuck_low),
        cmocka_unit_test(still_hears_a_byte_in_sleep_while_the_line_is_stuck_low),
        cmocka_unit_test(takes_a_fault_told_twice_as_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
