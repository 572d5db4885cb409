// The recorder: an SQLite VFS over the default one that writes down what changes the files of a directory.
#ifndef KARANI_TESTS_POWERCUT_RECORD_H
#define KARANI_TESTS_POWERCUT_RECORD_H

#include "tests/powercut/log.h"

#define RECORD_VFS "recorded"

// Records from now on into `log`, which is borrowed: first what lies in the directory as durable, then what is done
// through RECORD_VFS, and every sync of the directory that the default VFS asks the system for. One at a time.
void record_start(const char *directory, struct log *log);
void record_stop(void);

// Between the two: a diary that asks for a checkpoint every so many pages is given one after `pages`, so that its log
// is moved into the database, and reused, as often.
void record_checkpoint_every(int pages);

#endif
