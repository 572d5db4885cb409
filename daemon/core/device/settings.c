// What the diary keeps for the device: the keys, the clock under its key ("RIGHT_OFFSET_MS BOOT_ID QUALITY OFFSET_MS
// BASE_MS"), and what a corrected clock makes of a row. Apart from the machine and its pages, for who needs neither.
#include "daemon/core/device/device.h"

#include "daemon/core/night.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *const setting_names[DEVICE_SETTING_COUNT] = {
    [DEVICE_SETTING_MINUTES] = "minutes", [DEVICE_SETTING_VARIANT] = "variant", [DEVICE_SETTING_HEALTH] = "health",
    [DEVICE_SETTING_CLOCK] = "clock",     [DEVICE_SETTING_BOOT] = "boot",
};

const char *device_setting_name(enum device_setting setting) {
    return setting_names[setting];
}

// Farther apart no clocks are whose times have a date: 12,000 years.
static bool is_between_clocks(int64_t ms) {
    return ms >= INT64_C(-400000000000000) && ms <= INT64_C(400000000000000);
}

bool device_quality_is_doubtful(enum clock_quality quality) {
    return quality == CLOCK_UNSET || quality == CLOCK_RESTORED;
}

struct device_clock_kept device_clock_kept_read(const char *text) {
    struct device_clock_kept kept = {.quality = CLOCK_UNSET};
    char quality[16] = "";
    int fields = sscanf(text, "%" SCNd64 " %36s %15s %" SCNd64 " %" SCNd64, &kept.right_offset_ms, kept.boot_id,
                        quality, &kept.offset_ms, &kept.doubtful_base_ms);
    if (fields != 5 || !clock_quality_parse(quality, &kept.quality)) {
        kept.boot_id[0] = '\0';
    }
    if (!is_between_clocks(kept.right_offset_ms) || !is_between_clocks(kept.offset_ms) ||
        !is_between_clocks(kept.doubtful_base_ms)) {
        return (struct device_clock_kept){.quality = CLOCK_UNSET};
    }
    return kept;
}

void device_clock_kept_print(const struct device_clock_kept *kept, char text[DEVICE_SETTING_SIZE]) {
    snprintf(text, DEVICE_SETTING_SIZE, "%" PRId64 " %s %s %" PRId64 " %" PRId64, kept->right_offset_ms, kept->boot_id,
             clock_quality_name(kept->quality), kept->offset_ms, kept->doubtful_base_ms);
}

bool device_clock_kept_is_of(const struct device_clock_kept *kept, const char *boot_id) {
    return boot_id[0] != '\0' && strcmp(kept->boot_id, boot_id) == 0;
}

struct karani_clock device_start_clock(const struct device_start *start, const char *boot_id, const struct zone *zone,
                                       struct moment now) {
    const struct device_clock_kept kept = device_clock_kept_read(start->settings[DEVICE_SETTING_CLOCK]);
    const struct clock_start known = {
        .rtc_trusted = start->rtc_trusted,
        .synchronised = start->synchronised,
        .stored_offset_ms = kept.right_offset_ms,
        .last_known_s = start->last_known_s,
        .same_boot = device_clock_kept_is_of(&kept, boot_id),
        .same_boot_quality = kept.quality,
        .same_boot_offset_ms = kept.offset_ms,
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
