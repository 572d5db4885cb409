// What every page starts from: the room inside the margins, two sizes of type, and stacks of lines.
#ifndef KARANI_DISPLAY_PAGE_SHEET_H
#define KARANI_DISPLAY_PAGE_SHEET_H

#include "display/draw/draw.h"
#include "display/page/page.h"

#include <stdbool.h>
#include <stddef.h>

struct sheet {
    struct canvas *canvas;
    struct frame_area room; // where the page may draw: inside the margins, above the foot line
    int body_px;            // em of plain words
    int title_px;           // em of a title
    int line_px;            // height of a line of plain words
    int gap_px;             // white between things that stand apart
    bool tight;             // room for few words: lines stand closer
    const char *foot;       // what the line below the room says, or NULL
};

// The room and the sizes on this glass, without a foot line.
struct sheet sheet_open(struct canvas *canvas);

// A style for words on this sheet; their lines break within width_px (0: never).
struct type_style sheet_style(const struct sheet *sheet, int em_px, bool bold, int width_px);

// Whether a text in the size of plain words stays on one line of the room.
bool sheet_is_one_line(const struct sheet *sheet, const char *text);

// Puts on one line what has a line break to be narrow.
void sheet_join_lines(char *text);

// Takes the lowest line away from the room and keeps it for a text (on a glass too narrow for it, several lines).
void sheet_reserve_foot(struct sheet *sheet, const char *text);

// Writes the foot line below the room, if there is one.
void sheet_draw_foot(const struct sheet *sheet);

int at_least(int value, int least);
int at_most(int value, int most);

int sheet_right(const struct sheet *sheet);  // the first pixel column beyond the room
int sheet_bottom(const struct sheet *sheet); // the first pixel row below the room

// Lines of type one below the other.
enum { STACK_MAX = 6 };

struct stack_line {
    const char *text;
    int em_px;
    bool bold;
    int gap_px; // white above it, unless it is the first
};

struct stack {
    struct stack_line lines[STACK_MAX];
    int count;
};

// Adds a line; NULL and the empty text add nothing. The text is borrowed.
void stack_add(struct stack *stack, const char *text, int em_px, bool bold, int gap_px);

// The size of the stack when its lines break at a width.
struct draw_size stack_measure(const struct sheet *sheet, const struct stack *stack, int width_px);

// Whether the stack fits into a room.
bool stack_fits(const struct sheet *sheet, const struct stack *stack, int width_px, int height_px);

// Makes a stack fit: titles in the size of plain words, no white between the lines, then lines are left out from
// the last one on; the first stays. True when it fits in the end.
bool stack_shrink(const struct sheet *sheet, struct stack *stack, int width_px, int height_px);

// Makes a stack fit the room without leaving a line out; false when it does not.
bool stack_shrink_whole(const struct sheet *sheet, struct stack *stack);

// The first of several stacks that fits the room whole, and shrinks it; else the last one.
struct stack *stack_first_that_fits(const struct sheet *sheet, struct stack tries[], int count);

void stack_draw(const struct sheet *sheet, const struct stack *stack, int x_px, int y_px, int width_px);

// Draws the stack at the left of the room, halfway up; above a foot line at the top. Shrinks it where it must.
void stack_draw_alone(const struct sheet *sheet, const struct stack *stack);

// The width of a bold text in the size of plain words.
int sheet_title_width_px(const struct sheet *sheet, const char *text);

// The size for a bold text that shall stay on one line of a width: a title's, or else that of plain words.
int sheet_title_em_px(const struct sheet *sheet, const char *text, int width_px);

#endif
