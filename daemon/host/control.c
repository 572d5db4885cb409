// The host of the control socket: answers from the runtime, corrections on their diary, which the glass then follows.
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
    const struct host *host = context;
    return host->told != NULL ? object_parse(host->told, strlen(host->told)) : NULL;
}

static void get_clock(void *context, struct service_clock *clock) {
    const struct host *host = context;
    const struct karani_clock *own = device_clock(runtime_device(host->runtime));
    struct moment now = loop_now();
    *clock = (struct service_clock){
        .utc_s = clock_utc_s(own, now),
        .local_s = clock_local_s(own, now),
        .zone = zone_name(own->zone),
        .quality = own->quality,
    };
}

static void set_clock(void *context, int64_t local_s) {
    struct host *host = context;
    runtime_clock_set(host->runtime, local_s, loop_now());
}

static void get_log(void *context, JsonBuilder *builder) {
    const struct host_log *log = &((const struct host *)context)->log;
    size_t first = log->count > HOST_LOG_ENTRIES ? log->count - HOST_LOG_ENTRIES : 0;
    for (size_t i = first; i < log->count; i++) {
        char at[ROWS_TIME_SIZE];
        rows_format_utc(log->entries[i % HOST_LOG_ENTRIES].utc_s, at);
        json_builder_begin_object(builder);
        object_add_text(builder, "at", at);
        object_add_text(builder, "event", log->entries[i % HOST_LOG_ENTRIES].event);
        object_add_text(builder, "text", log->entries[i % HOST_LOG_ENTRIES].text);
        json_builder_end_object(builder);
    }
}

static void correct(void *context, const struct correction *correction, struct correction_result *result) {
    struct host *host = context;
    const struct device *device = runtime_device(host->runtime);
    const struct config *config = host->given->load->setup->config;
    struct moment now = loop_now();
    runtime_write_now(host->runtime, now);
    const struct correction_place place = {
        .zone = host->zone,
        .now_utc_s = clock_utc_s(device_clock(device), now),
        .invite_min = config->invite_min,
        .routine = config->routine,
        .variant = variant_name(config->variant),
        .in_use = device_session_in_use(device),
    };
    correction_apply(runtime_diary(host->runtime), correction, &place, result);
    if (result->verdict == CORRECTION_DONE) {
        loop_log(LOOP_LOG_INFO, "The diary was corrected by hand (%s).", correction_method(correction->kind));
        runtime_diary_changed(host->runtime, now);
    } else if (result->verdict == CORRECTION_NOT_KEPT) {
        loop_log(LOOP_LOG_WARNING, "%s", result->sentence);
        runtime_diary_tried(host->runtime);
    }
}

// ---- the lock and the socket ----

static void complain(struct host_control *control, const char *what, int error) {
    if (!control->complained) {
        loop_log(LOOP_LOG_WARNING, "%s: %s; karanictl cannot hand corrections on.", what, strerror(-error));
    }
    control->complained = true;
}

// Two ways to find the socket, of which one will do: the lock's note, wherever the runtime directory is, and the link
// in the usual one, which no card can refuse.
static void tell_where(struct host *host, const char *path) {
    struct host_control *control = &host->control;
    int noted = control->lock < 0 ? control->lock : lock_note(control->lock, path);
    int pointed = lock_point(host->given->run_dir, host->given->state_dir);
    if (noted < 0 && pointed < 0) {
        complain(control, "The state directory cannot be locked", noted);
    }
}

// Who corrects the diary while the daemon starts has the lock for a moment. On a state directory that takes no lock,
// nobody else corrects anything either.
static void try_to_open(struct host *host, int64_t boot_ms) {
    struct host_control *control = &host->control;
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", host->given->run_dir, socket_name);
    control->retry_ms = INT64_MAX;
    control->lock = lock_take(host->given->state_dir);
    if (control->lock == -EWOULDBLOCK) {
        control->retry_ms = boot_ms + RETRY_MS;
        return;
    }
    int error = clients_open(&control->clients, path, &control->host, host->given->loop);
    if (error < 0) {
        complain(control, "The control socket cannot be opened", error);
    }
    tell_where(host, path);
}

void host_control_begin(struct host *host) {
    host->control = (struct host_control){
        .host = {.get_status = get_status,
                 .get_clock = get_clock,
                 .set_clock = set_clock,
                 .get_log = get_log,
                 .correct = correct,
                 .context = host},
        .lock = -1,
    };
    try_to_open(host, loop_now().boot_ms);
}

void host_control_end(struct host *host) {
    lock_point_no_more(host->given->run_dir);
    clients_close(host->control.clients);
    host->control.clients = NULL;
    if (host->control.lock >= 0) {
        close(host->control.lock);
    }
    host->control.lock = -1;
    host->control.retry_ms = INT64_MAX;
}

void host_control_attend(struct host *host, struct moment now) {
    struct host_control *control = &host->control;
    if (now.boot_ms >= control->retry_ms) {
        try_to_open(host, now.boot_ms);
        if (control->lock >= 0) { // it has been another's meanwhile
            runtime_diary_changed(host->runtime, now);
        }
    }
    if (control->clients != NULL) {
        clients_attend(control->clients, now.boot_ms);
    }
}

int64_t host_control_deadline(const struct host *host) {
    const struct host_control *control = &host->control;
    int64_t deadline_ms = control->clients != NULL ? clients_deadline(control->clients) : INT64_MAX;
    return control->retry_ms < deadline_ms ? control->retry_ms : deadline_ms;
}
