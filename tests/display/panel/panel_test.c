// Tests of the interpreter and of the SSD168x scripts: the bytes of every job on every row, and the rows.
#include "tests/support/display/panel_fixture.h"
#include "tests/support/display/panel_jobs.h"

#include "display/panel/controller/controller.h"

#include <string.h>

static void every_job_sends_these_bytes(void **state) {
    (void)state;
    for (size_t i = 0; i < JOB_COUNT; i++) {
        struct panel_fixture fixture;
        panel_fixture_open(&fixture, panel_row_find(jobs[i].row));
        if (jobs[i].job == PANEL_JOB_PARTIAL) {
            fixture.at.refresh_falls_ms = fixture.row->partial_ms;
        }
        if (jobs[i].job == PANEL_JOB_FAST) {
            fixture.at.refresh_falls_ms = fixture.row->fast_ms;
        }
        // Twice: what was sent before makes no difference.
        for (int run = 0; run < 2; run++) {
            wire_forget_log(&fixture.at);
            assert_int_equal(panel_fixture_run(&fixture, jobs[i].job), PANEL_DONE);
            assert_log(&fixture, jobs[i].log);
            assert_int_equal(panel_spi_bytes(fixture.panel), jobs[i].spi_bytes);
            assert_true(fixture.at.longest_message <= 4096);
            assert_true(fixture.at.asleep);
        }
        panel_fixture_close(&fixture);
    }
}

// Every row of the family stands in the table, with every kind of refresh that it has.
static void every_row_has_its_bytes(void **state) {
    (void)state;
    size_t count;
    const struct panel_row *rows = panel_rows(&count);
    for (size_t i = 0; i < count; i++) {
        if (strncmp(rows[i].controller->name, "SSD168", 6) != 0) {
            continue;
        }
        bool found[PANEL_JOB_PARTIAL + 1] = {false};
        for (size_t j = 0; j < JOB_COUNT; j++) {
            if (strcmp(jobs[j].row, rows[i].name) == 0) {
                found[jobs[j].job] = true;
            }
        }
        if (!found[PANEL_JOB_FULL] || !found[PANEL_JOB_PARTIAL] || found[PANEL_JOB_FAST] != (rows[i].fast_ms > 0)) {
            fail_msg("%s has not all of its jobs in the table", rows[i].name);
        }
    }
}

// Glass mounted the other way round: turned by 270°, (x, y) → source y, gate 249 - x. The bottom right pixel is
// source 121, gate 0.
static void turn_of_the_row_turns_the_plane(void **state) {
    (void)state;
    struct panel_row row = *panel_row_find("waveshare-2.13-v4");
    row.turn = FRAME_TURN_270;
    struct panel_fixture fixture;
    panel_fixture_open(&fixture, &row);
    assert_int_equal(panel_fixture_run(&fixture, PANEL_JOB_FULL), PANEL_DONE);
    assert_true(log_has(&fixture, "24 FF*15 BF FF*3984\n"));
    panel_fixture_close(&fixture);
}

static void planes_and_tables_are_cut_to_the_messages_of_the_wire(void **state) {
    (void)state;
    struct panel_fixture fixture;
    panel_fixture_open(&fixture, panel_row_find("waveshare-2.13-v4"));
    fixture.at.wire.max_message = 1500;
    assert_int_equal(panel_fixture_run(&fixture, PANEL_JOB_PARTIAL), PANEL_DONE);
    assert_true(log_has(&fixture, "26 FF*15 BF FF*1484 FF*1500 FF*1000\n"));
    assert_true(log_has(&fixture, "24 FF*1500 FF*1500 FF*984 7F FF*15\n"));
    assert_int_equal(fixture.at.longest_message, 1500);
    panel_fixture_close(&fixture);
    panel_fixture_open(&fixture, panel_row_find("waveshare-2.9-v2"));
    fixture.at.refresh_falls_ms = fixture.row->partial_ms;
    fixture.at.wire.max_message = 64; // the own waveform has 153 bytes: 64 + 64 + 25
    assert_int_equal(panel_fixture_run(&fixture, PANEL_JOB_PARTIAL), PANEL_DONE);
    assert_true(log_has(&fixture, "32 00*12 80 00*11 40 00*35 0A 00*3 00 00 02 00*61 00*16 22*6 00*3\n"));
    assert_int_equal(fixture.at.longest_message, 64);
    panel_fixture_close(&fixture);
}

