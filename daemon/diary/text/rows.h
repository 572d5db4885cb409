// Sessions and away nights as text: CSV (RFC 4180) and JSON Lines, printed and read. export, history, import and the
// diary's changes share it. Files are read as a whole: one bad row, and nothing of them is taken.
#ifndef KARANI_DAEMON_DIARY_TEXT_ROWS_H
#define KARANI_DAEMON_DIARY_TEXT_ROWS_H

#include "daemon/diary/diary.h"

#include <json-glib/json-glib.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { ROWS_TIME_SIZE = 32, ROWS_OFFSET_SIZE = 16, ROWS_SENTENCE_SIZE = 192 };

// "2026-03-01T20:40:00Z"
void rows_format_utc(int64_t utc_s, char text[ROWS_TIME_SIZE]);

// "+01:00"; with seconds, "-00:25:21", where there are any, as in the zones of the 19th century.
void rows_format_offset(int32_t offset_s, char text[ROWS_OFFSET_SIZE]);

// CSV as in RFC 4180: CRLF, quotes where a field needs them.
void rows_print_csv_header(FILE *to);
void rows_print_csv(FILE *to, const struct session_record *session);

// A text on one line, in whole characters: a terminal is told nothing by it. The caller frees it with g_free().
char *rows_in_a_line(const char *text);

// One object with the same names; a missing night or note is null.
void rows_build_json(JsonBuilder *builder, const struct session_record *session);

// ---- reading ----

// What a file holds, in its order.
struct rows {
    struct session_record *sessions; // owned, with their notes; what ran is `interrupted`
    size_t session_count;
    int32_t *nights; // marked away; owned; a night may stand there twice
    size_t night_count;
};

// The first bad row.
struct rows_fault {
    int64_t line; // where it begins, from 1 on
    char sentence[ROWS_SENTENCE_SIZE];
};

// Reads `size` bytes of either format, told apart by how they begin; no byte at all is an empty export. Lines may end
// in LF alone, and a byte order mark in front is passed over; lines of nothing but white space are, too, in JSON Lines.
// Beyond what karani(7), THE DIARY, calls a bad row, nothing is checked. 0, and rows_clear them; -EINVAL with the
// fault told; -ENOMEM.
int rows_read(const char *text, size_t size, struct rows *rows, struct rows_fault *fault);

void rows_clear(struct rows *rows);

#endif
