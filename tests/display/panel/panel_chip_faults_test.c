// Tests of the driver on the emulated chip when the world fails: supply, BUSY line, ribbon, reset. Whatever was done to
// them, the chip blames nobody, and the glass shows what is wanted once the fault is over.
#include "tests/support/ctl/emulator.h"
#include "tests/support/display/panel_chip_fixture.h"

// After any fault: the next try is as far away as the back-off says, an hour at most in these stories.
static void expect_recovery(struct joint *joint) {
    joint_run(joint, 2 * HOUR_MS);
    joint_want(joint, false);
    joint_settle(joint, joint->row->full_ms + SLEEP_WITHIN_MS);
    joint_expect_glass(joint);
    joint_speckle(joint, 50);
    joint_want(joint, false);
    joint_settle(joint, joint->row->full_ms + SLEEP_WITHIN_MS);
    joint_expect_glass(joint);
}

// Begins a refresh of either kind to a new page, and lets it go on for `for_ms`.
static void begin_change(struct joint *joint, bool full, int64_t for_ms) {
    joint_speckle(joint, 500);
    assert_int_equal(joint_want(joint, full), full ? REFRESH_FULL : REFRESH_PARTIAL);
    joint_run(joint, for_ms);
}

// ---- supply ----

static void power_cuts(struct joint *joint) {
    static const int64_t after_ms[] = {0, 5, 12, 40, 60, 100, 300, 480, 600, 900, 1500};
    for (size_t i = 0; i < 2 * sizeof after_ms / sizeof after_ms[0]; i++) {
        joint_begin(joint);
        begin_change(joint, i % 2, after_ms[i / 2]);
        joint_crash(joint); // the board goes, too
        chip_set_power(joint->chip, false);
        assert_true(chip_is_asleep(joint->chip));
        joint_run(joint, 10 * MINUTE_MS);
        chip_set_power(joint->chip, true);
        joint_run(joint, POWER_UP_MS);
        joint_begin(joint); // its first page is a full one
        joint_crash(joint);
    }
    assert_true(chip_cuts(joint->chip) > 5);
}

static void boot_ids_after_a_power_cut_at_any_time(void **state) {
    (void)state;
    joint_tell(power_cuts);
}

// ---- BUSY ----

// Stuck as it is `after_ms` into the first refresh or a later one, high or low: the first retry fails as well, the
// panel is given up, and found again when the line is free.
static void stuck_lines(struct joint *joint) {
    static const int64_t after_ms[] = {0, 5, 15, 30, 33, 38, 45, 50, 51, 60, 100, 400};
    for (size_t i = 0; i < 3 * sizeof after_ms / sizeof after_ms[0]; i++) {
        if (i % 3 < 2) {
            joint_begin(joint);
            begin_change(joint, i % 3, after_ms[i / 3]);
        } else { // in its first picture
            joint_boot(joint);
            joint_want(joint, false);
            joint_run(joint, joint->row->full_ms * joint->row->cold_factor + after_ms[i / 3]);
        }
        chip_set_busy_stuck(joint->chip, true);
        joint_run(joint, MINUTE_MS);
        assert_true(chip_is_asleep(joint->chip) || joint->faults > 0);
        joint_speckle(joint, 50);
        joint_want(joint, false);
        joint_run(joint, 3 * MINUTE_MS);
        chip_set_busy_stuck(joint->chip, false);
        expect_recovery(joint);
        joint_crash(joint);
    }
    assert_true(joint->given_up > 0);
}

static void line_stuck_at_any_time_is_lived_through(void **state) {
    (void)state;
    joint_tell(stuck_lines);
}

// High from before the first act on.
static void stuck_at_boot(struct joint *joint) {
    chip_set_busy_stuck(joint->chip, true);
    joint_boot(joint);
    joint_want(joint, false);
    joint_run(joint, 5 * MINUTE_MS);
    chip_set_busy_stuck(joint->chip, false);
    expect_recovery(joint);
}

static void line_stuck_from_the_beginning_is_lived_through(void **state) {
    (void)state;
    joint_tell(stuck_at_boot);
}

// High in a refresh, and free again some time later. Before the deadline nothing has happened; after it the one retry
// begins with a reset.
static void stuck_for_a_while(struct joint *joint) {
    static const struct {
        bool full;
        bool in_time;
    } cases[] = {{false, true}, {false, false}, {true, true}, {true, false}};
    joint_begin(joint);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct panel_row *row = joint->row;
        const int64_t deadline_ms = cases[i].full ? row->full_deadline_ms : row->partial_deadline_ms;
        const int faults = joint->faults;
        begin_change(joint, cases[i].full, 0);
        joint_run_into_refresh(joint);
        chip_set_busy_stuck(joint->chip, true);
        joint_run(joint, cases[i].in_time ? deadline_ms - 400 : deadline_ms);
        chip_set_busy_stuck(joint->chip, false);
        joint_settle(joint, row->full_ms + SLEEP_WITHIN_MS);
        joint_expect_glass(joint);
        assert_int_equal(joint->faults - faults, !cases[i].in_time);
        assert_int_equal(joint->given_up, 0);
    }
}

static void line_free_again_in_time_is_no_fault(void **state) {
    (void)state;
    joint_tell(stuck_for_a_while);
}

// ---- ribbon ----

enum { RIBBON_APART = 3 }; // under an emulator; not a divisor of the seven below, so that each of them has its turn

