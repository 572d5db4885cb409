// The state of a night as a shape: never by grey.
#include "display/page/marks.h"

void mark_draw(const struct sheet *sheet, enum page_mark mark, int x_px, int y_px, int cell_px) {
    // Every size has the parity of the cell, so that each shape stands exactly in its middle.
    int disc_px = cell_px * 4 / 5 / 2 * 2 + cell_px % 2;
    int ring_px = cell_px / 2 / 2 * 2 + cell_px % 2;
    int dot_px = at_least(cell_px / 4 / 2 * 2, 2) + cell_px % 2;
    int stroke_px = at_least(cell_px / 10, 2);
    int dash_px = at_least(cell_px / 7 / 2 * 2, 2) + cell_px % 2;

    switch (mark) {
    case PAGE_MARK_BEFORE:
        break;
    case PAGE_MARK_PRACTISED:
        draw_disc(sheet->canvas, x_px + (cell_px - disc_px) / 2, y_px + (cell_px - disc_px) / 2, disc_px);
        break;
    case PAGE_MARK_REST:
        draw_bar(sheet->canvas,
                 (struct frame_area){x_px + (cell_px - ring_px) / 2, y_px + (cell_px - dash_px) / 2, ring_px, dash_px});
        break;
    case PAGE_MARK_MISSED:
        draw_ring(sheet->canvas, x_px + (cell_px - ring_px) / 2, y_px + (cell_px - ring_px) / 2, ring_px, stroke_px);
        break;
    case PAGE_MARK_AWAY:
        draw_disc(sheet->canvas, x_px + (cell_px - dot_px) / 2, y_px + (cell_px - dot_px) / 2, dot_px);
        break;
    case PAGE_MARK_PENDING:
        draw_ring(sheet->canvas, x_px + (cell_px - disc_px) / 2, y_px + (cell_px - disc_px) / 2, disc_px, stroke_px);
        break;
    }
}
