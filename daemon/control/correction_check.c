// What a correction's values may be; its sentences name them as karanictl's options and the socket's parameters do.
#include "daemon/control/correction_inside.h"

#include "daemon/diary/text/rows.h"
#include "daemon/settings/routine.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { HELD_MAX_S = 24 * 60 * 60, DAY_S = 24 * 60 * 60 };

bool correction_fail(struct correction_result *result, enum correction_verdict verdict, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(result->sentence, sizeof result->sentence, format, arguments);
    va_end(arguments);
    result->verdict = verdict;
    return false;
}

static bool refuse(struct correction_result *result, const char *member, const char *wanted) {
    result->member = member;
    return correction_fail(result, CORRECTION_WRONG, "%s %s.", member, wanted);
}

static bool two_digits(const char *text, int most, int *value) {
    if (!g_ascii_isdigit(text[0]) || !g_ascii_isdigit(text[1])) {
        return false;
    }
    *value = (text[0] - '0') * 10 + (text[1] - '0');
    return *value <= most;
}

bool correction_parse_local(const char *text, int64_t *local_s) {
    char date[NIGHT_TEXT_SIZE];
    int32_t day;
    int hour, minute, second = 0;
    size_t length = strlen(text);
    if ((length != strlen("2026-03-01 21:40") && length != strlen("2026-03-01 21:40:00")) || text[10] != ' ') {
        return false;
    }
    memcpy(date, text, sizeof date - 1);
    date[sizeof date - 1] = '\0';
    // Before 1970 nobody has kept a diary; what is after 9999 in UTC has no date that it reads.
    if (!night_parse(date, &day) || day < 1 || day >= night_from_date(9999, 12, 31) ||
        !two_digits(text + 11, 23, &hour) || text[13] != ':' || !two_digits(text + 14, 59, &minute)) {
        return false;
    }
    if (text[16] != '\0' && (text[16] != ':' || !two_digits(text + 17, 59, &second))) {
        return false;
    }
    *local_s = (int64_t)day * DAY_S + hour * 3600 + minute * 60 + second;
    return true;
}

static bool take_night(const char *text, const char *member, int32_t *night, struct correction_result *result) {
    return text == NULL || night_parse(text, night) || refuse(result, member, "takes a date that exists, YYYY-MM-DD");
}

static bool check_text(const char *text, size_t most, const char *member, struct correction_result *result) {
    if (text == NULL || (strlen(text) <= most && g_utf8_validate(text, -1, NULL))) {
        return true;
    }
    result->member = member;
    return correction_fail(result, CORRECTION_WRONG, "%s takes a text in UTF-8 of at most %zu bytes.", member, most);
}

