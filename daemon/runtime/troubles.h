// What is wrong, in one set: each cause is there or not, with one plain sentence for who reports it. Whoever notices a
// change says so here; the device is told what has changed, and logs, status and `is everything saved` read it.
#ifndef KARANI_DAEMON_RUNTIME_TROUBLES_H
#define KARANI_DAEMON_RUNTIME_TROUBLES_H

#include "daemon/diary/diary.h"
#include "display/page/page.h"

#include <stdbool.h>

enum { TROUBLES_SENTENCE_SIZE = 320 };

struct trouble {
    bool present;
    bool fed;                       // as the device was told
    const struct page_place *place; // of the first wrong line of a file, or NULL; borrowed
    char sentence[TROUBLES_SENTENCE_SIZE];
};

struct troubles {
    struct trouble of[PAGE_TROUBLE_COUNT];
    const char *health; // one plain sentence on the diary's health, NULL while it is good: static
    int sessions;       // kept in a diary that was restored
};

// `sentence` is copied; NULL: there is none.
void troubles_set(struct troubles *troubles, enum page_trouble cause, bool present, const char *sentence);

// What is wrong in a file, from the start on; NULL: nothing is.
void troubles_set_place(struct troubles *troubles, enum page_trouble cause, const struct page_place *place);

bool troubles_has(const struct troubles *troubles, enum page_trouble cause);

// NULL while it is not there, or nothing is to be said.
const char *troubles_sentence(const struct troubles *troubles, enum page_trouble cause);

// The next one of which the device does not know that it has come or gone; PAGE_TROUBLE_NONE: it knows all. It counts
// as told.
enum page_trouble troubles_take_change(struct troubles *troubles);

// Nothing keeps what was decided from being saved.
bool troubles_all_is_saved(const struct troubles *troubles);

// The diary was tried: what waits, and its health, may be others.
void troubles_note_diary(struct troubles *troubles, const struct diary *diary);

// Whether the diary was restored and the owner has not read of it.
void troubles_note_restoration(struct troubles *troubles, struct diary *diary);

// The owner has read of a trouble: a diary that was restored is told of in one boot only, if that can be written.
void troubles_note_told(struct troubles *troubles, enum page_trouble cause, struct diary *diary);

// One plain sentence on what is wrong with the diary, or what became of it; NULL while nothing is to be told.
const char *troubles_of_diary(const struct troubles *troubles);

#endif
