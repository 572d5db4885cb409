// The emulated SSD1680 when its driver loses touch with it: the ribbon out and back in, a reset that is not felt. The
// driver is blamed for nothing that it cannot notice, and for all that it does from its next reset on.
#include "tests/support/display/chip_fixture.h"

static void is_deaf_and_low_while_unplugged(void **state) {
    (void)state;
    struct chip_fixture fixture;
    chip_fixture_open(&fixture, &row_213);
    chip_fixture_run(&fixture, FULL_WHITE);
    chip_set_plugged(fixture.chip, false);
    assert_false(chip_fixture_busy(&fixture)); // floats low, though it sleeps
    assert_int_equal(chip_next_edge_ms(fixture.chip), INT64_MAX);
    chip_fixture_run(&fixture, ":71 FF R- ~10 R+ ~10 " START_FULL(BLACK));
    assert_false(chip_fixture_busy(&fixture));
    assert_int_equal(chip_fixture_black_px(&fixture), 0);
    chip_set_plugged(fixture.chip, true);
    assert_true(chip_is_asleep(fixture.chip)); // it never felt the reset
    assert_true(chip_fixture_busy(&fixture));
    chip_fixture_expect_no_violation(&fixture);
    chip_fixture_run(&fixture, FROM_TO(WHITE, BLACK));
    assert_int_equal(chip_fixture_black_px(&fixture), 250 * 122);
    chip_fixture_expect_no_violation(&fixture);
    chip_fixture_close(&fixture);
}

// The ribbon comes out in a refresh: BUSY falls early, the sleep command is lost, and the reset after it is back in
// may come while the refresh still runs.
static void does_not_blame_the_driver_for_the_ribbon(void **state) {
    (void)state;
    static const int64_t out_for_ms[] = {200, 60000};
    for (size_t i = 0; i < sizeof out_for_ms / sizeof out_for_ms[0]; i++) {
        struct chip_fixture fixture;
        chip_fixture_open(&fixture, &row_213);
        chip_fixture_run(&fixture, START_FULL(BLACK) "~100");
        chip_set_plugged(fixture.chip, false);
        chip_fixture_wait_idle(&fixture);
        chip_fixture_run(&fixture, SLEEP);
        fixture.now_ms += out_for_ms[i];
        chip_set_plugged(fixture.chip, true);
        chip_fixture_run(&fixture, FROM_TO(BLACK, WHITE) "~9999 " FULL_WHITE);
        assert_int_equal(chip_fixture_black_px(&fixture), 0);
        chip_fixture_expect_no_violation(&fixture);
        chip_fixture_close(&fixture);
    }
}

// Out in the transfer and back before the activation: no line tells the driver. What it sends up to its next reset is
// no violation, nor is what it then believes of the glass, until a full refresh is over.
static void does_not_blame_the_driver_for_what_it_cannot_notice(void **state) {
    (void)state;
    struct chip_fixture fixture;
    chip_fixture_open(&fixture, &row_213);
    chip_fixture_run(&fixture, FULL_WHITE WAKE SETUP_213 ":26 " WHITE HOME ":24 FF*1000 ");
    chip_set_plugged(fixture.chip, false);
    chip_fixture_run(&fixture, "FF*500 ");
    chip_set_plugged(fixture.chip, true);
    chip_fixture_run(&fixture, "FF*500 " HOME ":24 00*64 " PARTIAL SLEEP); // a command lost here would look the same
    chip_fixture_expect_no_violation(&fixture);
    assert_int_equal(chip_fixture_black_px(&fixture), 4 * 122);
    chip_fixture_run(&fixture, FROM_TO(WHITE, BLACK));
    chip_fixture_expect_no_violation(&fixture);
    chip_fixture_run(&fixture, FULL_WHITE FROM_TO(BLACK, WHITE));
    chip_fixture_expect_violation(&fixture, "stale-old-plane");
    chip_fixture_close(&fixture);
}

