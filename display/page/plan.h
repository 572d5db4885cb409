// How a picture and words share a room: the words in a column at its right, or below it.
#ifndef KARANI_DISPLAY_PAGE_PLAN_H
#define KARANI_DISPLAY_PAGE_PLAN_H

#include "display/page/sheet.h"

// Areas are empty where there is no picture or no words.
struct plan {
    struct stack words;
    const char *path; // of the picture, or NULL
    struct frame_area picture;
    struct frame_area column; // of the words
};

// Whether a column beside a picture is wide enough for calm lines; else the words read better below it.
bool plan_is_wide(struct frame_area room);

// The picture at the left, at most so large, and the column that it leaves. The caller adds the words and asks
// plan_fits().
struct plan plan_beside(const struct sheet *sheet, struct frame_area room, const char *path, int width_px,
                        int height_px);

// The words at the foot of the room, the picture above them as large as it fits; false when less than least_px are
// left for it.
bool plan_above(const struct sheet *sheet, struct frame_area room, const char *path, const struct stack *words,
                int least_px, struct plan *plan);

// Whether the words fit their column.
bool plan_fits(const struct sheet *sheet, const struct plan *plan);

void plan_draw(const struct sheet *sheet, const struct plan *plan);

#endif
