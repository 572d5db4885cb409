// What a job is on a panel: its script, and the times of its refresh.
#ifndef KARANI_DISPLAY_PANEL_JOB_H
#define KARANI_DISPLAY_PANEL_JOB_H

#include "display/panel/panel.h"

#include <stdint.h>

struct controller;
struct script;

const struct script *panel_job_script(enum panel_job job, const struct controller *controller);

int64_t panel_job_typical_ms(enum panel_job job, const struct panel_row *row);
int64_t panel_job_deadline_ms(enum panel_job job, const struct panel_row *row);

#endif
