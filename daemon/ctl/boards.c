// karanictl boards: which boards there are.
#include "daemon/ctl/command.h"

#include "daemon/settings/board.h"

#include <stdio.h>
#include <stdlib.h>

// False when the board cannot be used; that has been complained of.
static bool list_board(const struct ctl *ctl, const char *name, JsonBuilder *builder) {
    struct board *board;
    if (board_read(&board, name, (const char *const *)ctl->paths->boards, ctl_complain_of_config, NULL) != 0) {
        return false;
    }
    if (builder != NULL) {
        json_builder_begin_object(builder);
        ctl_add_text(builder, "name", name);
        ctl_add_text(builder, "title", board->title);
        ctl_add_text(builder, "panel", board->panel);
        ctl_add_number(builder, "rotate", board->rotate_deg);
        json_builder_end_object(builder);
    } else {
        printf("%-20s  %-20s  %s\n", name, board->panel, board->title != NULL ? board->title : "");
    }
    board_free(board);
    return true;
}

static int run(const struct ctl *ctl) {
    char **names = board_names((const char *const *)ctl->paths->boards);
    if (names == NULL) {
        return ctl_complain("Memory is short.");
    }
    JsonBuilder *builder = NULL;
    if (ctl_has(ctl, "json")) {
        builder = json_builder_new();
        json_builder_begin_array(builder);
    } else if (names[0] == NULL) {
        printf("No board is installed: a .board file is looked for in %s.\n", ctl->paths->boards[0]);
    }
    int exit_status = EXIT_SUCCESS;
    for (char **name = names; *name != NULL; name++) {
        exit_status = list_board(ctl, *name, builder) ? exit_status : EXIT_FAILURE;
    }
    if (builder != NULL) {
        json_builder_end_array(builder);
        ctl_print_json(builder);
        g_object_unref(builder);
    }
    board_names_free(names);
    return exit_status;
}

static const struct option_row OPTIONS[] = {
    OPTION_ROW_JSON,
    {.name = NULL},
};

const struct command boards_command = {
    .name = "boards",
    .summary = "the boards there are, for board= in karani.conf",
    .options = OPTIONS,
    .run = run,
};
