// Finds the words in a line.
#include "daemon/sim/words.h"

#include <string.h>

bool words_cut(char *line, struct words *words) {
    char *from = line;

    words->count = 0;
    for (;;) {
        from += strspn(from, " \t\r\n");
        if (*from == '\0' || *from == '#' || words->count == WORDS_MAX) {
            return true;
        }
        bool quoted = *from == '"';
        size_t n = words->count++;

        words->quoted[n] = quoted;
        words->items[n] = quoted ? from + 1 : from;
        if (!quoted) {
            from += strcspn(from, " \t\r\n#");
            bool comment = *from == '#';

            if (*from != '\0') {
                *from++ = '\0';
            }
            if (comment) {
                return true;
            }
            continue;
        }
        char *to = ++from;

        while (*from != '"') {
            if (*from == '\\' && (from[1] == '"' || from[1] == '\\')) {
                from++;
            }
            if (*from == '\0' || *from == '\n') {
                return false;
            }
            *to++ = *from++;
        }
        from++;
        *to = '\0';
    }
}
