#include "tests/support/diary/last_session.h"

#include <errno.h>

static int take_last_session(void *context, const struct session_record *session) {
    struct session_record *last = context;
    *last = *session;
    last->note = NULL;
    return 0;
}

int last_session(struct diary *diary, struct session_record *session) {
    struct session_record last = {.uuid = ""};
    int error = diary_each_session(diary, take_last_session, &last);
    if (last.uuid[0] == '\0') {
        return error != 0 ? error : -ENOENT;
    }
    *session = last;
    return 0;
}
