// What is done once a boot, and so must outlive a restart of the daemon within it.
#include "daemon/core/device/state.h"

#include <stdio.h>
#include <string.h>

void device_boot_store(struct device *device) {
    struct device_settings value = {
        .boot = {.time_asked = device->time_asked, .left_way_out_ms = device->left_way_out_ms}};
    snprintf(value.boot.boot_id, sizeof value.boot.boot_id, "%s", device->setup.boot_id);
    memcpy(value.boot.told, device->trouble_told, sizeof value.boot.told);
    device_store(device, DEVICE_SETTING_BOOT, &value);
}

// A restart on the way out ends it: the session was over, and its row says since when.
static int64_t last_end_ms(const struct device *device) {
    const struct session_record *last = &device->last;
    bool over = device->has_last && strcmp(last->boot_id, device->setup.boot_id) == 0 &&
                (last->outcome == OUTCOME_FINISHED || last->outcome == OUTCOME_ENDED_EARLY);
    return over ? last->counted_from_boot_ms + last->held_s * 1000 : INT64_MIN;
}

void device_boot_begin(struct device *device, const struct device_start *start) {
    const struct device_boot_kept *kept = &start->settings.boot;
    bool same_boot = start->settings.has[DEVICE_SETTING_BOOT] && strcmp(kept->boot_id, device->setup.boot_id) == 0;
    device->time_asked = same_boot && kept->time_asked;
    device->left_way_out_ms = same_boot ? kept->left_way_out_ms : INT64_MIN;
    if (last_end_ms(device) > device->left_way_out_ms) {
        device->left_way_out_ms = last_end_ms(device);
    }
    for (int i = 0; i < PAGE_TROUBLE_COUNT; i++) {
        device->trouble_told[i] = same_boot && kept->told[i];
    }
}
