// What the fuzzing targets share: an input as a file without a place on any disk, and complaints that nobody hears. A
// target has LLVMFuzzerTestOneInput alone (https://llvm.org/docs/LibFuzzer.html).
#ifndef KARANI_TESTS_FUZZ_INPUT_H
#define KARANI_TESTS_FUZZ_INPUT_H

#include "daemon/settings/complaint.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// The path of a file in memory that holds the input; the same one each time.
static inline const char *input_path(const uint8_t *data, size_t size) {
    static char path[32];
    static int fd = -1;
    if (fd < 0) {
        fd = memfd_create("karani-fuzz", MFD_CLOEXEC);
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    }
    if (fd < 0 || ftruncate(fd, 0) < 0 || pwrite(fd, data, size, 0) != (ssize_t)size) {
        abort();
    }
    return path;
}

// A directory of one's own; tests/fuzz/run removes it with its TMPDIR.
static inline const char *input_dir(void) {
    static char dir[256];
    const char *place = getenv("TMPDIR");
    if (dir[0] != '\0') {
        return dir;
    }
    snprintf(dir, sizeof dir, "%s/karani-fuzz-XXXXXX", place != NULL ? place : "/tmp");
    if (mkdtemp(dir) == NULL) {
        abort();
    }
    return dir;
}

// Every complaint is a sentence.
static inline void input_complaint(void *context, const struct complaint *complaint) {
    (void)context;
    assert(complaint->line >= 0 && (complaint->key == NULL || complaint->group != NULL));
    char *sentence = complaint_format(complaint);
    assert(sentence != NULL && sentence[0] != '\0' && strlen(sentence) < 4096);
    free(sentence);
}

#endif
