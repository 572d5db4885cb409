// The drawings of the pages: each a pure function from its view onto a sheet. One file a page, or a small family.
#ifndef KARANI_DISPLAY_PAGE_PAGES_H
#define KARANI_DISPLAY_PAGE_PAGES_H

#include "display/page/page.h"
#include "display/page/sheet.h"

// Marks a text for the catalogue that is looked up later.
#define N_(text) text

// What the foot line says that press and hold do here. NULL: nothing.
struct page_hint {
    const char *text;
    const char *brief; // for glass on which the text takes lines that the page needs: mostly what hold does, the one
                       // less easily found; NULL: there is room for the text
};

typedef void page_draw_hook(const struct sheet *sheet, const struct view *view);
typedef int page_count_hook(const struct sheet *sheet, const struct view *view);
typedef int page_minutes_hook(const struct view *view);
typedef void page_hint_hook(const struct view *view, struct page_hint *hint);

// How a page is drawn. What press and hold do there, and what it shows, is decided above.
struct page_drawing {
    page_draw_hook *draw;
    const char *hint; // struct page_hint
    const char *brief;
    page_hint_hook *hint_now;   // says something else in some states; NULL: never
    bool answers;               // a question: the hint is always there
    page_count_hook *faces;     // how many there are on this glass; NULL: one
    page_minutes_hook *minutes; // that the page shows; NULL: none
};

// Defines page_NAME_drawing from `.field = value`, each field once and in any order: one that is left out does not
// compile, and one that comes twice is an error of -Woverride-init.
#define PAGE_DRAWING(page, draw, hint, brief, hint_now, answers, faces, minutes)                                       \
    const struct page_drawing page_##page##_drawing = {draw, hint, brief, hint_now, answers, faces, minutes}

#define PAGE_DECLARE(id, page, ...) extern const struct page_drawing page_##page##_drawing;
PAGES(PAGE_DECLARE)
#undef PAGE_DECLARE

#endif
