// The settings: one const table of keys, each with its default as the text that the shipped file shows.
#include "daemon/settings/config.h"

#include "daemon/settings/keyfile.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATTERN_MAX     32
#define LINE_OFFSET_MAX 1023

struct key;

// Reads a value into its field. False, and the field untouched, when it is none of those allowed; -ENOMEM in *error.
typedef bool parse_value(const struct key *key, const char *text, struct config *config, int *error);

struct key {
    const char *group;
    const char *name;
    const char *standard; // the default, as in the shipped file; empty: as the board or the system says
    const char *allowed;  // for people: "write …"
    parse_value *parse;
    size_t offset; // of the field in struct config
    double low, high;
};

static void *field_of(const struct key *key, struct config *config) {
    return (char *)config + key->offset;
}

static bool keep_text(const struct key *key, const char *text, struct config *config, int *error) {
    char **field = field_of(key, config);
    char *copy = *text ? strdup(text) : NULL;
    if (*text && !copy) {
        *error = -ENOMEM;
        return false;
    }
    free(*field);
    *field = copy;
    return true;
}

static bool consists_of(const char *text, const char *more) {
    for (; *text; text++) {
        bool plain = (*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z') || (*text >= '0' && *text <= '9');
        if (!plain && !strchr(more, *text)) {
            return false;
        }
    }
    return true;
}

// Names become parts of paths: no slashes, no leading dots. An empty one stands for the default.
static bool parse_name(const struct key *key, const char *text, struct config *config, int *error) {
    return *text != '.' && consists_of(text, "._-") && keep_text(key, *text ? text : key->standard, config, error);
}

// "de", "pt_BR", "sr@latin": a lower-case language of two or three letters, then what follows in LANGUAGE.
static bool parse_language(const struct key *key, const char *text, struct config *config, int *error) {
    size_t letters = strspn(text, "abcdefghijklmnopqrstuvwxyz");
    if (*text == '\0') {
        text = key->standard;
    } else if (letters < 2 || letters > 3 || (text[letters] && !strchr("_@", text[letters])) ||
               !consists_of(text, "_@")) {
        return false;
    }
    return keep_text(key, text, config, error);
}

static bool parse_zone(const struct key *key, const char *text, struct config *config, int *error) {
    return *text != '/' && consists_of(text, "/_+-") && keep_text(key, text, config, error);
}

static bool parse_int(const struct key *key, const char *text, struct config *config, int *error) {
    (void)error;
    int number;
    if (!keyfile_parse_int(text, &number) || number < key->low || number > key->high) {
        return false;
    }
    *(int *)field_of(key, config) = number;
    return true;
}

static bool parse_rotate(const struct key *key, const char *text, struct config *config, int *error) {
    (void)error;
    int degrees = CONFIG_UNSET;
    if (*text && (!keyfile_parse_int(text, &degrees) || degrees < 0 || degrees > 270 || degrees % 90 != 0)) {
        return false;
    }
    *(int *)field_of(key, config) = degrees;
    return true;
}

static bool parse_distance(const struct key *key, const char *text, struct config *config, int *error) {
    (void)error;
    double metres = 0;
    if (*text && (!keyfile_parse_decimal(text, &metres) || metres < key->low || metres > key->high)) {
        return false;
    }
    *(double *)field_of(key, config) = metres;
    return true;
}

static bool parse_variant(const struct key *key, const char *text, struct config *config, int *error) {
    (void)error;
    return variant_parse(text, field_of(key, config));
}

static bool parse_switch(const struct key *key, const char *text, struct config *config, int *error) {
    (void)error;
    bool on = strcmp(text, "yes") == 0 || strcmp(text, "true") == 0;
    if (!on && strcmp(text, "no") != 0 && strcmp(text, "false") != 0) {
        return false;
    }
    *(bool *)field_of(key, config) = on;
    return true;
}

// "20:30" or "7:05" as minutes after midnight.
static bool parse_time_of_day(const struct key *key, const char *text, struct config *config, int *error) {
    (void)error;
    size_t hour_digits = strspn(text, "0123456789");
    if (hour_digits < 1 || hour_digits > 2 || text[hour_digits] != ':' || strlen(text) != hour_digits + 3 ||
        strspn(text + hour_digits + 1, "0123456789") != 2) {
        return false;
    }
    int hour = (int)strtol(text, NULL, 10), minute = (int)strtol(text + hour_digits + 1, NULL, 10);
    if (hour > 23 || minute > 59) {
        return false;
    }
    *(int *)field_of(key, config) = hour * 60 + minute;
    return true;
}

static bool parse_line(const struct key *key, const char *text, struct config *config, int *error) {
    struct config_line line;
    return (*text == '\0' || config_parse_line(text, &line)) && keep_text(key, text, config, error);
}

static bool parse_output_line(const struct key *key, const char *text, struct config *config, int *error) {
    return *text != '!' && parse_line(key, text, config, error);
}

// "300,200,300": milliseconds on, off, on …, each within the key's range.
static bool parse_pattern(const struct key *key, const char *text, struct config *config, int *error) {
    int pattern_ms[PATTERN_MAX];
    size_t count = 0;
    for (const char *at = text;; at += strcspn(at, ",") + 1) {
        char number[16];
        while (*at == ' ') {
            at++;
        }
        size_t length = strcspn(at, ",");
        while (length > 0 && at[length - 1] == ' ') {
            length--;
        }
        if (length >= sizeof number || count == PATTERN_MAX) {
            return false;
        }
        memcpy(number, at, length);
        number[length] = '\0';
        if (!keyfile_parse_int(number, &pattern_ms[count]) || pattern_ms[count] < key->low ||
            pattern_ms[count] > key->high) {
            return false;
        }
        count++;
        if (at[strcspn(at, ",")] == '\0') {
            break;
        }
    }
    int *copy = malloc(count * sizeof *copy);
    if (!copy) {
        *error = -ENOMEM;
        return false;
    }
    free(config->cue_pattern_ms);
    config->cue_pattern_ms = memcpy(copy, pattern_ms, count * sizeof *copy);
    config->cue_pattern_count = count;
    return true;
}

#define AT(field)   offsetof(struct config, field)
#define A_NAME      "letters, digits, dots, hyphens and underscores"
#define A_SWITCH    "yes or no"
#define A_TIME      "a time of day from 00:00 to 23:59, like 20:30"
#define A_LINE      "a line's number from 0 to 1023 or its name (! in front: active high), or nothing for the board's own"
#define A_BUTTON(i) "", A_LINE, parse_line, offsetof(struct config, buttons) + (i) * sizeof(char *), 0, 0

static const struct key keys[] = {
    {"device", "board", "waveshare-hat", "a board's name: " A_NAME, parse_name, AT(board), 0, 0},
    {"device", "panel", "", "a panel's name, or nothing for the board's own", parse_name, AT(panel), 0, 0},
    {"device", "rotate", "", "0, 90, 180 or 270 degrees, or nothing for the board's own", parse_rotate, AT(rotate_deg),
     0, 270},
    {"device", "language", "en", "a language like en, de or pt_BR", parse_language, AT(language), 0, 0},
    {"device", "zone", "", "a time zone like Europe/Berlin, or nothing for the system's", parse_zone, AT(zone), 0, 0},
    {"device", "reading_distance_m", "", "metres from 0.2 to 5, like 0.6, or nothing for what suits the panel",
     parse_distance, AT(reading_distance_m), 0.2, 5},
    {"practice", "routine", "legs-up-the-wall", "a routine's name: " A_NAME, parse_name, AT(routine), 0, 0},
    {"practice", "minutes", "10", "a whole number from 1 to 30", parse_int, AT(minutes), 1, 30},
    {"practice", "variant", "wall", "wall, hips, knees, farther or chair", parse_variant, AT(variant), 0, 0},
    {"practice", "auto_advance", "yes", A_SWITCH, parse_switch, AT(auto_advance), 0, 0},
    {"practice", "counts_from_s", "180", "seconds from 0 to 3600", parse_int, AT(counts_from_s), 0, 3600},
    {"practice", "pause_limit_min", "10", "minutes from 1 to 60", parse_int, AT(pause_limit_min), 1, 60},
    {"night", "invite", "20:30", A_TIME, parse_time_of_day, AT(invite_min), 0, 0},
    {"night", "morning", "06:30", A_TIME, parse_time_of_day, AT(morning_min), 0, 0},
    {"night", "show_streak", "yes", A_SWITCH, parse_switch, AT(show_streak), 0, 0},
    {"night", "rest_nights", "2", "a whole number from 0 to 6", parse_int, AT(rest_nights), 0, 6},
    {"buttons", "main", A_BUTTON(0)},
    {"buttons", "back", A_BUTTON(1)},
    {"buttons", "more", A_BUTTON(2)},
    {"buttons", "less", A_BUTTON(3)},
    {"buttons", "info", A_BUTTON(4)},
    {"buttons", "hold_ms", "500", "milliseconds from 200 to 3000", parse_int, AT(hold_ms), 200, 3000},
    {"buttons", "debounce_ms", "30", "milliseconds from 0 to 200", parse_int, AT(debounce_ms), 0, 200},
    {"cue", "line", "", "a line's number from 0 to 1023 or its name, or nothing for no cue", parse_output_line,
     AT(cue_line), 0, 0},
    {"cue", "pattern", "300,200,300",
     "milliseconds on, off, on and so on, with commas between them, each from 1 to 10000, at most 32 of them",
     parse_pattern, 0, 1, 10000},
    {"glass", "partials_per_full", "15", "a whole number from 1 to 15", parse_int, AT(partials_per_full), 1, 15},
    {"diary", "backups", "2", "a whole number from 0 to 10", parse_int, AT(backups), 0, 10},
};

enum { KEY_COUNT = sizeof keys / sizeof keys[0] };

bool config_parse_line(const char *text, struct config_line *line) {
    struct config_line parsed = {.active_high = *text == '!', .offset = -1, .name = NULL};
    text += parsed.active_high;
    if (*text == '\0' || !consists_of(text, "._-")) {
        return false;
    }
    if (*text >= '0' && *text <= '9') {
        if (!keyfile_parse_int(text, &parsed.offset) || parsed.offset > LINE_OFFSET_MAX) {
            return false;
        }
    } else if (strchr("._-", *text)) {
        return false;
    } else {
        parsed.name = text;
    }
    *line = parsed;
    return true;
}

struct config *config_new(void) {
    struct config *config = calloc(1, sizeof *config);
    if (!config) {
        return NULL;
    }
    for (size_t i = 0; i < KEY_COUNT; i++) {
        int error = 0;
        if (keys[i].parse(&keys[i], keys[i].standard, config, &error)) {
            continue;
        }
        assert(error == -ENOMEM); // a default that its own key refuses is our mistake
        config_free(config);
        return NULL;
    }
    return config;
}

void config_free(struct config *config) {
    if (!config) {
        return;
    }
    char *owned[] = {config->board,   config->panel,    config->language, config->zone,
                     config->routine, config->cue_line, config->path};
    for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++) {
        free(owned[i]);
    }
    for (size_t i = 0; i < CONFIG_BUTTONS; i++) {
        free(config->buttons[i]);
    }
    free(config->cue_pattern_ms);
    free(config->lines);
    free(config);
}

