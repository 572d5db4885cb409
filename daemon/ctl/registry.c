// Lists the commands of karanictl, and finds one by its name.
#include "daemon/ctl/registry.h"

#include <string.h>

#define LIST(name) &name##_command,
const struct command *const registry_commands[] = {REGISTRY_COMMANDS(LIST) NULL};

const struct option_row registry_options[] = {
    {"config", "FILE", "The settings (" PATHS_CONFIG ").", option_read_path, 0},
    {"state", "DIR", "Where the diary is (" PATHS_STATE ").", option_read_path, 0},
    {.name = "help", .help = "Say this."},
    {.name = "version", .help = "Say which Karani this is."},
    {.name = NULL},
};

// How many words a name takes up; 0 when they are others.
static int match(const char *name, const char *const *words) {
    int used = 0;
    for (; *name != '\0'; used++) {
        size_t length = strcspn(name, " ");
        if (words[used] == NULL || strncmp(words[used], name, length) != 0 || words[used][length] != '\0') {
            return 0;
        }
        name += length + (name[length] == ' ');
    }
    return used;
}

const struct command *registry_find(const char *const *words, int *used) {
    const struct command *found = NULL;
    *used = 0;
    for (const struct command *const *command = registry_commands; *command != NULL; command++) {
        int matched = match((*command)->name, words);
        if (matched > *used) {
            *used = matched;
            found = *command;
        }
    }
    return found;
}
