// The session that was begun last, of all that a diary holds and of what waits.
#ifndef KARANI_TESTS_SUPPORT_DIARY_LAST_SESSION_H
#define KARANI_TESTS_SUPPORT_DIARY_LAST_SESSION_H

#include "daemon/diary/diary.h"

// Those that wait are handed on even when the card cannot be read. -ENOENT: there is none.
int last_session(struct diary *diary, struct session_record *session);

#endif
