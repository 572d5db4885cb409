// The table of a session's fields, and what a kind of field is in the diary.
#include "daemon/diary/fields.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AT(member) .at = offsetof(struct session_record, member), .size = sizeof(((struct session_record *)0)->member)

const struct field fields[] = {
    {"uuid", FIELD_UUID, AT(uuid)},
    {"night", FIELD_NIGHT, AT(night)},
    {"started_utc", FIELD_TIME, AT(started_utc_s)},
    {"utc_offset", FIELD_OFFSET, AT(utc_offset_s)},
    {"zone", FIELD_NAME, AT(zone)},
    {"clock", FIELD_CLOCK, AT(clock)},
    {"routine", FIELD_NAME, AT(routine)},
    {"variant", FIELD_NAME, AT(variant)},
    {"planned_s", FIELD_SECONDS, AT(planned_s)},
    {"held_s", FIELD_SECONDS, AT(held_s)},
    {"overtime_s", FIELD_SECONDS, AT(overtime_s)},
    {"outcome", FIELD_OUTCOME, AT(outcome)},
    {"note", FIELD_NOTE, AT(note)},
    {"outcome_was", FIELD_OUTCOME_WAS, AT(outcome_was), .internal = true},
    {"boot_id", FIELD_NAME, AT(boot_id), .internal = true},
    {"counted_from_boot_ms", FIELD_NUMBER, AT(counted_from_boot_ms), .internal = true},
    {"paused_at_boot_ms", FIELD_NUMBER, AT(paused_at_boot_ms), .internal = true, .absent = -1},
};

const size_t field_count = sizeof fields / sizeof *fields;
_Static_assert(sizeof fields / sizeof *fields <= FIELDS_MAX, "there is room for all of them");

// In UTC the evening of 0001-01-01 may have begun a day before, on 0000-12-31; the last second is that of 9999.
#define TIME_FIRST_S INT64_C(-62135683200)
#define TIME_LAST_S  INT64_C(253402300799)
#define DAY_S        (24 * 60 * 60)
// No board runs for a hundred years.
#define BOOT_LAST_MS (INT64_C(100) * 366 * DAY_S * 1000)

// What a kind is in the diary; of a number, what something here may have written or an import have taken. Who reads a
// row reckons with its numbers.
static const struct {
    const char *type;
    bool may_be_missing;
    int64_t least, most;
} KINDS[FIELD_KINDS] = {
    [FIELD_UUID] = {.type = "TEXT"},
    [FIELD_NAME] = {.type = "TEXT"},
    [FIELD_NOTE] = {.type = "TEXT", .may_be_missing = true},
    [FIELD_NIGHT] = {.type = "TEXT", .may_be_missing = true},
    [FIELD_TIME] = {.type = "INTEGER", .least = TIME_FIRST_S, .most = TIME_LAST_S},
    [FIELD_OFFSET] = {.type = "INTEGER", .least = -DAY_S + 1, .most = DAY_S - 1},
    [FIELD_SECONDS] = {.type = "INTEGER", .least = 0, .most = INT32_MAX},
    [FIELD_NUMBER] = {.type = "INTEGER", .least = -1, .most = BOOT_LAST_MS},
    [FIELD_CLOCK] = {.type = "TEXT"},
    [FIELD_OUTCOME] = {.type = "TEXT"},
    [FIELD_OUTCOME_WAS] = {.type = "TEXT", .may_be_missing = true},
};

bool field_is_text(const struct field *field) {
    return KINDS[field->kind].type[0] == 'T';
}

bool field_may_be_missing(const struct field *field) {
    return KINDS[field->kind].may_be_missing;
}

// ---- values ----

static const void *place_of(const struct field *field, const struct session_record *session) {
    return (const char *)session + field->at;
}

static void *place_in(const struct field *field, struct session_record *session) {
    return (char *)session + field->at;
}

static const char *night_text(int32_t night, char buffer[NIGHT_TEXT_SIZE]) {
    night_format(night, buffer);
    return night != NIGHT_NONE ? buffer : NULL;
}

