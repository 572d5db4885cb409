// The script language of the simulator: every command right and wrong, and what only the lines before can tell.
#include "daemon/sim/script/script.h"

#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int read_text(struct script **script, const char *text, char sentence[256]) {
    struct zone *utc = zone_open("UTC");
    FILE *file = fmemopen((char *)text, strlen(text), "r");

    assert_non_null(utc);
    assert_non_null(file);
    int error = script_read(script, file, "story", utc, sentence, 256);

    fclose(file);
    zone_unref(utc);
    return error;
}

// Reads a script that must be right and has the step in question as its last.
static struct script *read_right(const char *text) {
    struct script *script = NULL;
    char sentence[256];

    if (read_text(&script, text, sentence) != 0) {
        fail_msg("refused: %s", sentence);
    }
    assert_true(script->count > 0);
    return script;
}

#define AT "at 2026-03-28 21:40:00\n"

static const struct {
    const char *text;
    struct script_step last;
} right_cases[] = {
    {AT "wait 90s", {.line = 2, .command = SCRIPT_WAIT, .ms = 90000}},
    {"wait 5m", {.line = 1, .command = SCRIPT_WAIT, .ms = 300000}}, // with power off; no clock to move yet
    {AT "wait 5m", {.line = 2, .command = SCRIPT_WAIT, .ms = 300000}},
    {AT "wait 2h", {.line = 2, .command = SCRIPT_WAIT, .ms = 7200000}},
    {AT "wait 40d", {.line = 2, .command = SCRIPT_WAIT, .ms = INT64_C(3456000000)}},
    {AT "press main", {.line = 2, .command = SCRIPT_PRESS, .button = BUTTON_MAIN, .ms = 120}},
    {AT "press back for 40ms", {.line = 2, .command = SCRIPT_PRESS, .button = BUTTON_BACK, .ms = 40}},
    {AT "hold main", {.line = 2, .command = SCRIPT_HOLD, .button = BUTTON_MAIN, .ms = 700}},
    {AT "hold info for 2s", {.line = 2, .command = SCRIPT_HOLD, .button = BUTTON_INFO, .ms = 2000}},
    {AT "bounce less", {.line = 2, .command = SCRIPT_BOUNCE, .button = BUTTON_LESS, .ms = 120}},
    {AT "press more # once", {.line = 2, .command = SCRIPT_PRESS, .button = BUTTON_MORE, .ms = 120}},
    {AT "\n# nothing\n  \t\npower cut", {.line = 5, .command = SCRIPT_POWER_CUT}},
    {AT "power cut\npower on", {.line = 3, .command = SCRIPT_POWER_ON}},
    {AT "power cut\npower on after 3h", {.line = 3, .command = SCRIPT_POWER_ON, .ms = 10800000}},
    {AT "restart", {.line = 2, .command = SCRIPT_RESTART}},
    {"rtc no", {.line = 1, .command = SCRIPT_RTC, .yes = false}},
    {"rtc yes", {.line = 1, .command = SCRIPT_RTC, .yes = true}},
    {AT "clock step +2h", {.line = 2, .command = SCRIPT_CLOCK_STEP, .ms = 7200000}},
    {AT "clock step -90s", {.line = 2, .command = SCRIPT_CLOCK_STEP, .ms = -90000}},
    {AT "clock sync", {.line = 2, .command = SCRIPT_CLOCK_SYNC}},
    {AT "busy stuck", {.line = 2, .command = SCRIPT_BUSY, .yes = true}},
    {AT "busy ok", {.line = 2, .command = SCRIPT_BUSY, .yes = false}},
    {"panel unplugged", {.line = 1, .command = SCRIPT_PANEL, .yes = false}},
    {"panel plugged", {.line = 1, .command = SCRIPT_PANEL, .yes = true}},
    {"disk full", {.line = 1, .command = SCRIPT_DISK, .disk = SCRIPT_DISK_FULL}},
    {"disk readonly", {.line = 1, .command = SCRIPT_DISK, .disk = SCRIPT_DISK_READONLY}},
    {"disk ok", {.line = 1, .command = SCRIPT_DISK, .disk = SCRIPT_DISK_OK}},
    {AT "expect page good-night", {.line = 2, .command = SCRIPT_EXPECT_PAGE, .text = (char *)"good-night"}},
    {AT "expect page card:sit", {.line = 2, .command = SCRIPT_EXPECT_PAGE, .text = (char *)"card:sit"}},
    {AT "expect minutes 12", {.line = 2, .command = SCRIPT_EXPECT_MINUTES, .minutes = 12}},
    {AT "expect text \"two words\"", {.line = 2, .command = SCRIPT_EXPECT_TEXT, .text = (char *)"two words"}},
    {AT "expect text \"# \\\"x\\\" \\\\\" # c",
     {.line = 2, .command = SCRIPT_EXPECT_TEXT, .text = (char *)"# \"x\" \\"}},
    {AT "expect refresh partial", {.line = 2, .command = SCRIPT_EXPECT_REFRESH, .kind = REFRESH_PARTIAL}},
    {AT "expect refresh full", {.line = 2, .command = SCRIPT_EXPECT_REFRESH, .kind = REFRESH_FULL}},
    {AT "expect refresh none", {.line = 2, .command = SCRIPT_EXPECT_REFRESH, .kind = REFRESH_NONE}},
    {"expect asleep", {.line = 1, .command = SCRIPT_EXPECT_ASLEEP}},
    {"snapshot 01_first-page.a", {.line = 1, .command = SCRIPT_SNAPSHOT, .text = (char *)"01_first-page.a"}},
    // Instants, worked out by hand: 20540 days lie between 1970-01-01 and 2026-03-28.
    {"at 2026-03-28 21:40:00", {.line = 1, .command = SCRIPT_AT, .utc_ms = INT64_C(1774734000000)}},
    {"zone Europe/Berlin\nat 2026-03-28 21:40:00", {.line = 2, .command = SCRIPT_AT, .utc_ms = INT64_C(1774730400000)}},
    // The clock goes from 2:00 to 3:00 on 2026-03-29: a skipped time is the moment of the jump, 1:00 UTC.
    {"zone Europe/Berlin\nat 2026-03-29 02:30:00", {.line = 2, .command = SCRIPT_AT, .utc_ms = INT64_C(1774746000000)}},
    // And from 3:00 to 2:00 on 2026-10-25: of the two the first, summer time.
    {"zone Europe/Berlin\nat 2026-10-25 02:30:00", {.line = 2, .command = SCRIPT_AT, .utc_ms = INT64_C(1792888200000)}},
    {AT "at 2026-03-28 21:40:00", {.line = 2, .command = SCRIPT_AT, .utc_ms = INT64_C(1774734000000)}},
    {AT "press main\nat 2026-03-28 21:40:01\r", {.line = 3, .command = SCRIPT_AT, .utc_ms = INT64_C(1774734001000)}},
};

