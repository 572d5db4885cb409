// karanictl clock: Karani's time and where it comes from, and setting it.
#include "daemon/control/service.h"
#include "daemon/core/device/device.h"
#include "daemon/ctl/correct.h"
#include "daemon/ctl/remote.h"
#include "daemon/diary/text/object.h"
#include "daemon/diary/text/rows.h"
#include "daemon/linux/loop.h"
#include "daemon/runtime/corrections.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// What is told of the clock, by the daemon or without it.
struct telling {
    char utc[ROWS_TIME_SIZE];
    char local[ROWS_TIME_SIZE];
    char zone[RECORD_ZONE_SIZE];
    enum clock_quality quality;
    bool running; // a daemon has told it
};

static void print_words(const struct telling *telling) {
    static const char *const sources[] = {
        [CLOCK_UNSET] = "nothing: nobody has set the clock",
        [CLOCK_RESTORED] = "the last time in the diary; it is later than that",
        [CLOCK_RTC] = "a clock chip with a battery",
        [CLOCK_SET] = "you have set it",
        [CLOCK_SYNCED] = "the network's time (NTP)",
    };
    bool known = telling->quality > CLOCK_RESTORED;
    printf("Time   %s%s %s\n", known ? "" : "not known; at a guess ", telling->local, telling->zone);
    printf("Clock  %s: %s\n", clock_quality_name(telling->quality), sources[telling->quality]);
    if (!telling->running) {
        puts("The daemon is not running; so it would begin.");
    }
}

static void print(const struct ctl *ctl, const struct telling *telling) {
    if (!ctl->json) {
        print_words(telling);
        return;
    }
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    object_add_text(builder, "utc", telling->utc);
    object_add_text(builder, "local", telling->local);
    object_add_text(builder, "zone", telling->zone);
    object_add_text(builder, "clock", clock_quality_name(telling->quality));
    object_add_yes(builder, "running", telling->running);
    json_builder_end_object(builder);
    char *line = object_print(builder);
    puts(line);
    g_free(line);
}

static void tell(const struct karani_clock *clock, struct telling *telling) {
    struct moment now = loop_now();
    int64_t utc_s = clock_utc_s(clock, now);
    rows_format_utc(utc_s, telling->utc);
    rows_format_utc(clock_local_s(clock, now), telling->local);
    telling->local[strlen("2026-03-01")] = ' ';
    telling->local[strlen("2026-03-01 21:40:00")] = '\0';
    snprintf(telling->zone, sizeof telling->zone, "%s", zone_name(clock->zone));
    telling->quality = clock->quality;
    telling->running = false;
}

// ---- by the daemon ----

static void copy(char *to, size_t size, JsonObject *from, const char *name) {
    const char *text = object_text(from, name);
    snprintf(to, size, "%s", text != NULL ? text : "");
}

// A call of GetClock or SetClock. The exit status.
static int ask(const struct ctl *ctl, const char *socket, const char *method, const char *local,
               struct telling *telling) {
    JsonBuilder *builder = varlink_begin_call(method);
    if (local != NULL) {
        object_add_text(builder, "local", local);
    }
    struct varlink_reply reply;
    int error = ctl_call(socket, varlink_end(builder), &reply);
    if (error != 0) {
        return ctl_complain_of_call(ctl, error, local != NULL ? "clock" : NULL);
    }
    char quality[16];
    copy(quality, sizeof quality, reply.parameters, "clock");
    copy(telling->utc, sizeof telling->utc, reply.parameters, "utc");
    copy(telling->local, sizeof telling->local, reply.parameters, "local");
    copy(telling->zone, sizeof telling->zone, reply.parameters, "zone");
    telling->running = true;
    bool understood = reply.error == NULL && clock_quality_parse(quality, &telling->quality);
    varlink_reply_clear(&reply);
    return understood ? EXIT_SUCCESS : ctl_complain("The daemon does not understand; it may be of another version.");
}