// Out at each of the moments of a job and back in after a moment, a while or an hour. Where the ribbon was out in the
// transfer alone the driver cannot notice; the glass is right again with the next full refresh.
static void ribbon_moments(struct joint *joint) {
    static const int64_t for_ms[] = {1, 4, 15, 40, 300, 5000, HOUR_MS};
    const int apart = emulator_every(RIBBON_APART);
    int number = 0;
    for (int64_t out_ms = 0; out_ms < 700; out_ms += out_ms < 60 ? 3 : 97) {
        for (size_t i = 0; i < sizeof for_ms / sizeof for_ms[0]; i++) {
            if (number++ % apart != 0) {
                continue;
            }
            joint_begin(joint);
            begin_change(joint, i % 2, out_ms);
            chip_set_plugged(joint->chip, false);
            joint_run(joint, for_ms[i]);
            chip_set_plugged(joint->chip, true);
            joint_run(joint, 2 * HOUR_MS);
            joint_speckle(joint, 50);
            joint_want(joint, true);
            joint_settle(joint, joint->row->full_ms + SLEEP_WITHIN_MS);
            joint_expect_glass(joint);
            joint_crash(joint);
        }
    }
}

static void ribbon_out_and_back_at_any_time(void **state) {
    (void)state;
    print_message("one in %d moments\n", emulator_every(RIBBON_APART));
    joint_tell(ribbon_moments);
}

// The next thing that the driver does: in a transfer one message.
static void step_once(struct joint *joint) {
    const int64_t next_ms = joint_next_ms(joint);
    joint->now_ms = next_ms > joint->now_ms ? next_ms : joint->now_ms;
    refresh_step(joint->refresh, joint->now_ms);
    joint_expect_no_violation(joint);
}

// Out in the transfer and back before the activation: BUSY does as it should, so the driver takes the page for shown.
// The partial refreshes that follow start from what it believes, until a full one makes that true again.
static void ribbon_in_transfer(struct joint *joint) {
    static const struct {
        bool full;
        int first, messages; // a plane has 70 at most
        bool new_plane_hurt; // the old one alone, unchanged since the last refresh, is in the RAM still
    } cases[] = {{false, 10, 20, false}, {false, 55, 30, true}, {false, 80, 40, true},
                 {true, 10, 20, false},  {true, 55, 30, true},  {true, 80, 40, true}};
    chip_wire(joint->chip)->max_message = ((size_t)joint->row->row_bytes * (size_t)joint->row->gates + 69) / 70;
    joint_begin(joint);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        joint_speckle(joint, 5000);
        joint_want(joint, cases[i].full);
        do {
            step_once(joint);
        } while (refresh_deadline(joint->refresh) > joint->now_ms);
        for (int message = 0; message < cases[i].first + cases[i].messages; message++) {
            if (message == cases[i].first) {
                chip_set_plugged(joint->chip, false);
            }
            step_once(joint);
        }
        assert_int_equal(refresh_deadline(joint->refresh), joint->now_ms);
        chip_set_plugged(joint->chip, true);
        joint_settle(joint, joint->row->full_ms + SLEEP_WITHIN_MS);
        if (cases[i].new_plane_hurt) {
            assert_false(frame_equal(chip_glass(joint->chip), refresh_shown(joint->refresh)));
        }
        joint_speckle(joint, 100);
        joint_want(joint, false);
        joint_settle(joint, joint->row->full_ms + SLEEP_WITHIN_MS);
        joint_speckle(joint, 100);
        joint_show(joint, true, REFRESH_FULL);
        joint_speckle(joint, 100);
        joint_show(joint, false, REFRESH_PARTIAL);
    }
    assert_int_equal(joint->faults, 0);
}

static void ribbon_out_in_the_transfer_is_healed_by_the_next_full(void **state) {
    (void)state;
    joint_tell(ribbon_in_transfer);
}

// ---- reset ----

// A reset that is not felt: a sleeping chip stays so, whatever is sent, until it loses its power.
static void deaf_to_reset(struct joint *joint) {
    static const int64_t after_ms[] = {0, 12, 20, 300};
    for (size_t i = 0; i < 2 * sizeof after_ms / sizeof after_ms[0]; i++) {
        joint_begin(joint);
        const int faults = joint->faults;
        if (i % 2) {
            begin_change(joint, false, after_ms[i / 2]);
        }
        chip_set_reset_deaf(joint->chip, true);
        joint_run(joint, 5 * SECOND_MS);
        joint_speckle(joint, 50);
        joint_want(joint, false);
        joint_run(joint, 5 * MINUTE_MS);
        assert_true(joint->faults > faults); // deep sleep looks like a refresh that never ends
        assert_true(chip_is_asleep(joint->chip));
        chip_set_reset_deaf(joint->chip, false);
        expect_recovery(joint);
        joint_crash(joint);
    }
}

static void reset_that_is_not_felt_is_lived_through(void **state) {
    (void)state;
    joint_tell(deaf_to_reset);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(boot_ids_after_a_power_cut_at_any_time),
        cmocka_unit_test(line_stuck_at_any_time_is_lived_through),
        cmocka_unit_test(line_stuck_from_the_beginning_is_lived_through),
        cmocka_unit_test(line_free_again_in_time_is_no_fault),
        cmocka_unit_test(ribbon_out_and_back_at_any_time),
        cmocka_unit_test(ribbon_out_in_the_transfer_is_healed_by_the_next_full),
        cmocka_unit_test(reset_that_is_not_felt_is_lived_through),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
