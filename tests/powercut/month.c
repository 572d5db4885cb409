// A month of evenings, as the runtime drives the outbox of the diary: rows at the start, at whole minutes, at pauses,
// at zero, with overtime, after an early end; undone, brought back, corrected; away nights; choices; and the daemon
// stopped, killed and started again, in the same boot and in others.
#include "tests/powercut/workload.h"

#include "daemon/diary/outbox.h"
#include "daemon/runtime/corrections.h"
#include "tests/powercut/record.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_NIGHT = 20513, DAY_S = 86400, EVENING_S = 19 * 3600 + 40 * 60, HOUR_S = 3600, MINUTE_MS = 60 * 1000 };

// A month in which the log is reused: after so many pages, so often at least. Its header:
// https://sqlite.org/fileformat.html section 4.1.
enum { REUSE_PAGES = 12, REUSED_MIN = 20, LOG_HEADER_B = 32 };

enum step_kind {
    STEP_PRACTISE,  // so many minutes; `extra`: overtime, s
    STEP_PAUSE,     // so many minutes; `extra`: the minute in which it is paused
    STEP_END_EARLY, // after so many minutes and `extra` s
    STEP_BREAK,     // after so many minutes the power goes; another boot
    STEP_RESTART,   // so many minutes; `extra`: the minute in which the daemon is killed, and goes on
    STEP_UNDO,      // the last session
    STEP_REDO,
    STEP_AWAY,
    STEP_HERE,   // the mark is taken off
    STEP_CHOOSE, // so many minutes from now on
    STEP_STOP,   // the daemon ends; another boot
    STEP_KILL,   // the daemon is killed and started again
    STEP_CUT,    // the power goes and comes back; another boot
    STEP_DOUBT,  // likewise, and the clock comes back `minutes` late; `extra`: nothing is known of it
    STEP_CORRECT,
};

struct step {
    int night; // of the month
    enum step_kind kind;
    int minutes;
    int extra;
};

static const struct step MONTH[] = {
    {0, STEP_CHOOSE, 5, 0},     {0, STEP_PRACTISE, 5, 0},   {1, STEP_PRACTISE, 5, 95},  {2, STEP_PAUSE, 6, 2},
    {2, STEP_CUT, 0, 0},        {3, STEP_END_EARLY, 3, 20}, {3, STEP_UNDO, 0, 0},       {3, STEP_PRACTISE, 6, 0},
    {4, STEP_AWAY, 0, 0},       {5, STEP_AWAY, 0, 0},       {5, STEP_HERE, 0, 0},       {5, STEP_RESTART, 7, 3},
    {6, STEP_CHOOSE, 8, 0},     {6, STEP_BREAK, 4, 0},      {6, STEP_PRACTISE, 8, 0},   {7, STEP_PRACTISE, 8, 1800},
    {7, STEP_STOP, 0, 0},       {8, STEP_PAUSE, 8, 7},      {9, STEP_UNDO, 0, 0},       {9, STEP_REDO, 0, 0},
    {10, STEP_END_EARLY, 0, 9}, {10, STEP_KILL, 0, 0},      {10, STEP_PRACTISE, 8, 4},  {11, STEP_DOUBT, 120, 0},
    {11, STEP_PRACTISE, 8, 0},  {12, STEP_PAUSE, 8, 1},     {12, STEP_CORRECT, 0, 0},   {13, STEP_AWAY, 0, 0},
    {14, STEP_AWAY, 0, 0},      {15, STEP_AWAY, 0, 0},      {16, STEP_BREAK, 0, 0},     {16, STEP_BREAK, 1, 0},
    {16, STEP_PRACTISE, 8, 0},  {17, STEP_PRACTISE, 8, 61}, {18, STEP_RESTART, 8, 1},   {19, STEP_CUT, 0, 0},
    {19, STEP_PRACTISE, 8, 0},  {20, STEP_DOUBT, 90, 1},    {20, STEP_PRACTISE, 8, 0},  {20, STEP_CORRECT, 0, 0},
    {21, STEP_STOP, 0, 0},      {21, STEP_CHOOSE, 10, 0},   {21, STEP_PRACTISE, 10, 0}, {22, STEP_PAUSE, 10, 9},
    {23, STEP_PRACTISE, 10, 0}, {24, STEP_HERE, 0, 0},      {24, STEP_PRACTISE, 10, 0}, {25, STEP_BREAK, 9, 0},
    {26, STEP_PRACTISE, 10, 0}, {27, STEP_UNDO, 0, 0},      {28, STEP_PRACTISE, 10, 0}, {29, STEP_PRACTISE, 10, 300},
};

struct play {
    struct tale *tale;
    struct model model;
    const char *directory;
    struct diary *diary;
    struct zone *zone;
    struct session_record session; // the last one
    char boot_id[UUID_SIZE];
    int boots;
    int sessions;
    int night;
    int64_t boot_ms;
    int64_t late_s; // how far the clock of this boot is behind
    enum clock_quality clock;
};

