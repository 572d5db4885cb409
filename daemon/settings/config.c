// The settings, read over the defaults (the keys: daemon/settings/config_keys.c).
#include "daemon/settings/config_inside.h"

#include "daemon/settings/keyfile.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct config *config_new(void) {
    struct config *config = calloc(1, sizeof *config);
    if (!config) {
        return NULL;
    }
    for (size_t i = 0; i < CONFIG_KEYS; i++) {
        int error = 0;
        if (config_keys[i].parse(&config_keys[i], config_keys[i].standard, config, &error)) {
            continue;
        }
        assert(error == -ENOMEM); // a default that its own key refuses is our mistake
        config_free(config);
        return NULL;
    }
    return config;
}

void config_free(struct config *config) {
    if (!config) {
        return;
    }
    char *owned[] = {config->board,   config->panel,    config->language, config->zone,
                     config->routine, config->cue_line, config->path};
    for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++) {
        free(owned[i]);
    }
    for (size_t i = 0; i < CONFIG_BUTTONS; i++) {
        free(config->buttons[i]);
    }
    free(config->cue_pattern_ms);
    free(config->lines);
    free(config);
}

static const struct config_key *find_key(const char *group, const char *name) {
    for (size_t i = 0; i < CONFIG_KEYS; i++) {
        if (strcmp(config_keys[i].group, group) == 0 && strcmp(config_keys[i].name, name) == 0) {
            return &config_keys[i];
        }
    }
    return NULL;
}

// Writes the names of all groups ("[device], [practice] …"), or those of a group's keys; false when there are none.
static bool list_names(const char *group, char *list, size_t size) {
    size_t used = 0;
    const char *last = "";
    for (size_t i = 0; i < CONFIG_KEYS; i++) {
        if (group ? strcmp(config_keys[i].group, group) != 0 : strcmp(config_keys[i].group, last) == 0) {
            continue;
        }
        last = config_keys[i].group;
        int written = snprintf(list + used, size - used, group ? "%s%s" : "%s[%s]", used ? ", " : "",
                               group ? config_keys[i].name : config_keys[i].group);
        assert(written > 0 && (size_t)written < size - used);
        used += (size_t)written;
    }
    return used > 0;
}

static void check_groups(struct keyfile *file) {
    size_t count;
    const struct keyfile_group *groups = keyfile_groups(file, &count);
    for (size_t i = 0; i < count; i++) {
        char names[256];
        if (list_names(groups[i].name, names, sizeof names)) {
            continue;
        }
        list_names(NULL, names, sizeof names);
        keyfile_complain(file, (struct keyfile_place){.line = groups[i].line, .group = groups[i].name},
                         "There is no group [%.80s]; the groups are %s.", groups[i].name, names);
    }
}

// One key of the file. 0 or -ENOMEM.
static int take_entry(struct config *config, struct keyfile *file, const struct keyfile_entry *entry) {
    char names[256];
    if (!list_names(entry->group, names, sizeof names)) {
        return 0; // its group is complained of
    }
    const struct config_key *key = find_key(entry->group, entry->key);
    const char *value = keyfile_text(file, entry->group, entry->key, NULL);
    if (!key) {
        keyfile_complain(file, (struct keyfile_place){entry->line, entry->group, entry->key, true},
                         "[%s] has no key %.80s (given: \"%.80s\"); its keys are %s.", entry->group, entry->key,
                         value ? value : "", names);
        return 0;
    }
    config->lines[key - config_keys] = entry->line;
    if (entry->twice || !value) {
        return 0; // complained of by the scanner
    }
    int error = 0;
    if (!key->parse(key, value, config, &error) && !error) {
        keyfile_complain(file, (struct keyfile_place){entry->line, entry->group, entry->key, false},
                         "\"%.80s\" is not understood; write %s%s%s.", value, key->allowed,
                         *key->standard ? "; the default is " : "", key->standard);
    }
    return error;
}

static int take_file(struct config *config, struct keyfile *file) {
    check_groups(file);
    size_t count;
    const struct keyfile_entry *entries = keyfile_entries(file, &count);
    int error = 0;
    for (size_t i = 0; i < count && !error; i++) {
        error = take_entry(config, file, &entries[i]);
    }
    return error;
}

int config_read(struct config **config, const char *path, bool optional, complaint_listener *listener, void *context) {
    struct config *read = config_new();
    if (!read) {
        return -ENOMEM;
    }
    read->path = strdup(path);
    read->lines = calloc(CONFIG_KEYS, sizeof *read->lines);
    struct keyfile *file = NULL;
    int error = read->path && read->lines ? keyfile_read(&file, path) : -ENOMEM;
    if (!error) {
        error = take_file(read, file);
    }
    if (!error && keyfile_tell(file, COMPLAINT_OF_CONFIG, path, listener, context) > 0) {
        error = -EINVAL;
    }
    keyfile_free(file);
    if (error == -ENOENT) {
        free(read->path);
        read->path = NULL; // nothing was read
        if (optional) {
            error = 0;
        } else {
            complaint_tell(listener, context, (struct complaint){.source = COMPLAINT_OF_CONFIG, .file = path},
                           "There is no such file; name one that exists, or none for the defaults.");
        }
    }
    if (error == -ENOMEM) {
        config_free(read);
    } else {
        *config = read;
    }
    return error;
}

bool config_names(const struct config *config, const char *group, const char *key) {
    const struct config_key *row = find_key(group, key);
    assert(row);
    return config->lines && config->lines[row - config_keys] > 0;
}

struct complaint config_about(const struct config *config, const char *group, const char *key) {
    const struct config_key *row = find_key(group, key);
    assert(row);
    int line = config->lines ? config->lines[row - config_keys] : 0;
    return (struct complaint){
        .source = COMPLAINT_OF_CONFIG, .file = line ? config->path : NULL, .line = line, .group = group, .key = key};
}

void config_where(const struct config *config, const char *group, const char *key, char where[CONFIG_WHERE_SIZE]) {
    const struct complaint about = config_about(config, group, key);
    if (about.line) {
        snprintf(where, CONFIG_WHERE_SIZE, "%s:%d: [%s] %s", about.file, about.line, group, key);
    } else {
        snprintf(where, CONFIG_WHERE_SIZE, "[%s] %s", group, key);
    }
}
