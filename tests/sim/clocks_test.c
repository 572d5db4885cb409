// The clocks of the simulated world: what each event does to the system clock, CLOCK_BOOTTIME and what is known of
// them.
#include "daemon/sim/clocks.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#define EVENING INT64_C(1774730400000) // 2026-03-28 20:40:00 UTC
#define EPOCH   (CLOCKS_BUILD_EPOCH_S * 1000)
#define HOUR    INT64_C(3600000)

enum act { BEGIN, PASS, CUT, ON, STEP, SYNC, RTC_YES, RTC_NO };

struct deed {
    enum act act;
    int64_t ms; // BEGIN: the time; PASS, STEP: how much
};

static void perform(struct clocks *clocks, const struct deed *deed) {
    switch (deed->act) {
    case BEGIN:
        clocks_begin(clocks, deed->ms);
        break;
    case PASS:
        clocks_pass_to(clocks, clocks->true_ms + deed->ms);
        break;
    case CUT:
        clocks_power_cut(clocks);
        break;
    case ON:
        clocks_power_on(clocks);
        break;
    case STEP:
        clocks_step(clocks, deed->ms);
        break;
    case SYNC:
        clocks_sync(clocks);
        break;
    case RTC_YES:
        clocks_set_rtc(clocks, true);
        break;
    case RTC_NO:
        clocks_set_rtc(clocks, false);
        break;
    }
}

static const struct {
    const char *name;
    struct deed deeds[8];
    size_t count;
    int64_t boot_ms;
    int64_t system_ms;
    bool synchronised;
    bool rtc_trusted;
} stories[] = {
    {"the world begins synchronised", {{BEGIN, EVENING}}, 1, 0, EVENING, true, false},
    {"both clocks go on together", {{BEGIN, EVENING}, {PASS, HOUR}}, 2, HOUR, EVENING + HOUR, true, false},
    {"rtc no before it begins: nothing is known",
     {{RTC_NO, 0}, {BEGIN, EVENING}, {PASS, HOUR}},
     3,
     HOUR,
     EPOCH + HOUR,
     false,
     false},
    {"rtc yes before it begins: synchronised as well", {{RTC_YES, 0}, {BEGIN, EVENING}}, 2, 0, EVENING, true, false},
    {"rtc no, then yes: what was said last counts",
     {{RTC_NO, 0}, {RTC_YES, 0}, {BEGIN, EVENING}},
     3,
     0,
     EVENING,
     true,
     false},
    {"without a clock chip a boot starts at the build's time",
     {{BEGIN, EVENING}, {PASS, HOUR}, {CUT, 0}, {PASS, 3 * HOUR}, {ON, 0}, {PASS, HOUR}},
     6,
     HOUR,
     EPOCH + HOUR,
     false,
     false},
    {"with one the clock has gone on",
     {{RTC_YES, 0}, {BEGIN, EVENING}, {PASS, HOUR}, {CUT, 0}, {PASS, 3 * HOUR}, {ON, 0}, {PASS, HOUR}},
     7,
     HOUR,
     EVENING + 5 * HOUR,
     false,
     true},
    {"it keeps what the clock was stepped by",
     {{RTC_YES, 0}, {BEGIN, EVENING}, {STEP, 2 * HOUR}, {CUT, 0}, {PASS, HOUR}, {ON, 0}},
     6,
     0,
     EVENING + 3 * HOUR,
     false,
     true},
    {"a step moves the system clock alone",
     {{BEGIN, EVENING}, {PASS, HOUR}, {STEP, -2 * HOUR}},
     3,
     HOUR,
     EVENING - HOUR,
     true,
     false},
    {"a sync puts it right",
     {{RTC_NO, 0}, {BEGIN, EVENING}, {STEP, HOUR}, {PASS, HOUR}, {SYNC, 0}},
     5,
     HOUR,
     EVENING + HOUR,
     true,
     false},
    {"a boot after a sync is not synchronised",
     {{BEGIN, EVENING}, {SYNC, 0}, {CUT, 0}, {ON, 0}},
     4,
     0,
     EPOCH,
     false,
     false},
    {"an old world has an old image", {{RTC_NO, 0}, {BEGIN, EPOCH - HOUR}, {PASS, 5}}, 3, 5, 5, false, false},
};

static void follows_every_event(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++) {
        struct clocks clocks = {.begun = false};

        print_message("%s\n", stories[i].name);
        for (size_t n = 0; n < stories[i].count; n++) {
            perform(&clocks, &stories[i].deeds[n]);
        }
        struct moment now = clocks_moment(&clocks);

        assert_true(now.boot_ms == stories[i].boot_ms);
        assert_true(now.system_ms == stories[i].system_ms);
        assert_int_equal(clocks.synchronised, stories[i].synchronised);
        assert_int_equal(clocks.rtc_trusted, stories[i].rtc_trusted);
        assert_true(clocks_true_of_boot(&clocks, now.boot_ms + 7) == clocks.true_ms + 7);
        assert_true(clocks_true_of_boot(&clocks, INT64_MAX) == INT64_MAX);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(follows_every_event)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
