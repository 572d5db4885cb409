// karanictl clock: Karani's time and where it comes from.
#include "daemon/ctl/clock.h"

#include "daemon/control/service.h"
#include "daemon/ctl/correct/correct.h"
#include "daemon/ctl/remote.h"
#include "daemon/diary/text/object.h"
#include "daemon/diary/text/rows.h"
#include "daemon/linux/loop.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_words(const struct clock_told *told) {
    static const char *const sources[] = {
        [CLOCK_UNSET] = "nothing: nobody has set the clock",
        [CLOCK_RESTORED] = "the last time in the diary; it is later than that",
        [CLOCK_RTC] = "a clock chip with a battery",
        [CLOCK_SET] = "you have set it",
        [CLOCK_SYNCED] = "the network's time (NTP)",
    };
    bool known = told->quality > CLOCK_RESTORED;
    printf("Time   %s%s %s\n", known ? "" : "not known; at a guess ", told->local, told->zone);
    printf("Clock  %s: %s\n", clock_quality_name(told->quality), sources[told->quality]);
    if (!told->running) {
        puts("The daemon is not running; so it would begin.");
    }
}

void clock_print(const struct ctl *ctl, const struct clock_told *told) {
    if (!ctl_has(ctl, "json")) {
        print_words(told);
        return;
    }
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    object_add_text(builder, "utc", told->utc);
    object_add_text(builder, "local", told->local);
    object_add_text(builder, "zone", told->zone);
    object_add_text(builder, "clock", clock_quality_name(told->quality));
    object_add_yes(builder, "running", told->running);
    json_builder_end_object(builder);
    char *line = object_print(builder);
    puts(line);
    g_free(line);
}

void clock_tell(const struct karani_clock *clock, struct clock_told *told) {
    struct moment now = loop_now();
    int64_t utc_s = clock_utc_s(clock, now);
    rows_format_utc(utc_s, told->utc);
    rows_format_utc(clock_local_s(clock, now), told->local);
    told->local[strlen("2026-03-01")] = ' ';
    told->local[strlen("2026-03-01 21:40:00")] = '\0';
    snprintf(told->zone, sizeof told->zone, "%s", zone_name(clock->zone));
    told->quality = clock->quality;
    told->running = false;
}

// ---- by the daemon ----

static void copy(char *to, size_t size, JsonObject *from, const char *name) {
    const char *text = object_text(from, name);
    snprintf(to, size, "%s", text != NULL ? text : "");
}

int clock_ask(const struct ctl *ctl, const char *socket, const char *method, const char *local,
              struct clock_told *told) {
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
    copy(told->utc, sizeof told->utc, reply.parameters, "utc");
    copy(told->local, sizeof told->local, reply.parameters, "local");
    copy(told->zone, sizeof told->zone, reply.parameters, "zone");
    told->running = true;
    bool understood = reply.error == NULL && clock_quality_parse(quality, &told->quality);
    varlink_reply_clear(&reply);
    return understood ? EXIT_SUCCESS : ctl_complain("The daemon does not understand; it may be of another version.");
}

static int run(const struct ctl *ctl) {
    struct clock_told told = {.quality = CLOCK_UNSET};
    char socket[PATH_MAX];
    if (ctl_find_daemon(ctl, socket)) {
        int exit_status = clock_ask(ctl, socket, SERVICE_INTERFACE ".GetClock", NULL, &told);
        if (exit_status == EXIT_SUCCESS) {
            clock_print(ctl, &told);
        }
        return exit_status;
    }
    struct diary *diary;
    if (!ctl_open_diary(ctl, &diary)) {
        return EXIT_FAILURE;
    }
    struct zone *zone = ctl_zone(ctl);
    const struct karani_clock clock = ctl_clock_begin(diary, zone);
    clock_tell(&clock, &told);
    clock_print(ctl, &told);
    diary_close(diary);
    zone_unref(zone);
    return EXIT_SUCCESS;
}

static const struct option_row OPTIONS[] = {
    OPTION_ROW_JSON,
    {.name = NULL},
};

const struct command clock_command = {
    .name = "clock",
    .summary = "Karani's time, and where it comes from",
    .options = OPTIONS,
    .run = run,
};
