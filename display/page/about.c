// What the device is and how it is: version, panel, storage, clock, licence.
#include "display/page/pages.h"

#include <libintl.h>
#include <stdio.h>
#include <string.h>

// How diary and clock are, on one line: where there is little room. By whether the diary is fine, and the clock set.
static const char *const HEALTH[2][2] = {{N_("Diary error, clock unset"), N_("Diary error, clock set")},
                                         {N_("Diary fine, clock unset"), N_("Diary fine, clock set")}};

static void format_name(const struct sheet *sheet, const char *version, char *text, size_t size) {
    snprintf(text, size, gettext("Karani %s, MIT licence"), version);
    if (sheet_title_width_px(sheet, text) > sheet->room.width_px) {
        snprintf(text, size, "Karani %s, MIT", version);
    }
    if (sheet_title_width_px(sheet, text) > sheet->room.width_px) {
        snprintf(text, size, "%s, MIT", version);
    }
}

static void draw_about(const struct sheet *sheet, const struct view *view) {
    const struct view_about *shown = &view->about;
    bool known = shown->quality != PAGE_CLOCK_UNSET && shown->quality != PAGE_CLOCK_RESTORED;
    int maker = (int)strcspn(shown->panel, "-");
    const char *model = shown->panel[maker] ? shown->panel + maker + 1 : shown->panel;
    const char *health = gettext(HEALTH[shown->diary_ok][known]);
    char name[128];
    char panel[128];
    struct stack tries[3] = {0};

    format_name(sheet, shown->version, name, sizeof name);
    snprintf(panel, sizeof panel, "%s", shown->panel);
    if (!sheet_is_one_line(sheet, panel) && model > shown->panel) { // "waveshare-1.54-v2" breaks after its maker
        snprintf(panel, sizeof panel, "%.*s\n%s", maker, shown->panel, model);
    }
    for (int i = 0; i < 3; i++) {
        stack_add(&tries[i], name, sheet->body_px, true, 0);
    }
    stack_add(&tries[0], shown->diary_ok ? gettext("Diary: fine") : gettext("Diary: failing"), sheet->body_px, false,
              0);
    stack_add(&tries[0], known ? gettext("Clock: set") : gettext("Clock: not set"), sheet->body_px, false, 0);
    stack_add(&tries[0], panel, sheet->body_px, false, 0);
    stack_add(&tries[1], health, sheet->body_px, false, 0);
    stack_add(&tries[1], panel, sheet->body_px, false, 0);
    stack_add(&tries[2], health, sheet->body_px, false, 0);
    stack_add(&tries[2], model, sheet->body_px, false, 0);
    stack_draw_alone(sheet, stack_first_that_fits(sheet, tries, 3));
}

PAGE_DRAWING(about, .draw = draw_about, .hint = N_("Hold: back"), .brief = NULL, .hint_now = NULL, .answers = false,
             .faces = NULL, .minutes = NULL);
