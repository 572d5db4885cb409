// Runs one job of a panel to its end, waiting for BUSY and deadlines: for programs that do nothing else meanwhile.
#ifndef KARANI_DAEMON_LINUX_PANEL_RUN_H
#define KARANI_DAEMON_LINUX_PANEL_RUN_H

#include "daemon/settings/setup.h"
#include "display/frame/frame.h"
#include "display/panel/panel.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct panel_run;

// Takes the set-up's panel. 0, or -errno and one plain sentence (who has a line, what is missing).
int panel_run_open(struct panel_run **run, const struct setup *setup, char *sentence, size_t sentence_size);

// The panel is left as it is. Accepts NULL.
void panel_run_close(struct panel_run *run);

// As panel_start; *duration_ms is how long it took. PANEL_DONE or PANEL_FAILED.
enum panel_state panel_run_job(struct panel_run *run, enum panel_job job, const struct frame *shown,
                               const struct frame *wanted, int64_t *duration_ms);

// As panel_give_up: reset, sleep, and the supply off.
enum panel_state panel_run_give_up(struct panel_run *run);

const struct panel *panel_run_panel(const struct panel_run *run);

#endif
