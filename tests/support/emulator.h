// Tests built for another processor: KARANI_EMULATOR names what runs them here (tests/run sets it). For the test
// programs only.
#ifndef KARANI_TESTS_SUPPORT_EMULATOR_H
#define KARANI_TESTS_SUPPORT_EMULATOR_H

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { EMULATOR_WORDS_MAX = 32 };

// Starts a program of this tree, as execv() does, by the emulator where there is one. Returns only on failure.
static inline void emulator_execv(const char *program, char *const *arguments) {
    char *emulator = getenv("KARANI_EMULATOR");
    char *words[EMULATOR_WORDS_MAX] = {emulator, (char *)program};

    if (!emulator) {
        execv(program, arguments);
        return;
    }
    for (int i = 1; arguments[i]; i++) { // qemu puts the program's path for arguments[0]
        assert(i + 2 < EMULATOR_WORDS_MAX);
        words[i + 1] = arguments[i];
    }
    execvp(emulator, words);
}

// Of cases that are many and alike, each so manieth: 1, and under an emulator `apart`. The test says which.
static inline int emulator_every(int apart) {
    return getenv("KARANI_EMULATOR") ? apart : 1;
}

// Skips a test of what the emulator does otherwise than a kernel.
#define EMULATOR_SKIP(reason)                                                                                          \
    do {                                                                                                               \
        if (getenv("KARANI_EMULATOR")) {                                                                               \
            printf("skipped: %s\n", reason);                                                                           \
            skip();                                                                                                    \
        }                                                                                                              \
    } while (0)

#endif
