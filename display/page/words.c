// Pages of words and a picture from the routine: the cards, the way out, the health page.
#include "display/page/pages.h"
#include "display/page/plan.h"

// A picture below so many half lines is no longer read at a glance. Whoever lies on the floor rather looks than
// reads: there it may be as small as the figure is still clear.
enum { PICTURE_HALF_LINES_LEAST = 5, PICTURE_HALF_LINES_LEAST_TIGHT = 4, PICTURE_LEAST_PX = 70 };

// Five small discs down the right edge tell which card this is.
static int discs_width_px(const struct sheet *sheet) {
    return sheet->gap_px * 3 / 4 / 2 * 2;
}

// A routine of many cards has them closer together; one of too many has none.
static void draw_discs(const struct sheet *sheet, int index, int count) {
    int disc_px = discs_width_px(sheet);
    int most_px = count > 1 ? (sheet->room.height_px - disc_px) / (count - 1) : disc_px * 2;
    int pitch_px = at_most(disc_px * 2, most_px);
    int x_px = sheet_right(sheet) - disc_px;
    int y_px = sheet->room.y_px + (sheet->room.height_px - (count - 1) * pitch_px - disc_px) / 2;

    if (pitch_px <= disc_px) {
        return;
    }
    for (int i = 0; i < count; i++) {
        if (i == index) {
            draw_disc(sheet->canvas, x_px, y_px + i * pitch_px, disc_px);
        } else {
            draw_ring(sheet->canvas, x_px, y_px + i * pitch_px, disc_px, disc_px / 6 + 1);
        }
    }
}

static struct stack words_stack(const struct sheet *sheet, const char *title, const char *text, int width_px) {
    struct stack stack = {0};

    stack_add(&stack, title, title ? sheet_title_em_px(sheet, title, width_px) : 0, true, 0);
    stack_add(&stack, text, sheet->body_px, false, sheet->gap_px / 4);
    return stack;
}

// The picture at the left, no higher than height_px, the words in a column at its right.
static bool words_beside(const struct sheet *sheet, struct frame_area room, const struct page_words *words,
                         const char *text, int height_px, struct plan *plan) {
    *plan = plan_beside(sheet, room, words->picture, room.width_px / 2, height_px);
    plan->words = words_stack(sheet, words->title, text, plan->column.width_px);
    return plan_fits(sheet, plan);
}

// The picture above, the words below.
static bool words_below(const struct sheet *sheet, struct frame_area room, const struct page_words *words,
                        const char *text, struct plan *plan) {
    struct stack stack = words_stack(sheet, words->title, text, room.width_px);
    int least_px = (sheet->tight ? PICTURE_HALF_LINES_LEAST_TIGHT : PICTURE_HALF_LINES_LEAST) * sheet->line_px / 2;

    return plan_above(sheet, room, words->picture, &stack, least_px, plan);
}

// The whole text before the brief one; but on wide glass a picture at full height before a small one above the words.
static bool words_together(const struct sheet *sheet, struct frame_area room, const struct page_words *words,
                           struct plan *plan) {
    const char *const texts[] = {words->text, words->brief};
    bool wide = plan_is_wide(room);

    for (size_t i = 0; i < 2; i++) {
        if (!texts[i]) {
            continue;
        }
        if (!wide && words_below(sheet, room, words, texts[i], plan)) {
            return true;
        }
        if (words_beside(sheet, room, words, texts[i], room.height_px, plan)) {
            return true;
        }
    }
    for (size_t i = 0; i < 2 && wide; i++) {
        if (texts[i] && words_below(sheet, room, words, texts[i], plan)) {
            return true;
        }
    }
    return false;
}

// The brief words without their title beside the largest picture that leaves room for them.
static bool words_beside_small(const struct sheet *sheet, struct frame_area room, const struct page_words *words,
                               struct plan *plan) {
    struct page_words untitled = {.brief = words->brief, .picture = words->picture};

    for (int height_px = room.height_px; untitled.brief && height_px >= PICTURE_LEAST_PX; height_px--) {
        if (words_beside(sheet, room, &untitled, untitled.brief, height_px, plan) &&
            plan->picture.height_px >= PICTURE_LEAST_PX) {
            return true;
        }
    }
    return false;
}