static void reads_every_command(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof right_cases / sizeof right_cases[0]; i++) {
        struct script *script = read_right(right_cases[i].text);
        const struct script_step *got = &script->steps[script->count - 1];
        const struct script_step *want = &right_cases[i].last;

        assert_int_equal(got->line, want->line);
        assert_int_equal(got->command, want->command);
        assert_true(got->ms == want->ms);
        assert_true(got->utc_ms == want->utc_ms);
        assert_int_equal(got->button, want->button);
        assert_int_equal(got->yes, want->yes);
        assert_int_equal(got->disk, want->disk);
        assert_int_equal(got->minutes, want->minutes);
        assert_int_equal(got->kind, want->kind);
        if (want->text == NULL) {
            assert_null(got->text);
        } else {
            assert_string_equal(got->text, want->text);
        }
        script_free(script);
    }
}

static void names_zones(void **state) {
    struct script *script = read_right("zone Europe/Berlin");

    (void)state;
    assert_int_equal(script->steps[0].command, SCRIPT_ZONE);
    assert_string_equal(zone_name(script->steps[0].zone), "Europe/Berlin");
    script_free(script);
}

static const struct {
    const char *text;
    const char *complaint;
} wrong_cases[] = {
    {"sleep main", "story:1: expected zone, at, wait, press, hold, bounce, power, restart, rtc, clock, busy, panel, "
                   "disk, expect or snapshot, got sleep"},
    {"zone", "story:1: expected a time zone like Europe/Berlin, got the end of the line"},
    {"zone Nowhere/Land", "story:1: expected a time zone like Europe/Berlin, got Nowhere/Land"},
    {"at", "story:1: expected a date like 2026-03-28, got the end of the line"},
    {"at 2026-02-30 21:40:00", "story:1: expected a date like 2026-03-28, got 2026-02-30"},
    {"at 28.3.2026 21:40:00", "story:1: expected a date like 2026-03-28, got 28.3.2026"},
    {"at 2026-03-28", "story:1: expected a time like 21:40:00, got the end of the line"},
    {"at 2026-03-28 24:00:00", "story:1: expected a time like 21:40:00, got 24:00:00"},
    {"at 2026-03-28 21:60:00", "story:1: expected a time like 21:40:00, got 21:60:00"},
    {"at 2026-03-28 21:40", "story:1: expected a time like 21:40:00, got 21:40"},
    {"at 2026-03-28 21:40:00 now", "story:1: expected the end of the line, got now"},
    {"\nat \"2026-03-28\" 21:40:00", "story:2: expected a date like 2026-03-28, got \"2026-03-28\""},
    {AT "wait", "story:2: expected a duration like 90s, 5m, 2h, 1d or 40ms, got the end of the line"},
    {AT "wait 5", "story:2: expected a duration like 90s, 5m, 2h, 1d or 40ms, got 5"},
    {AT "wait -5s", "story:2: expected a duration like 90s, 5m, 2h, 1d or 40ms, got -5s"},
    {AT "wait 1.5h", "story:2: expected a duration like 90s, 5m, 2h, 1d or 40ms, got 1.5h"},
    {AT "wait 9999999999s", "story:2: expected a duration like 90s, 5m, 2h, 1d or 40ms, got 9999999999s"},
    {AT "press", "story:2: expected a button (main, back, more, less, info), got the end of the line"},
    {AT "press elbow", "story:2: expected a button (main, back, more, less, info), got elbow"},
    {AT "press main 40ms", "story:2: expected the end of the line or for, got 40ms"},
    {AT "press main for", "story:2: expected a duration like 90s, 5m, 2h, 1d or 40ms, got the end of the line"},
    {AT "hold main for ever", "story:2: expected a duration like 90s, 5m, 2h, 1d or 40ms, got ever"},
    {AT "bounce main for 2s", "story:2: expected the end of the line, got for"},
    {AT "power", "story:2: expected cut or on, got the end of the line"},
    {AT "power off", "story:2: expected cut or on, got off"},
    {AT "power cut\npower on in 3h", "story:3: expected the end of the line or after, got in"},
    {AT "restart now", "story:2: expected the end of the line, got now"},
    {"rtc maybe", "story:1: expected yes or no, got maybe"},
    {AT "clock step 2h", "story:2: expected a step like +2h or -90s, got 2h"},
    {AT "clock set", "story:2: expected step or sync, got set"},
    {AT "busy", "story:2: expected stuck or ok, got the end of the line"},
    {"panel gone", "story:1: expected unplugged or plugged, got gone"},
    {"disk empty", "story:1: expected full, readonly or ok, got empty"},
    {AT "expect", "story:2: expected page, minutes, text, refresh or asleep, got the end of the line"},
    {AT "expect page nowhere", "story:2: expected the name of a page like countdown or card:sit, got nowhere"},
    {AT "expect page card", "story:2: expected the name of a page like countdown or card:sit, got card"},
    {AT "expect page card:", "story:2: expected the name of a page like countdown or card:sit, got card:"},
    {AT "expect minutes ten", "story:2: expected a number of minutes, got ten"},
    {AT "expect minutes 100", "story:2: expected a number of minutes, got 100"},
    {AT "expect text words", "story:2: expected words in \"quotation marks\", got words"},
    {AT "expect text \"words", "story:2: expected a quotation mark after the words, got the end of the line"},
    {AT "expect refresh soon", "story:2: expected partial, full or none, got soon"},
    {AT "expect asleep now", "story:2: expected the end of the line, got now"},
    {"snapshot ../x", "story:1: expected a name of letters, digits, -, _ and ., got ../x"},
    {"snapshot .x", "story:1: expected a name of letters, digits, -, _ and ., got .x"},
    {"snapshot", "story:1: expected a name of letters, digits, -, _ and ., got the end of the line"},
    // What only the lines before can tell.
    {AT "at 2026-03-28 21:39:59", "story:2: expected a time that is not over, got one 1 s before now"},
    {AT "press main\nat 2026-03-28 21:40:00", "story:3: expected a time that is not over, got one 1 s before now"},
    {AT "zone Europe/Berlin\nat 2026-03-28 22:00:00",
     "story:3: expected a time that is not over, got one 2400 s before now"},
    {"at 1969-12-31 23:59:59", "story:1: expected a time that a clock can be set to, 1970 to April 2232"},
    {"at 9999-12-31 20:00:00", "story:1: expected a time that a clock can be set to, 1970 to April 2232"},
    {"press main", "story:1: expected `at` before it, which sets the clock and switches on, got `press BUTTON`"},
    {"power on", "story:1: expected `at` before it, which sets the clock and switches on, got `power on`"},
    {AT "power on", "story:2: expected `power cut` before it, got `power on`"},
    {AT "power cut\npower cut",
     "story:3: expected a command that needs no power, or `power on` before it, got `power cut`"},
};

