// The daemon that has crashed too often: it shows one page and keeps still.
#include "daemon/host/inside.h"

#include "daemon/host/status.h"
#include "daemon/runtime/screen.h"
#include "display/panel/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STILL_MS = 60 * 60 * 1000 }; // then everything is tried again

static const char sentence[] = "Karani has crashed three times in ten minutes and keeps still for an hour; its log "
                               "(journalctl -u karani) says more.";

static void hear_screen(void *context, const struct refresh_event *event) {
    (void)context;
    if (event->kind == REFRESH_EVENT_FAULT) {
        loop_log(LOOP_LOG_WARNING, "%s", event->fault);
    }
}

static void write_status(const struct host_setup *setup) {
    const struct status status = {.page = "trouble",
                                  .text = "",
                                  .night = NIGHT_NONE,
                                  .minutes_left = -1,
                                  .clock = clock_quality_name(CLOCK_UNSET),
                                  .kept = false,
                                  .panel = setup->load->setup->row->name,
                                  .trouble = sentence};
    char *text = status_format(&status);
    if (text != NULL) {
        (void)status_write(setup->run_dir, text); // nobody sees it then; the log has it
    }
    free(text);
}

// Waits for the end of the hour, or to be asked; then for the panel to sleep.
static enum host_end keep_still(struct loop *loop, struct host_panel *panel, struct screen *screen) {
    int64_t until_ms = loop_now().boot_ms + STILL_MS;
    bool ends = false, owes_life = false;
    while (!ends || refresh_is_busy(screen_refresh(screen))) {
        enum loop_cause cause;
        int64_t deadline_ms = refresh_deadline(screen_refresh(screen));
        if (loop_wait(loop, !ends && until_ms < deadline_ms ? until_ms : deadline_ms, &cause) < 0) {
            return HOST_FAILED;
        }
        int64_t now_ms = loop_now().boot_ms;
        host_panel_drain(panel);
        refresh_step(screen_refresh(screen), now_ms);
        owes_life = owes_life || cause == LOOP_WATCHDOG;
        if (owes_life && refresh_deadline(screen_refresh(screen)) >= now_ms) {
            loop_tell_alive();
            owes_life = false;
        }
        if (!ends && (cause == LOOP_STOP || now_ms >= until_ms)) {
            ends = true;
            loop_tell_stopping();
            refresh_stop(screen_refresh(screen), now_ms);
        }
    }
    return HOST_STOPPED;
}

enum host_end host_run_safe(const struct host_setup *setup) {
    const struct setup *what = setup->load->setup;
    struct host_panel panel;
    struct screen *screen = NULL;
    char error[HOST_SENTENCE_SIZE] = "Memory is out.";
    loop_log(LOOP_LOG_ERROR, "%s", sentence);
    int result = host_panel_new(&panel, setup->loop, what);
    if (result == 0) {
        const struct screen_setup wanted = {
            .setup = what, .wire = wire_reopening_wire(panel.wire), .listener = hear_screen};
        result = screen_new(&screen, &wanted, loop_now().boot_ms, error, sizeof error);
    }
    enum host_end end = HOST_FAILED;
    if (result == 0) {
        const struct view view = {.page = PAGE_TROUBLE, .trouble = {.cause = PAGE_TROUBLE_CRASHES}};
        screen_show(screen, &view, true, loop_now().boot_ms);
        write_status(setup);
        loop_tell_status(sentence);
        loop_tell_ready();
        end = keep_still(setup->loop, &panel, screen);
    } else {
        loop_log(LOOP_LOG_ERROR, "%s", error);
    }
    screen_free(screen);
    host_panel_clear(&panel);
    status_remove(setup->run_dir);
    return end;
}
