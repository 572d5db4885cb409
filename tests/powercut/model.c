// What must be read again: keeping it in order, comparing it, saying what is missing.
#include "tests/powercut/model.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const model_setting_keys[MODEL_SETTINGS] = {[MODEL_MINUTES] = "minutes", [MODEL_CLOCK] = "clock"};

static const struct model_session *find(const struct model *model, const char *uuid) {
    for (size_t i = 0; i < model->session_count; i++) {
        if (strcmp(model->sessions[i].uuid, uuid) == 0) {
            return &model->sessions[i];
        }
    }
    return NULL;
}

struct model_session *model_find(struct model *model, const char *uuid) {
    return (struct model_session *)(uintptr_t)find(model, uuid);
}

static void must_have_room(bool has, const char *what, int most) {
    if (!has) {
        fprintf(stderr, "powercut: more than %d %s\n", most, what);
        exit(2);
    }
}

static int compare(const struct model_session *a, const struct model_session *b) {
    if (a->started_utc_s != b->started_utc_s) {
        return a->started_utc_s < b->started_utc_s ? -1 : 1;
    }
    return strcmp(a->uuid, b->uuid);
}

static void put_in_order(struct model *model) {
    for (size_t i = 1; i < model->session_count; i++) {
        struct model_session moved = model->sessions[i];
        size_t at = i;
        for (; at > 0 && compare(&model->sessions[at - 1], &moved) > 0; at--) {
            model->sessions[at] = model->sessions[at - 1];
        }
        if (at < i) {
            model->sessions[at] = moved;
        }
    }
}

void model_put(struct model *model, const struct session_record *session) {
    struct model_session *put = model_find(model, session->uuid);
    if (put == NULL) {
        must_have_room(model->session_count < MODEL_SESSIONS_MAX, "sessions", MODEL_SESSIONS_MAX);
        put = &model->sessions[model->session_count++];
        memset(put, 0, sizeof *put);
    }
    memcpy(put->uuid, session->uuid, sizeof put->uuid);
    put->night = session->night;
    put->started_utc_s = session->started_utc_s;
    put->utc_offset_s = session->utc_offset_s;
    put->planned_s = session->planned_s;
    put->held_s = session->held_s;
    put->overtime_s = session->overtime_s;
    put->clock = session->clock;
    put->outcome = session->outcome;
    put->outcome_was = session->outcome == OUTCOME_NOT_MINE ? session->outcome_was : session->outcome;
    snprintf(put->variant, sizeof put->variant, "%s", session->variant);
    if (session->note != NULL) { // else it stays what it is
        snprintf(put->note, sizeof put->note, "%s", session->note);
    }
    put_in_order(model);
}

void model_take_out(struct model *model, const char *uuid) {
    struct model_session *gone = model_find(model, uuid);
    if (gone != NULL) {
        size_t behind = (size_t)(&model->sessions[--model->session_count] - gone);
        memmove(gone, gone + 1, behind * sizeof *gone);
    }
}

bool model_set_away(struct model *model, int32_t night, bool away) {
    size_t at = 0;
    while (at < model->away_count && model->away[at] < night) {
        at++;
    }
    bool is_away = at < model->away_count && model->away[at] == night;
    if (is_away == away) {
        return false;
    }
    must_have_room(!away || model->away_count < MODEL_AWAY_MAX, "away nights", MODEL_AWAY_MAX);
    size_t behind = model->away_count - at - (is_away ? 1 : 0);
    if (away) {
        memmove(&model->away[at + 1], &model->away[at], behind * sizeof model->away[0]);
        model->away[at] = night;
    } else {
        memmove(&model->away[at], &model->away[at + 1], behind * sizeof model->away[0]);
    }
    model->away_count += away ? 1 : (size_t)-1;
    return true;
}

void model_add_change(struct model *model, const struct model_change *change) {
    must_have_room(model->change_count < MODEL_CHANGES_MAX, "changes", MODEL_CHANGES_MAX);
    model->changes[model->change_count++] = *change;
}

