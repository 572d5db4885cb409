// Corrections by hand, each one struct: what karanictl was told, and what comes through the control socket. Checked and
// carried out here alone, in one transaction with what `change` keeps of it.
#ifndef KARANI_DAEMON_CONTROL_CORRECTION_H
#define KARANI_DAEMON_CONTROL_CORRECTION_H

#include "daemon/core/clock.h"
#include "daemon/diary/diary.h"

#include <json-glib/json-glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CORRECTION_SENTENCE_SIZE = 384,
    CORRECTION_ID_MIN = 4,        // the beginning of a uuid that may stand for it
    CORRECTION_NIGHTS_MAX = 1000, // that are marked at once
    CORRECTION_NOTE_MAX = 4000,   // bytes
};

enum correction_kind {
    CORRECTION_ADD,    // a session that Karani has not seen: a night or a start, and how long it was held
    CORRECTION_EDIT,   // what is given of a session takes the place of what was
    CORRECTION_DELETE, // a session is taken out; `change` keeps it
    CORRECTION_AWAY,   // nights from the first to the last are marked, or their marks taken off
    CORRECTION_IMPORT, // the sessions and away nights of a file that the diary has not
    CORRECTION_KINDS,
};

// As it was written by a person or a program: texts are borrowed, NULL where nothing was said.
struct correction {
    enum correction_kind kind;
    const char *id;      // EDIT, DELETE: a uuid, or the beginning of one
    const char *night;   // ADD, EDIT: "YYYY-MM-DD"
    const char *started; // "YYYY-MM-DD HH:MM[:SS]", on the wall clock where the session was
    const char *outcome;
    const char *variant;
    const char *routine;
    const char *note;  // "": none any more
    int64_t held_s;    // −1: not said
    int64_t planned_s; // −1: not said
    const char *first; // AWAY
    const char *last;  // NULL: as the first
    bool clear;
    const char *text; // IMPORT: the file's whole text, without NUL
};

// What a correction starts from: nothing said.
struct correction correction_of(enum correction_kind kind);

// ---- as a message: the parameters of a Varlink method ----

const char *correction_method(enum correction_kind kind); // "Add"

// Adds a member for everything that is said to the object that the builder is in.
void correction_build(const struct correction *correction, JsonBuilder *builder);

// Reads what correction_build wrote; the texts are borrowed from the object. False when a member is unknown, missing or
// of another type: *member names it (borrowed).
bool correction_read(enum correction_kind kind, JsonObject *object, struct correction *correction, const char **member);

// ---- carrying it out ----

// What the diary does not know. Borrowed.
struct correction_place {
    const struct zone *zone; // in force
    int64_t now_utc_s;
    int invite_min;      // minutes after midnight: when a session began of which only the night is known
    const char *routine; // of a session that names none
    const char *variant; // likewise
    const char *in_use;  // the uuid of the session that the device holds, or NULL
};

enum correction_verdict {
    CORRECTION_DONE,      // it is on the card
    CORRECTION_UNCHANGED, // it was so already; nothing was written
    CORRECTION_WRONG,     // a value that cannot be; the result names it
    CORRECTION_UNKNOWN,   // no session has this id
    CORRECTION_AMBIGUOUS, // several have
    CORRECTION_IN_USE,    // the session is not over
    CORRECTION_BAD_ROW,   // the file is refused as a whole; the result has the line
    CORRECTION_NOT_KEPT,  // the diary cannot be read or written
    CORRECTION_VERDICTS,
};

struct correction_result {
    enum correction_verdict verdict;
    char sentence[CORRECTION_SENTENCE_SIZE]; // one plain sentence; "" where all is well
    const char *member;                      // WRONG: which, static
    int64_t line;                            // BAD_ROW
    char uuid[UUID_SIZE];                    // ADD, EDIT, DELETE
    size_t sessions;                         // IMPORT: new ones
    size_t known;                            // IMPORT: those that were skipped
    size_t nights;                           // AWAY, IMPORT: whose mark was changed
};

// Looks at the values alone. False: result->verdict is CORRECTION_WRONG or CORRECTION_BAD_ROW.
bool correction_check(const struct correction *correction, struct correction_result *result);

// Checks it and carries it out. `result` is overwritten.
void correction_apply(struct diary *diary, const struct correction *correction, const struct correction_place *place,
                      struct correction_result *result);

// Reads "YYYY-MM-DD HH:MM[:SS]", 1970-01-02 or later, as seconds from 1970-01-01 00:00 on the wall clock; false when it
// is none.
bool correction_parse_local(const char *text, int64_t *local_s);

#endif
