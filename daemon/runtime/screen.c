// Draws views and hands them to the panel, turned as it is mounted.
#include "daemon/runtime/screen.h"

#include "daemon/runtime/drawings.h"
#include "display/draw/canvas.h"
#include "display/panel/panel.h"
#include "display/panel/rows.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct easel {
    struct canvas *canvas;
    struct drawings *drawings;
    struct refresh *refresh;
    const struct drawing *drawing; // shown last; NULL before the first
    struct frame turned;           // the drawing as the panel's row has it
    enum frame_turn turn;
    enum refresh_kind kind; // with which the drawing was begun
    bool begins;            // it was not begun yet: its BEGUN tells the kind
    bool quiet;             // to be taken
    bool full_told;         // the 24 h are over, and that was taken
    bool given_up;
    easel_listener *listener;
    void *context;
};

static void easel_hear(void *context, const struct refresh_event *event) {
    struct easel *easel = context;

    switch (event->kind) {
    case REFRESH_EVENT_BEGUN:
        if (easel->begins) {
            easel->kind = event->refresh;
            easel->begins = false;
        }
        if (event->refresh == REFRESH_FULL) {
            easel->full_told = false;
        }
        break;
    case REFRESH_EVENT_ENDED:
        easel->given_up = false;
        break;
    case REFRESH_EVENT_FAULT:
        if (event->given_up) {
            easel->given_up = true;
            easel->kind = REFRESH_NONE;
            easel->begins = false;
        }
        break;
    case REFRESH_EVENT_QUIET:
        easel->quiet = easel->drawing != NULL;
        return;
    }
    easel->listener(easel->context, event);
}

static struct glass easel_glass(const struct easel_setup *setup) {
    const struct panel_row *row = setup->row;
    bool upright = setup->rotate_deg == 90 || setup->rotate_deg == 270;

    return (struct glass){
        .width_px = upright ? row->height_px : row->width_px,
        .height_px = upright ? row->width_px : row->height_px,
        .pixel_mm = row->pixel_mm,
        .reading_m = setup->reading_m,
    };
}

static int easel_start_panel(struct easel *easel, const struct easel_setup *setup, int64_t boot_ms) {
    struct panel *panel;
    int result = panel_new(&panel, setup->row, setup->wire);

    if (result < 0) {
        return result;
    }
    return refresh_new(&easel->refresh, panel, setup->partials_per_full, easel_hear, easel, boot_ms);
}

int easel_new(struct easel **easel, const struct easel_setup *setup, int64_t boot_ms, char *error, size_t error_size) {
    struct glass glass = easel_glass(setup);
    struct easel *made = calloc(1, sizeof(*made));
    int result = -ENOMEM;

    snprintf(error, error_size, "Memory is out.");
    if (made != NULL) {
        made->turn = (enum frame_turn)setup->rotate_deg;
        made->listener = setup->listener;
        made->context = setup->context;
        // The panel comes first: whatever state it is in, it is put to sleep.
        result = easel_start_panel(made, setup, boot_ms);
        if (result == 0) {
            result = frame_init(&made->turned, setup->row->width_px, setup->row->height_px);
        }
        if (result == 0) {
            result = canvas_new(&made->canvas, &glass, setup->font_dir, error, error_size);
        }
        if (result == 0) {
            result = drawings_new(&made->drawings, made->canvas);
        }
    }
    if (result < 0) {
        easel_free(made);
        return result;
    }
    *easel = made;
    return 0;
}

void easel_free(struct easel *easel) {
    if (easel == NULL) {
        return;
    }
    drawings_free(easel->drawings);
    canvas_free(easel->canvas);
    refresh_free(easel->refresh);
    frame_clear(&easel->turned);
    free(easel);
}

int easel_faces(struct easel *easel, const struct view *view) {
    return page_faces(easel->canvas, view);
}

// The drawing as the panel's row has it.
static const struct frame *easel_turn(struct easel *easel, const struct frame *frame) {
    if (easel->turn == FRAME_TURN_0) {
        return frame;
    }
    frame_turn(&easel->turned, frame, easel->turn);
    return &easel->turned;
}

void easel_show(struct easel *easel, const struct view *view, bool full, int64_t boot_ms) {
    const struct drawing *drawing = drawings_of(easel->drawings, view);

    // Out of memory: the glass keeps what it shows, the evening goes on.
    if (drawing == NULL) {
        easel->quiet = true;
        return;
    }
    easel->drawing = drawing;
    easel->quiet = false;
    easel->begins = true;
    easel->kind = refresh_want(easel->refresh, easel_turn(easel, &drawing->frame), full, boot_ms);
    if (easel->kind == REFRESH_NONE) {
        easel->begins = false;
        easel->quiet = easel->quiet || !refresh_is_busy(easel->refresh);
    }
}

void easel_step(struct easel *easel, int64_t boot_ms) {
    refresh_step(easel->refresh, boot_ms);
}

int64_t easel_deadline(const struct easel *easel) {
    return refresh_deadline(easel->refresh);
}

bool easel_take_quiet(struct easel *easel) {
    bool quiet = easel->quiet;

    easel->quiet = false;
    return quiet;
}

bool easel_take_full_due(struct easel *easel, int64_t boot_ms) {
    bool due = !easel->full_told && refresh_full_is_due(easel->refresh, boot_ms);

    easel->full_told = easel->full_told || due;
    return due;
}

bool easel_is_given_up(const struct easel *easel) {
    return easel->given_up;
}

bool easel_is_busy(const struct easel *easel) {
    return refresh_is_busy(easel->refresh);
}

bool easel_is_pending(const struct easel *easel) {
    return refresh_is_pending(easel->refresh);
}

void easel_stop(struct easel *easel, int64_t boot_ms) {
    refresh_stop(easel->refresh, boot_ms);
}

const char *easel_text(const struct easel *easel) {
    return easel->drawing != NULL ? easel->drawing->text : "";
}

const struct frame *easel_frame(const struct easel *easel) {
    assert(easel->drawing != NULL);
    return &easel->drawing->frame;
}

enum refresh_kind easel_kind(const struct easel *easel) {
    return easel->kind;
}
