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

static bool take_uuid(const char *text, struct session_record *session) {
    uuid_t uuid;
    if (uuid_parse(text, uuid) != 0) {
        return false;
    }
    uuid_unparse_lower(uuid, session->uuid);
    return true;
}

static bool take_night(const char *text, struct session_record *session) {
    session->night = NIGHT_NONE;
    return text[0] == '\0' || night_parse(text, &session->night);
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

static bool take_started(const char *text, struct session_record *session) {
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
    session->started_utc_s = (int64_t)day * DAY_S + second;
    return true;
}

static bool take_offset(const char *text, struct session_record *session) {
    const char *at = text + 1;
    int seconds;
    if ((text[0] != '+' && text[0] != '-') || !take_clock_face(&at, true, &seconds) || *at != '\0') {
        return false;
    }
    session->utc_offset_s = text[0] == '-' ? -seconds : seconds;
    return true;
}

static bool take_name(const char *text, char *to, size_t size) {
    size_t length = strlen(text);
    if (length >= size) {
        return false;
    }
    memcpy(to, text, length + 1);
    return true;
}

static bool take_zone(const char *text, struct session_record *session) {
    return take_name(text, session->zone, sizeof session->zone);
}

static bool take_clock(const char *text, struct session_record *session) {
    return clock_quality_parse(text, &session->clock);
}

static bool take_routine(const char *text, struct session_record *session) {
    return take_name(text, session->routine, sizeof session->routine);
}

static bool take_variant(const char *text, struct session_record *session) {
    return take_name(text, session->variant, sizeof session->variant);
}

static bool take_seconds(const char *text, int64_t *seconds) {
    char *end;
    if (!g_ascii_isdigit(text[0])) {
        return false;
    }
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno != 0 || *end != '\0' || value > SECONDS_MAX) {
        return false;
    }
    *seconds = value;
    return true;
}

static bool take_planned(const char *text, struct session_record *session) {
    return take_seconds(text, &session->planned_s);
}

static bool take_held(const char *text, struct session_record *session) {
    return take_seconds(text, &session->held_s);
}

static bool take_overtime(const char *text, struct session_record *session) {
    return take_seconds(text, &session->overtime_s);
}

// Nobody is there to end what ran elsewhere.
static bool take_outcome(const char *text, struct session_record *session) {
    if (!outcome_parse(text, &session->outcome)) {
        return false;
    }
    if (session->outcome == OUTCOME_RUNNING) {
        session->outcome = OUTCOME_INTERRUPTED;
    }
    session->outcome_was = session->outcome == OUTCOME_NOT_MINE ? OUTCOME_FINISHED : session->outcome;
    return true;
}

static const struct {
    bool (*take)(const char *text, struct session_record *session);
    const char *wanted;
} columns[ROWS_NOTE] = {
    [ROWS_UUID] = {take_uuid, "is no UUID"},
    [ROWS_NIGHT] = {take_night, "is no date, YYYY-MM-DD"},
    [ROWS_STARTED] = {take_started, "is no time in UTC, YYYY-MM-DDThh:mm:ssZ"},
    [ROWS_OFFSET] = {take_offset, "is no offset, such as +01:00"},
    [ROWS_ZONE] = {take_zone, "is too long"},
    [ROWS_CLOCK] = {take_clock, "is none of unset, restored, rtc, set, synced"},
    [ROWS_ROUTINE] = {take_routine, "is too long"},
    [ROWS_VARIANT] = {take_variant, "is too long"},
    [ROWS_PLANNED] = {take_planned, "is no whole number of seconds, 0 to 2147483647"},
    [ROWS_HELD] = {take_held, "is no whole number of seconds, 0 to 2147483647"},
    [ROWS_OVERTIME] = {take_overtime, "is no whole number of seconds, 0 to 2147483647"},
    [ROWS_OUTCOME] = {take_outcome, "is none of running, finished, ended-early, interrupted, not-mine"},
};

int rows_take_fields(const char *const fields[ROWS_COLUMNS], struct session_record *session,
                     char sentence[ROWS_SENTENCE_SIZE]) {
    *session = (struct session_record){.paused_at_boot_ms = -1};
    for (int i = 0; i < ROWS_NOTE; i++) {
        char quoted[ROWS_QUOTE_SIZE];
        if (columns[i].take(fields[i], session)) {
            continue;
        }
        snprintf(sentence, ROWS_SENTENCE_SIZE, "%s: \"%s\" %s.", rows_column_names[i], rows_quote(fields[i], quoted),
                 columns[i].wanted);
        return -EINVAL;
    }
    if (fields[ROWS_NOTE][0] == '\0') {
        return 0;
    }
    session->note = strdup(fields[ROWS_NOTE]);
    return session->note != NULL ? 0 : -ENOMEM;
}
