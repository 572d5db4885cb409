// The forms that a command of the simulator's language can have, one table row each, matched word by word.
#include "daemon/sim/script/grammar.h"

#include "daemon/core/night.h"
#include "daemon/sim/script/words.h"
#include "display/page/page.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DAY_S = 24 * 60 * 60,
    MINUTES_MAX = 99,
    DURATION_DIGITS_MAX = 9, // with the largest unit, days, still far from the end of int64_t
};

static const struct grammar_form forms[] = {
    {"zone ZONE", SCRIPT_ZONE, 0, true},
    {"at DATE TIME", SCRIPT_AT, 0, true},
    {"wait DURATION", SCRIPT_WAIT, 0, true},
    {"press BUTTON", SCRIPT_PRESS, SCRIPT_PRESS_MS, false},
    {"press BUTTON for DURATION", SCRIPT_PRESS, 0, false},
    {"hold BUTTON", SCRIPT_HOLD, SCRIPT_HOLD_MS, false},
    {"hold BUTTON for DURATION", SCRIPT_HOLD, 0, false},
    {"bounce BUTTON", SCRIPT_BOUNCE, SCRIPT_PRESS_MS, false},
    {"power cut", SCRIPT_POWER_CUT, 0, false},
    {"power on", SCRIPT_POWER_ON, 0, true},
    {"power on after DURATION", SCRIPT_POWER_ON, 0, true},
    {"restart", SCRIPT_RESTART, 0, false},
    {"rtc yes", SCRIPT_RTC, true, true},
    {"rtc no", SCRIPT_RTC, false, true},
    {"clock step STEP", SCRIPT_CLOCK_STEP, 0, false},
    {"clock sync", SCRIPT_CLOCK_SYNC, 0, false},
    {"busy stuck", SCRIPT_BUSY, true, false},
    {"busy ok", SCRIPT_BUSY, false, false},
    {"panel unplugged", SCRIPT_PANEL, false, true},
    {"panel plugged", SCRIPT_PANEL, true, true},
    {"disk full", SCRIPT_DISK, SCRIPT_DISK_FULL, true},
    {"disk readonly", SCRIPT_DISK, SCRIPT_DISK_READONLY, true},
    {"disk ok", SCRIPT_DISK, SCRIPT_DISK_OK, true},
    {"expect page PAGE", SCRIPT_EXPECT_PAGE, 0, false},
    {"expect minutes MINUTES", SCRIPT_EXPECT_MINUTES, 0, false},
    {"expect text TEXT", SCRIPT_EXPECT_TEXT, 0, false},
    {"expect refresh partial", SCRIPT_EXPECT_REFRESH, REFRESH_PARTIAL, false},
    {"expect refresh full", SCRIPT_EXPECT_REFRESH, REFRESH_FULL, false},
    {"expect refresh none", SCRIPT_EXPECT_REFRESH, REFRESH_NONE, false},
    {"expect asleep", SCRIPT_EXPECT_ASLEEP, 0, true},
    {"snapshot NAME", SCRIPT_SNAPSHOT, 0, true},
};

enum { FORM_COUNT = sizeof forms / sizeof forms[0] };

// Values: each reads one word into the step; false when it is none of its kind.

static bool parse_digits(const char *word, size_t digits_max, size_t *length, int64_t *number) {
    size_t digits = strspn(word, "0123456789");

    if (digits == 0 || digits > digits_max) {
        return false;
    }
    *number = strtoll(word, NULL, 10);
    *length = digits;
    return true;
}

static bool parse_duration(const char *word, int64_t *ms) {
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60 * 1000}, {"h", 3600 * 1000}, {"d", (int64_t)DAY_S * 1000}};
    int64_t number;
    size_t length;

    if (!parse_digits(word, DURATION_DIGITS_MAX, &length, &number)) {
        return false;
    }
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(word + length, units[i].unit) == 0) {
            *ms = number * units[i].ms;
            return true;
        }
    }
    return false;
}

static bool value_duration(const char *word, const struct zone *zone, struct script_step *step) {
    (void)zone;
    return parse_duration(word, &step->ms);
}

static bool value_step(const char *word, const struct zone *zone, struct script_step *step) {
    int64_t ms;

    (void)zone;
    if ((word[0] != '+' && word[0] != '-') || !parse_duration(word + 1, &ms)) {
        return false;
    }
    step->ms = word[0] == '-' ? -ms : ms;
    return true;
}

static bool value_zone(const char *word, const struct zone *zone, struct script_step *step) {
    (void)zone;
    step->zone = zone_open(word);
    return step->zone != NULL;
}

