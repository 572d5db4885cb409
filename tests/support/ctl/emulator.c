#include "tests/support/ctl/emulator.h"

#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

enum { EMULATOR_WORDS_MAX = 32 };

void emulator_execv(const char *program, char *const *arguments) {
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

int emulator_every(int apart) {
    return getenv("KARANI_EMULATOR") ? apart : 1;
}
