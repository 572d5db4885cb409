// Tests of what karanictl status and doctor say of where the state directory lies, and of who may use what is in it.
#include "daemon/settings/config.h"
#include "tests/support/ctl/karanictl_diary.h"
#include "tests/support/run/limit.h"

#include <errno.h>
#include <grp.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

enum { NOBODY = 65534, SKIPPED = 77, TEXT_SIZE = 512 };

static void assert_not_kept(const struct desk *desk, const char *said) {
    JsonNode *root = parse(desk);
    JsonObject *status = json_node_get_object(root);
    const char *trouble = json_object_get_string_member_with_default(status, "trouble", "");
    assert_false(json_object_get_boolean_member(status, "kept"));
    if (strstr(trouble, said) == NULL) {
        fail_msg("\"%s\" is not in: %s", said, trouble);
    }
    json_node_unref(root);
}

// A part of what `doctor --json` said: whether it is well, and its sentence.
static bool part_is_well(const struct desk *desk, const char *part, char text[TEXT_SIZE]) {
    JsonNode *root = parse(desk);
    JsonObject *finding = json_object_get_object_member(json_node_get_object(root), part);
    assert_non_null(finding);
    snprintf(text, TEXT_SIZE, "%s", json_object_get_string_member_with_default(finding, "text", ""));
    bool well = json_object_get_boolean_member(finding, "ok");
    json_node_unref(root);
    return well;
}

static void assert_wrong(const struct desk *desk, const char *part, const char *said) {
    char text[TEXT_SIZE];
    if (part_is_well(desk, part, text) || strstr(text, said) == NULL) {
        fail_msg("%s: \"%s\" is not in: %s", part, said, text);
    }
}

// What the test's machine has of devices may be out of this user's reach: that is not asked here.
static void assert_no_word_of_the_directory(const struct desk *desk) {
    char text[TEXT_SIZE];
    (void)part_is_well(desk, "permissions", text);
    if (strstr(text, desk->state) != NULL) {
        fail_msg("%s", text);
    }
}

// ---- where it lies, whichever directory it is ----

static void in_memory(void **state) {
    struct desk *desk = *state;
    char dir[] = "/dev/shm/karani-ctl-XXXXXX";
    if (mkdtemp(dir) == NULL) {
        skip();
    }
    bool memory = diary_place(dir) == DIARY_PLACE_MEMORY;
    int exit_status = memory ? RUN(desk, "--state", dir, "status", "--json") : 0;
    assert_int_equal(rmdir(dir), 0);
    if (!memory) {
        skip();
    }
    assert_int_equal(exit_status, 0);
    assert_not_kept(desk, "lies in memory");
}

// In a name space of the test's own.
static int run_where_nothing_can_be_written(const struct ctl *ctl) {
    const char *dir = ctl->state_dir;
    if (unshare(geteuid() == 0 ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS) < 0 ||
        mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 || mount(dir, dir, NULL, MS_BIND, NULL) < 0 ||
        mount(NULL, dir, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL) < 0) {
        return SKIPPED;
    }
    return status_command.run(ctl);
}

static const struct command status_where_nothing_can_be_written = {.run = run_where_nothing_can_be_written};

// The settings and places of a desk's commands that run in the test's own process.
struct within {
    struct config *config;
    struct paths *paths;
    struct ctl ctl;
};

static void begin_within(struct within *within, const struct desk *desk) {
    *within = (struct within){.config = NULL};
    assert_int_equal(config_read(&within->config, desk->config, false, ctl_complain_of_config, NULL), 0);
    assert_int_equal(paths_find_beside(&within->paths, desk->program, false), 0);
    within->ctl = (struct ctl){
        .given = AS_JSON, .state_dir = desk->state, .config = within->config, .paths = within->paths, .now_utc_s = 1};
}

static void end_within(struct within *within) {
    config_free(within->config);
    paths_free(within->paths);
}

static void on_a_mount_for_reading(void **state) {
    struct desk *desk = *state;
    struct within within;
    if (diary_place(desk->state) != DIARY_PLACE_LASTING) {
        skip(); // which is said first
    }
    write_diary(desk);
    begin_within(&within, desk);
    int exit_status = run_child(desk, NULL, &status_where_nothing_can_be_written, &within.ctl);
    end_within(&within);
    if (exit_status == SKIPPED) {
        skip();
    }
    assert_int_equal(exit_status, 0);
    assert_not_kept(desk, "cannot be written");
}

// proc(5) is a file system on which there is never room.
static void on_a_full_file_system(void **state) {
    struct desk *desk = *state;
    assert_int_equal(RUN(desk, "--state", "/proc", "status", "--json"), 0);
    assert_not_kept(desk, "storage is full");
}

