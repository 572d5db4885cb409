// What the diary keeps for the device: the owner's lasting choices, and what must outlive a restart. Here as values;
// daemon/diary/text/settings.h makes the texts of them that are stored.
#ifndef KARANI_DAEMON_CORE_DEVICE_SETTINGS_H
#define KARANI_DAEMON_CORE_DEVICE_SETTINGS_H

#include "daemon/core/clock.h"
#include "daemon/core/record.h"
#include "daemon/core/routine.h"
#include "display/page/page.h"

#include <stdbool.h>
#include <stdint.h>

enum device_setting {
    DEVICE_SETTING_MINUTES, // chosen minutes, and the config's value at that time
    DEVICE_SETTING_VARIANT, // likewise
    DEVICE_SETTING_HEALTH,  // the answer to the health page, and when
    DEVICE_SETTING_CLOCK,   // the clock's offset and quality, and the boot in which they were set
    DEVICE_SETTING_BOOT,    // what is done once a boot, and the boot
    DEVICE_SETTING_COUNT,
};

const char *device_setting_name(enum device_setting setting); // the key in the diary

enum { DEVICE_MINUTES_MAX = 30 }; // from 1

enum health_answer {
    HEALTH_NEVER_ASKED,
    HEALTH_NONE_APPLIES,
    HEALTH_ONE_APPLIES, // before every session: please ask a doctor first
    HEALTH_AGREED,      // the owner's doctor agreed
};

const char *health_answer_name(enum health_answer answer); // "never-asked", …
bool health_answer_parse(const char *name, enum health_answer *answer);

// The offset that was right when the owner set it, for later boots with a trusted RTC; for a restart within `boot_id`
// the quality and the offset that it had reached (the offset, not the time: a step of the system clock meanwhile moves
// Karani's time with it), and for its doubtful rows how Karani's UTC lay to BOOTTIME.
struct device_clock_kept {
    int64_t right_offset_ms;
    char boot_id[UUID_SIZE]; // "" when nothing of a boot is kept
    enum clock_quality quality;
    int64_t offset_ms;
    int64_t doubtful_base_ms;
};

bool device_clock_kept_is_of(const struct device_clock_kept *kept, const char *boot_id);

// What is done once a boot, and so must outlive a restart of the daemon within it.
struct device_boot_kept {
    char boot_id[UUID_SIZE];
    bool time_asked;
    int64_t left_way_out_ms; // when a session of this boot last left the way out; INT64_MIN: none has
    bool told[PAGE_TROUBLE_COUNT];
};

struct device_settings {
    bool has[DEVICE_SETTING_COUNT]; // what the diary does not have, or makes no sense, is zero below
    struct {
        int chosen, configured;
    } minutes;
    struct {
        enum variant chosen, configured;
    } variant;
    struct {
        enum health_answer answer;
        int64_t at_utc_s;
        bool undated; // it was given while the time was not known
    } health;
    struct device_clock_kept clock;
    struct device_boot_kept boot;
};

#endif