static void blames_the_driver_again_from_the_next_reset_on(void **state) {
    (void)state;
    static const struct {
        const char *transcript;
        const char *violation;
    } cases[] = {
        {":12 ", NULL}, // asleep: the driver believes it in the middle of a job
        {"FF ", NULL},
        {"R- ~10 R+ ~5 :12", "byte-too-soon"},
        {WAKE "FF", "wrong-parameter-count"},
        {FULL_WHITE "~9999 :12", "byte-in-deep-sleep"},
        {WAKE SETUP_213 ":24 " WHITE ":26 " WHITE FULL "~9999 ", "not-asleep"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct chip_fixture fixture;
        chip_fixture_open(&fixture, &row_213);
        chip_fixture_run(&fixture, FULL_WHITE);
        chip_set_plugged(fixture.chip, false);
        chip_set_plugged(fixture.chip, true);
        chip_fixture_run(&fixture, cases[i].transcript);
        if (cases[i].violation) {
            chip_fixture_expect_violation(&fixture, cases[i].violation);
        } else {
            chip_fixture_expect_no_violation(&fixture);
        }
        chip_fixture_close(&fixture);
    }
}

static void feels_the_pins_when_plugged_back_in(void **state) {
    (void)state;
    struct chip_fixture fixture;
    chip_fixture_open(&fixture, &row_213);
    chip_fixture_run(&fixture, FULL_WHITE);
    chip_set_plugged(fixture.chip, false);
    chip_fixture_run(&fixture, "P- ");
    chip_set_plugged(fixture.chip, true);
    chip_fixture_run(&fixture, "P+ ~10 " FROM_TO(WHITE, BLACK));
    chip_fixture_expect_violation(&fixture, "partial-before-full"); // it had lost its power
    chip_fixture_close(&fixture);
}

static void sleeps_on_when_a_reset_is_not_felt(void **state) {
    (void)state;
    struct chip_fixture fixture;
    chip_fixture_open(&fixture, &row_213);
    chip_fixture_run(&fixture, FULL_WHITE);
    chip_set_reset_deaf(fixture.chip, true);
    chip_fixture_run(&fixture, RECOVER); // the bytes are lost in deep sleep
    assert_true(chip_fixture_busy(&fixture));
    assert_true(chip_is_asleep(fixture.chip));
    chip_fixture_expect_no_violation(&fixture);
    chip_set_reset_deaf(fixture.chip, false);
    chip_fixture_run(&fixture, FROM_TO(WHITE, BLACK));
    assert_int_equal(chip_fixture_black_px(&fixture), 250 * 122);
    chip_fixture_expect_no_violation(&fixture);
    chip_fixture_run(&fixture, ":12"); // without a reset nothing excuses it
    chip_fixture_expect_violation(&fixture, "byte-in-deep-sleep");
    chip_fixture_close(&fixture);
}

static void begins_the_24_hours_anew_after_a_fault(void **state) {
    (void)state;
    struct chip_fixture fixture;
    chip_fixture_open(&fixture, &row_213);
    chip_fixture_run(&fixture, FULL_WHITE);
    chip_set_plugged(fixture.chip, false);
    fixture.now_ms += 10LL * 24 * 3600 * 1000;
    chip_fixture_expect_no_violation(&fixture);
    chip_set_plugged(fixture.chip, true);
    fixture.now_ms += 25LL * 3600 * 1000;
    chip_fixture_expect_no_violation(&fixture);
    fixture.now_ms += 1;
    chip_fixture_expect_violation(&fixture, "no-full-in-24-hours");
    chip_fixture_close(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_deaf_and_low_while_unplugged),
        cmocka_unit_test(does_not_blame_the_driver_for_the_ribbon),
        cmocka_unit_test(does_not_blame_the_driver_for_what_it_cannot_notice),
        cmocka_unit_test(blames_the_driver_again_from_the_next_reset_on),
        cmocka_unit_test(feels_the_pins_when_plugged_back_in),
        cmocka_unit_test(sleeps_on_when_a_reset_is_not_felt),
        cmocka_unit_test(begins_the_24_hours_anew_after_a_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