static void must(bool done, const char *what) {
    if (!done) {
        fprintf(stderr, "powercut: the workload cannot %s\n", what);
        exit(2);
    }
}

static void open_diary(struct play *play) {
    must(outbox_open(&play->diary, play->directory, RECORD_VFS, play->boot_id, play->boot_ms) == 0 &&
             diary_health(play->diary) == DIARY_GOOD,
         "open the diary");
    tale_acknowledge(play->tale, &play->model);
}

// What other boots have left running is interrupted.
static void boot(struct play *play) {
    snprintf(play->boot_id, sizeof play->boot_id, "%08x-1111-4111-8111-111111111111", (unsigned)++play->boots);
    play->boot_ms = 60000;
    play->late_s = 0;
    play->clock = CLOCK_SYNCED;
    for (size_t i = 0; i < play->model.session_count; i++) {
        struct model_session *session = &play->model.sessions[i];
        if (session->outcome == OUTCOME_RUNNING) {
            session->outcome = session->outcome_was = OUTCOME_INTERRUPTED;
        }
    }
    open_diary(play);
}

static void save(struct play *play, int64_t held_s, int64_t overtime_s, enum outcome outcome) {
    struct session_record *session = &play->session;
    session->held_s = held_s;
    session->overtime_s = overtime_s;
    session->outcome = session->outcome_was = outcome;
    must(outbox_save(play->diary, session, play->boot_ms), "save a session");
    model_put(&play->model, session);
    tale_acknowledge(play->tale, &play->model);
}

static void begin_session(struct play *play, int planned_minutes) {
    int64_t true_utc_s = (int64_t)play->night * DAY_S + EVENING_S + play->sessions * 60;
    play->session = (struct session_record){
        .night = play->clock == CLOCK_UNSET ? NIGHT_NONE : play->night,
        .started_utc_s = true_utc_s - play->late_s,
        .utc_offset_s = HOUR_S,
        .zone = "Europe/Berlin",
        .clock = play->clock,
        .routine = "legs-up-the-wall",
        .variant = "wall",
        .planned_s = planned_minutes * 60,
        .counted_from_boot_ms = play->boot_ms,
        .paused_at_boot_ms = -1,
    };
    snprintf(play->session.uuid, sizeof play->session.uuid, "%08x-0000-4000-8000-000000000000",
             (unsigned)++play->sessions);
    memcpy(play->session.boot_id, play->boot_id, sizeof play->session.boot_id);
    save(play, 0, 0, OUTCOME_RUNNING);
}

// The whole minutes up to this one; the last of them is zero where it is what was planned.
static void hold(struct play *play, int from, int until) {
    for (int minute = from + 1; minute <= until; minute++) {
        play->boot_ms += MINUTE_MS;
        bool zero = minute * 60 == play->session.planned_s;
        save(play, minute * 60, 0, zero ? OUTCOME_FINISHED : OUTCOME_RUNNING);
    }
}

static void practise(struct play *play, int minutes, int overtime_s) {
    begin_session(play, minutes);
    hold(play, 0, minutes);
    if (overtime_s > 0) {
        save(play, minutes * 60 + overtime_s, overtime_s, OUTCOME_FINISHED);
    }
}

static void practise_with_pause(struct play *play, int minutes, int pause_after) {
    begin_session(play, minutes);
    hold(play, 0, pause_after);
    play->session.paused_at_boot_ms = play->boot_ms + 17000;
    save(play, pause_after * 60 + 17, 0, OUTCOME_RUNNING);
    play->session.paused_at_boot_ms = -1;
    play->session.counted_from_boot_ms += 40000;
    save(play, pause_after * 60 + 17, 0, OUTCOME_RUNNING);
    hold(play, pause_after, minutes);
}

static void practise_with_restart(struct play *play, int minutes, int restart_after) {
    begin_session(play, minutes);
    hold(play, 0, restart_after);
    diary_abandon(play->diary);
    open_diary(play);
    hold(play, restart_after, minutes);
}

static void end_early(struct play *play, int minutes, int seconds) {
    begin_session(play, 10);
    hold(play, 0, minutes);
    save(play, minutes * 60 + seconds, 0, OUTCOME_ENDED_EARLY);
}

static void add_change(struct play *play, const char *what, const char *of, bool was, bool is) {
    struct model_change change = {.at_utc_s = (int64_t)play->night * DAY_S, .was = was, .is = is};
    snprintf(change.what, sizeof change.what, "%s", what);
    snprintf(change.of, sizeof change.of, "%s", of);
    model_add_change(&play->model, &change);
}

static void undo(struct play *play, bool undone) {
    play->session.outcome = undone ? OUTCOME_NOT_MINE : play->session.outcome_was;
    must(corrections_undo(play->diary, &play->session, (int64_t)play->night * DAY_S, play->boot_ms), "undo a session");
    model_put(&play->model, &play->session);
    add_change(play, undone ? "undo" : "redo", play->session.uuid, true, true);
    tale_acknowledge(play->tale, &play->model);
}

