// The routine from its text file: what each section may hold stands in one table; the keyfile owns every string.
#include "daemon/routine.h"

#include "daemon/keyfile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECONDS_LOW      5
#define SECONDS_HIGH     600
#define SECONDS_STANDARD 25

static const char *const variant_names[VARIANT_COUNT] = {
    [VARIANT_WALL] = "wall",       [VARIANT_HIPS] = "hips",   [VARIANT_KNEES] = "knees",
    [VARIANT_FARTHER] = "farther", [VARIANT_CHAIR] = "chair",
};

const char *variant_name(enum variant variant) {
    return variant_names[variant];
}

static bool parse_variant(const char *name, size_t length, enum variant *variant) {
    for (int i = 0; i < VARIANT_COUNT; i++) {
        if (strlen(variant_names[i]) == length && memcmp(variant_names[i], name, length) == 0) {
            *variant = (enum variant)i;
            return true;
        }
    }
    return false;
}

bool variant_parse(const char *name, enum variant *variant) {
    return parse_variant(name, strlen(name), variant);
}

// The kinds of sections. A named one is written [Card NAME].
enum section {
    SECTION_ROUTINE,
    SECTION_VARIANT,
    SECTION_CARD,
    SECTION_REASON,
    SECTION_HEALTH,
    SECTION_ASK,
    SECTION_OUT
};

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

enum { KEY_COUNT = sizeof(keys) / sizeof(keys[0]) };

static const struct section_row {
    const char *name;
    bool named;        // [Card sit]: has a name behind it
    bool per_variant;  // keys may have -VARIANT behind them
    unsigned allowed;  // keys
    unsigned required; // keys, in the plain language
} sections[] = {
    [SECTION_ROUTINE] = {"Routine", false, false, KEY_NAME, 0},
    [SECTION_VARIANT] = {"Variant", true, false, KEY_NAME | KEY_PICTURE, KEY_NAME},
    [SECTION_CARD] = {"Card", true, true, KEY_WORDS | KEY_SECONDS | KEY_VARIANTS, KEY_TITLE | KEY_TEXT},
    [SECTION_REASON] = {"Reason", true, false, KEY_TEXT, KEY_TEXT},
    [SECTION_HEALTH] = {"Health", true, false, KEY_WORDS, KEY_TITLE | KEY_TEXT},
    [SECTION_ASK] = {"Ask First", false, false, KEY_WORDS, KEY_TITLE | KEY_TEXT},
    [SECTION_OUT] = {"Way Out", false, true, KEY_WORDS, KEY_TITLE | KEY_TEXT},
};

enum { SECTION_COUNT = sizeof(sections) / sizeof(sections[0]) };

// What is being read.
struct reading {
    struct keyfile *file;
    const char *picture_dir;
    const char *language;
    struct routine *routine;
};

// Which kind of section a group is, and its own name ("sit"; "" for unnamed ones). Names are lower-case letters,
// digits and hyphens: they stand in the diary, in scripts and in tests.
static bool section_find(const char *group, enum section *section, const char **name) {
    for (int i = 0; i < SECTION_COUNT; i++) {
        size_t length = strlen(sections[i].name);
        if (strncmp(group, sections[i].name, length) != 0)
            continue;
        const char *rest = group + length;
        if (sections[i].named) {
            if (*rest++ != ' ' || *rest == '\0' || rest[strspn(rest, "abcdefghijklmnopqrstuvwxyz0123456789-")] != '\0')
                continue;
        } else if (*rest != '\0') {
            continue;
        }
        *section = (enum section)i;
        *name = rest;
        return true;
    }
    return false;
}

static const char *list_keys(unsigned bits, char *list, size_t size) {
    size_t used = 0;
    list[0] = '\0';
    for (size_t i = 0; i < KEY_COUNT && used < size; i++)
        if (bits & keys[i].bit)
            used += (size_t)snprintf(list + used, size - used, "%s%s", used ? ", " : "", keys[i].name);
    return list;
}

