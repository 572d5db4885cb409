// Writes the trace.
#include "daemon/sim/trace.h"

#include <inttypes.h>
#include <time.h>

// A string as JSON (RFC 8259): quotation mark, backslash and control characters escaped.
static void write_string(FILE *file, const char *text) {
    fputc('"', file);
    for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\') {
            fprintf(file, "\\%c", *c);
        } else if (*c < 0x20) {
            fprintf(file, "\\u%04x", *c);
        } else {
            fputc(*c, file);
        }
    }
    fputc('"', file);
}

void trace_begin(const struct trace *trace, int64_t true_ms, int64_t boot_ms, const char *event) {
    time_t true_s = (time_t)(true_ms / 1000);
    char at[32];
    struct tm utc;

    if (trace->file == NULL) {
        return;
    }
    gmtime_r(&true_s, &utc);
    strftime(at, sizeof at, "%Y-%m-%dT%H:%M:%SZ", &utc);
    fprintf(trace->file, "{\"at\":\"%s\",\"boot_ms\":%" PRId64 ",\"event\":\"%s\"", at, boot_ms, event);
}

void trace_text(const struct trace *trace, const char *key, const char *value) {
    if (trace->file == NULL) {
        return;
    }
    fprintf(trace->file, ",\"%s\":", key);
    if (value == NULL) {
        fputs("null", trace->file);
    } else {
        write_string(trace->file, value);
    }
}

void trace_number(const struct trace *trace, const char *key, int64_t value) {
    if (trace->file != NULL) {
        fprintf(trace->file, ",\"%s\":%" PRId64, key, value);
    }
}

void trace_yes(const struct trace *trace, const char *key, bool value) {
    if (trace->file != NULL) {
        fprintf(trace->file, ",\"%s\":%s", key, value ? "true" : "false");
    }
}

void trace_end(const struct trace *trace) {
    if (trace->file != NULL) {
        fputs("}\n", trace->file);
    }
}

const char *trace_refresh_name(enum refresh_kind kind) {
    static const char *const names[] = {
        [REFRESH_NONE] = "none", [REFRESH_PARTIAL] = "partial", [REFRESH_FULL] = "full"};

    return names[kind];
}

static void trace_area(const struct trace *trace, const struct frame_area *area) {
    if (trace->file != NULL) {
        fprintf(trace->file, ",\"area\":[%d,%d,%d,%d]", area->x_px, area->y_px, area->width_px, area->height_px);
    }
}

static void trace_night(const struct trace *trace, int32_t night) {
    char text[NIGHT_TEXT_SIZE];

    night_format(night, text);
    trace_text(trace, "night", night == NIGHT_NONE ? NULL : text);
}

static void trace_session(const struct trace *trace, const struct session_record *session) {
    trace_text(trace, "uuid", session->uuid);
    trace_text(trace, "outcome", outcome_name(session->outcome));
    trace_number(trace, "held_s", session->held_s);
    trace_number(trace, "planned_s", session->planned_s);
    trace_number(trace, "overtime_s", session->overtime_s);
    trace_night(trace, session->night);
    trace_text(trace, "clock", clock_quality_name(session->clock));
}

static void trace_details(const struct trace *trace, const struct runtime_event *event) {
    switch (event->kind) {
    case RUNTIME_PAGE:
        trace_text(trace, "page", event->page.name);
        trace_text(trace, "why", event->page.why);
        trace_text(trace, "refresh", trace_refresh_name(event->page.kind));
        break;
    case RUNTIME_REFRESH:
        trace_text(trace, "kind", trace_refresh_name(event->refresh.kind));
        trace_number(trace, "ms", event->refresh.duration_ms);
        trace_number(trace, "spi_bytes", event->refresh.spi_bytes);
        trace_area(trace, &event->refresh.area);
        trace_text(trace, "page", event->refresh.page);
        break;
    case RUNTIME_SESSION:
        trace_session(trace, event->session);
        break;
    case RUNTIME_SAVE:
        trace_yes(trace, "ok", event->save.ok);
        trace_number(trace, "pending", (int64_t)event->save.pending);
        break;
    case RUNTIME_AWAY:
        trace_night(trace, event->away.night);
        trace_yes(trace, "away", event->away.away);
        break;
    case RUNTIME_SETTING:
        trace_text(trace, "key", event->setting.key);
        trace_text(trace, "value", event->setting.value);
        break;
    case RUNTIME_CORRECT:
        trace_number(trace, "difference_s", event->correct.difference_s);
        trace_text(trace, "clock", clock_quality_name(event->correct.quality));
        trace_number(trace, "rows", (int64_t)event->correct.rows);
        break;
    case RUNTIME_CUE:
        break;
    case RUNTIME_FAULT:
        trace_text(trace, "part", runtime_part_name(event->fault.part));
        trace_text(trace, "what", event->fault.sentence);
        trace_yes(trace, "given_up", event->fault.given_up);
        break;
    }
}

void trace_runtime(const struct trace *trace, int64_t true_ms, int64_t boot_ms, const struct runtime_event *event) {
    static const char *const names[] = {
        [RUNTIME_PAGE] = "page",       [RUNTIME_REFRESH] = "refresh", [RUNTIME_SESSION] = "session",
        [RUNTIME_SAVE] = "save",       [RUNTIME_AWAY] = "away",       [RUNTIME_SETTING] = "setting",
        [RUNTIME_CORRECT] = "correct", [RUNTIME_CUE] = "cue",         [RUNTIME_FAULT] = "fault",
    };

    trace_begin(trace, true_ms, boot_ms, names[event->kind]);
    trace_details(trace, event);
    trace_end(trace);
}
