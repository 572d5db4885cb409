// What the device is and how it is: version, panel, storage, clock, licence.
#include "display/page/pages.h"

#include <libintl.h>
#include <stdio.h>

void page_draw_about(const struct sheet *sheet, const struct view *view) {
    const struct view_about *shown = &view->about;
    bool known = shown->quality != PAGE_CLOCK_UNSET && shown->quality != PAGE_CLOCK_RESTORED;
    char version[96];
    char health[160];
    struct stack words = {0};

    snprintf(version, sizeof version, "Karani %s", shown->version);
    snprintf(health, sizeof health, "%s %s", shown->diary_ok ? gettext("Diary fine.") : gettext("Diary fails."),
             known ? gettext("Clock set.") : gettext("Clock unset."));
    stack_add(&words, version, sheet->body_px, true, 0);
    stack_add(&words, shown->panel, sheet->body_px, false, 0);
    stack_add(&words, health, sheet->body_px, false, 0);
    stack_add(&words, gettext("MIT licence"), sheet->body_px, false, 0);
    stack_draw_middle(sheet, &words);
}
