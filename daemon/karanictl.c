// karanictl, the owner's tool: options, the table of commands, exit codes.
#include "daemon/ctl/command.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const struct ctl_command *const COMMANDS[] = {
    &ctl_status,     &ctl_summary,      &ctl_history,   &ctl_export, &ctl_import, &ctl_add,    &ctl_edit,
    &ctl_delete,     &ctl_away,         &ctl_clock_set, &ctl_clock,  &ctl_log,    &ctl_boards, &ctl_panels,
    &ctl_panel_test, &ctl_buttons_test, &ctl_backup,    &ctl_doctor, NULL,
};

// What was asked for; the strings are the program's own arguments.
struct request {
    const struct ctl_command *command;
    const char *config_path; // NULL: not named
    const char *state_dir;   // NULL: not named
    unsigned given;          // bits of enum ctl_takes
    struct ctl ctl;          // as far as the options say
    bool help;
    bool version;
};

enum {
    OPTION_CONFIG = 256,
    OPTION_STATE,
    OPTION_JSON,
    OPTION_LAST,
    OPTION_FORMAT,
    OPTION_TONIGHT,
    OPTION_TAKE_OVER,
    OPTION_SECONDS,
    OPTION_CLEAR,
    OPTION_NIGHT,
    OPTION_STARTED,
    OPTION_MINUTES,
    OPTION_HELD,
    OPTION_PLANNED,
    OPTION_OUTCOME,
    OPTION_VARIANT,
    OPTION_ROUTINE,
    OPTION_NOTE,
};

static const struct option OPTIONS[] = {
    {"config", required_argument, NULL, OPTION_CONFIG},
    {"state", required_argument, NULL, OPTION_STATE},
    {"json", no_argument, NULL, OPTION_JSON},
    {"last", required_argument, NULL, OPTION_LAST},
    {"format", required_argument, NULL, OPTION_FORMAT},
    {"tonight", required_argument, NULL, OPTION_TONIGHT},
    {"take-over", no_argument, NULL, OPTION_TAKE_OVER},
    {"seconds", required_argument, NULL, OPTION_SECONDS},
    {"clear", no_argument, NULL, OPTION_CLEAR},
    {"night", required_argument, NULL, OPTION_NIGHT},
    {"started", required_argument, NULL, OPTION_STARTED},
    {"minutes", required_argument, NULL, OPTION_MINUTES},
    {"held", required_argument, NULL, OPTION_HELD},
    {"planned", required_argument, NULL, OPTION_PLANNED},
    {"outcome", required_argument, NULL, OPTION_OUTCOME},
    {"variant", required_argument, NULL, OPTION_VARIANT},
    {"routine", required_argument, NULL, OPTION_ROUTINE},
    {"note", required_argument, NULL, OPTION_NOTE},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

static const struct {
    unsigned bit;
    const char *name;
} TAKEN[] = {
    {CTL_TAKES_JSON, "--json"},       {CTL_TAKES_LAST, "--last"},           {CTL_TAKES_FORMAT, "--format"},
    {CTL_TAKES_TONIGHT, "--tonight"}, {CTL_TAKES_TAKE_OVER, "--take-over"}, {CTL_TAKES_SECONDS, "--seconds"},
    {CTL_TAKES_CLEAR, "--clear"},     {CTL_TAKES_NIGHT, "--night"},         {CTL_TAKES_STARTED, "--started"},
    {CTL_TAKES_MINUTES, "--minutes"}, {CTL_TAKES_HELD, "--held"},           {CTL_TAKES_PLANNED, "--planned"},
    {CTL_TAKES_OUTCOME, "--outcome"}, {CTL_TAKES_VARIANT, "--variant"},     {CTL_TAKES_ROUTINE, "--routine"},
    {CTL_TAKES_NOTE, "--note"},
};

static void print_help(void) {
    puts("Usage: karanictl [--config FILE] [--state DIR] COMMAND\n\n"
         "The owner's tool of Karani: what the diary says, corrections of it, and what there is.\n");
    for (const struct ctl_command *const *command = COMMANDS; *command != NULL; command++) {
        printf("  %-12s %-36s %s\n", (*command)->name, (*command)->synopsis, (*command)->purpose);
    }
    puts("\n  --config FILE   the settings (" PATHS_CONFIG ")\n"
         "  --state DIR     where the diary is (" PATHS_STATE ")\n"
         "  --json          for programs\n"
         "  --help          this\n"
         "  --version       which Karani this is\n"
         "\nOf a session (add, edit):\n"
         "  --night YYYY-MM-DD, --started \"YYYY-MM-DD HH:MM\", --minutes N, --held SECONDS, --planned SECONDS,\n"
         "  --outcome finished|ended-early|interrupted|not-mine, --variant NAME, --routine NAME, --note TEXT");
}

// `least` … INT32_MAX in digits alone.
static bool take_number(int64_t *number, const char *option, const char *text, long least) {
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || value < least || value > INT32_MAX) {
        ctl_complain("%s takes a whole number from %ld on, not \"%s\".", option, least, text);
        return false;
    }
    *number = value;
    return true;
}

