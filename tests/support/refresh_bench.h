// A glass under its policy, on a recording wire: pictures by number, events as words, time as it is told to pass.
#ifndef KARANI_TESTS_SUPPORT_REFRESH_BENCH_H
#define KARANI_TESTS_SUPPORT_REFRESH_BENCH_H

#include "display/panel/refresh.h"

#include "tests/support/panel_bench.h"

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

static const char *const kinds[] = {"none", "partial", "full"};

// Picture n has n black pixels in its top row, so that two pictures differ from pixel min(m, n) on.
static inline const struct frame *glass_picture(struct glass *glass, int n) {
    frame_fill(&glass->picture, true);
    for (int x = 0; x < n; x++) {
        frame_set(&glass->picture, x, 0, false);
    }
    return &glass->picture;
}

static inline enum refresh_kind glass_want(struct glass *glass, int n, bool full) {
    return refresh_want(glass->refresh, glass_picture(glass, n), full, glass->at.now_ms);
}

static inline void glass_listen(void *context, const struct refresh_event *event) {
    struct glass *glass = context;
    static const char *const names[] = {"begun ", "ended ", "fault ", "quiet"};
    const size_t used = strlen(glass->events);
    assert_true(used + 32 < sizeof glass->events);
    snprintf(glass->events + used, sizeof glass->events - used, "%s%s%s%s", used > 0 ? ", " : "", names[event->kind],
             event->kind == REFRESH_EVENT_QUIET ? "" : kinds[event->refresh], event->given_up ? " given up" : "");
    if (event->kind != REFRESH_EVENT_QUIET) {
        glass->last = *event;
    }
    if (event->kind == REFRESH_EVENT_FAULT) {
        glass->last_fault = *event;
    }
    if (event->kind == REFRESH_EVENT_ENDED && glass->want_at_end > 0) {
        const int n = glass->want_at_end;
        glass->want_at_end = 0;
        glass_want(glass, n, false);
    }
}

static inline void expect_events(struct glass *glass, const char *events) {
    assert_string_equal(glass->events, events);
    glass->events[0] = '\0';
}

// The next time something happens by itself.
static inline int64_t glass_next_ms(const struct glass *glass) {
    const int64_t deadline_ms = refresh_deadline(glass->refresh);
    const int64_t edge_ms = refresh_is_busy(glass->refresh) ? wire_next_edge_ms(&glass->at) : INT64_MAX;
    return edge_ms < deadline_ms ? edge_ms : deadline_ms;
}

static inline void glass_run_until(struct glass *glass, int64_t until_ms) {
    for (int calls = 0; glass_next_ms(glass) <= until_ms; calls++) {
        assert_true(calls < 20000);
        const int64_t next_ms = glass_next_ms(glass);
        glass->at.now_ms = next_ms > glass->at.now_ms ? next_ms : glass->at.now_ms;
        refresh_step(glass->refresh, glass->at.now_ms);
    }
    glass->at.now_ms = until_ms;
}

static inline void glass_run(struct glass *glass, int64_t for_ms) {
    glass_run_until(glass, glass->at.now_ms + for_ms);
}

static inline void glass_settle(struct glass *glass) {
    glass_run(glass, 10 * SECOND_MS);
    assert_false(refresh_is_busy(glass->refresh));
}

static inline void glass_open_with(struct glass *glass, int partials_per_full) {
    const struct panel_row *row = panel_row_find("waveshare-2.13-v4");
    *glass = (struct glass){.at = recording_wire_make(400)};
    struct panel *panel;
    assert_int_equal(panel_new(&panel, row, &glass->at.wire), 0);
    assert_int_equal(frame_init(&glass->picture, row->width_px, row->height_px), 0);
    assert_int_equal(refresh_new(&glass->refresh, panel, partials_per_full, glass_listen, glass, glass->at.now_ms), 0);
}

// A glass that has had its first act after boot, and shows picture 1.
static inline void glass_open(struct glass *glass) {
    glass_open_with(glass, REFRESH_PARTIALS_PER_FULL);
    glass_want(glass, 1, false);
    glass_settle(glass);
    expect_events(glass, "begun full, ended full, quiet");
    wire_forget_log(&glass->at);
}

static inline void glass_close(struct glass *glass) {
    assert_null(glass->at.complaint);
    refresh_free(glass->refresh);
    frame_clear(&glass->picture);
}

static inline void expect_shown(struct glass *glass, int n) {
    const struct frame *shown = refresh_shown(glass->refresh);
    assert_non_null(shown);
    assert_true(frame_equal(shown, glass_picture(glass, n)));
}

static inline int count_of(const char *text, const char *part) {
    int count = 0;
    for (const char *at = strstr(text, part); at; at = strstr(at + 1, part)) {
        count++;
    }
    return count;
}

#endif
