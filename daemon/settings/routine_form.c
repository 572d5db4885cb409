// What a routine's file may hold: sections and their keys, in tables.
#include "daemon/settings/routine_form.h"

#include <stdio.h>
#include <string.h>

bool routine_parse_variant(const char *name, size_t length, enum variant *variant) {
    for (int i = 0; i < VARIANT_COUNT; i++) {
        const char *known = variant_name((enum variant)i);
        if (strlen(known) == length && memcmp(known, name, length) == 0) {
            *variant = (enum variant)i;
            return true;
        }
    }
    return false;
}

// Keys that a section may hold, as bits.
enum {
    KEY_NAME = 1 << 0,
    KEY_TITLE = 1 << 1,
    KEY_TEXT = 1 << 2,
    KEY_SHORT = 1 << 3,
    KEY_PICTURE = 1 << 4,
    KEY_SECONDS = 1 << 5,
    KEY_VARIANTS = 1 << 6,
    KEY_WORDS = KEY_TITLE | KEY_TEXT | KEY_SHORT | KEY_PICTURE,
};

static const struct {
    const char *name;
    unsigned bit;
    bool localized;
    bool per_variant; // may have -VARIANT behind it
} keys[] = {
    {"Name", KEY_NAME, true, false},          {"Title", KEY_TITLE, true, true},
    {"Text", KEY_TEXT, true, true},           {"Short", KEY_SHORT, true, true},
    {"Picture", KEY_PICTURE, true, true},     {"Seconds", KEY_SECONDS, false, false},
    {"Variants", KEY_VARIANTS, false, false},
};

enum { KEY_COUNT = sizeof keys / sizeof keys[0] };

static const struct section_row {
    const char *name;
    bool named;        // [Card sit]: has a name behind it
    bool per_variant;  // keys may have -VARIANT behind them
    unsigned allowed;  // keys
    unsigned required; // keys, in the plain language
} sections[] = {
    [ROUTINE_SECTION_ROUTINE] = {"Routine", false, false, KEY_NAME, 0},
    [ROUTINE_SECTION_VARIANT] = {"Variant", true, false, KEY_NAME | KEY_PICTURE, KEY_NAME},
    [ROUTINE_SECTION_CARD] = {"Card", true, true, KEY_WORDS | KEY_SECONDS | KEY_VARIANTS, KEY_TITLE | KEY_TEXT},
    [ROUTINE_SECTION_REASON] = {"Reason", true, false, KEY_TEXT, KEY_TEXT},
    [ROUTINE_SECTION_HEALTH] = {"Health", true, false, KEY_WORDS, KEY_TITLE | KEY_TEXT},
    [ROUTINE_SECTION_ASK] = {"Ask First", false, false, KEY_WORDS, KEY_TITLE | KEY_TEXT},
    [ROUTINE_SECTION_OUT] = {"Way Out", false, true, KEY_WORDS, KEY_TITLE | KEY_TEXT},
};

enum { SECTION_COUNT = sizeof sections / sizeof sections[0] };

bool routine_find_section(const char *group, enum routine_section *section, const char **name) {
    for (int i = 0; i < SECTION_COUNT; i++) {
        size_t length = strlen(sections[i].name);
        if (strncmp(group, sections[i].name, length) != 0) {
            continue;
        }
        const char *rest = group + length;
        if (sections[i].named) {
            if (*rest++ != ' ' || *rest == '\0' ||
                rest[strspn(rest, "abcdefghijklmnopqrstuvwxyz0123456789-")] != '\0') {
                continue;
            }
        } else if (*rest != '\0') {
            continue;
        }
        *section = (enum routine_section)i;
        *name = rest;
        return true;
    }
    return false;
}

static const char *list_keys(unsigned bits, char *list, size_t size) {
    size_t used = 0;
    list[0] = '\0';
    for (size_t i = 0; i < KEY_COUNT && used < size; i++) {
        if (bits & keys[i].bit) {
            used += (size_t)snprintf(list + used, size - used, "%s%s", used ? ", " : "", keys[i].name);
        }
    }
    return list;
}

// Checks a key's name: NAME, NAME-VARIANT, either with [locale]. Values are checked where they are used.
static void check_entry(struct keyfile *file, const struct keyfile_entry *entry, enum routine_section section) {
    size_t whole = strcspn(entry->key, "["), base = strcspn(entry->key, "-[");
    size_t found = 0;
    while (found < KEY_COUNT &&
           (strlen(keys[found].name) != base || strncmp(keys[found].name, entry->key, base) != 0)) {
        found++;
    }
    unsigned allowed = sections[section].allowed;
    char list[128];
    if (found == KEY_COUNT || !(allowed & keys[found].bit) || (entry->key[whole] && !keys[found].localized) ||
        (base < whole && !(keys[found].per_variant && sections[section].per_variant))) {
        keyfile_complain(file, (struct keyfile_place){entry->line, entry->group, entry->key, true},
                         "[%s] has no key %.80s; its keys are %s.", entry->group, entry->key,
                         list_keys(allowed, list, sizeof list));
        return;
    }
    enum variant variant;
    if (base < whole && !routine_parse_variant(entry->key + base + 1, whole - base - 1, &variant)) {
        keyfile_complain(file, (struct keyfile_place){entry->line, entry->group, entry->key, true},
                         "[%s] %.80s is for a variant that does not exist; the variants are wall, hips, knees, farther "
                         "and chair.",
                         entry->group, entry->key);
    }
}

void routine_check_keys(struct keyfile *file) {
    size_t count;
    const struct keyfile_entry *entries = keyfile_entries(file, &count);
    for (size_t i = 0; i < count; i++) {
        enum routine_section section;
        const char *name;
        if (routine_find_section(entries[i].group, &section, &name)) {
            check_entry(file, &entries[i], section);
        }
    }
}

bool routine_check_required(struct keyfile *file, const struct keyfile_group *group, enum routine_section section) {
    bool complete = true;
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (!(sections[section].required & keys[i].bit)) {
            continue;
        }
        const char *text = keyfile_text(file, group->name, keys[i].name, NULL);
        if (text && *text) {
            continue;
        }
        complete = false;
        keyfile_complain(file, (struct keyfile_place){group->line, group->name, keys[i].name, true},
                         "[%s] has no %s and is left out; add a line %s=.", group->name, keys[i].name, keys[i].name);
    }
    return complete;
}
