// What the readers of both formats share.
#ifndef KARANI_DAEMON_DIARY_TEXT_INSIDE_H
#define KARANI_DAEMON_DIARY_TEXT_INSIDE_H

#include "daemon/diary/text/rows.h"

// In the order of the CSV header.
enum rows_column {
    ROWS_UUID,
    ROWS_NIGHT,
    ROWS_STARTED,
    ROWS_OFFSET,
    ROWS_ZONE,
    ROWS_CLOCK,
    ROWS_ROUTINE,
    ROWS_VARIANT,
    ROWS_PLANNED,
    ROWS_HELD,
    ROWS_OVERTIME,
    ROWS_OUTCOME,
    ROWS_NOTE,
    ROWS_COLUMNS,
};

extern const char *const rows_column_names[ROWS_COLUMNS];

// Reads one session from its fields into a row that the caller may throw away; an empty night or note is a missing one.
// 0, and the note is owned; -EINVAL with a sentence about the first field that is bad; -ENOMEM.
int rows_take_fields(const char *const fields[ROWS_COLUMNS], struct session_record *session,
                     char sentence[ROWS_SENTENCE_SIZE]);

// A field as it may stand in a sentence: short, on one line, in whole characters.
enum { ROWS_QUOTE_SIZE = 48 };
const char *rows_quote(const char *text, char quoted[ROWS_QUOTE_SIZE]);

#endif
