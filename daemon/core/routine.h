// The routine: cards, variants, reasons, the health page and the way out; daemon/settings/routine.h reads it from its
// file.
#ifndef KARANI_DAEMON_CORE_ROUTINE_H
#define KARANI_DAEMON_CORE_ROUTINE_H

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

#endif
