// Tests of the settings: every key at its default, its limits and beyond, and the shipped file against the defaults.
#include "tests/support/settings/config_text.h"

#include <errno.h>
#include <limits.h>

// A value that is taken: how it then reads.
static const struct {
    const char *group, *key, *value, *reads;
} taken[] = {
    {"device", "board", "bare-wire", "bare-wire"},
    {"device", "board", "", "waveshare-hat"},
    {"device", "panel", "waveshare-2.9-v2", "waveshare-2.9-v2"},
    {"device", "panel", "", "-"},
    {"device", "rotate", "0", "0"},
    {"device", "rotate", "90", "90"},
    {"device", "rotate", "270", "270"},
    {"device", "rotate", "", "-1"},
    {"device", "language", "de", "de"},
    {"device", "language", "pt_BR", "pt_BR"},
    {"device", "language", "", "en"},
    {"device", "zone", "Europe/Berlin", "Europe/Berlin"},
    {"device", "zone", "America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"},
    {"device", "zone", "Etc/GMT+5", "Etc/GMT+5"},
    {"device", "zone", "", "-"},
    {"device", "reading_distance_m", "0.2", "0.2"},
    {"device", "reading_distance_m", "5", "5"},
    {"device", "reading_distance_m", "", "0"},
    {"practice", "routine", "my_own.evening", "my_own.evening"},
    {"practice", "minutes", "1", "1"},
    {"practice", "minutes", "30", "30"},
    {"practice", "variant", "wall", "wall"},
    {"practice", "variant", "hips", "hips"},
    {"practice", "variant", "knees", "knees"},
    {"practice", "variant", "farther", "farther"},
    {"practice", "variant", "chair", "chair"},
    {"practice", "auto_advance", "no", "0"},
    {"practice", "auto_advance", "yes", "1"},
    {"practice", "auto_advance", "false", "0"},
    {"practice", "counts_from_s", "0", "0"},
    {"practice", "counts_from_s", "3600", "3600"},
    {"practice", "pause_limit_min", "1", "1"},
    {"practice", "pause_limit_min", "60", "60"},
    {"night", "invite", "00:00", "0"},
    {"night", "invite", "23:59", "1439"},
    {"night", "invite", "7:05", "425"},
    {"night", "morning", "00:00", "0"},
    {"night", "morning", "23:59", "1439"},
    {"night", "show_streak", "no", "0"},
    {"night", "rest_nights", "0", "0"},
    {"night", "rest_nights", "6", "6"},
    {"buttons", "main", "0", "0"},
    {"buttons", "main", "!1023", "!1023"},
    {"buttons", "back", "GPIO20", "GPIO20"},
    {"buttons", "more", "!GPIO16", "!GPIO16"},
    {"buttons", "less", "12", "12"},
    {"buttons", "info", "", "-"},
    {"buttons", "hold_ms", "200", "200"},
    {"buttons", "hold_ms", "3000", "3000"},
    {"buttons", "debounce_ms", "0", "0"},
    {"buttons", "debounce_ms", "200", "200"},
    {"cue", "line", "13", "13"},
    {"cue", "line", "GPIO13", "GPIO13"},
    {"cue", "line", "", "-"},
    {"cue", "pattern", "1", "1,"},
    {"cue", "pattern", "10000, 1 ,10000", "10000,1,10000,"},
    {"glass", "partials_per_full", "1", "1"},
    {"glass", "partials_per_full", "15", "15"},
    {"diary", "backups", "0", "0"},
    {"diary", "backups", "10", "10"},
};

static void test_values_are_taken(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        char text[256], wanted[128], description[2048];
        struct config *config;
        struct heard heard;
        snprintf(text, sizeof text, "# a comment\n\n[%s]\n%s = %s  \r\n", taken[i].group, taken[i].key, taken[i].value);
        if (read_text(text, &config, &heard) != 0) {
            fail_msg("%s=%s: %s", taken[i].key, taken[i].value, heard.sentences[0]);
        }
        describe(config, description, sizeof description);
        snprintf(wanted, sizeof wanted, "%s=%s ", taken[i].key, taken[i].reads);
        if (!strstr(description, wanted)) {
            fail_msg("wanted %s in %s", wanted, description);
        }
        config_free(config);
    }
}

