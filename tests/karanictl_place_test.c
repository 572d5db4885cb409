// Tests of what karanictl status says of where the state directory lies.
#include "tests/ctl_diary.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

enum { SKIPPED = 77 };

static void assert_not_kept(const struct desk *desk, const char *said) {
    JsonNode *root = parse(desk);
    JsonObject *status = json_node_get_object(root);
    const char *trouble = json_object_get_string_member_with_default(status, "trouble", "");
    assert_false(json_object_get_boolean_member(status, "kept"));
    if (strstr(trouble, said) == NULL)
        fail_msg("\"%s\" is not in: %s", said, trouble);
    json_node_unref(root);
}

// ---- where it lies, whichever directory it is ----

static void in_memory(void **state) {
    struct desk *desk = *state;
    char dir[] = "/dev/shm/karani-ctl-XXXXXX";
    if (mkdtemp(dir) == NULL)
        skip();
    bool memory = diary_place(dir) == DIARY_PLACE_MEMORY;
    int exit_status = memory ? RUN(desk, "--state", dir, "status", "--json") : 0;
    assert_int_equal(rmdir(dir), 0);
    if (!memory)
        skip();
    assert_int_equal(exit_status, 0);
    assert_not_kept(desk, "lies in memory");
}

// In a name space of the test's own.
static int run_where_nothing_can_be_written(const struct ctl *ctl) {
    const char *dir = ctl->state_dir;
    if (unshare(geteuid() == 0 ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS) < 0 ||
        mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 || mount(dir, dir, NULL, MS_BIND, NULL) < 0 ||
        mount(NULL, dir, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL) < 0)
        return SKIPPED;
    return ctl_status.run(ctl);
}

static const struct ctl_command status_where_nothing_can_be_written = {.run = run_where_nothing_can_be_written};

// The settings and places of a desk's commands that run in the test's own process.
struct within {
    struct config *config;
    struct places *places;
    struct ctl ctl;
};

static void begin_within(struct within *within, const struct desk *desk) {
    *within = (struct within){.config = NULL};
    assert_int_equal(config_read(&within->config, desk->config, false, ctl_complain_of_config, NULL), 0);
    assert_int_equal(places_find_beside(&within->places, desk->program, false), 0);
    within->ctl = (struct ctl){
        .json = true, .state_dir = desk->state, .config = within->config, .places = within->places, .now_utc_s = 1};
}

static void end_within(struct within *within) {
    config_free(within->config);
    places_free(within->places);
}

static void on_a_mount_for_reading(void **state) {
    struct desk *desk = *state;
    struct within within;
    if (diary_place(desk->state) != DIARY_PLACE_LASTING)
        skip(); // which is said first
    write_diary(desk);
    begin_within(&within, desk);
    int exit_status = run_child(desk, NULL, &status_where_nothing_can_be_written, &within.ctl);
    end_within(&within);
    if (exit_status == SKIPPED)
        skip();
    assert_int_equal(exit_status, 0);
    assert_not_kept(desk, "cannot be written");
}

// proc(5) is a file system on which there is never room.
static void on_a_full_file_system(void **state) {
    struct desk *desk = *state;
    assert_int_equal(RUN(desk, "--state", "/proc", "status", "--json"), 0);
    assert_not_kept(desk, "storage is full");
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, begin, finish)

int main(void) {
    alarm(120);
    const struct CMUnitTest tests[] = {
        STORY(in_memory),
        STORY(on_a_mount_for_reading),
        STORY(on_a_full_file_system),
    };
    return cmocka_run_group_tests_name("karanictl, places", tests, NULL, NULL);
}
