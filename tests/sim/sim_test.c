// The simulator as a program: what it prints, how it exits, and that it does the same every time. Runs the karani-sim
// that was built beside this test.
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/support/ctl/child.h"
#include "tests/support/ctl/emulator.h"
#include "tests/support/run/limit.h"

enum { PATH_SIZE = 512, ARGUMENTS_MAX = 16, SECONDS_MAX = 120 };

static char simulator[PATH_SIZE];
static char room[] = "/tmp/sim_test.XXXXXX";
static char story[PATH_SIZE];

// A path in the room; good until four more were asked for.
static char *in_room(const char *name) {
    static char paths[4][PATH_SIZE];
    static unsigned int next;
    char *path = paths[next++ % 4];

    snprintf(path, PATH_SIZE, "%s/%s", room, name);
    return path;
}

static void write_file(const char *path, const char *text) {
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static char *read_whole(const char *path, size_t *size) {
    FILE *file = fopen(path, "r");
    char *text = NULL;

    if (file == NULL) {
        fail_msg("%s: %s", path, strerror(errno));
    }
    fseek(file, 0, SEEK_END);
    *size = (size_t)ftell(file);
    rewind(file);
    text = malloc(*size + 1);
    assert_int_equal(fread(text, 1, *size, file), *size);
    text[*size] = '\0';
    fclose(file);
    return text;
}

// Runs the simulator with these arguments (NULL-terminated), standard input at its end, both outputs into the room.
// Returns its exit status.
static int run(const char *const *arguments) {
    const char *argv[ARGUMENTS_MAX] = {simulator};
    int status;

    for (size_t i = 0; arguments[i] != NULL; i++) {
        assert_true(i + 2 < ARGUMENTS_MAX);
        argv[i + 1] = arguments[i];
    }
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        int output = open(in_room("output"), O_WRONLY | O_CREAT | O_TRUNC, 0600);

        dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
        dup2(output, STDOUT_FILENO);
        dup2(output, STDERR_FILENO);
        limit_processor_s(SECONDS_MAX);
        emulator_execv(simulator, (char **)argv);
        _exit(127);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    size_t size;
    char *said = read_whole(in_room("output"), &size);
    int exit_status = child_exit_status(status, said);

    free(said);
    return exit_status;
}

static bool told(const char *words) {
    size_t size;
    char *text = read_whole(in_room("output"), &size);
    bool found = strstr(text, words) != NULL;

    if (!found) {
        print_message("looked for: %s\ngot:\n", words);
        child_show(text);
    }
    free(text);
    return found;
}

#define EVENING "zone Europe/Berlin\nat 2026-03-28 21:40:00\n"

static const struct {
    const char *script;
    int status;
    const char *words;
} scripts[] = {
    {"", 0, ""},
    {EVENING "expect page invite\nexpect minutes 10\nexpect refresh full\nwait 5s\nexpect asleep\n", 0, ""},
    {EVENING "wait 1s\nexpect asleep\n", 1, ":4: expected the panel asleep, got it awake"},
    {EVENING "expect page morning\n", 1, ":3: expected page morning, got invite"},
    {EVENING "expect page invite\npress elbow\n", 2, ":4: expected a button (main, back, more, less, info), got elbow"},
    {EVENING "at 2026-03-28 21:39:00\n", 2, ":3: expected a time that is not over"},
    // The time without power: true time goes on, the first page after it is one of a doubtful clock.
    {EVENING "wait 5s\npower cut\nexpect asleep\npower on after 9h\nexpect page invite\n", 0, ""},
    {"rtc yes\n" EVENING "wait 5s\npower cut\npower on after 9h\nexpect page morning\n", 0, ""},
    {EVENING "wait 5s\npower cut\npower on after 9h\nclock sync\nexpect page morning\n", 0, ""},
    // Of the first `at`: synchronised, or nothing is known of the time.
    {"rtc no\nat 2026-03-29 07:00:00\nexpect page invite\n", 0, ""},
    {"at 2026-03-29 07:00:00\nexpect page morning\n", 0, ""},
    // A zone that is left behind: 21:40 in Berlin is 16:40 in New York, and there morning has not ended.
    {EVENING "wait 5s\nzone America/New_York\nexpect page morning\n", 0, ""},
    {EVENING "wait 5s\nclock step +9h\nexpect page morning\nclock step -9h\nexpect page invite\n", 0, ""},
    // A contact that bounces is one press. (Without a session there is nothing to undo: minutes follow the month.)
    {EVENING "wait 5s\nhold main\nexpect page month\nwait 3s\nbounce info\nexpect page minutes\n", 0, ""},
    {EVENING "wait 5s\nhold main\nwait 3s\nhold main\nwait 3s\nexpect page minutes\nbounce main\nexpect minutes 11\n",
     0, ""},
    // A dead panel stops nothing.
    {"panel unplugged\n" EVENING
     "wait 1m\nexpect page trouble\npress main\nexpect page invite\nexpect refresh none\npanel plugged\nwait 2m\n"
     "expect page trouble\nexpect refresh full\nexpect asleep\n",
     0, ""},
    {EVENING "wait 5s\npanel unplugged\npress main\nexpect page health\nwait 5s\nexpect refresh none\n", 0, ""},
    {"disk readonly\n" EVENING "wait 10s\nexpect page trouble\ndisk ok\nwait 1m\nexpect page invite\n", 0, ""},
};

static void exits_as_the_script_says(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
        write_file(story, scripts[i].script);
        int status = run((const char *const[]){"--script", story, NULL});

        if (status != scripts[i].status || !told(scripts[i].words)) {
            told("?");
            fail_msg("case %zu: exit status %d:\n%s", i, status, scripts[i].script);
        }
    }
}

