// The screen of the interactive simulator: nothing overflows a terminal of any size, and the words are there.
#include "daemon/sim/tui/layout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { COLUMNS_MAX = 400, ROWS_MAX = 120 };

// What a terminal would show: the characters of each row, without styles.
struct shown {
    int columns;
    int rows;
    char text[ROWS_MAX][COLUMNS_MAX + 1]; // '#' for what is no ASCII
    int glass_cells;                      // block characters
};

// Knows the few control sequences that the screen uses: CUP, EL and SGR.
static void show(struct shown *shown, const char *text) {
    int row = 0;
    int column = 0;

    memset(shown->text, 0, sizeof shown->text);
    shown->glass_cells = 0;
    while (*text != '\0') {
        if (*text == '\033') {
            const char *end = text + 2 + strcspn(text + 2, "HKm");

            if (*end == 'H') {
                assert_int_equal(sscanf(text, "\033[%d;%dH", &row, &column), 2);
                row--;
                column--;
            }
            text = end + 1;
            continue;
        }
        assert_true(row >= 0 && row < shown->rows);
        if (column >= shown->columns) {
            fail_msg("row %d of %d x %d overflows", row + 1, shown->columns, shown->rows);
        }
        bool ascii = (*text & 0x80) == 0;

        shown->text[row][column++] = ascii ? *text : '#';
        shown->glass_cells += ascii ? 0 : 1;
        text++;
        while ((*text & 0xc0) == 0x80) {
            text++;
        }
    }
    for (int y = 0; y < shown->rows; y++) {
        for (int x = COLUMNS_MAX - 1, seen = false; x >= 0; x--) {
            seen = seen || shown->text[y][x] != '\0';
            if (seen && shown->text[y][x] == '\0') {
                shown->text[y][x] = ' ';
            }
        }
    }
}

static bool has(const struct shown *shown, const char *words) {
    for (int y = 0; y < shown->rows; y++) {
        if (strstr(shown->text[y], words) != NULL) {
            return true;
        }
    }
    return false;
}

static struct frame chequered(int width_px, int height_px) {
    struct frame frame;

    assert_int_equal(frame_init(&frame, width_px, height_px), 0);
    for (int y = 0; y < height_px; y++) {
        for (int x = 0; x < width_px; x++) {
            frame_set(&frame, x, y, (x / 20 + y / 20) % 2 == 0);
        }
    }
    return frame;
}

static const struct {
    int width_px, height_px; // of the glass
    int columns, rows;       // of the terminal
    bool glass;              // is there room for it
    bool all_words;
} sizes[] = {
    {250, 122, 80, 24, true, true},   {296, 128, 80, 24, true, true},  {122, 250, 80, 24, true, true},
    {250, 122, 132, 43, true, true},  {250, 122, 200, 60, true, true}, {250, 122, 400, 120, true, true},
    {800, 480, 80, 24, true, true},   {250, 122, 40, 24, true, true},  {250, 122, 30, 10, false, false},
    {250, 122, 120, 12, true, false}, {250, 122, 10, 3, false, false}, {250, 122, 1, 1, false, false},
};

static void fits_every_terminal(void **state) {
    struct shown *shown = malloc(sizeof *shown);

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct frame glass = chequered(sizes[i].width_px, sizes[i].height_px);
        const struct layout_view view = {
            .glass = &glass,
            .page = "card:sit",
            .panel = "asleep",
            .words = "Sit sideways Close to the wall, one hip against it. Gr\xc3\xbc\xc3\x9f dich.",
            .gestures = "space: next card",
            .status = "2026-03-28 21:40:00 real time",
            .note = "Written.",
        };
        char *text = layout_compose(&view, sizes[i].columns, sizes[i].rows);

        shown->columns = sizes[i].columns;
        shown->rows = sizes[i].rows;
        print_message("%d x %d on %d x %d\n", sizes[i].width_px, sizes[i].height_px, shown->columns, shown->rows);
        show(shown, text);
        assert_int_equal(shown->glass_cells > 10, sizes[i].glass);
        if (sizes[i].all_words) {
            assert_true(has(shown, "card:sit (panel asleep)"));
            assert_true(has(shown, "Sit sideways"));
            assert_true(has(shown, "space: next card"));
            assert_true(has(shown, "q quit"));
            assert_true(has(shown, "21:40:00"));
            assert_true(has(shown, "Written."));
        }
        free(text);
        frame_clear(&glass);
    }
    free(shown);
}

// At 200 x 60 the glass is drawn larger than at 80 x 24.
static void grows_with_the_terminal(void **state) {
    struct shown *shown = malloc(sizeof *shown);
    struct frame glass = chequered(250, 122);
    const struct layout_view view = {
        .glass = &glass, .page = "", .panel = "", .words = "", .gestures = "", .status = "", .note = ""};
    const int columns[] = {80, 200};
    const int rows[] = {24, 60};
    int cells[2];

    (void)state;
    for (int i = 0; i < 2; i++) {
        char *text = layout_compose(&view, columns[i], rows[i]);

        shown->columns = columns[i];
        shown->rows = rows[i];
        show(shown, text);
        cells[i] = shown->glass_cells;
        free(text);
    }
    assert_true(cells[1] > 4 * cells[0]);
    frame_clear(&glass);
    free(shown);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(fits_every_terminal),
                                       cmocka_unit_test(grows_with_the_terminal)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
