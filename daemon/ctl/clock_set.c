// karanictl clock set: sets Karani's time, by the daemon or on the diary without one.
#include "daemon/control/service.h"
#include "daemon/core/device/device.h"
#include "daemon/ctl/clock.h"
#include "daemon/ctl/correct/correct.h"
#include "daemon/ctl/remote.h"
#include "daemon/diary/text/settings.h"
#include "daemon/linux/loop.h"
#include "daemon/runtime/corrections.h"
#include "daemon/runtime/gather.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Rounds to the nearest second.
static int64_t to_seconds(int64_t ms) {
    return (ms >= 0 ? ms + 500 : ms - 500) / 1000;
}

// What the glass would have stored; rows of this boot that are in doubt are moved, as it would have moved them.
static bool store(struct diary *diary, const struct zone *zone, const char *boot_id, int64_t local_s) {
    struct moment now = loop_now();
    int64_t utc_s = zone_utc_of_local(zone, local_s);
    const struct karani_clock before = ctl_clock_begin(diary, zone);
    size_t rows;
    struct device_settings settings = {.has = {false}};
    gather_setting(diary, DEVICE_SETTING_CLOCK, &settings);
    struct device_clock_kept *kept = &settings.clock;
    bool doubtful = device_clock_kept_is_of(kept, boot_id) && device_quality_is_doubtful(kept->quality);
    int64_t moved_ms = utc_s * 1000 - (doubtful ? now.boot_ms + kept->doubtful_base_ms : clock_utc_ms(&before, now));
    const struct corrections_clock corrected = {
        .difference_s = to_seconds(moved_ms), .quality = CLOCK_SET, .zone = zone, .at_utc_s = utc_s};
    bool written = corrections_move(diary, boot_id, &corrected, now.boot_ms, &rows);
    kept->right_offset_ms = utc_s * 1000 - now.system_ms;
    kept->offset_ms = kept->right_offset_ms;
    kept->quality = CLOCK_SET;
    snprintf(kept->boot_id, sizeof kept->boot_id, "%s", boot_id);
    char value[SETTINGS_TEXT_SIZE];
    settings_print(&settings, DEVICE_SETTING_CLOCK, value);
    return outbox_set(diary, DEVICE_SETTING_CLOCK, value, now.boot_ms) && written && outbox_is_empty(diary);
}

static int set_here(const struct ctl *ctl, int64_t local_s, struct clock_told *told) {
    char boot_id[UUID_SIZE];
    struct diary *diary;
    int error = loop_boot_id(boot_id);
    if (error == 0) {
        error = outbox_open(&diary, ctl->state_dir, NULL, boot_id, loop_now().boot_ms);
    }
    if (error != 0) {
        return ctl_complain("The clock cannot be set: %s.", strerror(-error));
    }
    struct zone *zone = ctl_zone(ctl);
    bool stored = store(diary, zone, boot_id, local_s);
    const struct karani_clock clock = ctl_clock_begin(diary, zone);
    clock_tell(&clock, told);
    const char *sentence = diary_health_sentence(diary_health(diary));
    int exit_status = EXIT_SUCCESS;
    if (!stored) {
        exit_status = ctl_complain("%s", sentence != NULL ? sentence : "The clock could not be set: try again.");
    }
    zone_unref(zone);
    if (stored) {
        diary_close(diary);
    } else {
        diary_abandon(diary); // which does not try again behind our words
    }
    return exit_status;
}

static int run(const struct ctl *ctl) {
    const char *local = ctl->arguments[0];
    int64_t local_s;
    struct clock_told told = {.quality = CLOCK_UNSET};
    struct ctl_turn turn;
    if (!correction_parse_local(local, &local_s) || !service_clock_can_be(local_s)) {
        return ctl_complain_of_usage(
            "clock set takes a date and a time from 2026 to 2099, \"YYYY-MM-DD HH:MM\", not \"%s\".", local);
    }
    if (!ctl_take_turn(ctl, &turn)) {
        return EXIT_FAILURE;
    }
    int exit_status = turn.lock >= 0 ? set_here(ctl, local_s, &told)
                                     : clock_ask(ctl, turn.socket, SERVICE_INTERFACE ".SetClock", local, &told);
    ctl_end_turn(&turn);
    if (exit_status == EXIT_SUCCESS) {
        clock_print(ctl, &told);
    }
    return exit_status;
}

static const struct option_row OPTIONS[] = {
    OPTION_ROW_JSON,
    {.name = NULL},
};

const struct command clock_set_command = {
    .name = "clock set",
    .operands = "\"YYYY-MM-DD HH:MM\"",
    .summary = "sets it, as on the glass",
    .options = OPTIONS,
    .operands_min = 1,
    .operands_max = 1,
    .run = run,
};
