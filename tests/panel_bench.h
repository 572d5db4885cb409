// A panel on a recording wire, two pictures for it, and the bytes that every job must send for them.
#ifndef KARANI_TESTS_PANEL_BENCH_H
#define KARANI_TESTS_PANEL_BENCH_H

#include "display/panel.h"

#include "display/controller/controller.h"
#include "display/panels.h"
#include "tests/recording_wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

struct bench {
    struct recording_wire at;
    const struct panel_row *row;
    struct panel *panel;
    struct frame shown;  // white but for its top left pixel
    struct frame wanted; // white but for its bottom right pixel
};

static inline void bench_open(struct bench *bench, const struct panel_row *row) {
    assert_non_null(row);
    *bench = (struct bench){.row = row, .at = recording_wire_make(row->full_ms)};
    bench->at.ultrachip = !row->controller->busy_level;
    assert_int_equal(panel_new(&bench->panel, row, &bench->at.wire), 0);
    assert_int_equal(frame_init(&bench->shown, row->width_px, row->height_px), 0);
    assert_int_equal(frame_init(&bench->wanted, row->width_px, row->height_px), 0);
    frame_set(&bench->shown, 0, 0, false);
    frame_set(&bench->wanted, row->width_px - 1, row->height_px - 1, false);
}

static inline void bench_close(struct bench *bench) {
    panel_free(bench->panel);
    frame_clear(&bench->shown);
    frame_clear(&bench->wanted);
}

static inline enum panel_state bench_start(struct bench *bench, enum panel_job job) {
    return panel_start(bench->panel, job, &bench->shown, &bench->wanted, bench->at.now_ms);
}

// Lets the time go by until the job ends, with or without a call at BUSY's edges.
static inline enum panel_state bench_run_on(struct bench *bench, enum panel_state state, bool edges) {
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

static inline enum panel_state bench_run(struct bench *bench, enum panel_job job) {
    return bench_run_on(bench, bench_start(bench, job), true);
}

static inline void assert_log(const struct bench *bench, const char *expected) {
    assert_string_equal(bench->at.log, expected);
    assert_null(bench->at.complaint);
}

static inline bool log_has(const struct bench *bench, const char *line) {
    return strstr(bench->at.log, line) != NULL;
}

// ---- the bytes of every job, worked out by hand from the datasheet's command table ----

// 250 × 122 reader's pixels, turned clockwise: (x, y) → source 121 - y, gate x. The top left pixel is source 121 =
// bit 1 (40h) of byte 15, gate 0; the bottom right one is source 0 = 80h of byte 0, gate 249 = byte 3984 of 4000.
#define WAKE     "power 1\nreset 1\nreset 0\n12\n"
#define INIT_213 WAKE "01 F9 00 00\n11 03\n44 00 0F\n45 00 00 F9 00\n21 00 80\n18 80\n"
// 296 × 128: (x, y) → source 127 - y, gate x. Top left: 01h of byte 15, gate 0; bottom right: 80h of byte 0, gate 295
// = byte 4720 of 4736; one message carries 4096 bytes, so this black byte is byte 624 of the second one's 640.
#define INIT_290   WAKE "01 27 01 00\n11 03\n44 00 0F\n45 00 00 27 01\n21 00 80\n18 80\n"
#define ORIGIN     "4E 00\n4F 00 00\n"
#define SHOWN_213  "FF*15 BF FF*3984"
#define WANTED_213 "FF*3984 7F FF*15"
#define SHOWN_290  "FF*15 FE FF*4080 FF*640"
#define WANTED_290 "FF*4096 FF*624 7F FF*15"
#define SLEEP_NOW  "reset 1\nreset 0\n12\n10 01"
#define SLEEP_JOB  "power 1\nreset 0\n" SLEEP_NOW

static const struct {
    const char *row;
    enum panel_job job;
    const char *log;
    int64_t spi_bytes;
} jobs[] = {
    {"waveshare-2.13-v4", PANEL_JOB_FULL,
     INIT_213 "3C 05\n" ORIGIN "26 " WANTED_213 "\n" ORIGIN "24 " WANTED_213 "\n22 F7\n20\n10 01",
     // 1 + (4 + 2 + 3 + 5 + 3 + 2) + 2 + 2 × (2 + 3 + 4001) + 2 + 1 + 2
     8039},
    {"waveshare-2.13-v4", PANEL_JOB_PARTIAL,
     INIT_213 "3C 80\n" ORIGIN "26 " SHOWN_213 "\n" ORIGIN "24 " WANTED_213 "\n22 FF\n20\n10 01", 8039},
    {"waveshare-2.9-v2", PANEL_JOB_FULL,
     INIT_290 "3C 05\n" ORIGIN "26 " WANTED_290 "\n" ORIGIN "24 " WANTED_290 "\n22 F7\n20\n10 01", 9511},
    {"waveshare-2.9-v2", PANEL_JOB_PARTIAL,
     INIT_290 "3C 80\n" ORIGIN "26 " SHOWN_290 "\n" ORIGIN "24 " WANTED_290 "\n22 FF\n20\n10 01", 9511},
    {"waveshare-2.13-v4", PANEL_JOB_SLEEP, SLEEP_JOB, 3},
    {"waveshare-2.9-v2", PANEL_JOB_SLEEP, SLEEP_JOB, 3},
};

#endif
