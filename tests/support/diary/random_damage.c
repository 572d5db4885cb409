#include "tests/support/diary/random_damage.h"

#include <stdint.h>
#include <string.h>

// xorshift64* (Vigna, 2016)
static uint64_t dice;

void begin_dice(int seed) {
    dice = (uint64_t)seed * UINT64_C(0x9e3779b97f4a7c15) | 1;
    roll(2);
}

size_t roll(size_t sides) {
    dice ^= dice >> 12;
    dice ^= dice << 25;
    dice ^= dice >> 27;
    return (size_t)((dice * UINT64_C(2685821657736338717) >> 16) % sides);
}

const char *const KIND_NAMES[KINDS] = {"flip", "flips", "zeros", "garbage", "cut", "swap", "header", "nothing"};

static void fill_with_garbage(unsigned char *bytes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        bytes[i] = (unsigned char)roll(256);
    }
}

static void flip(unsigned char *bytes, size_t from, size_t until) {
    bytes[from + roll(until - from)] ^= (unsigned char)(1U << roll(8));
}

void damage(unsigned char *bytes, size_t *size, enum kind kind) {
    size_t pages = *size / DAMAGE_PAGE_B;
    size_t at = roll(pages) * DAMAGE_PAGE_B;
    size_t other = roll(pages) * DAMAGE_PAGE_B;
    unsigned char page[DAMAGE_PAGE_B];
    size_t length;
    switch (kind) {
    case FLIP:
        flip(bytes, 0, *size);
        break;
    case FLIPS:
        for (size_t i = 2 + roll(30); i > 0; i--) {
            flip(bytes, 0, *size);
        }
        break;
    case ZEROS:
        memset(bytes + at, 0, DAMAGE_PAGE_B);
        break;
    case GARBAGE:
        length = DAMAGE_PAGE_B + roll(DAMAGE_PAGE_B);
        fill_with_garbage(bytes + at, length < *size - at ? length : *size - at);
        break;
    case CUT:
        *size = 1 + roll(*size - 1);
        break;
    case SWAP:
        memcpy(page, bytes + at, DAMAGE_PAGE_B);
        memcpy(bytes + at, bytes + other, DAMAGE_PAGE_B);
        memcpy(bytes + other, page, DAMAGE_PAGE_B);
        break;
    case HEADER:
        flip(bytes, 0, 100);
        break;
    case NOTHING_LEFT:
        *size = 0;
        break;
    case KINDS:
        break;
    }
}
