// A glass under its policy, on a recording wire: pictures by number, events as words, time as it is told to pass.
#ifndef KARANI_TESTS_SUPPORT_DISPLAY_REFRESH_FIXTURE_H
#define KARANI_TESTS_SUPPORT_DISPLAY_REFRESH_FIXTURE_H

#include "display/panel/refresh.h"

#include "tests/support/display/panel_fixture.h"

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)

struct glass {
    struct recording_wire at;
    struct refresh *refresh;
    struct frame picture;
    char events[4096];         // "begun full, ended full, quiet"
    struct refresh_event last; // but quiet
    struct refresh_event last_fault;
    int want_at_end; // the listener wants this picture when a refresh has ended; 0 none
};

enum refresh_kind glass_want(struct glass *glass, int n, bool full);
void expect_events(struct glass *glass, const char *events);
void glass_run_until(struct glass *glass, int64_t until_ms);
void glass_run(struct glass *glass, int64_t for_ms);
void glass_settle(struct glass *glass);
void glass_open_with(struct glass *glass, int partials_per_full);

// A glass that has had its first act after boot, and shows picture 1.
void glass_open(struct glass *glass);
void glass_close(struct glass *glass);
void expect_shown(struct glass *glass, int n);
int count_of(const char *text, const char *part);

#endif
