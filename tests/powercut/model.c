// What must be read again: keeping it in order, comparing it, saying what is missing.
#include "tests/powercut/model.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct model_session *find(const struct model *model, const char *uuid) {
    for (size_t i = 0; i < model->session_count; i++) {
        if (strcmp(model->sessions[i].uuid, uuid) == 0) {
            return (struct model_session *)(uintptr_t)&model->sessions[i];
        }
    }
    return NULL;
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

void model_put(struct model *model, const struct diary_session *session) {
    struct model_session *put = find(model, session->uuid);
    if (put == NULL) {
        if (model->session_count == MODEL_SESSIONS_MAX) {
            fprintf(stderr, "powercut: more than %d sessions\n", MODEL_SESSIONS_MAX);
            exit(2);
        }
        put = &model->sessions[model->session_count++];
        memset(put, 0, sizeof *put);
    }
    memcpy(put->uuid, session->uuid, sizeof put->uuid);
    put->night = session->night;
    put->started_utc_s = session->started_utc_s;
    put->planned_s = session->planned_s;
    put->held_s = session->held_s;
    put->overtime_s = session->overtime_s;
    put->clock = session->clock;
    put->outcome = session->outcome;
    put->outcome_was = session->outcome == OUTCOME_NOT_MINE ? session->outcome_was : session->outcome;
    put_in_order(model);
}

void model_set_away(struct model *model, int32_t night, bool away) {
    size_t at = 0;
    while (at < model->away_count && model->away[at] < night) {
        at++;
    }
    bool is_away = at < model->away_count && model->away[at] == night;
    if (is_away == away) {
        return;
    }
    size_t behind = model->away_count - at - (is_away ? 1 : 0);
    if (away) {
        memmove(&model->away[at + 1], &model->away[at], behind * sizeof model->away[0]);
        model->away[at] = night;
    } else {
        memmove(&model->away[at], &model->away[at + 1], behind * sizeof model->away[0]);
    }
    model->away_count += away ? 1 : (size_t)-1;
    model->changes++;
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
               got->outcome != wanted->outcome || got->outcome_was != wanted->outcome_was) {
        snprintf(why, MODEL_WHY_SIZE, "session %s is another: %s, %" PRId64 " s instead of %s, %" PRId64 " s",
                 wanted->uuid, outcome_name(got->outcome), got->held_s, outcome_name(wanted->outcome), wanted->held_s);
    } else {
        return false;
    }
    return true;
}

bool model_differs(const struct model *wanted, const struct model *got, char why[MODEL_WHY_SIZE]) {
    for (size_t i = 0; i < wanted->session_count; i++) {
        const struct model_session *session = &wanted->sessions[i];
        bool in_place = i < got->session_count && strcmp(got->sessions[i].uuid, session->uuid) == 0;
        if (session_differs(session, in_place ? &got->sessions[i] : find(got, session->uuid), why)) {
            return true;
        }
    }
    if (got->session_count != wanted->session_count) {
        snprintf(why, MODEL_WHY_SIZE, "%zu sessions instead of %zu", got->session_count, wanted->session_count);
    } else if (got->away_count != wanted->away_count ||
               memcmp(got->away, wanted->away, wanted->away_count * sizeof wanted->away[0]) != 0) {
        snprintf(why, MODEL_WHY_SIZE, "%zu away nights instead of %zu, or others", got->away_count, wanted->away_count);
    } else if (got->changes != wanted->changes) {
        snprintf(why, MODEL_WHY_SIZE, "%d changes instead of %d", got->changes, wanted->changes);
    } else if (strcmp(got->minutes, wanted->minutes) != 0) {
        snprintf(why, MODEL_WHY_SIZE, "the minutes chosen are \"%s\" instead of \"%s\"", got->minutes, wanted->minutes);
    } else {
        return false;
    }
    return true;
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
