// The keys of karani.conf: one const table, each with its default as the text that the shipped file shows.
#include "daemon/settings/config_inside.h"

#include "daemon/settings/keyfile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define PATTERN_MAX     32
#define LINE_OFFSET_MAX 1023

static void *field_of(const struct config_key *key, struct config *config) {
    return (char *)config + key->offset;
}

static bool keep_text(const struct config_key *key, const char *text, struct config *config, int *error) {
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
static bool parse_name(const struct config_key *key, const char *text, struct config *config, int *error) {
    return *text != '.' && consists_of(text, "._-") && keep_text(key, *text ? text : key->standard, config, error);
}

// "de", "pt_BR", "sr@latin": a lower-case language of two or three letters, then what follows in LANGUAGE.
static bool parse_language(const struct config_key *key, const char *text, struct config *config, int *error) {
    size_t letters = strspn(text, "abcdefghijklmnopqrstuvwxyz");
    if (*text == '\0') {
        text = key->standard;
    } else if (letters < 2 || letters > 3 || (text[letters] && !strchr("_@", text[letters])) ||
               !consists_of(text, "_@")) {
        return false;
    }
    return keep_text(key, text, config, error);
}

static bool parse_zone(const struct config_key *key, const char *text, struct config *config, int *error) {
    return *text != '/' && consists_of(text, "/_+-") && keep_text(key, text, config, error);
}

static bool parse_int(const struct config_key *key, const char *text, struct config *config, int *error) {
    (void)error;
    int number;
    if (!keyfile_parse_int(text, &number) || number < key->low || number > key->high) {
        return false;
    }
    *(int *)field_of(key, config) = number;
    return true;
}

static bool parse_rotate(const struct config_key *key, const char *text, struct config *config, int *error) {
    (void)error;
    int degrees = CONFIG_UNSET;
    if (*text && (!keyfile_parse_int(text, &degrees) || degrees < 0 || degrees > 270 || degrees % 90 != 0)) {
        return false;
    }
    *(int *)field_of(key, config) = degrees;
    return true;
}

static bool parse_distance(const struct config_key *key, const char *text, struct config *config, int *error) {
    (void)error;
    double metres = 0;
    if (*text && (!keyfile_parse_decimal(text, &metres) || metres < key->low || metres > key->high)) {
        return false;
    }
    *(double *)field_of(key, config) = metres;
    return true;
}

static bool parse_variant(const struct config_key *key, const char *text, struct config *config, int *error) {
    (void)error;
    return variant_parse(text, field_of(key, config));
}

static bool parse_switch(const struct config_key *key, const char *text, struct config *config, int *error) {
    (void)error;
    bool on = strcmp(text, "yes") == 0 || strcmp(text, "true") == 0;
    if (!on && strcmp(text, "no") != 0 && strcmp(text, "false") != 0) {
        return false;
    }
    *(bool *)field_of(key, config) = on;
    return true;
}

// "20:30" or "7:05" as minutes after midnight.
static bool parse_time_of_day(const struct config_key *key, const char *text, struct config *config, int *error) {
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

static bool parse_line(const struct config_key *key, const char *text, struct config *config, int *error) {
    struct config_line line;
    return (*text == '\0' || config_parse_line(text, &line)) && keep_text(key, text, config, error);
}

static bool parse_output_line(const struct config_key *key, const char *text, struct config *config, int *error) {
    return *text != '!' && parse_line(key, text, config, error);
}

// "300,200,300": milliseconds on, off, on …, each within the key's range.
static bool parse_pattern(const struct config_key *key, const char *text, struct config *config, int *error) {
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

const struct config_key config_keys[] = {
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

_Static_assert(sizeof config_keys / sizeof config_keys[0] == CONFIG_KEYS, "CONFIG_KEYS counts the rows");

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
