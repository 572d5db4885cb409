// Random walks of the driver on the emulated chip, each with a seed of its own: page changes at any moment, restarts
// and power cuts, with and without faults of the module. In the end the glass shows what is wanted, and nobody is to
// blame.
#include "tests/support/display/panel_chip_fixture.h"

// A walk has so many events; over the planes of large glass fewer, for they take their time.
enum { EVENTS = 400, EVENTS_LARGE = 60, LARGE_BYTES = 8000 };

struct walk {
    struct joint joint;
    bool stuck, unplugged, deaf;
    int pages;
};

static void change_page(struct walk *walk) {
    struct joint *joint = &walk->joint;
    joint_speckle(joint, 30);
    joint_want(joint, joint_roll(joint, 10) == 0);
    walk->pages++;
}

static void restart(struct walk *walk) {
    struct joint *joint = &walk->joint;
    joint_crash(joint);
    joint_run(joint, joint_roll(joint, 200));
    joint_boot(joint);
    joint_want(joint, false);
}

static void cut_power(struct walk *walk) {
    struct joint *joint = &walk->joint;
    joint_crash(joint);
    chip_set_power(joint->chip, false);
    joint_run(joint, joint_roll(joint, 100000));
    chip_set_power(joint->chip, true);
    joint_run(joint, POWER_UP_MS + joint_roll(joint, 2) * 500);
    joint_boot(joint);
    joint_want(joint, false);
}

static void turn_busy(struct walk *walk) {
    walk->stuck = !walk->stuck;
    chip_set_busy_stuck(walk->joint.chip, walk->stuck);
}

static void turn_ribbon(struct walk *walk) {
    walk->unplugged = !walk->unplugged;
    chip_set_plugged(walk->joint.chip, !walk->unplugged);
}

static void turn_reset(struct walk *walk) {
    walk->deaf = !walk->deaf;
    chip_set_reset_deaf(walk->joint.chip, walk->deaf);
}

static const struct event {
    int share; // of 100
    bool fault;
    void (*happen)(struct walk *walk);
} events[] = {
    {83, false, change_page}, {4, false, restart},    {2, false, cut_power},
    {5, true, turn_busy},     {4, true, turn_ribbon}, {2, true, turn_reset},
};

static void happen(struct walk *walk, bool faults) {
    int at = joint_roll(&walk->joint, 100);
    const struct event *event = events;
    for (; at >= event->share; event++) {
        at -= event->share;
    }
    if (faults || !event->fault) {
        event->happen(walk);
    }
    joint_expect_no_violation(&walk->joint);
}

// From within a step up to a day, as likely each.
static void let_time_pass(struct joint *joint) {
    static const int spans_ms[] = {1, 30, 100, 300, 700, 2000, 6000, 60000, 3600000, 90000000};
    joint_run(joint, 1 + joint_roll(joint, spans_ms[joint_roll(joint, sizeof spans_ms / sizeof spans_ms[0])]));
}

static void heal(struct walk *walk) {
    chip_set_busy_stuck(walk->joint.chip, false);
    chip_set_plugged(walk->joint.chip, true);
    chip_set_reset_deaf(walk->joint.chip, false);
}

// After the longest back-off, a day, and one more full refresh. An hour more, so that no daily one is in the way.
static void expect_good_end(struct joint *joint) {
    joint_run(joint, 2 * DAY_MS + HOUR_MS);
    joint_speckle(joint, 30);
    joint_want(joint, true);
    joint_settle(joint, joint->row->full_ms + SLEEP_WITHIN_MS);
    joint_expect_glass(joint);
}

static void take_walk(const struct panel_row *row, bool ping_pong, bool faults, uint64_t seed) {
    struct walk walk = {0};
    joint_open(&walk.joint, row, ping_pong);
    walk.joint.dice = seed;
    joint_boot(&walk.joint);
    const int length = row->row_bytes * row->gates > LARGE_BYTES ? EVENTS_LARGE : EVENTS;
    for (int i = 0; i < length; i++) {
        happen(&walk, faults);
        let_time_pass(&walk.joint);
    }
    heal(&walk);
    expect_good_end(&walk.joint);
    assert_true(walk.pages > length / 2);
    assert_true(faults ? walk.joint.given_up > 0 : walk.joint.faults == 0);
    joint_close(&walk.joint);
}

static void take_walks(bool faults) {
    // Each met another trap with faults: asleep, just powered up, in reset, stuck between two deaths.
    static const uint64_t seeds[] = {643000129, 216000048, 503000309, 705000015};
    size_t count;
    const struct panel_row *rows = panel_rows(&count);
    for (size_t i = 0; i < 2 * count; i++) {
        for (size_t s = 0; s < sizeof seeds / sizeof seeds[0]; s++) {
            take_walk(&rows[i / 2], i % 2, faults, seeds[s]);
        }
    }
}

static void walks_without_faults(void **state) {
    (void)state;
    take_walks(false);
}

static void walks_with_faults(void **state) {
    (void)state;
    take_walks(true);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(walks_without_faults),
        cmocka_unit_test(walks_with_faults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
