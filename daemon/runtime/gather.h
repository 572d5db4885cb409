// What the diary knows, gathered for the device: nights, the last session, lasting choices, the last time.
#ifndef KARANI_DAEMON_RUNTIME_GATHER_H
#define KARANI_DAEMON_RUNTIME_GATHER_H

#include "daemon/core/device/device.h"
#include "daemon/diary/diary.h"

#include <stdint.h>

// What the device starts with: sessions, away nights, choices, the last time; what start says of the clock is filled in
// already. 0 or -ENOMEM.
int gather_start(struct diary *diary, const char *boot_id, struct moment now, struct device_start *start);

// Sessions and away nights; now_utc_s: Karani's time, INT64_MAX while it is not known. What waits is known, too. 0 or
// -ENOMEM.
int gather_nights(struct diary *diary, const char *boot_id, int64_t now_utc_s, struct device_diary *known);

// The choices of a diary that could be opened only now, before what waits is written over them: the clock and what
// belongs to the boot go on from what was stored, over the others the owner's own choice since then has precedence. And
// the last time. The rest of `start` is left as it is.
void gather_late_choices(struct diary *diary, struct device_start *start);

// One lasting choice, as the diary has it.
void gather_setting(struct diary *diary, enum device_setting setting, struct device_settings *settings);

// The last time that a diary knows, as a clock may go on from it: UTC seconds; 0: it knows none.
int64_t gather_last_known_s(struct diary *diary);

#endif
