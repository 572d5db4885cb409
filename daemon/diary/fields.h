// The one table of a session's fields: what each is called and where it stands in the record. From it come the schema,
// the statements, what is read, checked and compared, and CSV and JSON. One more field is one more row here, and its
// member in struct session_record.
#ifndef KARANI_DAEMON_DIARY_FIELDS_H
#define KARANI_DAEMON_DIARY_FIELDS_H

#include "daemon/core/record.h"

// What a field holds, and with that all that is done with it.
enum field_kind {
    FIELD_UUID,        // char[UUID_SIZE]
    FIELD_NAME,        // char[]: any text that has room
    FIELD_NOTE,        // char *, NULL: none
    FIELD_NIGHT,       // int32_t, NIGHT_NONE: none
    FIELD_TIME,        // int64_t: seconds from 1970 on, UTC
    FIELD_OFFSET,      // int32_t: seconds east of UTC
    FIELD_SECONDS,     // int64_t, from 0 to INT32_MAX
    FIELD_NUMBER,      // int64_t: milliseconds of a boot, -1 for none
    FIELD_CLOCK,       // enum clock_quality
    FIELD_OUTCOME,     // enum outcome
    FIELD_OUTCOME_WAS, // enum outcome; under any but not-mine it is that, and missing in the diary
    FIELD_KINDS,
};

struct field {
    const char *name; // of the column, and in CSV and JSON
    enum field_kind kind;
    size_t at;      // in struct session_record
    size_t size;    // there
    bool internal;  // the device's own: in neither CSV nor JSON
    int64_t absent; // a number's value in a row that was made without it; a text's is ''
    int since;      // the version of the diary that it came with; 0: the first
};

// In the order of the columns. A field that came later stands at the end.
extern const struct field fields[];
extern const size_t field_count;
enum { FIELDS_MAX = 32 };

// Whether it is a text in the diary, else a number.
bool field_is_text(const struct field *field);
bool field_may_be_missing(const struct field *field);

// Its value as the diary has it. A text is borrowed from the record, from nobody, or from the buffer; NULL: missing.
const char *field_text(const struct field *field, const struct session_record *session, char buffer[NIGHT_TEXT_SIZE]);
int64_t field_number(const struct field *field, const struct session_record *session);

// Sets it to what the diary has, the fields before it first; a note is borrowed. False when the text is none that can
// be.
bool field_set_text(const struct field *field, const char *text, struct session_record *session);
void field_set_number(const struct field *field, int64_t number, struct session_record *session);

// Whether there is room for a text of so many bytes, and whether a number is one that can be.
bool field_has_room(const struct field *field, size_t length);
bool field_can_be(const struct field *field, int64_t number);

// A record that nothing is known of yet.
struct session_record fields_blank(void);

// Whether the two would not be the same row.
bool fields_differ(const struct session_record *one, const struct session_record *other);

// ---- SQL ----

enum { FIELDS_SQL_SIZE = 4096 };

// Puts into an SQL text, for a diary of that version, what stands in braces: {columns}, their names, or the value that
// a row of a version before the field has; {definitions}, for the schema; {values}, the parameters ?1, ?2 …; {updates},
// all but the first set to their parameters, but a note to what it is when its parameter is NULL.
void fields_sql(const char *text, int64_t version, char sql[FIELDS_SQL_SIZE]);

// What brings a diary the columns that came with a version; "" when there are none.
void fields_sql_adding(int64_t version, char sql[FIELDS_SQL_SIZE]);

#endif
