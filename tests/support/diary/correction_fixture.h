// A diary in a directory of its own, sessions in it that are corrected, and what a correction leaves there.
#ifndef KARANI_TESTS_SUPPORT_DIARY_CORRECTION_FIXTURE_H
#define KARANI_TESTS_SUPPORT_DIARY_CORRECTION_FIXTURE_H

// cmocka.h wants these four before it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/control/correction.h"

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// 2026-03-05 21:00 in Berlin, on the evening of that night.
enum { NOW_UTC_S = 1772740800, NIGHT = 20517 };

#define A "a0000000-0000-4000-8000-00000000000a"
#define B "a0000000-0000-4000-8000-00000000000b"

struct desk {
    char dir[64];
    struct diary *diary;
    struct zone *zone;
    struct correction_place place;
    struct correction_result result;
};

int correction_fixture_begin(void **state);
int correction_fixture_finish(void **state);

// A session as the device saves it: 2026-03-04, 21:40 in Berlin, 10 minutes and 100 s over.
struct session_record a_session(const char *uuid, enum outcome outcome);
void save_session(struct desk *desk, const char *uuid, enum outcome outcome, const char *note);

enum correction_verdict apply_correction(struct desk *desk, const struct correction *correction);
struct correction edit_of(const char *id);

// ---- looking at the diary ----

struct found {
    const char *uuid;
    struct session_record session;
    char note[64];
    size_t count;
};

// The session of that uuid; NULL: the last of all.
struct found find_saved(struct desk *desk, const char *uuid);
int count_away(struct desk *desk);

// The changes as "WHAT BEFORE AFTER" lines, where "-" is NULL; read by a connection of its own.
const char *read_changes(const struct desk *desk);

#define STORY(test) cmocka_unit_test_setup_teardown(test, correction_fixture_begin, correction_fixture_finish)

#endif
