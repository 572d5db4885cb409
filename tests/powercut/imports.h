// Files that another program has exported, for import: their sessions are known by number.
#ifndef KARANI_TESTS_POWERCUT_IMPORTS_H
#define KARANI_TESTS_POWERCUT_IMPORTS_H

#include "daemon/diary/diary.h"

#include <stddef.h>

enum imports_format { IMPORTS_CSV, IMPORTS_JSON_LINES };

struct imports {
    enum imports_format format;
    int first; // the sessions' numbers: from this one on
    int count;
    const char *known; // the uuid of a session that the diary has, whose row says other things of it; NULL: none
    int32_t away_first;
    int away_count; // nights; JSON Lines alone have them, and have each twice
    bool bad;       // the last row is none
};

// What the diary has of the session once it has come in. The note is borrowed from `note`.
enum { IMPORTS_NOTE_SIZE = 32 };
struct session_record imports_session(int number, char note[IMPORTS_NOTE_SIZE]);

// The text of the file; free() it.
char *imports_print(const struct imports *imports);

#endif
