// Boards from their text files: which pin does what, and whether two want the same one.
#include "daemon/settings/board.h"

#include "daemon/settings/keyfile.h"

#include <assert.h>
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SPIDEV_STANDARD "/dev/spidev0.0"
#define ENDING          ".board"

struct key;

// Reads a value into its field; false when it is none of those allowed, with -ENOMEM in *error when memory is out.
typedef bool parse_value(const struct key *key, const char *text, struct board *board, int *error);

struct key {
    const char *group;
    const char *name;
    const char *allowed; // for people: "write …"
    parse_value *parse;
    size_t offset; // of the field in struct board
    bool required;
};

static void *field_of(const struct key *key, struct board *board) {
    return (char *)board + key->offset;
}

static bool keep_text(char **field, const char *text, int *error) {
    char *copy = strdup(text);
    if (!copy) {
        *error = -ENOMEM;
        return false;
    }
    free(*field);
    *field = copy;
    return true;
}

static bool parse_text(const struct key *key, const char *text, struct board *board, int *error) {
    return *text != '\0' && keep_text(field_of(key, board), text, error);
}

static bool parse_device(const struct key *key, const char *text, struct board *board, int *error) {
    return strncmp(text, "/dev/", 5) == 0 && text[5] && keep_text(field_of(key, board), text, error);
}

static bool parse_rotate(const struct key *key, const char *text, struct board *board, int *error) {
    (void)error;
    int degrees;
    if (!keyfile_parse_int(text, &degrees) || degrees < 0 || degrees > 270 || degrees % 90 != 0) {
        return false;
    }
    *(int *)field_of(key, board) = degrees;
    return true;
}

static bool keep_line(struct board_line *line, const struct config_line *parsed, bool active_low, int *error) {
    char *name = NULL;
    if (parsed->name && !keep_text(&name, parsed->name, error)) {
        return false;
    }
    free(line->name);
    *line = (struct board_line){parsed->offset, name, active_low};
    return true;
}

static bool parse_wire(const struct key *key, const char *text, struct board *board, int *error) {
    struct config_line line;
    return config_parse_line(text, &line) && !line.active_high && keep_line(field_of(key, board), &line, false, error);
}

static bool parse_button(const struct key *key, const char *text, struct board *board, int *error) {
    struct config_line line;
    return config_parse_line(text, &line) && keep_line(field_of(key, board), &line, !line.active_high, error);
}

#define AT(field) offsetof(struct board, field)
#define BUTTON(i) AT(buttons) + (i) * sizeof(struct board_line)
#define A_LINE    "a line's number from 0 to 1023 or its name"
#define A_BUTTON  A_LINE ", ! in front for active high"
#define WIRES     4 // dc, reset, busy, power

static const struct key keys[] = {
    {"Board", "Title", "one line for people", parse_text, AT(title), false},
    {"Board", "Panel", "a panel's name, like waveshare-2.13-v4", parse_text, AT(panel), true},
    {"Board", "Rotate", "0, 90, 180 or 270 degrees", parse_rotate, AT(rotate_deg), false},
    {"Wire", "spidev", "a device, like " SPIDEV_STANDARD, parse_device, AT(spidev), false},
    {"Wire", "chip", "the label of a GPIO chip", parse_text, AT(chip_label), false},
    {"Wire", "dc", A_LINE, parse_wire, AT(dc), true},
    {"Wire", "reset", A_LINE, parse_wire, AT(reset), true},
    {"Wire", "busy", A_LINE, parse_wire, AT(busy), true},
    {"Wire", "power", A_LINE, parse_wire, AT(power), false},
    {"Buttons", "main", A_BUTTON, parse_button, BUTTON(0), true},
    {"Buttons", "back", A_BUTTON, parse_button, BUTTON(1), false},
    {"Buttons", "more", A_BUTTON, parse_button, BUTTON(2), false},
    {"Buttons", "less", A_BUTTON, parse_button, BUTTON(3), false},
    {"Buttons", "info", A_BUTTON, parse_button, BUTTON(4), false},
};

