// What a job is on a panel: its script, and the times of its refresh.
#include "display/panel/job.h"

#include "display/panel/controller/controller.h"
#include "display/panel/rows.h"

#include <assert.h>

const struct script *panel_job_script(enum panel_job job, const struct controller *controller) {
    switch (job) {
    case PANEL_JOB_SLEEP:
        return &controller->sleep;
    case PANEL_JOB_FULL:
        return &controller->full;
    case PANEL_JOB_FAST:
        return &controller->fast;
    case PANEL_JOB_PARTIAL:
        return &controller->partial;
    }
    assert(false && "a job is one of the four");
    return NULL;
}

int64_t panel_job_typical_ms(enum panel_job job, const struct panel_row *row) {
    switch (job) {
    case PANEL_JOB_FAST:
        return row->fast_ms;
    case PANEL_JOB_PARTIAL:
        return row->partial_ms;
    case PANEL_JOB_SLEEP:
    case PANEL_JOB_FULL:
        return row->full_ms;
    }
    assert(false && "a job is one of the four");
    return row->full_ms;
}

// A fast refresh may wait as long as the full one: a chip that does not believe the temperature takes that long.
int64_t panel_job_deadline_ms(enum panel_job job, const struct panel_row *row) {
    return job == PANEL_JOB_PARTIAL ? row->partial_deadline_ms : row->full_deadline_ms;
}
