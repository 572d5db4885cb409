// The routine from its text file (what that may hold: daemon/settings/routine_form.c); the keyfile owns every string.
#include "daemon/settings/routine.h"

#include "daemon/settings/keyfile.h"
#include "daemon/settings/routine_form.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECONDS_LOW      5
#define SECONDS_HIGH     600
#define SECONDS_STANDARD 25

// What is being read.
struct reading {
    struct keyfile *file;
    const char *picture_dir;
    const char *language;
    struct routine *routine;
};

// A text that is not empty, in the device's language or else the plain one; NULL when there is none.
static char *text_of(struct reading *reading, const char *group, const char *key) {
    char *text = keyfile_text(reading->file, group, key, reading->language);
    if (!text || *text == '\0') {
        text = keyfile_text(reading->file, group, key, NULL);
    }
    return text && *text ? text : NULL;
}

// A key's value.
static struct keyfile_place value_of(const struct reading *reading, const char *group, const char *key) {
    return (struct keyfile_place){keyfile_line(reading->file, group, key), group, key, false};
}

// The path of a picture: beside the other pictures unless it begins with a slash. NULL when none is named, or
// when it is not there.
static char *picture_of(struct reading *reading, const char *group, const char *key) {
    const char *name = text_of(reading, group, key);
    char *path;
    if (!name ||
        asprintf(&path, "%s%s%s", *name == '/' ? "" : reading->picture_dir, *name == '/' ? "" : "/", name) < 0) {
        return NULL;
    }
    char *kept = NULL;
    if (access(path, R_OK) == 0) {
        kept = keyfile_keep(reading->file, path);
    } else {
        keyfile_complain(reading->file, value_of(reading, group, key),
                         "the picture %.300s is not there; put it there or name another one.", path);
    }
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
    snprintf(title, sizeof title, "Title-%s", variant_name(variant));
    snprintf(text, sizeof text, "Text-%s", variant_name(variant));
    snprintf(brief, sizeof brief, "Short-%s", variant_name(variant));
    snprintf(picture, sizeof picture, "Picture-%s", variant_name(variant));
    const char *own_text = text_of(reading, group, text), *own_brief = text_of(reading, group, brief);
    const char *own_title = text_of(reading, group, title);
    words.title = own_title ? own_title : words.title;
    if (own_text || own_brief) {
        words.brief = own_brief;
    }
    words.text = own_text ? own_text : words.text;
    if (text_of(reading, group, picture)) {
        words.picture = picture_of(reading, group, picture);
    }
    return words;
}

// The words of a section in each variant.
static void words_of_variants(struct reading *reading, const char *group, struct page_words words[VARIANT_COUNT]) {
    struct page_words plain = words_of(reading, group);
    for (int i = 0; i < VARIANT_COUNT; i++) {
        words[i] = words_of_variant(reading, group, plain, (enum variant)i);
    }
}

static int read_seconds(struct reading *reading, const char *group) {
    const char *text = keyfile_text(reading->file, group, "Seconds", NULL);
    int seconds = SECONDS_STANDARD;
    if (text && (!keyfile_parse_int(text, &seconds) || seconds < SECONDS_LOW || seconds > SECONDS_HIGH)) {
        keyfile_complain(reading->file, value_of(reading, group, "Seconds"),
                         "\"%.80s\" is not understood; write a whole number from %d to %d (absent: %d).", text,
                         SECONDS_LOW, SECONDS_HIGH, SECONDS_STANDARD);
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
        if (routine_parse_variant(at, length, &variant)) {
            any = in[variant] = true;
        } else if (length > 0) {
            keyfile_complain(reading->file, value_of(reading, group, "Variants"),
                             "\"%.*s\" is no variant; the variants are wall, hips, knees, farther and "
                             "chair, with semicolons between them.",
                             length < 80 ? (int)length : 80, at);
        }
        at += length;
    }
    for (int i = 0; i < VARIANT_COUNT && !any; i++) {
        in[i] = true;
    }
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
        keyfile_complain(reading->file, (struct keyfile_place){.line = group->line, .group = group->name},
                         "[%s] is no variant; the variants are wall, hips, knees, farther and chair.", group->name);
        return;
    }
    reading->routine->variants[variant].name = text_of(reading, group->name, "Name");
    reading->routine->variants[variant].picture = picture_of(reading, group->name, "Picture");
}