static void where_there_is_no_directory(void **state) {
    struct desk *desk = *state;
    char beneath[PATH_MAX];
    snprintf(beneath, sizeof beneath, "%s/x", desk->config);
    const char *const paths[] = {desk->config, beneath};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        char text[TEXT_SIZE];
        assert_int_equal(RUN(desk, "--state", paths[i], "doctor", "--json"), 1);
        assert_wrong(desk, "storage", "is no directory");
        assert_wrong(desk, "diary", "See storage.");
        (void)part_is_well(desk, "permissions", text);
        assert_null(strstr(text, paths[i]));
    }
}

// ---- who may use it ----

static void give(const struct desk *desk, const char *name, uid_t uid, mode_t mode) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", desk->state, name);
    assert_int_equal(chown(path, uid, uid), 0);
    assert_int_equal(chmod(path, mode), 0);
}

static int become_nobody(const struct ctl *ctl) {
    if (setgroups(0, NULL) < 0 || setresgid(NOBODY, NOBODY, NOBODY) < 0 || setresuid(NOBODY, NOBODY, NOBODY) < 0) {
        return SKIPPED;
    }
    return doctor_command.run(ctl);
}

static const struct command doctor_of_nobody = {.run = become_nobody};

static void ask_as_nobody(struct desk *desk) {
    struct within within;
    begin_within(&within, desk);
    assert_int_equal(run_child(desk, NULL, &doctor_of_nobody, &within.ctl), 1);
    end_within(&within);
}

// Root may use it all, and its owner, whom the device runs as, may not.
static void files_of_root_in_another_ones_directory(void **state) {
    struct desk *desk = *state;
    char mends[PATH_MAX];
    if (geteuid() != 0) {
        skip();
    }
    write_diary(desk);
    give(desk, "", NOBODY, 0700);
    give(desk, "diary.db", 0, 0600);
    snprintf(mends, sizeof mends, "%s/diary.db: sudo chown -R nobody %s", desk->state, desk->state);
    RUN(desk, "doctor", "--json");
    assert_wrong(desk, "permissions", mends);
    ask_as_nobody(desk);
    assert_wrong(desk, "diary", "See permissions.");
    assert_wrong(desk, "permissions", mends);
    give(desk, "diary.db", NOBODY, 0400); // what is the owner's already, another one mends
    RUN(desk, "doctor", "--json");
    assert_wrong(desk, "permissions", "sudo chmod u+rw ");
    give(desk, "diary.db", NOBODY, 0600);
    RUN(desk, "doctor", "--json");
    assert_no_word_of_the_directory(desk);
    ask_as_nobody(desk);
    assert_no_word_of_the_directory(desk);
}

static void a_lock_and_a_backup_of_root(void **state) {
    struct desk *desk = *state;
    char path[PATH_MAX];
    if (geteuid() != 0) {
        skip();
    }
    give(desk, "", NOBODY, 0700);
    snprintf(path, sizeof path, "%s/lock", desk->state);
    put(path, "");
    give(desk, "lock", 0, 0644);
    RUN(desk, "doctor", "--json");
    assert_wrong(desk, "permissions", path);
    assert_int_equal(unlink(path), 0);
    snprintf(path, sizeof path, "%s/diary.backup-1.db", desk->state);
    put(path, "");
    give(desk, "diary.backup-1.db", 0, 0644); // it is only read
    RUN(desk, "doctor", "--json");
    assert_no_word_of_the_directory(desk);
    give(desk, "diary.backup-1.db", 0, 0600);
    RUN(desk, "doctor", "--json");
    assert_wrong(desk, "permissions", path);
    give(desk, "", NOBODY, 0500);
    RUN(desk, "doctor", "--json");
    assert_wrong(desk, "permissions", "sudo chmod u+rwx ");
}

// Who may read it and no more can correct nothing.
static void files_that_may_only_be_read(void **state) {
    struct desk *desk = *state;
    if (geteuid() != 0) {
        skip();
    }
    write_diary(desk);
    give(desk, "", 0, 0755);
    give(desk, "diary.db", 0, 0644);
    RUN(desk, "doctor", "--json");
    assert_no_word_of_the_directory(desk);
    ask_as_nobody(desk);
    assert_wrong(desk, "permissions", "sudo");
    assert_wrong(desk, "permissions", desk->state);
    give(desk, "", 0, 0777);
    ask_as_nobody(desk);
    assert_wrong(desk, "permissions", "diary.db");
    give(desk, "", 0, 0700);
    ask_as_nobody(desk);
    assert_wrong(desk, "permissions", "sudo");
    assert_null(strstr(desk->out, "group karani"));
}

int main(void) {
    limit_processor_s(120);
    const struct CMUnitTest tests[] = {
        STORY(in_memory),
        STORY(on_a_mount_for_reading),
        STORY(on_a_full_file_system),
        STORY(where_there_is_no_directory),
        STORY(files_of_root_in_another_ones_directory),
        STORY(a_lock_and_a_backup_of_root),
        STORY(files_that_may_only_be_read),
    };
    return cmocka_run_group_tests_name("karanictl, places", tests, NULL, NULL);
}
