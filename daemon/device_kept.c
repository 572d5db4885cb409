// The clock as the diary keeps it from one start to the next: "RIGHT_OFFSET_MS BOOT_ID QUALITY OFFSET_MS BASE_MS".
#include "daemon/device.h"

#include <inttypes.h>
#include <stdio.h>

bool device_quality_is_doubtful(enum clock_quality quality) {
    return quality == CLOCK_UNSET || quality == CLOCK_RESTORED;
}

struct device_clock_kept device_clock_kept_read(const char *text) {
    struct device_clock_kept kept = {.quality = CLOCK_UNSET};
    char quality[16] = "";
    int fields = sscanf(text, "%" SCNd64 " %36s %15s %" SCNd64 " %" SCNd64, &kept.right_offset_ms, kept.boot_id,
                        quality, &kept.offset_ms, &kept.doubtful_base_ms);
    if (fields != 5 || !clock_quality_parse(quality, &kept.quality))
        kept.boot_id[0] = '\0';
    return kept;
}

void device_clock_kept_print(const struct device_clock_kept *kept, char text[DEVICE_SETTING_SIZE]) {
    snprintf(text, DEVICE_SETTING_SIZE, "%" PRId64 " %s %s %" PRId64 " %" PRId64, kept->right_offset_ms, kept->boot_id,
             clock_quality_name(kept->quality), kept->offset_ms, kept->doubtful_base_ms);
}
