// karanictl, the owner's tool: the command line, the command that it names, exit codes.
#include "daemon/ctl/help.h"
#include "daemon/ctl/registry.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TABLES_MAX = 64 };

// What was asked for; the strings are the program's own arguments.
struct request {
    struct option_given given[OPTIONS_MAX + 1];
    struct ctl ctl;
};

// The settings: mistakes in the file are told, and the defaults stand in for them as on the device; a file that was
// named and is not there is a problem.
static int read_config(const struct request *request, struct config **config) {
    const struct option_given *given = options_given(request->given, "config");
    int error =
        config_read(config, given != NULL ? given->text : PATHS_CONFIG, given == NULL, ctl_complain_of_config, NULL);
    return error == -EINVAL ? 0 : error;
}

static int run_with_settings(struct request *request) {
    struct config *config = NULL;
    struct paths *paths = NULL;
    int exit_status = EXIT_FAILURE;
    int error = read_config(request, &config);
    if (error == 0) {
        error = paths_find(&paths, true);
    }
    if (error == 0) {
        const struct option_given *state = options_given(request->given, "state");
        bool default_state = state == NULL || strcmp(state->text, PATHS_STATE) == 0;
        request->ctl.config = config;
        request->ctl.paths = paths;
        request->ctl.state_dir = default_state ? PATHS_STATE : state->text;
        request->ctl.status_path = default_state ? PATHS_STATUS : NULL;
        request->ctl.now_utc_s = time(NULL);
        exit_status = request->ctl.command->run(&request->ctl);
    } else if (error != -ENOENT) { // config_read has told what is not there
        ctl_complain("The settings or the program's place cannot be read: %s.", strerror(-error));
    }
    paths_free(paths);
    config_free(config);
    return exit_status;
}

// Reads every option as its row says. False when the command has none of that name, or the value cannot be; that has
// been complained of.
static bool read_options(struct request *request) {
    const struct command *command = request->ctl.command;
    for (struct option_given *given = request->given; given->name != NULL; given++) {
        const struct option_row *row = options_find(command->options, given->name);
        row = row != NULL ? row : options_find(registry_options, given->name);
        if (row == NULL) {
            ctl_complain("%s takes no --%s; --help says what it takes.", command->name, given->name);
            return false;
        }
        if (row->read != NULL && !row->read(row, given->text, &given->number)) {
            return false;
        }
    }
    return true;
}

static bool take_operands(struct request *request, const char *const *operands) {
    const struct command *command = request->ctl.command;
    int count = 0;
    while (operands[count] != NULL) {
        count++;
    }
    if (count > command->operands_max) {
        ctl_complain("%s takes no \"%s\"; --help says what it takes.", command->name, operands[command->operands_max]);
        return false;
    }
    if (count < command->operands_min) {
        ctl_complain("%s needs more: %s %s; --help says more.", command->name, command->name, command->operands);
        return false;
    }
    request->ctl.arguments = operands;
    return true;
}

static int run_command(struct request *request, const char *const *words) {
    int used;
    const struct command *command = registry_find(words, &used);
    bool help = options_given(request->given, "help") != NULL;
    if (command == NULL) {
        return words[0] == NULL ? ctl_complain_of_usage("A command is missing; --help lists them.")
                                : ctl_complain_of_usage("There is no command \"%s\"; --help lists them.", words[0]);
    }
    if (help) {
        help_print_command(command);
        return EXIT_SUCCESS;
    }
    request->ctl.command = command;
    request->ctl.given = request->given;
    if (!take_operands(request, words + used) || !read_options(request)) {
        return CTL_EXIT_USAGE;
    }
    return command->without_settings ? command->run(&request->ctl) : run_with_settings(request);
}

static int run(int count, char **arguments) {
    const struct option_row *tables[TABLES_MAX + 1] = {registry_options};
    size_t length = 1;
    for (const struct command *const *command = registry_commands; *command != NULL; command++) {
        assert(length < TABLES_MAX);
        tables[length] = (*command)->options;
        length += (*command)->options != NULL;
    }
    struct request request;
    memset(&request, 0, sizeof request);
    int first = options_split(count, arguments, tables, request.given);
    if (first < 0) {
        return CTL_EXIT_USAGE;
    }
    if (options_given(request.given, "version") != NULL) {
        puts("karanictl " KARANI_VERSION);
        return EXIT_SUCCESS;
    }
    if (arguments[first] == NULL && options_given(request.given, "help") != NULL) {
        help_print();
        return EXIT_SUCCESS;
    }
    return run_command(&request, (const char *const *)arguments + first);
}

int main(int count, char **arguments) {
    int exit_status = run(count, arguments);
    if (exit_status != CTL_EXIT_USAGE && (fflush(stdout) != 0 || ferror(stdout))) {
        return ctl_complain("The output could not be written: %s.", strerror(errno));
    }
    return exit_status;
}
