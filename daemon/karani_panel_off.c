// Puts the panel to sleep, whatever state it is in: run by systemd after every end of the daemon.
#include "daemon/host/status.h"
#include "daemon/linux/lock.h"
#include "daemon/linux/panel_run.h"
#include "daemon/settings/config.h"
#include "daemon/settings/paths.h"
#include "daemon/settings/setup.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_USAGE = 2 };

struct options {
    const char *config;
    bool config_named;
};

static const char usage[] = "Usage: karani-panel-off [--config FILE] [--version] [--help]\n";

// Returns an exit status, or -1 to go on.
static int read_options(int count, char **arguments, struct options *options) {
    static const struct option known[] = {
        {"config", required_argument, NULL, 'c'},
        {"version", no_argument, NULL, 'v'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    for (int option; (option = getopt_long(count, arguments, "", known, NULL)) != -1;) {
        switch (option) {
        case 'c':
            options->config = optarg;
            options->config_named = true;
            break;
        case 'v':
            puts("karani-panel-off " KARANI_VERSION);
            return EXIT_SUCCESS;
        case 'h':
            printf("%sLets a running refresh end, then puts the panel to sleep.\n", usage);
            return EXIT_SUCCESS;
        default: // getopt_long has said what
            fputs(usage, stderr);
            return EXIT_USAGE;
        }
    }
    if (optind < count) {
        fprintf(stderr, "karani-panel-off: \"%s\" is no option.\n%s", arguments[optind], usage);
        return EXIT_USAGE;
    }
    return -1;
}

// The daemon complains of the settings; here the panel is what counts.
static void ignore(void *context, const struct complaint *complaint) {
    (void)context;
    (void)complaint;
}

static int make_setup(const struct options *options, struct paths **paths, struct setup **setup) {
    struct config *config = NULL;
    int error = paths_find(paths, true);
    if (error < 0) {
        return error;
    }
    error = config_read(&config, options->config, !options->config_named, ignore, NULL);
    if (config == NULL) {
        return error;
    }
    error = setup_make(setup, config, *paths, ignore, NULL);
    return *setup != NULL ? 0 : error;
}

static int put_to_sleep(const struct setup *setup) {
    struct panel_run *run;
    char sentence[256];
    int64_t duration_ms;
    if (panel_run_open(&run, setup, sentence, sizeof sentence) < 0) {
        fprintf(stderr, "karani-panel-off: %s\n", sentence);
        return EXIT_FAILURE;
    }
    bool asleep = panel_run_job(run, PANEL_JOB_SLEEP, NULL, NULL, &duration_ms) == PANEL_DONE;
    if (!asleep) {
        fprintf(stderr, "karani-panel-off: %s\n", panel_fault_sentence(panel_fault(panel_run_panel(run))));
        panel_run_give_up(run);
    }
    panel_run_close(run);
    return asleep ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int count, char **arguments) {
    struct options options = {.config = PATHS_CONFIG};
    int status = read_options(count, arguments, &options);
    if (status >= 0) {
        return status;
    }
    struct paths *paths = NULL;
    struct setup *setup = NULL;
    int error = make_setup(&options, &paths, &setup);
    if (error < 0) {
        fprintf(stderr, "karani-panel-off: there is no usable board (%s); install Karani again.\n", strerror(-error));
    }
    // After a crash its status is still there; while the daemon lives, the lock is its own.
    int lock = lock_take(lock_runtime_dir());
    if (lock >= 0) {
        status_remove(lock_runtime_dir());
    }
    status = error < 0 ? EXIT_FAILURE : put_to_sleep(setup);
    if (lock >= 0) {
        close(lock);
    }
    setup_free(setup);
    paths_free(paths);
    return status;
}