// Checks a key's name: NAME, NAME-VARIANT, either with [locale]. Values are checked where they are used.
static void check_entry(struct keyfile *file, const struct keyfile_entry *entry, enum section section) {
    size_t whole = strcspn(entry->key, "["), base = strcspn(entry->key, "-[");
    size_t found = 0;
    while (found < KEY_COUNT && (strlen(keys[found].name) != base || strncmp(keys[found].name, entry->key, base) != 0))
        found++;
    unsigned allowed = sections[section].allowed;
    char list[128];
    if (found == KEY_COUNT || !(allowed & keys[found].bit) || (entry->key[whole] && !keys[found].localized) ||
        (base < whole && !(keys[found].per_variant && sections[section].per_variant))) {
        keyfile_complain(file, entry->line, "[%s] has no key %.80s; its keys are %s.", entry->group, entry->key,
                         list_keys(allowed, list, sizeof(list)));
        return;
    }
    enum variant variant;
    if (base < whole && !parse_variant(entry->key + base + 1, whole - base - 1, &variant))
        keyfile_complain(file, entry->line,
                         "[%s] %.80s is for a variant that does not exist; the variants are wall, hips, knees, farther "
                         "and chair.",
                         entry->group, entry->key);
}

static void check_entries(struct keyfile *file) {
    size_t count;
    const struct keyfile_entry *entries = keyfile_entries(file, &count);
    for (size_t i = 0; i < count; i++) {
        enum section section;
        const char *name;
        if (section_find(entries[i].group, &section, &name))
            check_entry(file, &entries[i], section);
    }
}

// A text that is not empty, in the device's language or else the plain one; NULL when there is none.
static char *text_of(struct reading *reading, const char *group, const char *key) {
    char *text = keyfile_text(reading->file, group, key, reading->language);
    if (!text || *text == '\0')
        text = keyfile_text(reading->file, group, key, NULL);
    return text && *text ? text : NULL;
}

// Keys that must be there, in the plain language at least: other languages fall back to it.
static bool check_required(struct keyfile *file, const struct keyfile_group *group, enum section section) {
    bool complete = true;
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (!(sections[section].required & keys[i].bit))
            continue;
        const char *text = keyfile_text(file, group->name, keys[i].name, NULL);
        if (text && *text)
            continue;
        complete = false;
        keyfile_complain(file, group->line, "[%s] has no %s and is left out; add a line %s=.", group->name,
                         keys[i].name, keys[i].name);
    }
    return complete;
}

// The path of a picture: beside the other pictures unless it begins with a slash. NULL when none is named, or
// when it is not there.
static char *picture_of(struct reading *reading, const char *group, const char *key) {
    const char *name = text_of(reading, group, key);
    char *path;
    if (!name || asprintf(&path, "%s%s%s", *name == '/' ? "" : reading->picture_dir, *name == '/' ? "" : "/", name) < 0)
        return NULL;
    char *kept = NULL;
    if (access(path, R_OK) == 0)
        kept = keyfile_keep(reading->file, path);
    else
        keyfile_complain(reading->file, keyfile_line(reading->file, group, key),
                         "[%s] %s: the picture %.300s is not there; put it there or name another one.", group, key,
                         path);
    free(path);
    return kept;
}

static struct page_words words_of(struct reading *reading, const char *group) {
    return (struct page_words){
        .title = text_of(reading, group, "Title"),
        .text = text_of(reading, group, "Text"),
        .brief = text_of(reading, group, "Short"),
        .picture = picture_of(reading, group, "Picture"),
    };
}

// What a variant says in another way takes the place of the plain words, each key by itself. One exception: other
// words without a Short of their own must not leave a Short behind that says the old ones.
static struct page_words words_of_variant(struct reading *reading, const char *group, struct page_words words,
                                          enum variant variant) {
    char title[32], text[32], brief[32], picture[32];
    snprintf(title, sizeof(title), "Title-%s", variant_name(variant));
    snprintf(text, sizeof(text), "Text-%s", variant_name(variant));
    snprintf(brief, sizeof(brief), "Short-%s", variant_name(variant));
    snprintf(picture, sizeof(picture), "Picture-%s", variant_name(variant));
    const char *own_text = text_of(reading, group, text), *own_brief = text_of(reading, group, brief);
    const char *own_title = text_of(reading, group, title);
    words.title = own_title ? own_title : words.title;
    if (own_text || own_brief)
        words.brief = own_brief;
    words.text = own_text ? own_text : words.text;
    if (text_of(reading, group, picture))
        words.picture = picture_of(reading, group, picture);
    return words;
}

