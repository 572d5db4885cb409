// Tests of the runtime directory's files: what status.json says, and that nobody ever sees half of one.

// cmocka.h wants these four before it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/host/status.h"

#include "daemon/core/night.h"

#include <cmocka.h>
#include <errno.h>
#include <ftw.h>
#include <json-glib/json-glib.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char dir[] = "/tmp/karani-status-XXXXXX";

static const char *in_dir(const char *name) {
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return path;
}

static int make_dir(void **state) {
    (void)state;
    return mkdtemp(dir) != NULL ? 0 : -1;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *at) {
    (void)status;
    (void)kind;
    (void)at;
    return remove(path);
}

static int remove_dir(void **state) {
    (void)state;
    return nftw(dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static struct status example(void) {
    return (struct status){.page = "countdown",
                           .text = "7 minutes \"left\"",
                           .night = night_from_date(2026, 4, 14),
                           .minutes_left = 7,
                           .clock = "synced",
                           .kept = true,
                           .panel = "waveshare-2.13-v4",
                           .trouble = NULL};
}

static JsonObject *parse(const char *text, JsonNode **root) {
    *root = json_from_string(text, NULL);
    assert_non_null(*root);
    assert_true(JSON_NODE_HOLDS_OBJECT(*root));
    return json_node_get_object(*root);
}

static void test_members(void **state) {
    (void)state;
    struct status status = example();
    char *text = status_format(&status);
    JsonNode *root;
    JsonObject *object = parse(text, &root);
    assert_string_equal(json_object_get_string_member(object, "page"), "countdown");
    assert_string_equal(json_object_get_string_member(object, "text"), "7 minutes \"left\"");
    assert_string_equal(json_object_get_string_member(object, "night"), "2026-04-14");
    assert_int_equal(json_object_get_int_member(object, "minutes_left"), 7);
    assert_string_equal(json_object_get_string_member(object, "clock"), "synced");
    assert_true(json_object_get_boolean_member(object, "kept"));
    assert_true(json_object_get_boolean_member(object, "running"));
    assert_string_equal(json_object_get_string_member(object, "panel"), "waveshare-2.13-v4");
    assert_true(json_object_get_null_member(object, "trouble"));
    json_node_unref(root);
    free(text);
}

static void test_absent(void **state) {
    (void)state;
    struct status status = example();
    status.night = NIGHT_NONE;
    status.minutes_left = -1;
    status.kept = false;
    status.trouble = "The card is full.";
    char *text = status_format(&status);
    JsonNode *root;
    JsonObject *object = parse(text, &root);
    assert_true(json_object_get_null_member(object, "night"));
    assert_true(json_object_get_null_member(object, "minutes_left"));
    assert_false(json_object_get_boolean_member(object, "kept"));
    assert_string_equal(json_object_get_string_member(object, "trouble"), "The card is full.");
    json_node_unref(root);
    free(text);
}

// Each part that is not well is told of once, by the worst of it.
static void test_troubles(void **state) {
    (void)state;
    struct status status = example();
    JsonNode *root;
    char *text = status_format(&status);
    assert_int_equal(json_object_get_size(json_object_get_object_member(parse(text, &root), "troubles")), 0);
    json_node_unref(root);
    free(text);
    status.troubles[0] = (struct status_trouble){"panel", "It is gone."};
    status.troubles[1] = (struct status_trouble){"panel", "It was given up."};
    status.troubles[2] = (struct status_trouble){"board", "There are no buttons."};
    text = status_format(&status);
    JsonObject *troubles = json_object_get_object_member(parse(text, &root), "troubles");
    assert_int_equal(json_object_get_size(troubles), 2);
    assert_string_equal(json_object_get_string_member(troubles, "panel"), "It is gone.");
    assert_string_equal(json_object_get_string_member(troubles, "board"), "There are no buttons.");
    json_node_unref(root);
    free(text);
}

static mode_t mode_of(const char *name) {
    struct stat status;
    assert_int_equal(stat(in_dir(name), &status), 0);
    return status.st_mode & 07777;
}

// Readable for the group whatever the daemon's umask is, and nothing is left beside.
static void test_files(void **state) {
    (void)state;
    struct frame glass;
    mode_t before = umask(0077);
    assert_int_equal(frame_init(&glass, 16, 8), 0);
    assert_int_equal(status_write(dir, "{}"), 0);
    assert_int_equal(status_write_glass(dir, &glass), 0);
    assert_int_equal(mode_of("status.json"), 0640);
    assert_int_equal(mode_of("glass.png"), 0640);
    assert_int_not_equal(access(in_dir(".status.json.new"), F_OK), 0);
    assert_int_not_equal(access(in_dir(".glass.png.new"), F_OK), 0);
    status_remove(dir);
    status_remove(dir);
    assert_int_not_equal(access(in_dir("status.json"), F_OK), 0);
    assert_int_equal(access(in_dir("glass.png"), F_OK), 0);
    frame_clear(&glass);
    umask(before);
}

static void test_no_directory(void **state) {
    (void)state;
    struct frame glass;
    assert_int_equal(frame_init(&glass, 16, 8), 0);
    assert_int_equal(status_write("/nonexistent", "{}"), -ENOENT);
    assert_int_equal(status_write_glass("/nonexistent", &glass), -ENOENT);
    frame_clear(&glass);
}

// Another process replaces the file as fast as it can, with two texts of different length: every look sees one of them.
static void test_atomic(void **state) {
    (void)state;
    char texts[2][5000];
    for (int i = 0; i < 2; i++) {
        memset(texts[i], 'a' + i, sizeof texts[i]);
        texts[i][i == 0 ? 40 : sizeof texts[i] - 1] = '\0';
    }
    assert_int_equal(status_write(dir, texts[0]), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        for (int i = 0;; i++) {
            if (status_write(dir, texts[i % 2]) != 0) {
                _exit(1);
            }
        }
    }
    bool wrong = false;
    for (int look = 0; look < 2000 && !wrong; look++) {
        char text[6000];
        FILE *file = fopen(in_dir("status.json"), "re");
        size_t length = file != NULL ? fread(text, 1, sizeof text - 1, file) : 0;
        if (file != NULL) {
            fclose(file);
        }
        text[length > 0 ? length - 1 : 0] = '\0'; // its newline
        wrong = strcmp(text, texts[0]) != 0 && strcmp(text, texts[1]) != 0;
    }
    int status;
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_false(wrong);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_members), cmocka_unit_test(test_absent),       cmocka_unit_test(test_troubles),
        cmocka_unit_test(test_files),   cmocka_unit_test(test_no_directory), cmocka_unit_test(test_atomic),
    };
    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
