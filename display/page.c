// The pages by name: what each shows, what its foot line says, how many faces it takes.
#include "display/page.h"

#include "display/page/pages.h"

#include <assert.h>
#include <libintl.h>

#define N_(text) text

static const struct page {
    const char *name;
    page_drawing *draw;
    const char *hint; // what press and hold do here
    bool answers;     // a question: the hint is always there
} PAGES[PAGE_COUNT] = {
    [PAGE_INVITE] = {"invite", page_draw_invite, N_("Press: start. Hold: more"), false},
    [PAGE_GOOD_NIGHT] = {"good-night", page_draw_good_night, N_("Press: start. Hold: more"), false},
    [PAGE_MORNING] = {"morning", page_draw_morning, N_("Press: start. Hold: more"), false},
    [PAGE_ASK_TIME] = {"ask-time", page_draw_ask_time, N_("Press: yes. Hold: set it"), true},
    [PAGE_HEALTH] = {"health", page_draw_health, N_("Press: next. Hold: mine"), false},
    [PAGE_CARD] = {"card", page_draw_card, N_("Press: next. Hold: leave"), false},
    [PAGE_COUNTDOWN] = {"countdown", page_draw_countdown, N_("Press: pause. Hold: end"), false},
    [PAGE_PAUSED] = {"paused", page_draw_paused, N_("Press: go on. Hold: end"), false},
    [PAGE_WAY_OUT] = {"way-out", page_draw_way_out, N_("Press once you are up"), false},
    [PAGE_MONTH] = {"month", page_draw_month, N_("Press: away. Hold: next"), false},
    [PAGE_UNDO] = {"undo", page_draw_undo, N_("Press: swap. Hold: next"), false},
    [PAGE_MINUTES] = {"minutes", page_draw_minutes, N_("Press: +1. Hold: next"), false},
    [PAGE_VARIANT] = {"variant", page_draw_variant, N_("Press: other. Hold: next"), false},
    [PAGE_CLOCK] = {"clock", page_draw_clock, N_("Press: set it. Hold: next"), false},
    [PAGE_ABOUT] = {"about", page_draw_about, N_("Hold: back"), false},
    [PAGE_TROUBLE] = {"trouble", page_draw_trouble, N_("Press: close. Hold: start"), false},
};

const char *page_name(enum page_id page) {
    assert((unsigned)page < PAGE_COUNT);
    return PAGES[page].name;
}

int page_faces(struct canvas *canvas, const struct view *view) {
    struct sheet sheet;

    if (view->page != PAGE_CARD)
        return 1;
    sheet = sheet_open(canvas);
    return page_card_faces(&sheet, &view->card);
}

// What press and hold do here; NULL where the page says it itself.
static const char *page_hint(const struct view *view) {
    if (view->page == PAGE_HEALTH && view->answers)
        return NULL;
    if (view->page == PAGE_ASK_TIME && !view->ask_time.guess)
        return gettext("Press: skip. Hold: set it");
    if (view->page == PAGE_MONTH && view->month.tonight_away)
        return gettext("Press: here. Hold: next");
    if (view->page == PAGE_CLOCK && view->clock.field != PAGE_CLOCK_FIELD_NONE)
        return gettext("Press: +1. Hold: next");
    return gettext(PAGES[view->page].hint);
}

// The one line at the foot: answers to a question first, then what is not kept, then the hint. NULL: none.
static const char *page_foot(const struct view *view) {
    if (PAGES[view->page].answers)
        return page_hint(view);
    if (view->not_kept)
        return gettext("Not saved yet");
    return view->hint ? page_hint(view) : NULL;
}

int page_draw(struct canvas *canvas, const struct view *view) {
    const char *foot = page_foot(view);
    struct sheet sheet;

    assert((unsigned)view->page < PAGE_COUNT);
    draw_begin(canvas);
    sheet = sheet_open(canvas);
    if (foot)
        sheet_reserve_foot(&sheet, foot);
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
