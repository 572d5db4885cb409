// The fast refresh of every row that has one, driver and emulated chip together: the policy does not ask for it, so
// nobody else's test does.
#include "display/panel/panel.h"

#include "display/chip/chip.h"
#include "display/panel/rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct desk {
    int64_t now_ms;
    struct chip *chip;
    struct panel *panel;
    struct frame shown, wanted;
};

static int64_t desk_now_ms(void *context) {
    return ((struct desk *)context)->now_ms;
}

static void desk_open(struct desk *desk, const struct panel_row *row, bool ping_pong) {
    *desk = (struct desk){.now_ms = 1000};
    desk->chip =
        chip_new(&(struct chip_setup){.row = row, .now_ms = desk_now_ms, .context = desk, .ping_pong = ping_pong});
    assert_non_null(desk->chip);
    chip_set_power(desk->chip, true);
    assert_int_equal(panel_new(&desk->panel, row, chip_wire(desk->chip)), 0);
    assert_int_equal(frame_init(&desk->shown, row->width_px, row->height_px), 0);
    assert_int_equal(frame_init(&desk->wanted, row->width_px, row->height_px), 0);
}

static void desk_close(struct desk *desk) {
    chip_watch(desk->chip);
    if (chip_violation(desk->chip)) {
        fail_msg("%s: %s", chip_violation(desk->chip), chip_violation_detail(desk->chip));
    }
    panel_free(desk->panel);
    chip_free(desk->chip);
    frame_clear(&desk->shown);
    frame_clear(&desk->wanted);
}

// Runs a job to its end; returns how long it took.
static int64_t desk_run(struct desk *desk, enum panel_job job) {
    const int64_t begun_ms = desk->now_ms;
    enum panel_state state = panel_start(desk->panel, job, &desk->shown, &desk->wanted, desk->now_ms);
    for (int calls = 0; state == PANEL_RUNNING; calls++) {
        assert_true(calls < 1000);
        const int64_t deadline_ms = panel_deadline(desk->panel), edge_ms = chip_next_edge_ms(desk->chip);
        const int64_t next_ms = edge_ms < deadline_ms ? edge_ms : deadline_ms;
        desk->now_ms = next_ms > desk->now_ms ? next_ms : desk->now_ms;
        state = panel_step(desk->panel, desk->now_ms);
    }
    assert_int_equal(state, PANEL_DONE);
    assert_true(chip_is_asleep(desk->chip));
    assert_true(frame_equal(chip_glass(desk->chip), &desk->wanted));
    frame_copy(&desk->shown, &desk->wanted);
    return desk->now_ms - begun_ms;
}

// What reset and planes take, and of the UltraChips the voltages: 140 ms to come, 42 to go.
enum { AROUND_MS = 300 };

// In its own time and what is around it; whatever it comes from and whatever comes after it.
static void fast_shows_the_page_in_its_time(void **state) {
    (void)state;
    size_t count;
    const struct panel_row *rows = panel_rows(&count);
    int seen = 0;
    for (size_t i = 0; i < 2 * count; i++) {
        const struct panel_row *row = &rows[i / 2];
        if (row->fast_ms == 0) {
            continue;
        }
        seen++;
        struct desk desk;
        desk_open(&desk, row, i % 2);
        frame_set(&desk.wanted, 0, 0, false);
        assert_in_range(desk_run(&desk, PANEL_JOB_FAST), row->fast_ms, row->fast_ms + AROUND_MS);
        frame_set(&desk.wanted, row->width_px - 1, row->height_px - 1, false);
        assert_in_range(desk_run(&desk, PANEL_JOB_PARTIAL), row->partial_ms, row->partial_ms + AROUND_MS);
        frame_fill(&desk.wanted, false);
        assert_in_range(desk_run(&desk, PANEL_JOB_FAST), row->fast_ms, row->fast_ms + AROUND_MS);
        frame_fill(&desk.wanted, true);
        assert_in_range(desk_run(&desk, PANEL_JOB_FULL), row->full_ms, row->full_ms + AROUND_MS);
        desk_close(&desk);
    }
    assert_true(seen > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(fast_shows_the_page_in_its_time)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