static void refuses_every_wrong_line(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof wrong_cases / sizeof wrong_cases[0]; i++) {
        struct script *script = NULL;
        char sentence[256];

        assert_int_equal(read_text(&script, wrong_cases[i].text, sentence), -EINVAL);
        assert_null(script);
        assert_string_equal(sentence, wrong_cases[i].complaint);
    }
}

// karani-sim(1), SCRIPTS: with power off only these are allowed; `at` then does not switch on.
static void knows_what_needs_power(void **state) {
    static const char *const with[] = {
        "press main", "hold main",         "bounce main",      "restart",           "clock step +1s",     "clock sync",
        "busy stuck", "expect page month", "expect minutes 1", "expect text \"a\"", "expect refresh full"};
    static const char *const without[] = {
        "at 2026-03-28 22:00:00", "wait 1s",          "rtc yes", "panel plugged", "disk ok", "zone UTC", "snapshot a",
        "expect asleep",          "power on after 1m"};
    char text[256];
    char sentence[256];

    (void)state;
    for (size_t i = 0; i < sizeof with / sizeof with[0]; i++) {
        struct script *script = NULL;

        snprintf(text, sizeof text, AT "power cut\nat 2026-03-28 21:50:00\n%s\n", with[i]);
        assert_int_equal(read_text(&script, text, sentence), -EINVAL);
        assert_non_null(strstr(sentence, "story:4: expected a command that needs no power"));
        snprintf(text, sizeof text, AT "power cut\nat 2026-03-28 21:50:00\npower on\n%s\n", with[i]);
        script_free(read_right(text));
    }
    for (size_t i = 0; i < sizeof without / sizeof without[0]; i++) {
        snprintf(text, sizeof text, AT "power cut\n%s\n", without[i]);
        script_free(read_right(text));
    }
}

static void reads_a_long_and_an_empty_script(void **state) {
    struct script *script = NULL;
    char sentence[256];
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);

    (void)state;
    fputs(AT, file);
    for (int i = 0; i < 5000; i++) {
        fputs("press main\n", file);
    }
    fclose(file);
    script = read_right(text);
    assert_int_equal(script->count, 5001);
    assert_int_equal(script->steps[5000].line, 5001);
    script_free(script);
    free(text);
    assert_int_equal(read_text(&script, "# nothing\n", sentence), 0);
    assert_int_equal(script->count, 0);
    script_free(script);
    script_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_command),
        cmocka_unit_test(names_zones),
        cmocka_unit_test(refuses_every_wrong_line),
        cmocka_unit_test(knows_what_needs_power),
        cmocka_unit_test(reads_a_long_and_an_empty_script),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
