// Starts a program of this tree as if by execv(): what was built for another processor by the emulator that
// KARANI_EMULATOR names (tests/run sets it). For the test programs only.
#ifndef KARANI_TESTS_EMULATOR_H
#define KARANI_TESTS_EMULATOR_H

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { EMULATOR_WORDS_MAX = 32 };

// Returns only if the program (or the emulator) could not be started.
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

// Skips a test of what the emulator does otherwise than a kernel.
#define EMULATOR_SKIP(reason)                                                                                          \
    do {                                                                                                               \
        if (getenv("KARANI_EMULATOR")) {                                                                               \
            printf("skipped: %s\n", reason);                                                                           \
            skip();                                                                                                    \
        }                                                                                                              \
    } while (0)

#endif