static bool take_format(struct request *request, const char *text) {
    if (strcmp(text, "csv") == 0) {
        request->ctl.format = CTL_FORMAT_CSV;
    } else if (strcmp(text, "jsonl") == 0) {
        request->ctl.format = CTL_FORMAT_JSONL;
    } else {
        ctl_complain("--format takes csv or jsonl, not \"%s\".", text);
        return false;
    }
    return true;
}

static bool take_tonight(struct request *request, const char *text) {
    if (!night_parse(text, &request->ctl.tonight)) {
        ctl_complain("--tonight takes a date that exists, YYYY-MM-DD, not \"%s\".", text);
        return false;
    }
    return true;
}

// An option that says something of a session. False when it is wrong; that has been complained of.
static bool take_session_option(struct request *request, int option) {
    struct ctl *ctl = &request->ctl;
    const struct {
        int option;
        unsigned bit;
        const char **text;
        int64_t *number;
        const char *name;
        long least;
    } known[] = {
        {OPTION_NIGHT, CTL_TAKES_NIGHT, &ctl->night, NULL, NULL, 0},
        {OPTION_STARTED, CTL_TAKES_STARTED, &ctl->started, NULL, NULL, 0},
        {OPTION_MINUTES, CTL_TAKES_MINUTES, NULL, &ctl->minutes, "--minutes", 1},
        {OPTION_HELD, CTL_TAKES_HELD, NULL, &ctl->held_s, "--held", 0},
        {OPTION_PLANNED, CTL_TAKES_PLANNED, NULL, &ctl->planned_s, "--planned", 0},
        {OPTION_OUTCOME, CTL_TAKES_OUTCOME, &ctl->outcome, NULL, NULL, 0},
        {OPTION_VARIANT, CTL_TAKES_VARIANT, &ctl->variant, NULL, NULL, 0},
        {OPTION_ROUTINE, CTL_TAKES_ROUTINE, &ctl->routine, NULL, NULL, 0},
        {OPTION_NOTE, CTL_TAKES_NOTE, &ctl->note, NULL, NULL, 0},
    };
    size_t i = 0;
    while (known[i].option != option) {
        i++;
        assert(i < sizeof known / sizeof *known);
    }
    request->given |= known[i].bit;
    if (known[i].number != NULL) {
        return take_number(known[i].number, known[i].name, optarg, known[i].least);
    }
    *known[i].text = optarg;
    return true;
}

// One option. False when it is wrong; that has been complained of.
static bool take_option(struct request *request, int option, char *const *arguments) {
    switch (option) {
    case OPTION_CONFIG:
        request->config_path = optarg;
        return true;
    case OPTION_STATE:
        request->state_dir = optarg;
        return optarg[0] != '\0' || ctl_complain("--state takes a directory, not \"\".") == 0;
    case OPTION_JSON:
        request->given |= CTL_TAKES_JSON;
        request->ctl.json = true;
        return true;
    case OPTION_LAST:
        request->given |= CTL_TAKES_LAST;
        return take_number(&request->ctl.last, "--last", optarg, 1);
    case OPTION_FORMAT:
        request->given |= CTL_TAKES_FORMAT;
        return take_format(request, optarg);
    case OPTION_TONIGHT:
        request->given |= CTL_TAKES_TONIGHT;
        return take_tonight(request, optarg);
    case OPTION_TAKE_OVER:
        request->given |= CTL_TAKES_TAKE_OVER;
        request->ctl.take_over = true;
        return true;
    case OPTION_SECONDS:
        request->given |= CTL_TAKES_SECONDS;
        return take_number(&request->ctl.seconds, "--seconds", optarg, 1);
    case OPTION_CLEAR:
        request->given |= CTL_TAKES_CLEAR;
        request->ctl.clear = true;
        return true;
    case OPTION_NIGHT:
    case OPTION_STARTED:
    case OPTION_MINUTES:
    case OPTION_HELD:
    case OPTION_PLANNED:
    case OPTION_OUTCOME:
    case OPTION_VARIANT:
    case OPTION_ROUTINE:
    case OPTION_NOTE:
        return take_session_option(request, option);
    case 'h':
        request->help = true;
        return true;
    case 'V':
        request->version = true;
        return true;
    case ':':
        ctl_complain("%s needs a value; --help says which.", arguments[optind - 1]);
        return false;
    default:
        ctl_complain("There is no option %s; --help lists them.", arguments[optind - 1]);
        return false;
    }
}