static bool value_button(const char *word, const struct zone *zone, struct script_step *step) {
    (void)zone;
    return button_parse(word, &step->button);
}

// The date goes into the step as local midnight; the time, which follows, makes an instant of it.
static bool value_date(const char *word, const struct zone *zone, struct script_step *step) {
    int32_t day;

    (void)zone;
    if (!night_parse(word, &day)) {
        return false;
    }
    step->utc_ms = (int64_t)day * DAY_S;
    return true;
}

static bool value_time(const char *word, const struct zone *zone, struct script_step *step) {
    const char *const shape = "dd:dd:dd";

    if (strlen(word) != strlen(shape)) {
        return false;
    }
    for (size_t i = 0; shape[i] != '\0'; i++) {
        if (shape[i] == 'd' ? !isdigit((unsigned char)word[i]) : word[i] != shape[i]) {
            return false;
        }
    }
    int hour = atoi(word);
    int minute = atoi(word + 3);
    int second = atoi(word + 6);

    if (hour > 23 || minute > 59 || second > 59) {
        return false;
    }
    int64_t local_s = step->utc_ms + hour * 3600 + minute * 60 + second;

    step->utc_ms = zone_utc_of_local(zone, local_s) * 1000;
    return true;
}

static bool value_page(const char *word, const struct zone *zone, struct script_step *step) {
    const char *const card = "card:";
    bool known = strncmp(word, card, strlen(card)) == 0 && word[strlen(card)] != '\0';

    (void)zone;
    for (int page = 0; page < PAGE_COUNT; page++) {
        known = known || (page != PAGE_CARD && strcmp(word, page_name((enum page_id)page)) == 0);
    }
    step->text = known ? strdup(word) : NULL;
    return step->text != NULL;
}

static bool value_minutes(const char *word, const struct zone *zone, struct script_step *step) {
    int64_t number;
    size_t length;

    (void)zone;
    if (!parse_digits(word, 2, &length, &number) || word[length] != '\0' || number > MINUTES_MAX) {
        return false;
    }
    step->minutes = (int)number;
    return true;
}

static bool value_text(const char *word, const struct zone *zone, struct script_step *step) {
    (void)zone;
    step->text = strdup(word);
    return step->text != NULL;
}

static bool value_name(const char *word, const struct zone *zone, struct script_step *step) {
    bool plain = word[0] != '.' &&
                 strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == strlen(word);

    (void)zone;
    step->text = plain && word[0] != '\0' ? strdup(word) : NULL;
    return step->text != NULL;
}

static const struct value {
    const char *name;
    const char *meaning; // for the complaint
    bool (*read)(const char *word, const struct zone *zone, struct script_step *step);
    bool quoted;
} values[] = {
    {"ZONE", "a time zone like Europe/Berlin", value_zone, false},
    {"DATE", "a date like 2026-03-28", value_date, false},
    {"TIME", "a time like 21:40:00", value_time, false},
    {"DURATION", "a duration like 90s, 5m, 2h, 1d or 40ms", value_duration, false},
    {"STEP", "a step like +2h or -90s", value_step, false},
    {"BUTTON", "a button (main, back, more, less, info)", value_button, false},
    {"PAGE", "the name of a page like countdown or card:sit", value_page, false},
    {"MINUTES", "a number of minutes", value_minutes, false},
    {"TEXT", "words in \"quotation marks\"", value_text, true},
    {"NAME", "a name of letters, digits, -, _ and .", value_name, false},
};

static const struct value *value_find(const char *word, size_t length) {
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        if (strlen(values[i].name) == length && strncmp(values[i].name, word, length) == 0) {
            return &values[i];
        }
    }
    return NULL;
}

void grammar_clear_step(struct script_step *step) {
    zone_unref(step->zone);
    free(step->text);
    *step = (struct script_step){0};
}

// Whether a word fits the pattern's word `from` … `from + length`; a value is read into the step.
static bool word_fits(const char *from, size_t length, const struct words *words, size_t n, const struct zone *zone,
                      struct script_step *step) {
    const struct value *value = value_find(from, length);

    if (n >= words->count) {
        return false;
    }
    if (value != NULL) {
        return words->quoted[n] == value->quoted && value->read(words->items[n], zone, step);
    }
    return !words->quoted[n] && strlen(words->items[n]) == length && strncmp(words->items[n], from, length) == 0;
}

