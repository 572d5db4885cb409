// For tests of karanictl: the built program, a state directory and settings of its own, and what it says.
#ifndef KARANI_TESTS_SUPPORT_CTL_KARANICTL_FIXTURE_H
#define KARANI_TESTS_SUPPORT_CTL_KARANICTL_FIXTURE_H

#include "daemon/ctl/registry.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { OUTPUT_SIZE = 64 * 1024 };

// What a command of the library is given.
extern const struct option_given AS_JSON[];

struct desk {
    char program[PATH_MAX];
    char state[PATH_MAX / 8];
    char config[PATH_MAX / 4];
    char out[OUTPUT_SIZE];
    char err[OUTPUT_SIZE];
};

void put(const char *path, const char *text);
int karanictl_fixture_begin(void **state);
int karanictl_fixture_finish(void **state);

// In a child: becomes the program, or runs a command of the library.
void become(const struct desk *desk, char *const *arguments, const struct command *command, const struct ctl *ctl);

// Runs the program, or a command of the library, in a child; returns its exit status.
int run_child(struct desk *desk, char *const *arguments, const struct command *command, const struct ctl *ctl);

// Runs `karanictl --config … --state … ARGUMENTS` and returns its exit status.
int run_with_sentinel(struct desk *desk, ...);

#define RUN(...) run_with_sentinel(__VA_ARGS__, (char *)NULL)

#define STORY(test) cmocka_unit_test_setup_teardown(test, karanictl_fixture_begin, karanictl_fixture_finish)

#endif
