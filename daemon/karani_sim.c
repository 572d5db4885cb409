// The simulator's program: options, wiring, exit codes.
#include "daemon/settings/paths.h"
#include "daemon/settings/setup.h"
#include "daemon/sim/dirs.h"
#include "daemon/sim/script/runner.h"
#include "daemon/sim/script/script.h"
#include "daemon/sim/trace.h"
#include "daemon/sim/tui/tui.h"
#include "daemon/sim/world.h"
#include "display/panel/rows.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_USAGE = 2, EXIT_VIOLATION = 3, SENTENCE_SIZE = 512 };

static const char usage[] = "Usage: karani-sim [OPTIONS] [--script FILE]\n";

static const char help[] =
    "The same device on a desk: real cards, real driver, an emulated panel; the keyboard is the buttons.\n"
    "\n"
    "  --panel NAME     the panel (karanictl panels lists them)\n"
    "  --board NAME     the board\n"
    "  --config FILE    settings; without it the defaults hold, nothing is read from /etc\n"
    "  --state DIR      where the diary is kept (a script: an empty place, thrown away at its end;\n"
    "                   a terminal: $XDG_STATE_HOME/karani, ~/.local/state/karani)\n"
    "  --zone ZONE      the time zone (a script: UTC; a terminal: the system's)\n"
    "  --language CODE  the language of the pages (en)\n"
    "  --script FILE    run a script in virtual time instead of a terminal session\n"
    "  --out DIR        where snapshots go\n"
    "  --trace FILE     write what happens, one JSON object a line\n"
    "  --version, --help\n"
    "\n"
    "Exit status: 0 done, 1 an expectation failed or a problem told in one sentence, 2 wrong usage or a wrong\n"
    "line in the script, 3 the panel's protocol was violated.\n"
    "\n"
    "A script has one command a line, # begins a comment:\n"
    "  zone Europe/Berlin                 at 2026-03-28 21:40:00 (the first sets the clock and switches on)\n"
    "  wait 90s (ms s m h d)              press main [for 40ms]     hold main [for 2s]     bounce main\n"
    "  power cut                          power on [after 3h]       restart                rtc yes|no\n"
    "  clock step +2h                     clock sync                busy stuck|ok\n"
    "  panel unplugged|plugged            disk full|readonly|ok     snapshot NAME\n"
    "  expect page NAME                   expect minutes 12         expect text \"words\"\n"
    "  expect refresh partial|full|none   expect asleep\n"
    "The desk has all five buttons (main back more less info), whatever the board.\n";

struct options {
    const char *panel;
    const char *board;
    const char *config;
    const char *state;
    const char *zone;
    const char *language;
    const char *script;
    const char *out;
    const char *trace;
};

// What the program holds while it runs.
struct simulator {
    struct options options;
    struct paths *paths;
    struct setup *setup;
    struct script *script;
    char *state_dir;
    FILE *trace;
    bool own_zone; // the settings file names a zone
    bool option_trouble;
    struct complaint_first config_trouble, routine_trouble;
};

__attribute__((format(printf, 2, 3))) static int tell(int status, const char *format, ...) {
    va_list arguments;

    fputs("karani-sim: ", stderr);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    return status;
}

// Returns an exit status, or -1 to go on.
static int read_options(int count, char **arguments, struct options *options) {
    static const struct option known[] = {
        {"panel", required_argument, NULL, 'p'},  {"board", required_argument, NULL, 'b'},
        {"config", required_argument, NULL, 'c'}, {"state", required_argument, NULL, 's'},
        {"zone", required_argument, NULL, 'z'},   {"language", required_argument, NULL, 'l'},
        {"script", required_argument, NULL, 'r'}, {"out", required_argument, NULL, 'o'},
        {"trace", required_argument, NULL, 't'},  {"version", no_argument, NULL, 'v'},
        {"help", no_argument, NULL, 'h'},         {NULL, 0, NULL, 0},
    };
    const struct {
        int letter;
        const char **value;
    } values[] = {{'p', &options->panel},  {'b', &options->board}, {'c', &options->config},
                  {'s', &options->state},  {'z', &options->zone},  {'l', &options->language},
                  {'r', &options->script}, {'o', &options->out},   {'t', &options->trace}};

    for (int letter; (letter = getopt_long(count, arguments, "", known, NULL)) != -1;) {
        if (letter == '?') { // getopt_long has said what
            fputs(usage, stderr);
            return EXIT_USAGE;
        }
        if (letter == 'v') {
            puts("karani-sim " KARANI_VERSION);
            return EXIT_SUCCESS;
        }
        if (letter == 'h') {
            printf("%s\n%s", usage, help);
            return EXIT_SUCCESS;
        }
        for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
            if (values[i].letter == letter) {
                *values[i].value = optarg;
            }
        }
    }
    if (optind < count) {
        tell(0, "\"%s\" is no option.", arguments[optind]);
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    return -1;
}

