// What the diary keeps for the device: the keys, the names, the clock that a device begins with, and what a corrected
// clock makes of a row. Apart from the machine and its pages, for who needs neither.
#include "daemon/core/device/device.h"

#include "daemon/core/night.h"

#include <string.h>

static const char *const setting_names[DEVICE_SETTING_COUNT] = {
    [DEVICE_SETTING_MINUTES] = "minutes", [DEVICE_SETTING_VARIANT] = "variant", [DEVICE_SETTING_HEALTH] = "health",
    [DEVICE_SETTING_CLOCK] = "clock",     [DEVICE_SETTING_BOOT] = "boot",
};

const char *device_setting_name(enum device_setting setting) {
    return setting_names[setting];
}

static const char *const answer_names[] = {
    [HEALTH_NEVER_ASKED] = "never-asked",
    [HEALTH_NONE_APPLIES] = "none-applies",
    [HEALTH_ONE_APPLIES] = "one-applies",
    [HEALTH_AGREED] = "agreed",
};

const char *health_answer_name(enum health_answer answer) {
    return answer_names[answer];
}

bool health_answer_parse(const char *name, enum health_answer *answer) {
    for (size_t i = 0; i < sizeof answer_names / sizeof answer_names[0]; i++) {
        if (strcmp(name, answer_names[i]) == 0) {
            *answer = (enum health_answer)i;
            return true;
        }
    }
    return false;
}

bool device_quality_is_doubtful(enum clock_quality quality) {
    return quality == CLOCK_UNSET || quality == CLOCK_RESTORED;
}

bool device_clock_kept_is_of(const struct device_clock_kept *kept, const char *boot_id) {
    return boot_id[0] != '\0' && strcmp(kept->boot_id, boot_id) == 0;
}

struct karani_clock device_start_clock(const struct device_start *start, const char *boot_id, const struct zone *zone,
                                       struct moment now) {
    const struct device_clock_kept *kept = &start->settings.clock;
    const struct clock_start known = {
        .rtc_trusted = start->rtc_trusted,
        .synchronised = start->synchronised,
        .stored_offset_ms = kept->right_offset_ms,
        .last_known_s = start->last_known_s,
        .same_boot = device_clock_kept_is_of(kept, boot_id),
        .same_boot_quality = kept->quality,
        .same_boot_offset_ms = kept->offset_ms,
    };
    return clock_begin(&known, now, zone);
}

void device_correct_row(struct session_record *session, int64_t difference_s, enum clock_quality quality,
                        const struct zone *zone) {
    int64_t started_s;
    if (__builtin_add_overflow(session->started_utc_s, difference_s, &started_s) || !night_has(started_s)) {
        return;
    }
    session->started_utc_s = started_s;
    session->utc_offset_s = zone_offset_s(zone, started_s);
    session->night = night_of_local(started_s + session->utc_offset_s);
    session->clock = quality;
}
