// What every page starts from: the room inside the margins, two sizes of type, and stacks of lines.
#include "display/page/sheet.h"

#include <assert.h>
#include <math.h>

#define MARGIN_MM    2.0
#define MARGIN_SHARE 16 // of the shorter side: larger glass gets more white

// NUREG-0700 1.3.1-4: at least 16 arcminutes; twice that reads without glasses in dim light.
#define BODY_ARCMIN_LEAST 16.0
#define BODY_ARCMIN_MOST  32.0

// Between the two the type grows with the glass, as long as so much text goes on it. Glass that holds a title, three
// lines of words and a picture two and a half lines high keeps room for them as it grows, and for a hint.
#define BODY_CHARACTERS_A_LINE 24
#define BODY_LINES             4.0
#define ROOMY_LINES            7.2
#define BODY_LINES_ROOMY       8.0
#define B612_LINE_EM           1.25
#define B612_CHARACTER_EM      0.475 // average of lower-case prose

// A glass that holds fewer characters than a card has (60 to 90) has its lines as close as letters with accents
// above ones that reach down still stand apart.
#define CHARACTERS_CALM 90
#define TIGHT_EM(em_px) ((em_px)*8 / 7)

int at_least(int value, int least) {
    return value > least ? value : least;
}

int at_most(int value, int most) {
    return value < most ? value : most;
}

// At least one pixel, when memory is short, too.
static int line_height_px(struct canvas *canvas, int em_px) {
    return at_least(draw_measure(canvas, &(struct type_style){.em_px = em_px}, "x").height_px, 1);
}

struct type_style sheet_style(const struct sheet *sheet, int em_px, bool bold, int width_px) {
    return (struct type_style){
        .em_px = em_px, .bold = bold, .width_px = width_px, .line_px = sheet->tight ? TIGHT_EM(em_px) : 0};
}

static int body_em_px(struct canvas *canvas, struct frame_area room) {
    int least = canvas_em_px(canvas, BODY_ARCMIN_LEAST);
    int em_px = at_most((int)(room.width_px / (BODY_CHARACTERS_A_LINE * B612_CHARACTER_EM)),
                        canvas_em_px(canvas, BODY_ARCMIN_MOST));
    bool roomy = ROOMY_LINES * line_height_px(canvas, least) <= room.height_px;
    double lines = roomy ? BODY_LINES_ROOMY : BODY_LINES;

    while (em_px > least && lines * line_height_px(canvas, em_px) > room.height_px) {
        em_px--;
    }
    return at_least(em_px, least);
}

struct sheet sheet_open(struct canvas *canvas) {
    const struct glass *glass = canvas_glass(canvas);
    int least_px = (int)ceil(MARGIN_MM / glass->pixel_mm);
    int margin_px = at_least(at_most(glass->width_px, glass->height_px) / MARGIN_SHARE, least_px);
    struct sheet sheet = {
        .canvas = canvas,
        .room = {margin_px, margin_px, glass->width_px - 2 * margin_px, glass->height_px - 2 * margin_px}};

    sheet.body_px = body_em_px(canvas, sheet.room);
    sheet.title_px = sheet.body_px * 6 / 5;
    sheet.line_px = line_height_px(canvas, sheet.body_px);
    int lines = sheet.room.height_px / sheet.line_px;
    sheet.tight = lines * (sheet.room.width_px / (sheet.body_px * B612_CHARACTER_EM)) < CHARACTERS_CALM;
    if (sheet.tight) {
        sheet.line_px = TIGHT_EM(sheet.body_px);
    }
    sheet.gap_px = sheet.body_px / 2;
    return sheet;
}

void sheet_join_lines(char *text) {
    for (; *text; text++) {
        if (*text == '\n') {
            *text = ' ';
        }
    }
}

void sheet_reserve_foot(struct sheet *sheet, const char *text) {
    const struct type_style style = sheet_style(sheet, sheet->body_px, false, sheet->room.width_px);

    sheet->foot = text;
    sheet->room.height_px -= draw_measure(sheet->canvas, &style, text).height_px;
}

void sheet_draw_foot(const struct sheet *sheet) {
    const struct type_style style = sheet_style(sheet, sheet->body_px, false, sheet->room.width_px);

    if (sheet->foot) {
        draw_text(sheet->canvas, &style, sheet->foot, sheet->room.x_px, sheet_bottom(sheet));
    }
}