// A complaint about the value of a key of [device] that an option has replaced is one about the option.
static bool is_of_option(const struct options *options, const struct complaint *complaint) {
    const struct {
        const char *key;
        const char *value;
    } replaced[] = {
        {"panel", options->panel}, {"board", options->board}, {"zone", options->zone}, {"language", options->language}};

    if (complaint->source != COMPLAINT_OF_CONFIG || complaint->key == NULL || complaint->says_key ||
        strcmp(complaint->group, "device") != 0) {
        return false;
    }
    for (size_t i = 0; i < sizeof replaced / sizeof replaced[0]; i++) {
        if (replaced[i].value != NULL && strcmp(complaint->key, replaced[i].key) == 0) {
            return true;
        }
    }
    return false;
}

// What holds until then holds for a setting; a wrong option ends it.
static void tell_of_option(const struct complaint *complaint) {
    const char *sentence = complaint->sentence;
    size_t length = strcspn(sentence, "(");

    length -= length > 0 && sentence[length] != '\0' ? 1 : 0;
    tell(0, "--%s: %.*s%s", complaint->key, (int)length, sentence, sentence[length] != '\0' ? "." : "");
}

// Settings and routine are complained of in whole sentences; the glass then says that there is trouble.
static void hear_complaint(void *context, const struct complaint *complaint) {
    struct simulator *simulator = context;

    if (is_of_option(&simulator->options, complaint)) {
        simulator->option_trouble = true;
        tell_of_option(complaint);
        return;
    }
    bool of_routine = complaint->source == COMPLAINT_OF_ROUTINE;

    complaint_note(of_routine ? &simulator->routine_trouble : &simulator->config_trouble, complaint);
    complaint_print(complaint, "karani-sim: ", stderr);
}

// An option takes the place of a setting.
static bool replace(char **setting, const char *option) {
    if (option == NULL) {
        return true;
    }
    char *copy = strdup(option);

    free(*setting);
    *setting = copy;
    return copy != NULL;
}

// Settings, then options over them; what an option names must be there.
static int make_setup(struct simulator *simulator) {
    const struct options *options = &simulator->options;
    struct config *config = NULL;
    int error = options->config == NULL ? 0 : config_read(&config, options->config, false, hear_complaint, simulator);

    if (options->config == NULL) {
        config = config_new();
    } else if (error == -ENOENT) { // that has been complained of
        config_free(config);
        return EXIT_FAILURE;
    }
    if (config == NULL) {
        return tell(EXIT_FAILURE, "Memory is out.");
    }
    bool zone_named = config->zone != NULL && options->zone == NULL;
    char system_zone[SETUP_ZONE_SIZE] = "UTC";

    if (options->script == NULL) {
        paths_system_zone(PATHS_ETC, system_zone, sizeof system_zone);
    }
    const char *zone = options->zone != NULL ? options->zone : config->zone == NULL ? system_zone : NULL;

    if (!replace(&config->panel, options->panel) || !replace(&config->board, options->board) ||
        !replace(&config->language, options->language) || !replace(&config->zone, zone)) {
        config_free(config);
        return tell(EXIT_FAILURE, "Memory is out.");
    }
    error = setup_make(&simulator->setup, config, simulator->paths, hear_complaint, simulator);
    if (simulator->setup == NULL) {
        return tell(EXIT_FAILURE, "No device can be made of this: %s.", strerror(-error));
    }
    simulator->own_zone = zone_named && !simulator->setup->system_zone;
    return simulator->option_trouble ? EXIT_USAGE : EXIT_SUCCESS;
}

static int read_script(struct simulator *simulator) {
    const char *name = simulator->options.script;
    char sentence[SENTENCE_SIZE];
    FILE *file = fopen(name, "re");

    if (file == NULL) {
        return tell(EXIT_FAILURE, "The script %s cannot be read: %s.", name, strerror(errno));
    }
    int error = script_read(&simulator->script, file, name, simulator->setup->zone, sentence, sizeof sentence);

    fclose(file);
    if (error == 0) {
        return EXIT_SUCCESS;
    }
    fprintf(stderr, "%s\n", sentence);
    return error == -EINVAL ? EXIT_USAGE : EXIT_FAILURE;
}

