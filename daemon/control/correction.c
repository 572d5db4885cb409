// Carries corrections out: adds, edits and deletes sessions; away nights and files are in files of their own.
#include "daemon/control/correction_inside.h"

#include "daemon/diary/fields.h"
#include "daemon/diary/text/object.h"
#include "daemon/diary/text/rows.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <uuid/uuid.h>

enum { DAY_S = 24 * 60 * 60, NOON_S = 12 * 60 * 60 };

struct correction correction_of(enum correction_kind kind) {
    return (struct correction){.kind = kind, .held_s = -1, .planned_s = -1};
}

// ---- what the parts share ----

static const char *reason_of(enum diary_health health) {
    switch (health) {
    case DIARY_FULL:
        return "the storage is full";
    case DIARY_READONLY:
        return "this user may not write it, or the storage takes nothing more";
    case DIARY_DAMAGED:
        return "it is damaged or not one of Karani's";
    case DIARY_NEWER:
        return "it was written by a newer Karani";
    case DIARY_NO_MEMORY:
        return "memory is short";
    case DIARY_BUSY:
        return "another program holds it";
    case DIARY_GOOD:
    case DIARY_IO_ERROR:
        break;
    }
    return "the storage reports errors";
}

void correction_cannot_read(struct diary *diary, struct correction_result *result) {
    (void)correction_fail(result, CORRECTION_NOT_KEPT, "The diary cannot be read, and nothing was changed: %s.",
                          reason_of(diary_health(diary)));
}

void correction_write(struct diary *diary, const struct diary_amendment *amendment, struct correction_result *result) {
    if (diary_amend(diary, amendment) != 0) {
        (void)correction_fail(result, CORRECTION_NOT_KEPT, "The diary cannot be written, and nothing was changed: %s.",
                              reason_of(diary_health(diary)));
    }
}

char *correction_row_text(const struct session_record *session) {
    JsonBuilder *builder = json_builder_new();
    rows_build_json(builder, session);
    return object_print(builder);
}

// One session that was, and what it is now (NULL: it was not, or is no more).
static void write_session(struct diary *diary, const char *what, const struct session_record *was,
                          const struct session_record *is, const struct correction_place *place,
                          struct correction_result *result) {
    char *before = was != NULL ? correction_row_text(was) : NULL;
    char *after = is != NULL ? correction_row_text(is) : NULL;
    if (before != NULL && after != NULL && strcmp(before, after) == 0) {
        result->verdict = CORRECTION_UNCHANGED;
    } else {
        const struct diary_change change = {
            .at_utc_s = place->now_utc_s, .what = what, .before = before, .after = after};
        const struct diary_amendment amendment = {
            .sessions = is,
            .session_count = is != NULL,
            .gone = is == NULL ? was->uuid : NULL,
            .changes = &change,
            .change_count = 1,
        };
        correction_write(diary, &amendment, result);
    }
    g_free(before);
    g_free(after);
}

// ---- which session ----

struct search {
    const char *id;
    size_t length;
    size_t found;
    struct session_record session; // owned, with its note
};

static int look_at(void *context, const struct session_record *session) {
    struct search *search = context;
    bool whole = g_ascii_strcasecmp(session->uuid, search->id) == 0;
    if (g_ascii_strncasecmp(session->uuid, search->id, search->length) != 0) {
        return 0;
    }
    search->found = whole ? 1 : search->found + 1;
    free(search->session.note);
    search->session = *session;
    search->session.note = session->note != NULL ? strdup(session->note) : NULL;
    return session->note != NULL && search->session.note == NULL ? -ENOMEM : whole;
}

// The session that is meant, if it may be corrected; the caller frees its note.
static bool find_session(struct diary *diary, const char *id, const char *in_use, struct session_record *session,
                         struct correction_result *result) {
    struct search search = {.id = id, .length = strlen(id)};
    if (diary_each_session(diary, look_at, &search) < 0) {
        correction_cannot_read(diary, result);
    } else if (search.found == 0) {
        (void)correction_fail(result, CORRECTION_UNKNOWN, "No session has the ID %s; history --json lists them.", id);
    } else if (search.found > 1) {
        (void)correction_fail(result, CORRECTION_AMBIGUOUS,
                              "%zu sessions have an ID that begins with %s; give more of it.", search.found, id);
    } else if (search.session.outcome == OUTCOME_RUNNING ||
               (in_use != NULL && strcmp(search.session.uuid, in_use) == 0)) {
        (void)correction_fail(result, CORRECTION_IN_USE, "This session is not over; correct it once it is.");
    }
    if (result->verdict != CORRECTION_DONE) {
        free(search.session.note);
        return false;
    }
    memcpy(result->uuid, search.session.uuid, sizeof result->uuid);
    *session = search.session;
    return true;
}

// ---- what is said of a session ----

static void set_text(char *to, size_t size, const char *text) {
    if (text != NULL) {
        snprintf(to, size, "%s", text);
    }
}

static void set_start(struct session_record *session, int64_t local_s, const struct zone *zone) {
    session->started_utc_s = zone_utc_of_local(zone, local_s);
    session->utc_offset_s = zone_offset_s(zone, session->started_utc_s);
}