// How many arguments the words of a name take up; 0 when they are others.
static int match_name(const char *name, int count, char *const *arguments) {
    int used = 0;
    for (; *name != '\0'; used++) {
        size_t length = strcspn(name, " ");
        if (used == count || strncmp(arguments[used], name, length) != 0 || arguments[used][length] != '\0') {
            return 0;
        }
        name += length + (name[length] == ' ');
    }
    return used;
}

static const struct ctl_command *find_command(int count, char *const *arguments, int *used) {
    for (const struct ctl_command *const *command = COMMANDS; *command != NULL; command++) {
        *used = match_name((*command)->name, count, arguments);
        if (*used > 0) {
            return *command;
        }
    }
    return NULL;
}

// The command and whether it takes what was given. False when not; that has been complained of.
static bool take_command(struct request *request, int count, char *const *arguments) {
    if (count == 0) {
        ctl_complain("A command is missing; --help lists them.");
        return false;
    }
    int used;
    request->command = find_command(count, arguments, &used);
    if (request->command == NULL) {
        ctl_complain("There is no command \"%s\"; --help lists them.", arguments[0]);
        return false;
    }
    const char *name = request->command->name;
    if (count - used > request->command->arguments_max) {
        ctl_complain("%s takes no \"%s\"; --help says what it takes.", name,
                     arguments[used + request->command->arguments_max]);
        return false;
    }
    if (count - used < request->command->arguments_min) {
        ctl_complain("%s needs more: %s %s; --help says more.", name, name, request->command->synopsis);
        return false;
    }
    request->ctl.arguments = (const char *const *)arguments + used;
    for (size_t i = 0; i < sizeof TAKEN / sizeof *TAKEN; i++) {
        if ((request->given & ~request->command->takes & TAKEN[i].bit) != 0) {
            ctl_complain("%s takes no %s; --help says what it takes.", name, TAKEN[i].name);
            return false;
        }
    }
    if (request->ctl.json && request->ctl.format == CTL_FORMAT_CSV) {
        ctl_complain("--json and --format csv say different things; give one of them.");
        return false;
    }
    return true;
}

static bool read_arguments(struct request *request, int count, char **arguments) {
    opterr = 0; // the sentences are ours
    int option;
    while ((option = getopt_long(count, arguments, ":h", OPTIONS, NULL)) != -1) {
        if (!take_option(request, option, arguments)) {
            return false;
        }
    }
    return request->help || request->version || take_command(request, count - optind, arguments + optind);
}

// The settings: mistakes in the file are told, and the defaults stand in for them as on the device; a file that was
// named and is not there is a problem.
static int read_config(const struct request *request, struct config **config) {
    bool named = request->config_path != NULL;
    int error = config_read(config, named ? request->config_path : PATHS_CONFIG, !named, ctl_complain_of_config, NULL);
    return error == -EINVAL ? 0 : error;
}

static int run_command(struct request *request) {
    struct config *config = NULL;
    struct paths *paths = NULL;
    int exit_status = EXIT_FAILURE;
    int error = read_config(request, &config);
    if (error == 0) {
        error = paths_find(&paths, true);
    }
    if (error == 0) {
        bool default_state = request->state_dir == NULL || strcmp(request->state_dir, PATHS_STATE) == 0;
        request->ctl.config = config;
        request->ctl.paths = paths;
        request->ctl.state_dir = default_state ? PATHS_STATE : request->state_dir;
        request->ctl.status_path = default_state ? PATHS_STATUS : NULL;
        request->ctl.now_utc_s = time(NULL);
        exit_status = request->command->run(&request->ctl);
    } else if (error != -ENOENT) { // config_read has told what is not there
        ctl_complain("The settings or the program's place cannot be read: %s.", strerror(-error));
    }
    paths_free(paths);
    config_free(config);
    return exit_status;
}

int main(int count, char **arguments) {
    struct request request = {.ctl = {.tonight = NIGHT_NONE, .held_s = -1, .planned_s = -1}};
    if (!read_arguments(&request, count, arguments)) {
        return CTL_EXIT_USAGE;
    }
    int exit_status = EXIT_SUCCESS;
    if (request.help) {
        print_help();
    } else if (request.version) {
        puts("karanictl " KARANI_VERSION);
    } else {
        exit_status = run_command(&request);
    }
    if (fflush(stdout) != 0 || ferror(stdout)) {
        return ctl_complain("The output could not be written: %s.", strerror(errno));
    }
    return exit_status;
}
