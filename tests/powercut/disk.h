// The disk: what of a log is durable, what is not yet, and the states in which a power cut may leave it.
//
// The model, harsher than ext4:
// - Data of a file is durable once a later sync of that file has returned. What is not yet may be there, be missing, be
//   there in some of its sectors of 512 bytes, or be garbage; each write and truncation for itself, in no order.
// - Names (made, deleted, renamed) are durable after the next sync of the directory. Of those that are not yet, the
//   first few survive, in their order, as a journal keeps them.
// - Bytes beside those written stay what they were: the property "powersafe overwrite" that SQLite's unix VFS assumes
//   of storage (https://sqlite.org/psow.html). Where `whole_sectors` is set, garbage takes the neighbours in its
//   sectors with it.
#ifndef KARANI_TESTS_POWERCUT_DISK_H
#define KARANI_TESTS_POWERCUT_DISK_H

#include "tests/powercut/log.h"

#include <stdbool.h>

struct disk;

struct disk *disk_new(const struct log *log, bool whole_sectors);
void disk_free(struct disk *disk);

// Does the next operation of the log.
void disk_step(struct disk *disk);

// Whether a cut now can leave more than one state.
bool disk_is_in_doubt(const struct disk *disk);

// Makes what a cut at this moment leaves: the seed decides. Seeds 0 to 3 are the extremes: neither data nor names,
// both, names alone, data alone. Returns a key of all that is in it.
uint64_t disk_make_state(struct disk *disk, uint64_t seed);

// Puts the state made last into the directory, and nothing else into it.
void disk_write_state(const struct disk *disk, const char *directory);

// Prints what is in doubt.
void disk_print(const struct disk *disk);

#endif