enum { KEY_COUNT = sizeof keys / sizeof keys[0] };

static struct board *board_new(const char *name) {
    struct board *board = calloc(1, sizeof *board);
    if (!board) {
        return NULL;
    }
    struct board_line *wires[] = {&board->dc, &board->reset, &board->busy, &board->power};
    for (size_t i = 0; i < WIRES; i++) {
        wires[i]->offset = -1;
    }
    for (size_t i = 0; i < CONFIG_BUTTONS; i++) {
        board->buttons[i].offset = -1;
    }
    board->name = strdup(name);
    board->title = strdup(name);
    board->spidev = strdup(SPIDEV_STANDARD);
    if (board->name && board->title && board->spidev) {
        return board;
    }
    board_free(board);
    return NULL;
}

void board_free(struct board *board) {
    if (!board) {
        return;
    }
    free(board->name);
    free(board->title);
    free(board->panel);
    free(board->spidev);
    free(board->chip_label);
    struct board_line *wires[] = {&board->dc, &board->reset, &board->busy, &board->power};
    for (size_t i = 0; i < WIRES; i++) {
        free(wires[i]->name);
    }
    for (size_t i = 0; i < CONFIG_BUTTONS; i++) {
        free(board->buttons[i].name);
    }
    free(board);
}

// The names of the keys of a group; false when there is no such group.
static bool list_keys(const char *group, char *list, size_t size) {
    size_t used = 0;
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (strcmp(keys[i].group, group) == 0 && used < size) {
            used += (size_t)snprintf(list + used, size - used, "%s%s", used ? ", " : "", keys[i].name);
        }
    }
    return used > 0;
}

// One key of the file. 0 or -ENOMEM.
static int take_entry(struct board *board, struct keyfile *file, const struct keyfile_entry *entry) {
    char names[128];
    if (!list_keys(entry->group, names, sizeof names)) {
        return 0; // its group is complained of
    }
    const char *value = keyfile_text(file, entry->group, entry->key, NULL);
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (strcmp(keys[i].group, entry->group) != 0 || strcmp(keys[i].name, entry->key) != 0) {
            continue;
        }
        int error = 0;
        if (value && !keys[i].parse(&keys[i], value, board, &error) && !error) {
            keyfile_complain(file, (struct keyfile_place){entry->line, entry->group, entry->key, false},
                             "\"%.80s\" is not understood; write %s.", value, keys[i].allowed);
        }
        return error;
    }
    keyfile_complain(file, (struct keyfile_place){entry->line, entry->group, entry->key, true},
                     "[%s] has no key %.80s (given: \"%.80s\"); its keys are %s.", entry->group, entry->key,
                     value ? value : "", names);
    return 0;
}

static bool line_is_set(const struct board_line *line) {
    return line->offset >= 0 || line->name != NULL;
}

// What no board can do without; a key that is there but wrong was complained of already.
static bool check_required(struct board *board, struct keyfile *file) {
    bool complete = true;
    for (size_t i = 0; i < KEY_COUNT; i++) {
        const struct key *key = &keys[i];
        if (!key->required) {
            continue;
        }
        if (key->parse == parse_text ? *(char **)field_of(key, board) != NULL : line_is_set(field_of(key, board))) {
            continue;
        }
        complete = false;
        if (keyfile_line(file, key->group, key->name) == 0) {
            keyfile_complain(file, (struct keyfile_place){0, key->group, key->name, true},
                             "[%s] %s is missing; write %s.", key->group, key->name, key->allowed);
        }
    }
    return complete;
}

