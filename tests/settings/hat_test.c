// Tests of the HAT's EEPROM: what counts as a name, which board it stands for, and what becomes of it in the set-up.
#include "daemon/settings/hat.h"

#include "daemon/settings/config.h"
#include "daemon/settings/paths.h"
#include "daemon/settings/setup.h"

// cmocka.h wants these four before it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/karani-hat-XXXXXX";
static char product_path[64], config_path[64];
static struct paths *paths; // of the build's own bin

static int make_folder(void **state) {
    (void)state;
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0 || !mkdtemp(folder)) {
        return -1;
    }
    program[length] = '\0';
    snprintf(product_path, sizeof product_path, "%s/product", folder);
    snprintf(config_path, sizeof config_path, "%s/k.conf", folder);
    return paths_find_beside(&paths, program, false); // build/VARIANT/tests/ lies beside share, as bin does
}

static int remove_folder(void **state) {
    (void)state;
    paths_free(paths);
    unlink(product_path);
    unlink(config_path);
    return rmdir(folder);
}

static void put(const char *path, const char *bytes, size_t count) {
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, count, file), count);
    assert_int_equal(fclose(file), 0);
}

static void test_names(void **state) {
    (void)state;
    char longest[HAT_PRODUCT_SIZE], too_long[HAT_PRODUCT_SIZE + 1];
    snprintf(longest, sizeof longest, "%0255d", 7);
    snprintf(too_long, sizeof too_long, "%0256d", 7);
    const struct {
        const char *bytes;
        size_t count;
        const char *product; // NULL: none
    } cases[] = {
        {"Inky pHAT\0", 10, "Inky pHAT"},
        {"Inky pHAT", 9, "Inky pHAT"},
        {"", 0, NULL},
        {"\0", 1, NULL},
        {"Inky\npHAT\0", 10, NULL},
        {"Inky\x1b[2J\0", 9, NULL},
        {"caf\xc3\xa9\0", 6, NULL},
        {"Inky\0pHAT\0", 10, NULL},
        {longest, 256, longest},
        {too_long, 257, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char product[HAT_PRODUCT_SIZE] = "untouched";
        put(product_path, cases[i].bytes, cases[i].count);
        assert_int_equal(hat_read_product(product_path, product), cases[i].product != NULL);
        assert_string_equal(product, cases[i].product ? cases[i].product : "untouched");
    }
    char product[HAT_PRODUCT_SIZE];
    unlink(product_path);
    assert_false(hat_read_product(product_path, product));
    assert_false(hat_read_product(folder, product)); // no file
}

static void swallow(void *context, const struct complaint *complaint) {
    size_t *count = context;
    (*count)++;
    (void)complaint;
}

struct outcome {
    int error;
    size_t complaints;
    struct setup *setup;
    char text[16384]; // what --check prints
};

static void make(struct outcome *outcome, const char *product, const char *config_text) {
    struct config *config = NULL;
    *outcome = (struct outcome){0};
    unlink(product_path);
    if (product) {
        put(product_path, product, strlen(product) + 1);
    }
    put(config_path, config_text, strlen(config_text));
    paths->hat = product_path;
    outcome->error = config_read(&config, config_path, false, swallow, &outcome->complaints);
    assert_non_null(config);
    int error = setup_make(&outcome->setup, config, paths, swallow, &outcome->complaints);
    outcome->error = outcome->error ? outcome->error : error;
    assert_non_null(outcome->setup);
    FILE *to = fmemopen(outcome->text, sizeof outcome->text, "w");
    assert_non_null(to);
    setup_print(outcome->setup, to);
    fclose(to);
}

// What the config says goes first, then the HAT, then the default.
static const struct {
    const char *product, *config, *board, *source;
} choices[] = {
    {NULL, "", "waveshare-hat", "            the default\n"},
    {"Inky pHAT", "", "inky-phat", "            named by the HAT, whose EEPROM says \"Inky pHAT\"\n"},
    {"Inky wHAT", "", "inky-what", "named by the HAT, whose EEPROM says \"Inky wHAT\"\n"},
    {"2.7inch e-Paper HAT", "", "waveshare-2.7-keys", "named by the HAT"},
    {"Adafruit 2.13\" Monochrome E-Ink Bonnet", "", "adafruit-2.13-bonnet", "named by the HAT"},
    {"bare-wire", "", "bare-wire", "named by the HAT, whose EEPROM says \"bare-wire\"\n"},
    {"inky pHAT", "", "waveshare-hat",
     "            the default; no board is known for the HAT, whose EEPROM says \"inky pHAT\"\n"},
    {"../boards/bare-wire", "", "waveshare-hat", "the default; no board is known for the HAT"},
    {"PaPiRus ePaper HAT", "", "waveshare-hat", "the default; no board is known for the HAT"},
    {"Inky pHAT", "[device]\nboard=bare-wire\n", "bare-wire", "k.conf:2: [device] board\n"},
    {"Inky pHAT", "[device]\nboard=waveshare-hat\n", "waveshare-hat", "k.conf:2: [device] board\n"},
    {"Inky pHAT", "[device]\npanel=waveshare-2.9-v2\n", "inky-phat", "waveshare-2.9-v2"},
};

static void test_choices(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++) {
        struct outcome outcome;
        make(&outcome, choices[i].product, choices[i].config);
        assert_int_equal(outcome.error, 0);
        assert_int_equal(outcome.complaints, 0);
        assert_string_equal(outcome.setup->board->name, choices[i].board);
        if (!strstr(outcome.text, choices[i].source)) {
            fail_msg("row %zu: \"%s\" is not in\n%s", i, choices[i].source, outcome.text);
        }
        setup_free(outcome.setup);
    }
}

// A board that is not there is complained of, whatever the HAT says.
static void test_unknown_board(void **state) {
    (void)state;
    struct outcome outcome;
    make(&outcome, "Inky pHAT", "[device]\nboard=toaster\n");
    assert_int_equal(outcome.complaints, 1);
    assert_string_equal(outcome.setup->board->name, "waveshare-hat");
    assert_non_null(strstr(outcome.text, "            the default\n"));
    setup_free(outcome.setup);
}

// Who is not told where to look does not look: the simulator.
static void test_not_asked(void **state) {
    (void)state;
    struct outcome outcome;
    make(&outcome, "Inky pHAT", "");
    setup_free(outcome.setup);
    paths->hat = NULL;
    struct config *config = config_new();
    struct setup *setup = NULL;
    size_t complaints = 0;
    assert_int_equal(setup_make(&setup, config, paths, swallow, &complaints), 0);
    assert_string_equal(setup->board->name, "waveshare-hat");
    assert_int_equal(setup->board_source, SETUP_BOARD_DEFAULT);
    setup_free(setup);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_choices),
        cmocka_unit_test(test_unknown_board),
        cmocka_unit_test(test_not_asked),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
