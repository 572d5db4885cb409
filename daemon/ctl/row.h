// A session as karanictl writes it: the names and formats that export, history and import share.
#ifndef KARANI_DAEMON_CTL_ROW_H
#define KARANI_DAEMON_CTL_ROW_H

#include "daemon/diary.h"

#include <json-glib/json-glib.h>
#include <stdio.h>

enum { ROW_TIME_SIZE = 32, ROW_OFFSET_SIZE = 16 };

// "2026-03-01T20:40:00Z"
void row_format_utc(int64_t utc_s, char text[ROW_TIME_SIZE]);

// "+01:00"; with seconds, "-00:25:21", where there are any, as in the zones of the 19th century.
void row_format_offset(int32_t offset_s, char text[ROW_OFFSET_SIZE]);

// CSV as in RFC 4180: CRLF, quotes where a field needs them.
void row_print_csv_header(FILE *to);
void row_print_csv(FILE *to, const struct diary_session *session);

// One object with the same names; a missing night or note is null.
void row_build_json(JsonBuilder *builder, const struct diary_session *session);

#endif
