// What the workload has written, as it must be read again after a cut: kept beside the log, one model for each time
// that the product has said "saved".
#ifndef KARANI_TESTS_POWERCUT_MODEL_H
#define KARANI_TESTS_POWERCUT_MODEL_H

#include "daemon/diary/diary.h"
#include "tests/powercut/log.h"

enum {
    MODEL_SESSIONS_MAX = 200,
    MODEL_AWAY_MAX = 32,
    MODEL_CHANGES_MAX = 64,
    MODEL_NOTE_SIZE = 32, // of a note, what fits
    MODEL_SETTING_SIZE = 160,
    MODEL_WHAT_SIZE = 16,
    MODEL_WHY_SIZE = 240,
};

struct model_session {
    char uuid[UUID_SIZE];
    int32_t night;
    int64_t started_utc_s;
    int32_t utc_offset_s;
    int64_t planned_s;
    int64_t held_s;
    int64_t overtime_s;
    enum clock_quality clock;
    enum outcome outcome;
    enum outcome outcome_was;
    char variant[RECORD_NAME_SIZE];
    char note[MODEL_NOTE_SIZE];
};

// A row of `change`.
struct model_change {
    int64_t at_utc_s;
    char what[MODEL_WHAT_SIZE];
    char of[UUID_SIZE]; // the session, else the night, else the boot that its texts name; "": none of them
    bool was;           // whether there is a text of what was before
    bool is;            // and after
};

// The settings that are looked at.
enum model_setting { MODEL_MINUTES, MODEL_CLOCK, MODEL_SETTINGS };
extern const char *const model_setting_keys[MODEL_SETTINGS];

struct model {
    struct model_session sessions[MODEL_SESSIONS_MAX]; // by start, then uuid
    size_t session_count;
    int32_t away[MODEL_AWAY_MAX]; // in order
    size_t away_count;
    struct model_change changes[MODEL_CHANGES_MAX]; // in their order
    size_t change_count;
    char settings[MODEL_SETTINGS][MODEL_SETTING_SIZE]; // "" while there is none
};

// NULL when there is none.
struct model_session *model_find(struct model *model, const char *uuid);

void model_put(struct model *model, const struct session_record *session);
void model_take_out(struct model *model, const char *uuid);

// Whether it was not so already.
bool model_set_away(struct model *model, int32_t night, bool away);

void model_add_change(struct model *model, const struct model_change *change);

// What is wrong with what was read, as against the model, in words: the first of: a session lost, minutes of one lost,
// a session that was never written or has come back, away nights, changes, settings. False when it is the same.
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
