// karanictl history: the sessions, one a line.
#include "daemon/ctl/command.h"
#include "daemon/diary/text/rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

// Which rows are printed, and where they go.
struct listing {
    JsonBuilder *builder; // NULL: for people
    int64_t skip;         // rows that are older than the ones asked for
};

static int count_row(void *context, const struct session_record *session) {
    (void)session;
    ++*(int64_t *)context;
    return 0;
}

static void print_header(void) {
    printf("%-14s  %-5s  %6s  %7s  %-11s  %-8s  %-8s  %s\n", "Night", "Start", "Held", "Planned", "Outcome", "Variant",
           "ID", "Note");
}

static void print_row(const struct session_record *session) {
    static const char *const WEEKDAYS[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    char night[NIGHT_TEXT_SIZE + 4] = "not known";
    char start[6] = "–";
    if (session->night != NIGHT_NONE) {
        char date[NIGHT_TEXT_SIZE];
        night_format(session->night, date);
        snprintf(night, sizeof night, "%s %s", WEEKDAYS[night_weekday(session->night)], date);
        const int64_t day_min = 1440;
        int64_t minutes = (session->started_utc_s + session->utc_offset_s) / 60 % day_min;
        minutes = minutes < 0 ? minutes + day_min : minutes;
        snprintf(start, sizeof start, "%02d:%02d", (int)(minutes / 60), (int)(minutes % 60));
    }
    char *note = rows_in_a_line(session->note != NULL ? session->note : ""); // any characters, as an import's variant
    char *variant = rows_in_a_line(session->variant);
    int pad = session->night != NIGHT_NONE ? 5 : 7; // the dash takes three bytes for one column
    printf("%-14s  %-*s  %3" PRId64 ":%02d  %4" PRId64 ":%02d  %-11s  %-8s  %.8s  %s\n", night, pad, start,
           session->held_s / 60, (int)(session->held_s % 60), session->planned_s / 60, (int)(session->planned_s % 60),
           outcome_name(session->outcome), variant, session->uuid, note);
    g_free(note);
    g_free(variant);
}

static int list_row(void *context, const struct session_record *session) {
    struct listing *listing = context;
    if (listing->skip > 0) {
        listing->skip--;
    } else if (listing->builder != NULL) {
        rows_build_json(listing->builder, session);
    } else {
        print_row(session);
    }
    return 0;
}

static int list(const struct ctl *ctl, struct diary *diary) {
    int64_t count = 0;
    int error = diary_each_session(diary, count_row, &count);
    if (error != 0) {
        return error;
    }
    int64_t last = ctl_number(ctl, "last", count);
    struct listing listing = {.skip = last < count ? count - last : 0};
    if (ctl_has(ctl, "json")) {
        listing.builder = json_builder_new();
        json_builder_begin_array(listing.builder);
    } else if (count > 0) {
        print_header();
    } else {
        puts("No session yet.");
    }
    error = diary_each_session(diary, list_row, &listing);
    if (listing.builder != NULL) {
        json_builder_end_array(listing.builder);
        if (error == 0) {
            ctl_print_json(listing.builder);
        }
        g_object_unref(listing.builder);
    }
    return error;
}

static int run(const struct ctl *ctl) {
    struct diary *diary;
    if (!ctl_open_diary(ctl, &diary)) {
        return EXIT_FAILURE;
    }
    int error = list(ctl, diary);
    diary_close(diary);
    return error == 0 ? EXIT_SUCCESS : ctl_complain("The diary could not be read to its end: it may be damaged.");
}

static const struct option_row OPTIONS[] = {
    {"last", "N", "Only the last N of them.", option_read_number, 1},
    OPTION_ROW_JSON,
    {.name = NULL},
};

const struct command history_command = {
    .name = "history",
    .summary = "the sessions, oldest first",
    .options = OPTIONS,
    .run = run,
};
