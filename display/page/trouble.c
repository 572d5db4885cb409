// What is wrong that the owner must know, and what to do.
#include "display/page/pages.h"

#include <libintl.h>

#define N_(text) text

static const struct {
    const char *title;
    const char *text;
} TROUBLES[PAGE_TROUBLE_COUNT] = {
    [PAGE_TROUBLE_NONE] = {N_("All is well"), ""},
    [PAGE_TROUBLE_NOT_KEPT] = {N_("Nothing is saved"),
                               N_("The memory card is full or worn. Please free or replace it.")},
    [PAGE_TROUBLE_DIARY] = {N_("The diary"), N_("It cannot be read. On a computer, karanictl doctor says more.")},
    [PAGE_TROUBLE_PANEL] = {N_("The glass"), N_("It did not answer for a while. Please check its cable.")},
    [PAGE_TROUBLE_CONFIG] = {N_("A setting"), N_("It was not understood. karanid --check says which.")},
    [PAGE_TROUBLE_ROUTINE] = {N_("The cards"), N_("Words or pictures are missing. karanid --check says which.")},
};

void page_draw_trouble(const struct sheet *sheet, const struct view *view) {
    enum page_trouble cause = view->trouble.cause;
    struct stack words = {0};
    struct stack more;

    stack_add(&words, gettext(TROUBLES[cause].title), sheet->body_px, true, 0);
    if (TROUBLES[cause].text[0])
        stack_add(&words, gettext(TROUBLES[cause].text), sheet->body_px, false, 0);
    more = words;
    stack_add(&more, view->trouble.detail, sheet->body_px, false, sheet->gap_px);
    stack_draw_middle(sheet, stack_fits(sheet, &more, sheet->room.width_px, sheet->room.height_px) ? &more : &words);
}