// The words of a section in each variant; returns the plain ones.
static struct page_words words_of_variants(struct reading *reading, const char *group,
                                           struct page_words words[VARIANT_COUNT]) {
    struct page_words plain = words_of(reading, group);
    for (int i = 0; i < VARIANT_COUNT; i++)
        words[i] = words_of_variant(reading, group, plain, (enum variant)i);
    return plain;
}

static int read_seconds(struct reading *reading, const char *group) {
    const char *text = keyfile_text(reading->file, group, "Seconds", NULL);
    int seconds = SECONDS_STANDARD;
    if (text && (!keyfile_parse_int(text, &seconds) || seconds < SECONDS_LOW || seconds > SECONDS_HIGH)) {
        keyfile_complain(reading->file, keyfile_line(reading->file, group, "Seconds"),
                         "[%s] Seconds: \"%.80s\" is not understood; write a whole number from %d to %d (absent: %d).",
                         group, text, SECONDS_LOW, SECONDS_HIGH, SECONDS_STANDARD);
        seconds = SECONDS_STANDARD;
    }
    return seconds;
}

// "wall;hips": the variants a card belongs to; absent, or none of them understood: all.
static void read_variants(struct reading *reading, const char *group, bool in[VARIANT_COUNT]) {
    const char *list = keyfile_text(reading->file, group, "Variants", NULL);
    bool any = false;
    for (const char *at = list; at && *at; at += strspn(at, "; ")) {
        size_t length = strcspn(at, "; ");
        enum variant variant;
        if (parse_variant(at, length, &variant))
            any = in[variant] = true;
        else if (length > 0)
            keyfile_complain(reading->file, keyfile_line(reading->file, group, "Variants"),
                             "[%s] Variants: \"%.*s\" is no variant; the variants are wall, hips, knees, farther and "
                             "chair, with semicolons between them.",
                             group, length < 80 ? (int)length : 80, at);
        at += length;
    }
    for (int i = 0; i < VARIANT_COUNT && !any; i++)
        in[i] = true;
}

static void take_card(struct reading *reading, const char *group, const char *name) {
    struct routine_card *card = &reading->routine->cards[reading->routine->card_count++];
    card->name = keyfile_keep(reading->file, name);
    card->seconds = read_seconds(reading, group);
    read_variants(reading, group, card->in);
    words_of_variants(reading, group, card->words);
}

static void take_variant(struct reading *reading, const struct keyfile_group *group, const char *name) {
    enum variant variant;
    if (!variant_parse(name, &variant)) {
        keyfile_complain(reading->file, group->line,
                         "[%s] is no variant; the variants are wall, hips, knees, farther and chair.", group->name);
        return;
    }
    reading->routine->variants[variant].name = text_of(reading, group->name, "Name");
    reading->routine->variants[variant].picture = picture_of(reading, group->name, "Picture");
}

static void take_section(struct reading *reading, const struct keyfile_group *group, enum section section,
                         const char *name) {
    struct routine *routine = reading->routine;
    switch (section) {
    case SECTION_ROUTINE:
        routine->name = text_of(reading, group->name, "Name");
        break;
    case SECTION_VARIANT:
        take_variant(reading, group, name);
        break;
    case SECTION_CARD:
        take_card(reading, group->name, name);
        break;
    case SECTION_REASON:
        routine->reasons[routine->reason_count++] = text_of(reading, group->name, "Text");
        break;
    case SECTION_HEALTH:
        routine->health[routine->health_count++] = words_of(reading, group->name);
        break;
    case SECTION_ASK:
        routine->ask_first = words_of(reading, group->name);
        break;
    case SECTION_OUT:
        routine->way_out = words_of_variants(reading, group->name, routine->way_outs);
        break;
    }
}

