// What can be seen of a state directory from outside, and that reading leaves it as it was.
#ifndef KARANI_TESTS_SUPPORT_DIARY_STATE_PICTURE_H
#define KARANI_TESTS_SUPPORT_DIARY_STATE_PICTURE_H

#include "tests/support/diary/diary_fixture.h"

#include <time.h>

void write_file(const struct desk *desk, const char *name, const void *bytes, size_t size);

// Everything that can be seen of the state directory from outside.
struct picture {
    struct {
        char name[64];
        struct timespec changed;
        size_t size;
        unsigned char bytes[512 * 1024];
    } files[4];
    int count;
    struct timespec changed;
};

// The caller frees it, or has assert_untouched do so.
struct picture *look(const struct desk *desk);
void assert_untouched(const struct desk *desk, struct picture *before);

// The number of sessions that a reader finds, or -errno; it is told why, and may write nothing.
int read_count(const struct desk *desk);

#endif