static const struct key *find_key(const char *group, const char *name) {
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (strcmp(keys[i].group, group) == 0 && strcmp(keys[i].name, name) == 0) {
            return &keys[i];
        }
    }
    return NULL;
}

// Writes the names of all groups ("[device], [practice] …"), or those of a group's keys; false when there are none.
static bool list_names(const char *group, char *list, size_t size) {
    size_t used = 0;
    const char *last = "";
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (group ? strcmp(keys[i].group, group) != 0 : strcmp(keys[i].group, last) == 0) {
            continue;
        }
        last = keys[i].group;
        int written = snprintf(list + used, size - used, group ? "%s%s" : "%s[%s]", used ? ", " : "",
                               group ? keys[i].name : keys[i].group);
        assert(written > 0 && (size_t)written < size - used);
        used += (size_t)written;
    }
    return used > 0;
}

static void check_groups(struct keyfile *file) {
    size_t count;
    const struct keyfile_group *groups = keyfile_groups(file, &count);
    for (size_t i = 0; i < count; i++) {
        char names[256];
        if (list_names(groups[i].name, names, sizeof names)) {
            continue;
        }
        list_names(NULL, names, sizeof names);
        keyfile_complain(file, (struct keyfile_place){.line = groups[i].line, .group = groups[i].name},
                         "There is no group [%.80s]; the groups are %s.", groups[i].name, names);
    }
}

