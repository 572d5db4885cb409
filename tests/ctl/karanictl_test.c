// Tests of karanictl from outside: the built program, its usage and exit codes, what there is, and a copy of the diary.
#include "tests/support/ctl/karanictl_diary.h"
#include "tests/support/run/limit.h"

#include <fcntl.h>
#include <sys/wait.h>

static void panels_and_boards(void **state) {
    struct desk *desk = *state;
    assert_int_equal(RUN(desk, "panels", "--json"), 0);
    JsonNode *root = parse(desk);
    JsonArray *rows = json_node_get_array(root);
    bool found = false;
    for (unsigned i = 0; i < json_array_get_length(rows); i++) {
        JsonObject *row = json_array_get_object_element(rows, i);
        if (strcmp(json_object_get_string_member(row, "name"), "waveshare-2.13-v4") == 0) {
            found = true;
            assert_int_equal(json_object_get_int_member(row, "width_px"), 250);
            assert_int_equal(json_object_get_int_member(row, "height_px"), 122);
        }
    }
    assert_true(found);
    json_node_unref(root);
    assert_int_equal(RUN(desk, "panels"), 0);
    assert_non_null(strstr(desk->out, "waveshare-2.9-v2"));
    assert_int_equal(RUN(desk, "boards", "--json"), 0);
    root = parse(desk);
    rows = json_node_get_array(root);
    found = false;
    for (unsigned i = 0; i < json_array_get_length(rows); i++) {
        JsonObject *row = json_array_get_object_element(rows, i);
        if (strcmp(json_object_get_string_member(row, "name"), "waveshare-hat") == 0) {
            found = true;
            assert_string_equal(json_object_get_string_member(row, "panel"), "waveshare-2.13-v4");
        }
    }
    assert_true(found);
    json_node_unref(root);
    assert_int_equal(RUN(desk, "boards"), 0);
    assert_non_null(strstr(desk->out, "waveshare-hat"));
}

static void a_copy_of_the_diary(void **state) {
    struct desk *desk = *state;
    char copy[PATH_MAX];
    snprintf(copy, sizeof copy, "%s/copy.db", desk->state);
    assert_int_equal(RUN(desk, "backup", copy), 1);
    assert_non_null(strstr(desk->err, "no diary"));
    assert_int_equal(access(copy, F_OK), -1);
    write_diary(desk);
    assert_int_equal(RUN(desk, "backup", copy), 0);
    assert_non_null(strstr(desk->out, copy));
    assert_int_equal(RUN(desk, "backup", copy), 0); // an older backup gives way
    assert_int_equal(RUN(desk, "backup", desk->config), 1);
    assert_non_null(strstr(desk->err, "left as it is"));
    static const struct {
        const char *name;
        const char *told;
    } refused[] = {{"", "give the copy a file's name"},
                   {"/tmp", "\"/tmp\" is a directory"},
                   {"/tmp/", "\"/tmp/\" is a directory"},
                   {"diary.db-shm", "\"diary.db-shm\" is the name of a file of the diary's own"}};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        assert_int_equal(RUN(desk, "backup", refused[i].name), 1);
        assert_non_null(strstr(desk->err, refused[i].told));
        assert_string_equal(strchr(desk->err, '\n'), "\n");
    }
    assert_int_equal(RUN(desk, "backup"), 2);
    assert_int_equal(RUN(desk, "backup", copy, copy), 2);
    char diary[PATH_MAX];
    snprintf(diary, sizeof diary, "%s/diary.db", desk->state);
    assert_int_equal(RUN(desk, "export"), 0);
    static char before[OUTPUT_SIZE];
    memcpy(before, desk->out, sizeof before);
    assert_int_equal(rename(copy, diary), 0); // a copy is a diary
    assert_int_equal(RUN(desk, "export"), 0);
    assert_string_equal(desk->out, before);
}

