// The settings, from karani.conf: key file syntax, every key optional. Together with routine and board the owner
// of GKeyFile (through daemon/settings/keyfile.h, which also knows lines and doubles).
#ifndef KARANI_DAEMON_SETTINGS_CONFIG_H
#define KARANI_DAEMON_SETTINGS_CONFIG_H

#include "daemon/core/config.h"
#include "daemon/settings/complaint.h"

#include <stdbool.h>
#include <stddef.h>

// The defaults alone. NULL when memory is out.
struct config *config_new(void);

// Reads a file over the defaults. Every mistake is complained of and leaves that key's default. A missing file is
// no mistake when `path` is the default one (optional = true). 0; -ENOENT; -EINVAL when anything was complained
// of (in both *config is complete all the same); -ENOMEM.
int config_read(struct config **config, const char *path, bool optional, complaint_listener *listener, void *context);

void config_free(struct config *config);

// Whether the file has the key, so that its value is not the default by silence.
bool config_names(const struct config *config, const char *group, const char *key);

// A complaint about a setting, still without its sentence: from the line where it stands, or from nowhere while its
// default is in force. Borrowed parts of the config, group and key.
struct complaint config_about(const struct config *config, const char *group, const char *key);

enum { CONFIG_WHERE_SIZE = 512 };

// Where a setting stands, for sentences about it: "/etc/karani/karani.conf:7: [device] board", or "[device] board"
// while it stands nowhere and its default is in force.
void config_where(const struct config *config, const char *group, const char *key, char where[CONFIG_WHERE_SIZE]);

// A GPIO line as text: an offset or a name, `!` in front for active high. Borrowed parts of the text.
struct config_line {
    bool active_high;
    int offset;       // -1: by name
    const char *name; // NULL: by offset
};

// False, and *line untouched, when the text is neither an offset from 0 to 1023 nor a name.
bool config_parse_line(const char *text, struct config_line *line);

#endif
