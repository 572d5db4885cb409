// The pages by name: what each shows, what its foot line says, how many faces it takes.
#include "display/page/page.h"

#include "display/page/pages.h"

#include <assert.h>
#include <libintl.h>

#define PAGE_NAME(id, page, name, type) [PAGE_##id] = (name),
static const char *const names[] = {PAGES(PAGE_NAME)};

#define PAGE_DRAWING_OF(id, page, ...) [PAGE_##id] = &page_##page##_drawing,
static const struct page_drawing *const drawings[] = {PAGES(PAGE_DRAWING_OF)};

const char *page_name(enum page_id page) {
    assert((unsigned)page < PAGE_COUNT);
    return names[page];
}

static const struct page_drawing *drawing_of(const struct view *view) {
    assert((unsigned)view->page < PAGE_COUNT);
    return drawings[view->page];
}

int page_faces(struct canvas *canvas, const struct view *view) {
    const struct page_drawing *page = drawing_of(view);
    struct sheet sheet;

    if (!page->faces) {
        return 1;
    }
    sheet = sheet_open(canvas);
    return page->faces(&sheet, view);
}

// What press and hold do here; NULL where the page says it itself.
static const char *page_hint_that_fits(const struct sheet *sheet, const struct view *view) {
    const struct page_drawing *page = drawing_of(view);
    struct page_hint hint = {page->hint, page->brief};

    if (page->hint_now) {
        page->hint_now(view, &hint);
    }
    if (!hint.text) {
        return NULL;
    }
    return !hint.brief || sheet_is_one_line(sheet, gettext(hint.text)) ? gettext(hint.text) : gettext(hint.brief);
}

// The line at the foot: answers to a question first, then what is not kept, then the hint. NULL: none.
static const char *page_foot(const struct sheet *sheet, const struct view *view) {
    if (drawing_of(view)->answers) {
        return page_hint_that_fits(sheet, view);
    }
    if (view->not_kept) {
        return sheet_is_one_line(sheet, gettext("Not saved yet")) ? gettext("Not saved yet") : gettext("Unsaved");
    }
    return view->hint ? page_hint_that_fits(sheet, view) : NULL;
}

int page_draw(struct canvas *canvas, const struct view *view) {
    struct sheet sheet;
    const char *foot;

    draw_begin(canvas);
    sheet = sheet_open(canvas);
    foot = page_foot(&sheet, view);
    if (foot) {
        sheet_reserve_foot(&sheet, foot);
    }
    drawing_of(view)->draw(&sheet, view);
    sheet_draw_foot(&sheet);
    return draw_end(canvas);
}

int page_minutes(const struct view *view) {
    page_minutes_hook *minutes = drawing_of(view)->minutes;

    return minutes ? minutes(view) : -1;
}
