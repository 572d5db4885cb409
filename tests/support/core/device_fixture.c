#include "tests/support/core/device_fixture.h"

const char boot_id[] = "0f0f0f0f-0000-4000-8000-000000000001";
const int64_t evening_ms = INT64_C(1774730400) * 1000;

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

static int one_face(void *context, const struct view *view) {
    (void)context;
    (void)view;
    return 1;
}

static void no_complaint(void *context, const struct complaint *complaint) {
    (void)context;
    fail_msg("%s:%d: %s", complaint->file, complaint->line, complaint->sentence);
}

static struct routine *read_test_routine(void) {
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

int device_fixture_set_up(void **state) {
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

int device_fixture_tear_down(void **state) {
    struct bed *bed = *state;
    device_free(bed->device);
    config_free(bed->config);
    routine_free(bed->routine);
    zone_unref(bed->zone);
    free(bed);
    return 0;
}

void store_setting(struct device_settings *settings, enum device_setting key, const struct device_settings *value) {
    char text[SETTINGS_TEXT_SIZE];
    settings_print(value, key, text);
    settings_read(settings, key, text);
    assert_true(settings->has[key]);
}

static void take(struct bed *bed, const struct effect *item) {
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
        store_setting(&bed->settings, item->setting.key, &item->setting.value);
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

struct device_diary diary_of(const struct bed *bed) {
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

static void take_all(struct bed *bed) {
    for (size_t i = 0; i < bed->out.count; i++) {
        take(bed, &bed->out.items[i]);
    }
    if (bed->diary_changed) {
        bed->diary_changed = false;
        struct device_diary known = diary_of(bed);
        send_event(bed, &(struct device_event){.kind = DEVICE_DIARY, .diary = &known});
    }
    if (bed->quiet_ms <= bed->now.boot_ms) {
        bed->quiet_ms = INT64_MAX;
        send_event(bed, &(struct device_event){.kind = DEVICE_GLASS_QUIET});
    }
}

void send_event(struct bed *bed, const struct device_event *event) {
    device_handle(bed->device, event, bed->now, &bed->out);
    take_all(bed);
}

void boot(struct bed *bed) {
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

void pass(struct bed *bed, int64_t ms) {
    bed->now.boot_ms += ms;
    bed->now.system_ms += ms;
}

void wait_ms(struct bed *bed, int64_t ms) {
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
        send_event(bed, &(struct device_event){.kind = DEVICE_TIME});
    }
    pass(bed, until_ms - bed->now.boot_ms);
}

static void edge(struct bed *bed, enum button button, bool down) {
    send_event(bed, &(struct device_event){.kind = DEVICE_EDGE, .edge = {button, down, bed->now.boot_ms}});
}

void press_for(struct bed *bed, enum button button, int64_t ms) {
    edge(bed, button, true);
    wait_ms(bed, ms);
    edge(bed, button, false);
}

void press(struct bed *bed) {
    press_for(bed, BUTTON_MAIN, 120);
}

void hold(struct bed *bed) {
    press_for(bed, BUTTON_MAIN, 700);
}

void expect_page(struct bed *bed, const char *page) {
    assert_string_equal(device_page_name(bed->device), page);
}

void answer_health_at(struct bed *bed, int64_t utc_s) {
    store_setting(&bed->start.settings, DEVICE_SETTING_HEALTH,
                  &(struct device_settings){.health = {.answer = HEALTH_NONE_APPLIES, .at_utc_s = utc_s}});
}

void answer_health(struct bed *bed) {
    answer_health_at(bed, evening_ms / 1000 - 1000);
}

const struct session_record *last_save(const struct bed *bed) {
    assert_true(bed->save_count > 0);
    return &bed->saves[bed->save_count - 1];
}