// As in the settings: what could be a file's name, and leads to no other directory.
static bool check_routine(const char *name, struct correction_result *result) {
    static const char may_be[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    if (!check_text(name, RECORD_NAME_SIZE - 1, "routine", result)) {
        return false;
    }
    return name == NULL || (*name != '\0' && *name != '.' && name[strspn(name, may_be)] == '\0') ||
           refuse(result, "routine",
                  "takes a routine's name: letters, digits, dots, hyphens and underscores, and no dot in front");
}

static bool check_seconds(int64_t seconds, const char *member, struct correction_result *result) {
    return (seconds >= -1 && seconds <= HELD_MAX_S) ||
           refuse(result, member, "takes at most a day (1440 minutes), and no less than 0");
}

// What began in the last night that there is a date for may have begun a year later in UTC.
static bool check_night(int32_t night, struct correction_result *result) {
    return night < night_from_date(9999, 12, 31) || refuse(result, "night", "takes a date before 9999-12-31");
}

static bool take_session(const struct correction *correction, struct correction_values *values,
                         struct correction_result *result) {
    enum variant variant;
    enum outcome outcome;
    if (!take_night(correction->night, "night", &values->night, result) || !check_night(values->night, result) ||
        !check_seconds(correction->held_s, "held_s", result) ||
        !check_seconds(correction->planned_s, "planned_s", result) || !check_routine(correction->routine, result) ||
        !check_text(correction->note, CORRECTION_NOTE_MAX, "note", result)) {
        return false;
    }
    if (correction->started != NULL && !correction_parse_local(correction->started, &values->started_local_s)) {
        return refuse(result, "started", "takes a date and a time from 1970-01-02 to 9999-12-30, \"YYYY-MM-DD HH:MM\"");
    }
    if (correction->outcome != NULL && (!outcome_parse(correction->outcome, &outcome) || outcome == OUTCOME_RUNNING)) {
        return refuse(result, "outcome", "takes one of finished, ended-early, interrupted, not-mine");
    }
    if (correction->variant != NULL && !variant_parse(correction->variant, &variant)) {
        return refuse(result, "variant", "takes one of wall, hips, knees, farther, chair");
    }
    return true;
}

static bool check_id(const char *id, struct correction_result *result) {
    size_t length = id != NULL ? strlen(id) : 0;
    if (length >= CORRECTION_ID_MIN && length < UUID_SIZE && strspn(id, "0123456789abcdefABCDEF-") == length) {
        return true;
    }
    return refuse(result, "id", "takes a session's UUID, or at least its first 4 characters");
}

static bool take_nights(const struct correction *correction, struct correction_values *values,
                        struct correction_result *result) {
    if (correction->first == NULL) {
        return refuse(result, "first", "is missing");
    }
    if (!take_night(correction->first, "first", &values->first, result)) {
        return false;
    }
    values->last = values->first;
    if (!take_night(correction->last, "last", &values->last, result)) {
        return false;
    }
    if (values->last < values->first) {
        return refuse(result, "last", "lies before the first night");
    }
    if (values->last - values->first >= CORRECTION_NIGHTS_MAX) {
        return refuse(result, "last", "is more than 1000 nights away");
    }
    return true;
}

bool correction_take_values(const struct correction *correction, struct correction_values *values,
                            struct correction_result *result) {
    *result = (struct correction_result){.verdict = CORRECTION_DONE};
    *values = (struct correction_values){.night = NIGHT_NONE, .started_local_s = INT64_MIN};
    switch (correction->kind) {
    case CORRECTION_ADD:
        if (correction->night == NULL && correction->started == NULL) {
            return refuse(result, "night", "or started is needed to add a session");
        }
        if (correction->held_s < 0) {
            return refuse(result, "held_s", "is needed to add a session");
        }
        return take_session(correction, values, result);
    case CORRECTION_EDIT:
        if (!check_id(correction->id, result)) {
            return false;
        }
        if (!correction_says_any(correction)) {
            return refuse(result, "id", "alone changes nothing; say what of the session is otherwise");
        }
        return take_session(correction, values, result);
    case CORRECTION_DELETE:
        return check_id(correction->id, result);
    case CORRECTION_AWAY:
        return take_nights(correction, values, result);
    case CORRECTION_IMPORT:
        return correction->text != NULL || refuse(result, "text", "is missing");
    case CORRECTION_KINDS:
        break;
    }
    return refuse(result, "kind", "is none there is");
}

static bool check_rows(const char *text, struct correction_result *result) {
    struct rows rows;
    struct rows_fault fault;
    int error = rows_read(text, strlen(text), &rows, &fault);
    if (error == 0) {
        rows_clear(&rows);
        return true;
    }
    if (error == -ENOMEM) {
        return correction_fail(result, CORRECTION_NOT_KEPT, "Memory is short for a file of this size.");
    }
    result->line = fault.line;
    return correction_fail(result, CORRECTION_BAD_ROW, "%s", fault.sentence);
}

bool correction_check(const struct correction *correction, struct correction_result *result) {
    struct correction_values values;
    if (!correction_take_values(correction, &values, result)) {
        return false;
    }
    return correction->kind != CORRECTION_IMPORT || check_rows(correction->text, result);
}
