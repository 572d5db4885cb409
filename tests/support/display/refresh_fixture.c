#include "tests/support/display/refresh_fixture.h"

#include <stdio.h>
#include <string.h>

static const char *const kinds[] = {"none", "partial", "full"};

// Picture n has n black pixels in its top row, so that two pictures differ from pixel min(m, n) on.
static const struct frame *glass_picture(struct glass *glass, int n) {
    frame_fill(&glass->picture, true);
    for (int x = 0; x < n; x++) {
        frame_set(&glass->picture, x, 0, false);
    }
    return &glass->picture;
}

enum refresh_kind glass_want(struct glass *glass, int n, bool full) {
    return refresh_want(glass->refresh, glass_picture(glass, n), full, glass->at.now_ms);
}

static void glass_listen(void *context, const struct refresh_event *event) {
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

void expect_events(struct glass *glass, const char *events) {
    assert_string_equal(glass->events, events);
    glass->events[0] = '\0';
}

// The next time something happens by itself.
static int64_t glass_next_ms(const struct glass *glass) {
    const int64_t deadline_ms = refresh_deadline(glass->refresh);
    const int64_t edge_ms = refresh_is_busy(glass->refresh) ? wire_next_edge_ms(&glass->at) : INT64_MAX;
    return edge_ms < deadline_ms ? edge_ms : deadline_ms;
}

void glass_run_until(struct glass *glass, int64_t until_ms) {
    for (int calls = 0; glass_next_ms(glass) <= until_ms; calls++) {
        assert_true(calls < 20000);
        const int64_t next_ms = glass_next_ms(glass);
        glass->at.now_ms = next_ms > glass->at.now_ms ? next_ms : glass->at.now_ms;
        refresh_step(glass->refresh, glass->at.now_ms);
    }
    glass->at.now_ms = until_ms;
}

void glass_run(struct glass *glass, int64_t for_ms) {
    glass_run_until(glass, glass->at.now_ms + for_ms);
}

void glass_settle(struct glass *glass) {
    glass_run(glass, 10 * SECOND_MS);
    assert_false(refresh_is_busy(glass->refresh));
}

void glass_open_with(struct glass *glass, int partials_per_full) {
    const struct panel_row *row = panel_row_find("waveshare-2.13-v4");
    *glass = (struct glass){.at = recording_wire_make(400)};
    struct panel *panel;
    assert_int_equal(panel_new(&panel, row, &glass->at.wire), 0);
    assert_int_equal(frame_init(&glass->picture, row->width_px, row->height_px), 0);
    assert_int_equal(refresh_new(&glass->refresh, panel, partials_per_full, glass_listen, glass, glass->at.now_ms), 0);
}

void glass_open(struct glass *glass) {
    glass_open_with(glass, REFRESH_PARTIALS_PER_FULL);
    glass_want(glass, 1, false);
    glass_settle(glass);
    expect_events(glass, "begun full, ended full, quiet");
    wire_forget_log(&glass->at);
}

void glass_close(struct glass *glass) {
    assert_null(glass->at.complaint);
    refresh_free(glass->refresh);
    frame_clear(&glass->picture);
}

void expect_shown(struct glass *glass, int n) {
    const struct frame *shown = refresh_shown(glass->refresh);
    assert_non_null(shown);
    assert_true(frame_equal(shown, glass_picture(glass, n)));
}

int count_of(const char *text, const char *part) {
    int count = 0;
    for (const char *at = strstr(text, part); at; at = strstr(at + 1, part)) {
        count++;
    }
    return count;
}
