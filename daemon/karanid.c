// The daemon's program: options and exit codes.
#include "daemon/config.h"
#include "daemon/places.h"
#include "daemon/setup.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_USAGE = 2 };

struct options {
    const char *config;
    const char *state;
    bool config_named;
    bool check;
};

static const char usage[] = "Usage: karanid [--config FILE] [--state DIR] [--check] [--version] [--help]\n";

static const char help[] = "The bedside device's daemon.\n"
                           "\n"
                           "  --config FILE  settings (" PLACES_CONFIG ")\n"
                           "  --state DIR    where the diary is kept (" PLACES_STATE ")\n"
                           "  --check        say what is wrong with settings, board, panel, routine and language,\n"
                           "                 print the resulting set-up and legibility, exit 0 or 1\n"
                           "  --version      print the version\n"
                           "  --help         print this\n";

// Returns an exit status, or -1 to go on.
static int read_options(int count, char **arguments, struct options *options) {
    static const struct option known[] = {
        {"config", required_argument, NULL, 'c'}, {"state", required_argument, NULL, 's'},
        {"check", no_argument, NULL, 'k'},        {"version", no_argument, NULL, 'v'},
        {"help", no_argument, NULL, 'h'},         {NULL, 0, NULL, 0},
    };
    for (int option; (option = getopt_long(count, arguments, "", known, NULL)) != -1;) {
        switch (option) {
        case 'c':
            options->config = optarg;
            options->config_named = true;
            break;
        case 's':
            options->state = optarg;
            break;
        case 'k':
            options->check = true;
            break;
        case 'v':
            puts("karanid " KARANI_VERSION);
            return EXIT_SUCCESS;
        case 'h':
            printf("%s\n%s", usage, help);
            return EXIT_SUCCESS;
        default: // getopt_long has said what
            fputs(usage, stderr);
            return EXIT_USAGE;
        }
    }
    if (optind < count) {
        fprintf(stderr, "karanid: \"%s\" is no option.\n%s", arguments[optind], usage);
        return EXIT_USAGE;
    }
    return -1;
}

static void tell(void *context, const char *sentence) {
    (void)context;
    fprintf(stderr, "%s\n", sentence);
}

static int check(const struct options *options) {
    struct places *places = NULL;
    struct config *config = NULL;
    struct setup *setup = NULL;
    int config_error = config_read(&config, options->config, !options->config_named, tell, NULL);
    int error = places_find(&places, true);
    if (config && error == 0)
        error = setup_make(&setup, config, places, tell, NULL);
    else
        config_free(config);
    char sentence[256];
    bool legible = true;
    if (setup) {
        setup_speak(setup, places);
        setup_print(setup, stdout);
        printf("State       %s\n", options->state);
        legible = setup_print_legibility(setup, PLACES_FONTS, stdout, sentence, sizeof(sentence));
    }
    if (!legible)
        tell(NULL, sentence);
    if (!setup)
        fprintf(stderr,
                "karanid: no set-up can be made of this (%s); repair what is named above, or install Karani "
                "again.\n",
                strerror(-error));
    setup_free(setup);
    places_free(places);
    return config_error || error || !legible ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int count, char **arguments) {
    struct options options = {.config = PLACES_CONFIG, .state = PLACES_STATE};
    int status = read_options(count, arguments, &options);
    if (status >= 0)
        return status;
    if (options.check)
        return check(&options);
    fputs("karanid: this version runs in the simulator only (karani-sim); the wire to real hardware comes next.\n",
          stderr);
    return EXIT_FAILURE;
}
