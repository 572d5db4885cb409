// The routine: cards, variants, reasons, the health page and the way out, from one text file.
#ifndef KARANI_DAEMON_SETTINGS_ROUTINE_H
#define KARANI_DAEMON_SETTINGS_ROUTINE_H

#include "daemon/core/routine.h"
#include "daemon/settings/complaint.h"

// Reads a routine. Pictures are looked for in picture_dir; a missing one is a complaint and leaves NULL.
// `language` as in LANGUAGE ("de", "en", "pt_BR"); keys without that language fall back to the plain key.
// 0; -ENOENT (no such file); -EINVAL (no usable card: *routine is NULL). Complaints, in the order of the lines, may
// come with 0.
int routine_read(struct routine **routine, const char *path, const char *picture_dir, const char *language,
                 complaint_listener *listener, void *context);

void routine_free(struct routine *routine);

#endif