const char *field_text(const struct field *field, const struct session_record *session, char buffer[NIGHT_TEXT_SIZE]) {
    const void *place = place_of(field, session);
    switch (field->kind) {
    case FIELD_UUID:
    case FIELD_NAME:
        return place;
    case FIELD_NOTE:
        return *(char *const *)place;
    case FIELD_NIGHT:
        return night_text(*(const int32_t *)place, buffer);
    case FIELD_CLOCK:
        return clock_quality_name(*(const enum clock_quality *)place);
    case FIELD_OUTCOME:
        return outcome_name(*(const enum outcome *)place);
    case FIELD_OUTCOME_WAS:
        return session->outcome == OUTCOME_NOT_MINE ? outcome_name(*(const enum outcome *)place) : NULL;
    case FIELD_TIME:
    case FIELD_OFFSET:
    case FIELD_SECONDS:
    case FIELD_NUMBER:
    case FIELD_KINDS:
        break;
    }
    assert(false);
    return NULL;
}

int64_t field_number(const struct field *field, const struct session_record *session) {
    const void *place = place_of(field, session);
    return field->size == sizeof(int32_t) ? *(const int32_t *)place : *(const int64_t *)place;
}

static bool set_name(char *name, size_t size, const char *text) {
    size_t length = text != NULL ? strnlen(text, size - 1) : 0;
    memcpy(name, text != NULL ? text : "", length);
    name[length] = '\0';
    return true;
}

static bool set_night(int32_t *night, const char *text) {
    *night = NIGHT_NONE;
    return text == NULL || night_parse(text, night);
}

// A row from outside never was anything else.
static bool set_outcome_was(enum outcome *was, enum outcome outcome, const char *text) {
    *was = outcome;
    if (outcome == OUTCOME_NOT_MINE && (text == NULL || !outcome_parse(text, was))) {
        *was = OUTCOME_FINISHED;
    }
    return true;
}

bool field_set_text(const struct field *field, const char *text, struct session_record *session) {
    void *place = place_in(field, session);
    switch (field->kind) {
    case FIELD_UUID:
    case FIELD_NAME:
        return set_name(place, field->size, text);
    case FIELD_NOTE:
        *(char **)place = (char *)(uintptr_t)text;
        return true;
    case FIELD_NIGHT:
        return set_night(place, text);
    case FIELD_CLOCK:
        return text != NULL && clock_quality_parse(text, place);
    case FIELD_OUTCOME:
        return text != NULL && outcome_parse(text, place);
    case FIELD_OUTCOME_WAS:
        return set_outcome_was(place, session->outcome, text);
    case FIELD_TIME:
    case FIELD_OFFSET:
    case FIELD_SECONDS:
    case FIELD_NUMBER:
    case FIELD_KINDS:
        break;
    }
    assert(false);
    return false;
}

void field_set_number(const struct field *field, int64_t number, struct session_record *session) {
    void *place = place_in(field, session);
    if (field->size == sizeof(int32_t)) {
        *(int32_t *)place = (int32_t)number;
    } else {
        *(int64_t *)place = number;
    }
}

bool field_has_room(const struct field *field, size_t length) {
    return (field->kind != FIELD_UUID && field->kind != FIELD_NAME) || length < field->size;
}

bool field_can_be(const struct field *field, int64_t number) {
    return number >= KINDS[field->kind].least && number <= KINDS[field->kind].most;
}

struct session_record fields_blank(void) {
    struct session_record session = {.night = NIGHT_NONE};
    for (size_t i = 0; i < field_count; i++) {
        if (!field_is_text(&fields[i])) {
            field_set_number(&fields[i], fields[i].absent, &session);
        }
    }
    return session;
}