// In the zone where the session was. Its time is as right as its owner knows it, and its night follows.
static void correct_start(struct session_record *session, int64_t local_s, const struct zone *in_force) {
    struct zone *own = zone_open(session->zone);
    set_start(session, local_s, own != NULL ? own : in_force);
    zone_unref(own);
    session->night = night_of_local(session->started_utc_s + session->utc_offset_s);
    session->clock = CLOCK_SET;
}

static void set_outcome(struct session_record *session, enum outcome outcome) {
    bool already = session->outcome == OUTCOME_NOT_MINE;
    if (outcome != OUTCOME_NOT_MINE) {
        session->outcome_was = outcome;
    } else if (!already) {
        session->outcome_was = session->outcome;
    }
    session->outcome = outcome;
}

// By the fields' names. The note is not among them: the row borrows it where there is one to be changed.
static void take_what_is_said(struct session_record *session, const struct correction *correction) {
    for (size_t i = 0; i < field_count; i++) {
        const struct field *field = &fields[i];
        const char *text = NULL;
        int64_t number = 0;
        enum outcome outcome;
        if (field->kind == FIELD_NOTE || !correction_says(correction, field->name, &text, &number)) {
            continue;
        }
        if (field->kind == FIELD_OUTCOME && outcome_parse(text, &outcome)) {
            set_outcome(session, outcome);
        } else if (field_is_text(field)) {
            (void)field_set_text(field, text, session); // it has been checked
        } else {
            field_set_number(field, number, session);
        }
    }
    if (correction->held_s >= 0 && session->overtime_s > session->held_s) {
        session->overtime_s = session->held_s;
    }
}

// ---- add ----

// When a session of that night began, for want of anything better: at the time of the invitation, but not so late that
// it would not be over by now.
static int64_t usual_start_local_s(int32_t night, int64_t held_s, const struct correction_place *place) {
    int64_t invite_s = place->invite_min * 60;
    int64_t local_s = (int64_t)night * DAY_S + invite_s + (invite_s < NOON_S ? DAY_S : 0);
    int64_t now_local_s = place->now_utc_s + zone_offset_s(place->zone, place->now_utc_s);
    int64_t noon_s = (int64_t)night * DAY_S + NOON_S;
    if (night_of_local(now_local_s) != night || local_s + held_s <= now_local_s) {
        return local_s;
    }
    return now_local_s - held_s > noon_s ? now_local_s - held_s : noon_s;
}

static void add(struct diary *diary, const struct correction *correction, const struct correction_values *values,
                const struct correction_place *place, struct correction_result *result) {
    struct session_record session = fields_blank();
    session.clock = CLOCK_SET;
    session.planned_s = correction->held_s;
    session.outcome = session.outcome_was = OUTCOME_FINISHED;
    session.note = (char *)(uintptr_t)correction->note; // borrowed; it is not changed
    uuid_t uuid;
    uuid_generate_random(uuid);
    uuid_unparse_lower(uuid, session.uuid);
    set_text(session.zone, sizeof session.zone, zone_name(place->zone));
    set_text(session.routine, sizeof session.routine, place->routine);
    set_text(session.variant, sizeof session.variant, place->variant);
    set_start(&session,
              correction->started != NULL ? values->started_local_s
                                          : usual_start_local_s(values->night, correction->held_s, place),
              place->zone);
    session.night = night_of_local(session.started_utc_s + session.utc_offset_s);
    take_what_is_said(&session, correction);
    if (session.note != NULL && session.note[0] == '\0') {
        session.note = NULL;
    }
    memcpy(result->uuid, session.uuid, sizeof result->uuid);
    write_session(diary, "add", NULL, &session, place, result);
}

// ---- edit, delete ----

static void edit(struct diary *diary, const struct correction *correction, const struct correction_values *values,
                 const struct correction_place *place, struct correction_result *result) {
    struct session_record was;
    if (!find_session(diary, correction->id, place->in_use, &was, result)) {
        return;
    }
    struct session_record is = was;
    if (correction->started != NULL) {
        correct_start(&is, values->started_local_s, place->zone);
    }
    take_what_is_said(&is, correction);
    // "" takes a note away; where there is none, there is none to be taken.
    if (correction->note != NULL && (correction->note[0] != '\0' || was.note != NULL)) {
        is.note = (char *)(uintptr_t)correction->note;
    }
    write_session(diary, "edit", &was, &is, place, result);
    free(was.note);
}

static void take_out(struct diary *diary, const struct correction *correction, const struct correction_place *place,
                     struct correction_result *result) {
    struct session_record was;
    if (!find_session(diary, correction->id, place->in_use, &was, result)) {
        return;
    }
    write_session(diary, "delete", &was, NULL, place, result);
    free(was.note);
}

void correction_apply(struct diary *diary, const struct correction *correction, const struct correction_place *place,
                      struct correction_result *result) {
    struct correction_values values;
    if (!correction_take_values(correction, &values, result)) {
        return;
    }
    switch (correction->kind) {
    case CORRECTION_ADD:
        add(diary, correction, &values, place, result);
        break;
    case CORRECTION_EDIT:
        edit(diary, correction, &values, place, result);
        break;
    case CORRECTION_DELETE:
        take_out(diary, correction, place, result);
        break;
    case CORRECTION_AWAY:
        correction_away(diary, &values, !correction->clear, place, result);
        break;
    case CORRECTION_IMPORT:
        correction_import(diary, correction, place, result);
        break;
    case CORRECTION_KINDS:
        assert(false);
        break;
    }
}
