// The routine: cards, variants, reasons, the health page and the way out, from one text file.
#ifndef KARANI_DAEMON_SETTINGS_ROUTINE_H
#define KARANI_DAEMON_SETTINGS_ROUTINE_H

#include "display/page/page.h"

#include <stdbool.h>
#include <stddef.h>

enum variant { VARIANT_WALL, VARIANT_HIPS, VARIANT_KNEES, VARIANT_FARTHER, VARIANT_CHAIR, VARIANT_COUNT };

const char *variant_name(enum variant variant); // "wall", … : the name in files and tools
bool variant_parse(const char *name, enum variant *variant);

struct routine_card {
    char *name;                             // "sit"
    bool in[VARIANT_COUNT];                 // whether the card belongs to the variant
    int seconds;                            // how long it stays before it turns by itself; > 0
    struct page_words words[VARIANT_COUNT]; // what it says and shows in each variant
};

struct routine_variant {
    char *name;    // in the device's language: "on the wall"
    char *picture; // path
};

struct routine {
    char *id;   // the file's name without its ending: "legs-up-the-wall"
    char *name; // in the device's language
    struct routine_card *cards;
    size_t card_count;
    struct routine_variant variants[VARIANT_COUNT];
    struct page_words *health; // the faces of the health page, in order; the last one asks the question
    size_t health_count;
    struct page_words ask_first; // the face that says to ask a doctor first
    struct page_words way_out[VARIANT_COUNT];
    char **reasons; // one gentle line a night
    size_t reason_count;
    void *strings; // owner of every string above; private
};

// Called for each thing wrong in a file, in the order of its lines: `line` from 1 (0 when the file as a whole is
// meant), and one plain sentence without the file's name.
typedef void routine_complaint(void *context, const char *path, int line, const char *sentence);

// Reads a routine. Pictures are looked for in picture_dir; a missing one is a complaint and leaves NULL.
// `language` as in LANGUAGE ("de", "en", "pt_BR"); keys without that language fall back to the plain key.
// 0; -ENOENT (no such file); -EINVAL (no usable card: *routine is NULL). Complaints may come with 0.
int routine_read(struct routine **routine, const char *path, const char *picture_dir, const char *language,
                 routine_complaint *complain, void *context);

void routine_free(struct routine *routine);

#endif
