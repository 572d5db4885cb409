// What the bedside says: the log, status.json and glass.png, and the line in `systemctl status`.
#include "daemon/host/inside.h"

#include "daemon/host/status.h"
#include "display/panel/rows.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- the log ----

static void remember(struct bedside *bedside, const char *event, struct moment now, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void remember(struct bedside *bedside, const char *event, struct moment now, const char *format, ...) {
    size_t at = bedside->log.count++ % BEDSIDE_LOG_ENTRIES;
    va_list arguments;
    // While the hands begin, nobody knows better than the system.
    bedside->log.entries[at].utc_s =
        bedside->hands != NULL ? clock_utc_s(device_clock(hands_device(bedside->hands)), now) : now.system_ms / 1000;
    bedside->log.entries[at].event = event;
    va_start(arguments, format);
    vsnprintf(bedside->log.entries[at].text, BEDSIDE_LOG_TEXT_SIZE, format, arguments);
    va_end(arguments);
}

static const char *const kinds[] = {[REFRESH_NONE] = "no", [REFRESH_PARTIAL] = "a partial", [REFRESH_FULL] = "a full"};

static void hear_refresh(struct bedside *bedside, const struct hands_event *event, struct moment now) {
    remember(bedside, "refresh", now, "%s, %s refresh of %" PRId64 " ms, %" PRId64 " bytes", event->refresh.page,
             kinds[event->refresh.kind], event->refresh.duration_ms, event->refresh.spi_bytes);
    loop_log(LOOP_LOG_DEBUG, "The glass shows %s after %s refresh of %" PRId64 " ms, %" PRId64 " bytes.",
             event->refresh.page, kinds[event->refresh.kind], event->refresh.duration_ms, event->refresh.spi_bytes);
    if (bedside->fault[0] != '\0')
        loop_log(LOOP_LOG_INFO, "The panel answers again.");
    bedside->fault[0] = '\0';
    bedside->glass_changed = true;
}

static void hear_session(const struct diary_session *session) {
    bool passing = session->outcome == OUTCOME_RUNNING && session->held_s > 0;
    loop_log(passing ? LOOP_LOG_DEBUG : LOOP_LOG_INFO, "Session %s: %s, %" PRId64 " s held.", session->uuid,
             outcome_name(session->outcome), session->held_s);
}

static void hear_fault(struct bedside *bedside, const struct hands_event *event, struct moment now) {
    remember(bedside, "fault", now, "%s: %s", event->fault.part, event->fault.sentence);
    bool panel = strcmp(event->fault.part, "panel") == 0;
    if (!panel) {
        loop_log(LOOP_LOG_ERROR, "%s", event->fault.sentence);
        return;
    }
    snprintf(bedside->fault, sizeof bedside->fault, "%s", event->fault.sentence);
    loop_log(event->fault.given_up ? LOOP_LOG_ERROR : LOOP_LOG_WARNING, "%s %s", event->fault.sentence,
             event->fault.given_up ? "It is left alone for a while." : "It is tried once more.");
}

void bedside_hear(void *context, const struct hands_event *event, struct moment now) {
    struct bedside *bedside = context;
    switch (event->kind) {
    case HANDS_PAGE:
        loop_log(LOOP_LOG_DEBUG, "The page %s was decided upon (%s).", event->page.name, event->page.why);
        return;
    case HANDS_REFRESH:
        hear_refresh(bedside, event, now);
        return;
    case HANDS_SESSION:
        hear_session(event->session);
        return;
    case HANDS_SAVE:
        if (!event->save.ok && event->save.pending > 0) // a choice waits without a row
            loop_log(LOOP_LOG_WARNING, "%zu row%s to be saved.", event->save.pending,
                     event->save.pending == 1 ? " waits" : "s wait");
        return;
    case HANDS_AWAY:
        loop_log(LOOP_LOG_INFO, "A night was marked %s.", event->away.away ? "away" : "not away");
        return;
    case HANDS_SETTING:
        loop_log(LOOP_LOG_INFO, "The choice %s was made: %s.", event->setting.key, event->setting.value);
        return;
    case HANDS_CORRECT:
        loop_log(LOOP_LOG_INFO, "The clock was corrected by %" PRId64 " s (%s); %zu rows of this boot were moved.",
                 event->correct.difference_s, clock_quality_name(event->correct.quality), event->correct.rows);
        return;
    case HANDS_CUE:
        cue_play(&bedside->cue.cue, now.boot_ms);
        return;
    case HANDS_FAULT:
        hear_fault(bedside, event, now);
        return;
    }
}

// ---- the runtime directory ----

// What is wrong, the worst first.
static void find_troubles(const struct bedside *bedside, struct status *status) {
    const struct status_trouble found[STATUS_TROUBLES_MAX] = {
        {"diary", hands_diary_sentence(bedside->hands)},
        {"storage", bedside->given->place_trouble},
        {"panel", bedside->panel.trouble},
        {"panel", hands_panel_is_given_up(bedside->hands) ? bedside->fault : NULL},
        {"board", bedside->buttons.trouble},
        {"board", bedside->given->load->trouble},
    };
    size_t count = 0;
    for (size_t i = 0; i < STATUS_TROUBLES_MAX; i++) {
        if (found[i].sentence != NULL && found[i].sentence[0] != '\0')
            status->troubles[count++] = found[i];
    }
    status->trouble = status->troubles[0].sentence;
    status->trouble_of = status->troubles[0].part;
}

static void complain(struct bedside *bedside, int result) {
    if (result < 0 && !bedside->run_dir_fails)
        loop_log(LOOP_LOG_WARNING, "%s cannot be written, so nobody sees the status: %s.", bedside->given->run_dir,
                 strerror(-result));
    bedside->run_dir_fails = result < 0;
}

static void tell_systemd(const char *page, int minutes_left, const char *trouble) {
    char line[BEDSIDE_SENTENCE_SIZE + 64];
    if (minutes_left >= 0)
        snprintf(line, sizeof line, "Shows %s, %d min left. %s", page, minutes_left, trouble != NULL ? trouble : "");
    else
        snprintf(line, sizeof line, "Shows %s. %s", page, trouble != NULL ? trouble : "");
    loop_tell_status(line);
}

static void report_status(struct bedside *bedside, struct moment now) {
    const struct device *device = hands_device(bedside->hands);
    const struct view *view = device_view(device);
    const bool counts = view->page == PAGE_COUNTDOWN || view->page == PAGE_PAUSED;
    struct status status = {
        .page = device_page_name(device),
        .text = hands_text(bedside->hands),
        .night = device_tonight(device, now),
        .minutes_left = counts ? page_minutes(view) : -1,
        .clock = clock_quality_name(device_clock(device)->quality),
        .kept = device_is_kept(device),
        .panel = bedside->given->load->setup->row->name,
    };
    find_troubles(bedside, &status);
    char *text = status_format(&status);
    if (text == NULL || (bedside->told != NULL && strcmp(text, bedside->told) == 0)) {
        free(text);
        return;
    }
    complain(bedside, status_write(bedside->given->run_dir, text));
    tell_systemd(status.page, status.minutes_left, status.trouble);
    free(bedside->told);
    bedside->told = text;
}

void bedside_report(struct bedside *bedside, struct moment now) {
    if (bedside->glass_changed)
        complain(bedside, status_write_glass(bedside->given->run_dir, hands_frame(bedside->hands)));
    bedside->glass_changed = false;
    report_status(bedside, now);
}
