#include "tests/support/display/panel_chip_fixture.h"

static int64_t joint_now_ms(void *context) {
    return ((struct joint *)context)->now_ms;
}

void joint_expect_no_violation(struct joint *joint) {
    chip_watch(joint->chip);
    if (chip_violation(joint->chip)) {
        fail_msg("%s, ping-pong %d, at %lld ms: %s: %s", joint->row->name, joint->ping_pong, (long long)joint->now_ms,
                 chip_violation(joint->chip), chip_violation_detail(joint->chip));
    }
}

static void joint_listen(void *context, const struct refresh_event *event) {
    struct joint *joint = context;
    switch (event->kind) {
    case REFRESH_EVENT_BEGUN:
        joint->begun++;
        joint->fulls += event->refresh == REFRESH_FULL;
        return;
    case REFRESH_EVENT_FAULT:
        joint->faults++;
        joint->given_up += event->given_up;
        return;
    case REFRESH_EVENT_ENDED:
    case REFRESH_EVENT_QUIET:
        return;
    }
}

void joint_boot_on(struct joint *joint, struct wire *wire) {
    struct panel *panel;
    assert_null(joint->refresh);
    assert_int_equal(panel_new(&panel, joint->row, wire), 0);
    assert_int_equal(refresh_new(&joint->refresh, panel, REFRESH_PARTIALS_PER_FULL, joint_listen, joint, joint->now_ms),
                     0);
}

void joint_boot(struct joint *joint) {
    joint_boot_on(joint, chip_wire(joint->chip));
}

void joint_crash(struct joint *joint) {
    refresh_free(joint->refresh);
    joint->refresh = NULL;
}

void joint_open(struct joint *joint, const struct panel_row *row, bool ping_pong) {
    *joint = (struct joint){.row = row, .ping_pong = ping_pong, .now_ms = 1000, .dice = 1};
    joint->chip =
        chip_new(&(struct chip_setup){.row = row, .now_ms = joint_now_ms, .context = joint, .ping_pong = ping_pong});
    assert_non_null(joint->chip);
    assert_int_equal(frame_init(&joint->wanted, row->width_px, row->height_px), 0);
    chip_set_power(joint->chip, true);
    joint->now_ms += POWER_UP_MS;
}

void joint_close(struct joint *joint) {
    joint_expect_no_violation(joint);
    refresh_free(joint->refresh);
    chip_free(joint->chip);
    frame_clear(&joint->wanted);
}

void joint_tell(void (*story)(struct joint *joint)) {
    size_t count;
    const struct panel_row *rows = panel_rows(&count);
    for (size_t i = 0; i < 2 * count; i++) {
        struct joint joint;
        joint_open(&joint, &rows[i / 2], i % 2);
        story(&joint);
        joint_close(&joint);
    }
}

enum refresh_kind joint_want(struct joint *joint, bool full) {
    const enum refresh_kind kind = refresh_want(joint->refresh, &joint->wanted, full, joint->now_ms);
    joint_expect_no_violation(joint);
    return kind;
}

int64_t joint_next_ms(const struct joint *joint) {
    const int64_t deadline_ms = joint->refresh ? refresh_deadline(joint->refresh) : INT64_MAX;
    const int64_t edge_ms = chip_next_edge_ms(joint->chip);
    return edge_ms < deadline_ms ? edge_ms : deadline_ms;
}

// The owner's part: the page that stands is drawn again in full once a day.
static void joint_keep_24_h(struct joint *joint) {
    if (refresh_full_is_due(joint->refresh, joint->now_ms)) {
        refresh_want(joint->refresh, &joint->wanted, true, joint->now_ms);
    }
}

static void joint_run_until(struct joint *joint, int64_t until_ms) {
    for (int calls = 0; joint_next_ms(joint) <= until_ms; calls++) {
        assert_true(calls < 100000);
        const int64_t next_ms = joint_next_ms(joint);
        joint->now_ms = next_ms > joint->now_ms ? next_ms : joint->now_ms;
        if (joint->refresh) {
            refresh_step(joint->refresh, joint->now_ms);
            joint_keep_24_h(joint);
        }
        joint_expect_no_violation(joint);
    }
    joint->now_ms = until_ms;
    joint_expect_no_violation(joint);
}

void joint_run(struct joint *joint, int64_t for_ms) {
    joint_run_until(joint, joint->now_ms + for_ms);
}

void joint_settle(struct joint *joint, int64_t within_ms) {
    const int64_t end_ms = joint->now_ms + within_ms;
    while (refresh_is_busy(joint->refresh)) {
        assert_true(joint_next_ms(joint) <= end_ms);
        joint_run_until(joint, joint_next_ms(joint));
    }
    assert_true(chip_is_asleep(joint->chip));
}

void joint_expect_glass(struct joint *joint) {
    assert_true(frame_equal(chip_glass(joint->chip), &joint->wanted));
    assert_non_null(refresh_shown(joint->refresh));
    assert_true(frame_equal(refresh_shown(joint->refresh), &joint->wanted));
    assert_true(chip_is_asleep(joint->chip));
}

void joint_show(struct joint *joint, bool full, enum refresh_kind kind) {
    assert_int_equal(joint_want(joint, full), kind);
    joint_settle(joint, (kind == REFRESH_FULL ? joint->row->full_ms : joint->row->partial_ms) + SLEEP_WITHIN_MS);
    joint_expect_glass(joint);
}

void joint_begin(struct joint *joint) {
    joint_boot(joint);
    joint_want(joint, false);
    joint_settle(joint, joint->row->full_ms * (joint->row->cold_factor + 1) + 2 * (int64_t)SLEEP_WITHIN_MS);
    joint_expect_glass(joint);
}

void joint_run_into_refresh(struct joint *joint) {
    for (int ms = 0; !chip_is_driving(joint->chip); ms++) {
        assert_true(ms < 5000);
        joint_run(joint, 1);
    }
    joint_run(joint, 100);
}

int joint_roll(struct joint *joint, int sides) {
    joint->dice ^= joint->dice >> 12;
    joint->dice ^= joint->dice << 25;
    joint->dice ^= joint->dice >> 27;
    return (int)((joint->dice * UINT64_C(2685821657736338717) >> 33) % (uint64_t)sides);
}

void joint_speckle(struct joint *joint, int pixels) {
    struct frame *wanted = &joint->wanted;
    const struct frame *shown = joint->refresh ? refresh_shown(joint->refresh) : NULL;
    for (int i = 0; i < pixels; i++) {
        const int x_px = joint_roll(joint, wanted->width_px), y_px = joint_roll(joint, wanted->height_px);
        frame_set(wanted, x_px, y_px, joint_roll(joint, 2));
    }
    const int x_px = joint_roll(joint, wanted->width_px), y_px = joint_roll(joint, wanted->height_px);
    frame_set(wanted, x_px, y_px, !frame_is_white(shown ? shown : wanted, x_px, y_px));
}