static int run(const struct ctl *ctl) {
    struct telling telling = {.quality = CLOCK_UNSET};
    char socket[PATH_MAX];
    if (ctl_find_daemon(ctl, socket)) {
        int exit_status = ask(ctl, socket, SERVICE_INTERFACE ".GetClock", NULL, &telling);
        if (exit_status == EXIT_SUCCESS) {
            print(ctl, &telling);
        }
        return exit_status;
    }
    struct diary *diary;
    if (!ctl_open_diary(ctl, &diary)) {
        return EXIT_FAILURE;
    }
    struct zone *zone = ctl_zone(ctl);
    const struct karani_clock clock = ctl_clock_begin(diary, zone);
    tell(&clock, &telling);
    print(ctl, &telling);
    diary_close(diary);
    zone_unref(zone);
    return EXIT_SUCCESS;
}

// ---- setting it without the daemon ----

// Rounds to the nearest second.
static int64_t to_seconds(int64_t ms) {
    return (ms >= 0 ? ms + 500 : ms - 500) / 1000;
}

// What the glass would have stored; rows of this boot that are in doubt are moved, as it would have moved them.
static bool store(struct diary *diary, const struct zone *zone, const char *boot_id, int64_t local_s) {
    struct moment now = loop_now();
    int64_t utc_s = zone_utc_of_local(zone, local_s);
    const struct karani_clock before = ctl_clock_begin(diary, zone);
    char *text = NULL;
    size_t rows;
    (void)diary_get(diary, device_setting_name(DEVICE_SETTING_CLOCK), &text);
    struct device_clock_kept kept = device_clock_kept_read(text != NULL ? text : "");
    free(text);
    bool doubtful = strcmp(kept.boot_id, boot_id) == 0 && device_quality_is_doubtful(kept.quality);
    int64_t moved_ms = utc_s * 1000 - (doubtful ? now.boot_ms + kept.doubtful_base_ms : clock_utc_ms(&before, now));
    const struct corrections_clock corrected = {
        .difference_s = to_seconds(moved_ms), .quality = CLOCK_SET, .zone = zone, .at_utc_s = utc_s};
    bool written = corrections_move(diary, boot_id, &corrected, now.boot_ms, &rows);
    kept.right_offset_ms = utc_s * 1000 - now.system_ms;
    kept.offset_ms = kept.right_offset_ms;
    kept.quality = CLOCK_SET;
    snprintf(kept.boot_id, sizeof kept.boot_id, "%s", boot_id);
    char value[DEVICE_SETTING_SIZE];
    device_clock_kept_print(&kept, value);
    return outbox_set(diary, DEVICE_SETTING_CLOCK, value, now.boot_ms) && written && outbox_is_empty(diary);
}

static int set_here(const struct ctl *ctl, int64_t local_s, struct telling *telling) {
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
    tell(&clock, telling);
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

static int set(const struct ctl *ctl) {
    const char *local = ctl->arguments[0];
    int64_t local_s;
    struct telling telling = {.quality = CLOCK_UNSET};
    struct ctl_turn turn;
    if (!correction_parse_local(local, &local_s) || !service_clock_can_be(local_s)) {
        (void)ctl_complain("clock set takes a date and a time from 2026 to 2099, \"YYYY-MM-DD HH:MM\", not \"%s\".",
                           local);
        return CTL_EXIT_USAGE;
    }
    if (!ctl_take_turn(ctl, &turn)) {
        return EXIT_FAILURE;
    }
    int exit_status = turn.lock >= 0 ? set_here(ctl, local_s, &telling)
                                     : ask(ctl, turn.socket, SERVICE_INTERFACE ".SetClock", local, &telling);
    ctl_end_turn(&turn);
    if (exit_status == EXIT_SUCCESS) {
        print(ctl, &telling);
    }
    return exit_status;
}

const struct ctl_command ctl_clock = {
    .name = "clock",
    .synopsis = "[--json]",
    .purpose = "Karani's time, and where it comes from",
    .takes = CTL_TAKES_JSON,
    .run = run,
};

const struct ctl_command ctl_clock_set = {
    .name = "clock set",
    .synopsis = "\"YYYY-MM-DD HH:MM\"",
    .purpose = "sets it, as on the glass",
    .takes = CTL_TAKES_JSON,
    .arguments_min = 1,
    .arguments_max = 1,
    .run = set,
};
