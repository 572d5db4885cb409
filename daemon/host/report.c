// What the host says: the log, status.json and glass.png, and the line in `systemctl status`.
#include "daemon/host/inside.h"

#include "daemon/host/status.h"
#include "display/panel/rows.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- the log ----

static void remember(struct host *host, const char *event, struct moment now, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void remember(struct host *host, const char *event, struct moment now, const char *format, ...) {
    size_t at = host->log.count++ % HOST_LOG_ENTRIES;
    va_list arguments;
    // While the runtime starts, nobody knows better than the system.
    host->log.entries[at].utc_s =
        host->runtime != NULL ? clock_utc_s(device_clock(runtime_device(host->runtime)), now) : now.system_ms / 1000;
    host->log.entries[at].event = event;
    va_start(arguments, format);
    vsnprintf(host->log.entries[at].text, HOST_LOG_TEXT_SIZE, format, arguments);
    va_end(arguments);
}

static const char *const kinds[] = {[REFRESH_NONE] = "no", [REFRESH_PARTIAL] = "a partial", [REFRESH_FULL] = "a full"};

static void hear_refresh(struct host *host, const struct runtime_event *event, struct moment now) {
    remember(host, "refresh", now, "%s, %s refresh of %" PRId64 " ms, %" PRId64 " bytes", event->refresh.page,
             kinds[event->refresh.kind], event->refresh.duration_ms, event->refresh.spi_bytes);
    loop_log(LOOP_LOG_DEBUG, "The glass shows %s after %s refresh of %" PRId64 " ms, %" PRId64 " bytes.",
             event->refresh.page, kinds[event->refresh.kind], event->refresh.duration_ms, event->refresh.spi_bytes);
    if (host->panel_fails) {
        loop_log(LOOP_LOG_INFO, "The panel answers again.");
    }
    host->panel_fails = false;
    host->glass_changed = true;
}

static void hear_session(const struct session_record *session) {
    bool passing = session->outcome == OUTCOME_RUNNING && session->held_s > 0;
    loop_log(passing ? LOOP_LOG_DEBUG : LOOP_LOG_INFO, "Session %s: %s, %" PRId64 " s held.", session->uuid,
             outcome_name(session->outcome), session->held_s);
}

static void hear_fault(struct host *host, const struct runtime_event *event, struct moment now) {
    remember(host, "fault", now, "%s: %s", runtime_part_name(event->fault.part), event->fault.sentence);
    if (event->fault.part != RUNTIME_PART_PANEL) {
        loop_log(LOOP_LOG_ERROR, "%s", event->fault.sentence);
        return;
    }
    host->panel_fails = true;
    loop_log(event->fault.given_up ? LOOP_LOG_ERROR : LOOP_LOG_WARNING, "%s %s", event->fault.sentence,
             event->fault.given_up ? "It is left alone for a while." : "It is tried once more.");
}

void host_hear(void *context, const struct runtime_event *event, struct moment now) {
    struct host *host = context;
    switch (event->kind) {
    case RUNTIME_PAGE:
        loop_log(LOOP_LOG_DEBUG, "The page %s was decided upon (%s).", event->page.name, event->page.why);
        return;
    case RUNTIME_REFRESH:
        hear_refresh(host, event, now);
        return;
    case RUNTIME_SESSION:
        hear_session(event->session);
        return;
    case RUNTIME_SAVE:
        if (!event->save.ok && event->save.pending > 0) { // a choice waits without a row
            loop_log(LOOP_LOG_WARNING, "%zu row%s to be saved.", event->save.pending,
                     event->save.pending == 1 ? " waits" : "s wait");
        }
        return;
    case RUNTIME_AWAY:
        loop_log(LOOP_LOG_INFO, "A night was marked %s.", event->away.away ? "away" : "not away");
        return;
    case RUNTIME_SETTING:
        loop_log(LOOP_LOG_INFO, "The choice %s was made: %s.", event->setting.key, event->setting.value);
        return;
    case RUNTIME_CORRECT:
        loop_log(LOOP_LOG_INFO, "The clock was corrected by %" PRId64 " s (%s); %zu rows of this boot were moved.",
                 event->correct.difference_s, clock_quality_name(event->correct.quality), event->correct.rows);
        return;
    case RUNTIME_CUE:
        cue_play(&host->cue.cue, now.boot_ms);
        return;
    case RUNTIME_FAULT:
        hear_fault(host, event, now);
        return;
    }
}

// ---- the runtime directory ----

// What is wrong, the worst first.
static void find_troubles(const struct host *host, struct status *status) {
    const struct troubles *troubles = runtime_troubles(host->runtime);
    const struct status_trouble found[STATUS_TROUBLES_MAX] = {
        {"diary", troubles_of_diary(troubles)}, {"storage", troubles_sentence(troubles, PAGE_TROUBLE_PLACE)},
        {"panel", host->panel.trouble},         {"panel", troubles_sentence(troubles, PAGE_TROUBLE_PANEL)},
        {"board", host->buttons.trouble},       {"board", host->given->load->trouble},
    };
    size_t count = 0;
    for (size_t i = 0; i < STATUS_TROUBLES_MAX; i++) {
        if (found[i].sentence != NULL && found[i].sentence[0] != '\0') {
            status->troubles[count++] = found[i];
        }
    }
    status->trouble = status->troubles[0].sentence;
    status->trouble_of = status->troubles[0].part;
}

static void complain(struct host *host, int error) {
    if (error < 0 && !host->run_dir_fails) {
        loop_log(LOOP_LOG_WARNING, "%s cannot be written, so nobody sees the status: %s.", host->given->run_dir,
                 strerror(-error));
    }
    host->run_dir_fails = error < 0;
}

static void tell_systemd(const char *page, int minutes_left, const char *trouble) {
    char line[HOST_SENTENCE_SIZE + 64];
    if (minutes_left >= 0) {
        snprintf(line, sizeof line, "Shows %s, %d min left. %s", page, minutes_left, trouble != NULL ? trouble : "");
    } else {
        snprintf(line, sizeof line, "Shows %s. %s", page, trouble != NULL ? trouble : "");
    }
    loop_tell_status(line);
}

static void report_status(struct host *host, struct moment now) {
    const struct device *device = runtime_device(host->runtime);
    const struct view *view = device_view(device);
    const bool counts = view->page == PAGE_COUNTDOWN || view->page == PAGE_PAUSED;
    struct status status = {
        .page = device_page_name(device),
        .text = screen_text(runtime_screen(host->runtime)),
        .night = device_tonight(device, now),
        .minutes_left = counts ? page_minutes(view) : -1,
        .clock = clock_quality_name(device_clock(device)->quality),
        .kept = device_is_kept(device),
        .panel = host->given->load->setup->row->name,
    };
    find_troubles(host, &status);
    char *text = status_format(&status);
    if (text == NULL || (host->told != NULL && strcmp(text, host->told) == 0)) {
        free(text);
        return;
    }
    complain(host, status_write(host->given->run_dir, text));
    tell_systemd(status.page, status.minutes_left, status.trouble);
    free(host->told);
    host->told = text;
}

void host_report(struct host *host, struct moment now) {
    if (host->glass_changed) {
        complain(host, status_write_glass(host->given->run_dir, screen_frame(runtime_screen(host->runtime))));
    }
    host->glass_changed = false;
    report_status(host, now);
}
