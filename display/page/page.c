// The pages by name: what each shows, what its foot line says, how many faces it takes.
#include "display/page/page.h"

#include "display/page/pages.h"

#include <assert.h>
#include <libintl.h>

#define N_(text) text

static const struct page {
    const char *name;
    page_drawing *draw;
    const char *hint;  // what press and hold do here
    const char *brief; // for glass on which the hint takes lines that the page needs: mostly what hold does, the one
                       // less easily found; NULL: there is room for them
    bool answers;      // a question: the hint is always there
} PAGES[PAGE_COUNT] = {
    [PAGE_INVITE] = {"invite", page_draw_invite, N_("Press: start. Hold: more"), NULL, false},
    [PAGE_GOOD_NIGHT] = {"good-night", page_draw_good_night, N_("Press: start. Hold: more"), NULL, false},
    [PAGE_MORNING] = {"morning", page_draw_morning, N_("Press: start. Hold: more"), N_("Hold: more"), false},
    [PAGE_ASK_TIME] = {"ask-time", page_draw_ask_time, N_("Press: yes. Hold: set it"), N_("Press: yes. Hold: set"),
                       true},
    [PAGE_HEALTH] = {"health", page_draw_health, N_("Press: next. Hold: mine"), N_("Hold: mine"), false},
    [PAGE_CARD] = {"card", page_draw_card, N_("Press: next. Hold: leave"), N_("Hold: leave"), false},
    [PAGE_COUNTDOWN] = {"countdown", page_draw_countdown, N_("Press: pause. Hold: end"), N_("Hold: end"), false},
    [PAGE_PAUSED] = {"paused", page_draw_paused, N_("Press: go on. Hold: end"), N_("Hold: end"), false},
    [PAGE_WAY_OUT] = {"way-out", page_draw_way_out, N_("Press once you are up"), N_("Up? Press"), false},
    [PAGE_MONTH] = {"month", page_draw_month, N_("Press: away. Hold: next"), N_("Hold: next"), false},
    [PAGE_UNDO] = {"undo", page_draw_undo, N_("Press: swap. Hold: next"), N_("Hold: next"), false},
    [PAGE_MINUTES] = {"minutes", page_draw_minutes, N_("Press: +1. Hold: next"), N_("Hold: next"), false},
    [PAGE_VARIANT] = {"variant", page_draw_variant, N_("Press: other. Hold: next"), N_("Hold: next"), false},
    [PAGE_CLOCK] = {"clock", page_draw_clock, N_("Press: set it. Hold: next"), N_("Hold: next"), false},
    [PAGE_ABOUT] = {"about", page_draw_about, N_("Hold: back"), NULL, false},
    [PAGE_TROUBLE] = {"trouble", page_draw_trouble, N_("Press: close. Hold: start"), N_("Hold: start"), false},
};

const char *page_name(enum page_id page) {
    assert((unsigned)page < PAGE_COUNT);
    return PAGES[page].name;
}

int page_faces(struct canvas *canvas, const struct view *view) {
    struct sheet sheet;

    if (view->page != PAGE_CARD) {
        return 1;
    }
    sheet = sheet_open(canvas);
    return page_card_faces(&sheet, &view->card);
}

// What press and hold do here; NULL where the page says it itself.
static const char *page_hint(const struct view *view) {
    if (view->page == PAGE_HEALTH && view->answers) {
        return NULL;
    }
    if (view->page == PAGE_ASK_TIME && !view->ask_time.guess) {
        return gettext("Press: skip. Hold: set it");
    }
    if (view->page == PAGE_MONTH && !view->month.known) {
        return gettext(PAGES[PAGE_MONTH].brief);
    }
    if (view->page == PAGE_MONTH && view->month.tonight_away) {
        return gettext("Press: here. Hold: next");
    }
    if (view->page == PAGE_CLOCK && view->clock.field != PAGE_CLOCK_FIELD_NONE) {
        return gettext("Press: +1. Hold: next");
    }
    return gettext(PAGES[view->page].hint);
}

static const char *page_hint_that_fits(const struct sheet *sheet, const struct view *view) {
    const char *hint = page_hint(view);
    const char *brief = PAGES[view->page].brief;

    if (!hint || !brief || sheet_is_one_line(sheet, hint) || (view->page == PAGE_ASK_TIME && !view->ask_time.guess)) {
        return hint;
    }
    return gettext(brief);
}

// The line at the foot: answers to a question first, then what is not kept, then the hint. NULL: none.
static const char *page_foot(const struct sheet *sheet, const struct view *view) {
    if (PAGES[view->page].answers) {
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

    assert((unsigned)view->page < PAGE_COUNT);
    draw_begin(canvas);
    sheet = sheet_open(canvas);
    foot = page_foot(&sheet, view);
    if (foot) {
        sheet_reserve_foot(&sheet, foot);
    }
    PAGES[view->page].draw(&sheet, view);
    sheet_draw_foot(&sheet);
    return draw_end(canvas);
}

int page_minutes(const struct view *view) {
    switch (view->page) {
    case PAGE_INVITE:
        return view->invite.minutes;
    case PAGE_GOOD_NIGHT:
        return view->good_night.minutes;
    case PAGE_MORNING:
        return view->morning.last_minutes;
    case PAGE_COUNTDOWN:
        return view->countdown.minutes_left;
    case PAGE_PAUSED:
        return view->paused.minutes_left;
    case PAGE_UNDO:
        return view->undo.minutes;
    case PAGE_MINUTES:
        return view->minutes.minutes;
    case PAGE_ASK_TIME:
    case PAGE_HEALTH:
    case PAGE_CARD:
    case PAGE_WAY_OUT:
    case PAGE_MONTH:
    case PAGE_VARIANT:
    case PAGE_CLOCK:
    case PAGE_ABOUT:
    case PAGE_TROUBLE:
    case PAGE_COUNT:
        break;
    }
    return -1;
}
