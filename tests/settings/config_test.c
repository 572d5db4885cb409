// Tests of the settings: every key at its default, its limits and beyond, and the shipped file against the defaults.
#include "daemon/settings/config.h"

// cmocka.h wants these four before it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// What was complained of.
struct heard {
    size_t count;
    char sentences[16][512];
};

static void hear(void *context, const struct complaint *complaint) {
    struct heard *heard = context;
    char *sentence = complaint_format(complaint);
    assert_non_null(sentence);
    if (heard->count < 16) {
        snprintf(heard->sentences[heard->count], sizeof heard->sentences[0], "%s", sentence);
    }
    free(sentence);
    heard->count++;
}

static char folder[] = "/tmp/karani-config-XXXXXX";
static char path[64];

static int make_folder(void **state) {
    (void)state;
    if (!mkdtemp(folder)) {
        return -1;
    }
    snprintf(path, sizeof path, "%s/karani.conf", folder);
    return 0;
}

static int remove_folder(void **state) {
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static void write_file(const char *text, size_t length) {
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

static int read_bytes(const char *text, size_t length, struct config **config, struct heard *heard) {
    write_file(text, length);
    *config = NULL;
    memset(heard, 0, sizeof *heard);
    return config_read(config, path, false, hear, heard);
}

static int read_text(const char *text, struct config **config, struct heard *heard) {
    return read_bytes(text, strlen(text), config, heard);
}

// Every field as text, so that two configs can be compared and a test can name a value.
static void describe(const struct config *c, char *text, size_t size) {
    char pattern[256] = "";
    for (size_t i = 0; i < c->cue_pattern_count; i++) {
        snprintf(pattern + strlen(pattern), sizeof pattern - strlen(pattern), "%d,", c->cue_pattern_ms[i]);
    }
    snprintf(text, size,
             "board=%s panel=%s rotate=%d language=%s zone=%s reading_distance_m=%g routine=%s minutes=%d variant=%s "
             "auto_advance=%d counts_from_s=%d pause_limit_min=%d invite=%d morning=%d show_streak=%d rest_nights=%d "
             "main=%s back=%s more=%s less=%s info=%s hold_ms=%d debounce_ms=%d line=%s pattern=%s "
             "partials_per_full=%d backups=%d ",
             c->board, c->panel ? c->panel : "-", c->rotate_deg, c->language, c->zone ? c->zone : "-",
             c->reading_distance_m, c->routine, c->minutes, variant_name(c->variant), c->auto_advance, c->counts_from_s,
             c->pause_limit_min, c->invite_min, c->morning_min, c->show_streak, c->rest_nights,
             c->buttons[0] ? c->buttons[0] : "-", c->buttons[1] ? c->buttons[1] : "-",
             c->buttons[2] ? c->buttons[2] : "-", c->buttons[3] ? c->buttons[3] : "-",
             c->buttons[4] ? c->buttons[4] : "-", c->hold_ms, c->debounce_ms, c->cue_line ? c->cue_line : "-", pattern,
             c->partials_per_full, c->backups);
}

// The defaults as karani.conf(5) and daemon/settings/config.h name them.
static const char defaults[] =
    "board=waveshare-hat panel=- rotate=-1 language=en zone=- reading_distance_m=0 routine=legs-up-the-wall minutes=10 "
    "variant=wall auto_advance=1 counts_from_s=180 pause_limit_min=10 invite=1230 morning=390 show_streak=1 "
    "rest_nights=2 main=- back=- more=- less=- info=- hold_ms=500 debounce_ms=30 line=- pattern=300,200,300, "
    "partials_per_full=15 backups=2 ";

static void assert_defaults(const struct config *config) {
    char text[2048];
    describe(config, text, sizeof text);
    assert_string_equal(text, defaults);
}

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

static void assert_says(const char *sentence, const char *part) {
    if (!strstr(sentence, part)) {
        fail_msg("\"%s\" does not say \"%s\"", sentence, part);
    }
}

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
        cmocka_unit_test(test_malformed_files),
        cmocka_unit_test(test_sound_lines_count_beside_wrong_ones),
        cmocka_unit_test(test_missing_and_unreadable_files),
        cmocka_unit_test(test_shipped_file_shows_the_defaults),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
