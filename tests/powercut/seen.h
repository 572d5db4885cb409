// What has been seen: states are told apart by 64 bits of what is in them, so that none is judged twice.
#ifndef KARANI_TESTS_POWERCUT_SEEN_H
#define KARANI_TESTS_POWERCUT_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct seen {
    uint64_t *keys; // 0: free
    size_t count;
    size_t room; // a power of two
};

// Goes on from `key`.
uint64_t seen_mix(uint64_t key, const void *bytes, size_t size);

// Whether it is new.
bool seen_add(struct seen *seen, uint64_t key);

void seen_clear(struct seen *seen);

#endif
