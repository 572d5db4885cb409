// What is wrong in a file of settings, a board or a routine: told by fields, printed as one sentence in one place.
#ifndef KARANI_DAEMON_SETTINGS_COMPLAINT_H
#define KARANI_DAEMON_SETTINGS_COMPLAINT_H

#include "display/page/page.h"

#include <stdbool.h>
#include <stdio.h>

// Which kind of text is meant.
enum complaint_source { COMPLAINT_OF_CONFIG, COMPLAINT_OF_BOARD, COMPLAINT_OF_ROUTINE };

// Every text is borrowed for the time of the call.
struct complaint {
    enum complaint_source source;
    const char *file;     // its path, or "board NAME"; NULL: it stands nowhere, a default is meant
    int line;             // from 1; 0: the file as a whole
    const char *group;    // NULL: none, or none that was understood
    const char *key;      // NULL: none; else there is a group, too
    const char *sentence; // plain, without the file's name
    bool says_key;        // the sentence names group and key by itself; else they are to be put in front of it
};

// The one call-back for all that is complained of.
typedef void complaint_listener(void *context, const struct complaint *complaint);

// Makes the sentence and calls the listener: of what is complained is in `about`, but for the sentence.
void complaint_tell(complaint_listener *listener, void *context, struct complaint about, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

// Of all that is complained of in one kind of text: whether there is anything, and where the first of it stands, for
// the page `trouble`.
struct complaint_first {
    bool there;
    struct page_place place;
};

void complaint_note(struct complaint_first *first, const struct complaint *complaint);

// NULL when nothing was complained of; borrowed from `first`.
const struct page_place *complaint_place(const struct complaint_first *first);

// "FILE:LINE: [group] key: sentence", without what is not there; free() it. NULL when memory is out.
char *complaint_format(const struct complaint *complaint);

// The same on a line of its own, with the words before it.
void complaint_print(const struct complaint *complaint, const char *before, FILE *to);

#endif
