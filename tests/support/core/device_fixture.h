// A device for tests of the whole machine: fingers, time and a glass come in, its effects are kept.
#ifndef KARANI_TESTS_SUPPORT_CORE_DEVICE_FIXTURE_H
#define KARANI_TESTS_SUPPORT_CORE_DEVICE_FIXTURE_H

#include "daemon/core/device/device.h"
#include "daemon/diary/text/settings.h"
#include "daemon/settings/config.h"
#include "daemon/settings/routine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { S = 1000, MIN = 60 * S, HOUR = 60 * MIN, REFRESH_MS = 500, SAVES = 64 };

// A device: its clocks, the glass that takes REFRESH_MS, and everything it wrote.
struct bed {
    struct config *config;
    struct routine *routine;
    struct zone *zone;
    struct device *device;
    struct device_start start;
    struct moment now;
    bool slow_glass;  // refreshes take REFRESH_MS; otherwise they settle at once
    int64_t quiet_ms; // when the running refresh ends; INT64_MAX: none runs
    struct effects out;
    struct session_record saves[SAVES];
    int save_count;
    struct device_settings settings; // as they were stored and read back
    int cues, draws, full_draws, corrections;
    enum page_trouble told; // the last trouble that was read
    int64_t correct_difference_s;
    struct view drawn;
    bool away;
    int undos;
    bool diary_changed; // DEVICE_DIARY is to be answered
};

// 2026-03-28 21:40:00 in Berlin, a Saturday, is 20:40 UTC.
extern const int64_t evening_ms;
extern const char boot_id[];

int device_fixture_set_up(void **state);
int device_fixture_tear_down(void **state);
void send_event(struct bed *bed, const struct device_event *event);
void boot(struct bed *bed);

// What a diary would know of all that was saved: the newest state of each row.
struct device_diary diary_of(const struct bed *bed);

void pass(struct bed *bed, int64_t ms);
void wait_ms(struct bed *bed, int64_t ms);
void press_for(struct bed *bed, enum button button, int64_t ms);
void press(struct bed *bed);
void hold(struct bed *bed);
void expect_page(struct bed *bed, const char *page);
// By way of the text that the diary keeps.
void store_setting(struct device_settings *settings, enum device_setting key, const struct device_settings *value);

void answer_health_at(struct bed *bed, int64_t utc_s);
void answer_health(struct bed *bed);
const struct session_record *last_save(const struct bed *bed);

#define STORY(test) cmocka_unit_test_setup_teardown(test, device_fixture_set_up, device_fixture_tear_down)

#endif
