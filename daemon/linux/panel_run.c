// Steps the panel at every edge of BUSY and at every deadline.
#include "daemon/linux/panel_run.h"

#include "daemon/linux/board_wire.h"
#include "display/panel/rows.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct panel_run {
    struct wire_spidev *wire;
    struct panel *panel;
};

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int panel_run_open(struct panel_run **run, const struct setup *setup, char *sentence, size_t sentence_size) {
    struct panel_run *made = calloc(1, sizeof *made);
    int error = -ENOMEM;
    snprintf(sentence, sentence_size, "Memory is out.");
    if (made != NULL) {
        struct wire_spidev_setup pins = board_wire(setup->board, setup->row->spi_hz);
        error = wire_spidev_open(&made->wire, &pins, sentence, sentence_size);
    }
    if (error == 0) {
        error = panel_new(&made->panel, setup->row, wire_spidev_wire(made->wire));
    }
    if (error < 0) {
        panel_run_close(made);
        return error;
    }
    *run = made;
    return 0;
}

void panel_run_close(struct panel_run *run) {
    if (run == NULL) {
        return;
    }
    panel_free(run->panel);
    wire_spidev_close(run->wire);
    free(run);
}

// A lost or broken BUSY line is no reason to wait longer: the deadline comes all the same.
static void wait(const struct panel_run *run, bool *edges) {
    int64_t left_ms = panel_deadline(run->panel) - now_ms();
    struct pollfd busy = {.fd = *edges ? wire_spidev_busy_fd(run->wire) : -1, .events = POLLIN};
    (void)poll(&busy, 1, left_ms > 0 ? (int)left_ms : 0);
    if (busy.revents != 0 && wire_spidev_drain_busy(run->wire) < 0) {
        *edges = false;
    }
}

static enum panel_state finish(struct panel_run *run, enum panel_state state) {
    bool edges = true;
    while (state == PANEL_RUNNING) {
        wait(run, &edges);
        state = panel_step(run->panel, now_ms());
    }
    return state;
}

enum panel_state panel_run_job(struct panel_run *run, enum panel_job job, const struct frame *shown,
                               const struct frame *wanted, int64_t *duration_ms) {
    int64_t begun_ms = now_ms();
    enum panel_state state = finish(run, panel_start(run->panel, job, shown, wanted, begun_ms));
    *duration_ms = now_ms() - begun_ms;
    return state;
}

enum panel_state panel_run_give_up(struct panel_run *run) {
    return finish(run, panel_give_up(run->panel, now_ms()));
}

const struct panel *panel_run_panel(const struct panel_run *run) {
    return run->panel;
}