static void take_sections(struct reading *reading) {
    size_t count;
    const struct keyfile_group *groups = keyfile_groups(reading->file, &count);
    for (size_t i = 0; i < count; i++) {
        enum section section;
        const char *name;
        if (!section_find(groups[i].name, &section, &name))
            keyfile_complain(reading->file, groups[i].line,
                             "There is no section [%.80s]; the sections are Routine, Variant NAME, Card NAME, Reason "
                             "NAME, Health NAME, Ask First and Way Out, with names in a to z, 0 to 9 and hyphens.",
                             groups[i].name);
        else if (check_required(reading->file, &groups[i], section))
            take_section(reading, &groups[i], section, name);
    }
}

// What must not be NULL though the file may leave it out.
static void fill_gaps(struct reading *reading) {
    struct routine *routine = reading->routine;
    if (!routine->name)
        routine->name = routine->id;
    for (int i = 0; i < VARIANT_COUNT; i++)
        if (!routine->variants[i].name)
            routine->variants[i].name = keyfile_keep(reading->file, variant_name((enum variant)i));
    if (routine->health_count > 0 && !routine->ask_first.text)
        keyfile_complain(reading->file, 0,
                         "The [Health] faces ask, but no [Ask First] says what to do when one applies; add it.");
    size_t groups;
    keyfile_groups(reading->file, &groups);
    if (routine->card_count == 0 && (groups > 0 || keyfile_is_sound(reading->file))) // else it was said why
        keyfile_complain(reading->file, 0,
                         "There is no usable card; add at least one [Card NAME] with Title and Text.");
}

// The file's name without its folder and its ending.
static char *id_of(struct keyfile *file, const char *path) {
    const char *slash = strrchr(path, '/');
    char *id = keyfile_keep(file, slash ? slash + 1 : path);
    char *ending = strrchr(id, '.');
    if (ending && ending != id)
        *ending = '\0';
    return id;
}

// Room for as many cards, reasons and faces as there are groups.
static struct routine *routine_new(struct keyfile *file, const char *path) {
    size_t count;
    keyfile_groups(file, &count);
    struct routine *routine = calloc(1, sizeof(*routine));
    if (!routine)
        return NULL;
    routine->cards = calloc(count + 1, sizeof(*routine->cards));
    routine->reasons = calloc(count + 1, sizeof(*routine->reasons));
    routine->health = calloc(count + 1, sizeof(*routine->health));
    routine->id = id_of(file, path);
    routine->strings = file;
    if (routine->cards && routine->reasons && routine->health)
        return routine;
    routine->strings = NULL;
    routine_free(routine);
    return NULL;
}

struct telling {
    routine_complaint *complain;
    void *context;
    const char *path;
};

static void tell(void *context, int line, const char *sentence) {
    const struct telling *telling = context;
    telling->complain(telling->context, telling->path, line, sentence);
}

int routine_read(struct routine **routine, const char *path, const char *picture_dir, const char *language,
                 routine_complaint *complain, void *context) {
    struct keyfile *file;
    int error = keyfile_read(&file, path);
    if (error)
        return error;
    struct reading reading = {file, picture_dir, language, routine_new(file, path)};
    if (!reading.routine) {
        keyfile_free(file);
        return -ENOMEM;
    }
    check_entries(file);
    take_sections(&reading);
    fill_gaps(&reading);
    keyfile_tell(file, tell, &(struct telling){complain, context, path});
    bool usable = reading.routine->card_count > 0;
    if (usable) {
        *routine = reading.routine;
    } else {
        *routine = NULL;
        routine_free(reading.routine);
    }
    return usable ? 0 : -EINVAL;
}

void routine_free(struct routine *routine) {
    if (!routine)
        return;
    free(routine->cards);
    free(routine->reasons);
    free(routine->health);
    keyfile_free(routine->strings);
    free(routine);
}
