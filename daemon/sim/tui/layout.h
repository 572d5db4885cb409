// What the terminal shows: the glass in characters, beside or below it the page's name, words and gestures, the keys
// and a status line. Text in, text out. Owner of chafa.h.
#ifndef KARANI_DAEMON_SIM_TUI_LAYOUT_H
#define KARANI_DAEMON_SIM_TUI_LAYOUT_H

#include "display/frame/frame.h"

#include <stddef.h>

struct layout_view {
    const struct frame *glass; // upright for the reader
    const char *page;          // "card:sit"
    const char *panel;         // what the panel does: "asleep", "refreshing" …
    const char *words;         // the page's text
    const char *gestures;      // what press and hold do here
    const char *status;        // time and its pace
    const char *note;          // what happened last, or ""
};

// The whole screen as one text with control sequences, for a terminal of this size: at most `rows` lines of at most
// `columns` characters each. malloc'd; NULL when memory is out.
char *layout_compose(const struct layout_view *view, int columns, int rows);

#endif
