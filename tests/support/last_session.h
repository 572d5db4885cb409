// The session that was begun last, of all that a diary holds and of what waits.
#ifndef KARANI_TESTS_SUPPORT_LAST_SESSION_H
#define KARANI_TESTS_SUPPORT_LAST_SESSION_H

#include "daemon/diary/diary.h"

#include <errno.h>

static inline int take_last_session(void *context, const struct session_record *session) {
    struct session_record *last = context;
    *last = *session;
    last->note = NULL;
    return 0;
}

// Those that wait are handed on even when the card cannot be read. -ENOENT: there is none.
static inline int last_session(struct diary *diary, struct session_record *session) {
    struct session_record last = {.uuid = ""};
    int error = diary_each_session(diary, take_last_session, &last);
    if (last.uuid[0] == '\0') {
        return error != 0 ? error : -ENOENT;
    }
    *session = last;
    return 0;
}

#endif
