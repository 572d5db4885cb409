#include "tests/support/diary/diary_beside.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct diary_beside look_beside(const char *state_dir) {
    struct diary_beside beside;
    assert_int_equal(diary_look_beside(state_dir, &beside), 0);
    return beside;
}
