// Reads the set-up for the daemon.
#include "daemon/host/host.h"

#include "daemon/linux/loop.h"

#include <errno.h>
#include <string.h>

static bool is_of_routine(const struct paths *paths, const char *sentence) {
    for (char *const *directory = paths->routines; *directory != NULL; directory++) {
        if (strncmp(sentence, *directory, strlen(*directory)) == 0) {
            return true;
        }
    }
    return false;
}

static void hear_complaint(void *context, const char *sentence) {
    struct host_load *load = context;
    loop_log(LOOP_LOG_WARNING, "%s", sentence);
    if (load->trouble[0] == '\0') {
        snprintf(load->trouble, sizeof load->trouble, "%s", sentence);
    }
    if (is_of_routine(load->paths, sentence)) {
        load->routine_trouble = true;
    } else {
        load->config_trouble = true;
    }
}

int host_load(struct host_load *load, const char *config_path, bool named, const struct paths *paths) {
    struct config *config = NULL;
    *load = (struct host_load){.paths = paths};
    int config_error = config_read(&config, config_path, !named, hear_complaint, load);
    if (config == NULL) {
        return config_error;
    }
    int error = setup_make(&load->setup, config, paths, hear_complaint, load);
    return error != 0 ? error : config_error != 0 ? -EINVAL : 0;
}

void host_unload(struct host_load *load) {
    setup_free(load->setup);
    load->setup = NULL;
}
