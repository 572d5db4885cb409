// What lies beside a diary, for tests that count it.
#ifndef KARANI_TESTS_SUPPORT_BESIDE_H
#define KARANI_TESTS_SUPPORT_BESIDE_H

#include "daemon/diary/diary.h"

// cmocka.h wants these four before it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static inline struct diary_beside look_beside(const char *state_dir) {
    struct diary_beside beside;
    assert_int_equal(diary_look_beside(state_dir, &beside), 0);
    return beside;
}

#endif
