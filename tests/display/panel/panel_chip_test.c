// Tests of the driver on the emulated chip while nothing fails: after every refresh the glass shows what was wanted and
// the chip sleeps.
#include "tests/support/display/bent_wire.h"
#include "tests/support/display/panel_chip_fixture.h"

#include <limits.h>

// ---- kinds ----

static void ladder(struct joint *joint) {
    joint_begin(joint);
    for (int i = 1; i <= 40; i++) {
        joint_speckle(joint, 2000);
        joint_show(joint, false, i % (REFRESH_PARTIALS_PER_FULL + 1) == 0 ? REFRESH_FULL : REFRESH_PARTIAL);
        joint_run(joint, 50 * SECOND_MS);
    }
    assert_int_equal(joint->begun, 41);
    assert_int_equal(joint->fulls, 3);
    assert_int_equal(joint->faults, 0);
    assert_int_equal(chip_cuts(joint->chip), 0);
}

static void every_16th_of_a_ladder_is_full(void **state) {
    (void)state;
    joint_tell(ladder);
}

static void full_pages(struct joint *joint) {
    joint_begin(joint);
    for (int i = 0; i < 4; i++) {
        frame_fill(&joint->wanted, i % 2); // all black, all white
        joint_show(joint, true, REFRESH_FULL);
        joint_speckle(joint, 5000);
        joint_show(joint, true, REFRESH_FULL);
        assert_true(chip_border_is_white(joint->chip));
    }
}

static void full_shows_any_page(void **state) {
    (void)state;
    joint_tell(full_pages);
}

// A frame that is wanted while another one is on its way comes after it.
static void haste(struct joint *joint) {
    joint_begin(joint);
    for (int i = 0; i < 60; i++) {
        joint_speckle(joint, 50);
        assert_int_not_equal(joint_want(joint, i % 7 == 0), REFRESH_NONE);
        joint_run(joint, joint_roll(joint, 400));
    }
    joint_settle(joint, 2 * joint->row->full_ms + 2 * (int64_t)SLEEP_WITHIN_MS);
    joint_expect_glass(joint);
    assert_int_equal(joint->faults, 0);
}

static void newest_frame_comes_in_the_end(void **state) {
    (void)state;
    joint_tell(haste);
}

// ---- places ----

// A rectangle of the glass turns black, by what differs alone.
static void expect_black_area(struct joint *joint, int x_px, int y_px, int width_px, int height_px) {
    for (int y = y_px; y < y_px + height_px; y++) {
        for (int x = x_px; x < x_px + width_px; x++) {
            frame_set(&joint->wanted, x, y, false);
        }
    }
    assert_int_not_equal(joint_want(joint, false), REFRESH_NONE);
    joint_settle(joint, joint->row->full_ms + SLEEP_WITHIN_MS);
    joint_expect_glass(joint);
}

// Nine places, three a line: at the edges, at a byte's edge and in the middle.
static void corners(struct joint *joint) {
    static const int sizes_px[][2] = {{1, 1}, {7, 3}, {8, 8}, {17, 9}};
    const struct panel_row *row = joint->row;
    joint_begin(joint);
    for (size_t s = 0; s < sizeof sizes_px / sizeof sizes_px[0]; s++) {
        const int width_px = sizes_px[s][0], height_px = sizes_px[s][1];
        frame_fill(&joint->wanted, true);
        for (int place = 0; place < 9; place++) {
            expect_black_area(joint, place % 3 * (row->width_px - width_px) / 2,
                              place / 3 * (row->height_px - height_px) / 2, width_px, height_px);
        }
    }
}

static void windows_at_every_edge(void **state) {
    (void)state;
    joint_tell(corners);
}

// A whole line and a whole column, at the edges and beside each byte's edge of the controller's rows.
static void lines(struct joint *joint) {
    const struct panel_row *row = joint->row;
    const int at[] = {0, 1, 7, 8, 9};
    joint_begin(joint);
    for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
        frame_fill(&joint->wanted, true);
        expect_black_area(joint, at[i], 0, 1, row->height_px);
        expect_black_area(joint, row->width_px - 1 - at[i], 0, 1, row->height_px);
        expect_black_area(joint, 0, at[i], row->width_px, 1);
        expect_black_area(joint, 0, row->height_px - 1 - at[i], row->width_px, 1);
    }
}

static void lines_at_every_edge(void **state) {
    (void)state;
    joint_tell(lines);
}

static void only_what_changes_is_driven(struct joint *joint) {
    joint_begin(joint);
    expect_black_area(joint, 20, 10, 1, 1);
    assert_int_equal(chip_drives(joint->chip, 20, 10), 1);
    assert_int_equal(chip_drives(joint->chip, 21, 10), 0);
    assert_int_equal(chip_drives(joint->chip, 0, 0), 0);
}