// Matches the words against one form. Returns how many words fit; *expected is what the form wants after them,
// "" when its pattern is at its end.
static size_t form_match(const struct grammar_form *form, const struct words *words, const struct zone *zone,
                         struct script_step *step, const char **expected) {
    const char *from = form->pattern;
    size_t n = 0;

    while (*from != '\0') {
        size_t length = strcspn(from, " ");

        if (!word_fits(from, length, words, n, zone, step)) {
            break;
        }
        n++;
        from += length;
        from += strspn(from, " ");
    }
    *expected = from;
    return n;
}

// Appends one alternative to "a, b or c" unless it stands there already; the last one is joined by "or".
struct alternatives {
    const char *items[FORM_COUNT];
    size_t count;
};

static void alternatives_add(struct alternatives *alternatives, const char *expected) {
    size_t length = strcspn(expected, " ");

    for (size_t i = 0; i < alternatives->count; i++) {
        if (strcspn(alternatives->items[i], " ") == length && strncmp(alternatives->items[i], expected, length) == 0) {
            return;
        }
    }
    alternatives->items[alternatives->count++] = expected;
}

static void alternatives_write(const struct alternatives *alternatives, char *text, size_t size) {
    size_t used = 0;

    text[0] = '\0';
    for (size_t i = 0; i < alternatives->count && used < size; i++) {
        const char *item = alternatives->items[i];
        int length = (int)strcspn(item, " ");
        const struct value *value = value_find(item, (size_t)length);
        const char *joint = i == 0 ? "" : i + 1 == alternatives->count ? " or " : ", ";
        const char *words = length == 0 ? "the end of the line" : value != NULL ? value->meaning : item;
        int precision = length == 0 || value != NULL ? (int)strlen(words) : length;

        used += (size_t)snprintf(text + used, size - used, "%s%.*s", joint, precision, words);
    }
}

// "expected …, got …" at the word where the deepest forms end.
static void complain(const struct words *words, size_t depth, const struct alternatives *alternatives, char *text,
                     size_t size) {
    char expected[512];

    alternatives_write(alternatives, expected, sizeof expected);
    if (depth >= words->count) {
        snprintf(text, size, "expected %s, got the end of the line", expected);
        return;
    }
    const char *quote = words->quoted[depth] ? "\"" : "";

    snprintf(text, size, "expected %s, got %s%.60s%s", expected, quote, words->items[depth], quote);
}

// The step as the form's own words determine it.
static struct script_step step_of_form(const struct grammar_form *form) {
    enum script_command command = form->command;
    bool contact = command == SCRIPT_PRESS || command == SCRIPT_HOLD || command == SCRIPT_BOUNCE;
    bool choice = command == SCRIPT_RTC || command == SCRIPT_BUSY || command == SCRIPT_PANEL;

    return (struct script_step){
        .command = command,
        .ms = contact ? form->value : 0,
        .yes = choice && form->value != 0,
        .disk = command == SCRIPT_DISK ? (enum script_disk)form->value : SCRIPT_DISK_OK,
        .kind = command == SCRIPT_EXPECT_REFRESH ? (enum refresh_kind)form->value : REFRESH_NONE,
    };
}

// Finds the form of the words; NULL, and told, when there is none.
static const struct grammar_form *match(const struct words *words, const struct zone *zone, struct script_step *step,
                                        char *complaint, size_t size) {
    struct alternatives alternatives = {.count = 0};
    size_t deepest = 0;

    for (size_t i = 0; i < FORM_COUNT; i++) {
        const char *expected;
        struct script_step tried = step_of_form(&forms[i]);
        size_t depth = form_match(&forms[i], words, zone, &tried, &expected);

        if (*expected == '\0' && depth == words->count) {
            *step = tried;
            return &forms[i];
        }
        grammar_clear_step(&tried);
        if (depth > deepest) {
            deepest = depth;
            alternatives.count = 0;
        }
        if (depth == deepest) {
            alternatives_add(&alternatives, expected);
        }
    }
    complain(words, deepest, &alternatives, complaint, size);
    return NULL;
}

int grammar_read_line(char *line, const struct zone *zone, struct script_step *step, const struct grammar_form **form,
                      char *complaint, size_t complaint_size) {
    struct words words;
    struct script_step found;

    if (!words_cut(line, &words)) {
        snprintf(complaint, complaint_size, "expected a quotation mark after the words, got the end of the line");
        return -EINVAL;
    }
    if (words.count == 0) {
        return 0;
    }
    *form = match(&words, zone, &found, complaint, complaint_size);
    if (*form == NULL) {
        return -EINVAL;
    }
    *step = found;
    return 1;
}
