// karanictl import: what an export, or another program, has written.
#include "daemon/ctl/correct/correct.h"
#include "daemon/diary/text/rows.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int complain_of_row(const char *path, const struct rows_fault *fault) {
    return ctl_complain("%s:%" PRId64 ": %s", path, fault->line, fault->sentence);
}

// A text with NUL in it would end there on its way: its line is told at once.
static bool has_nul(const char *path, const char *text, size_t size) {
    struct rows rows;
    struct rows_fault fault;
    if (strlen(text) == size) {
        return false;
    }
    if (rows_read(text, size, &rows, &fault) == 0) {
        rows_clear(&rows); // not with a NUL in it
    } else {
        (void)complain_of_row(path, &fault);
    }
    return true;
}

static void print(const struct correction_result *result) {
    printf("%zu session%s and %zu away night%s came in; %zu session%s known.\n", result->sessions,
           result->sessions == 1 ? "" : "s", result->nights, result->nights == 1 ? "" : "s", result->known,
           result->known == 1 ? " was" : "s were");
}

static int run(const struct ctl *ctl) {
    const char *path = ctl->arguments[0];
    struct correction correction = correction_of(CORRECTION_IMPORT);
    struct correction_result result;
    GError *error = NULL;
    char *text;
    gsize size;
    if (!g_file_get_contents(path, &text, &size, &error)) {
        int exit_status = ctl_complain("%s.", error->message);
        g_error_free(error);
        return exit_status;
    }
    int exit_status = EXIT_FAILURE;
    if (!has_nul(path, text, size)) {
        correction.text = text;
        exit_status = ctl_correct(ctl, &correction, path, &result);
        if (exit_status == EXIT_SUCCESS) {
            print(&result);
        }
    }
    g_free(text);
    return exit_status;
}

const struct command import_command = {
    .name = "import",
    .operands = "FILE",
    .summary = "takes in what the diary has not, CSV or JSON Lines",
    .operands_min = 1,
    .operands_max = 1,
    .run = run,
};
