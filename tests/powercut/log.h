// What a process did to the files of one directory, in its order: the log from which states after a power cut are made.
// Memory that runs out ends the program, here and in all of tests/powercut.
#ifndef KARANI_TESTS_POWERCUT_LOG_H
#define KARANI_TESTS_POWERCUT_LOG_H

#include <stddef.h>
#include <stdint.h>

enum { LOG_NAME_SIZE = 96 };

enum op_kind {
    OP_CREATE,         // a name for a new file
    OP_WRITE,          // bytes at an offset
    OP_TRUNCATE,       // to an offset
    OP_SYNC,           // the data of a file
    OP_DELETE,         // a name
    OP_RENAME,         // a name to another one, in whose place it comes
    OP_SYNC_DIRECTORY, // every name
    OP_ACKNOWLEDGE,    // the product has said "saved" of all that was asked of it so far
};

struct op {
    enum op_kind kind;
    int file; // counted from 0; a file keeps its number whatever its name
    int64_t offset;
    size_t size;
    unsigned char *bytes;     // owned
    char name[LOG_NAME_SIZE]; // below the directory; "" where there is none
    char to[LOG_NAME_SIZE];
};

struct log {
    struct op *ops;
    size_t count;
    size_t room;
};

void log_clear(struct log *log);

// Adds a row; `bytes` is copied.
void log_add(struct log *log, const struct op *op);

// For people: one line.
void log_print(const struct op *op);

void *log_allocate(size_t size); // zeros

// Makes room for one more element of a growing array.
void *log_grow(void *array, size_t count, size_t *room, size_t size);

#endif
