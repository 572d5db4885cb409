// Tests of where things are: data beside the program, the owner's directories first, the zone, the font.
#include "daemon/settings/paths.h"
#include "tests/support/run/limit.h"

#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

struct sandbox {
    char path[PATH_MAX / 4];
};

static int make_sandbox(void **state) {
    static struct sandbox sandbox;
    snprintf(sandbox.path, sizeof sandbox.path, "/tmp/karani-places-XXXXXX");
    *state = &sandbox;
    return mkdtemp(sandbox.path) != NULL ? 0 : -1;
}

static int remove_sandbox(void **state) {
    static const char *const LEFT[] = {"localtime", "timezone", "B612-Regular.otf", "calm.routine"};
    const struct sandbox *sandbox = *state;
    char path[PATH_MAX];
    for (size_t i = 0; i < sizeof LEFT / sizeof *LEFT; i++) {
        snprintf(path, sizeof path, "%s/%s", sandbox->path, LEFT[i]);
        unlink(path);
    }
    return rmdir(sandbox->path);
}

static void put(const struct sandbox *sandbox, const char *name, const char *text) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", sandbox->path, name);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void data_lies_beside_the_program(void **state) {
    (void)state;
    struct paths *paths;
    assert_int_equal(paths_find_beside(&paths, "/usr/bin/karanid", true), 0);
    assert_string_equal(paths->boards[0], "/etc/karani/boards");
    assert_string_equal(paths->boards[1], "/usr/share/karani/boards");
    assert_null(paths->boards[2]);
    assert_string_equal(paths->routines[0], "/etc/karani/routines");
    assert_string_equal(paths->routines[1], "/usr/share/karani/routines");
    assert_null(paths->routines[2]);
    assert_string_equal(paths->pictures, "/usr/share/karani/pictures");
    assert_string_equal(paths->locale, "/usr/share/locale");
    assert_string_equal(paths->hat, "/sys/firmware/devicetree/base/hat/product");
    paths_free(paths);
}

static void the_simulator_takes_nothing_from_etc(void **state) {
    (void)state;
    struct paths *paths;
    assert_int_equal(paths_find_beside(&paths, "/home/ada/karani/build/release/bin/karani-sim", false), 0);
    assert_null(paths->hat); // the desk has none
    assert_string_equal(paths->boards[0], "/home/ada/karani/build/release/share/karani/boards");
    assert_null(paths->boards[1]);
    assert_string_equal(paths->routines[0], "/home/ada/karani/build/release/share/karani/routines");
    assert_null(paths->routines[1]);
    paths_free(paths);
}

static void odd_program_paths(void **state) {
    (void)state;
    struct paths *paths = NULL;
    assert_int_equal(paths_find_beside(&paths, "karanid", true), -EINVAL);
    assert_int_equal(paths_find_beside(&paths, "/karanid", true), -EINVAL);
    assert_null(paths);
    // PREFIX=/ : /bin/karanid has its data in /share
    assert_int_equal(paths_find_beside(&paths, "/bin/karanid", false), 0);
    assert_string_equal(paths->share, "/share");
    paths_free(paths);
    // The running test itself: absolute, ending in share.
    assert_int_equal(paths_find(&paths, true), 0);
    assert_int_equal(paths->share[0], '/');
    assert_string_equal(strrchr(paths->share, '/'), "/share");
    paths_free(paths);
    paths_free(NULL);
}

static void a_routine_of_the_owner_comes_first(void **state) {
    struct sandbox *sandbox = *state;
    char here[PATH_MAX];
    snprintf(here, sizeof here, "%s/calm.routine", sandbox->path);
    struct paths paths = {.routines = {sandbox->path, (char[]){"/nowhere"}, NULL}};
    char *path = paths_routine(&paths, "calm");
    assert_string_equal(path, "/nowhere/calm.routine"); // none has it: the shipped place is named
    free(path);
    put(sandbox, "calm.routine", "[Routine]\n");
    path = paths_routine(&paths, "calm");
    assert_string_equal(path, here);
    free(path);
}

static void the_zone_of_the_system(void **state) {
    struct sandbox *sandbox = *state;
    static const struct {
        const char *link; // target of localtime; NULL: absent; "": a plain file
        const char *file; // contents of timezone; NULL: absent
        const char *zone;
    } CASES[] = {
        {"/usr/share/zoneinfo/Europe/Berlin", NULL, "Europe/Berlin"},
        {"../usr/share/zoneinfo/America/Argentina/Ushuaia", "Asia/Tokyo\n", "America/Argentina/Ushuaia"},
        {"/usr/share/zoneinfo/Etc/UTC", NULL, "Etc/UTC"},
        {"", "Asia/Kolkata\n", "Asia/Kolkata"},
        {NULL, "Asia/Kolkata", "Asia/Kolkata"},
        {"/somewhere/else", "Pacific/Apia \n", "Pacific/Apia"},
        {NULL, "\n", "UTC"},
        {NULL, "/etc/shadow\n", "UTC"},
        {NULL, NULL, "UTC"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        char path[PATH_MAX];
        snprintf(path, sizeof path, "%s/localtime", sandbox->path);
        unlink(path);
        if (CASES[i].link != NULL && CASES[i].link[0] != '\0') {
            assert_int_equal(symlink(CASES[i].link, path), 0);
        } else if (CASES[i].link != NULL) {
            put(sandbox, "localtime", "TZif2");
        }
        snprintf(path, sizeof path, "%s/timezone", sandbox->path);
        unlink(path);
        if (CASES[i].file != NULL) {
            put(sandbox, "timezone", CASES[i].file);
        }
        char zone[64] = "?";
        paths_system_zone(sandbox->path, zone, sizeof zone);
        assert_string_equal(zone, CASES[i].zone);
    }
}

static void a_missing_font_is_one_sentence(void **state) {
    struct sandbox *sandbox = *state;
    char sentence[256] = "";
    assert_false(paths_have_font(sandbox->path, sentence, sizeof sentence));
    assert_non_null(strstr(sentence, sandbox->path));
    assert_non_null(strstr(sentence, "fonts-b612"));
    put(sandbox, "B612-Regular.otf", "OTTO");
    sentence[0] = '\0';
    assert_true(paths_have_font(sandbox->path, sentence, sizeof sentence));
    assert_string_equal(sentence, "");
}

int main(void) {
    limit_processor_s(20);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_lies_beside_the_program),
        cmocka_unit_test(the_simulator_takes_nothing_from_etc),
        cmocka_unit_test(odd_program_paths),
        cmocka_unit_test_setup_teardown(a_routine_of_the_owner_comes_first, make_sandbox, remove_sandbox),
        cmocka_unit_test_setup_teardown(the_zone_of_the_system, make_sandbox, remove_sandbox),
        cmocka_unit_test_setup_teardown(a_missing_font_is_one_sentence, make_sandbox, remove_sandbox),
    };
    return cmocka_run_group_tests_name("places", tests, NULL, NULL);
}
