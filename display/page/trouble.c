// What is wrong that the owner must know, and what to do.
#include "display/page/pages.h"

#include <libintl.h>
#include <stdio.h>
#include <string.h>

// Each text stands for itself: where lines are short, the title is left out, where they are few, the brief one says
// it.
static const struct {
    const char *name;
    const char *title;
    const char *text;
    const char *brief;
} TROUBLES[PAGE_TROUBLE_COUNT] = {
    [PAGE_TROUBLE_NONE] = {"", N_("All is well"), N_("Nothing to do."), N_("Nothing to do.")},
    [PAGE_TROUBLE_NOT_KEPT] = {"not-kept", N_("Not saved"), N_("Nothing can be saved. Please check the memory card."),
                               N_("Nothing is saved: check the card")},
    [PAGE_TROUBLE_DIARY] = {"diary", N_("Diary"), N_("The diary cannot be read. karanictl status tells more."),
                            N_("Diary unread: see karanictl status")},
    [PAGE_TROUBLE_NEWER] = {"newer", N_("Diary"), N_("The diary is a newer Karani's. Please install that one."),
                            N_("Newer diary: update Karani")},
    [PAGE_TROUBLE_PLACE] = {"place", N_("Storage"), N_("Nothing outlives the power. See karanictl doctor."),
                            N_("Not kept: see karanictl doctor")},
    [PAGE_TROUBLE_LOST] = {"lost", N_("Diary"), N_("The diary was damaged. Some of it may be lost."),
                           N_("Diary damaged, some may be lost")},
    [PAGE_TROUBLE_RESTORED] = {"restored", N_("Diary"), N_("The diary was damaged and is repaired. Nothing is lost."),
                               N_("Diary repaired, nothing lost")},
    [PAGE_TROUBLE_PANEL] = {"panel", N_("Glass"), N_("The glass did not answer. Please check its cable."),
                            N_("Glass silent: check its cable")},
    [PAGE_TROUBLE_CONFIG] = {"config", N_("Settings"), N_("A setting is not understood. Please check karani.conf."),
                             N_("Unknown setting: see karani.conf")},
    [PAGE_TROUBLE_CRASHES] = {"crashes", N_("Stopped"), N_("Karani had to stop. It tries again within an hour."),
                              N_("Karani tries again within an hour")},
    [PAGE_TROUBLE_ROUTINE] = {"routine", N_("Cards"), N_("Words or pictures are missing. Please reinstall Karani."),
                              N_("Words or pictures gone: reinstall")},
};

const char *page_trouble_name(enum page_trouble cause) {
    return TROUBLES[cause].name;
}

bool page_trouble_parse(const char *name, enum page_trouble *cause) {
    for (enum page_trouble i = PAGE_TROUBLE_NONE + 1; i < PAGE_TROUBLE_COUNT; i++) {
        if (strcmp(name, TROUBLES[i].name) == 0) {
            *cause = i;
            return true;
        }
    }
    return false;
}

enum { WHERE_SIZE = 2 * PAGE_PLACE_NAME_SIZE + 64 };

// "karani.conf, line 12: minutes". NULL when there is nothing to name.
static const char *name_place(const struct page_place *place, char where[WHERE_SIZE]) {
    if (place == NULL || place->file[0] == '\0') {
        return NULL;
    }
    if (place->line > 0 && place->key[0] != '\0') {
        snprintf(where, WHERE_SIZE, gettext("%s, line %d: %s"), place->file, place->line, place->key);
    } else if (place->line > 0) {
        snprintf(where, WHERE_SIZE, gettext("%s, line %d"), place->file, place->line);
    } else if (place->key[0] != '\0') {
        snprintf(where, WHERE_SIZE, "%s: %s", place->file, place->key);
    } else {
        return place->file;
    }
    return where;
}

static void draw_trouble(const struct sheet *sheet, const struct view *view) {
    enum page_trouble cause = view->trouble.cause;
    const char *title = gettext(TROUBLES[cause].title);
    const char *text = gettext(TROUBLES[cause].text);
    const char *brief = gettext(TROUBLES[cause].brief);
    char where[WHERE_SIZE];
    const char *place = name_place(view->trouble.place, where);
    bool restored = cause == PAGE_TROUBLE_LOST || cause == PAGE_TROUBLE_RESTORED;
    char kept[96];

    snprintf(kept, sizeof kept,
             ngettext("%d session is kept.", "%d sessions are kept.", (unsigned long)view->trouble.sessions),
             view->trouble.sessions);
    // Where the place has no room beside all the words, it is worth more than the title, and then than the text.
    const struct {
        const char *lines[3];
        bool of_place; // for a trouble that has one
    } tries[] = {
        {{title, text, restored ? kept : place}, false},
        {{NULL, text, place}, true},
        {{title, NULL, place}, true},
        {{title, text, NULL}, false},
        {{text, NULL, NULL}, false},
        {{title, brief, NULL}, false},
        {{brief, NULL, NULL}, false},
    };
    struct stack words = {0};

    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        if (tries[i].of_place && place == NULL) {
            continue;
        }
        words = (struct stack){0};
        for (size_t line = 0; line < 3; line++) {
            const char *text_of_line = tries[i].lines[line];

            stack_add(&words, text_of_line, sheet->body_px, text_of_line == title, line == 2 ? sheet->gap_px : 0);
        }
        if (stack_shrink_whole(sheet, &words)) {
            break;
        }
    }
    stack_draw_alone(sheet, &words);
}

PAGE_DRAWING(trouble, .draw = draw_trouble, .hint = N_("Press: close. Hold: start"), .brief = N_("Hold: start"),
             .hint_now = NULL, .answers = false, .faces = NULL, .minutes = NULL);
