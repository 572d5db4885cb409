// The emulated SSD1680 when things go wrong around it: power cut and ordered recovery in a refresh, a BUSY line that
// lies. The driver is blamed for none of them.
#include "tests/support/chip_fixture.h"

// The picture after a full refresh to black was cut `after_ms` into it, in black pixels.
static int black_after_cut(const char *start, int64_t after_ms, struct frame *picture) {
    struct desk desk;
    desk_open(&desk, &row_213);
    desk_run(&desk, FULL_WHITE);
    desk_run(&desk, start);
    desk.now_ms += after_ms;
    chip_set_power(desk.chip, false);
    assert_true(chip_is_asleep(desk.chip));
    assert_false(desk_busy(&desk));
    assert_int_equal(chip_cuts(desk.chip), 1);
    desk_expect_no_violation(&desk);
    int black = desk_black_px(&desk);
    frame_copy(picture, chip_glass(desk.chip));
    desk.now_ms += 10000;
    assert_true(frame_equal(picture, chip_glass(desk.chip))); // stays so without power
    desk_close(&desk);
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
    struct desk desk;
    desk_open(&desk, &row_213);
    desk_run(&desk, FULL_WHITE);
    assert_int_equal(desk_black_px(&desk), 0);
    desk_run(&desk, START_PARTIAL(BLACK));
    desk.now_ms += 250;
    int half = desk_black_px(&desk);
    assert_in_range(half, 250 * 122 * 4 / 10, 250 * 122 * 6 / 10);
    assert_int_equal(desk_black_px(&desk), half); // looking changes nothing
    desk_run(&desk, "? " SLEEP);
    assert_int_equal(desk_black_px(&desk), 250 * 122);
    desk_expect_no_violation(&desk);
    desk_close(&desk);
}

static void keeps_the_picture_and_loses_the_rest_without_power(void **state) {
    (void)state;
    struct desk desk;
    desk_open(&desk, &row_213);
    desk_run(&desk, WAKE SETUP_213 ":24 " BLACK ":26 " WHITE FULL SLEEP);
    chip_set_power(desk.chip, false);
    desk.now_ms += 10000000;
    desk_run(&desk, ":12 FF "); // nobody hears it
    chip_set_power(desk.chip, true);
    desk.now_ms += 10;
    assert_int_equal(desk_black_px(&desk), 250 * 122);
    assert_false(chip_is_asleep(desk.chip));
    assert_int_equal(chip_cuts(desk.chip), 0);
    desk_expect_no_violation(&desk);
    desk_run(&desk, FROM_TO(BLACK, WHITE));
    desk_expect_violation(&desk, "partial-before-full");
    desk_close(&desk);
}

static void recovers_from_a_cut_refresh_by_a_full_one(void **state) {
    (void)state;
    struct desk desk;
    desk_open(&desk, &row_213);
    desk_run(&desk, FULL_WHITE START_PARTIAL(BLACK) "~100");
    chip_set_power(desk.chip, false);
    chip_set_power(desk.chip, true);
    desk.now_ms += 10;
    desk_run(&desk, FULL_WHITE FROM_TO(WHITE, BLACK));
    assert_int_equal(desk_black_px(&desk), 250 * 122);
    desk_expect_no_violation(&desk);
    desk_close(&desk);
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
        struct desk desk;
        desk_open(&desk, &row_213);
        desk_run(&desk, FULL_WHITE);
        desk_run(&desk, cases[i].start);
        desk.now_ms += 100;
        chip_set_busy_stuck(desk.chip, true);
        assert_int_equal(chip_next_edge_ms(desk.chip), INT64_MAX);
        desk.now_ms += cases[i].after_ms - 100;
        assert_true(desk_busy(&desk));
        desk_expect_no_violation(&desk);
        desk_run(&desk, RECOVER);
        assert_true(desk_busy(&desk)); // the line still lies
        assert_true(chip_is_asleep(desk.chip));
        desk.now_ms += 10000;
        if (cases[i].violation) {
            desk_expect_violation(&desk, cases[i].violation);
        } else {
            desk_expect_no_violation(&desk);
        }
        desk_close(&desk);
    }
}

