// Settings and the last restoration as they were stored before they had names: values by their position in a line. Read
// and never written, so that an upgrade within a boot forgets nothing.
#include "daemon/diary/text/settings_inside.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

// "CHOSEN CONFIGURED"
static bool read_minutes(struct device_settings *settings, const char *text) {
    return sscanf(text, "%d %d", &settings->minutes.chosen, &settings->minutes.configured) == 2;
}

// "CHOSEN CONFIGURED"
static bool read_variant(struct device_settings *settings, const char *text) {
    char chosen[16] = "", configured[16] = "";
    return sscanf(text, "%15s %15s", chosen, configured) == 2 && variant_parse(chosen, &settings->variant.chosen) &&
           variant_parse(configured, &settings->variant.configured);
}

// "ANSWER UTC_S", with UNDATED behind it if the time was not known.
static bool read_health(struct device_settings *settings, const char *text) {
    char answer[16] = "", undated[16] = "";
    int fields = sscanf(text, "%15s %" SCNd64 " %15s", answer, &settings->health.at_utc_s, undated);
    settings->health.undated = strcmp(undated, "undated") == 0;
    return fields >= 2 && health_answer_parse(answer, &settings->health.answer);
}

// "RIGHT_OFFSET_MS BOOT_ID QUALITY OFFSET_MS BASE_MS"; of a text without all of them the first one holds.
static bool read_clock(struct device_clock_kept *clock, const char *text) {
    char quality[16] = "";
    int fields = sscanf(text, "%" SCNd64 " %36s %15s %" SCNd64 " %" SCNd64, &clock->right_offset_ms, clock->boot_id,
                        quality, &clock->offset_ms, &clock->doubtful_base_ms);
    if (fields >= 1 && (fields < 5 || !clock_quality_parse(quality, &clock->quality))) {
        *clock = (struct device_clock_kept){.right_offset_ms = clock->right_offset_ms};
    }
    return fields >= 1;
}

// "BOOT_ID TIME_ASKED LEFT_WAY_OUT_MS TROUBLES_TOLD", the last one a bit a cause in this order.
static bool read_boot(struct device_boot_kept *boot, const char *text) {
    static const enum page_trouble bits[] = {
        PAGE_TROUBLE_NONE,   PAGE_TROUBLE_NOT_KEPT, PAGE_TROUBLE_DIARY,    PAGE_TROUBLE_NEWER,
        PAGE_TROUBLE_PLACE,  PAGE_TROUBLE_LOST,     PAGE_TROUBLE_RESTORED, PAGE_TROUBLE_PANEL,
        PAGE_TROUBLE_CONFIG, PAGE_TROUBLE_ROUTINE,  PAGE_TROUBLE_CRASHES,
    };
    int asked = 0;
    unsigned told = 0;
    if (sscanf(text, "%36s %d %" SCNd64 " %u", boot->boot_id, &asked, &boot->left_way_out_ms, &told) != 4) {
        return false;
    }
    boot->time_asked = asked != 0;
    for (size_t i = 1; i < sizeof bits / sizeof bits[0]; i++) {
        boot->told[bits[i]] = (told >> i & 1U) != 0;
    }
    return true;
}

bool settings_read_older(struct device_settings *settings, enum device_setting key, const char *text) {
    switch (key) {
    case DEVICE_SETTING_MINUTES:
        return read_minutes(settings, text);
    case DEVICE_SETTING_VARIANT:
        return read_variant(settings, text);
    case DEVICE_SETTING_HEALTH:
        return read_health(settings, text);
    case DEVICE_SETTING_CLOCK:
        return read_clock(&settings->clock, text);
    case DEVICE_SETTING_BOOT:
        return read_boot(&settings->boot, text);
    case DEVICE_SETTING_COUNT:
        break;
    }
    return false;
}

// "QUARANTINE BACKUP KEPT SALVAGED LOST COMPLETE TOLD", "-" for no name.
bool restored_read_older(struct diary_restored *restored, const char *text) {
    int complete = 0, told = 0;
    if (sscanf(text, "%63s %31s %" SCNd64 " %" SCNd64 " %" SCNd64 " %d %d", restored->quarantine, restored->backup,
               &restored->kept, &restored->salvaged, &restored->lost, &complete, &told) != 7) {
        return false;
    }
    restored->complete = complete != 0;
    restored->told = told != 0;
    char *const names[] = {restored->quarantine, restored->backup};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i], "-") == 0) {
            names[i][0] = '\0';
        }
    }
    return true;
}
