// The easel: draws a view on the canvas and brings it onto the panel. Between device and glass, for the hands.
#ifndef KARANI_DAEMON_RUNTIME_SCREEN_H
#define KARANI_DAEMON_RUNTIME_SCREEN_H

#include "display/page/page.h"
#include "display/panel/refresh.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct easel;
struct panel_row;
struct wire;

typedef void easel_listener(void *context, const struct refresh_event *event);

// Everything is borrowed and must outlive the easel.
struct easel_setup {
    const struct panel_row *row;
    int rotate_deg;   // how far the reader's picture is turned clockwise on the panel: 0, 90, 180, 270
    double reading_m; // from where it must be legible
    int partials_per_full;
    const char *font_dir;
    struct wire *wire;
    easel_listener *listener; // REFRESH_EVENT_QUIET is not passed on: easel_take_quiet
    void *context;
};

// Brings the panel to sleep first. 0; -ENOENT (no font) or -ENOMEM with one plain sentence.
int easel_new(struct easel **easel, const struct easel_setup *setup, int64_t boot_ms, char *error, size_t error_size);

void easel_free(struct easel *easel); // accepts NULL; the panel is left as it is

int easel_faces(struct easel *easel, const struct view *view); // page_faces

// Draws the view and wants it on the glass; `full` demands a full refresh.
void easel_show(struct easel *easel, const struct view *view, bool full, int64_t boot_ms);

// Time has passed, or BUSY has changed.
void easel_step(struct easel *easel, int64_t boot_ms);
int64_t easel_deadline(const struct easel *easel);

// True once each time the glass has become quiet after easel_show: settled, given up, or nothing to change.
bool easel_take_quiet(struct easel *easel);

// True once each time that no full refresh has come for 24 h.
bool easel_take_full_due(struct easel *easel, int64_t boot_ms);

bool easel_is_given_up(const struct easel *easel); // the panel, until it answers again
bool easel_is_busy(const struct easel *easel);

// Whether what was shown last waits for a refresh of its own: the running one brings something else.
bool easel_is_pending(const struct easel *easel);

void easel_stop(struct easel *easel, int64_t boot_ms); // refresh_stop

const char *easel_text(const struct easel *easel);          // of the page shown last
const struct frame *easel_frame(const struct easel *easel); // upright for the reader
enum refresh_kind easel_kind(const struct easel *easel);    // with which it was begun; NONE: not at all

#endif
