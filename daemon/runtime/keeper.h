// The keeper of the diary: writes what the device wants kept, tries again what could not be written, and gathers what
// the diary knows. For the runtime.
#ifndef KARANI_DAEMON_RUNTIME_KEEPER_H
#define KARANI_DAEMON_RUNTIME_KEEPER_H

#include "daemon/core/device/device.h"
#include "daemon/diary/diary.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct keeper;

enum { KEEPER_RETRY_MS = 60 * 1000 }; // while something waits

// Opens the diary (`vfs`, `boot_id` borrowed) and closes what other boots left running. A diary that cannot be opened
// is no failure: what is to be kept waits (diary_health says why). 0 or -ENOMEM.
int keeper_open(struct keeper **keeper, const char *state_dir, const char *vfs, const char *boot_id, int64_t boot_ms);

void keeper_close(struct keeper *keeper);   // tries what waits once more; accepts NULL
void keeper_abandon(struct keeper *keeper); // as if the process had been killed; accepts NULL

// What the device starts with: sessions, away nights, choices, the last time; what start says of the clock is filled in
// already. 0 or -ENOMEM.
int keeper_read(struct keeper *keeper, struct moment now, struct device_start *start);

// The last time that a diary knows, as a clock may go on from it: UTC seconds; 0: it knows none.
int64_t keeper_last_known_s(struct diary *diary);

// What the diary knows about sessions and away nights; now_utc_s: Karani's time, INT64_MAX while it is not known. 0 or
// -ENOMEM.
int keeper_read_diary(struct keeper *keeper, int64_t now_utc_s, struct device_diary *diary);

// Each writes at once and tries what waits from before; when it cannot be written, it waits. True when it was written.
bool keeper_save(struct keeper *keeper, const struct session_record *session, int64_t boot_ms);
bool keeper_undo(struct keeper *keeper, const struct session_record *session, int64_t at_utc_s, int64_t boot_ms);
bool keeper_set_away(struct keeper *keeper, int32_t night, bool away, int64_t at_utc_s, int64_t boot_ms);
bool keeper_set(struct keeper *keeper, enum device_setting setting, const char *value, int64_t boot_ms);

// Moves this boot's doubtful rows to a corrected clock; *rows is how many there were. With CLOCK_SET the change is kept
// even if there were none: the owner has made it.
bool keeper_correct(struct keeper *keeper, int64_t difference_s, enum clock_quality quality, const struct zone *zone,
                    int64_t at_utc_s, int64_t boot_ms, size_t *rows);

// Something could be written: so can what waits. True when something did.
bool keeper_catch_up(struct keeper *keeper, int64_t boot_ms);

// Time has passed. True when it tried again what waits (whatever came of it).
bool keeper_tick(struct keeper *keeper, int64_t boot_ms);
int64_t keeper_deadline(const struct keeper *keeper); // INT64_MAX: nothing waits

// True once when a diary that could not be opened at the start has been opened, or one was restored: keeper_read_diary
// then tells more.
bool keeper_take_reopened(struct keeper *keeper);

// True once after the first of these: the choices that the diary had, over which later ones of the owner's have
// precedence, and the last time it knew. start->diary is left as it is.
bool keeper_take_choices(struct keeper *keeper, struct device_start *start);

enum { KEEPER_REST_MS = 10 * 60 * 1000 }; // an idle page is up for so long before the diary is looked after

// What the keeper goes by when it looks after the diary: backups weekly, a check monthly, each in keeper_tick, and only
// while an idle page is up.
struct keeper_care {
    bool idle;
    int64_t utc_s; // Karani's time; 0: not known
    int backups;   // how many are kept; 0: none
};

void keeper_note_care(struct keeper *keeper, const struct keeper_care *care, int64_t boot_ms);

// The owner has read of this trouble.
void keeper_told(struct keeper *keeper, enum page_trouble cause);

// One plain sentence on what is wrong with the diary, or what became of it; NULL while nothing is to be told.
const char *keeper_sentence(const struct keeper *keeper);

// Of a diary that was restored, how many sessions are kept.
int keeper_restored_sessions(const struct keeper *keeper);

bool keeper_is_kept(const struct keeper *keeper); // nothing waits

// Whether the owner must know of one of the diary's troubles.
bool keeper_has_trouble(const struct keeper *keeper, enum page_trouble cause);

struct diary *keeper_diary(struct keeper *keeper);

#endif
