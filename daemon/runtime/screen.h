// The screen: draws a view on the canvas and brings it onto the panel. Between device and glass, for the runtime.
#ifndef KARANI_DAEMON_RUNTIME_SCREEN_H
#define KARANI_DAEMON_RUNTIME_SCREEN_H

#include "display/page/page.h"
#include "display/panel/refresh.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct screen;
struct setup;
struct wire;

typedef void screen_listener(void *context, const struct refresh_event *event);

// Everything is borrowed and must outlive the screen.
struct screen_setup {
    const struct setup *setup; // panel, how it is mounted, from where it must be legible, its ghost budget
    struct wire *wire;
    screen_listener *listener; // REFRESH_EVENT_QUIET is not passed on: screen_take_quiet
    void *context;
};

// Brings the panel to sleep first. 0; -ENOENT (no font) or -ENOMEM with one plain sentence.
int screen_new(struct screen **screen, const struct screen_setup *setup, int64_t boot_ms, char *error,
               size_t error_size);

void screen_free(struct screen *screen); // accepts NULL; the panel is left as it is

int screen_faces(struct screen *screen, const struct view *view); // page_faces

// Draws the view and wants it on the glass; `full` demands a full refresh.
void screen_show(struct screen *screen, const struct view *view, bool full, int64_t boot_ms);

// What brings it to the panel: whether it is at work, its deadline, its steps, its end.
struct refresh *screen_refresh(const struct screen *screen);

// True once each time the glass has become quiet after screen_show: settled, given up, or nothing to change.
bool screen_take_quiet(struct screen *screen);

// True once each time that no full refresh has come for 24 h.
bool screen_take_full_due(struct screen *screen, int64_t boot_ms);

// 0, or -errno: the page shown last lacks something, or could not be shown for want of memory.
int screen_trouble(const struct screen *screen);

const char *screen_text(const struct screen *screen);          // of the page shown last
const struct frame *screen_frame(const struct screen *screen); // upright for the reader
enum refresh_kind screen_kind(const struct screen *screen);    // with which it was begun; NONE: not at all

#endif
