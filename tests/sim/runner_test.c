// The runner of scripts against a world of paper: what it tells and how it ends when the world does not do as hoped.
#include "daemon/sim/script/runner.h"

#include "daemon/core/device/device.h"
#include "daemon/runtime/runtime.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

// The paper world: remembers its time and does what the case says.
static struct paper {
    bool begun;
    int64_t now_ms;
    int press_result;
    bool asleep;
    int presses;
} paper;

static struct frame paper_glass;

bool world_has_begun(const struct world *world) {
    (void)world;
    return paper.begun;
}

int64_t world_true_ms(const struct world *world) {
    (void)world;
    return paper.now_ms;
}

int world_begin(struct world *world, int64_t true_ms) {
    (void)world;
    paper.begun = true;
    paper.now_ms = true_ms;
    return 0;
}

int world_run_until(struct world *world, int64_t true_ms) {
    (void)world;
    paper.now_ms = true_ms;
    return 0;
}

int world_press(struct world *world, enum button button, int64_t ms, bool chatter, const char *gesture) {
    (void)world;
    (void)button;
    (void)chatter;
    (void)gesture;
    paper.now_ms += ms;
    paper.presses++;
    return paper.press_result;
}

int world_power_cut(struct world *world) {
    (void)world;
    return 0;
}

int world_power_on(struct world *world) {
    (void)world;
    return 0;
}

int world_restart(struct world *world) {
    (void)world;
    return 0;
}

int world_step_clock(struct world *world, int64_t ms) {
    (void)world;
    (void)ms;
    return 0;
}

int world_sync_clock(struct world *world) {
    (void)world;
    return 0;
}

int world_set_zone(struct world *world, const struct zone *zone) {
    (void)world;
    (void)zone;
    return 0;
}

void world_set_rtc(struct world *world, bool rtc) {
    (void)world;
    (void)rtc;
}

void world_set_busy_stuck(struct world *world, bool stuck) {
    (void)world;
    (void)stuck;
}

void world_set_plugged(struct world *world, bool plugged) {
    (void)world;
    (void)plugged;
}

void world_set_disk(struct world *world, enum script_disk disk) {
    (void)world;
    (void)disk;
}

const struct runtime *world_runtime(const struct world *world) {
    (void)world;
    return NULL;
}

bool world_panel_is_asleep(const struct world *world) {
    (void)world;
    return paper.asleep;
}

const struct frame *world_glass(struct world *world) {
    (void)world;
    return &paper_glass;
}

const char *world_violation(const struct world *world) {
    (void)world;
    return "byte-while-busy";
}

const char *world_violation_detail(const struct world *world) {
    (void)world;
    return "A byte came while BUSY was high.";
}

const char *world_error(const struct world *world) {
    (void)world;
    return "The card is gone.";
}

// And the paper device that lives in it: it shows the countdown, 7 minutes left.
const struct device *runtime_device(const struct runtime *runtime) {
    (void)runtime;
    return NULL;
}

const struct screen *runtime_screen(const struct runtime *runtime) {
    (void)runtime;
    return NULL;
}

const char *screen_text(const struct screen *screen) {
    (void)screen;
    return "7 minutes left";
}

enum refresh_kind screen_kind(const struct screen *screen) {
    (void)screen;
    return REFRESH_PARTIAL;
}

const char *device_page_name(const struct device *device) {
    (void)device;
    return "countdown";
}

const struct view *device_view(const struct device *device) {
    static const struct view view = {.page = PAGE_COUNTDOWN, .countdown = {.minutes_left = 7, .minutes_total = 10}};

    (void)device;
    return &view;
}

#define AT "at 2026-03-28 21:40:00\n"

static const struct {
    const char *script;
    int press_result;
    enum runner_result result;
    int presses;
    const char *told;
} cases[] = {
    {AT "press main\nexpect page countdown\nexpect minutes 7\nexpect text \"minutes\"\nexpect refresh partial\n"
        "expect asleep",
     0, RUNNER_DONE, 1, ""},
    {AT "expect page morning\npress main", 0, RUNNER_FAILED, 1, "story:2: expected page morning, got countdown\n"},
    {AT "expect minutes 8", 0, RUNNER_FAILED, 0, "story:2: expected minutes 8, got 7\n"},
    {AT "expect text \"8 minutes\"", 0, RUNNER_FAILED, 0,
     "story:2: expected text \"8 minutes\", got \"7 minutes left\"\n"},
    {AT "expect refresh full\nexpect refresh none", 0, RUNNER_FAILED, 0,
     "story:2: expected refresh full, got partial\nstory:3: expected refresh none, got partial\n"},
    // A violation ends the run where it was seen, whatever failed before.
    {AT "expect minutes 8\npress main\npress main", -EPROTO, RUNNER_VIOLATION, 1,
     "story:2: expected minutes 8, got 7\n"
     "story:3: the panel's protocol was violated: byte-while-busy: A byte came while BUSY was high.\n"},
    {AT "press main\npress main", -EIO, RUNNER_FAILED, 1, "story:2: The card is gone.\n"},
    {AT "press main\npress main", -ENOMEM, RUNNER_FAILED, 1, "story:2: memory is out\n"},
    {AT "snapshot a\nsnapshot b", 0, RUNNER_DONE, 0,
     "story: 2 snapshots were not written: name a directory for them with --out.\n"},
};

static void ends_as_the_world_does(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct zone *utc = zone_open("UTC");
        FILE *file = fmemopen((char *)cases[i].script, strlen(cases[i].script), "r");
        struct script *script = NULL;
        char sentence[256];
        char *told = NULL;
        size_t told_size = 0;
        FILE *complaints = open_memstream(&told, &told_size);

        assert_int_equal(script_read(&script, file, "story", utc, sentence, sizeof sentence), 0);
        fclose(file);
        paper = (struct paper){.press_result = cases[i].press_result, .asleep = true};
        const struct runner_setup setup = {.script = script, .name = "story", .complaints = complaints};
        enum runner_result result = runner_run(&setup);

        fclose(complaints);
        assert_int_equal(result, cases[i].result);
        assert_string_equal(told, cases[i].told);
        assert_int_equal(paper.presses, cases[i].presses);
        free(told);
        script_free(script);
        zone_unref(utc);
    }
}

static void lets_time_run(void **state) {
    static const char text[] = AT "wait 90s\npress main\nhold main for 2s\npower cut\npower on after 1h\nwait 1s";
    struct zone *utc = zone_open("UTC");
    FILE *file = fmemopen((char *)text, strlen(text), "r");
    struct script *script = NULL;
    char sentence[256];

    (void)state;
    assert_int_equal(script_read(&script, file, "story", utc, sentence, sizeof sentence), 0);
    fclose(file);
    paper = (struct paper){.press_result = 0};
    const struct runner_setup setup = {.script = script, .name = "story", .complaints = stderr};

    assert_int_equal(runner_run(&setup), RUNNER_DONE);
    assert_true(paper.now_ms == INT64_C(1774734000000) + 90000 + 120 + 2000 + 3600000 + 1000);
    script_free(script);
    zone_unref(utc);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(ends_as_the_world_does), cmocka_unit_test(lets_time_run)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
