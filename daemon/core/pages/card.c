// One of the cards that lead into the practice.
#include "daemon/core/pages/pages.h"

void page_card_view(const struct device *device, size_t routine_card, int index, int count, struct view *view) {
    view->page = PAGE_CARD;
    view->card.words = device->setup.routine->cards[routine_card].words[device->choices.variant];
    view->card.index = index;
    view->card.count = count;
}

static void fill(const struct device *device, struct moment at, struct view *view) {
    const struct session *session = &device->session;
    (void)at;
    view->face = session->face;
    page_card_view(device, device->cards[session->card], session->card, session->card_count, view);
}

PAGE_RULES(card, .class = PAGE_CLASS_SESSION, .press = page_session_press, .press_does = "next card",
           .hold = page_session_hold, .hold_does = "leave", .value = NULL, .sets_value = false, .timeout_ms = 0,
           .fill = fill);