// Values that are not: what the sentence must say is allowed.
static const struct {
    const char *group, *key, *value, *allowed;
} refused[] = {
    {"device", "board", "../secret", "letters, digits"},
    {"device", "board", ".hidden", "letters, digits"},
    {"device", "board", "a board", "letters, digits"},
    {"device", "panel", "a/b", "a panel's name"},
    {"device", "rotate", "-90", "0, 90, 180 or 270"},
    {"device", "rotate", "360", "0, 90, 180 or 270"},
    {"device", "rotate", "45", "0, 90, 180 or 270"},
    {"device", "rotate", "upside down", "0, 90, 180 or 270"},
    {"device", "language", "German", "like en, de"},
    {"device", "language", "d", "like en, de"},
    {"device", "language", "de/../en", "like en, de"},
    {"device", "zone", "/etc/localtime", "Europe/Berlin"},
    {"device", "zone", "../../etc/passwd", "Europe/Berlin"},
    {"device", "reading_distance_m", "0.19", "0.2 to 5"},
    {"device", "reading_distance_m", "5.01", "0.2 to 5"},
    {"device", "reading_distance_m", "0,6", "0.2 to 5"},
    {"device", "reading_distance_m", "nan", "0.2 to 5"},
    {"device", "reading_distance_m", "inf", "0.2 to 5"},
    {"device", "reading_distance_m", "1e0", "0.2 to 5"},
    {"device", "reading_distance_m", "-1", "0.2 to 5"},
    {"practice", "routine", "a/b", "letters, digits"},
    {"practice", "minutes", "0", "1 to 30"},
    {"practice", "minutes", "31", "1 to 30"},
    {"practice", "minutes", "", "1 to 30"},
    {"practice", "minutes", "ten", "1 to 30"},
    {"practice", "minutes", "10.5", "1 to 30"},
    {"practice", "minutes", "+10", "1 to 30"},
    {"practice", "minutes", "0x10", "1 to 30"},
    {"practice", "minutes", "10 minutes", "1 to 30"},
    {"practice", "minutes", "99999999999999999999", "1 to 30"},
    {"practice", "minutes", "4294967306", "1 to 30"},
    {"practice", "variant", "Wall", "wall, hips, knees, farther or chair"},
    {"practice", "variant", "", "wall, hips, knees, farther or chair"},
    {"practice", "auto_advance", "maybe", "yes or no"},
    {"practice", "auto_advance", "", "yes or no"},
    {"practice", "counts_from_s", "-1", "0 to 3600"},
    {"practice", "counts_from_s", "3601", "0 to 3600"},
    {"practice", "counts_from_s", "3 min", "0 to 3600"},
    {"practice", "pause_limit_min", "0", "1 to 60"},
    {"practice", "pause_limit_min", "61", "1 to 60"},
    {"practice", "pause_limit_min", "x", "1 to 60"},
    {"night", "invite", "24:00", "00:00 to 23:59"},
    {"night", "invite", "20:60", "00:00 to 23:59"},
    {"night", "invite", "20", "00:00 to 23:59"},
    {"night", "invite", "20:3", "00:00 to 23:59"},
    {"night", "invite", "20:30:00", "00:00 to 23:59"},
    {"night", "invite", "-1:00", "00:00 to 23:59"},
    {"night", "invite", "8 pm", "00:00 to 23:59"},
    {"night", "invite", "", "00:00 to 23:59"},
    {"night", "morning", "24:00", "00:00 to 23:59"},
    {"night", "morning", "six", "00:00 to 23:59"},
    {"night", "show_streak", "2", "yes or no"},
    {"night", "rest_nights", "-1", "0 to 6"},
    {"night", "rest_nights", "7", "0 to 6"},
    {"night", "rest_nights", "two", "0 to 6"},
    {"buttons", "main", "-1", "0 to 1023"},
    {"buttons", "main", "1024", "0 to 1023"},
    {"buttons", "main", "!", "0 to 1023"},
    {"buttons", "main", "!!21", "0 to 1023"},
    {"buttons", "back", "pin 40", "0 to 1023"},
    {"buttons", "more", "21!", "0 to 1023"},
    {"buttons", "less", "21x", "0 to 1023"},
    {"buttons", "info", "_x", "0 to 1023"},
    {"buttons", "hold_ms", "199", "200 to 3000"},
    {"buttons", "hold_ms", "3001", "200 to 3000"},
    {"buttons", "hold_ms", "long", "200 to 3000"},
    {"buttons", "debounce_ms", "-1", "0 to 200"},
    {"buttons", "debounce_ms", "201", "0 to 200"},
    {"buttons", "debounce_ms", "?", "0 to 200"},
    {"cue", "line", "!13", "0 to 1023"},
    {"cue", "line", "1024", "0 to 1023"},
    {"cue", "pattern", "", "commas"},
    {"cue", "pattern", "0", "1 to 10000"},
    {"cue", "pattern", "10001", "1 to 10000"},
    {"cue", "pattern", "300,,300", "commas"},
    {"cue", "pattern", "300,200,", "commas"},
    {"cue", "pattern", "long short", "commas"},
    {"cue", "pattern", "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1", "at most 32"},
    {"glass", "partials_per_full", "0", "1 to 15"},
    {"glass", "partials_per_full", "16", "1 to 15"},
    {"glass", "partials_per_full", "many", "1 to 15"},
    {"diary", "backups", "-1", "0 to 10"},
    {"diary", "backups", "11", "0 to 10"},
    {"diary", "backups", "all", "0 to 10"},
};