static int make_places(struct simulator *simulator) {
    const struct options *options = &simulator->options;
    char sentence[SENTENCE_SIZE];

    if (!paths_have_font(PATHS_FONTS, sentence, sizeof sentence)) {
        return tell(EXIT_FAILURE, "%s", sentence);
    }
    if (options->state != NULL) {
        simulator->state_dir = strdup(options->state);
    } else {
        simulator->state_dir = options->script != NULL ? dirs_make_temporary() : dirs_find_state();
    }
    if (simulator->state_dir == NULL) {
        return tell(EXIT_FAILURE, "There is no place for the diary: name one with --state.");
    }
    int error = dirs_make(simulator->state_dir);

    if (error < 0) {
        return tell(EXIT_FAILURE, "The state directory %s cannot be made: %s; name another one with --state.",
                    simulator->state_dir, strerror(-error));
    }
    error = options->out != NULL ? dirs_make(options->out) : 0;
    if (error < 0) {
        return tell(EXIT_FAILURE, "The directory %s for snapshots cannot be made: %s.", options->out, strerror(-error));
    }
    simulator->trace = options->trace != NULL ? fopen(options->trace, "we") : NULL;
    if (options->trace != NULL && simulator->trace == NULL) {
        return tell(EXIT_FAILURE, "The trace %s cannot be written: %s.", options->trace, strerror(errno));
    }
    return EXIT_SUCCESS;
}

static int run_desk(const struct simulator *simulator, struct world *world) {
    const char *out_dir = simulator->options.out != NULL ? simulator->options.out : ".";
    char sentence[SENTENCE_SIZE];
    int error = tui_run(world, out_dir, sentence, sizeof sentence);

    if (error == -EPROTO) {
        return tell(EXIT_VIOLATION, "The panel's protocol was violated: %s: %s", world_violation(world),
                    world_violation_detail(world));
    }
    return error < 0 ? tell(EXIT_FAILURE, "%s", sentence) : EXIT_SUCCESS;
}

static int run(const struct simulator *simulator) {
    const struct world_setup setup = {
        .setup = simulator->setup,
        .state_dir = simulator->state_dir,
        .config_trouble = complaint_place(&simulator->config_trouble),
        .routine_trouble = complaint_place(&simulator->routine_trouble),
        .own_zone = simulator->own_zone,
        .trace = {.file = simulator->trace},
    };
    char sentence[SENTENCE_SIZE];
    struct world *world;

    if (world_new(&world, &setup, sentence, sizeof sentence) < 0) {
        return tell(EXIT_FAILURE, "%s", sentence);
    }
    const struct runner_setup runner = {
        .script = simulator->script,
        .name = simulator->options.script,
        .world = world,
        .out_dir = simulator->options.out,
        .complaints = stderr,
    };
    int status = simulator->script != NULL ? (int)runner_run(&runner) : run_desk(simulator, world);

    world_free(world);
    return status;
}

static int start(struct simulator *simulator) {
    int error = paths_find(&simulator->paths, false);

    if (error < 0) {
        return tell(EXIT_FAILURE, "Karani's own files cannot be found: %s.", strerror(-error));
    }
    int status = make_setup(simulator);

    if (status == 0 && simulator->options.script != NULL) {
        status = read_script(simulator);
    }
    if (status == 0) {
        status = make_places(simulator);
    }
    if (status == 0) {
        setup_speak(simulator->setup, simulator->paths);
        status = run(simulator);
    }
    return status;
}

// What was written must be on its way, or the trace is no proof.
static int close_trace(FILE *trace, const char *name) {
    if (trace == NULL || fclose(trace) == 0) {
        return EXIT_SUCCESS;
    }
    return tell(EXIT_FAILURE, "The trace %s cannot be written: %s.", name, strerror(errno));
}

int main(int count, char **arguments) {
    struct simulator simulator = {.trace = NULL};
    int status = read_options(count, arguments, &simulator.options);

    if (status >= 0) {
        return status;
    }
    status = start(&simulator);
    int closed = close_trace(simulator.trace, simulator.options.trace);

    if (simulator.options.script != NULL && simulator.options.state == NULL) {
        dirs_throw_away(simulator.state_dir);
    }
    script_free(simulator.script);
    setup_free(simulator.setup);
    paths_free(simulator.paths);
    free(simulator.state_dir);
    return status != 0 ? status : closed;
}
