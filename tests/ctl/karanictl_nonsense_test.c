// Nonsense for every option and operand of karanictl: whatever is said, it ends with a sentence or is done, and what
// was done can be read again.
#include "daemon/linux/lock.h"
#include "tests/support/ctl/karanictl_diary.h"
#include "tests/support/run/limit.h"
#include "tests/support/run/points.h"

#include <sys/stat.h>

enum { WORDS_MAX = 12, WORD_SIZE = 8 * 1024, LONG = 6000 };

// The desk's directory is the one where they are looked for as files.
static const char *const NONSENSE[] = {
    "",
    "0",
    "-1",
    "1",
    " 5",
    "1441",
    "86401",
    "2147483647",
    "2147483648",
    "9223372036854775808",
    "99999999999999999999999999",
    "NaN",
    "0000-01-01",
    "0001-01-01",
    "0001-01-02",
    "2026-02-29",
    "2026-02-30",
    "9999-12-30",
    "9999-12-31",
    "10000-01-01",
    "0001-01-01 00:00",
    "1970-01-01 00:00",
    "2026-03-01 24:00",
    "2026-03-01 23:59:60",
    "9999-12-30 23:59:59",
    "9999-12-31 23:59:59",
    "running",
    "not-mine",
    "csv|",
    "{}",
    "\"",
    "%s%n%d",
    "two\nlines",
    "\033[2J",
    "\302\205\342\200\256", // next line, and from the right to the left
    "Gr\303\274\303\237e \360\237\214\231",
    "\303",                      // half a letter
    "\377\376",                  // no UTF-8
    "\355\240\200",              // a surrogate
    "e\314\201\314\201\314\201", // accents without end
    "b000",                      // the beginning of an ID
};

// Words that make a command complete; an option behind them takes the place of the same one among them.
static const struct {
    const char *words[WORDS_MAX];
    const char *only; // the option that is tried; NULL: each
} BASES[] = {
    {{"summary"}, NULL},
    {{"history"}, NULL},
    {{"export"}, NULL},
    {{"add", "--night", "2026-03-01", "--minutes", "10"}, NULL},
    {{"add", "--started", "2026-03-01 21:00", "--minutes", "10"}, "night"},
    {{"edit", "b0000000-0000-4000-8000-000000000001"}, NULL},
    {{"buttons", "test"}, NULL},
};

static char long_word[LONG + 1];
static char long_letters[LONG + 1];
static char runtime[PATH_MAX / 4];
static int lock;

static const char *nonsense(size_t i) {
    const size_t count = sizeof NONSENSE / sizeof *NONSENSE;
    const char *const longer[] = {long_word, long_letters};
    return i < count ? NONSENSE[i] : i < count + 2 ? longer[i - count] : NULL;
}

// Where one word of several has to do, each time another one is the first.
static size_t first(void) {
    static size_t turn;
    return turn++ % (size_t)points_apart();
}

static int begin_nonsense(void **state) {
    memset(long_word, 'x', LONG);
    for (int i = 0; i < LONG; i += 2) {
        memcpy(long_letters + i, "\303\274", 2);
    }
    if (karanictl_fixture_begin(state) != 0) {
        return -1;
    }
    struct desk *desk = *state;
    if (chdir(desk->state) < 0 || mkdir("runtime", 0700) < 0) {
        return -1;
    }
    // Another program has the device: nothing moves on the machine that tests.
    lock = lock_take("runtime");
    snprintf(runtime, sizeof runtime, "%s/runtime", desk->state);
    return lock >= 0 && setenv("RUNTIME_DIRECTORY", runtime, 1) == 0 ? 0 : -1;
}

static int finish_nonsense(void **state) {
    close(lock);
    return unlink("runtime/lock") == 0 && rmdir("runtime") == 0 && chdir("/") == 0 ? karanictl_fixture_finish(state)
                                                                                   : -1;
}

static bool is_a_sentence(const char *text) {
    const char prefix[] = "karanictl: ";
    for (const char *line = text; *line != '\0'; line = strchr(line, '\n') + 1) {
        if (strncmp(line, prefix, strlen(prefix)) != 0 || strchr(line, '\n') == NULL) {
            return false;
        }
    }
    for (const char *at = text; *at != '\0'; at++) {
        if ((unsigned char)*at < ' ' && *at != '\n') {
            return false;
        }
    }
    return text[0] != '\0' && g_utf8_validate(text, -1, NULL);
}

// Of the diary as it is by now.
static void assert_all_can_be_read(struct desk *desk) {
    assert_int_equal(RUN(desk, "summary"), 0);
    assert_string_equal(desk->err, "");
    assert_int_equal(RUN(desk, "history"), 0);
    assert_string_equal(desk->err, "");
}

static void forget_diary(const struct desk *desk) {
    static const char *const FILES[] = {"diary.db", "diary.db-wal", "diary.db-shm"};
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        char path[PATH_MAX];
        snprintf(path, sizeof path, "%s/%s", desk->state, FILES[i]);
        unlink(path);
    }
}

