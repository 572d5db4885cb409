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

static void hear_easel(void *context, const struct refresh_event *event) {
    (void)context;
    if (event->kind == REFRESH_EVENT_FAULT)
        loop_log(LOOP_LOG_WARNING, "%s", event->fault);
}

static void write_status(const struct bedside_setup *setup) {
    const struct status status = {.page = "trouble",
                                  .text = "",
                                  .night = NIGHT_NONE,
                                  .minutes_left = -1,
                                  .clock = clock_quality_name(CLOCK_UNSET),
                                  .kept = false,
                                  .panel = setup->load->setup->row->name,
                                  .trouble = sentence};
    char *text = status_format(&status);
    if (text != NULL)
        (void)status_write(setup->run_dir, text); // nobody sees it then; the log has it
    free(text);
}

// Waits for the end of the hour, or to be asked; then for the panel to sleep.
static enum bedside_end keep_still(struct loop *loop, struct bedside_panel *panel, struct easel *easel) {
    int64_t until_ms = loop_now().boot_ms + STILL_MS;
    bool ends = false, owes_life = false;
    while (!ends || easel_is_busy(easel)) {
        enum loop_cause cause;
        int64_t deadline_ms = easel_deadline(easel);
        if (loop_wait(loop, !ends && until_ms < deadline_ms ? until_ms : deadline_ms, &cause) < 0)
            return BEDSIDE_FAILED;
        int64_t now_ms = loop_now().boot_ms;
        bedside_panel_drain(panel);
        easel_step(easel, now_ms);
        owes_life = owes_life || cause == LOOP_WATCHDOG;
        if (owes_life && easel_deadline(easel) >= now_ms) {
            loop_tell_alive();
            owes_life = false;
        }
        if (!ends && (cause == LOOP_STOP || now_ms >= until_ms)) {
            ends = true;
            loop_tell_stopping();
            easel_stop(easel, now_ms);
        }
    }
    return BEDSIDE_STOPPED;
}

enum bedside_end bedside_run_safe(const struct bedside_setup *setup) {
    const struct setup *what = setup->load->setup;
    struct bedside_panel panel;
    struct easel *easel = NULL;
    char error[BEDSIDE_SENTENCE_SIZE] = "Memory is out.";
    loop_log(LOOP_LOG_ERROR, "%s", sentence);
    int result = bedside_panel_new(&panel, setup->loop, what);
    if (result == 0) {
        const struct easel_setup wanted = {.row = what->row,
                                           .rotate_deg = what->board->rotate_deg,
                                           .reading_m = what->reading_m,
                                           .partials_per_full = what->config->partials_per_full,
                                           .font_dir = PLACES_FONTS,
                                           .wire = wire_lasting_wire(panel.wire),
                                           .listener = hear_easel};
        result = easel_new(&easel, &wanted, loop_now().boot_ms, error, sizeof error);
    }
    enum bedside_end end = BEDSIDE_FAILED;
    if (result == 0) {
        const struct view view = {.page = PAGE_TROUBLE, .trouble = {.cause = PAGE_TROUBLE_CRASHES}};
        easel_show(easel, &view, true, loop_now().boot_ms);
        write_status(setup);
        loop_tell_status(sentence);
        loop_tell_ready();
        end = keep_still(setup->loop, &panel, easel);
    } else {
        loop_log(LOOP_LOG_ERROR, "%s", error);
    }
    easel_free(easel);
    bedside_panel_clear(&panel);
    status_remove(setup->run_dir);
    return end;
}
