// Steps the panel at every edge of BUSY and at every deadline.
#include "daemon/linux/panel_run.h"

#include "daemon/linux/board_wire.h"
#include "display/panel/rows.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct drive {
    struct wire_spidev *wire;
    struct panel *panel;
};

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int drive_open(struct drive **drive, const struct setup *setup, char *error, size_t error_size) {
    struct drive *made = calloc(1, sizeof *made);
    int result = -ENOMEM;
    snprintf(error, error_size, "Memory is out.");
    if (made != NULL) {
        struct wire_spidev_setup pins = board_wire(setup->board, setup->row->spi_hz);
        result = wire_spidev_open(&made->wire, &pins, error, error_size);
    }
    if (result == 0)
        result = panel_new(&made->panel, setup->row, wire_spidev_wire(made->wire));
    if (result < 0) {
        drive_close(made);
        return result;
    }
    *drive = made;
    return 0;
}

void drive_close(struct drive *drive) {
    if (drive == NULL)
        return;
    panel_free(drive->panel);
    wire_spidev_close(drive->wire);
    free(drive);
}

// A lost or broken BUSY line is no reason to wait longer: the deadline comes all the same.
static void wait(const struct drive *drive, bool *edges) {
    int64_t left_ms = panel_deadline(drive->panel) - now_ms();
    struct pollfd busy = {.fd = *edges ? wire_spidev_busy_fd(drive->wire) : -1, .events = POLLIN};
    (void)poll(&busy, 1, left_ms > 0 ? (int)left_ms : 0);
    if (busy.revents != 0 && wire_spidev_drain_busy(drive->wire) < 0)
        *edges = false;
}

static enum panel_state finish(struct drive *drive, enum panel_state state) {
    bool edges = true;
    while (state == PANEL_RUNNING) {
        wait(drive, &edges);
        state = panel_step(drive->panel, now_ms());
    }
    return state;
}

enum panel_state drive_job(struct drive *drive, enum panel_job job, const struct frame *shown,
                           const struct frame *wanted, int64_t *duration_ms) {
    int64_t begun_ms = now_ms();
    enum panel_state state = finish(drive, panel_start(drive->panel, job, shown, wanted, begun_ms));
    *duration_ms = now_ms() - begun_ms;
    return state;
}

enum panel_state drive_give_up(struct drive *drive) {
    return finish(drive, panel_give_up(drive->panel, now_ms()));
}

const struct panel *drive_panel(const struct drive *drive) {
    return drive->panel;
}
