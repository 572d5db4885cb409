#include "tests/support/display/panel_fixture.h"

#include "display/panel/controller/controller.h"

#include <string.h>

void panel_fixture_open(struct panel_fixture *fixture, const struct panel_row *row) {
    assert_non_null(row);
    *fixture = (struct panel_fixture){.row = row, .at = recording_wire_make(row->full_ms)};
    fixture->at.ultrachip = !row->controller->busy_level;
    assert_int_equal(panel_new(&fixture->panel, row, &fixture->at.wire), 0);
    assert_int_equal(frame_init(&fixture->shown, row->width_px, row->height_px), 0);
    assert_int_equal(frame_init(&fixture->wanted, row->width_px, row->height_px), 0);
    frame_set(&fixture->shown, 0, 0, false);
    frame_set(&fixture->wanted, row->width_px - 1, row->height_px - 1, false);
}

void panel_fixture_close(struct panel_fixture *fixture) {
    panel_free(fixture->panel);
    frame_clear(&fixture->shown);
    frame_clear(&fixture->wanted);
}

enum panel_state panel_fixture_start(struct panel_fixture *fixture, enum panel_job job) {
    return panel_start(fixture->panel, job, &fixture->shown, &fixture->wanted, fixture->at.now_ms);
}

enum panel_state panel_fixture_run_on(struct panel_fixture *fixture, enum panel_state state, bool edges) {
    for (int calls = 0; state == PANEL_RUNNING; calls++) {
        assert_true(calls < 1000);
        const int64_t deadline_ms = panel_deadline(fixture->panel);
        assert_true(deadline_ms < INT64_MAX);
        const int64_t edge_ms = edges ? wire_next_edge_ms(&fixture->at) : INT64_MAX;
        const int64_t next_ms = edge_ms < deadline_ms ? edge_ms : deadline_ms;
        fixture->at.now_ms = next_ms > fixture->at.now_ms ? next_ms : fixture->at.now_ms;
        state = panel_step(fixture->panel, fixture->at.now_ms);
    }
    assert_true(panel_deadline(fixture->panel) == INT64_MAX);
    return state;
}

enum panel_state panel_fixture_run(struct panel_fixture *fixture, enum panel_job job) {
    return panel_fixture_run_on(fixture, panel_fixture_start(fixture, job), true);
}

void assert_log(const struct panel_fixture *fixture, const char *expected) {
    assert_string_equal(fixture->at.log, expected);
    assert_null(fixture->at.complaint);
}

bool log_has(const struct panel_fixture *fixture, const char *line) {
    return strstr(fixture->at.log, line) != NULL;
}
