// The judge: opens what a cut has left, as the product does and as stock SQLite does, and says what is wrong.
#ifndef KARANI_TESTS_POWERCUT_JUDGE_H
#define KARANI_TESTS_POWERCUT_JUDGE_H

#include "tests/powercut/model.h"

enum verdict { VERDICT_GOOD, VERDICT_LOST, VERDICT_CORRUPT, VERDICT_COUNT };

// The seeds that are judged the same way have the same number.
uint64_t judge_way(uint64_t seed);

// Good when what is read is exactly one of the `count` models: the one acknowledged last, and the one that was being
// written. Each seed goes another way: which of the two opens first, whether the diary is closed or the process dies.
enum verdict judge_state(const char *directory, uint64_t seed, const struct tale *tale, const struct model *models,
                         size_t count, char why[MODEL_WHY_SIZE]);

#endif
