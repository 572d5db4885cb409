// A device on a bed for tests of the whole machine: fingers, time and a glass come in, its effects is kept.
#ifndef KARANI_TESTS_SUPPORT_BED_H
#define KARANI_TESTS_SUPPORT_BED_H

#include "daemon/core/device/device.h"
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

static const char boot_id[] = "0f0f0f0f-0000-4000-8000-000000000001";

static const char routine_text[] = "[Routine]\nName=Test\n"
                                   "[Variant wall]\nName=on the wall\n[Variant hips]\nName=hips raised\n"
                                   "[Variant knees]\nName=knees bent\n[Variant farther]\nName=farther\n"
                                   "[Variant chair]\nName=on a chair\n"
                                   "[Card sit]\nTitle=Sit\nText=Sit down.\nShort=Sit.\nSeconds=25\n"
                                   "Variants=wall;hips;knees;farther\n"
                                   "[Card lie]\nTitle=Lie\nText=Lie down.\nShort=Lie.\nSeconds=20\n"
                                   "[Reason one]\nText=First reason\n[Reason two]\nText=Second reason\n"
                                   "[Health one]\nTitle=One\nText=First face.\n"
                                   "[Health two]\nTitle=Two\nText=None of these?\n"
                                   "[Ask First]\nTitle=Ask\nText=Ask a doctor first.\n"
                                   "[Way Out]\nTitle=Out\nText=Slowly.\nShort=Slowly.\n";

// A device on a desk: its clocks, the glass that takes REFRESH_MS, and everything it wrote.
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
    char settings[DEVICE_SETTING_COUNT][DEVICE_SETTING_SIZE];
    int cues, draws, full_draws, corrections;
    enum page_trouble told; // the last trouble that was read
    int64_t correct_difference_s;
    struct view drawn;
    bool away;
    int undos;
    bool diary_changed; // DEVICE_DIARY is to be answered
};

static inline int one_face(void *context, const struct view *view) {
    (void)context;
    (void)view;
    return 1;
}

static inline void no_complaint(void *context, const char *path, int line, const char *sentence) {
    (void)context;
    fail_msg("%s:%d: %s", path, line, sentence);
}

static inline struct routine *read_test_routine(void) {
    char path[] = "/tmp/karani-device-test-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, routine_text, sizeof routine_text - 1), sizeof routine_text - 1);
    close(fd);
    struct routine *routine = NULL;
    int result = routine_read(&routine, path, "/tmp", "en", no_complaint, NULL);
    unlink(path);
    assert_int_equal(result, 0);
    return routine;
}

// 2026-03-28 21:40:00 in Berlin, a Saturday, is 20:40 UTC.
static const int64_t evening_ms = INT64_C(1774730400) * 1000;

static inline int set_up(void **state) {
    struct bed *bed = calloc(1, sizeof *bed);
    assert_non_null(bed);
    bed->config = config_new();
    bed->routine = read_test_routine();
    bed->zone = zone_open("Europe/Berlin");
    assert_non_null(bed->config);
    assert_non_null(bed->zone);
    bed->now = (struct moment){.boot_ms = 20 * S, .system_ms = evening_ms};
    bed->start.synchronised = true;
    bed->quiet_ms = INT64_MAX;
    *state = bed;
    return 0;
}

static inline int tear_down(void **state) {
    struct bed *bed = *state;
    device_free(bed->device);
    config_free(bed->config);
    routine_free(bed->routine);
    zone_unref(bed->zone);
    free(bed);
    return 0;
}

static inline void send(struct bed *bed, const struct device_event *event);

static inline void take(struct bed *bed, const struct effect *item) {
    switch (item->kind) {
    case EFFECT_DRAW:
        bed->draws++;
        bed->full_draws += item->draw.full;
        bed->drawn = item->draw.view;
        bed->quiet_ms = bed->now.boot_ms + (bed->slow_glass ? REFRESH_MS : 0);
        break;
    case EFFECT_SAVE:
    case EFFECT_UNDO:
        assert_true(bed->save_count < SAVES);
        bed->saves[bed->save_count++] = item->session;
        bed->undos += item->kind == EFFECT_UNDO;
        bed->diary_changed = bed->diary_changed || item->kind == EFFECT_UNDO;
        break;
    case EFFECT_AWAY:
        bed->away = item->away.away;
        break;
    case EFFECT_SETTING:
        memcpy(bed->settings[item->setting.key], item->setting.value, DEVICE_SETTING_SIZE);
        break;
    case EFFECT_CORRECT:
        bed->corrections++;
        bed->correct_difference_s = item->correct.difference_s;
        break;
    case EFFECT_TOLD:
        bed->told = item->told;
        break;
    case EFFECT_CUE:
        bed->cues++;
        break;
    }
}