static void say(struct desk *desk, const char *const *words) {
    char *arguments[WORDS_MAX + 8] = {(char[]){"karanictl"}, (char[]){"--config"}, desk->config, (char[]){"--state"},
                                      desk->state};
    static char copies[WORDS_MAX][WORD_SIZE];
    int count = 0;
    for (; words[count] != NULL; count++) {
        snprintf(copies[count], WORD_SIZE, "%s", words[count]);
        arguments[5 + count] = copies[count];
    }
    int exit_status = run_child(desk, arguments, NULL, NULL);
    if (exit_status == 0) {
        assert_all_can_be_read(desk);
        if (strcmp(words[0], "add") == 0) {
            forget_diary(desk); // each session that is added is read alone
        }
    } else if (exit_status > 2 || !is_a_sentence(desk->err) ||
               (exit_status == 2 && (desk->out[0] != '\0' || strchr(desk->err, '\n')[1] != '\0'))) {
        fail_msg("%s %s %.40s: ended with %d: %s", words[0], count > 1 ? words[count - 2] : "", words[count - 1],
                 exit_status, desk->err);
    }
}

static void say_more(struct desk *desk, const char *const *base, const char *more, const char *still_more) {
    const char *words[WORDS_MAX + 1] = {NULL};
    int count = 0;
    for (; base[count] != NULL; count++) {
        words[count] = base[count];
    }
    words[count] = more;
    words[count + 1] = more != NULL ? still_more : NULL;
    say(desk, words);
}

static void say_option(struct desk *desk, const char *const *base, const struct option_row *row) {
    static char option[WORD_SIZE];
    const char *value;
    for (size_t i = first(); (value = nonsense(i)) != NULL; i += (size_t)points_apart()) {
        snprintf(option, sizeof option, "--%s=%s", row->name, value);
        say_more(desk, base, option, NULL);
    }
}

static const struct command *find_command(const char *const *words) {
    int used;
    return registry_find(words, &used);
}

static bool is_complete(const struct command *command) {
    bool found = false;
    for (size_t i = 0; i < sizeof BASES / sizeof *BASES; i++) {
        found = found || find_command(BASES[i].words) == command;
    }
    for (const struct option_row *row = command->options; row != NULL && row->name != NULL; row++) {
        if (row->argument != NULL && !found) {
            return false;
        }
    }
    return true;
}

static void for_every_option(void **state) {
    struct desk *desk = *state;
    for (const struct command *const *command = registry_commands; *command != NULL; command++) {
        if (!is_complete(*command)) {
            fail_msg("say in BASES what makes %s complete", (*command)->name);
        }
    }
    for (size_t i = 0; i < sizeof BASES / sizeof *BASES; i++) {
        const struct command *command = find_command(BASES[i].words);
        assert_non_null(command);
        forget_diary(desk);
        write_diary(desk);
        for (const struct option_row *row = command->options; row->name != NULL; row++) {
            if (row->argument != NULL && (BASES[i].only == NULL || strcmp(BASES[i].only, row->name) == 0)) {
                say_option(desk, BASES[i].words, row);
            }
        }
    }
}

static void for_every_operand(void **state) {
    struct desk *desk = *state;
    write_diary(desk);
    for (const struct command *const *command = registry_commands; *command != NULL; command++) {
        char name[32];
        const char *base[WORDS_MAX] = {NULL};
        const char *value;
        snprintf(name, sizeof name, "%s", (*command)->name);
        char *second = strchr(name, ' ');
        base[0] = name;
        if (second != NULL) {
            *second = '\0';
            base[1] = second + 1;
        }
        if ((*command)->operands_max == 0) {
            say_more(desk, base, "two\nlines", NULL);
            continue;
        }
        for (size_t i = first(); (value = nonsense(i)) != NULL; i += (size_t)points_apart()) {
            say_more(desk, base, value, NULL);
            if ((*command)->operands_max > 1) {
                say_more(desk, base, value, value);
                say_more(desk, base, value, "2026-03-20");
                say_more(desk, base, "2026-03-20", value);
            }
        }
    }
}

static void for_a_command(void **state) {
    struct desk *desk = *state;
    const char *value;
    for (size_t i = first(); (value = nonsense(i)) != NULL; i += (size_t)points_apart()) {
        say(desk, (const char *[]){value, NULL});
    }
}

static void for_what_every_command_takes(void **state) {
    struct desk *desk = *state;
    static const char *const READERS[][2] = {{"summary"}, {"doctor"}};
    for (size_t i = 0; i < sizeof READERS / sizeof *READERS; i++) {
        for (const struct option_row *row = registry_options; row->name != NULL; row++) {
            if (row->argument != NULL) {
                say_option(desk, READERS[i], row);
            }
        }
    }
}

#define NONSENSE_STORY(test) cmocka_unit_test_setup_teardown(test, begin_nonsense, finish_nonsense)

int main(void) {
    limit_processor_s(120);
    const struct CMUnitTest tests[] = {
        NONSENSE_STORY(for_every_option),
        NONSENSE_STORY(for_every_operand),
        NONSENSE_STORY(for_a_command),
        NONSENSE_STORY(for_what_every_command_takes),
    };
    return cmocka_run_group_tests_name("karanictl, nonsense", tests, NULL, NULL);
}
