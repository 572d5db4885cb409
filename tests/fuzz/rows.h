// Rows as text, of either format: what is taken is printed, and read again it is the same, byte for byte.
#ifndef KARANI_TESTS_FUZZ_ROWS_H
#define KARANI_TESTS_FUZZ_ROWS_H

#include "daemon/diary/text/rows.h"
#include "tests/fuzz/input.h"

typedef void rows_printer(FILE *to, const struct rows *rows);

static inline char *rows_printed(const struct rows *rows, rows_printer *print, size_t *size) {
    char *text = NULL;
    FILE *to = open_memstream(&text, size);
    if (to == NULL) {
        abort();
    }
    print(to, rows);
    fclose(to);
    return text;
}

static inline int rows_go_round(const uint8_t *data, size_t size, rows_printer *print) {
    struct rows rows, again;
    struct rows_fault fault = {0};
    if (rows_read((const char *)data, size, &rows, &fault) != 0) {
        assert(fault.line > 0 && fault.sentence[0] != '\0');
        return 0;
    }
    size_t first_size, second_size;
    char *first = rows_printed(&rows, print, &first_size);
    int error = rows_read(first, first_size, &again, &fault);
    assert(error == 0);
    char *second = rows_printed(&again, print, &second_size);
    assert(first_size == second_size && memcmp(first, second, first_size) == 0);
    free(first);
    free(second);
    rows_clear(&rows);
    rows_clear(&again);
    return 0;
}

#endif
