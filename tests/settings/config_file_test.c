// Tests of karani.conf as a file: malformed in every way, in part, and not there.
#include "tests/support/settings/config_text.h"

#include <errno.h>

static const struct {
    const char *text;
    size_t length; // 0: up to the NUL
    size_t count;
    const char *says[3]; // each of the sentences, a part of it
} malformed[] = {
    {"[practice]\nminutes=5\nminutes=6\n",
     0,
     1,
     {":3: [practice] minutes comes twice, as \"5\" in line 2 and as \"6\""}},
    {"[practice]\nminutes=5\nminutes=5\nminutes=5\n", 0, 2, {":3: [practice] minutes", ":4: [practice] minutes"}},
    {"[night]\n[practice]\nminutes=5\n[night]\nrest_nights=9\n[practice]\n",
     0,
     2,
     {":4: The group [night] comes twice", ":6: The group [practice] comes twice"}},
    {"[practice]\nhours=1\n", 0, 1, {":2: [practice] has no key hours (given: \"1\"); its keys are routine, minutes"}},
    {"[practice]\nMinutes=5\n", 0, 1, {":2: [practice] has no key Minutes"}},
    {"[practice]\nminutes[de]=5\n", 0, 1, {":2: [practice] has no key minutes[de]"}},
    {"[practise]\nminutes=5\nhours=2\n",
     0,
     1,
     {":1: There is no group [practise]; the groups are [device], [practice]"}},
    {"minutes=5\n", 0, 1, {":1: \"minutes\" stands before the first [group]"}},
    {"[practice]\nminutes 5\n", 0, 1, {":2: \"minutes 5\" is neither a [group] nor key=value"}},
    {"[practice\nminutes=5\n", 0, 1, {":1: \"[practice\" is no group"}},
    {"[practice] # mine\n", 0, 1, {":1: \"[practice] # mine\" is no group"}},
    {"[]\n", 0, 1, {":1: \"[]\" is no group"}},
    {"[practice]\n=5\n", 0, 1, {":2: \"\" is no key"}},
    {"[practice]\nmin utes=5\n", 0, 1, {":2: \"min utes\" is no key"}},
    {"[device]\nzone=a\\b\n", 0, 1, {":2: [device] zone: in \"a\\b\" a backslash"}},
    {"[device]\nboard=caf\xe9\n", 0, 1, {":2: This line is not UTF-8"}},
    {"[device]\nboard=a\0b\n", 18, 1, {":2: A NUL byte"}},
    {"[device]\nboard=\x1b[2Jx\n", 0, 1, {":2: [device] board: \"?[2Jx\" is not"}},
    {"[dev\x01ice]\n", 0, 1, {":1: \"[dev?ice]\" is no group"}},
    {"[night]\ninvite=25:00\n[practice]\nhours=1\nminutes=0\n",
     0,
     3,
     {":2: [night] invite", ":4: [practice] has no key hours", ":5: [practice] minutes"}},
};

// Complaints come in the order of the lines, name the file, and leave the defaults.
static void test_malformed_files(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++) {
        struct config *config;
        struct heard heard;
        size_t length = malformed[i].length ? malformed[i].length : strlen(malformed[i].text);
        assert_int_equal(read_bytes(malformed[i].text, length, &config, &heard), -EINVAL);
        if (heard.count != malformed[i].count) {
            fail_msg("row %zu: %zu sentences, the first: %s", i, heard.count, heard.sentences[0]);
        }
        for (size_t j = 0; j < heard.count; j++) {
            assert_int_equal(strncmp(heard.sentences[j], path, strlen(path)), 0);
            if (malformed[i].says[j]) {
                assert_says(heard.sentences[j], malformed[i].says[j]);
            }
            assert_int_equal(heard.sentences[j][strlen(heard.sentences[j]) - 1], '.');
        }
        if (i == 2) { // the first [practice] of this row is sound
            assert_int_equal(config->minutes, 5);
            config->minutes = 10;
        }
        assert_defaults(config);
        config_free(config);
    }
}

static void test_sound_lines_count_beside_wrong_ones(void **state) {
    (void)state;
    struct config *config;
    struct heard heard;
    assert_int_equal(read_text("\xef\xbb\xbf[practice]\nminutes=7\njunk\nvariant=nowhere\n[night]\ninvite=21:00\n"
                               "[practice]\nminutes=9\n",
                               &config, &heard),
                     -EINVAL);
    assert_int_equal(heard.count, 3);
    assert_int_equal(config->minutes, 7);
    assert_int_equal(config->variant, VARIANT_WALL);
    assert_int_equal(config->invite_min, 21 * 60);
    char where[CONFIG_WHERE_SIZE], wanted[128];
    config_where(config, "night", "invite", where);
    snprintf(wanted, sizeof wanted, "%s:6: [night] invite", path);
    assert_string_equal(where, wanted);
    config_where(config, "night", "morning", where);
    assert_string_equal(where, "[night] morning");
    config_free(config);
}

static void test_missing_and_unreadable_files(void **state) {
    (void)state;
    struct config *config;
    struct heard heard = {0};
    char missing[128];
    snprintf(missing, sizeof missing, "%s/none.conf", folder);
    assert_int_equal(config_read(&config, missing, true, hear, &heard), 0);
    assert_int_equal(heard.count, 0);
    assert_defaults(config);
    config_free(config);
    assert_int_equal(config_read(&config, missing, false, hear, &heard), -ENOENT);
    assert_int_equal(heard.count, 1);
    assert_says(heard.sentences[0], missing);
    assert_defaults(config);
    config_free(config);
    assert_int_equal(config_read(&config, folder, false, hear, &heard), -EINVAL);
    assert_int_equal(heard.count, 2);
    assert_says(heard.sentences[1], "directory");
    assert_defaults(config);
    config_free(config);
    assert_int_equal(config_read(&config, "/dev/null", false, hear, &heard), 0);
    config_free(config);
    assert_int_equal(config_read(&config, "/dev/zero", false, hear, &heard), -EINVAL);
    assert_says(heard.sentences[2], "larger than 1 MiB");
    config_free(config);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_malformed_files),
        cmocka_unit_test(test_sound_lines_count_beside_wrong_ones),
        cmocka_unit_test(test_missing_and_unreadable_files),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
