#include "tests/support/panel_fixture.h"

#include "display/panel/controller/controller.h"

#include <string.h>

void bench_open(struct bench *bench, const struct panel_row *row) {
    assert_non_null(row);
    *bench = (struct bench){.row = row, .at = recording_wire_make(row->full_ms)};
    bench->at.ultrachip = !row->controller->busy_level;
    assert_int_equal(panel_new(&bench->panel, row, &bench->at.wire), 0);
    assert_int_equal(frame_init(&bench->shown, row->width_px, row->height_px), 0);
    assert_int_equal(frame_init(&bench->wanted, row->width_px, row->height_px), 0);
    frame_set(&bench->shown, 0, 0, false);
    frame_set(&bench->wanted, row->width_px - 1, row->height_px - 1, false);
}

void bench_close(struct bench *bench) {
    panel_free(bench->panel);
    frame_clear(&bench->shown);
    frame_clear(&bench->wanted);
}

enum panel_state bench_start(struct bench *bench, enum panel_job job) {
    return panel_start(bench->panel, job, &bench->shown, &bench->wanted, bench->at.now_ms);
}

enum panel_state bench_run_on(struct bench *bench, enum panel_state state, bool edges) {
    for (int calls = 0; state == PANEL_RUNNING; calls++) {
        assert_true(calls < 1000);
        const int64_t deadline_ms = panel_deadline(bench->panel);
        assert_true(deadline_ms < INT64_MAX);
        const int64_t edge_ms = edges ? wire_next_edge_ms(&bench->at) : INT64_MAX;
        const int64_t next_ms = edge_ms < deadline_ms ? edge_ms : deadline_ms;
        bench->at.now_ms = next_ms > bench->at.now_ms ? next_ms : bench->at.now_ms;
        state = panel_step(bench->panel, bench->at.now_ms);
    }
    assert_true(panel_deadline(bench->panel) == INT64_MAX);
    return state;
}

enum panel_state bench_run(struct bench *bench, enum panel_job job) {
    return bench_run_on(bench, bench_start(bench, job), true);
}

void assert_log(const struct bench *bench, const char *expected) {
    assert_string_equal(bench->at.log, expected);
    assert_null(bench->at.complaint);
}

bool log_has(const struct bench *bench, const char *line) {
    return strstr(bench->at.log, line) != NULL;
}
