// What the corrections write.
#include "daemon/runtime/corrections.h"

#include "daemon/core/device/device.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool corrections_undo(struct diary *diary, const struct session_record *session, int64_t at_utc_s, int64_t boot_ms) {
    bool undone = session->outcome == OUTCOME_NOT_MINE;
    char before[128];
    char after[128];

    snprintf(before, sizeof before, "{\"uuid\":\"%s\",\"outcome\":\"%s\"}", session->uuid,
             outcome_name(undone ? session->outcome_was : OUTCOME_NOT_MINE));
    snprintf(after, sizeof after, "{\"uuid\":\"%s\",\"outcome\":\"%s\"}", session->uuid,
             outcome_name(session->outcome));
    const struct diary_change change = {
        .at_utc_s = at_utc_s, .what = undone ? "undo" : "redo", .before = before, .after = after};

    return outbox_correct(diary, session, 1, &change, boot_ms);
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

    if (!device_quality_is_doubtful(session->clock) || strcmp(session->boot_id, doubtful->boot_id) != 0) {
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
static void correct_row(struct session_record *row, const struct corrections_clock *clock) {
    struct zone *own = strcmp(row->zone, zone_name(clock->zone)) == 0 ? NULL : zone_open(row->zone);

    device_correct_row(row, clock->difference_s, clock->quality, own != NULL ? own : clock->zone);
    zone_unref(own);
}

bool corrections_move(struct diary *diary, const char *boot_id, const struct corrections_clock *clock, int64_t boot_ms,
                      size_t *rows) {
    struct doubtful doubtful = {.boot_id = boot_id};
    char before[128];
    char after[128];
    bool written = true;

    // Rows that the card does not give, or that memory does not hold, stay doubtful.
    diary_each_session(diary, take_doubtful, &doubtful);
    snprintf(before, sizeof before, "{\"boot_id\":\"%s\",\"rows\":%zu}", boot_id, doubtful.count);
    snprintf(after, sizeof after, "{\"difference_s\":%" PRId64 ",\"clock\":\"%s\"}", clock->difference_s,
             clock_quality_name(clock->quality));
    const struct diary_change change = {.at_utc_s = clock->at_utc_s, .what = "clock", .before = before, .after = after};

    for (size_t i = 0; i < doubtful.count; i++) {
        correct_row(&doubtful.rows[i], clock);
    }
    if (doubtful.count > 0 || clock->quality == CLOCK_SET) {
        written = outbox_correct(diary, doubtful.rows, doubtful.count, &change, boot_ms);
    }
    *rows = doubtful.count;
    doubtful_clear(&doubtful);
    return written;
}
