// Tests of karanictl's corrections from outside, without a daemon: what each says, what stays of it in the diary, exit
// codes, and whose files they are. With a daemon: tests/control.py.
#include "daemon/diary/diary.h"
#include "tests/support/ctl/karanictl_fixture.h"
#include "tests/support/run/limit.h"

#include <sys/stat.h>
#include <unistd.h>

static void assert_one_sentence(const struct desk *desk, const char *part) {
    assert_memory_equal(desk->err, "karanictl: ", strlen("karanictl: "));
    if (strstr(desk->err, part) == NULL) {
        fail_msg("\"%s\" is not in: %s", part, desk->err);
    }
    assert_string_equal(strchr(desk->err, '\n'), "\n");
}

static const char *put_file(struct desk *desk, const char *name, const char *text) {
    static char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", desk->state, name);
    put(path, text);
    return path;
}

// The id that `add` prints.
static void add_one(struct desk *desk, char id[UUID_SIZE]) {
    assert_int_equal(RUN(desk, "add", "--night", "2026-03-01", "--minutes", "10", "--note", "first"), 0);
    assert_int_equal(sscanf(desk->out, "Added: %36s", id), 1);
}

static void assert_history(struct desk *desk, const char *wanted) {
    assert_int_equal(RUN(desk, "history"), 0);
    const char *line = strchr(desk->out, '\n');
    if (strcmp(wanted, "") == 0) {
        assert_string_equal(desk->out, "No session yet.\n");
        return;
    }
    assert_non_null(line);
    assert_string_equal(line + 1, wanted);
}

static void add_edit_delete(void **state) {
    struct desk *desk = *state;
    char id[UUID_SIZE], begin_of_id[9], line[256];
    add_one(desk, id);
    snprintf(begin_of_id, sizeof begin_of_id, "%.8s", id);
    // The time of the invitation, 20:30, in UTC.
    snprintf(line, sizeof line, "Sun 2026-03-01  20:30   10:00    10:00  finished     wall      %s  first\n",
             begin_of_id);
    assert_history(desk, line);
    assert_int_equal(
        RUN(desk, "edit", begin_of_id, "--held", "95", "--outcome=ended-early", "--note", "", "--night", "2026-02-28"),
        0);
    snprintf(line, sizeof line, "Sat 2026-02-28  20:30    1:35    10:00  ended-early  wall      %s  \n", begin_of_id);
    assert_history(desk, line);
    assert_int_equal(RUN(desk, "edit", id, "--held", "95"), 0);
    assert_memory_equal(desk->out, "It was so already: ", strlen("It was so already: "));
    assert_int_equal(RUN(desk, "edit", id, "--started", "2026-03-03 07:00", "--minutes", "3", "--variant", "chair"), 0);
    snprintf(line, sizeof line, "Mon 2026-03-02  07:00    3:00    10:00  ended-early  chair     %s  \n", begin_of_id);
    assert_history(desk, line);
    assert_int_equal(RUN(desk, "delete", begin_of_id), 0);
    assert_history(desk, "");
    assert_int_equal(RUN(desk, "delete", begin_of_id), 1);
    assert_one_sentence(desk, begin_of_id);
}

// Only what adds something makes a diary.
static void nothing_is_made_to_be_corrected(void **state) {
    struct desk *desk = *state;
    char nowhere[PATH_MAX], backup[PATH_MAX];
    snprintf(nowhere, sizeof nowhere, "%s/nowhere", desk->state);
    assert_int_equal(RUN(desk, "--state", nowhere, "delete", "abcd"), 1);
    assert_one_sentence(desk, "abcd");
    assert_int_equal(RUN(desk, "--state", nowhere, "edit", "abcd", "--note", "x"), 1);
    assert_one_sentence(desk, nowhere);
    assert_int_equal(access(nowhere, F_OK), -1);
    // What a backup still has can be corrected: a diary that was lost is restored from it.
    char id[UUID_SIZE], diary[PATH_MAX];
    add_one(desk, id);
    snprintf(backup, sizeof backup, "%s/diary.backup-1.db", desk->state);
    snprintf(diary, sizeof diary, "%s/diary.db", desk->state);
    assert_int_equal(RUN(desk, "backup", backup), 0);
    assert_int_equal(unlink(diary), 0);
    assert_int_equal(RUN(desk, "edit", id, "--note", "x"), 0);
    // And what a restoration that was cut off has put aside: it comes to its end.
    char aside[PATH_MAX];
    snprintf(aside, sizeof aside, "%s/diary.db.mending-20260301-204000", desk->state);
    assert_int_equal(unlink(backup), 0);
    assert_int_equal(rename(diary, aside), 0);
    assert_int_equal(RUN(desk, "doctor"), 1);
    assert_non_null(strstr(desk->out, "The diary is missing, and what remains of it is there"));
    assert_int_equal(RUN(desk, "edit", id, "--note", "y"), 0);
}

