// karanictl summary: how the habit is doing.
#include "daemon/core/habit.h"
#include "daemon/ctl/command.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define UNREADABLE "The diary could not be read to its end: it may be damaged."

// All that counts in the diary.
struct tally {
    struct habit_log log;
    int64_t undated_s;
};

static int count_session(void *context, int32_t night, int64_t held_s) {
    struct tally *tally = context;
    if (night == NIGHT_NONE) {
        tally->undated_s += held_s;
        return 0;
    }
    return habit_log_add(&tally->log, night, held_s);
}

static int count_away(void *context, int32_t night) {
    struct tally *tally = context;
    return habit_log_set_away(&tally->log, night, true);
}

// Which night is "tonight", and which one `last_night` tells of: the latest whose date lies before today's, which in
// the morning is still the running one.
struct evening {
    int32_t tonight;
    int32_t last_night;
};

static struct evening find_evening(const struct ctl *ctl, struct diary *diary) {
    if (ctl_has(ctl, "tonight")) {
        int32_t tonight = (int32_t)ctl_number(ctl, "tonight", NIGHT_NONE);
        return (struct evening){tonight, tonight - 1};
    }
    int64_t local_s = ctl_local_s(ctl, diary);
    return (struct evening){night_of_local(local_s), night_date_of_local(local_s) - 1};
}

static int summarise(const struct ctl *ctl, struct diary *diary, struct habit_summary *summary) {
    struct tally tally = {.undated_s = 0};
    int error = diary_each_held(diary, count_session, &tally);
    if (error == 0) {
        error = diary_each_away(diary, count_away, &tally);
    }
    if (error == 0) {
        const struct habit_rules rules = {ctl->config->counts_from_s, ctl->config->rest_nights};
        struct evening evening = find_evening(ctl, diary);
        habit_summarise(&tally.log, &rules, evening.tonight, evening.last_night, tally.undated_s, summary);
        // karani(7), WHAT COUNTS: so it is in an empty diary, also in the hours in which that night still runs.
        if (tally.log.night_count == 0 && tally.log.away_count == 0) {
            summary->last_night.state = HABIT_BEFORE;
        }
    }
    habit_log_clear(&tally.log);
    return error;
}

static void print_json(const struct habit_summary *summary) {
    char tonight[NIGHT_TEXT_SIZE], last_night[NIGHT_TEXT_SIZE];
    night_format(summary->tonight, tonight);
    night_format(summary->last_night.night, last_night);
    JsonBuilder *builder = json_builder_new();
    json_builder_begin_object(builder);
    ctl_add_text(builder, "night", tonight);
    json_builder_set_member_name(builder, "last_night");
    json_builder_begin_object(builder);
    ctl_add_text(builder, "night", last_night);
    ctl_add_number(builder, "held_s", summary->last_night.held_s);
    ctl_add_text(builder, "state", habit_state_name(summary->last_night.state));
    json_builder_end_object(builder);
    ctl_add_number(builder, "last7", summary->last7);
    ctl_add_number(builder, "last28", summary->last28);
    ctl_add_number(builder, "streak", summary->streak);
    ctl_add_number(builder, "best", summary->best);
    ctl_add_number(builder, "rests_left", summary->rests_left);
    ctl_add_number(builder, "nights", summary->nights);
    ctl_add_number(builder, "minutes", summary->minutes);
    json_builder_set_member_name(builder, "steadiness");
    json_builder_add_double_value(builder, summary->steadiness);
    json_builder_set_member_name(builder, "grid");
    json_builder_begin_array(builder);
    for (int i = 0; i < HABIT_GRID_NIGHTS; i++) {
        json_builder_add_string_value(builder, habit_state_name(summary->grid[i]));
    }
    json_builder_end_array(builder);
    json_builder_end_object(builder);
    ctl_print_json(builder);
    g_object_unref(builder);
}

// A week a group, oldest first.
static void print_grid(const struct habit_summary *summary) {
    static const char *const MARKS[] = {
        [HABIT_BEFORE] = "·", [HABIT_PRACTISED] = "●", [HABIT_REST] = "–",
        [HABIT_AWAY] = "a",   [HABIT_MISSED] = "×",    [HABIT_PENDING] = "○",
    };
    printf("Last 4 weeks   ");
    for (int i = 0; i < HABIT_GRID_NIGHTS; i++) {
        printf("%s%s", i > 0 && i % 7 == 0 ? " " : "", MARKS[summary->grid[i]]);
    }
    puts("\n               ● practised  – rest  a away  × missed  ○ tonight, not yet");
}

static void print_words(const struct ctl *ctl, const struct habit_summary *summary) {
    static const char *const STATES[] = {
        [HABIT_BEFORE] = "before the first one",
        [HABIT_PRACTISED] = "practised",
        [HABIT_REST] = "a rest",
        [HABIT_AWAY] = "away",
        [HABIT_MISSED] = "none",
        [HABIT_PENDING] = "not yet",
    };
    char tonight[NIGHT_TEXT_SIZE], last_night[NIGHT_TEXT_SIZE];
    night_format(summary->tonight, tonight);
    night_format(summary->last_night.night, last_night);
    printf("Night          %s\n", tonight);
    printf("Last night     %s: %s", last_night, STATES[summary->last_night.state]);
    if (summary->last_night.held_s > 0) {
        printf(", %" PRId64 " min", summary->last_night.held_s / 60);
    }
    printf("\nLast 7 nights  %d practised\n", summary->last7);
    printf("Last 28        %d practised\n", summary->last28);
    if (ctl->config->show_streak) {
        printf("Streak         %d, best %d\n", summary->streak, summary->best);
    }
    printf("Rests left     %d of %d\n", summary->rests_left, ctl->config->rest_nights);
    printf("In all         %d %s, %" PRId64 " %s\n", summary->nights, summary->nights == 1 ? "night" : "nights",
           summary->minutes, summary->minutes == 1 ? "minute" : "minutes");
    printf("Steadiness     %.0f %%\n", summary->steadiness * 100);
    print_grid(summary);
}

// SIGBUS: the card does not give a page of the mapped diary.
static void end_without_page(int signal) {
    static const char complaint[] = "karanictl: " UNREADABLE "\n";
    (void)signal;
    (void)!write(STDERR_FILENO, complaint, sizeof complaint - 1);
    _exit(EXIT_FAILURE);
}

static int run(const struct ctl *ctl) {
    struct diary *diary;
    if (!ctl_open_diary(ctl, &diary)) {
        return EXIT_FAILURE;
    }
    const struct sigaction page_lost = {.sa_handler = end_without_page};
    sigaction(SIGBUS, &page_lost, NULL);
    struct habit_summary summary;
    int error = diary_map(diary);
    if (error == 0) {
        error = summarise(ctl, diary, &summary);
    }
    diary_close(diary);
    if (error != 0) {
        return ctl_complain(UNREADABLE);
    }
    if (ctl_has(ctl, "json")) {
        print_json(&summary);
    } else {
        print_words(ctl, &summary);
    }
    return EXIT_SUCCESS;
}

static const struct option_row OPTIONS[] = {
    {"tonight", "YYYY-MM-DD", "As of the evening of that day, whatever came later.", option_read_evening, 0},
    OPTION_ROW_JSON,
    {.name = NULL},
};

const struct command summary_command = {
    .name = "summary",
    .summary = "how the habit is doing, tonight or as of another evening",
    .options = OPTIONS,
    .run = run,
};
