// A diary in a directory of its own, on a simulated card or a real one: evenings to save in it, and what it holds.
#ifndef KARANI_TESTS_SUPPORT_DIARY_DIARY_FIXTURE_H
#define KARANI_TESTS_SUPPORT_DIARY_DIARY_FIXTURE_H

#include "daemon/diary/diary.h"
#include "daemon/sim/storage/storage.h"
#include "tests/support/diary/diary_evenings.h"

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

struct desk {
    char state[PATH_MAX / 8];
    struct storage *storage;
    struct diary *diary;
    char error[512];
};

int diary_fixture_begin(void **state);
int diary_fixture_finish(void **state);

// The files in a directory, and the directory with them.
void empty(const char *directory);
void remove_all(const char *directory);

int open_in(struct desk *desk, const char *vfs);
int open_simulated(struct desk *desk);
void close_diary(struct desk *desk);

// The power goes and comes back.
void cut(struct desk *desk);
void assert_same(const struct session_record *got, const struct session_record *wanted);

struct rows {
    struct session_record rows[80];
    char notes[80][32];
    int count;
    int stop_at; // 0: never
};

int take_row(void *context, const struct session_record *session);
struct rows read_rows(struct diary *diary);
int take_night(void *context, int32_t night);
size_t read_file(const struct desk *desk, const char *name, unsigned char *bytes, size_t room);

// A question to the file itself, past the diary: the first column of the first row.
void ask_file(const struct desk *desk, const char *sql, char answer[256]);
void fill(struct desk *desk, int count, const char *vfs);

#define STORY(test) cmocka_unit_test_setup_teardown(test, diary_fixture_begin, diary_fixture_finish)

#endif