// ---- waits ----

// How long after its start a job sends the first command, and how long until it activates the refresh.
static void expect_waits(struct panel_fixture *fixture, enum panel_job job, int64_t first_ms, int64_t activated_ms) {
    const int64_t begun_ms = fixture->at.now_ms;
    int64_t found_ms = -1;
    wire_forget_log(&fixture->at);
    enum panel_state now = panel_fixture_start(fixture, job);
    while (now == PANEL_RUNNING) {
        if (found_ms < 0 && log_has(fixture, "reset 0\n")) {
            found_ms = fixture->at.now_ms - begun_ms;
        }
        const int64_t deadline_ms = panel_deadline(fixture->panel), edge_ms = wire_next_edge_ms(&fixture->at);
        fixture->at.now_ms = edge_ms < deadline_ms ? edge_ms : deadline_ms;
        now = panel_step(fixture->panel, fixture->at.now_ms);
    }
    assert_int_equal(now, PANEL_DONE);
    assert_null(fixture->at.complaint);
    assert_int_equal(found_ms, first_ms);
    assert_int_equal(fixture->at.activated_ms - begun_ms, activated_ms);
}

// Nothing is waited for but what the scripts say, in whole milliseconds of at least so many: the supply's 10 only when
// it was not on, RES# 2, 20 after it, 10 after 0x12; and what BUSY says. A line that is idle then costs nothing more.
static void idle_line_is_believed_after_the_prescribed_wait(void **state) {
    (void)state;
    enum { SUPPLY = 10 + 1, RESET = 2 + 1 + 20 + 1, SOFT_RESET = 10 + 1, SWITCH_ON = 41, SETTLED = 5 };
    static const struct {
        const char *row;
        int64_t first_ms, activated_ms;
    } cases[] = {
        {"waveshare-2.13-v4", RESET, RESET + SOFT_RESET},
        {"waveshare-4.2-v1", RESET, RESET + SWITCH_ON + SETTLED}, // seen busy: its first idle word is not believed
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct panel_fixture fixture;
        panel_fixture_open(&fixture, panel_row_find(cases[i].row));
        expect_waits(&fixture, PANEL_JOB_FULL, SUPPLY + cases[i].first_ms, SUPPLY + cases[i].activated_ms);
        expect_waits(&fixture, PANEL_JOB_FULL, cases[i].first_ms, cases[i].activated_ms);
        // A wire that failed, or was switched off, says nothing about the supply.
        fixture.at.fail_verb = WIRE_COMMAND;
        fixture.at.fail_at = fixture.at.calls[WIRE_COMMAND];
        assert_int_equal(panel_fixture_run(&fixture, PANEL_JOB_FULL), PANEL_FAILED);
        expect_waits(&fixture, PANEL_JOB_FULL, SUPPLY + cases[i].first_ms, SUPPLY + cases[i].activated_ms);
        assert_int_equal(panel_fixture_run_on(&fixture, panel_give_up(fixture.panel, fixture.at.now_ms), true),
                         PANEL_DONE);
        expect_waits(&fixture, PANEL_JOB_FULL, SUPPLY + cases[i].first_ms, SUPPLY + cases[i].activated_ms);
        panel_fixture_close(&fixture);
    }
}

// A look at BUSY that may believe it at once must not come before the chip had the time to say busy.
static void every_look_for_ready_comes_after_a_delay(void **state) {
    (void)state;
    size_t count;
    const struct panel_row *rows = panel_rows(&count);
    for (size_t i = 0; i < count; i++) {
        const struct controller *c = rows[i].controller;
        const struct script *const scripts[] = {&c->sleep, &c->full, &c->fast, &c->partial, &c->give_up};
        for (size_t s = 0; s < sizeof scripts / sizeof scripts[0]; s++) {
            for (size_t part = 0; part < SCRIPT_PARTS_MAX && scripts[s]->parts[part]; part++) {
                for (const struct step *step = scripts[s]->parts[part]; step->verb != STEP_END; step++) {
                    if (step->verb == STEP_READY &&
                        (step == scripts[s]->parts[part] || step[-1].verb != STEP_DELAY || step[-1].ms < 10)) {
                        fail_msg("%s: step %td of part %zu", c->name, step - scripts[s]->parts[part], part);
                    }
                }
            }
        }
    }
}

