// Everything that waits to be written to the diary: sessions with the changes that were made to them, lasting choices,
// away marks, and what other boots left running. What is given here is written at once; what cannot be waits here, in
// one place and by one rule:
// - It is tried again with the next thing that can be written, and OUTBOX_RETRY_MS after it failed. A diary of a newer
//   Karani is not tried: it stays one until that is installed again.
// - In the order of what would be missed most: what other boots left running (a diary that could not be opened is tried
//   anew by that), sessions and changes in one transaction, choices, marks.
// - Of each session, choice and night the newest state waits. DIARY_PENDING_MAX sessions and as many changes have room,
//   every choice, OUTBOX_MARKS_MAX marks; then the one that waited longest gives way.
// The outbox is a part of the diary; diary_close tries it once more.
#ifndef KARANI_DAEMON_DIARY_OUTBOX_H
#define KARANI_DAEMON_DIARY_OUTBOX_H

#include "daemon/core/device/device.h"
#include "daemon/diary/diary.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    OUTBOX_RETRY_MS = 60 * 1000,
    OUTBOX_MARKS_MAX = 16, // marks on different nights
};

// Opens the diary (`boot_id` is borrowed, the rest as diary_open) and closes what other boots left running. A diary
// that cannot be opened is no failure: what is to be written waits (diary_health says why). 0 or -ENOMEM.
int outbox_open(struct diary **diary, const char *state_dir, const char *vfs, const char *boot_id, int64_t boot_ms);

enum outbox_event {
    OUTBOX_OPENED,   // a diary that could not be opened could be at last; what waits is not written over it yet
    OUTBOX_RESTORED, // the diary was damaged and restored on the way: it is to be read anew
    OUTBOX_TRIED,    // something was written or could not be: what waits, and the diary's health, may be others
};

// Called from within the functions below; it may read the diary.
typedef void outbox_listener(void *context, enum outbox_event event);
void outbox_listen(struct diary *diary, outbox_listener *listener, void *context);

// Each writes at once and tries what waits from before. True when it was written, false when it waits.
bool outbox_save(struct diary *diary, const struct session_record *session, int64_t boot_ms);
bool outbox_set_away(struct diary *diary, int32_t night, bool away, int64_t at_utc_s, int64_t boot_ms);
bool outbox_set(struct diary *diary, enum device_setting setting, const char *value, int64_t boot_ms);

// Rows and the change that they make, together; the texts are copied.
bool outbox_correct(struct diary *diary, const struct session_record *rows, size_t count,
                    const struct diary_change *change, int64_t boot_ms);

// Something could be written, or may be: so may what waits. True when something waited, whatever came of it.
bool outbox_catch_up(struct diary *diary, int64_t boot_ms);

// Time has passed. True when it was tried again (whatever came of it).
bool outbox_tick(struct diary *diary, int64_t boot_ms);
int64_t outbox_deadline(const struct diary *diary); // INT64_MAX: nothing waits, or it would be for nothing

// The diary was written to by another way, which may have restored it.
void outbox_look(struct diary *diary);

bool outbox_is_empty(const struct diary *diary);  // nothing was given that waits
bool outbox_is_behind(const struct diary *diary); // something waits, or the diary could not be opened

bool outbox_is_unopened(
    const struct diary *diary); // nothing could be read of it, no session of another boot was closed

// What waits of a choice; NULL: nothing does. Valid until it is written.
const char *outbox_waiting(const struct diary *diary, enum device_setting setting);

// Calls `take` for every mark that waits, the newest last; it returns 0 to go on.
typedef int outbox_take_mark(void *context, int32_t night, bool away);
int outbox_each_mark(const struct diary *diary, outbox_take_mark *take, void *context);

#endif
