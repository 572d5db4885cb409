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
};

int drawings_new(struct drawings **drawings, struct canvas *canvas) {
    struct drawings *made = calloc(1, sizeof(*made));

    if (made == NULL) {
        return -ENOMEM;
    }
    made->canvas = canvas;
    *drawings = made;
    return 0;
}

static void entry_clear(struct entry *entry) {
    frame_clear(&entry->drawing.frame);
    free(entry->drawing.text);
    *entry = (struct entry){.used = 0};
}

void drawings_free(struct drawings *drawings) {
    if (drawings == NULL) {
        return;
    }
    for (size_t i = 0; i < DRAWINGS_KEPT; i++) {
        entry_clear(&drawings->entries[i]);
    }
    free(drawings);
}

// The entry of the view, or the one that is to give way.
static struct entry *drawings_find(struct drawings *drawings, const struct view *view) {
    struct entry *oldest = &drawings->entries[0];

    for (size_t i = 0; i < DRAWINGS_KEPT; i++) {
        struct entry *entry = &drawings->entries[i];

        // NOLINTNEXTLINE(bugprone-suspicious-memory-comparison,cert-exp42-c,cert-flp37-c): see struct entry
        if (entry->used != 0 && memcmp(&entry->view, view, sizeof(*view)) == 0) {
            return entry;
        }
        if (entry->used < oldest->used) {
            oldest = entry;
        }
    }
    entry_clear(oldest);
    return oldest;
}

static int entry_draw(struct entry *entry, struct canvas *canvas, const struct view *view) {
    int trouble = page_draw(canvas, view);
    const struct frame *frame = canvas_frame(canvas);
    char *text = strdup(canvas_text(canvas));

    if (text == NULL || frame_init(&entry->drawing.frame, frame->width_px, frame->height_px) < 0) {
        free(text);
        return -ENOMEM;
    }
    frame_copy(&entry->drawing.frame, frame);
    entry->drawing.text = text;
    entry->drawing.trouble = trouble;
    memcpy(&entry->view, view, sizeof(*view));
    return 0;
}

const struct drawing *drawings_of(struct drawings *drawings, const struct view *view) {
    struct entry *entry = drawings_find(drawings, view);

    if (entry->used == 0 && entry_draw(entry, drawings->canvas, view) < 0) {
        return NULL;
    }
    entry->used = ++drawings->asked;
    return &entry->drawing;
}
