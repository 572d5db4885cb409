// The form of a routine's file: which sections there are, which keys each may hold. Used by daemon/settings/routine.c
// only.
#ifndef KARANI_DAEMON_SETTINGS_ROUTINE_FORM_H
#define KARANI_DAEMON_SETTINGS_ROUTINE_FORM_H

#include "daemon/settings/keyfile.h"
#include "daemon/settings/routine.h"

// The kinds of sections. A named one is written [Card NAME].
enum routine_section {
    ROUTINE_SECTION_ROUTINE,
    ROUTINE_SECTION_VARIANT,
    ROUTINE_SECTION_CARD,
    ROUTINE_SECTION_REASON,
    ROUTINE_SECTION_HEALTH,
    ROUTINE_SECTION_ASK,
    ROUTINE_SECTION_OUT
};

// Which kind of section a group is, and its own name ("sit"; "" for unnamed ones). Names are lower-case letters,
// digits and hyphens: they stand in the diary, in scripts and in tests. False when there is no such section.
bool routine_find_section(const char *group, enum routine_section *section, const char **name);

// Complains of every key that its section does not have. Values are checked where they are used.
void routine_check_keys(struct keyfile *file);

// Complains of keys that the section must have, in the plain language at least: other languages fall back to it.
// False when one is missing.
bool routine_check_required(struct keyfile *file, const struct keyfile_group *group, enum routine_section section);

// variant_parse() for a name that ends after `length` bytes.
bool routine_parse_variant(const char *name, size_t length, enum variant *variant);

#endif
