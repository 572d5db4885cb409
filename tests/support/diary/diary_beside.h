// What lies beside a diary, for tests that count it.
#ifndef KARANI_TESTS_SUPPORT_DIARY_DIARY_BESIDE_H
#define KARANI_TESTS_SUPPORT_DIARY_DIARY_BESIDE_H

#include "daemon/diary/diary.h"

struct diary_beside look_beside(const char *state_dir);

#endif