// At the latest after twice three times the full one's time and 3 s: who has to end it after a crash of the one who
// started it cannot know that it was a partial one.
static void wants_a_hung_refresh_ended(void **state) {
    (void)state;
    static const char *const starts[] = {START_FULL(BLACK), START_PARTIAL(BLACK)};
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        struct desk desk;
        desk_open(&desk, &row_213);
        desk_run(&desk, FULL_WHITE);
        desk_run(&desk, starts[i]);
        chip_set_busy_stuck(desk.chip, true);
        desk.now_ms += 2 * 3 * 1700 + 3000;
        desk_expect_no_violation(&desk);
        desk.now_ms += 1;
        desk_expect_violation(&desk, "hung-refresh-not-ended");
        desk_close(&desk);
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
        struct desk desk;
        desk_open(&desk, &row_213);
        desk_run(&desk, START_FULL(BLACK) "? R- ");
        chip_set_busy_stuck(desk.chip, true);
        desk.now_ms += cases[i].stuck_ms;
        if (cases[i].free_ms > 0) {
            chip_set_busy_stuck(desk.chip, false);
        }
        desk.now_ms += cases[i].free_ms;
        if (cases[i].asleep) {
            desk_expect_no_violation(&desk);
        } else {
            desk_expect_violation(&desk, "not-asleep");
        }
        desk_close(&desk);
    }
}

static void goes_on_when_busy_is_free_again(void **state) {
    (void)state;
    struct desk desk;
    desk_open(&desk, &row_213);
    desk_run(&desk, START_FULL(BLACK));
    chip_set_busy_stuck(desk.chip, true);
    desk.now_ms += 4000;
    assert_true(desk_busy(&desk));
    chip_set_busy_stuck(desk.chip, false);
    assert_false(desk_busy(&desk));
    desk_run(&desk, "~2999 " SLEEP "~9999"); // the 3 s begin when the driver can see the end
    assert_int_equal(desk_black_px(&desk), 250 * 122);
    desk_expect_no_violation(&desk);
    desk_close(&desk);
}

static void stays_high_from_deep_sleep_on(void **state) {
    (void)state;
    struct desk desk;
    desk_open(&desk, &row_213);
    desk_run(&desk, FULL_WHITE);
    chip_set_busy_stuck(desk.chip, true);
    desk_run(&desk, "R- ~10 R+ ~10 ");
    desk_wait_idle(&desk); // in vain
    assert_true(desk_busy(&desk));
    desk_run(&desk, RECOVER);
    chip_set_busy_stuck(desk.chip, false);
    desk_run(&desk, FULL_WHITE);
    desk_expect_no_violation(&desk);
    desk_close(&desk);
}

// BUSY stuck low: the refresh runs, but the driver cannot see it. What it then sends is lost, its reset cuts the
// refresh short, and neither is held against it; nor is the old plane it believes in, until the next full refresh.
static void does_not_blame_the_driver_for_a_line_stuck_low(void **state) {
    (void)state;
    struct desk desk;
    desk_open(&desk, &row_213);
    desk_run(&desk, FULL_WHITE "R- ~10 R+ ~10 ");
    assert_false(desk_busy(&desk));
    chip_set_busy_stuck(desk.chip, true);
    desk_run(&desk, START_PARTIAL(BLACK));
    assert_false(desk_busy(&desk));
    desk_run(&desk, "~100 :10 01 "); // not heard
    assert_false(chip_is_asleep(desk.chip));
    desk_run(&desk, RECOVER);
    assert_true(chip_is_asleep(desk.chip));
    assert_int_equal(chip_cuts(desk.chip), 1);
    chip_set_busy_stuck(desk.chip, false);
    desk_run(&desk, FROM_TO(BLACK, WHITE));
    desk_expect_no_violation(&desk);
    desk_run(&desk, FULL_WHITE FROM_TO(BLACK, WHITE));
    desk_expect_violation(&desk, "stale-old-plane");
    desk_close(&desk);
}

static void still_hears_a_byte_in_sleep_while_the_line_is_stuck_low(void **state) {
    (void)state;
    struct desk desk;
    desk_open(&desk, &row_213);
    desk_run(&desk, FULL_WHITE "R- ~10 R+ ~10 ");
    chip_set_busy_stuck(desk.chip, true);
    desk_run(&desk, SLEEP ":12 "); // no level of BUSY allows this
    desk_expect_violation(&desk, "byte-in-deep-sleep");
    desk_close(&desk);
}

static void takes_a_fault_told_twice_as_one(void **state) {
    (void)state;
    struct desk desk;
    desk_open(&desk, &row_213);
    desk_run(&desk, START_FULL(BLACK));
    for (int i = 0; i < 2; i++) {
        chip_set_power(desk.chip, true);
        chip_set_busy_stuck(desk.chip, true);
        chip_set_plugged(desk.chip, true);
        chip_set_reset_deaf(desk.chip, false);
    }
    assert_true(desk_busy(&desk));
    chip_set_busy_stuck(desk.chip, false);
    chip_set_busy_stuck(desk.chip, false);
    desk_run(&desk, "? " SLEEP);
    assert_int_equal(desk_black_px(&desk), 250 * 122);
    assert_int_equal(chip_cuts(desk.chip), 0);
    desk_expect_no_violation(&desk);
    desk_close(&desk);
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