static int take_file(struct board *board, struct keyfile *file) {
    size_t count;
    const struct keyfile_group *groups = keyfile_groups(file, &count);
    bool readable = count > 0 || keyfile_is_sound(file);
    for (size_t i = 0; i < count; i++) {
        char names[128];
        if (!list_keys(groups[i].name, names, sizeof names)) {
            keyfile_complain(file, (struct keyfile_place){.line = groups[i].line, .group = groups[i].name},
                             "There is no group [%.80s]; the groups are [Board], [Wire], [Buttons].", groups[i].name);
        }
    }
    const struct keyfile_entry *entries = keyfile_entries(file, &count);
    for (size_t i = 0; i < count; i++) {
        int error = take_entry(board, file, &entries[i]);
        if (error) {
            return error;
        }
    }
    return readable && check_required(board, file) ? 0 : -EINVAL;
}

// The path of NAME.board in the first directory that has it. NULL when there is none or memory is out.
static char *find_board(const char *name, const char *const *directories) {
    if (strchr(name, '/')) {
        return NULL;
    }
    for (; *directories; directories++) {
        char *path;
        if (asprintf(&path, "%s/%s" ENDING, *directories, name) < 0) {
            return NULL;
        }
        if (access(path, F_OK) == 0) {
            return path;
        }
        free(path);
    }
    return NULL;
}

static void say_which_boards(const char *name, const char *const *directories, complaint_listener *listener,
                             void *context) {
    static const struct complaint about = {.source = COMPLAINT_OF_BOARD};
    char **names = board_names(directories);
    char list[512] = "";
    size_t used = 0;
    for (size_t i = 0; names && names[i] && used < sizeof list; i++) {
        used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", used ? ", " : "", names[i]);
    }
    board_names_free(names);
    if (used) {
        complaint_tell(listener, context, about, "There is no board %.80s; the boards are %s.", name, list);
    } else {
        complaint_tell(listener, context, about,
                       "There is no board %.80s, and no other one in %s; install Karani again.", name,
                       *directories ? *directories : "any place");
    }
}

int board_read(struct board **board, const char *name, const char *const *directories, complaint_listener *listener,
               void *context) {
    char *path = find_board(name, directories);
    if (!path) {
        say_which_boards(name, directories, listener, context);
        return -ENOENT;
    }
    struct keyfile *file = NULL;
    struct board *read = board_new(name);
    int error = read ? keyfile_read(&file, path) : -ENOMEM;
    if (!error) {
        error = take_file(read, file);
    }
    if (file) {
        keyfile_tell(file, COMPLAINT_OF_BOARD, path, listener, context);
    }
    keyfile_free(file);
    free(path);
    if (error) {
        board_free(read);
    } else {
        *board = read;
    }
    return error;
}

static int compare_names(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

// Sorts the names and drops those that come again.
static void sort_names(char **names, size_t count) {
    qsort(names, count, sizeof *names, compare_names);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept > 0 && strcmp(names[kept - 1], names[i]) == 0) {
            free(names[i]);
        } else {
            names[kept++] = names[i];
        }
    }
    names[kept] = NULL;
}

// "waveshare-hat" of "/…/waveshare-hat.board".
static bool name_of_path(const char *path, char **name) {
    const char *file = strrchr(path, '/') + 1;
    *name = strndup(file, strlen(file) - strlen(ENDING));
    return *name != NULL;
}

char **board_names(const char *const *directories) {
    glob_t found = {0};
    for (int append = 0; *directories; directories++, append = GLOB_APPEND) {
        char *pattern;
        if (asprintf(&pattern, "%s/*" ENDING, *directories) < 0) {
            break;
        }
        glob(pattern, append, NULL, &found); // a directory that is not there has no boards
        free(pattern);
    }
    size_t count = 0;
    char **names = calloc(found.gl_pathc + 1, sizeof *names);
    for (size_t i = 0; names && i < found.gl_pathc; i++) {
        count += name_of_path(found.gl_pathv[i], &names[count]);
    }
    globfree(&found);
    if (names) {
        sort_names(names, count);
    }
    return names;
}

void board_names_free(char **names) {
    for (size_t i = 0; names && names[i]; i++) {
        free(names[i]);
    }
    free(names);
}
