// What the parts of a correction share.
#ifndef KARANI_DAEMON_CONTROL_CORRECTION_INSIDE_H
#define KARANI_DAEMON_CONTROL_CORRECTION_INSIDE_H

#include "daemon/control/correction.h"

// What the texts mean; NIGHT_NONE and INT64_MIN where nothing was said.
struct correction_values {
    int32_t night;
    int64_t started_local_s;
    int32_t first;
    int32_t last;
};

// What it says of the member of that name, a text or a number; the other is left as it is. False: nothing, or the
// member is neither.
bool correction_says(const struct correction *correction, const char *name, const char **text, int64_t *number);

// Whether it says anything of a session beyond which one it is.
bool correction_says_any(const struct correction *correction);

// As correction_check, but for the text of an import.
bool correction_take_values(const struct correction *correction, struct correction_values *values,
                            struct correction_result *result);

// Sets the verdict and its sentence; returns false, for those who want to say so.
bool correction_fail(struct correction_result *result, enum correction_verdict verdict, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

// Writes it, or says why it cannot be written.
void correction_write(struct diary *diary, const struct diary_amendment *amendment, struct correction_result *result);

// A diary that cannot be read.
void correction_cannot_read(struct diary *diary, struct correction_result *result);

// A session as the text of a JSON object, for `change`; g_free() it.
char *correction_row_text(const struct session_record *session);

void correction_import(struct diary *diary, const struct correction *correction, const struct correction_place *place,
                       struct correction_result *result);

void correction_away(struct diary *diary, const struct correction_values *values, bool away,
                     const struct correction_place *place, struct correction_result *result);

#endif