static void set_away(struct play *play, bool away) {
    must(outbox_set_away(play->diary, play->night, away, (int64_t)play->night * DAY_S, play->boot_ms),
         "mark a night away");
    if (model_set_away(&play->model, play->night, away)) {
        char night[NIGHT_TEXT_SIZE];
        night_format(play->night, night);
        add_change(play, "away", night, !away, away);
    }
    tale_acknowledge(play->tale, &play->model);
}

static void choose(struct play *play, int minutes) {
    char *chosen = play->model.settings[MODEL_MINUTES];
    snprintf(chosen, MODEL_SETTING_SIZE, "%d of 10", minutes);
    must(outbox_set(play->diary, DEVICE_SETTING_MINUTES, chosen, play->boot_ms), "keep a choice");
    tale_acknowledge(play->tale, &play->model);
}

static void correct(struct play *play) {
    size_t rows = 0, moved = 0;
    for (size_t i = 0; i < play->model.session_count; i++) {
        struct model_session *session = &play->model.sessions[i];
        if (session->clock == play->clock) {
            session->started_utc_s += play->late_s;
            session->night = (int32_t)(session->started_utc_s / DAY_S); // an evening's
            session->clock = CLOCK_SET;
            moved++;
        }
    }
    add_change(play, "clock", play->boot_id, true, true);
    must(corrections_move(play->diary, play->boot_id,
                          &(struct corrections_clock){.difference_s = play->late_s,
                                                      .quality = CLOCK_SET,
                                                      .zone = play->zone,
                                                      .at_utc_s = (int64_t)play->night * DAY_S},
                          play->boot_ms, &rows) &&
             rows == moved,
         "correct the clock");
    tale_acknowledge(play->tale, &play->model);
    play->clock = CLOCK_SET;
    play->late_s = 0;
}

// Ends the daemon one way or another, and boots.
static void end_boot(struct play *play, const struct step *step) {
    if (step->kind == STEP_STOP) {
        diary_close(play->diary);
    } else {
        diary_abandon(play->diary);
    }
    boot(play);
    if (step->kind == STEP_DOUBT) {
        play->clock = step->extra != 0 ? CLOCK_UNSET : CLOCK_RESTORED;
        play->late_s = step->minutes * 60;
    }
}

static void take_step(struct play *play, const struct step *step) {
    play->night = FIRST_NIGHT + step->night;
    switch (step->kind) {
    case STEP_PRACTISE:
        practise(play, step->minutes, step->extra);
        break;
    case STEP_PAUSE:
        practise_with_pause(play, step->minutes, step->extra);
        break;
    case STEP_END_EARLY:
        end_early(play, step->minutes, step->extra);
        break;
    case STEP_RESTART:
        practise_with_restart(play, step->minutes, step->extra);
        break;
    case STEP_UNDO:
    case STEP_REDO:
        undo(play, step->kind == STEP_UNDO);
        break;
    case STEP_AWAY:
    case STEP_HERE:
        set_away(play, step->kind == STEP_AWAY);
        break;
    case STEP_CHOOSE:
        choose(play, step->minutes);
        break;
    case STEP_CORRECT:
        correct(play);
        break;
    case STEP_KILL:
        diary_abandon(play->diary);
        open_diary(play);
        break;
    case STEP_BREAK:
        begin_session(play, 10);
        hold(play, 0, step->minutes);
        end_boot(play, step);
        break;
    case STEP_STOP:
    case STEP_CUT:
    case STEP_DOUBT:
        end_boot(play, step);
        break;
    }
}

static void play_month(struct tale *tale, const char *directory, bool reuses_log) {
    struct play play = {.tale = tale, .directory = directory, .zone = zone_open("Europe/Berlin")};
    must(play.zone != NULL, "find the zone Europe/Berlin");
    record_start(directory, &tale->log);
    if (reuses_log) {
        record_checkpoint_every(REUSE_PAGES);
    }
    tale_acknowledge(tale, &play.model);
    boot(&play);
    for (size_t i = 0; i < sizeof MONTH / sizeof *MONTH; i++) {
        take_step(&play, &MONTH[i]);
    }
    diary_close(play.diary);
    record_stop();
    zone_unref(play.zone);
}

void workload_month(struct tale *tale, const char *directory) {
    play_month(tale, directory, false);
}

static int count_log_headers(const struct log *log) {
    int count = 0;
    for (size_t i = 0; i < log->count; i++) {
        const struct op *op = &log->ops[i];
        count += op->kind == OP_WRITE && op->offset == 0 && op->size == LOG_HEADER_B ? 1 : 0;
    }
    return count;
}

void workload_month_reusing(struct tale *tale, const char *directory) {
    play_month(tale, directory, true);
    must(count_log_headers(&tale->log) >= REUSED_MIN, "have the log reused");
}
