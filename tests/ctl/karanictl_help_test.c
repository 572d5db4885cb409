// The tables of karanictl: what the help says of every command and option, and that they are whole.
#include "tests/support/ctl/karanictl_fixture.h"
#include "tests/support/run/limit.h"

#include <ctype.h>

enum { WORDS_MAX = 4, USAGE_SIZE = 128 };

// The words of a command's name, behind others; the copy keeps them.
static int split(const char *name, char copy[32], char **words) {
    int count = 0;
    char *rest;
    snprintf(copy, 32, "%s", name);
    for (char *word = strtok_r(copy, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
        words[count++] = word;
    }
    return count;
}

static void assert_rows_are_shown(const struct desk *desk, const struct option_row *rows) {
    for (const struct option_row *row = rows; row != NULL && row->name != NULL; row++) {
        char option[USAGE_SIZE];
        snprintf(option, sizeof option, "  --%s%s%s", row->name, row->argument != NULL ? " " : "",
                 row->argument != NULL ? row->argument : "");
        const char *shown = strstr(desk->out, option);
        assert_non_null(shown);
        assert_true(shown[strlen(option)] == ' ' || shown[strlen(option)] == '\n');
        assert_non_null(strstr(shown, row->help));
        assert_null(strstr(shown + 1, option)); // once
    }
}

static void assert_help(struct desk *desk, const struct command *command) {
    char usage[USAGE_SIZE];
    snprintf(usage, sizeof usage, "Usage: karanictl %s", command->name);
    assert_memory_equal(desk->out, usage, strlen(usage));
    assert_string_equal(desk->err, "");
    if (command->operands != NULL) {
        snprintf(usage, sizeof usage, " %s\n", command->operands);
        assert_non_null(strstr(desk->out, usage));
    }
    assert_non_null(strstr(desk->out, command->summary + 1));
    assert_rows_are_shown(desk, command->options);
    assert_rows_are_shown(desk, registry_options);
}

// `karanictl COMMAND --help`, with whatever else, and `karanictl help COMMAND` say the same.
static void every_command_has_its_help(void **state) {
    struct desk *desk = *state;
    static char said[OUTPUT_SIZE];
    for (const struct command *const *command = registry_commands; *command != NULL; command++) {
        char copy[32];
        char *words[8] = {(char[]){"karanictl"}};
        int count = 1 + split((*command)->name, copy, words + 1);
        words[count] = (char[]){"--help"};
        assert_int_equal(run_child(desk, words, NULL, NULL), 0);
        assert_help(desk, *command);
        memcpy(said, desk->out, sizeof said);
        words[count + 1] = (char[]){"--config=/nowhere"};
        assert_int_equal(run_child(desk, words, NULL, NULL), 0);
        assert_string_equal(desk->out, said);
        char *asked[8] = {(char[]){"karanictl"}, (char[]){"help"}};
        split((*command)->name, copy, asked + 2);
        assert_int_equal(run_child(desk, asked, NULL, NULL), 0);
        assert_string_equal(desk->out, said);
    }
}

static void the_list_has_every_command(void **state) {
    struct desk *desk = *state;
    static char said[OUTPUT_SIZE];
    assert_int_equal(RUN(desk, "--help"), 0);
    for (const struct command *const *command = registry_commands; *command != NULL; command++) {
        char line[USAGE_SIZE];
        snprintf(line, sizeof line, "\n  %s%s%s  ", (*command)->name, (*command)->operands != NULL ? " " : "",
                 (*command)->operands != NULL ? (*command)->operands : "");
        const char *shown = strstr(desk->out, line);
        assert_non_null(shown);
        assert_non_null(strstr(shown, (*command)->summary));
    }
    assert_rows_are_shown(desk, registry_options);
    memcpy(said, desk->out, sizeof said);
    assert_int_equal(RUN(desk, "help"), 0);
    assert_string_equal(desk->out, said);
    assert_int_equal(RUN(desk, "-h"), 0);
    assert_string_equal(desk->out, said);
}

static void help_of_what_there_is_not(void **state) {
    struct desk *desk = *state;
    assert_int_equal(RUN(desk, "help", "dance"), 2);
    assert_string_equal(desk->err, "karanictl: There is no command \"dance\"; --help lists them.\n");
    assert_int_equal(RUN(desk, "help", "summary", "dance"), 2);
    assert_string_equal(desk->err, "karanictl: There is no command \"summary dance\"; --help lists them.\n");
    assert_int_equal(RUN(desk, "help", "panel"), 2);
    assert_int_equal(RUN(desk, "dance", "--help"), 2);
    assert_string_equal(desk->out, "");
    assert_string_equal(desk->err, "karanictl: There is no command \"dance\"; --help lists them.\n");
}

static void assert_sound(const struct option_row *rows) {
    for (const struct option_row *row = rows; row != NULL && row->name != NULL; row++) {
        assert_true(isupper((unsigned char)row->help[0]) && row->help[strlen(row->help) - 1] == '.');
        assert_true(strspn(row->name, "abcdefghijklmnopqrstuvwxyz-") == strlen(row->name));
        assert_true(row->argument != NULL || row->read == NULL);
        assert_null(options_find(row + 1, row->name));
        assert_true(rows == registry_options || options_find(registry_options, row->name) == NULL);
        // getopt knows one option of a name.
        for (const struct command *const *command = registry_commands; *command != NULL; command++) {
            const struct option_row *other = options_find((*command)->options, row->name);
            assert_true(other == NULL || (other->argument != NULL) == (row->argument != NULL));
        }
    }
}

static void the_tables_are_whole(void **state) {
    (void)state;
    assert_sound(registry_options);
    for (const struct command *const *command = registry_commands; *command != NULL; command++) {
        char copy[32];
        char *words[WORDS_MAX] = {NULL};
        int used;
        assert_true(split((*command)->name, copy, words) <= 2);
        assert_ptr_equal(registry_find((const char *const *)words, &used), *command);
        assert_true((*command)->operands_min >= 0 && (*command)->operands_min <= (*command)->operands_max);
        assert_int_equal((*command)->operands != NULL, (*command)->operands_max > 0);
        assert_non_null((*command)->run);
        assert_sound((*command)->options);
    }
}

int main(void) {
    limit_processor_s(60);
    const struct CMUnitTest tests[] = {
        STORY(every_command_has_its_help),
        STORY(the_list_has_every_command),
        STORY(help_of_what_there_is_not),
        cmocka_unit_test(the_tables_are_whole),
    };
    return cmocka_run_group_tests_name("karanictl, help", tests, NULL, NULL);
}
