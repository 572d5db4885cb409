// Opens the panel's wire when the driver wants it, and says once why it cannot be had.
#include "daemon/host/inside.h"

#include "daemon/linux/board_wire.h"
#include "display/panel/rows.h"

#include <stdio.h>
#include <string.h>

static void tell_trouble(struct host_panel *panel, const char *sentence) {
    if (strcmp(panel->trouble, sentence) == 0) {
        return;
    }
    snprintf(panel->trouble, sizeof panel->trouble, "%s", sentence);
    if (sentence[0] != '\0') {
        loop_log(LOOP_LOG_ERROR, "The panel cannot be had: %s", sentence);
    } else {
        loop_log(LOOP_LOG_INFO, "The panel's wire is there again.");
    }
}

static void leave_busy(struct host_panel *panel) {
    if (panel->busy_fd >= 0) {
        loop_remove(panel->loop, panel->busy_fd);
    }
    panel->busy_fd = -1;
}

static void close_wire(void *context) {
    struct host_panel *panel = context;
    leave_busy(panel);
    wire_spidev_close(panel->spidev);
    panel->spidev = NULL;
}

static int open_wire(void *context, struct wire **wire) {
    struct host_panel *panel = context;
    struct wire_spidev_setup pins = board_wire(panel->setup->board, panel->setup->row->spi_hz);
    char sentence[HOST_SENTENCE_SIZE];
    int error = wire_spidev_open(&panel->spidev, &pins, sentence, sizeof sentence);
    if (error < 0) {
        tell_trouble(panel, sentence);
        return error;
    }
    int fd = wire_spidev_busy_fd(panel->spidev);
    error = loop_add(panel->loop, fd);
    if (error < 0) {
        close_wire(panel);
        return error;
    }
    panel->busy_fd = fd;
    tell_trouble(panel, "");
    *wire = wire_spidev_wire(panel->spidev);
    return 0;
}

int host_panel_new(struct host_panel *panel, struct loop *loop, const struct setup *setup) {
    *panel = (struct host_panel){.loop = loop, .setup = setup, .busy_fd = -1};
    const struct wire_door door = {.open = open_wire, .close = close_wire, .context = panel};
    return wire_reopening_new(&panel->wire, &door);
}

void host_panel_clear(struct host_panel *panel) {
    wire_reopening_free(panel->wire);
    panel->wire = NULL;
}

void host_panel_drain(struct host_panel *panel) {
    // A line that is gone stays readable for ever: out of the loop with it. The next verb meets the error itself.
    if (panel->busy_fd >= 0 && wire_spidev_drain_busy(panel->spidev) < 0) {
        leave_busy(panel);
    }
}
