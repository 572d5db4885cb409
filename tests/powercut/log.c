// The log of what was done to files: keeping it, growing, words for people.
#include "tests/powercut/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *or_end(void *memory) {
    if (memory == NULL) {
        perror("powercut");
        exit(2);
    }
    return memory;
}

void *log_allocate(size_t size) {
    return or_end(calloc(1, size > 0 ? size : 1));
}

void *log_grow(void *array, size_t count, size_t *room, size_t size) {
    if (count < *room) {
        return array;
    }
    *room = *room == 0 ? 64 : 2 * *room;
    return or_end(reallocarray(array, *room, size));
}

void log_add(struct log *log, const struct op *op) {
    log->ops = log_grow(log->ops, log->count, &log->room, sizeof log->ops[0]);
    struct op *added = &log->ops[log->count++];
    *added = *op;
    added->bytes = NULL;
    if (op->bytes != NULL) {
        added->bytes = log_allocate(op->size);
        memcpy(added->bytes, op->bytes, op->size);
    }
}

void log_clear(struct log *log) {
    for (size_t i = 0; i < log->count; i++) {
        free(log->ops[i].bytes);
    }
    free(log->ops);
    *log = (struct log){.ops = NULL};
}

void log_print(const struct op *op) {
    static const char *const WORDS[] = {
        [OP_CREATE] = "create",
        [OP_WRITE] = "write",
        [OP_TRUNCATE] = "truncate",
        [OP_SYNC] = "sync",
        [OP_DELETE] = "delete",
        [OP_RENAME] = "rename",
        [OP_SYNC_DIRECTORY] = "sync the directory",
        [OP_ACKNOWLEDGE] = "acknowledge",
    };
    printf("%s", WORDS[op->kind]);
    if (op->kind < OP_DELETE) {
        printf(" file %d", op->file);
    }
    if (op->kind == OP_WRITE || op->kind == OP_TRUNCATE) {
        printf(" at %" PRId64 ", %zu bytes", op->offset, op->size);
    }
    printf("%s%s%s%s\n", op->name[0] != '\0' ? " " : "", op->name, op->to[0] != '\0' ? " to " : "", op->to);
}