// The most that can be said in words alone: the whole text counts more than the title, and that more than the
// white around it.
static void words_alone(const struct sheet *sheet, struct frame_area room, const struct page_words *words,
                        struct plan *plan) {
    const char *const tries[][2] = {
        {words->title, words->text}, {NULL, words->text}, {words->title, words->brief}, {NULL, words->brief}};

    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        int count;

        if (!tries[i][1]) {
            continue;
        }
        *plan = (struct plan){.words = words_stack(sheet, tries[i][0], tries[i][1], room.width_px), .column = room};
        count = plan->words.count;
        if (stack_shrink(sheet, &plan->words, room.width_px, room.height_px) && plan->words.count == count) {
            return;
        }
    }
}

// The room left of the discs.
static struct frame_area card_room(const struct sheet *sheet) {
    struct frame_area room = sheet->room;

    room.width_px -= discs_width_px(sheet) + sheet->gap_px / 2;
    return room;
}

// Two when its words do not fit beside its picture.
static int card_faces(const struct sheet *sheet, const struct view *view) {
    const struct view_card *card = &view->card;
    struct plan plan;

    return !card->words.picture || words_together(sheet, card_room(sheet), &card->words, &plan) ? 1 : 2;
}

// The first of two faces: the picture and the title, which a picture without words would leave unnamed. The title
// stands where it leaves the picture larger.
static void picture_and_title(const struct sheet *sheet, struct frame_area room, const struct page_words *words,
                              struct plan *plan) {
    struct page_words title = {.title = words->title, .picture = words->picture};
    struct plan below = {0};
    bool fits = words_beside(sheet, room, &title, NULL, room.height_px, plan);

    if (words_below(sheet, room, &title, NULL, &below) &&
        (!fits || below.picture.height_px > plan->picture.height_px)) {
        *plan = below;
    } else if (!fits) {
        words_alone(sheet, room, words, plan);
    }
}

// How many faces there are is decided without the foot line: a hint changes what a face holds, not their number.
static void draw_card(const struct sheet *sheet, const struct view *view) {
    const struct sheet whole = sheet_open(sheet->canvas);
    const struct page_words *words = &view->card.words;
    struct frame_area room = card_room(sheet);
    struct plan plan = {0};
    bool alone = !words->picture || view->face == 1;

    if (!alone && card_faces(&whole, view) == 2) {
        picture_and_title(sheet, room, words, &plan);
    } else if (alone || !words_together(sheet, room, words, &plan)) {
        words_alone(sheet, room, words, &plan);
    }
    plan_draw(sheet, &plan);
    draw_discs(sheet, view->card.index, view->card.count);
}

PAGE_DRAWING(card, .draw = draw_card, .hint = N_("Press: next. Hold: leave"), .brief = N_("Hold: leave"),
             .hint_now = NULL, .answers = false, .faces = card_faces, .minutes = NULL);

static void draw_words(const struct sheet *sheet, const struct page_words *words) {
    struct plan plan = {0};

    if (!words->picture ||
        (!words_together(sheet, sheet->room, words, &plan) && !words_beside_small(sheet, sheet->room, words, &plan))) {
        words_alone(sheet, sheet->room, words, &plan);
    }
    plan_draw(sheet, &plan);
}

static void draw_way_out(const struct sheet *sheet, const struct view *view) {
    draw_words(sheet, &view->way_out);
}

PAGE_DRAWING(way_out, .draw = draw_way_out, .hint = N_("Press once you are up"), .brief = N_("Up? Press"),
             .hint_now = NULL, .answers = false, .faces = NULL, .minutes = NULL);

static void draw_health(const struct sheet *sheet, const struct view *view) {
    draw_words(sheet, &view->health);
}

// The last face's own words say what press and hold do.
static void health_hint(const struct view *view, struct page_hint *hint) {
    if (view->answers) {
        *hint = (struct page_hint){0};
    }
}

PAGE_DRAWING(health, .draw = draw_health, .hint = N_("Press: next. Hold: mine"), .brief = N_("Hold: mine"),
             .hint_now = health_hint, .answers = false, .faces = NULL, .minutes = NULL);
