// A session's fields as text, each read by its kind.
#include "daemon/diary/text/inside.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <uuid/uuid.h>

enum {
    SECONDS_MAX = INT32_MAX, // of one session: 68 years, and start + held stay far from the end of 64 bits
    DAY_S = 24 * 60 * 60,
};

static bool breaks_a_line(gunichar character) {
    GUnicodeType type = g_unichar_type(character);
    return type == G_UNICODE_CONTROL || type == G_UNICODE_LINE_SEPARATOR || type == G_UNICODE_PARAGRAPH_SEPARATOR;
}

char *rows_in_a_line(const char *text) {
    char *valid = g_utf8_make_valid(text, -1);
    GString *line = g_string_new(NULL);
    for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar character = g_utf8_get_char(at);
        g_string_append_unichar(line, breaks_a_line(character) ? ' ' : character);
    }
    g_free(valid);
    return g_string_free(line, FALSE);
}

const char *rows_quote(const char *text, char quoted[ROWS_QUOTE_SIZE]) {
    char *line = rows_in_a_line(text);
    const char *end;
    snprintf(quoted, ROWS_QUOTE_SIZE, "%s", line);
    (void)g_utf8_validate(quoted, -1, &end); // a character may have been cut in two
    quoted[end - quoted] = '\0';
    g_free(line);
    return quoted;
}

// ---- each kind of field ----

// As the diary has it; where one may be missing, an empty one is.
static bool take_as_it_is(const char *text, const struct field *field, struct session_record *session) {
    bool missing = text[0] == '\0' && field_may_be_missing(field);
    return field_has_room(field, strlen(text)) && field_set_text(field, missing ? NULL : text, session);
}

static bool take_uuid(const char *text, const struct field *field, struct session_record *session) {
    char lower[UUID_SIZE];
    uuid_t uuid;
    if (uuid_parse(text, uuid) != 0) {
        return false;
    }
    uuid_unparse_lower(uuid, lower);
    return field_set_text(field, lower, session);
}

// Two digits, 0 … most.
static bool take_two(const char **at, int most, int *value) {
    const char *text = *at;
    if (!g_ascii_isdigit(text[0]) || !g_ascii_isdigit(text[1])) {
        return false;
    }
    *value = (text[0] - '0') * 10 + (text[1] - '0');
    *at += 2;
    return *value <= most;
}

static bool take_char(const char **at, char wanted) {
    bool there = **at == wanted;
    *at += there;
    return there;
}

// "HH:MM:SS", or "HH:MM" where seconds may be missing.
static bool take_clock_face(const char **at, bool seconds_may_be_missing, int *second_of_day) {
    int hour, minute, second = 0;
    if (!take_two(at, 23, &hour) || !take_char(at, ':') || !take_two(at, 59, &minute)) {
        return false;
    }
    if (**at == ':' || !seconds_may_be_missing) {
        if (!take_char(at, ':') || !take_two(at, 59, &second)) {
            return false;
        }
    }
    *second_of_day = hour * 3600 + minute * 60 + second;
    return true;
}

static bool take_time(const char *text, const struct field *field, struct session_record *session) {
    char date[NIGHT_TEXT_SIZE];
    int32_t day;
    int second;
    if (strlen(text) != strlen("2026-03-01T20:40:00Z") || text[10] != 'T') {
        return false;
    }
    memcpy(date, text, NIGHT_TEXT_SIZE - 1);
    date[NIGHT_TEXT_SIZE - 1] = '\0';
    const char *at = text + NIGHT_TEXT_SIZE;
    if (!night_parse(date, &day) || !take_clock_face(&at, false, &second) || strcmp(at, "Z") != 0) {
        return false;
    }
    field_set_number(field, (int64_t)day * DAY_S + second, session);
    return true;
}

static bool take_offset(const char *text, const struct field *field, struct session_record *session) {
    const char *at = text + 1;
    int seconds;
    if ((text[0] != '+' && text[0] != '-') || !take_clock_face(&at, true, &seconds) || *at != '\0') {
        return false;
    }
    field_set_number(field, text[0] == '-' ? -seconds : seconds, session);
    return true;
}

static bool take_seconds(const char *text, const struct field *field, struct session_record *session) {
    char *end;
    if (!g_ascii_isdigit(text[0])) {
        return false;
    }
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno != 0 || *end != '\0' || value > SECONDS_MAX) {
        return false;
    }
    field_set_number(field, value, session);
    return true;
}

// Nobody is there to end what ran elsewhere.
static bool take_outcome(const char *text, const struct field *field, struct session_record *session) {
    bool ran = strcmp(text, outcome_name(OUTCOME_RUNNING)) == 0;
    return field_set_text(field, ran ? outcome_name(OUTCOME_INTERRUPTED) : text, session);
}

// A copy. It fails for want of memory alone.
static bool take_note(const char *text, const struct field *field, struct session_record *session) {
    (void)field; // a session has one note
    session->note = text[0] != '\0' ? strdup(text) : NULL;
    return session->note != NULL || text[0] == '\0';
}

static const struct {
    bool (*take)(const char *text, const struct field *field, struct session_record *session);
    const char *wanted; // NULL: any text
} KINDS[FIELD_KINDS] = {
    [FIELD_UUID] = {take_uuid, "is no UUID"},
    [FIELD_NAME] = {take_as_it_is, "is too long"},
    [FIELD_NOTE] = {take_note, NULL},
    [FIELD_NIGHT] = {take_as_it_is, "is no date, YYYY-MM-DD"},
    [FIELD_TIME] = {take_time, "is no time in UTC, YYYY-MM-DDThh:mm:ssZ"},
    [FIELD_OFFSET] = {take_offset, "is no offset, such as +01:00"},
    [FIELD_SECONDS] = {take_seconds, "is no whole number of seconds, 0 to 2147483647"},
    [FIELD_CLOCK] = {take_as_it_is, "is none of unset, restored, rtc, set, synced"},
    [FIELD_OUTCOME] = {take_outcome, "is none of running, finished, ended-early, interrupted, not-mine"},
};

static int refuse(const char *text, const struct field *field, char sentence[ROWS_SENTENCE_SIZE]) {
    char quoted[ROWS_QUOTE_SIZE];
    const char *wanted = KINDS[field->kind].wanted;
    if (wanted == NULL) {
        return -ENOMEM;
    }
    snprintf(sentence, ROWS_SENTENCE_SIZE, "%s: \"%s\" %s.", field->name, rows_quote(text, quoted), wanted);
    return -EINVAL;
}

int rows_take_fields(const char *const texts[], struct session_record *session, char sentence[ROWS_SENTENCE_SIZE]) {
    *session = fields_blank();
    int error = 0;
    for (size_t i = 0; i < field_count && error == 0; i++) {
        if (!fields[i].internal) {
            error = KINDS[fields[i].kind].take(*texts, &fields[i], session) ? 0 : refuse(*texts, &fields[i], sentence);
            texts++;
        } else if (field_is_text(&fields[i])) {
            (void)field_set_text(&fields[i], NULL, session);
        }
    }
    if (error != 0) {
        free(session->note);
    }
    return error;
}