// What a diary would know of all that was saved: the newest state of each row.
static inline struct device_diary diary_of(const struct bed *bed) {
    struct device_diary known = {0};
    for (int i = 0; i < bed->save_count; i++) {
        const struct session_record *row = &bed->saves[i];
        bool newer = false;
        for (int j = i + 1; j < bed->save_count; j++) {
            newer = newer || strcmp(row->uuid, bed->saves[j].uuid) == 0;
        }
        if (newer) {
            continue;
        }
        known.has_last = true;
        known.last = *row;
        if (row->outcome == OUTCOME_NOT_MINE) {
            continue;
        }
        if (row->outcome == OUTCOME_FINISHED || row->outcome == OUTCOME_ENDED_EARLY) {
            known.last_done_utc_s = row->started_utc_s;
        }
        if (row->night == NIGHT_NONE) {
            known.undated_s += row->held_s;
        } else {
            assert_int_equal(habit_log_add(&known.log, row->night, row->held_s), 0);
        }
    }
    return known;
}

static inline void take_all(struct bed *bed) {
    for (size_t i = 0; i < bed->out.count; i++) {
        take(bed, &bed->out.items[i]);
    }
    if (bed->diary_changed) {
        bed->diary_changed = false;
        struct device_diary known = diary_of(bed);
        send(bed, &(struct device_event){.kind = DEVICE_DIARY, .diary = &known});
    }
    if (bed->quiet_ms <= bed->now.boot_ms) {
        bed->quiet_ms = INT64_MAX;
        send(bed, &(struct device_event){.kind = DEVICE_GLASS_QUIET});
    }
}

static inline void send(struct bed *bed, const struct device_event *event) {
    device_handle(bed->device, event, bed->now, &bed->out);
    take_all(bed);
}

static inline void boot(struct bed *bed) {
    const struct device_setup setup = {.config = bed->config,
                                       .routine = bed->routine,
                                       .zone = bed->zone,
                                       .version = "test",
                                       .panel = "test panel",
                                       .boot_id = boot_id,
                                       .faces = one_face};
    assert_int_equal(device_new(&bed->device, &setup, &bed->start, bed->now, &bed->out), 0);
    take_all(bed);
}

static inline void pass(struct bed *bed, int64_t ms) {
    bed->now.boot_ms += ms;
    bed->now.system_ms += ms;
}

static inline void wait_ms(struct bed *bed, int64_t ms) {
    int64_t until_ms = bed->now.boot_ms + ms;
    for (;;) {
        int64_t next_ms = device_deadline(bed->device, bed->now);
        if (bed->quiet_ms < next_ms) {
            next_ms = bed->quiet_ms;
        }
        if (next_ms > until_ms) {
            break;
        }
        if (next_ms > bed->now.boot_ms) {
            pass(bed, next_ms - bed->now.boot_ms);
        }
        send(bed, &(struct device_event){.kind = DEVICE_TIME});
    }
    pass(bed, until_ms - bed->now.boot_ms);
}

static inline void edge(struct bed *bed, enum button button, bool down) {
    send(bed, &(struct device_event){.kind = DEVICE_EDGE, .edge = {button, down, bed->now.boot_ms}});
}

static inline void press_for(struct bed *bed, enum button button, int64_t ms) {
    edge(bed, button, true);
    wait_ms(bed, ms);
    edge(bed, button, false);
}

static inline void press(struct bed *bed) {
    press_for(bed, BUTTON_MAIN, 120);
}

static inline void hold(struct bed *bed) {
    press_for(bed, BUTTON_MAIN, 700);
}

static inline void expect_page(struct bed *bed, const char *page) {
    assert_string_equal(device_page_name(bed->device), page);
}

static inline void answer_health(struct bed *bed) {
    snprintf(bed->start.settings[DEVICE_SETTING_HEALTH], DEVICE_SETTING_SIZE, "none-applies %ld",
             (long)(evening_ms / 1000 - 1000));
}

static inline const struct session_record *last_save(const struct bed *bed) {
    assert_true(bed->save_count > 0);
    return &bed->saves[bed->save_count - 1];
}

#define STORY(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

#endif
