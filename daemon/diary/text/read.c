// Reads a file of sessions, row by row, until its end or its first bad row.
#include "daemon/diary/text/inside.h"
#include "daemon/diary/text/object.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER_SIZE = 24 }; // of 64 bits in digits

// A session's name and where it stands.
struct named {
    char uuid[UUID_SIZE];
    int64_t line;
};

// Invariant: `lines` has the line of each of the sessions.
struct reader {
    char *at; // in a copy of the text, which is taken apart in place and ends in a NUL
    char *end;
    int64_t line; // of `at`
    struct rows *rows;
    int64_t *lines;
    size_t session_room;
    size_t night_room;
    char sentence[ROWS_SENTENCE_SIZE];
};

static int refuse(struct reader *reader, const char *sentence) {
    snprintf(reader->sentence, sizeof reader->sentence, "%s", sentence);
    return -EINVAL;
}

// ---- keeping what was read ----

static int make_room(struct reader *reader) {
    if (reader->rows->session_count < reader->session_room) {
        return 0;
    }
    size_t room = reader->session_room == 0 ? 64 : 2 * reader->session_room;
    struct session_record *sessions = reallocarray(reader->rows->sessions, room, sizeof *sessions);
    if (sessions == NULL) {
        return -ENOMEM;
    }
    reader->rows->sessions = sessions;
    int64_t *lines = reallocarray(reader->lines, room, sizeof *lines);
    if (lines == NULL) {
        return -ENOMEM;
    }
    reader->lines = lines;
    reader->session_room = room;
    return 0;
}

static int keep_session(struct reader *reader, const char *const texts[], int64_t line) {
    int error = make_room(reader);
    if (error == 0) {
        error = rows_take_fields(texts, &reader->rows->sessions[reader->rows->session_count], reader->sentence);
    }
    if (error == 0) {
        reader->lines[reader->rows->session_count++] = line;
    }
    return error;
}

static int keep_night(struct reader *reader, int32_t night) {
    struct rows *rows = reader->rows;
    if (rows->night_count == reader->night_room) {
        size_t room = reader->night_room == 0 ? 64 : 2 * reader->night_room;
        int32_t *nights = reallocarray(rows->nights, room, sizeof *nights);
        if (nights == NULL) {
            return -ENOMEM;
        }
        rows->nights = nights;
        reader->night_room = room;
    }
    rows->nights[rows->night_count++] = night;
    return 0;
}

// ---- CSV ----

// Takes a quoted field apart in place: `at` is behind the opening quote, and then behind the closing one.
static bool take_quoted(struct reader *reader) {
    char *to = reader->at;
    while (reader->at < reader->end && *reader->at != '\0') {
        char next = *reader->at++;
        if (next == '"' && *reader->at != '"') {
            *to = '\0';
            return true;
        }
        reader->at += next == '"';
        reader->line += next == '\n';
        *to++ = next;
    }
    return false;
}

// What stands behind a field.
enum separator { SEPARATOR_COMMA, SEPARATOR_LINE, SEPARATOR_NONE };

static enum separator take_separator(struct reader *reader) {
    char *first = reader->at;
    if (first == reader->end) {
        return SEPARATOR_LINE;
    }
    size_t length = first[0] == '\r' && first[1] == '\n' ? 2 : 1;
    bool ends = length == 2 || first[0] == '\n';
    if (!ends && first[0] != ',') {
        return SEPARATOR_NONE;
    }
    *first = '\0'; // the end of a field without quotes
    reader->at += length;
    reader->line += ends;
    return ends ? SEPARATOR_LINE : SEPARATOR_COMMA;
}

