// Pages of words and a picture from the routine: the cards, the way out, the health page.
#include "display/page/pages.h"

// A picture below this share of the sheet's lines is no longer read at a glance.
enum { PICTURE_LINES_LEAST = 3 };

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

    if (pitch_px <= disc_px)
        return;
    for (int i = 0; i < count; i++)
        if (i == index)
            draw_disc(sheet->canvas, x_px, y_px + i * pitch_px, disc_px);
        else
            draw_ring(sheet->canvas, x_px, y_px + i * pitch_px, disc_px, disc_px / 6 + 1);
}

// How words and picture share the room. Areas are empty where there is no picture or no words.
struct plan {
    struct stack words;
    struct frame_area picture;
    struct frame_area column;
};

static struct stack words_stack(const struct sheet *sheet, const char *title, const char *text, int width_px) {
    struct stack stack = {0};

    stack_add(&stack, title, title ? sheet_title_em_px(sheet, title, width_px) : 0, true, 0);
    stack_add(&stack, text, sheet->body_px, false, sheet->gap_px / 4);
    return stack;
}

// The picture at the left, the words in a column at its right.
static bool plan_beside(const struct sheet *sheet, struct frame_area room, const struct page_words *words,
                        const char *text, struct plan *plan) {
    struct draw_size picture = draw_picture_size(sheet->canvas, words->picture, room.width_px / 2, room.height_px);
    int column_px = room.width_px - picture.width_px - sheet->gap_px;

    plan->words = words_stack(sheet, words->title, text, column_px);
    plan->picture = (struct frame_area){room.x_px, room.y_px + (room.height_px - picture.height_px) / 2,
                                        picture.width_px, picture.height_px};
    plan->column = (struct frame_area){room.x_px + room.width_px - column_px, room.y_px, column_px, room.height_px};
    return stack_fits(sheet, &plan->words, column_px, room.height_px);
}

// The picture above, the words below.
static bool plan_below(const struct sheet *sheet, struct frame_area room, const struct page_words *words,
                       const char *text, struct plan *plan) {
    int words_px;
    int picture_px;
    struct draw_size picture;

    plan->words = words_stack(sheet, words->title, text, room.width_px);
    words_px = stack_measure(sheet, &plan->words, room.width_px).height_px;
    picture_px = room.height_px - words_px - sheet->gap_px / 2;
    if (picture_px < PICTURE_LINES_LEAST * sheet->line_px || !stack_fits(sheet, &plan->words, room.width_px, words_px))
        return false;
    picture = draw_picture_size(sheet->canvas, words->picture, room.width_px, picture_px);
    plan->picture = (struct frame_area){room.x_px, room.y_px, picture.width_px, picture.height_px};
    plan->column = (struct frame_area){room.x_px, room.y_px + room.height_px - words_px, room.width_px, words_px};
    return true;
}

static bool plan_together(const struct sheet *sheet, struct frame_area room, const struct page_words *words,
                          struct plan *plan) {
    const char *const texts[] = {words->text, words->brief};
    // A column beside the picture is too narrow for calm lines unless the glass is a wide one.
    bool wide = room.height_px * 3 < room.width_px * 2;

    for (size_t i = 0; i < 2; i++) {
        if (!texts[i])
            continue;
        if (wide && plan_beside(sheet, room, words, texts[i], plan))
            return true;
        if (plan_below(sheet, room, words, texts[i], plan))
            return true;
        if (!wide && plan_beside(sheet, room, words, texts[i], plan))
            return true;
    }
    return false;
}

// The most that can be said in words alone: the whole text counts more than the title, and that more than the
// white around it.
static void plan_words(const struct sheet *sheet, struct frame_area room, const struct page_words *words,
                       struct plan *plan) {
    const char *const tries[][2] = {
        {words->title, words->text}, {NULL, words->text}, {words->title, words->brief}, {NULL, words->brief}};

    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        int count;

        if (!tries[i][1])
            continue;
        *plan = (struct plan){.words = words_stack(sheet, tries[i][0], tries[i][1], room.width_px), .column = room};
        count = plan->words.count;
        if (stack_shrink(sheet, &plan->words, room.width_px, room.height_px) && plan->words.count == count)
            return;
    }
}

static void plan_draw(const struct sheet *sheet, const struct page_words *words, const struct plan *plan) {
    struct draw_size size = stack_measure(sheet, &plan->words, plan->column.width_px);
    int y_px = plan->column.y_px;

    if (plan->picture.width_px > 0)
        draw_picture(sheet->canvas, words->picture, plan->picture.width_px, plan->picture.height_px, plan->picture.x_px,
                     plan->picture.y_px);
    // Words alone stand at the top where a foot line follows: the white between keeps them apart.
    if (plan->picture.width_px > 0 || !sheet->foot)
        y_px += at_least((plan->column.height_px - size.height_px) / 2, 0);
    stack_draw(sheet, &plan->words, plan->column.x_px, y_px, plan->column.width_px);
}

// The room left of the discs.
static struct frame_area card_room(const struct sheet *sheet) {
    struct frame_area room = sheet->room;

    room.width_px -= discs_width_px(sheet) + sheet->gap_px / 2;
    return room;
}

int page_card_faces(const struct sheet *sheet, const struct view_card *card) {
    struct plan plan;

    return !card->words.picture || plan_together(sheet, card_room(sheet), &card->words, &plan) ? 1 : 2;
}

// The first of two faces: the picture and the title, which a picture without words would leave unnamed.
static void plan_picture(const struct sheet *sheet, struct frame_area room, const struct page_words *words,
                         struct plan *plan) {
    struct page_words title_only = {.title = words->title, .picture = words->picture};

    if (!plan_beside(sheet, room, &title_only, NULL, plan))
        plan_below(sheet, room, &title_only, NULL, plan);
}

// How many faces there are is decided without the foot line: a hint changes what a face holds, not their number.
void page_draw_card(const struct sheet *sheet, const struct view *view) {
    const struct sheet whole = sheet_open(sheet->canvas);
    const struct page_words *words = &view->card.words;
    struct frame_area room = card_room(sheet);
    struct plan plan = {0};
    bool alone = !words->picture || view->face == 1;

    if (!alone && page_card_faces(&whole, &view->card) == 2)
        plan_picture(sheet, room, words, &plan);
    else if (alone || !plan_together(sheet, room, words, &plan))
        plan_words(sheet, room, words, &plan);
    plan_draw(sheet, words, &plan);
    draw_discs(sheet, view->card.index, view->card.count);
}

static void draw_words(const struct sheet *sheet, const struct page_words *words) {
    struct plan plan = {0};

    if (!words->picture || !plan_together(sheet, sheet->room, words, &plan))
        plan_words(sheet, sheet->room, words, &plan);
    plan_draw(sheet, words, &plan);
}

void page_draw_way_out(const struct sheet *sheet, const struct view *view) {
    draw_words(sheet, &view->way_out);
}

void page_draw_health(const struct sheet *sheet, const struct view *view) {
    draw_words(sheet, &view->health);
}
