// A set of 64-bit keys, by open addressing.
#include "tests/powercut/seen.h"

#include "tests/powercut/log.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM_AT_FIRST = 1024 };

// Each word is added and stirred, with a multiplier of splitmix64.
static uint64_t stir(uint64_t key, uint64_t word) {
    key = (key ^ word) * UINT64_C(0xbf58476d1ce4e5b9);
    return key ^ (key >> 29);
}

// In lanes, whose multiplications do not wait for each other: a state has some hundred kilobytes.
uint64_t seen_mix(uint64_t key, const void *bytes, size_t size) {
    enum { LANES = 4, WORD_B = sizeof(uint64_t), BLOCK_B = LANES * WORD_B };
    const unsigned char *at = bytes;
    uint64_t lanes[LANES] = {key, 1, 2, size}, words[LANES];
    for (size_t left = size; left > 0; left -= left < BLOCK_B ? left : BLOCK_B, at += BLOCK_B) {
        if (left < BLOCK_B) {
            memset(words, 0, sizeof words);
        }
        memcpy(words, at, left < BLOCK_B ? left : BLOCK_B);
        for (int i = 0; i < LANES; i++) {
            lanes[i] = stir(lanes[i], words[i]);
        }
    }
    return stir(stir(stir(lanes[0], lanes[1]), lanes[2]), lanes[3]);
}

static bool put(uint64_t *keys, size_t room, uint64_t key) {
    size_t at = (size_t)(key >> 17) & (room - 1);
    for (; keys[at] != 0; at = (at + 1) & (room - 1)) {
        if (keys[at] == key) {
            return false;
        }
    }
    keys[at] = key;
    return true;
}

static void grow(struct seen *seen) {
    size_t room = seen->room == 0 ? ROOM_AT_FIRST : 2 * seen->room;
    uint64_t *keys = log_allocate(room * sizeof *keys);
    for (size_t i = 0; i < seen->room; i++) {
        if (seen->keys[i] != 0) {
            (void)put(keys, room, seen->keys[i]);
        }
    }
    free(seen->keys);
    seen->keys = keys;
    seen->room = room;
}

bool seen_add(struct seen *seen, uint64_t key) {
    if (2 * seen->count >= seen->room) {
        grow(seen);
    }
    bool is_new = put(seen->keys, seen->room, key != 0 ? key : 1);
    seen->count += is_new ? 1 : 0;
    return is_new;
}

void seen_clear(struct seen *seen) {
    free(seen->keys);
    *seen = (struct seen){.keys = NULL};
}