// Splits the next row. Fields beyond FIELDS_MAX are counted only.
static int split_row(struct reader *reader, const char *texts[FIELDS_MAX], size_t *count) {
    *count = 0;
    for (;;) {
        bool quoted = *reader->at == '"';
        reader->at += quoted;
        const char *field = reader->at;
        if (quoted && !take_quoted(reader)) {
            return refuse(reader, "A quote is never closed, or holds a NUL byte.");
        }
        if (!quoted) {
            reader->at += strcspn(reader->at, ",\"\r\n");
        }
        enum separator separator = take_separator(reader);
        if (separator == SEPARATOR_NONE) {
            return refuse(reader, "A quote, a carriage return or a NUL byte stands where none can.");
        }
        if (!g_utf8_validate(field, -1, NULL)) {
            return refuse(reader, "A field is no UTF-8.");
        }
        if (*count < FIELDS_MAX) {
            texts[*count] = field;
        }
        ++*count;
        if (separator == SEPARATOR_LINE) {
            return 0;
        }
    }
}

static int check_header(struct reader *reader, const char *const texts[], size_t count) {
    bool same = true;
    size_t at = 0;
    for (size_t i = 0; i < field_count && same; i++) {
        if (!fields[i].internal) {
            same = at < count && strcmp(texts[at], fields[i].name) == 0;
            at++;
        }
    }
    same = same && at == count;
    return same ? 0 : refuse(reader, "That is no header of Karani's CSV, nor an object of its JSON Lines.");
}

static int read_csv_row(struct reader *reader) {
    const char *texts[FIELDS_MAX];
    size_t count;
    int64_t line = reader->line;
    int error = split_row(reader, texts, &count);
    if (line == 1) {
        return check_header(reader, texts, error == 0 ? count : 0);
    }
    if (error == 0 && count != rows_columns()) {
        snprintf(reader->sentence, sizeof reader->sentence, "The row has %zu field%s; %zu belong there.", count,
                 count == 1 ? "" : "s", rows_columns());
        error = -EINVAL;
    }
    return error == 0 ? keep_session(reader, texts, line) : error;
}

// ---- JSON Lines ----

static int read_away(struct reader *reader, JsonObject *object) {
    const char *text = object_text(object, "away");
    int32_t night;
    char quoted[ROWS_QUOTE_SIZE];
    if (json_object_get_size(object) != 1) {
        return refuse(reader, "An away night has one field, \"away\".");
    }
    if (text != NULL && night_parse(text, &night)) {
        return keep_night(reader, night);
    }
    snprintf(reader->sentence, sizeof reader->sentence, "away: \"%s\" is no date, YYYY-MM-DD.",
             rows_quote(text != NULL ? text : "", quoted));
    return -EINVAL;
}

// A member as a field of text, in `number` where it is one.
static int take_member(struct reader *reader, JsonObject *object, const struct field *field, char number[NUMBER_SIZE],
                       const char **text) {
    enum object_type type = object_type_of(object, field->name);
    bool is_number = field->kind == FIELD_SECONDS;
    if (type == OBJECT_TEXT && !is_number) {
        *text = object_text(object, field->name);
        return 0;
    }
    if (type == OBJECT_INTEGER && is_number) {
        snprintf(number, NUMBER_SIZE, "%" PRId64, object_integer(object, field->name, 0));
        *text = number;
        return 0;
    }
    if (type == OBJECT_NULL && field_may_be_missing(field) && json_object_has_member(object, field->name)) {
        *text = "";
        return 0;
    }
    snprintf(reader->sentence, sizeof reader->sentence, "%s is missing, or is no %s.", field->name,
             is_number ? "whole number" : "text");
    return -EINVAL;
}

static int read_session(struct reader *reader, JsonObject *object, int64_t line) {
    const char *texts[FIELDS_MAX];
    char numbers[FIELDS_MAX][NUMBER_SIZE];
    if (json_object_get_size(object) != rows_columns()) {
        snprintf(reader->sentence, sizeof reader->sentence,
                 "A session has the %zu fields of the CSV header, and no others.", rows_columns());
        return -EINVAL;
    }
    int error = 0;
    for (size_t i = 0, count = 0; i < field_count && error == 0; i++) {
        if (!fields[i].internal) {
            error = take_member(reader, object, &fields[i], numbers[i], &texts[count++]);
        }
    }
    return error == 0 ? keep_session(reader, texts, line) : error;
}