static void a_row_is_a_line(void **state) {
    struct desk *desk = *state;
    assert_int_equal(RUN(desk, "add", "--night", "2026-03-01", "--minutes", "10", "--note",
                         "one\ntwo\r\tthree\x1b[31mfour ü"
                         "\xc2\x9b"
                         "31m\xe2\x80\xa8"
                         "five"),
                     0);
    assert_int_equal(RUN(desk, "history"), 0);
    assert_non_null(strstr(desk->out, "  one two  three [31mfour ü 31m five\n"));
    assert_int_equal(RUN(desk, "history", "--json"), 0);
    assert_non_null(strstr(desk->out, "one\\ntwo\\r\\tthree\\u001b[31mfour ü")); // whole
    const char *path = put_file(desk, "in.jsonl",
                                "{\"uuid\":\"00000000-0000-4000-8000-000000000001\",\"night\":\"2026-03-02\","
                                "\"started_utc\":\"2026-03-02T20:40:00Z\",\"utc_offset\":\"+00:00\",\"zone\":\"UTC\","
                                "\"clock\":\"set\",\"routine\":\"x\",\"variant\":\"a\\u001b[1mb\",\"planned_s\":600,"
                                "\"held_s\":600,\"overtime_s\":0,\"outcome\":\"finished\",\"note\":null}\n");
    assert_int_equal(RUN(desk, "import", path), 0);
    assert_int_equal(RUN(desk, "history"), 0);
    assert_non_null(strstr(desk->out, "  a [1mb "));
}

static void a_backup_needs_a_place(void **state) {
    struct desk *desk = *state;
    char id[UUID_SIZE], place[PATH_MAX];
    snprintf(place, sizeof place, "%s/nowhere/copy.db", desk->state);
    add_one(desk, id);
    assert_int_equal(RUN(desk, "backup", place), 1);
    assert_one_sentence(desk, place);
    assert_null(strstr(desk->err, "no diary"));
}

static void marks_nights_away(void **state) {
    struct desk *desk = *state;
    assert_int_equal(RUN(desk, "away", "2026-02-27", "2026-03-01"), 0);
    assert_string_equal(desk->out, "3 nights newly marked away.\n");
    assert_int_equal(RUN(desk, "away", "--clear", "2026-02-28"), 0);
    assert_string_equal(desk->out, "1 night no longer marked away.\n");
    assert_int_equal(RUN(desk, "away", "2026-02-27"), 0);
    assert_string_equal(desk->out, "0 nights newly marked away.\n");
    assert_int_equal(RUN(desk, "export", "--format", "jsonl"), 0);
    assert_string_equal(desk->out, "{\"away\":\"2026-02-27\"}\n{\"away\":\"2026-03-01\"}\n");
}

#define SESSION(uuid, outcome, note)                                                                                   \
    "{\"uuid\":\"" uuid "\",\"night\":null,\"started_utc\":\"2026-03-01T20:40:00Z\",\"utc_offset\":\"+01:00\","        \
    "\"zone\":\"Europe/Berlin\",\"clock\":\"unset\",\"routine\":\"legs-up-the-wall\",\"variant\":\"wall\","            \
    "\"planned_s\":600,\"held_s\":60,\"overtime_s\":0,\"outcome\":\"" outcome "\",\"note\":" note "}\n"

