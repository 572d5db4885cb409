// What the device is and how it is: version, panel, storage, clock, licence.
#include "display/page/pages.h"

#include <libintl.h>
#include <stdio.h>
#include <string.h>

void page_draw_about(const struct sheet *sheet, const struct view *view) {
    const struct view_about *shown = &view->about;
    bool known = shown->quality != PAGE_CLOCK_UNSET && shown->quality != PAGE_CLOCK_RESTORED;
    char name[128];
    char panel[128];
    struct stack words = {0};

    snprintf(name, sizeof name, gettext("Karani %s, MIT licence"), shown->version);
    if (sheet_title_width_px(sheet, name) > sheet->room.width_px)
        snprintf(name, sizeof name, "Karani %s, MIT", shown->version);
    if (sheet_title_width_px(sheet, name) > sheet->room.width_px)
        snprintf(name, sizeof name, "%s, MIT", shown->version);
    stack_add(&words, name, sheet->body_px, true, 0);
    stack_add(&words, shown->diary_ok ? gettext("Diary: fine") : gettext("Diary: failing"), sheet->body_px, false, 0);
    stack_add(&words, known ? gettext("Clock: set") : gettext("Clock: not set"), sheet->body_px, false, 0);
    snprintf(panel, sizeof panel, "%s", shown->panel);
    if (!sheet_is_one_line(sheet, panel)) // "waveshare-1.54-v2" breaks after its maker
        snprintf(panel, sizeof panel, "%.*s\n%s", (int)strcspn(shown->panel, "-"), shown->panel,
                 shown->panel + strcspn(shown->panel, "-") + (strchr(shown->panel, '-') != NULL));
    stack_add(&words, panel, sheet->body_px, false, 0);
    stack_draw_alone(sheet, &words);
}