bool fields_differ(const struct session_record *one, const struct session_record *other) {
    bool differ = false;
    for (size_t i = 0; i < field_count && !differ; i++) {
        char nights[2][NIGHT_TEXT_SIZE];
        if (field_is_text(&fields[i])) {
            const char *text = field_text(&fields[i], one, nights[0]);
            const char *other_text = field_text(&fields[i], other, nights[1]);
            differ = strcmp(text != NULL ? text : "", other_text != NULL ? other_text : "") != 0;
        } else {
            differ = field_number(&fields[i], one) != field_number(&fields[i], other);
        }
    }
    return differ;
}

// ---- SQL ----

// A text in the making, in FIELDS_SQL_SIZE bytes.
struct sql {
    char *text;
    size_t length;
};

__attribute__((format(printf, 2, 3))) static void add(struct sql *sql, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(sql->text + sql->length, FIELDS_SQL_SIZE - sql->length, format, arguments);
    va_end(arguments);
    sql->length += (size_t)length;
    assert(sql->length < FIELDS_SQL_SIZE);
}

// What a row has that was made without the field.
static void add_absent(struct sql *sql, const struct field *field) {
    if (field_may_be_missing(field)) {
        add(sql, "NULL");
    } else if (field_is_text(field)) {
        add(sql, "''");
    } else {
        add(sql, "%" PRId64, field->absent);
    }
}

static void add_column(struct sql *sql, const struct field *field, int64_t version) {
    if (field->since <= version) {
        add(sql, "%s", field->name);
    } else {
        add_absent(sql, field);
    }
}

static void add_definition(struct sql *sql, const struct field *field, int64_t version) {
    (void)version;
    bool required = !field_may_be_missing(field);
    add(sql, "%s %s%s%s", field->name, KINDS[field->kind].type, required ? " NOT NULL" : "",
        field->kind == FIELD_UUID ? " UNIQUE" : "");
    if (required && (field->internal || field->since > 0)) {
        add(sql, " DEFAULT ");
        add_absent(sql, field);
    }
}

static int parameter_of(const struct field *field) {
    return (int)(field - fields) + 1;
}

static void add_value(struct sql *sql, const struct field *field, int64_t version) {
    (void)version;
    add(sql, field->kind == FIELD_NOTE ? "nullif(?%d, '')" : "?%d", parameter_of(field));
}

static void add_update(struct sql *sql, const struct field *field, int64_t version) {
    (void)version;
    if (field->kind == FIELD_NOTE) {
        add(sql, "%s = nullif(coalesce(?%d, %s), '')", field->name, parameter_of(field), field->name);
    } else {
        add(sql, "%s = ?%d", field->name, parameter_of(field));
    }
}

static const struct list {
    const char *mark;
    size_t first; // of the fields that are in it
    void (*add)(struct sql *sql, const struct field *field, int64_t version);
} LISTS[] = {
    {"{columns}", 0, add_column},
    {"{definitions}", 0, add_definition},
    {"{values}", 0, add_value},
    {"{updates}", 1, add_update},
};

static const struct list *find_list(const char *text) {
    const struct list *list = LISTS;
    while (strncmp(text, list->mark, strlen(list->mark)) != 0) {
        list++;
        assert(list < LISTS + sizeof LISTS / sizeof *LISTS);
    }
    return list;
}

void fields_sql(const char *text, int64_t version, char sql[FIELDS_SQL_SIZE]) {
    struct sql made = {.text = sql};
    for (;;) {
        size_t plain = strcspn(text, "{");
        add(&made, "%.*s", (int)plain, text);
        text += plain;
        if (*text == '\0') {
            return;
        }
        const struct list *list = find_list(text);
        for (size_t i = list->first; i < field_count; i++) {
            add(&made, "%s", i > list->first ? ", " : "");
            list->add(&made, &fields[i], version);
        }
        text += strlen(list->mark);
    }
}

void fields_sql_adding(int64_t version, char sql[FIELDS_SQL_SIZE]) {
    struct sql made = {.text = sql};
    add(&made, "%s", "");
    for (size_t i = 0; i < field_count; i++) {
        if (fields[i].since == version) {
            add(&made, "ALTER TABLE session ADD COLUMN ");
            add_definition(&made, &fields[i], version);
            add(&made, ";");
        }
    }
}
