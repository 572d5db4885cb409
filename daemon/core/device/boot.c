// What is done once a boot, and so must outlive a restart of the daemon within it.
#include "daemon/core/device/state.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

// Stored as "BOOT_ID TIME_ASKED LEFT_WAY_OUT_MS TROUBLES_TOLD", the last one a bit a cause.
void device_boot_store(struct device *device) {
    unsigned told = 0;
    for (int i = 0; i < PAGE_TROUBLE_COUNT; i++) {
        told |= (unsigned)device->trouble_told[i] << i;
    }
    device_store(device, DEVICE_SETTING_BOOT, "%s %d %" PRId64 " %u", device->setup.boot_id, device->time_asked,
                 device->left_way_out_ms, told);
}

// A restart on the way out ends it: the session was over, and its row says since when.
static int64_t last_end_ms(const struct device *device) {
    const struct session_record *last = &device->last;
    bool over = device->has_last && strcmp(last->boot_id, device->setup.boot_id) == 0 &&
                (last->outcome == OUTCOME_FINISHED || last->outcome == OUTCOME_ENDED_EARLY);
    return over ? last->counted_from_boot_ms + last->held_s * 1000 : INT64_MIN;
}

void device_boot_begin(struct device *device, const struct device_start *start) {
    char boot_id[UUID_SIZE] = "";
    int asked = 0;
    int64_t left_ms = INT64_MIN;
    unsigned told = 0;
    int fields =
        sscanf(start->settings[DEVICE_SETTING_BOOT], "%36s %d %" SCNd64 " %u", boot_id, &asked, &left_ms, &told);
    bool same_boot = fields == 4 && strcmp(boot_id, device->setup.boot_id) == 0;
    device->time_asked = same_boot && asked != 0;
    device->left_way_out_ms = same_boot ? left_ms : INT64_MIN;
    if (last_end_ms(device) > device->left_way_out_ms) {
        device->left_way_out_ms = last_end_ms(device);
    }
    for (int i = 0; i < PAGE_TROUBLE_COUNT; i++) {
        device->trouble_told[i] = same_boot && (told >> i & 1U) != 0;
    }
}