// Into an empty directory and out again, byte for byte; then what is known is passed over.
static void imports_what_was_exported(void **state) {
    struct desk *desk = *state;
    static const char lines[] = SESSION("a0000000-0000-4000-8000-000000000001", "finished",
                                        "\"\\u0001\\u001f\\u007f \\\"q\\\" \\\\ ,;\\r\\nünï 😀 \"")
        SESSION("b0000000-0000-4000-8000-000000000002", "not-mine",
                "null") "{\"away\":\"2026-03-05\"}\n{\"away\":\"2026-03-06\"}\n";
    assert_int_equal(RUN(desk, "import", put_file(desk, "in.jsonl", lines)), 0);
    assert_string_equal(desk->out, "2 sessions and 2 away nights came in; 0 sessions were known.\n");
    assert_int_equal(RUN(desk, "export", "--format", "jsonl"), 0);
    assert_string_equal(desk->out, lines);
    assert_int_equal(RUN(desk, "import", put_file(desk, "in.jsonl", lines)), 0);
    assert_string_equal(desk->out, "0 sessions and 0 away nights came in; 2 sessions were known.\n");
    // The same through CSV, which has no place for nights.
    assert_int_equal(RUN(desk, "export"), 0);
    static char csv[OUTPUT_SIZE];
    strcpy(csv, desk->out);
    assert_int_equal(RUN(desk, "delete", "a000"), 0);
    assert_int_equal(RUN(desk, "import", put_file(desk, "in.csv", csv)), 0);
    assert_string_equal(desk->out, "1 session and 0 away nights came in; 1 session was known.\n");
    assert_int_equal(RUN(desk, "export"), 0);
    assert_string_equal(desk->out, csv);
    assert_int_equal(RUN(desk, "import", put_file(desk, "in.jsonl", "")), 0);
}

static void a_bad_row_refuses_the_file(void **state) {
    struct desk *desk = *state;
    static const char lines[] = "{\"away\":\"2026-03-05\"}\n{\"away\":\"2026-03-32\"}\n";
    const char *path = put_file(desk, "in.jsonl", lines);
    char place[PATH_MAX + 8];
    snprintf(place, sizeof place, "%s:2: ", path);
    assert_int_equal(RUN(desk, "import", path), 1);
    assert_one_sentence(desk, place);
    assert_int_equal(RUN(desk, "export", "--json"), 0);
    assert_string_equal(desk->out, "");
    char diary[PATH_MAX];
    snprintf(diary, sizeof diary, "%s/diary.db", desk->state);
    assert_int_equal(access(diary, F_OK), -1); // not even begun
    assert_int_equal(RUN(desk, "import", "/nowhere/in.csv"), 1);
    assert_one_sentence(desk, "/nowhere/in.csv");
    // NUL, which ends no line and no text.
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    static const char nul[] = "{\"away\":\"2026-03-05\"}\n\0\n";
    fwrite(nul, 1, sizeof nul - 1, file);
    fclose(file);
    assert_int_equal(RUN(desk, "import", path), 1);
    assert_one_sentence(desk, place);
}

static void sets_the_clock(void **state) {
    struct desk *desk = *state;
    assert_int_equal(RUN(desk, "clock", "--json"), 0);
    char diary[PATH_MAX];
    snprintf(diary, sizeof diary, "%s/diary.db", desk->state);
    assert_int_equal(access(diary, F_OK), -1); // it only reads
    assert_int_equal(RUN(desk, "clock", "set", "2027-05-01 21:40"), 0);
    assert_int_equal(RUN(desk, "clock", "--json"), 0);
    // Where NTP has set the machine's clock, that is what a daemon would go by.
    if (strstr(desk->out, "\"clock\":\"synced\"") == NULL) {
        assert_non_null(strstr(desk->out, "\"local\":\"2027-05-01 21:4"));
        assert_non_null(strstr(desk->out, "\"clock\":\"set\",\"running\":false}\n"));
    }
    assert_int_equal(RUN(desk, "clock"), 0);
    assert_memory_equal(desk->out, "Time ", 5);
}

static void a_log_without_a_daemon(void **state) {
    struct desk *desk = *state;
    assert_int_equal(RUN(desk, "log", "--json"), 0);
    assert_string_equal(desk->out, "[]\n");
    assert_int_equal(RUN(desk, "log"), 0);
    assert_non_null(strstr(desk->out, "not running"));
}

