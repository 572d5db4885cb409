// Damage to a file's bytes by dice that fall the same way each time.
#ifndef KARANI_TESTS_SUPPORT_DIARY_RANDOM_DAMAGE_H
#define KARANI_TESTS_SUPPORT_DIARY_RANDOM_DAMAGE_H

#include <stddef.h>

enum { DAMAGE_PAGE_B = 512 }; // of a diary

enum kind { FLIP, FLIPS, ZEROS, GARBAGE, CUT, SWAP, HEADER, NOTHING_LEFT, KINDS };

extern const char *const KIND_NAMES[KINDS];

void begin_dice(int seed);
size_t roll(size_t sides);

// *size is at least a page, and may become smaller.
void damage(unsigned char *bytes, size_t *size, enum kind kind);

#endif
