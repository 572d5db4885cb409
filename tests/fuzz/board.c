// A board file, read by its name from a directory of boards and laid under the settings' defaults.
#include "daemon/settings/board.h"
#include "daemon/settings/config.h"
#include "tests/fuzz/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct config *defaults;
    const char *path = input_path(data, size);
    if (defaults == NULL) {
        char link[300];
        defaults = config_new();
        snprintf(link, sizeof link, "%s/any.board", input_dir());
        if (defaults == NULL || symlink(path, link) < 0) {
            abort();
        }
    }
    const char *const directories[] = {input_dir(), NULL};
    struct board *board = NULL;
    if (board_read(&board, "any", directories, input_complaint, NULL) != 0) {
        return 0;
    }
    assert(board->panel != NULL && board->spidev != NULL);
    assert(board->rotate_deg % 90 == 0 && board->rotate_deg >= 0 && board->rotate_deg < 360);
    board_apply(board, defaults, input_complaint, NULL);
    board_free(board);
    return 0;
}
