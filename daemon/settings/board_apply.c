// The settings over the board's own values, and the check that no two uses want the same line.
#include "daemon/settings/board.h"

#include "daemon/settings/keyfile.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// SPI0 with both chip selects on the Raspberry Pi's header: CE1, CE0, MISO, MOSI, SCLK.
enum { SPI_LINE_FIRST = 7, SPI_LINE_LAST = 11 };

enum { USES_MAX = 4 + CONFIG_BUTTONS + 1 }; // wires, buttons, cue

static const char *const button_keys[CONFIG_BUTTONS] = {"main", "back", "more", "less", "info"};

// One use of a line.
struct use {
    const char *group; // of its key, in the board's file or in the config
    const char *key;
    bool in_config;
    const struct board_line *line;
};

static int replace_text(char **field, const char *text) {
    char *copy = strdup(text);
    if (!copy) {
        return -ENOMEM;
    }
    free(*field);
    *field = copy;
    return 0;
}

// The line's number: on the Raspberry Pi's own chip the lines of the header bear the names GPIO2 to GPIO27. -1 when
// only the name is known.
static int line_number(const struct board_line *line, bool own_chip) {
    int number = line->offset;
    if (number < 0 && own_chip && strncmp(line->name, "GPIO", 4) == 0 && !keyfile_parse_int(line->name + 4, &number)) {
        number = -1;
    }
    return number;
}

static bool lines_equal(const struct board_line *a, const struct board_line *b, bool own_chip) {
    int first = line_number(a, own_chip), second = line_number(b, own_chip);
    if (first >= 0 || second >= 0) {
        return first == second;
    }
    return strcmp(a->name, b->name) == 0;
}

static const char *line_text(const struct board_line *line, char text[80]) {
    if (line->name) {
        snprintf(text, 80, "%.79s", line->name);
    } else {
        snprintf(text, 80, "%d", line->offset);
    }
    return text;
}

static void where_of(const struct use *use, const struct board *board, const struct config *config,
                     char where[CONFIG_WHERE_SIZE]) {
    if (use->in_config) {
        config_where(config, use->group, use->key, where);
    } else {
        snprintf(where, CONFIG_WHERE_SIZE, "board %s: [%s] %s", board->name, use->group, use->key);
    }
}

enum { BOARD_SIZE = 256 };

// A complaint about a use, still without its sentence; `board_file` holds what stands for a path.
static struct complaint about_use(const struct use *use, const struct board *board, const struct config *config,
                                  char board_file[BOARD_SIZE]) {
    if (use->in_config) {
        return config_about(config, use->group, use->key);
    }
    snprintf(board_file, BOARD_SIZE, "board %s", board->name);
    return (struct complaint){.source = COMPLAINT_OF_BOARD, .file = board_file, .group = use->group, .key = use->key};
}

// All lines in use; the later of two that clash is the one to change, so the config's stand behind the board's.
static size_t collect_uses(const struct board *board, const struct config *config, const struct board_line *buttons,
                           const struct board_line *cue, struct use uses[USES_MAX]) {
    const struct use candidates[] = {
        {"Wire", "dc", false, &board->dc},
        {"Wire", "reset", false, &board->reset},
        {"Wire", "busy", false, &board->busy},
        {"Wire", "power", false, &board->power},
    };
    size_t count = 0;
    for (size_t i = 0; i < sizeof candidates / sizeof candidates[0]; i++) {
        if (candidates[i].line->offset >= 0 || candidates[i].line->name) {
            uses[count++] = candidates[i];
        }
    }
    for (int from_config = 0; from_config < 2; from_config++) {
        for (size_t i = 0; i < CONFIG_BUTTONS; i++) {
            if ((config->buttons[i] != NULL) == from_config && (buttons[i].offset >= 0 || buttons[i].name)) {
                uses[count++] =
                    (struct use){from_config ? "buttons" : "Buttons", button_keys[i], from_config, &buttons[i]};
            }
        }
    }
    if (config->cue_line) {
        uses[count++] = (struct use){"cue", "line", true, cue};
    }
    return count;
}

// Complains of every clash; returns how many there are.
static size_t check_uses(const struct board *board, const struct config *config, const struct use *uses, size_t count,
                         complaint_listener *listener, void *context) {
    bool own_chip = board->chip_label == NULL;
    size_t clashes = 0;
    for (size_t i = 0; i < count; i++) {
        char board_file[BOARD_SIZE], other[CONFIG_WHERE_SIZE], text[80];
        const struct complaint about = about_use(&uses[i], board, config, board_file);
        line_text(uses[i].line, text);
        int number = line_number(uses[i].line, own_chip);
        if (own_chip && number >= SPI_LINE_FIRST && number <= SPI_LINE_LAST) {
            clashes++;
            complaint_tell(listener, context, about,
                           "line %s belongs to the SPI bus (lines %d to %d); choose another one.", text, SPI_LINE_FIRST,
                           SPI_LINE_LAST);
            continue;
        }
        for (size_t j = 0; j < i; j++) {
            if (!lines_equal(uses[i].line, uses[j].line, own_chip)) {
                continue;
            }
            clashes++;
            where_of(&uses[j], board, config, other);
            complaint_tell(listener, context, about, "line %s is in use already (%s); choose another one.", text,
                           other);
            break;
        }
    }
    return clashes;
}

// The buttons as they will be: the config's, where it names them, else the board's. Names are borrowed.
static void choose_buttons(const struct board *board, const struct config *config,
                           struct board_line buttons[CONFIG_BUTTONS]) {
    for (size_t i = 0; i < CONFIG_BUTTONS; i++) {
        buttons[i] = board->buttons[i];
        struct config_line line;
        if (!config->buttons[i]) {
            continue;
        }
        bool understood = config_parse_line(config->buttons[i], &line);
        assert(understood); // config_read keeps nothing else
        buttons[i] = (struct board_line){line.offset, (char *)(uintptr_t)line.name, !line.active_high};
    }
}

// Takes the chosen buttons over, their names copied.
static int take_buttons(struct board *board, const struct board_line buttons[CONFIG_BUTTONS]) {
    for (size_t i = 0; i < CONFIG_BUTTONS; i++) {
        struct board_line *line = &board->buttons[i];
        if (buttons[i].name == line->name && buttons[i].name) {
            continue;
        }
        char *name = buttons[i].name ? strdup(buttons[i].name) : NULL;
        if (buttons[i].name && !name) {
            return -ENOMEM;
        }
        free(line->name);
        *line = (struct board_line){buttons[i].offset, name, buttons[i].active_low};
    }
    return 0;
}

int board_apply(struct board *board, const struct config *config, complaint_listener *listener, void *context) {
    if (config->panel && replace_text(&board->panel, config->panel) < 0) {
        return -ENOMEM;
    }
    if (config->rotate_deg != CONFIG_UNSET) {
        board->rotate_deg = config->rotate_deg;
    }

    struct config_line parsed = {.offset = -1};
    bool understood = !config->cue_line || config_parse_line(config->cue_line, &parsed);
    assert(understood);
    const struct board_line cue = {parsed.offset, (char *)(uintptr_t)parsed.name, false};
    struct board_line buttons[CONFIG_BUTTONS];
    struct use uses[USES_MAX];
    choose_buttons(board, config, buttons);
    size_t count = collect_uses(board, config, buttons, &cue, uses);
    if (check_uses(board, config, uses, count, listener, context) > 0) {
        return -EINVAL;
    }
    return take_buttons(board, buttons);
}
