// Hands a correction to the daemon, or carries it out on the diary under the lock.
#include "daemon/ctl/correct/correct.h"

#include "daemon/control/service.h"
#include "daemon/core/device/device.h"
#include "daemon/ctl/remote.h"
#include "daemon/diary/text/object.h"
#include "daemon/linux/clock_sources.h"
#include "daemon/linux/loop.h"
#include "daemon/runtime/gather.h"
#include "daemon/settings/routine.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct karani_clock ctl_clock_begin(struct diary *diary, const struct zone *zone) {
    struct moment now = loop_now();
    char boot_id[UUID_SIZE] = "";
    struct device_start start = {
        .rtc_trusted = clock_sources_rtc_is_trusted(CLOCK_SOURCES_RTC, now.system_ms / 1000),
        .synchronised = clock_sources_is_synchronised(CLOCK_SOURCES_SYNCED),
        .last_known_s = gather_last_known_s(diary),
    };
    (void)loop_boot_id(boot_id);
    gather_setting(diary, DEVICE_SETTING_CLOCK, &start.settings);
    return device_start_clock(&start, boot_id, zone, now);
}

// ---- by karanictl itself ----

// What another boot left running is over, as it is when the daemon starts.
static void apply(const struct ctl *ctl, struct diary *diary, const struct correction *correction,
                  struct correction_result *result) {
    struct zone *zone = ctl_zone(ctl);
    const struct karani_clock clock = ctl_clock_begin(diary, zone);
    char boot_id[UUID_SIZE] = "";
    const struct correction_place place = {
        .zone = zone,
        .now_utc_s = clock_utc_s(&clock, loop_now()),
        .invite_min = ctl->config->invite_min,
        .routine = ctl->config->routine,
        .variant = variant_name(ctl->config->variant),
    };
    if (loop_boot_id(boot_id) == 0) {
        (void)diary_close_interrupted(diary, boot_id); // a diary that takes nothing says so below
    }
    correction_apply(diary, correction, &place, result);
    zone_unref(zone);
}

static int correct_here(const struct ctl *ctl, const struct correction *correction, struct correction_result *result) {
    struct diary *diary = NULL;
    char sentence[512];
    int error = diary_open(&diary, ctl->state_dir, NULL, sentence, sizeof sentence);
    if (error == 0) {
        if (diary_take_restored(diary)) {
            ctl_complain("The diary was damaged and has been restored: karanictl doctor says what is kept.");
        }
        apply(ctl, diary, correction, result);
    }
    diary_close(diary);
    return error == 0 ? EXIT_SUCCESS : ctl_complain("%s", sentence);
}

// ---- by the daemon ----

static void take_reply(const struct varlink_reply *reply, struct correction_result *result) {
    const char *uuid = object_text(reply->parameters, "uuid");
    bool changed = object_yes(reply->parameters, "changed", true);
    *result = (struct correction_result){
        .verdict = changed ? CORRECTION_DONE : CORRECTION_UNCHANGED,
        .line = object_integer(reply->parameters, "line", 0),
        .sessions = (size_t)object_integer(reply->parameters, "sessions", 0),
        .known = (size_t)object_integer(reply->parameters, "known", 0),
        .nights = (size_t)object_integer(reply->parameters, "nights", 0),
    };
    if (uuid != NULL) {
        snprintf(result->uuid, sizeof result->uuid, "%s", uuid);
    }
}

static void take_error(const struct varlink_reply *reply, struct correction_result *result) {
    const char *reason = object_text(reply->parameters, "reason");
    result->verdict = service_verdict_of(reply->error);
    if (reason != NULL) {
        snprintf(result->sentence, sizeof result->sentence, "%s", reason);
    } else {
        snprintf(result->sentence, sizeof result->sentence, "The daemon answers %s; it may be of another version.",
                 reply->error);
    }
}

static int correct_there(const struct ctl *ctl, const struct correction *correction, const char *socket,
                         struct correction_result *result) {
    char method[64];
    snprintf(method, sizeof method, SERVICE_INTERFACE ".%s", correction_method(correction->kind));
    JsonBuilder *builder = varlink_begin_call(method);
    correction_build(correction, builder);
    struct varlink_reply reply;
    int error = ctl_call(socket, varlink_end(builder), &reply);
    if (error != 0) {
        return ctl_complain_of_call(ctl, error,
                                    correction->kind == CORRECTION_AWAY ? "export --format jsonl" : "history");
    }
    take_reply(&reply, result);
    if (reply.error != NULL) {
        take_error(&reply, result);
    }
    varlink_reply_clear(&reply);
    return EXIT_SUCCESS;
}

// ---- both ----

static int complain(const struct correction_result *result, const char *path) {
    switch (result->verdict) {
    case CORRECTION_DONE:
    case CORRECTION_UNCHANGED:
        return EXIT_SUCCESS;
    case CORRECTION_BAD_ROW:
        return ctl_complain("%s:%" PRId64 ": %s", path, result->line, result->sentence);
    case CORRECTION_WRONG:
        return ctl_complain_of_usage("%s", result->sentence);
    case CORRECTION_UNKNOWN:
    case CORRECTION_AMBIGUOUS:
    case CORRECTION_IN_USE:
    case CORRECTION_NOT_KEPT:
    case CORRECTION_VERDICTS:
        break;
    }
    return ctl_complain("%s", result->sentence);
}

// Where nothing is, and nothing to restore it from, there is no session to be corrected: none is made for that.
static bool is_in_vain(const struct ctl *ctl, const struct correction *correction) {
    char path[PATH_MAX], sentence[256];
    if (correction->id == NULL || ctl_find_daemon(ctl, path)) {
        return false;
    }
    snprintf(path, sizeof path, "%s/diary.db", ctl->state_dir);
    return access(path, F_OK) < 0 && errno == ENOENT && !diary_is_missing(ctl->state_dir, sentence, sizeof sentence);
}

int ctl_correct(const struct ctl *ctl, const struct correction *correction, const char *path,
                struct correction_result *result) {
    struct ctl_turn turn;
    if (!correction_check(correction, result)) {
        return complain(result, path);
    }
    if (is_in_vain(ctl, correction)) {
        return ctl_complain("There is no diary in %s yet, and so no session %s.", ctl->state_dir, correction->id);
    }
    if (!ctl_take_turn(ctl, &turn)) {
        return EXIT_FAILURE;
    }
    int exit_status =
        turn.lock >= 0 ? correct_here(ctl, correction, result) : correct_there(ctl, correction, turn.socket, result);
    ctl_end_turn(&turn);
    return exit_status == EXIT_SUCCESS ? complain(result, path) : exit_status;
}
