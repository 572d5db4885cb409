// Finds the words in a line.
#include "daemon/sim/script/words.h"

#include <string.h>

static const char blanks[] = " \t\r\n";

// Ends a plain word where it stands; returns what follows it.
static char *end_plain(char *from) {
    from += strcspn(from, " \t\r\n#");
    if (*from == '#') { // a comment: nothing follows
        *from = '\0';
        return from;
    }
    if (*from != '\0') {
        *from++ = '\0';
    }
    return from;
}

// Ends a quoted word, its escapes resolved; returns what follows it, NULL when its quotation mark does not come.
static char *end_quoted(char *from) {
    char *to = from;

    while (*from != '"') {
        if (*from == '\\' && (from[1] == '"' || from[1] == '\\')) {
            from++;
        }
        if (*from == '\0' || *from == '\n') {
            return NULL;
        }
        *to++ = *from++;
    }
    *to = '\0';
    return from + 1;
}

bool words_cut(char *line, struct words *words) {
    char *from = line + strspn(line, blanks);

    words->count = 0;
    while (*from != '\0' && *from != '#' && words->count < WORDS_MAX) {
        size_t n = words->count++;
        bool quoted = *from == '"';

        words->quoted[n] = quoted;
        words->items[n] = quoted ? from + 1 : from;
        from = quoted ? end_quoted(from + 1) : end_plain(from);
        if (from == NULL) {
            return false;
        }
        from += strspn(from, blanks);
    }
    return true;
}