static void a_problem_is_one_sentence(void **state) {
    struct desk *desk = *state;
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/diary.db", desk->state);
    put(path,
        "this is no database, but it is long enough to be looked at as if it were one: 100 bytes of header\n\n\n");
    static const char *const COMMANDS[] = {"summary", "history", "export"};
    for (size_t i = 0; i < sizeof COMMANDS / sizeof *COMMANDS; i++) {
        assert_int_equal(RUN(desk, COMMANDS[i]), 1);
        assert_string_equal(desk->out, "");
        assert_non_null(strstr(desk->err, path));
        assert_string_equal(strchr(desk->err, '\n'), "\n");
    }
    assert_int_equal(RUN(desk, "--config", "/nowhere/karani.conf", "summary"), 1);
    assert_non_null(strstr(desk->err, "/nowhere/karani.conf"));
    assert_string_equal(strchr(desk->err, '\n'), "\n");
}

static void wrong_usage_is_one_sentence(void **state) {
    struct desk *desk = *state;
    static const struct {
        const char *arguments[4];
        const char *named; // in the sentence
    } CASES[] = {
        {{NULL}, "command"},
        {{"dance"}, "dance"},
        {{"summary", "today"}, "today"},
        {{"summary", "--tonight", "2026-02-30"}, "2026-02-30"},
        {{"summary", "--tonight", "tomorrow"}, "tomorrow"},
        {{"summary", "--last", "3"}, "--last"},
        {{"summary", "--tonight"}, "--tonight"},
        {{"history", "--last", "0"}, "\"0\""},
        {{"history", "--last", "-1"}, "\"-1\""},
        {{"history", "--last", "3x"}, "3x"},
        {{"history", "--last", "99999999999999999999"}, "99999999999999999999"},
        {{"history", "--format", "csv"}, "--format"},
        {{"export", "--format", "xml"}, "xml"},
        {{"export", "--format=csv", "--json"}, "--json"},
        {{"panels", "--tonight", "2026-03-01"}, "--tonight"},
        {{"--loud"}, "--loud"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const char *const *arguments = CASES[i].arguments;
        assert_int_equal(RUN(desk, arguments[0], arguments[1], arguments[2]), 2);
        assert_string_equal(desk->out, "");
        assert_memory_equal(desk->err, "karanictl: ", strlen("karanictl: "));
        assert_non_null(strstr(desk->err, CASES[i].named));
        assert_string_equal(strchr(desk->err, '\n'), "\n");
    }
}

static void help_names_what_there_is(void **state) {
    struct desk *desk = *state;
    assert_int_equal(RUN(desk, "--help"), 0);
    static const char *const THERE[] = {"status", "summary", "history", "export", "boards", "panels"};
    for (size_t i = 0; i < sizeof THERE / sizeof *THERE; i++) {
        assert_non_null(strstr(desk->out, THERE[i]));
    }
    assert_string_equal(desk->err, "");
    assert_int_equal(RUN(desk, "--version"), 0);
    assert_string_equal(desk->out, "karanictl " KARANI_VERSION "\n");
}

// A program that writes to a full disk must not end as if all was well.
static void output_that_cannot_be_written(void **state) {
    struct desk *desk = *state;
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    if (full < 0) {
        skip();
    }
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(full, STDOUT_FILENO);
        dup2(full, STDERR_FILENO);
        char *arguments[] = {(char[]){"karanictl"}, (char[]){"--help"}, NULL};
        become(desk, arguments, NULL, NULL);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    close(full);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
}

int main(void) {
    limit_processor_s(120);
    const struct CMUnitTest tests[] = {
        STORY(panels_and_boards),           STORY(a_copy_of_the_diary),      STORY(a_problem_is_one_sentence),
        STORY(wrong_usage_is_one_sentence), STORY(help_names_what_there_is), STORY(output_that_cannot_be_written),
    };
    return cmocka_run_group_tests_name("karanictl", tests, NULL, NULL);
}