// One sentence, with file, line, key, what was given and what is allowed; every key at its default.
static void test_wrong_values_leave_defaults(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        char text[256], part[256];
        struct config *config;
        struct heard heard;
        snprintf(text, sizeof text, "[%s]\n\n%s=%s\n", refused[i].group, refused[i].key, refused[i].value);
        int error = read_text(text, &config, &heard);
        if (error != -EINVAL || heard.count != 1) {
            fail_msg("%s=%s: result %d, %zu sentences", refused[i].key, refused[i].value, error, heard.count);
        }
        snprintf(part, sizeof part, "%s:3: [%s] %s: \"%.60s", path, refused[i].group, refused[i].key, refused[i].value);
        assert_says(heard.sentences[0], part);
        assert_says(heard.sentences[0], refused[i].allowed);
        assert_defaults(config);
        config_free(config);
    }
}

static void test_defaults(void **state) {
    (void)state;
    struct config *config = config_new();
    assert_non_null(config);
    assert_defaults(config);
    config_free(config);
    struct heard heard;
    assert_int_equal(read_text("", &config, &heard), 0);
    assert_defaults(config);
    config_free(config);
    config_free(NULL);
}

static void shipped_path(char *shipped, size_t size) {
    // build/VARIANT/tests/config_test → assets/karani.conf
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    assert_true(length > 0);
    program[length] = '\0';
    for (int up = 0; up < 4; up++) {
        *strrchr(program, '/') = '\0';
    }
    snprintf(shipped, size, "%s/assets/karani.conf", program);
}

// A setting is a line that begins with # and a lower-case letter, prose has a blank behind its #. Taking the # away
// everywhere changes nothing, and every key is there.
static void test_shipped_file_shows_the_defaults(void **state) {
    (void)state;
    char shipped[PATH_MAX + 32], line[512], text[16384] = "";
    shipped_path(shipped, sizeof shipped);
    FILE *file = fopen(shipped, "re");
    assert_non_null(file);
    size_t settings = 0;
    while (fgets(line, sizeof line, file)) {
        bool setting = line[0] == '#' && line[1] >= 'a' && line[1] <= 'z';
        settings += setting;
        assert_true(setting || line[0] == '#' || line[0] == '[' || line[0] == '\n');
        assert_true(strlen(text) + strlen(line) < sizeof text);
        strcat(text, line + setting);
    }
    fclose(file);
    struct config *config;
    struct heard heard;
    assert_int_equal(config_read(&config, shipped, false, hear, memset(&heard, 0, sizeof heard)), 0);
    assert_defaults(config);
    config_free(config);
    int result = read_text(text, &config, &heard);
    if (result != 0) {
        fail_msg("%s", heard.sentences[0]);
    }
    assert_defaults(config);
    size_t keys = 0; // as many as the description has
    for (const char *c = defaults; *c; c++) {
        keys += *c == '=';
    }
    assert_int_equal(settings, keys);
    config_free(config);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_values_are_taken),
        cmocka_unit_test(test_wrong_values_leave_defaults),
        cmocka_unit_test(test_shipped_file_shows_the_defaults),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
