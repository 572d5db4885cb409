// What the workload has written, as it must be read again after a cut: kept beside the log, one model for each time
// that the product has said "saved".
#ifndef KARANI_TESTS_POWERCUT_MODEL_H
#define KARANI_TESTS_POWERCUT_MODEL_H

#include "daemon/diary.h"
#include "tests/powercut/log.h"

enum { MODEL_SESSIONS_MAX = 160, MODEL_AWAY_MAX = 16, MODEL_MINUTES_SIZE = 16, MODEL_WHY_SIZE = 160 };

struct model_session {
    char uuid[DIARY_UUID_SIZE];
    int32_t night;
    int64_t started_utc_s;
    int64_t planned_s;
    int64_t held_s;
    int64_t overtime_s;
    enum clock_quality clock;
    enum outcome outcome;
    enum outcome outcome_was;
};

struct model {
    struct model_session sessions[MODEL_SESSIONS_MAX]; // by start, then uuid
    size_t session_count;
    int32_t away[MODEL_AWAY_MAX]; // in order
    size_t away_count;
    int changes;
    char minutes[MODEL_MINUTES_SIZE]; // the setting; "" while there is none
};

void model_put(struct model *model, const struct diary_session *session);
void model_set_away(struct model *model, int32_t night, bool away);

// What is wrong with what was read, as against the model, in words: the first of: a session lost, minutes of one lost,
// a session that was never written, an away night or a change lost, anything else. False when it is the same.
bool model_differs(const struct model *wanted, const struct model *got, char why[MODEL_WHY_SIZE]);

// A workload's log and the models: models[n] is what was acknowledged by the n-th OP_ACKNOWLEDGE, models[0] what was
// there at first.
struct tale {
    const char *name;
    bool not_ours;         // written by SQLite alone, under settings that the diary never has
    bool damaged_at_first; // the diary has to be put aside and restored: SQLite alone finds it damaged until then
    bool has_backup;       // at least one whole backup lies beside the diary at every moment
    struct log log;
    size_t first; // the first operation that was recorded: what was there before is durable
    struct model *models;
    size_t model_count;
    size_t model_room;
};

// The product has said "saved": the model as it is now.
void tale_acknowledge(struct tale *tale, const struct model *model);
void tale_clear(struct tale *tale);

#endif
