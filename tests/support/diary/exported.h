// The sessions of a diary as `karanictl export` prints them.
#ifndef KARANI_TESTS_SUPPORT_DIARY_EXPORTED_H
#define KARANI_TESTS_SUPPORT_DIARY_EXPORTED_H

#include "daemon/diary/diary.h"

// free() them.
char *exported_csv(struct diary *diary);
char *exported_json(struct diary *diary);

#endif