// One key of the file. 0 or -ENOMEM.
static int take_entry(struct config *config, struct keyfile *file, const struct keyfile_entry *entry) {
    char names[256];
    if (!list_names(entry->group, names, sizeof names)) {
        return 0; // its group is complained of
    }
    const struct key *key = find_key(entry->group, entry->key);
    const char *value = keyfile_text(file, entry->group, entry->key, NULL);
    if (!key) {
        keyfile_complain(file, (struct keyfile_place){entry->line, entry->group, entry->key, true},
                         "[%s] has no key %.80s (given: \"%.80s\"); its keys are %s.", entry->group, entry->key,
                         value ? value : "", names);
        return 0;
    }
    config->lines[key - keys] = entry->line;
    if (entry->twice || !value) {
        return 0; // complained of by the scanner
    }
    int error = 0;
    if (!key->parse(key, value, config, &error) && !error) {
        keyfile_complain(file, (struct keyfile_place){entry->line, entry->group, entry->key, false},
                         "\"%.80s\" is not understood; write %s%s%s.", value, key->allowed,
                         *key->standard ? "; the default is " : "", key->standard);
    }
    return error;
}

static int take_file(struct config *config, struct keyfile *file) {
    check_groups(file);
    size_t count;
    const struct keyfile_entry *entries = keyfile_entries(file, &count);
    int error = 0;
    for (size_t i = 0; i < count && !error; i++) {
        error = take_entry(config, file, &entries[i]);
    }
    return error;
}

