// Keeps the count of boots in a small text file, replaced atomically.
#include "daemon/sim/boot_ids.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uuid/uuid.h>

// The namespace of our boots: a UUID of its own, made once.
static const uuid_t boot_ids_namespace = {0x5d, 0x0c, 0x2f, 0x8e, 0x1b, 0x64, 0x4a, 0x57,
                                          0x9e, 0x31, 0x70, 0xd2, 0x48, 0x6c, 0xa3, 0x15};

static int read_count(const char *path, int64_t *count) {
    FILE *file = fopen(path, "re");

    *count = 0;
    if (file == NULL) {
        return errno == ENOENT ? 0 : -errno;
    }
    int fields = fscanf(file, "%" SCNd64, count);

    fclose(file);
    return fields == 1 && *count >= 0 ? 0 : -EINVAL;
}

static int write_count(const char *path, int64_t count) {
    char *fresh = NULL;
    int error = 0;

    if (asprintf(&fresh, "%s.new", path) < 0) {
        return -ENOMEM;
    }
    FILE *file = fopen(fresh, "we");

    if (file == NULL) {
        error = -errno;
    } else {
        fprintf(file, "%" PRId64 "\n", count);
        if (fclose(file) != 0 || rename(fresh, path) != 0) {
            error = -errno;
        }
    }
    free(fresh);
    return error;
}

int boot_ids_next(const char *state_dir, int64_t true_ms, char boot_id[UUID_SIZE], char *sentence,
                  size_t sentence_size) {
    char *path = NULL;
    int64_t count = 0;

    if (asprintf(&path, "%s/boots", state_dir) < 0) {
        snprintf(sentence, sentence_size, "Memory is out.");
        return -ENOMEM;
    }
    int error = read_count(path, &count);

    if (error == 0) {
        error = write_count(path, count + 1);
    }
    if (error < 0) {
        snprintf(sentence, sentence_size,
                 "The state directory %s cannot be used: %s: %s; name another one with --state.", state_dir, path,
                 strerror(-error));
    } else {
        char name[64];
        uuid_t id;
        int length = snprintf(name, sizeof name, "boot %" PRId64 " at %" PRId64, count + 1, true_ms);

        uuid_generate_sha1(id, boot_ids_namespace, name, (size_t)length);
        uuid_unparse_lower(id, boot_id);
    }
    free(path);
    return error;
}