static bool session_differs(const struct model_session *wanted, const struct model_session *got,
                            char why[MODEL_WHY_SIZE]) {
    if (got == NULL) {
        snprintf(why, MODEL_WHY_SIZE, "session %s is lost, %" PRId64 " s", wanted->uuid, wanted->held_s);
    } else if (got->held_s < wanted->held_s) {
        snprintf(why, MODEL_WHY_SIZE, "session %s has %" PRId64 " s instead of %" PRId64, wanted->uuid, got->held_s,
                 wanted->held_s);
    } else if (compare(got, wanted) != 0 || got->held_s != wanted->held_s || got->planned_s != wanted->planned_s ||
               got->overtime_s != wanted->overtime_s || got->night != wanted->night || got->clock != wanted->clock ||
               got->utc_offset_s != wanted->utc_offset_s || got->outcome != wanted->outcome ||
               got->outcome_was != wanted->outcome_was || strcmp(got->variant, wanted->variant) != 0 ||
               strcmp(got->note, wanted->note) != 0) {
        snprintf(why, MODEL_WHY_SIZE,
                 "session %s is another: at %" PRId64 ", %s, %" PRId64 " s, \"%s\" instead of at %" PRId64
                 ", %s, %" PRId64 " s, \"%s\"",
                 wanted->uuid, got->started_utc_s, outcome_name(got->outcome), got->held_s, got->note,
                 wanted->started_utc_s, outcome_name(wanted->outcome), wanted->held_s, wanted->note);
    } else {
        return false;
    }
    return true;
}

static bool sessions_differ(const struct model *wanted, const struct model *got, char why[MODEL_WHY_SIZE]) {
    for (size_t i = 0; i < wanted->session_count; i++) {
        const struct model_session *session = &wanted->sessions[i];
        bool in_place = i < got->session_count && strcmp(got->sessions[i].uuid, session->uuid) == 0;
        if (session_differs(session, in_place ? &got->sessions[i] : find(got, session->uuid), why)) {
            return true;
        }
    }
    for (size_t i = 0; got->session_count > wanted->session_count && i < got->session_count; i++) {
        const char *uuid = got->sessions[i].uuid;
        if (find(wanted, uuid) == NULL) {
            snprintf(why, MODEL_WHY_SIZE, "session %s is there, which was never written or has been taken out", uuid);
            return true;
        }
    }
    return false;
}

static bool changes_differ(const struct model *wanted, const struct model *got, char why[MODEL_WHY_SIZE]) {
    for (size_t i = 0; i < wanted->change_count && i < got->change_count; i++) {
        const struct model_change *a = &wanted->changes[i], *b = &got->changes[i];
        if (a->at_utc_s != b->at_utc_s || strcmp(a->what, b->what) != 0 || strcmp(a->of, b->of) != 0 ||
            a->was != b->was || a->is != b->is) {
            snprintf(why, MODEL_WHY_SIZE, "change %zu is %s of \"%s\" at %" PRId64 ", not %s of \"%s\" at %" PRId64,
                     i + 1, b->what, b->of, b->at_utc_s, a->what, a->of, a->at_utc_s);
            return true;
        }
    }
    snprintf(why, MODEL_WHY_SIZE, "%zu changes instead of %zu", got->change_count, wanted->change_count);
    return got->change_count != wanted->change_count;
}

bool model_differs(const struct model *wanted, const struct model *got, char why[MODEL_WHY_SIZE]) {
    if (sessions_differ(wanted, got, why)) {
        return true;
    }
    if (got->away_count != wanted->away_count ||
        memcmp(got->away, wanted->away, wanted->away_count * sizeof wanted->away[0]) != 0) {
        snprintf(why, MODEL_WHY_SIZE, "%zu away nights instead of %zu, or others", got->away_count, wanted->away_count);
        return true;
    }
    if (changes_differ(wanted, got, why)) {
        return true;
    }
    for (int i = 0; i < MODEL_SETTINGS; i++) {
        if (strcmp(got->settings[i], wanted->settings[i]) != 0) {
            snprintf(why, MODEL_WHY_SIZE, "the setting %s is \"%.60s\" instead of \"%.60s\"", model_setting_keys[i],
                     got->settings[i], wanted->settings[i]);
            return true;
        }
    }
    return false;
}

void tale_acknowledge(struct tale *tale, const struct model *model) {
    tale->models = log_grow(tale->models, tale->model_count, &tale->model_room, sizeof *tale->models);
    if (tale->model_count == 0) {
        tale->first = tale->log.count;
    } else {
        log_add(&tale->log, &(struct op){.kind = OP_ACKNOWLEDGE});
    }
    tale->models[tale->model_count++] = *model;
}

void tale_clear(struct tale *tale) {
    log_clear(&tale->log);
    free(tale->models);
    *tale = (struct tale){.name = NULL};
}
