// The keys of karani.conf, as config.c reads them.
#ifndef KARANI_DAEMON_SETTINGS_CONFIG_INSIDE_H
#define KARANI_DAEMON_SETTINGS_CONFIG_INSIDE_H

#include "daemon/settings/config.h"

struct config_key;

// Reads a value into its field. False, and the field untouched, when it is none of those allowed; -ENOMEM in *error.
typedef bool config_parse_value(const struct config_key *key, const char *text, struct config *config, int *error);

struct config_key {
    const char *group;
    const char *name;
    const char *standard; // the default, as in the shipped file; empty: as the board or the system says
    const char *allowed;  // for people: "write …"
    config_parse_value *parse;
    size_t offset; // of the field in struct config
    double low, high;
};

enum { CONFIG_KEYS = 27 };

// In the order of the shipped file: the keys of a group stand together.
extern const struct config_key config_keys[CONFIG_KEYS];

#endif