static void tells_the_owners_mistakes(void **state) {
    static const struct {
        const char *option;
        const char *value;
        int status;
        const char *words;
    } cases[] = {
        {"--panel", "no-such-panel", 2, "waveshare-2.13-v4"},
        {"--board", "no-such-board", 2, "waveshare-hat"},
        {"--zone", "Nowhere/Land", 2, "no time zone \"Nowhere/Land\""},
        {"--language", "xx", 2, "does not speak \"xx\""},
        {"--config", "/no/such/file", 1, "/no/such/file"},
        {"--state", "/proc/nowhere", 1, "state directory /proc/nowhere"},
        {"--out", "/proc/nowhere", 1, "/proc/nowhere"},
        {"--trace", "/proc/nowhere", 1, "/proc/nowhere"},
        {"--frob", "x", 2, "Usage: karani-sim"},
    };

    (void)state;
    write_file(story, EVENING);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int status = run((const char *const[]){cases[i].option, cases[i].value, "--script", story, NULL});

        assert_true(told(cases[i].words));
        assert_false(told("until then")); // nothing holds in its place: it ends here
        assert_int_equal(status, cases[i].status);
    }
    assert_int_equal(run((const char *const[]){"--script", "/no/such/script", NULL}), 1);
    assert_true(told("/no/such/script"));
    assert_int_equal(run((const char *const[]){"x", NULL}), 2);
    // Standard input is no terminal here.
    assert_int_equal(run((const char *const[]){"--state", room, NULL}), 1);
    assert_true(told("There is no terminal"));
    assert_int_equal(run((const char *const[]){"--help", NULL}), 0);
    assert_int_equal(run((const char *const[]){"--version", NULL}), 0);
}

static const char an_evening[] = EVENING "snapshot a\nwait 5s\nhold main\nwait 3s\npress main\nwait 3s\nsnapshot b\n"
                                         "power cut\npower on after 2h\nwait 5s\nrestart\nwait 1m\nsnapshot c\n"
                                         "at 2026-04-02 07:00:00\nclock sync\nwait 5s\nsnapshot d\n";

static void compare_files(const char *one, const char *other) {
    size_t sizes[2];
    char *texts[2] = {read_whole(one, &sizes[0]), read_whole(other, &sizes[1])};

    assert_int_equal(sizes[0], sizes[1]);
    assert_true(sizes[0] > 0);
    assert_memory_equal(texts[0], texts[1], sizes[0]);
    free(texts[0]);
    free(texts[1]);
}

static void does_the_same_twice(void **state) {
    static const char *const names[] = {"a", "b", "c", "d"};

    (void)state;
    write_file(story, an_evening);
    for (int i = 0; i < 2; i++) {
        const char *trace = in_room(i == 0 ? "trace1" : "trace2");
        const char *out = in_room(i == 0 ? "out1" : "out2");

        // Nothing comes from the environment.
        setenv("TZ", i == 0 ? "Asia/Tokyo" : "UTC", 1);
        setenv("LANGUAGE", i == 0 ? "de" : "", 1);
        assert_int_equal(run((const char *const[]){"--script", story, "--trace", trace, "--out", out, NULL}), 0);
    }
    compare_files(in_room("trace1"), in_room("trace2"));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char one[32];
        char other[32];

        snprintf(one, sizeof one, "out1/%s.png", names[i]);
        snprintf(other, sizeof other, "out2/%s.png", names[i]);
        compare_files(in_room(one), in_room(other));
    }
}

static char *boot_of_trace(const char *path) {
    size_t size;
    char *text = read_whole(path, &size);
    const char *key = "\"boot_id\":\"";
    const char *found = strstr(text, key);

    assert_non_null(found);
    char *id = strndup(found + strlen(key), 36);

    free(text);
    return id;
}

// One state directory: the diary stays, no boot is ever called as one before.
static void keeps_its_state(void **state) {
    char *ids[3];

    (void)state;
    write_file(story, EVENING "wait 1m\n");
    for (int i = 0; i < 3; i++) {
        const char *trace = in_room("trace");
        const char *where = in_room(i < 2 ? "state/of/its/own" : "another");

        assert_int_equal(run((const char *const[]){"--script", story, "--trace", trace, "--state", where, NULL}), 0);
        ids[i] = boot_of_trace(trace);
    }
    assert_int_equal(access(in_room("state/of/its/own/diary.db"), R_OK), 0);
    assert_string_not_equal(ids[0], ids[1]);
    assert_string_equal(ids[0], ids[2]);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(ids[i][14], '5'); // RFC 9562: version 5
        free(ids[i]);
    }
}

static int make_room(void **state) {
    (void)state;
    ssize_t length = readlink("/proc/self/exe", simulator, sizeof simulator - 1);
    char *slash = length > 0 ? strrchr(simulator, '/') : NULL;

    if (slash == NULL || mkdtemp(room) == NULL) {
        return -1;
    }
    snprintf(slash, sizeof simulator - (size_t)(slash - simulator), "/../bin/karani-sim");
    snprintf(story, sizeof story, "%s/story.karani", room);
    return 0;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *ftw) {
    (void)status;
    (void)type;
    (void)ftw;
    return remove(path);
}

static int leave_room(void **state) {
    (void)state;
    return nftw(room, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exits_as_the_script_says),
        cmocka_unit_test(tells_the_owners_mistakes),
        cmocka_unit_test(does_the_same_twice),
        cmocka_unit_test(keeps_its_state),
    };

    return cmocka_run_group_tests(tests, make_room, leave_room);
}
