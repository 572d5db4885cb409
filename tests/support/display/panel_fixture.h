// A panel on a recording wire, and two pictures for it.
#ifndef KARANI_TESTS_SUPPORT_DISPLAY_PANEL_FIXTURE_H
#define KARANI_TESTS_SUPPORT_DISPLAY_PANEL_FIXTURE_H

#include "display/panel/panel.h"
#include "display/panel/rows.h"
#include "tests/support/display/recording_wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct panel_fixture {
    struct recording_wire at;
    const struct panel_row *row;
    struct panel *panel;
    struct frame shown;  // white but for its top left pixel
    struct frame wanted; // white but for its bottom right pixel
};

void panel_fixture_open(struct panel_fixture *fixture, const struct panel_row *row);
void panel_fixture_close(struct panel_fixture *fixture);
enum panel_state panel_fixture_start(struct panel_fixture *fixture, enum panel_job job);

// Lets the time go by until the job ends, with or without a call at BUSY's edges.
enum panel_state panel_fixture_run_on(struct panel_fixture *fixture, enum panel_state state, bool edges);
enum panel_state panel_fixture_run(struct panel_fixture *fixture, enum panel_job job);
void assert_log(const struct panel_fixture *fixture, const char *expected);
bool log_has(const struct panel_fixture *fixture, const char *line);

#endif
