// Drawings of pages, kept for a while: a view that was drawn before costs nothing when it comes again (evening after
// evening the same cards, the same minutes).
#ifndef KARANI_DAEMON_RUNTIME_DRAWINGS_H
#define KARANI_DAEMON_RUNTIME_DRAWINGS_H

#include "display/frame/frame.h"
#include "display/page/page.h"

struct canvas;
struct drawings;

enum { DRAWINGS_KEPT = 64 }; // more than an evening has pages

// One page as it was drawn. Owned by the drawings, valid until the next one is asked for.
struct drawing {
    struct frame frame;
    char *text;  // as canvas_text
    int trouble; // 0, or -errno of page_draw: as much of the page as could be drawn, and not kept
};

// The canvas is borrowed. 0 or -ENOMEM.
int drawings_new(struct drawings **drawings, struct canvas *canvas);

void drawings_free(struct drawings *drawings); // accepts NULL

// Draws the view, or finds what was drawn of it before without trouble; NULL when memory is out.
const struct drawing *drawings_of(struct drawings *drawings, const struct view *view);

#endif
