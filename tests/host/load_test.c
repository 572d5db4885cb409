// Tests of the load: of settings and routine the host knows whether anything is wrong, and where it is first.
#include "daemon/host/host.h"

// cmocka.h wants these four before it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/karani-load-XXXXXX";
static char config_path[64], routine_path[64];

static int make_folder(void **state) {
    (void)state;
    if (!mkdtemp(folder)) {
        return -1;
    }
    snprintf(config_path, sizeof config_path, "%s/karani.conf", folder);
    snprintf(routine_path, sizeof routine_path, "%s/mine.routine", folder);
    return 0;
}

static int remove_folder(void **state) {
    (void)state;
    unlink(config_path);
    unlink(routine_path);
    return rmdir(folder);
}

static void put(const char *path, const char *text) {
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

#define CARD "[Card sit]\nTitle=Sit\nText=Down.\n"

// "file line key" of what is wrong; "-": nothing.
static const struct {
    const char *config, *routine, *config_place, *routine_place;
} loads[] = {
    {"[practice]\nroutine=mine\n", CARD, "-", "-"},
    {"[practice]\nroutine=mine\nminutes=many\n[night]\ninvite=late\n", CARD, "karani.conf 3 minutes", "-"},
    {"[practice]\nroutine=mine\n", CARD "Picture=no.svg\nSeconds=1\n", "-", "mine.routine 4 Picture"},
    {"[practice]\nroutine=mine\nminuts=9\n", CARD "junk\n", "karani.conf 3 minuts", "mine.routine 4 "},
    {"[practice]\nroutine=mine\n", "[Routine]\nName=None\n", "-", "mine.routine 0 "},
    {"[practice]\nroutine=yours\n", CARD, "karani.conf 2 routine", "-"},
    {"[practise]\n", CARD, "karani.conf 1 ", "-"},
    {"[buttons]\nmain=25\n", CARD, "karani.conf 2 main", "-"},
    {"[practice]\na-key-of-sixty-four-letters-or-more-is-no-key-that-anybody-would-write=1\n", CARD, "karani.conf 2 ",
     "-"},
};

static void assert_place(const struct complaint_first *first, const char *wanted) {
    const struct page_place *place = complaint_place(first);
    char text[192] = "-";
    if (place != NULL) {
        snprintf(text, sizeof text, "%s %d %s", place->file, place->line, place->key);
    }
    assert_string_equal(text, wanted);
}

static void test_the_first_that_is_wrong(void **state) {
    (void)state;
    struct paths *paths;
    assert_int_equal(paths_find(&paths, false), 0);
    char *shipped = paths->routines[0];
    char *const own[] = {folder, shipped};
    memcpy(paths->routines, own, sizeof own);
    for (size_t i = 0; i < sizeof loads / sizeof loads[0]; i++) {
        struct host_load load;
        put(config_path, loads[i].config);
        put(routine_path, loads[i].routine);
        bool sound = strcmp(loads[i].config_place, "-") == 0 && strcmp(loads[i].routine_place, "-") == 0;
        int error = host_load(&load, config_path, true, paths);
        assert_non_null(load.setup);
        assert_int_equal(error, sound ? 0 : -EINVAL);
        assert_int_equal(load.trouble[0] == '\0', sound);
        assert_place(&load.config_trouble, loads[i].config_place);
        assert_place(&load.routine_trouble, loads[i].routine_place);
        host_unload(&load);
    }
    paths->routines[0] = shipped;
    paths->routines[1] = NULL;
    paths_free(paths);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_first_that_is_wrong),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
