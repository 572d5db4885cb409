// What tests of the diary's files need beside diary_fixture.h: files that are read, spoilt and put back, backups.
#ifndef KARANI_TESTS_SUPPORT_DIARY_REPAIR_FIXTURE_H
#define KARANI_TESTS_SUPPORT_DIARY_REPAIR_FIXTURE_H

#include "tests/support/diary/diary_beside.h"
#include "tests/support/diary/diary_fixture.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    FAULT_COUNT = 3,
    FILE_MAX_B = 512 * 1024,
    STEPS_MAX = 400, // no sequence here takes so many calls of the card
};

extern const enum storage_fault FAULTS[FAULT_COUNT];

struct bytes {
    unsigned char bytes[FILE_MAX_B];
    size_t size;
};

void path_of(const struct desk *desk, const char *name, char path[PATH_MAX]);
bool lies_there(const struct desk *desk, const char *name);
void load(const struct desk *desk, const char *name, struct bytes *bytes);
void store(const struct desk *desk, const char *name, const struct bytes *bytes);
void spoil(struct bytes *bytes, size_t from, size_t count);

// Another storage, which knows nothing of what was written past the last one.
void renew_storage(struct desk *desk);
void write_evenings(struct desk *desk, int from, int until);
int count_rows(struct diary *diary);

// The first column of the first row, as SQLite itself reads that file.
int64_t ask(const struct desk *desk, const char *name, const char *sql);

extern const struct diary_care_time CARE;
void back_up(struct desk *desk, int keep);

#endif