static void single_pixel_drives_no_other(void **state) {
    (void)state;
    joint_tell(only_what_changes_is_driven);
}

// ---- sleep ----

static void nights(struct joint *joint) {
    joint_begin(joint);
    for (int i = 0; i < 5; i++) {
        joint_run(joint, 8 * HOUR_MS);
        assert_true(chip_is_asleep(joint->chip));
        joint_speckle(joint, 300);
        assert_int_not_equal(joint_want(joint, false), REFRESH_NONE);
        joint_run(joint, 100);
        assert_false(chip_is_asleep(joint->chip)); // RES# woke it
        joint_settle(joint, joint->row->full_ms + SLEEP_WITHIN_MS);
        joint_expect_glass(joint);
    }
}

static void wakes_by_reset_and_sleeps_again(void **state) {
    (void)state;
    joint_tell(nights);
}

// SIGTERM in a refresh, and in peace; then the next daemon. It knows nothing of the glass: a full refresh.
static void restarts(struct joint *joint) {
    joint_begin(joint);
    for (int i = 0; i < 6; i++) {
        joint_speckle(joint, 300);
        joint_want(joint, false);
        joint_run(joint, i * 100);
        refresh_stop(joint->refresh, joint->now_ms);
        joint_settle(joint, joint->row->full_ms + SLEEP_WITHIN_MS);
        joint_crash(joint);
        const int fulls = joint->fulls;
        joint_begin(joint);
        assert_int_equal(joint->fulls, fulls + 1);
    }
    assert_int_equal(chip_cuts(joint->chip), 0);
}

static void sleeps_at_sigterm_and_shows_all_after_a_restart(void **state) {
    (void)state;
    joint_tell(restarts);
}

// Deep sleep loses RAM, as a module may behave whatever it is told.
static void forgetful_ladder(struct joint *joint) {
    struct bent_wire wire = bent_wire_make(chip_wire(joint->chip), INT_MAX);
    wire.sleep_loses_ram = true;
    joint_boot_on(joint, &wire.wire);
    joint_want(joint, false);
    joint_run(joint, MINUTE_MS);
    for (int i = 1; i <= 20; i++) {
        joint_speckle(joint, 100);
        joint_show(joint, false, i == REFRESH_PARTIALS_PER_FULL + 1 ? REFRESH_FULL : REFRESH_PARTIAL);
    }
    joint_crash(joint); // before the wire is gone
}

static void garbage_in_ram_is_never_trusted(void **state) {
    (void)state;
    joint_tell(forgetful_ladder);
}

// ---- a day and more ----

// Once a day in full, although nothing changes; the chip names the violation if it does not come.
static void idle_days(struct joint *joint) {
    joint_begin(joint);
    const int begun = joint->begun;
    joint_run(joint, 10 * DAY_MS + HOUR_MS);
    assert_int_equal(joint->begun - begun, 10);
    assert_int_equal(joint->fulls, joint->begun);
    joint_expect_glass(joint);
}

static void page_that_stands_is_drawn_in_full_every_day(void **state) {
    (void)state;
    joint_tell(idle_days);
}

// A page change every 7 h: none in full but for the day.
static void busy_days(struct joint *joint) {
    joint_begin(joint);
    for (int i = 0; i < 20; i++) {
        joint_run(joint, 7 * HOUR_MS);
        joint_speckle(joint, 100);
        joint_want(joint, false);
        joint_settle(joint, joint->row->full_ms + SLEEP_WITHIN_MS);
        joint_expect_glass(joint);
    }
    assert_in_range(joint->fulls, 1 + 140 / 25, 1 + 140 / 24);
}

static void day_is_counted_through_partials(void **state) {
    (void)state;
    joint_tell(busy_days);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_16th_of_a_ladder_is_full),
        cmocka_unit_test(full_shows_any_page),
        cmocka_unit_test(newest_frame_comes_in_the_end),
        cmocka_unit_test(windows_at_every_edge),
        cmocka_unit_test(lines_at_every_edge),
        cmocka_unit_test(single_pixel_drives_no_other),
        cmocka_unit_test(wakes_by_reset_and_sleeps_again),
        cmocka_unit_test(sleeps_at_sigterm_and_shows_all_after_a_restart),
        cmocka_unit_test(garbage_in_ram_is_never_trusted),
        cmocka_unit_test(page_that_stands_is_drawn_in_full_every_day),
        cmocka_unit_test(day_is_counted_through_partials),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
