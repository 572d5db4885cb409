// The host of the control socket: answers from the hands, corrections on their diary, which the glass then follows.
#include "daemon/host/inside.h"

#include "daemon/diary/text/object.h"
#include "daemon/diary/text/rows.h"
#include "daemon/linux/lock.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { RETRY_MS = 500 }; // while karanictl corrects the diary itself

static const char socket_name[] = SERVICE_INTERFACE;

// ---- the host ----

static JsonObject *get_status(void *context) {
    const struct bedside *bedside = context;
    return bedside->told != NULL ? object_parse(bedside->told, strlen(bedside->told)) : NULL;
}

static void get_clock(void *context, struct service_clock *clock) {
    const struct bedside *bedside = context;
    const struct karani_clock *own = device_clock(hands_device(bedside->hands));
    struct moment now = loop_now();
    *clock = (struct service_clock){
        .utc_s = clock_utc_s(own, now),
        .local_s = clock_local_s(own, now),
        .zone = zone_name(own->zone),
        .quality = own->quality,
    };
}

static void set_clock(void *context, int64_t local_s) {
    struct bedside *bedside = context;
    hands_clock_set(bedside->hands, local_s, loop_now());
}

static void get_log(void *context, JsonBuilder *builder) {
    const struct bedside_log *log = &((const struct bedside *)context)->log;
    size_t first = log->count > BEDSIDE_LOG_ENTRIES ? log->count - BEDSIDE_LOG_ENTRIES : 0;
    for (size_t i = first; i < log->count; i++) {
        char at[ROWS_TIME_SIZE];
        rows_format_utc(log->entries[i % BEDSIDE_LOG_ENTRIES].utc_s, at);
        json_builder_begin_object(builder);
        object_add_text(builder, "at", at);
        object_add_text(builder, "event", log->entries[i % BEDSIDE_LOG_ENTRIES].event);
        object_add_text(builder, "text", log->entries[i % BEDSIDE_LOG_ENTRIES].text);
        json_builder_end_object(builder);
    }
}

static void correct(void *context, const struct correction *correction, struct correction_result *result) {
    struct bedside *bedside = context;
    const struct device *device = hands_device(bedside->hands);
    const struct config *config = bedside->given->load->setup->config;
    struct moment now = loop_now();
    hands_write_now(bedside->hands, now);
    const struct correction_place place = {
        .zone = bedside->zone,
        .now_utc_s = clock_utc_s(device_clock(device), now),
        .invite_min = config->invite_min,
        .routine = config->routine,
        .variant = variant_name(config->variant),
        .in_use = device_session_in_use(device),
    };
    correction_apply(hands_diary(bedside->hands), correction, &place, result);
    if (result->verdict == CORRECTION_DONE) {
        loop_log(LOOP_LOG_INFO, "The diary was corrected by hand (%s).", correction_method(correction->kind));
        hands_diary_changed(bedside->hands, now);
    } else if (result->verdict == CORRECTION_NOT_KEPT) {
        loop_log(LOOP_LOG_WARNING, "%s", result->sentence);
    }
}

// ---- the lock and the socket ----

static void complain(struct bedside_control *control, const char *what, int result) {
    if (!control->complained)
        loop_log(LOOP_LOG_WARNING, "%s: %s; karanictl cannot hand corrections on.", what, strerror(-result));
    control->complained = true;
}

// Two ways to find the socket, of which one will do: the lock's note, wherever the runtime directory is, and the link
// in the usual one, which no card can refuse.
static void tell_where(struct bedside *bedside, const char *path) {
    struct bedside_control *control = &bedside->control;
    int noted = control->lock < 0 ? control->lock : lock_note(control->lock, path);
    int pointed = lock_point(bedside->given->run_dir, bedside->given->state_dir);
    if (noted < 0 && pointed < 0)
        complain(control, "The state directory cannot be locked", noted);
}

// Who corrects the diary while the daemon starts has the lock for a moment. On a state directory that takes no lock,
// nobody else corrects anything either.
static void try_to_open(struct bedside *bedside, int64_t boot_ms) {
    struct bedside_control *control = &bedside->control;
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", bedside->given->run_dir, socket_name);
    control->retry_ms = INT64_MAX;
    control->lock = lock_take(bedside->given->state_dir);
    if (control->lock == -EWOULDBLOCK) {
        control->retry_ms = boot_ms + RETRY_MS;
        return;
    }
    int result = clients_open(&control->clients, path, &control->host, bedside->given->loop);
    if (result < 0)
        complain(control, "The control socket cannot be opened", result);
    tell_where(bedside, path);
}

void bedside_control_begin(struct bedside *bedside) {
    bedside->control = (struct bedside_control){
        .host = {.get_status = get_status,
                 .get_clock = get_clock,
                 .set_clock = set_clock,
                 .get_log = get_log,
                 .correct = correct,
                 .context = bedside},
        .lock = -1,
    };
    try_to_open(bedside, loop_now().boot_ms);
}

void bedside_control_end(struct bedside *bedside) {
    lock_point_no_more(bedside->given->run_dir);
    clients_close(bedside->control.clients);
    bedside->control.clients = NULL;
    if (bedside->control.lock >= 0)
        close(bedside->control.lock);
    bedside->control.lock = -1;
    bedside->control.retry_ms = INT64_MAX;
}

void bedside_control_attend(struct bedside *bedside, struct moment now) {
    struct bedside_control *control = &bedside->control;
    if (now.boot_ms >= control->retry_ms) {
        try_to_open(bedside, now.boot_ms);
        if (control->lock >= 0) // it has been another's meanwhile
            hands_diary_changed(bedside->hands, now);
    }
    if (control->clients != NULL)
        clients_attend(control->clients, now.boot_ms);
}

int64_t bedside_control_deadline(const struct bedside *bedside) {
    const struct bedside_control *control = &bedside->control;
    int64_t deadline_ms = control->clients != NULL ? clients_deadline(control->clients) : INT64_MAX;
    return control->retry_ms < deadline_ms ? control->retry_ms : deadline_ms;
}
