// The inside of a key file, shared by keyfile.c and keyfile_scan.c.
#ifndef KARANI_DAEMON_SETTINGS_KEYFILE_INSIDE_H
#define KARANI_DAEMON_SETTINGS_KEYFILE_INSIDE_H

#include "daemon/settings/keyfile.h"

#include <glib.h>

struct found {
    struct keyfile_place place;
    size_t order;   // in which it came: keeps the sorting stable
    char *sentence; // owned
};

struct keyfile {
    GKeyFile *values;
    GArray *groups;        // struct keyfile_group
    GArray *entries;       // struct keyfile_entry
    GHashTable *first;     // "group\nkey" or "group" → its index in entries or groups
    GStringChunk *strings; // owner of names and of the texts handed out
    GArray *complaints;    // struct found
    const char *group;     // where the scanner stands; NULL before the first group
    bool skip;             // the lines that follow belong to a group that is not read
};

// Without content and complaints. NULL when memory is out.
struct keyfile *keyfile_new(void);

#endif
