// A line of a script cut into words.
#ifndef KARANI_DAEMON_SIM_SCRIPT_WORDS_H
#define KARANI_DAEMON_SIM_SCRIPT_WORDS_H

#include <stdbool.h>
#include <stddef.h>

enum { WORDS_MAX = 8 }; // more than any command has; what follows is left out

// `quoted` words came in quotation marks.
struct words {
    char *items[WORDS_MAX];
    bool quoted[WORDS_MAX];
    size_t count;
};

// Cuts the line in place: words between blanks, or in quotation marks with \" and \\ inside; # starts a comment.
// False when a quotation mark does not end.
bool words_cut(char *line, struct words *words);

#endif