// ---- the rows ----

static bool loads_table(const struct script *script) {
    for (size_t part = 0; part < SCRIPT_PARTS_MAX && script->parts[part]; part++) {
        for (const struct step *step = script->parts[part]; step->verb != STEP_END; step++) {
            if (step->verb == STEP_TABLE) {
                return true;
            }
        }
    }
    return false;
}

static void rows_are_complete_and_follow_the_rules(void **state) {
    (void)state;
    size_t count;
    const struct panel_row *rows = panel_rows(&count);
    assert_true(count > 0);
    for (size_t i = 0; i < count; i++) {
        const struct panel_row *row = &rows[i];
        assert_ptr_equal(panel_row_find(row->name), row);
        assert_true(i == 0 || strcmp(rows[i - 1].name, row->name) < 0);
        assert_int_equal(row->row_bytes, (row->sources + 7) / 8);
        const bool sideways = row->turn == FRAME_TURN_90 || row->turn == FRAME_TURN_270;
        assert_int_equal(row->sources, sideways ? row->height_px : row->width_px);
        assert_int_equal(row->gates, sideways ? row->width_px : row->height_px);
        assert_int_equal(row->full_deadline_ms, 3 * row->full_ms);
        assert_int_equal(row->partial_deadline_ms, 3 * row->partial_ms > 3000 ? 3 * row->partial_ms : 3000);
        assert_true(row->cold_factor * row->full_ms >= row->full_deadline_ms);
        assert_true(row->fast_ms >= 0 && row->fast_ms < row->full_ms);
        assert_true(row->fast_ms == 0 || row->controller->fast.parts[0]);
        // Who has no waveform in its OTP is given one, and nobody else.
        assert_int_equal(row->partial_from_host, loads_table(&row->controller->partial));
        assert_true(row->spi_hz > 0 && row->spi_hz <= row->spi_max_hz);
        // Pixels and pitch make up the diagonal (within 2 %).
        const double width_mm = row->width_px * row->pixel_mm, height_mm = row->height_px * row->pixel_mm;
        const double diagonal_mm = row->diagonal_inch * 25.4;
        const double ratio = (width_mm * width_mm + height_mm * height_mm) / (diagonal_mm * diagonal_mm);
        assert_true(ratio > 0.96 && ratio < 1.04);
    }
    assert_null(panel_row_find("waveshare-2.13"));
    assert_null(panel_row_find(""));
}

static void every_fault_has_its_sentence(void **state) {
    (void)state;
    for (int a = PANEL_FAULT_NONE; a <= PANEL_FAULT_WIRE; a++) {
        for (int b = a + 1; b <= PANEL_FAULT_WIRE; b++) {
            assert_string_not_equal(panel_fault_sentence((enum panel_fault)a),
                                    panel_fault_sentence((enum panel_fault)b));
        }
    }
}

static void idle_panel_waits_for_nothing(void **state) {
    (void)state;
    struct panel_fixture fixture;
    panel_fixture_open(&fixture, panel_row_find("waveshare-2.13-v4"));
    assert_true(panel_deadline(fixture.panel) == INT64_MAX);
    assert_int_equal(panel_step(fixture.panel, fixture.at.now_ms), PANEL_DONE);
    assert_string_equal(fixture.at.log, "");
    assert_ptr_equal(panel_row(fixture.panel), fixture.row);
    panel_fixture_close(&fixture);
    panel_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_job_sends_these_bytes),
        cmocka_unit_test(every_row_has_its_bytes),
        cmocka_unit_test(turn_of_the_row_turns_the_plane),
        cmocka_unit_test(planes_and_tables_are_cut_to_the_messages_of_the_wire),
        cmocka_unit_test(idle_line_is_believed_after_the_prescribed_wait),
        cmocka_unit_test(every_look_for_ready_comes_after_a_delay),
        cmocka_unit_test(rows_are_complete_and_follow_the_rules),
        cmocka_unit_test(every_fault_has_its_sentence),
        cmocka_unit_test(idle_panel_waits_for_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
