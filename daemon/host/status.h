// What others may see of the running device: status.json and glass.png in the runtime directory, replaced as a whole
// at every change.
#ifndef KARANI_DAEMON_HOST_STATUS_H
#define KARANI_DAEMON_HOST_STATUS_H

#include "display/frame/frame.h"

#include <stdbool.h>
#include <stdint.h>

enum { STATUS_TROUBLES_MAX = 6 };

struct status_trouble {
    const char *part; // NULL: none
    const char *sentence;
};

// Strings are borrowed.
struct status {
    const char *page;       // "countdown"
    const char *text;       // its words, in reading order
    int32_t night;          // NIGHT_NONE: not known
    int minutes_left;       // −1: the page shows none
    const char *clock;      // "synced"
    bool kept;              // false while something cannot be saved
    const char *panel;      // its name
    const char *trouble;    // one plain sentence, or NULL
    const char *trouble_of; // the part that it is about: storage, diary, panel or board; or NULL
    struct status_trouble troubles[STATUS_TROUBLES_MAX]; // the worst first: of each part the first is told
};

// The text of status.json, malloc'd; NULL when memory is out.
char *status_format(const struct status *status);

// Replaces DIR/status.json, readable for the group. 0 or -errno.
int status_write(const char *dir, const char *text);

// Replaces DIR/glass.png. 0 or -errno.
int status_write_glass(const char *dir, const struct frame *glass);

// Takes DIR/status.json away: nobody is there to answer for it. glass.png stays, as the glass itself does.
void status_remove(const char *dir);

#endif
