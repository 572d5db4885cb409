// Reads the set-up for the daemon.
#include "daemon/host/host.h"

#include "daemon/linux/loop.h"

#include <errno.h>
#include <stdlib.h>

static void hear_complaint(void *context, const struct complaint *complaint) {
    struct host_load *load = context;
    char *sentence = complaint_format(complaint);
    if (sentence != NULL) {
        loop_log(LOOP_LOG_WARNING, "%s", sentence);
    }
    if (load->trouble[0] == '\0') {
        snprintf(load->trouble, sizeof load->trouble, "%s", sentence != NULL ? sentence : complaint->sentence);
    }
    free(sentence);
    bool of_routine = complaint->source == COMPLAINT_OF_ROUTINE;
    complaint_note(of_routine ? &load->routine_trouble : &load->config_trouble, complaint);
}

int host_load(struct host_load *load, const char *config_path, bool named, const struct paths *paths) {
    struct config *config = NULL;
    *load = (struct host_load){.setup = NULL};
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
