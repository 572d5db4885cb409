// Tests built for another processor: KARANI_EMULATOR names what runs them here (tests/run sets it). For the test
// programs only.
#ifndef KARANI_TESTS_SUPPORT_CTL_EMULATOR_H
#define KARANI_TESTS_SUPPORT_CTL_EMULATOR_H

#include <stdio.h>
#include <stdlib.h>

// Starts a program of this tree, as execv() does, by the emulator where there is one. Returns only on failure.
void emulator_execv(const char *program, char *const *arguments);

// Of cases that are many and alike, each so manieth: 1, and under an emulator `apart`. The test says which.
int emulator_every(int apart);

// Skips a test of what the emulator does otherwise than a kernel.
#define EMULATOR_SKIP(reason)                                                                                          \
    do {                                                                                                               \
        if (getenv("KARANI_EMULATOR")) {                                                                               \
            printf("skipped: %s\n", reason);                                                                           \
            skip();                                                                                                    \
        }                                                                                                              \
    } while (0)

#endif