static void take_section(struct reading *reading, const struct keyfile_group *group, enum routine_section section,
                         const char *name) {
    struct routine *routine = reading->routine;
    switch (section) {
    case ROUTINE_SECTION_ROUTINE:
        routine->name = text_of(reading, group->name, "Name");
        break;
    case ROUTINE_SECTION_VARIANT:
        take_variant(reading, group, name);
        break;
    case ROUTINE_SECTION_CARD:
        take_card(reading, group->name, name);
        break;
    case ROUTINE_SECTION_REASON:
        routine->reasons[routine->reason_count++] = text_of(reading, group->name, "Text");
        break;
    case ROUTINE_SECTION_HEALTH:
        routine->health[routine->health_count++] = words_of(reading, group->name);
        break;
    case ROUTINE_SECTION_ASK:
        routine->ask_first = words_of(reading, group->name);
        break;
    case ROUTINE_SECTION_OUT:
        words_of_variants(reading, group->name, routine->way_out);
        break;
    }
}

static void take_sections(struct reading *reading) {
    size_t count;
    const struct keyfile_group *groups = keyfile_groups(reading->file, &count);
    for (size_t i = 0; i < count; i++) {
        enum routine_section section;
        const char *name;
        if (!routine_find_section(groups[i].name, &section, &name)) {
            keyfile_complain(reading->file, (struct keyfile_place){.line = groups[i].line, .group = groups[i].name},
                             "There is no section [%.80s]; the sections are Routine, Variant NAME, Card NAME, Reason "
                             "NAME, Health NAME, Ask First and Way Out, with names in a to z, 0 to 9 and hyphens.",
                             groups[i].name);
        } else if (routine_check_required(reading->file, &groups[i], section)) {
            take_section(reading, &groups[i], section, name);
        }
    }
}

// What must not be NULL though the file may leave it out.
static void fill_gaps(struct reading *reading) {
    struct routine *routine = reading->routine;
    if (!routine->name) {
        routine->name = routine->id;
    }
    for (int i = 0; i < VARIANT_COUNT; i++) {
        if (!routine->variants[i].name) {
            routine->variants[i].name = keyfile_keep(reading->file, variant_name((enum variant)i));
        }
    }
    if (routine->health_count > 0 && !routine->ask_first.text) {
        keyfile_complain(reading->file, (struct keyfile_place){.line = 0},
                         "The [Health] faces ask, but no [Ask First] says what to do when one applies; add it.");
    }
    size_t groups;
    keyfile_groups(reading->file, &groups);
    if (routine->card_count == 0 && (groups > 0 || keyfile_is_sound(reading->file))) { // else it was said why
        keyfile_complain(reading->file, (struct keyfile_place){.line = 0},
                         "There is no usable card; add at least one [Card NAME] with Title and Text.");
    }
}

// The file's name without its folder and its ending.
static char *id_of(struct keyfile *file, const char *path) {
    const char *slash = strrchr(path, '/');
    char *id = keyfile_keep(file, slash ? slash + 1 : path);
    char *ending = strrchr(id, '.');
    if (ending && ending != id) {
        *ending = '\0';
    }
    return id;
}

// Room for as many cards, reasons and faces as there are groups.
static struct routine *routine_new(struct keyfile *file, const char *path) {
    size_t count;
    keyfile_groups(file, &count);
    struct routine *routine = calloc(1, sizeof *routine);
    if (!routine) {
        return NULL;
    }
    routine->cards = calloc(count + 1, sizeof *routine->cards);
    routine->reasons = calloc(count + 1, sizeof *routine->reasons);
    routine->health = calloc(count + 1, sizeof *routine->health);
    routine->id = id_of(file, path);
    routine->strings = file;
    if (routine->cards && routine->reasons && routine->health) {
        return routine;
    }
    routine->strings = NULL;
    routine_free(routine);
    return NULL;
}

int routine_read(struct routine **routine, const char *path, const char *picture_dir, const char *language,
                 complaint_listener *listener, void *context) {
    struct keyfile *file;
    int error = keyfile_read(&file, path);
    if (error) {
        return error;
    }
    struct reading reading = {file, picture_dir, language, routine_new(file, path)};
    if (!reading.routine) {
        keyfile_free(file);
        return -ENOMEM;
    }
    routine_check_keys(file);
    take_sections(&reading);
    fill_gaps(&reading);
    keyfile_tell(file, COMPLAINT_OF_ROUTINE, path, listener, context);
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
    if (!routine) {
        return;
    }
    free(routine->cards);
    free(routine->reasons);
    free(routine->health);
    keyfile_free(routine->strings);
    free(routine);
}
