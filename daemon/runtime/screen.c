// Draws views and hands them to the panel, turned as it is mounted.
#include "daemon/runtime/screen.h"

#include "daemon/runtime/drawings.h"
#include "daemon/settings/paths.h"
#include "daemon/settings/setup.h"
#include "display/draw/canvas.h"
#include "display/panel/panel.h"
#include "display/panel/rows.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct screen {
    struct canvas *canvas;
    struct drawings *drawings;
    struct refresh *refresh;
    const struct drawing *drawing; // shown last; NULL before the first
    struct frame turned;           // the drawing as the panel's row has it
    enum frame_turn turn;
    int trouble;            // 0, or -errno: the page shown last could not be drawn whole
    enum refresh_kind kind; // with which the drawing was begun
    bool begins;            // it was not begun yet: its BEGUN tells the kind
    bool quiet;             // to be taken
    bool full_told;         // the 24 h are over, and that was taken
    screen_listener *listener;
    void *context;
};

static void screen_hear(void *context, const struct refresh_event *event) {
    struct screen *screen = context;

    switch (event->kind) {
    case REFRESH_EVENT_BEGUN:
        if (screen->begins) {
            screen->kind = event->refresh;
            screen->begins = false;
        }
        if (event->refresh == REFRESH_FULL) {
            screen->full_told = false;
        }
        break;
    case REFRESH_EVENT_ENDED:
        break;
    case REFRESH_EVENT_FAULT:
        if (event->given_up) {
            screen->kind = REFRESH_NONE;
            screen->begins = false;
        }
        break;
    case REFRESH_EVENT_QUIET:
        screen->quiet = screen->drawing != NULL;
        return;
    }
    screen->listener(screen->context, event);
}

static struct glass screen_glass(const struct setup *setup) {
    const struct panel_row *row = setup->row;
    bool upright = setup->board->rotate_deg == 90 || setup->board->rotate_deg == 270;

    return (struct glass){
        .width_px = upright ? row->height_px : row->width_px,
        .height_px = upright ? row->width_px : row->height_px,
        .pixel_mm = row->pixel_mm,
        .reading_m = setup->reading_m,
    };
}

static int screen_start_panel(struct screen *screen, const struct screen_setup *setup, int64_t boot_ms) {
    struct panel *panel;
    int error = panel_new(&panel, setup->setup->row, setup->wire);

    if (error < 0) {
        return error;
    }
    return refresh_new(&screen->refresh, panel, setup->setup->config->partials_per_full, screen_hear, screen, boot_ms);
}

int screen_new(struct screen **screen, const struct screen_setup *setup, int64_t boot_ms, char *sentence,
               size_t sentence_size) {
    struct glass glass = screen_glass(setup->setup);
    struct screen *made = calloc(1, sizeof *made);
    int error = -ENOMEM;

    snprintf(sentence, sentence_size, "Memory is out.");
    if (made != NULL) {
        made->turn = (enum frame_turn)setup->setup->board->rotate_deg;
        made->listener = setup->listener;
        made->context = setup->context;
        // The panel comes first: whatever state it is in, it is put to sleep.
        error = screen_start_panel(made, setup, boot_ms);
        if (error == 0) {
            error = frame_init(&made->turned, setup->setup->row->width_px, setup->setup->row->height_px);
        }
        if (error == 0) {
            error = canvas_new(&made->canvas, &glass, PATHS_FONTS, sentence, sentence_size);
        }
        if (error == 0) {
            error = drawings_new(&made->drawings, made->canvas);
        }
    }
    if (error < 0) {
        screen_free(made);
        return error;
    }
    *screen = made;
    return 0;
}

void screen_free(struct screen *screen) {
    if (screen == NULL) {
        return;
    }
    drawings_free(screen->drawings);
    canvas_free(screen->canvas);
    refresh_free(screen->refresh);
    frame_clear(&screen->turned);
    free(screen);
}

int screen_faces(struct screen *screen, const struct view *view) {
    return page_faces(screen->canvas, view);
}

// The drawing as the panel's row has it.
static const struct frame *screen_turn(struct screen *screen, const struct frame *frame) {
    if (screen->turn == FRAME_TURN_0) {
        return frame;
    }
    frame_turn(&screen->turned, frame, screen->turn);
    return &screen->turned;
}

void screen_show(struct screen *screen, const struct view *view, bool full, int64_t boot_ms) {
    const struct drawing *drawing = drawings_of(screen->drawings, view);

    screen->trouble = drawing == NULL ? -ENOMEM : drawing->trouble;
    // Out of memory: the glass keeps what it shows, the evening goes on.
    if (drawing == NULL) {
        screen->quiet = true;
        return;
    }
    screen->drawing = drawing;
    screen->quiet = false;
    screen->begins = true;
    screen->kind = refresh_want(screen->refresh, screen_turn(screen, &drawing->frame), full, boot_ms);
    if (screen->kind == REFRESH_NONE) {
        screen->begins = false;
        screen->quiet = screen->quiet || !refresh_is_busy(screen->refresh);
    }
}

struct refresh *screen_refresh(const struct screen *screen) {
    return screen->refresh;
}

bool screen_take_quiet(struct screen *screen) {
    bool quiet = screen->quiet;

    screen->quiet = false;
    return quiet;
}

bool screen_take_full_due(struct screen *screen, int64_t boot_ms) {
    bool due = !screen->full_told && refresh_full_is_due(screen->refresh, boot_ms);

    screen->full_told = screen->full_told || due;
    return due;
}

int screen_trouble(const struct screen *screen) {
    return screen->trouble;
}

const char *screen_text(const struct screen *screen) {
    return screen->drawing != NULL ? screen->drawing->text : "";
}

const struct frame *screen_frame(const struct screen *screen) {
    assert(screen->drawing != NULL);
    return &screen->drawing->frame;
}

enum refresh_kind screen_kind(const struct screen *screen) {
    return screen->kind;
}
