// Keeps the last drawings, each with the view that it shows; the one longest unused gives way to a new one.
#include "daemon/runtime/drawings.h"

#include "display/draw/canvas.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct entry {
    // Compared byte by byte: padding that differs costs one drawing more, never a wrong one. Strings are borrowed
    // from the routine and stay what they are.
    struct view view;
    struct drawing drawing;
    uint64_t used; // when it was asked for last; 0: empty
};

struct drawings {
    struct canvas *canvas;
    uint64_t asked;
    struct entry entries[DRAWINGS_KEPT];
    struct drawing failed; // the last that went wrong: kept for nobody, another attempt may do better
};

int drawings_new(struct drawings **drawings, struct canvas *canvas) {
    struct drawings *made = calloc(1, sizeof *made);

    if (made == NULL) {
        return -ENOMEM;
    }
    made->canvas = canvas;
    *drawings = made;
    return 0;
}

static void drawing_clear(struct drawing *drawing) {
    frame_clear(&drawing->frame);
    free(drawing->text);
    *drawing = (struct drawing){.text = NULL};
}

void drawings_free(struct drawings *drawings) {
    if (drawings == NULL) {
        return;
    }
    for (size_t i = 0; i < DRAWINGS_KEPT; i++) {
        drawing_clear(&drawings->entries[i].drawing);
    }
    drawing_clear(&drawings->failed);
    free(drawings);
}

// The entry of the view; NULL: there is none.
static struct entry *drawings_find(struct drawings *drawings, const struct view *view) {
    for (size_t i = 0; i < DRAWINGS_KEPT; i++) {
        struct entry *entry = &drawings->entries[i];

        // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison,cert-exp42-c,cert-flp37-c): see struct entry
        if (entry->used != 0 && memcmp(&entry->view, view, sizeof *view) == 0) {
            return entry;
        }
    }
    return NULL;
}

// The entry that is to give way.
static struct entry *drawings_oldest(struct drawings *drawings) {
    struct entry *oldest = &drawings->entries[0];

    for (size_t i = 1; i < DRAWINGS_KEPT; i++) {
        if (drawings->entries[i].used < oldest->used) {
            oldest = &drawings->entries[i];
        }
    }
    return oldest;
}

static int drawing_make(struct drawing *drawing, struct canvas *canvas, const struct view *view) {
    struct drawing made = {.trouble = page_draw(canvas, view)};
    const struct frame *frame = canvas_frame(canvas);

    made.text = strdup(canvas_text(canvas));
    if (made.text == NULL || frame_init(&made.frame, frame->width_px, frame->height_px) < 0) {
        free(made.text);
        return -ENOMEM;
    }
    frame_copy(&made.frame, frame);
    *drawing = made;
    return 0;
}

const struct drawing *drawings_of(struct drawings *drawings, const struct view *view) {
    struct entry *entry = drawings_find(drawings, view);
    struct drawing made;

    if (entry == NULL) {
        if (drawing_make(&made, drawings->canvas, view) < 0) {
            return NULL;
        }
        if (made.trouble < 0) {
            drawing_clear(&drawings->failed);
            drawings->failed = made;
            return &drawings->failed;
        }
        entry = drawings_oldest(drawings);
        drawing_clear(&entry->drawing);
        entry->drawing = made;
        memcpy(&entry->view, view, sizeof *view);
    }
    entry->used = ++drawings->asked;
    return &entry->drawing;
}
