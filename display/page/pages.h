// The drawings of the pages: each a pure function from its view onto a sheet. One file a page, or a small family.
#ifndef KARANI_DISPLAY_PAGE_PAGES_H
#define KARANI_DISPLAY_PAGE_PAGES_H

#include "display/page/page.h"
#include "display/page/sheet.h"

typedef void page_drawing(const struct sheet *sheet, const struct view *view);

page_drawing page_draw_invite;
page_drawing page_draw_good_night;
page_drawing page_draw_morning;
page_drawing page_draw_ask_time;
page_drawing page_draw_health;
page_drawing page_draw_card;
page_drawing page_draw_countdown;
page_drawing page_draw_paused;
page_drawing page_draw_way_out;
page_drawing page_draw_month;
page_drawing page_draw_undo;
page_drawing page_draw_minutes;
page_drawing page_draw_variant;
page_drawing page_draw_clock;
page_drawing page_draw_about;
page_drawing page_draw_trouble;

// 2 when a card's words do not fit beside its picture, else 1.
int page_card_faces(const struct sheet *sheet, const struct view_card *card);

#endif