static void wrong_usage(void **state) {
    struct desk *desk = *state;
    static const struct {
        const char *arguments[8];
        const char *named;
    } CASES[] = {
        {{"add"}, "--night"},
        {{"add", "--night", "2026-03-01"}, "--minutes"},
        {{"add", "--minutes", "10"}, "--night"},
        {{"add", "--night", "2026-03-32", "--minutes", "10"}, "night"},
        {{"add", "--night", "2026-03-01", "--minutes", "0"}, "\"0\""},
        {{"add", "--night", "2026-03-01", "--minutes", "10", "--held", "5"}, "--held"},
        {{"add", "--night", "2026-03-01", "--minutes", "99999"}, "held_s"},
        {{"add", "--started", "1970-01-01 21:00", "--minutes", "5"}, "from 1970-01-02"},
        {{"add", "--night", "2026-03-01", "--minutes", "5", "--routine",
          "a-routine-whose-name-is-one-byte-longer-than-any-of-them-may-ever"},
         "at most 63 bytes"},
        {{"add", "2026-03-01"}, "2026-03-01"},
        {{"edit"}, "edit ID"},
        {{"edit", "abcd"}, "id"},
        {{"edit", "abcd", "efgh", "--held", "5"}, "efgh"},
        {{"edit", "abcd", "--outcome", "running"}, "outcome"},
        {{"edit", "x", "--held", "5"}, "id"},
        {{"delete"}, "delete ID"},
        {{"delete", "abcd", "--note", "x"}, "--note"},
        {{"away"}, "away"},
        {{"away", "today"}, "first"},
        {{"away", "2026-03-02", "2026-03-01"}, "last"},
        {{"away", "2026-03-01", "2026-03-02", "2026-03-03"}, "2026-03-03"},
        {{"import"}, "import FILE"},
        {{"clock", "set"}, "clock set"},
        {{"clock", "set", "21:40"}, "21:40"},
        {{"clock", "set", "1999-12-31 21:40"}, "1999"},
        {{"clock", "wind"}, "wind"},
        {{"history", "--clear"}, "--clear"},
        {{"away", "2026-03-01", "--state", ""}, "--state"}, // not the root of all files
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const char *const *given = CASES[i].arguments;
        assert_int_equal(RUN(desk, given[0], given[1], given[2], given[3], given[4], given[5], given[6]), 2);
        assert_string_equal(desk->out, "");
        assert_one_sentence(desk, CASES[i].named);
    }
    char diary[PATH_MAX];
    snprintf(diary, sizeof diary, "%s/diary.db", desk->state);
    assert_int_equal(access(diary, F_OK), -1);
}

static void makes_the_state_directory(void **state) {
    struct desk *desk = *state;
    char within[PATH_MAX], path[PATH_MAX + 16];
    snprintf(within, sizeof within, "%s/state", desk->state);
    assert_int_equal(RUN(desk, "--state", within, "away", "2026-03-01"), 0);
    struct stat status;
    assert_int_equal(stat(within, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
    snprintf(path, sizeof path, "%s/diary.db", within);
    assert_int_equal(unlink(path), 0);
    snprintf(path, sizeof path, "%s/lock", within);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(within), 0);
    assert_int_equal(RUN(desk, "--state", "/nowhere/state", "away", "2026-03-01"), 1);
    assert_one_sentence(desk, "/nowhere/state");
}

// What root writes in a state directory of karani's is karani's: the daemon could not write it else.
static void root_writes_as_the_owner(void **state) {
    struct desk *desk = *state;
    enum { SOMEBODY = 65534 };
    if (geteuid() != 0) {
        skip();
    }
    assert_int_equal(chown(desk->state, SOMEBODY, SOMEBODY), 0);
    assert_int_equal(RUN(desk, "away", "2026-03-01"), 0);
    static const char *const files[] = {"diary.db", "lock"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char path[PATH_MAX];
        struct stat status;
        snprintf(path, sizeof path, "%s/%s", desk->state, files[i]);
        assert_int_equal(stat(path, &status), 0);
        assert_int_equal(status.st_uid, SOMEBODY);
        assert_int_equal(status.st_gid, SOMEBODY);
    }
}

int main(void) {
    limit_processor_s(120);
    const struct CMUnitTest tests[] = {
        STORY(add_edit_delete),
        STORY(nothing_is_made_to_be_corrected),
        STORY(a_row_is_a_line),
        STORY(a_backup_needs_a_place),
        STORY(marks_nights_away),
        STORY(imports_what_was_exported),
        STORY(a_bad_row_refuses_the_file),
        STORY(sets_the_clock),
        STORY(a_log_without_a_daemon),
        STORY(wrong_usage),
        STORY(makes_the_state_directory),
        STORY(root_writes_as_the_owner),
    };
    return cmocka_run_group_tests_name("karanictl, corrections", tests, NULL, NULL);
}
