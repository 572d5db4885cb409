// The state of a night as a shape.
#ifndef KARANI_DISPLAY_PAGE_MARKS_H
#define KARANI_DISPLAY_PAGE_MARKS_H

#include "display/page/sheet.h"

// Draws the mark of a night in the middle of a square cell.
void mark_draw(const struct sheet *sheet, enum page_mark mark, int x_px, int y_px, int cell_px);

#endif