static int read_json_row(struct reader *reader) {
    const char *text = reader->at;
    char *break_at = memchr(text, '\n', (size_t)(reader->end - text));
    size_t length = (size_t)((break_at != NULL ? break_at : reader->end) - text);
    int64_t line = reader->line;
    reader->at = break_at != NULL ? break_at + 1 : reader->end;
    reader->line += break_at != NULL;
    if (strspn(text, " \t\r") >= length) {
        return 0;
    }
    JsonObject *object = object_parse(text, length);
    if (object == NULL) {
        return refuse(reader, "The line is no JSON object as RFC 8259 has it, in UTF-8 and without NUL.");
    }
    int error = json_object_has_member(object, "away") ? read_away(reader, object) : read_session(reader, object, line);
    json_object_unref(object);
    return error;
}

// ---- the whole file ----

static int compare_named(const void *one, const void *other) {
    const struct named *a = one, *b = other;
    int names = strcmp(a->uuid, b->uuid);
    return names != 0 ? names : (a->line > b->line) - (a->line < b->line);
}

// *line is the first one whose uuid has stood in the file before; 0: there is none.
static int find_twice(const struct reader *reader, int64_t *line) {
    size_t count = reader->rows->session_count;
    struct named *named = reallocarray(NULL, count + 1, sizeof *named);
    if (named == NULL) {
        return -ENOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        memcpy(named[i].uuid, reader->rows->sessions[i].uuid, sizeof named[i].uuid);
        named[i].line = reader->lines[i];
    }
    qsort(named, count, sizeof *named, compare_named);
    int64_t first = 0;
    for (size_t i = 1; i < count; i++) {
        if (strcmp(named[i].uuid, named[i - 1].uuid) == 0 && (first == 0 || named[i].line < first)) {
            first = named[i].line;
        }
    }
    free(named);
    *line = first;
    return 0;
}

// Reads until the end, or the first bad row.
static int read_all(struct reader *reader, struct rows_fault *fault) {
    bool json = reader->at[strspn(reader->at, " \t\r\n")] == '{';
    int64_t line = 1, twice;
    int error = 0;
    while (error == 0 && reader->at < reader->end) {
        line = reader->line;
        error = json ? read_json_row(reader) : read_csv_row(reader);
    }
    if (error == -ENOMEM || find_twice(reader, &twice) < 0) {
        return -ENOMEM;
    }
    // A row that stands before the bad one may be bad for what it has in common with another.
    if (twice > 0) {
        line = twice;
        error = refuse(reader, "The uuid stands in the file before.");
    }
    if (error == -EINVAL) {
        fault->line = line;
        memcpy(fault->sentence, reader->sentence, sizeof fault->sentence);
    }
    return error;
}

int rows_read(const char *text, size_t size, struct rows *rows, struct rows_fault *fault) {
    static const char mark[] = "\xef\xbb\xbf";
    bool marked = size >= sizeof mark - 1 && memcmp(text, mark, sizeof mark - 1) == 0;
    size_t begin = marked ? sizeof mark - 1 : 0;
    char *copy = malloc(size + 1);
    if (copy == NULL) {
        return -ENOMEM;
    }
    memcpy(copy, text, size);
    copy[size] = '\0';
    struct rows read = {.sessions = NULL};
    struct reader reader = {.at = copy + begin, .end = copy + size, .line = 1, .rows = &read};
    int error = read_all(&reader, fault);
    free(reader.lines);
    free(copy);
    if (error == 0) {
        *rows = read;
    } else {
        rows_clear(&read);
    }
    return error;
}

void rows_clear(struct rows *rows) {
    for (size_t i = 0; i < rows->session_count; i++) {
        free(rows->sessions[i].note);
    }
    free(rows->sessions);
    free(rows->nights);
    *rows = (struct rows){.sessions = NULL};
}
