// Tests of what karanictl doctor says where something is missing or named wrongly, and of what to do then.
#include "tests/support/ctl/karanictl_fixture.h"
#include "tests/support/run/limit.h"

#include <sys/stat.h>
#include <unistd.h>

// A part of what `doctor --json` said last: its sentence, and whether the part is well.
static bool part_is_well(const struct desk *desk, const char *part, char text[512]) {
    JsonNode *root = json_from_string(desk->out, NULL);
    assert_non_null(root);
    JsonObject *finding = json_object_get_object_member(json_node_get_object(root), part);
    assert_non_null(finding);
    snprintf(text, 512, "%s", json_object_get_string_member_with_default(finding, "text", ""));
    bool well = json_object_get_boolean_member(finding, "ok");
    json_node_unref(root);
    return well;
}

static void assert_wrong(const struct desk *desk, const char *part, const char *said) {
    char text[512];
    assert_false(part_is_well(desk, part, text));
    if (strstr(text, said) == NULL) {
        fail_msg("\"%s\" is not in: %s", said, text);
    }
}

static void assert_well(const struct desk *desk, const char *part, const char *said) {
    char text[512];
    assert_true(part_is_well(desk, part, text));
    assert_string_equal(text, said);
}

// A diary that is not there yet is an empty one; a directory that is not there may have been mistyped.
static void there_is_no_state_directory(void **state) {
    struct desk *desk = *state;
    char nowhere[PATH_MAX];
    snprintf(nowhere, sizeof nowhere, "%s/nowhere", desk->state);
    assert_int_equal(RUN(desk, "--state", nowhere, "doctor", "--json"), 1);
    assert_wrong(desk, "storage", nowhere);
    assert_well(desk, "diary", "nothing is kept yet");
    assert_int_equal(access(nowhere, F_OK), -1);
}

static void the_panel_is_none_there_is(void **state) {
    struct desk *desk = *state;
    put(desk->config, "[device]\nzone=UTC\npanel=waveshare-2.13-v9\n[night]\nrest_nights=9\n");
    assert_int_equal(RUN(desk, "doctor", "--json"), 1);
    assert_wrong(desk, "panel", "waveshare-2.13-v9");
    assert_wrong(desk, "panel", "karanictl panels");
    assert_wrong(desk, "board", "rest_nights"); // the settings
}

// What `clock` says a daemon would begin with is what the doctor looks at.
static void nobody_has_set_the_clock(void **state) {
    struct desk *desk = *state;
    assert_int_equal(RUN(desk, "clock", "--json"), 0);
    bool known = strstr(desk->out, "\"clock\":\"unset\"") == NULL;
    RUN(desk, "doctor", "--json");
    if (!known) {
        assert_wrong(desk, "clock", "karanictl clock set");
    }
    assert_int_equal(RUN(desk, "clock", "set", "2034-05-01 21:00"), 0);
    RUN(desk, "doctor", "--json");
    assert_well(desk, "clock", strstr(desk->out, "\"synced\"") != NULL ? "synced" : "set");
    assert_well(desk, "diary", "0 sessions, 0 backups, 0 damaged diaries put aside");
    assert_int_equal(RUN(desk, "add", "--night", "2026-03-01", "--minutes", "5"), 0);
    RUN(desk, "doctor", "--json");
    assert_well(desk, "diary", "1 session, 0 backups, 0 damaged diaries put aside");
}

static void the_diary_is_no_diary(void **state) {
    struct desk *desk = *state;
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/diary.db", desk->state);
    put(path, "A letter to the editor, long enough to be looked at as if it were the header of a database: 100 bytes.");
    assert_int_equal(RUN(desk, "doctor", "--json"), 1);
    assert_wrong(desk, "diary", "Start karani.service anew");
    // What is written to it is kept in a diary that takes its place, and that is said.
    assert_int_equal(RUN(desk, "add", "--night", "2026-03-01", "--minutes", "5"), 0);
    assert_string_equal(desk->err, "karanictl: The diary was damaged and has been restored: karanictl doctor says what "
                                   "is kept.\n");
}

// As a card looks on which the diary was lost: the device brings the newest backup back when it starts there.
static void the_diary_is_missing(void **state) {
    struct desk *desk = *state;
    char path[PATH_MAX], backup[PATH_MAX], copy[PATH_MAX];
    snprintf(path, sizeof path, "%s/diary.db", desk->state);
    snprintf(backup, sizeof backup, "%s/diary.backup-1.db", desk->state);
    snprintf(copy, sizeof copy, "%s/copy.db", desk->state);
    assert_int_equal(RUN(desk, "add", "--night", "2026-03-01", "--minutes", "5"), 0);
    assert_int_equal(RUN(desk, "backup", backup), 0);
    for (int how = 0; how < 2; how++) {
        unlink(path);
        if (how == 1) {
            put(path, "");
        }
        assert_int_equal(RUN(desk, "doctor", "--json"), 1);
        assert_wrong(desk, "diary",
                     "The diary is missing, and its 1 backup is there: start karani.service anew, which restores the "
                     "newest.");
        assert_int_equal(RUN(desk, "status", "--json"), 0);
        assert_non_null(strstr(desk->out, "\"kept\":false"));
        assert_non_null(strstr(desk->out, "The diary is missing"));
        assert_int_equal(RUN(desk, "backup", copy), 1);
        assert_non_null(strstr(desk->err, "The diary is missing"));
        assert_string_equal(strchr(desk->err, '\n'), "\n");
        assert_int_equal(RUN(desk, "summary", "--json"), 0);
        assert_string_equal(desk->err, "");
    }
    assert_int_equal(access(copy, F_OK), -1);
}

static void something_lies_in_the_diarys_place(void **state) {
    struct desk *desk = *state;
    char path[PATH_MAX], elsewhere[PATH_MAX];
    snprintf(path, sizeof path, "%s/diary.db", desk->state);
    snprintf(elsewhere, sizeof elsewhere, "%s/elsewhere.db", desk->state);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(RUN(desk, "doctor", "--json"), 1);
    assert_wrong(desk, "diary", "diary.db is a directory: move it away");
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(symlink(elsewhere, path), 0); // to nothing yet
    assert_int_equal(RUN(desk, "doctor", "--json"), 1);
    assert_wrong(desk, "diary", "diary.db is a symbolic link"); // with backups, too: the daemon opens none
    put(elsewhere, "");
    assert_int_equal(RUN(desk, "doctor", "--json"), 1);
    assert_wrong(desk, "diary", "diary.db is a symbolic link");
    assert_wrong(desk, "diary", "move it away");
}

int main(void) {
    limit_processor_s(120);
    const struct CMUnitTest tests[] = {
        STORY(there_is_no_state_directory), STORY(the_panel_is_none_there_is),
        STORY(nobody_has_set_the_clock),    STORY(the_diary_is_no_diary),
        STORY(the_diary_is_missing),        STORY(something_lies_in_the_diarys_place),
    };
    return cmocka_run_group_tests_name("karanictl doctor", tests, NULL, NULL);
}
