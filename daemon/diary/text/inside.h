// What the readers of both formats share.
#ifndef KARANI_DAEMON_DIARY_TEXT_INSIDE_H
#define KARANI_DAEMON_DIARY_TEXT_INSIDE_H

#include "daemon/diary/fields.h"
#include "daemon/diary/text/rows.h"

// How many fields a session has there: those of the table that are not internal, in its order.
size_t rows_columns(void);

// Reads one session from these fields into a row that the caller may throw away; an empty night or note is a missing
// one. 0, and the note is owned; -EINVAL with a sentence about the first field that is bad; -ENOMEM.
int rows_take_fields(const char *const texts[], struct session_record *session, char sentence[ROWS_SENTENCE_SIZE]);

// A field as it may stand in a sentence: short, on one line, in whole characters.
enum { ROWS_QUOTE_SIZE = 48 };
const char *rows_quote(const char *text, char quoted[ROWS_QUOTE_SIZE]);

#endif
