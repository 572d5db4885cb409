// karanictl panel test: shows what the panel can, and puts it to sleep.
#include "daemon/ctl/bench/bench.h"
#include "daemon/linux/panel_run.h"
#include "display/draw/canvas.h"
#include "display/draw/draw.h"
#include "display/panel/rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    SQUARES_DOWN = 6, // of the checkerboard
    RUNGS = 5,        // of the ladder
    MARGIN_PX = 2,
};

struct bench_test {
    const struct setup *setup;
    struct panel_run *run;
    struct canvas *canvas;
    struct frame shown;  // as the panel's row has it
    struct frame wanted; // likewise
};

// ---- the pictures ----

static void draw_checkerboard(struct bench_test *test, int step) {
    const struct glass *glass = canvas_glass(test->canvas);
    int side_px = glass->height_px / SQUARES_DOWN;
    (void)step;
    for (int y_px = 0; y_px < glass->height_px; y_px += side_px) {
        for (int x_px = y_px / side_px % 2 * side_px; x_px < glass->width_px; x_px += 2 * side_px) {
            draw_bar(test->canvas, (struct frame_area){x_px, y_px, side_px, side_px});
        }
    }
}

// Lines of growing print, each with the angle of its capitals: the first that can be read from the bed says how
// far the page's own 16 arcminutes are from enough.
static void draw_ruler(struct bench_test *test, int step) {
    static const int angles_arcmin[] = {8, 10, 12, 16, 20, 28, 40, 60};
    const struct glass *glass = canvas_glass(test->canvas);
    int y_px = MARGIN_PX;
    (void)step;
    for (size_t i = 0; i < sizeof angles_arcmin / sizeof *angles_arcmin; i++) {
        const struct type_style style = {.em_px = canvas_em_px(test->canvas, angles_arcmin[i])};
        char line[64];
        snprintf(line, sizeof line, "%d′  Karani 0369", angles_arcmin[i]);
        struct draw_size size = draw_measure(test->canvas, &style, line);
        if (y_px + size.height_px > glass->height_px) {
            return;
        }
        draw_text(test->canvas, &style, line, MARGIN_PX, y_px);
        y_px += size.height_px;
    }
}

// A bar more at each step.
static void draw_ladder(struct bench_test *test, int step) {
    const struct glass *glass = canvas_glass(test->canvas);
    int pitch_px = glass->width_px / RUNGS;
    for (int rung = 0; rung <= step; rung++) {
        draw_bar(test->canvas,
                 (struct frame_area){rung * pitch_px, glass->height_px / 4, pitch_px / 2, glass->height_px / 2});
    }
}

static void draw_nothing(struct bench_test *test, int step) {
    (void)test;
    (void)step;
}

static const struct {
    const char *words;
    void (*draw)(struct bench_test *test, int step);
    int steps;
    bool partial;
} PARTS[] = {
    {"checkerboard", draw_checkerboard, 1, false},
    {"ruler of print", draw_ruler, 1, false},
    {"white", draw_nothing, 1, false},
    {"ladder", draw_ladder, RUNGS, true},
    {"white", draw_nothing, 1, false},
};

// ---- the run ----

static bool show(struct bench_test *test, size_t part, int step) {
    draw_begin(test->canvas);
    PARTS[part].draw(test, step);
    if (draw_end(test->canvas) < 0) {
        ctl_complain("Memory is out.");
        return false;
    }
    frame_turn(&test->wanted, canvas_frame(test->canvas), (enum frame_turn)test->setup->board->rotate_deg);
    int64_t duration_ms;
    enum panel_job job = PARTS[part].partial ? PANEL_JOB_PARTIAL : PANEL_JOB_FULL;
    enum panel_state state = panel_run_job(test->run, job, &test->shown, &test->wanted, &duration_ms);
    if (state == PANEL_FAILED) {
        ctl_complain("%s", panel_fault_sentence(panel_fault(panel_run_panel(test->run))));
        (void)panel_run_give_up(test->run); // the fault has been told
        return false;
    }
    printf("%-16s %-8s %5" PRId64 " ms, %" PRId64 " bytes\n", PARTS[part].words,
           PARTS[part].partial ? "partial" : "full", duration_ms, panel_spi_bytes(panel_run_panel(test->run)));
    fflush(stdout);
    frame_copy(&test->shown, &test->wanted);
    return true;
}

static bool put_to_sleep(const struct bench_test *test, const char *words) {
    int64_t duration_ms;
    if (panel_run_job(test->run, PANEL_JOB_SLEEP, NULL, NULL, &duration_ms) == PANEL_FAILED) {
        ctl_complain("%s", panel_fault_sentence(panel_fault(panel_run_panel(test->run))));
        return false;
    }
    printf("%-16s %-8s %5" PRId64 " ms\n", words, "sleep", duration_ms);
    fflush(stdout);
    return true;
}

// Every step leaves the panel asleep: between two of them it can be left.
static bool run_parts(struct bench_test *test) {
    if (!put_to_sleep(test, "first of all")) {
        return false;
    }
    for (size_t part = 0; part < sizeof PARTS / sizeof *PARTS; part++) {
        for (int step = 0; step < PARTS[part].steps; step++) {
            if (ctl_bench_is_interrupted()) {
                ctl_complain("Interrupted; the panel sleeps.");
                return false;
            }
            if (!show(test, part, step)) {
                return false;
            }
        }
    }
    return put_to_sleep(test, "at last");
}

static bool prepare(struct bench_test *test) {
    const struct setup *setup = test->setup;
    bool upright = setup->board->rotate_deg == 90 || setup->board->rotate_deg == 270;
    const struct glass glass = {.width_px = upright ? setup->row->height_px : setup->row->width_px,
                                .height_px = upright ? setup->row->width_px : setup->row->height_px,
                                .pixel_mm = setup->row->pixel_mm,
                                .reading_m = setup->reading_m};
    char sentence[256] = "Memory is out.";
    if (canvas_new(&test->canvas, &glass, PATHS_FONTS, sentence, sizeof sentence) < 0 ||
        frame_init(&test->shown, setup->row->width_px, setup->row->height_px) < 0 ||
        frame_init(&test->wanted, setup->row->width_px, setup->row->height_px) < 0 ||
        panel_run_open(&test->run, setup, sentence, sizeof sentence) < 0) {
        ctl_complain("%s", sentence);
        return false;
    }
    return true;
}

static int run(const struct ctl *ctl) {
    struct ctl_bench bench;
    if (!ctl_bench_begin(&bench, ctl)) {
        return EXIT_FAILURE;
    }
    struct bench_test test = {.setup = bench.setup};
    bool done = prepare(&test) && run_parts(&test);
    panel_run_close(test.run);
    canvas_free(test.canvas);
    frame_clear(&test.shown);
    frame_clear(&test.wanted);
    return ctl_bench_end(&bench, done ? EXIT_SUCCESS : EXIT_FAILURE);
}

static const struct option_row OPTIONS[] = {
    BENCH_ROW_TAKE_OVER,
    {.name = NULL},
};

const struct command panel_test_command = {
    .name = "panel test",
    .summary = "checkerboard, print in sizes, partial refreshes, sleep",
    .options = OPTIONS,
    .run = run,
};