int config_read(struct config **config, const char *path, bool optional, complaint_listener *listener, void *context) {
    struct config *read = config_new();
    if (!read) {
        return -ENOMEM;
    }
    read->path = strdup(path);
    read->lines = calloc(KEY_COUNT, sizeof *read->lines);
    struct keyfile *file = NULL;
    int error = read->path && read->lines ? keyfile_read(&file, path) : -ENOMEM;
    if (!error) {
        error = take_file(read, file);
    }
    if (!error && keyfile_tell(file, COMPLAINT_OF_CONFIG, path, listener, context) > 0) {
        error = -EINVAL;
    }
    keyfile_free(file);
    if (error == -ENOENT) {
        free(read->path);
        read->path = NULL; // nothing was read
        if (optional) {
            error = 0;
        } else {
            complaint_tell(listener, context, (struct complaint){.source = COMPLAINT_OF_CONFIG, .file = path},
                           "There is no such file; name one that exists, or none for the defaults.");
        }
    }
    if (error == -ENOMEM) {
        config_free(read);
    } else {
        *config = read;
    }
    return error;
}

bool config_names(const struct config *config, const char *group, const char *key) {
    const struct key *row = find_key(group, key);
    assert(row);
    return config->lines && config->lines[row - keys] > 0;
}

struct complaint config_about(const struct config *config, const char *group, const char *key) {
    const struct key *row = find_key(group, key);
    assert(row);
    int line = config->lines ? config->lines[row - keys] : 0;
    return (struct complaint){
        .source = COMPLAINT_OF_CONFIG, .file = line ? config->path : NULL, .line = line, .group = group, .key = key};
}

void config_where(const struct config *config, const char *group, const char *key, char where[CONFIG_WHERE_SIZE]) {
    const struct complaint about = config_about(config, group, key);
    if (about.line) {
        snprintf(where, CONFIG_WHERE_SIZE, "%s:%d: [%s] %s", about.file, about.line, group, key);
    } else {
        snprintf(where, CONFIG_WHERE_SIZE, "[%s] %s", group, key);
    }
}
