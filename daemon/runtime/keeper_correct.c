// Corrections made on the glass: a session taken back, a clock that was wrong. Rows and change are written together.
#include "daemon/runtime/keeper_inside.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// When it cannot be written, rows and change wait together.
static bool correct(struct keeper *keeper, const struct session_record *rows, size_t count,
                    const struct diary_change *change, int64_t boot_ms) {
    if (diary_correct(keeper->diary, rows, count, change) == 0) {
        return true;
    }
    diary_correct_later(keeper->diary, rows, count, change);
    keeper_try_later(keeper, boot_ms);
    return false;
}

bool keeper_undo(struct keeper *keeper, const struct session_record *session, int64_t at_utc_s, int64_t boot_ms) {
    bool undone = session->outcome == OUTCOME_NOT_MINE;
    char before[128];
    char after[128];

    snprintf(before, sizeof before, "{\"uuid\":\"%s\",\"outcome\":\"%s\"}", session->uuid,
             outcome_name(undone ? session->outcome_was : OUTCOME_NOT_MINE));
    snprintf(after, sizeof after, "{\"uuid\":\"%s\",\"outcome\":\"%s\"}", session->uuid,
             outcome_name(session->outcome));
    const struct diary_change change = {
        .at_utc_s = at_utc_s, .what = undone ? "undo" : "redo", .before = before, .after = after};

    return correct(keeper, session, 1, &change, boot_ms);
}

// Rows gathered for a correction.
struct doubtful {
    const char *boot_id;
    struct session_record *rows; // owned, with their notes
    size_t count;
    size_t room;
};

static void doubtful_clear(struct doubtful *doubtful) {
    for (size_t i = 0; i < doubtful->count; i++) {
        free(doubtful->rows[i].note);
    }
    free(doubtful->rows);
}

static bool doubtful_make_room(struct doubtful *doubtful) {
    if (doubtful->count < doubtful->room) {
        return true;
    }
    size_t room = doubtful->room == 0 ? 16 : 2 * doubtful->room;
    struct session_record *rows = reallocarray(doubtful->rows, room, sizeof *rows);

    if (rows == NULL) {
        return false;
    }
    doubtful->rows = rows;
    doubtful->room = room;
    return true;
}

static int take_doubtful(void *context, const struct session_record *session) {
    struct doubtful *doubtful = context;
    bool in_doubt = session->clock == CLOCK_UNSET || session->clock == CLOCK_RESTORED;

    if (!in_doubt || strcmp(session->boot_id, doubtful->boot_id) != 0) {
        return 0;
    }
    char *note = session->note != NULL ? strdup(session->note) : NULL;

    if ((session->note != NULL && note == NULL) || !doubtful_make_room(doubtful)) {
        free(note);
        return -ENOMEM;
    }
    struct session_record *row = &doubtful->rows[doubtful->count++];

    *row = *session;
    row->note = note;
    return 0;
}

// In the zone that was in force when the session started.
static void correct_row(struct session_record *row, int64_t difference_s, enum clock_quality quality,
                        const struct zone *in_force) {
    struct zone *own = strcmp(row->zone, zone_name(in_force)) == 0 ? NULL : zone_open(row->zone);

    device_correct_row(row, difference_s, quality, own != NULL ? own : in_force);
    zone_unref(own);
}

bool keeper_correct(struct keeper *keeper, int64_t difference_s, enum clock_quality quality, const struct zone *zone,
                    int64_t at_utc_s, int64_t boot_ms, size_t *rows) {
    struct doubtful doubtful = {.boot_id = keeper->boot_id};
    char before[128];
    char after[128];
    bool written = true;

    // Rows that the card does not give, or that memory does not hold, stay doubtful.
    diary_each_session(keeper->diary, take_doubtful, &doubtful);
    snprintf(before, sizeof before, "{\"boot_id\":\"%s\",\"rows\":%zu}", keeper->boot_id, doubtful.count);
    snprintf(after, sizeof after, "{\"difference_s\":%" PRId64 ",\"clock\":\"%s\"}", difference_s,
             clock_quality_name(quality));
    const struct diary_change change = {.at_utc_s = at_utc_s, .what = "clock", .before = before, .after = after};

    for (size_t i = 0; i < doubtful.count; i++) {
        correct_row(&doubtful.rows[i], difference_s, quality, zone);
    }
    if (doubtful.count > 0 || quality == CLOCK_SET) {
        written = correct(keeper, doubtful.rows, doubtful.count, &change, boot_ms);
    }
    *rows = doubtful.count;
    doubtful_clear(&doubtful);
    return written;
}
