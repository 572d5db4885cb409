// The daemon's program: options, wiring and exit codes.
#include "daemon/diary/diary.h"
#include "daemon/host/crashes.h"
#include "daemon/host/host.h"
#include "daemon/linux/lock.h"
#include "daemon/linux/loop.h"
#include "daemon/settings/config.h"
#include "daemon/settings/paths.h"
#include "daemon/settings/setup.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { EXIT_USAGE = 2, RUN_DIR_MODE = 0750 };

struct options {
    const char *config;
    const char *state;
    bool config_named;
    bool check;
};

static const char usage[] = "Usage: karanid [--config FILE] [--state DIR] [--check] [--version] [--help]\n";

static const char help[] = "The bedside device's daemon.\n"
                           "\n"
                           "  --config FILE  settings (" PATHS_CONFIG ")\n"
                           "  --state DIR    where the diary is kept (" PATHS_STATE ")\n"
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

static void tell(void *context, const struct complaint *complaint) {
    (void)context;
    complaint_print(complaint, "", stderr);
}

static int check(const struct options *options) {
    struct paths *paths = NULL;
    struct config *config = NULL;
    struct setup *setup = NULL;
    int config_error = config_read(&config, options->config, !options->config_named, tell, NULL);
    int error = paths_find(&paths, true);
    if (config && error == 0) {
        error = setup_make(&setup, config, paths, tell, NULL);
    } else {
        config_free(config);
    }
    char sentence[256];
    bool legible = true;
    if (setup) {
        setup_speak(setup, paths);
        setup_print(setup, stdout);
        printf("State       %s\n", options->state);
        legible = setup_print_legibility(setup, PATHS_FONTS, stdout, sentence, sizeof sentence);
    }
    if (!legible) {
        fprintf(stderr, "%s\n", sentence);
    }
    if (!setup) {
        fprintf(stderr,
                "karanid: no set-up can be made of this (%s); repair what is named above, or install Karani "
                "again.\n",
                strerror(-error));
    }
    setup_free(setup);
    paths_free(paths);
    return config_error || error || !legible ? EXIT_FAILURE : EXIT_SUCCESS;
}

// ---- the daemon ----

struct service {
    const struct options *options;
    struct paths *paths;
    struct loop *loop;
    struct host_load load; // in force
    struct host_load next; // read anew, good, and not yet in force
};

static bool reload(void *context) {
    struct service *service = context;
    struct host_load load;
    int error = host_load(&load, service->options->config, service->options->config_named, service->paths);
    if (error < 0) {
        loop_log(LOOP_LOG_WARNING, "The settings have mistakes: those from before stay in force.");
        host_unload(&load);
        return false;
    }
    host_unload(&service->next);
    service->next = load;
    return true;
}

// As often as new settings are to be put in force.
static enum host_end run_device(struct service *service, const char *run_dir) {
    const struct host_setup setup = {.load = &service->load,
                                     .loop = service->loop,
                                     .state_dir = service->options->state,
                                     .run_dir = run_dir,
                                     .place_trouble = diary_place_sentence(diary_place(service->options->state)),
                                     .reload = reload,
                                     .context = service};
    if (setup.place_trouble != NULL) {
        loop_log(LOOP_LOG_ERROR, "%s", setup.place_trouble);
    }
    int crashes = crashes_begin(run_dir, loop_now().boot_ms);
    if (crashes < 0) {
        loop_log(LOOP_LOG_WARNING, "Crashes cannot be counted in %s: %s.", run_dir, strerror(-crashes));
    }
    setup_speak(service->load.setup, service->paths);
    enum host_end end = crashes >= CRASHES_MAX ? host_run_safe(&setup) : host_run(&setup);
    while (end == HOST_RELOADED) {
        host_unload(&service->load);
        service->load = service->next;
        service->next = (struct host_load){.setup = NULL};
        setup_speak(service->load.setup, service->paths);
        loop_log(LOOP_LOG_INFO, "The new settings are in force.");
        end = host_run(&setup);
    }
    if (end == HOST_STOPPED) {
        crashes_end(run_dir);
    }
    return end;
}

static int serve(struct service *service) {
    const char *run_dir = lock_runtime_dir();
    (void)mkdir(run_dir, RUN_DIR_MODE); // systemd has made it; by hand it may be missing
    int lock = lock_take(run_dir);
    if (lock == -EWOULDBLOCK) {
        loop_log(LOOP_LOG_ERROR, "Another program drives the panel (%s/lock); stop it first.", run_dir);
        return EXIT_FAILURE;
    }
    if (lock < 0) {
        loop_log(LOOP_LOG_WARNING, "%s cannot be written: %s. Others will not see the status.", run_dir,
                 strerror(-lock));
    }
    int error = host_load(&service->load, service->options->config, service->options->config_named, service->paths);
    if (service->load.setup == NULL) {
        loop_log(LOOP_LOG_ERROR, "No device can be made of this (%s); install Karani again.", strerror(-error));
    } else {
        error = loop_new(&service->loop);
    }
    if (service->load.setup != NULL && error < 0) {
        loop_log(LOOP_LOG_ERROR, "Nothing can be waited for: %s.", strerror(-error));
    }
    bool stopped = service->loop != NULL && run_device(service, run_dir) == HOST_STOPPED;
    if (lock >= 0) {
        close(lock);
    }
    return stopped ? EXIT_SUCCESS : EXIT_FAILURE;
}

static int run(const struct options *options) {
    struct service service = {.options = options};
    int error = paths_find(&service.paths, true);
    if (error < 0) {
        loop_log(LOOP_LOG_ERROR, "The program's place cannot be found: %s.", strerror(-error));
        return EXIT_FAILURE;
    }
    int status = serve(&service);
    loop_free(service.loop);
    host_unload(&service.next);
    host_unload(&service.load);
    paths_free(service.paths);
    return status;
}

int main(int count, char **arguments) {
    struct options options = {.config = PATHS_CONFIG, .state = PATHS_STATE};
    int status = read_options(count, arguments, &options);
    if (status >= 0) {
        return status;
    }
    return options.check ? check(&options) : run(&options);
}