bool sheet_is_one_line(const struct sheet *sheet, const char *text) {
    const struct type_style style = sheet_style(sheet, sheet->body_px, false, 0);

    return draw_measure(sheet->canvas, &style, text).width_px <= sheet->room.width_px;
}

int sheet_title_width_px(const struct sheet *sheet, const char *text) {
    return draw_measure(sheet->canvas, &(struct type_style){.em_px = sheet->body_px, .bold = true}, text).width_px;
}

int sheet_title_em_px(const struct sheet *sheet, const char *text, int width_px) {
    const struct type_style title = sheet_style(sheet, sheet->title_px, true, 0);

    return draw_measure(sheet->canvas, &title, text).width_px <= width_px ? sheet->title_px : sheet->body_px;
}

int sheet_right(const struct sheet *sheet) {
    return sheet->room.x_px + sheet->room.width_px;
}

int sheet_bottom(const struct sheet *sheet) {
    return sheet->room.y_px + sheet->room.height_px;
}

void stack_add(struct stack *stack, const char *text, int em_px, bool bold, int gap_px) {
    if (!text || !*text) {
        return;
    }
    assert(stack->count < STACK_MAX);
    stack->lines[stack->count++] = (struct stack_line){text, em_px, bold, gap_px};
}

struct draw_size stack_measure(const struct sheet *sheet, const struct stack *stack, int width_px) {
    struct draw_size all = {0};

    for (int i = 0; i < stack->count; i++) {
        const struct stack_line *line = &stack->lines[i];
        struct type_style style = sheet_style(sheet, line->em_px, line->bold, width_px);
        struct draw_size size = draw_measure(sheet->canvas, &style, line->text);

        all.width_px = at_least(size.width_px, all.width_px);
        all.height_px += size.height_px + (i > 0 ? line->gap_px : 0);
        all.lines += size.lines;
        all.too_wide |= size.too_wide;
    }
    return all;
}

bool stack_fits(const struct sheet *sheet, const struct stack *stack, int width_px, int height_px) {
    struct draw_size size = stack_measure(sheet, stack, width_px);

    return width_px > 0 && !size.too_wide && size.height_px <= height_px;
}

void stack_draw(const struct sheet *sheet, const struct stack *stack, int x_px, int y_px, int width_px) {
    for (int i = 0; i < stack->count; i++) {
        const struct stack_line *line = &stack->lines[i];
        struct type_style style = sheet_style(sheet, line->em_px, line->bold, width_px);

        y_px += i > 0 ? line->gap_px : 0;
        draw_text(sheet->canvas, &style, line->text, x_px, y_px);
        y_px += draw_measure(sheet->canvas, &style, line->text).height_px;
    }
}

bool stack_shrink(const struct sheet *sheet, struct stack *stack, int width_px, int height_px) {
    if (stack_fits(sheet, stack, width_px, height_px)) {
        return true;
    }
    for (int i = 0; i < stack->count; i++) {
        stack->lines[i].em_px = sheet->body_px;
        stack->lines[i].gap_px = 0;
    }
    while (stack->count > 1 && !stack_fits(sheet, stack, width_px, height_px)) {
        stack->count--;
    }
    return stack_fits(sheet, stack, width_px, height_px);
}

bool stack_shrink_whole(const struct sheet *sheet, struct stack *stack) {
    int count = stack->count;

    return stack_shrink(sheet, stack, sheet->room.width_px, sheet->room.height_px) && stack->count == count;
}

struct stack *stack_first_that_fits(const struct sheet *sheet, struct stack tries[], int count) {
    int i = 0;

    while (i + 1 < count && !stack_shrink_whole(sheet, &tries[i])) {
        i++;
    }
    return &tries[i];
}

void stack_draw_alone(const struct sheet *sheet, const struct stack *stack) {
    const struct frame_area *room = &sheet->room;
    struct stack fitted = *stack;
    int free_px;

    stack_shrink(sheet, &fitted, room->width_px, room->height_px);
    free_px = room->height_px - stack_measure(sheet, &fitted, room->width_px).height_px;
    stack_draw(sheet, &fitted, room->x_px, room->y_px + (sheet->foot ? 0 : free_px / 2), room->width_px);
}
