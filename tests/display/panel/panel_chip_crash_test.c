// Tests of a daemon that dies: after every single call on the wire of a refresh, and of the first act of a daemon. The
// one that follows lets a refresh that runs end, and has the panel asleep within 3 s of that.
#include "tests/support/ctl/emulator.h"
#include "tests/support/display/bent_wire.h"
#include "tests/support/display/panel_chip_fixture.h"

// What the daemon is at when it dies, on a glass that shows a page already.
enum { FIRST_ACT, GIVING_UP = PANEL_JOB_PARTIAL + 1 };

static enum panel_state begin_work(struct panel *panel, int work, const struct frame *shown, const struct frame *wanted,
                                   int64_t now_ms) {
    return work == GIVING_UP ? panel_give_up(panel, now_ms)
                             : panel_start(panel, (enum panel_job)work, shown, wanted, now_ms);
}

// Works until it is done or the wire is dead; true when it died.
static bool work_until_death(struct joint *joint, struct bent_wire *wire, int work, const struct frame *shown) {
    struct panel *panel;
    assert_int_equal(panel_new(&panel, joint->row, &wire->wire), 0);
    enum panel_state state = begin_work(panel, work, shown, &joint->wanted, joint->now_ms);
    while (state == PANEL_RUNNING && wire->calls_left > 0) {
        const int64_t deadline_ms = panel_deadline(panel), edge_ms = chip_next_edge_ms(joint->chip);
        const int64_t next_ms = deadline_ms < edge_ms ? deadline_ms : edge_ms;
        joint->now_ms = next_ms > joint->now_ms ? next_ms : joint->now_ms;
        state = panel_step(panel, joint->now_ms);
        joint_expect_no_violation(joint);
    }
    panel_free(panel);
    return wire->calls_left == 0;
}

// The helper that runs after any exit, or the next daemon's first act. Deep sleep keeps BUSY high as a refresh does, so
// it may have to wait for as long as a refresh may take.
static void expect_sleep(struct joint *joint) {
    const int64_t within_ms = joint->row->full_ms * joint->row->cold_factor + SLEEP_WITHIN_MS;
    joint_boot(joint);
    joint_settle(joint, within_ms);
    joint_run(joint, MINUTE_MS);
    assert_true(chip_is_asleep(joint->chip));
    assert_int_equal(chip_cuts(joint->chip), 0);
}

// Dies after every call in turn, or after each so manieth from `first` on, `gap_ms` before the next one starts; up to
// how many calls there were.
static int die_everywhere(const struct panel_row *row, bool ping_pong, int work, int64_t gap_ms, int first, int apart) {
    int calls = first;
    for (bool died = true; died; calls += died ? apart : 0) {
        struct joint joint;
        struct frame shown;
        joint_open(&joint, row, ping_pong);
        joint_begin(&joint);
        joint_crash(&joint);
        assert_int_equal(frame_init(&shown, row->width_px, row->height_px), 0);
        frame_fill(&joint.wanted, false);
        struct bent_wire wire = bent_wire_make(chip_wire(joint.chip), calls + 1);
        died = work_until_death(&joint, &wire, work, &shown);
        joint.now_ms += gap_ms;
        expect_sleep(&joint);
        joint_show(&joint, false, REFRESH_FULL);
        joint_close(&joint);
        frame_clear(&shown);
        assert_true(calls < 1000);
    }
    return calls;
}

static void sleeps_after_a_death_at_any_call(void **state) {
    (void)state;
    // At least so many calls: commands and their data, two planes in two messages at least, the lines, looks at BUSY.
    static const struct {
        int work;
        int calls;
    } works[] = {{FIRST_ACT, 10}, {PANEL_JOB_FULL, 40}, {PANEL_JOB_PARTIAL, 40}, {GIVING_UP, 8}};
    static const int64_t gaps_ms[] = {0, 100, 2500};
    const int apart = emulator_every(sizeof gaps_ms / sizeof gaps_ms[0]); // each call still has one of the gaps
    size_t count;
    const struct panel_row *rows = panel_rows(&count);
    for (size_t r = 0; r < count; r++) {
        for (size_t w = 0; w < sizeof works / sizeof works[0]; w++) {
            for (int g = 0; g < (int)(sizeof gaps_ms / sizeof gaps_ms[0]); g++) {
                assert_true(die_everywhere(&rows[r], g % 2, works[w].work, gaps_ms[g], g % apart, apart) >=
                            works[w].calls);
            }
        }
    }
    print_message("after one in %d calls\n", apart);
}

static void expect_sleep_of_next_daemon(struct joint *joint) {
    joint_crash(joint);
    joint_boot(joint);
    joint_settle(joint, joint->row->full_ms * joint->row->cold_factor + SLEEP_WITHIN_MS);
}

// The line says that the refresh goes on, and the daemon dies just before it would have given it up. The next one
// cannot know that it was a partial one, nor how long it has run.
static void hung_refresh(struct joint *joint) {
    for (int full = 0; full < 2; full++) {
        joint_begin(joint);
        joint_speckle(joint, 100);
        joint_want(joint, full);
        joint_run_into_refresh(joint);
        chip_set_busy_stuck(joint->chip, true);
        joint_run(joint, (full ? joint->row->full_deadline_ms : joint->row->partial_deadline_ms) - 250);
        assert_int_equal(joint->faults, 0);
        expect_sleep_of_next_daemon(joint);
        chip_set_busy_stuck(joint->chip, false);
        joint_show(joint, false, REFRESH_FULL);
        joint_crash(joint);
    }
}

static void hung_refresh_of_a_dead_daemon_is_ended(void **state) {
    (void)state;
    joint_tell(hung_refresh);
}

// BUSY is high and will not fall by itself: RES# is low, or the chip sleeps.
static bool line_is_held(struct joint *joint) {
    struct wire *wire = chip_wire(joint->chip);
    bool high = false;
    assert_int_equal(wire->ops->busy(wire, &high), 0);
    return high && chip_next_edge_ms(joint->chip) == INT64_MAX;
}

// The daemon dies in a refresh; BUSY sticks high in the reset of the next one, which dies as well. For all that the
// third one knows a refresh runs.
static void two_deaths(struct joint *joint) {
    joint_begin(joint);
    joint_speckle(joint, 100);
    joint_want(joint, false);
    joint_run(joint, 200);
    joint_crash(joint);
    joint_boot(joint);
    while (!line_is_held(joint)) {
        joint_run(joint, 1);
    }
    assert_false(chip_is_asleep(joint->chip));
    chip_set_busy_stuck(joint->chip, true);
    expect_sleep_of_next_daemon(joint);
    chip_set_busy_stuck(joint->chip, false);
    joint_want(joint, false);
    joint_settle(joint, joint->row->full_ms + SLEEP_WITHIN_MS);
    joint_expect_glass(joint);
}

static void line_that_sticks_between_two_deaths_is_waited_for(void **state) {
    (void)state;
    joint_tell(two_deaths);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sleeps_after_a_death_at_any_call),
        cmocka_unit_test(hung_refresh_of_a_dead_daemon_is_ended),
        cmocka_unit_test(line_that_sticks_between_two_deaths_is_waited_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
