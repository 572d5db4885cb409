// Tests of the runtime's order: the glass is begun before the card is written to, and never says what is not so.

// cmocka.h wants these four before it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/host/host.h"
#include "daemon/runtime/runtime.h"
#include "daemon/settings/paths.h"
#include "daemon/settings/setup.h"
#include "daemon/sim/storage/storage.h"
#include "display/chip/chip.h"

#include <cmocka.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PRESS_MS = 120,
    HOLD_MS = 700,
    SETTLE_MS = 8000, // longer than a refresh and its deep sleep, shorter than a card
    MINUTE_MS = 60 * 1000,
    LATE_MS = 10,     // a panel at rest has had its reset by then
    PRESSES_MAX = 40, // from the invitation to the countdown, the health page included
};

static const int64_t evening_ms = INT64_C(1772481600) * 1000; // 2026-03-02 21:00 in Berlin

struct scene {
    char dir[32];
    struct paths *paths;
    struct host_load load;
    struct zone *zone;
    struct storage *storage;
    struct wire wire; // in front of the chip's
    struct chip *chip;
    struct runtime *runtime;
    struct moment now;
    bool listening;  // the last gesture is being decided
    bool listens_on; // what follows is listened to as well
    char log[256];   // what it brought about: "line page session save"
    int refreshes;
    char fault[256]; // the last of a page
};

static void note(struct scene *scene, const char *what) {
    const size_t used = strlen(scene->log);
    if (!scene->listening) {
        return;
    }
    assert_true(used + strlen(what) + 2 < sizeof scene->log);
    snprintf(scene->log + used, sizeof scene->log - used, "%s%s", used > 0 ? " " : "", what);
}

// ---- the wire: tells when the supply's line moves, the first thing that a refresh does ----

static struct scene *scene_of(struct wire *wire) {
    return (struct scene *)((char *)wire - offsetof(struct scene, wire));
}

static struct wire *chip_of(struct wire *wire) {
    return chip_wire(scene_of(wire)->chip);
}

static int send_command(struct wire *wire, uint8_t command) {
    return chip_of(wire)->ops->command(chip_of(wire), command);
}

static int send_data(struct wire *wire, const uint8_t *bytes, size_t count) {
    return chip_of(wire)->ops->data(chip_of(wire), bytes, count);
}

static int set_reset(struct wire *wire, bool asserted) {
    return chip_of(wire)->ops->reset(chip_of(wire), asserted);
}

static int set_power(struct wire *wire, bool on) {
    note(scene_of(wire), "line");
    return chip_of(wire)->ops->power(chip_of(wire), on);
}

static int get_busy(struct wire *wire, bool *high) {
    return chip_of(wire)->ops->busy(chip_of(wire), high);
}

static const struct wire_ops ops = {
    .command = send_command, .data = send_data, .reset = set_reset, .power = set_power, .busy = get_busy};

// ---- the scene ----

static int64_t now_ms(void *context) {
    return ((const struct scene *)context)->now.boot_ms;
}

static void hear(void *context, const struct runtime_event *event, struct moment now) {
    static const char *const names[] = {
        [RUNTIME_PAGE] = "page",       [RUNTIME_REFRESH] = "refresh", [RUNTIME_SESSION] = "session",
        [RUNTIME_SAVE] = "save",       [RUNTIME_AWAY] = "away",       [RUNTIME_SETTING] = "setting",
        [RUNTIME_CORRECT] = "correct", [RUNTIME_CUE] = "cue",         [RUNTIME_FAULT] = "fault",
    };
    struct scene *scene = context;
    (void)now;
    scene->refreshes += event->kind == RUNTIME_REFRESH;
    if (event->kind == RUNTIME_REFRESH) {
        assert_string_equal(event->refresh.page, device_page_name(runtime_device(scene->runtime)));
    }
    if (event->kind == RUNTIME_FAULT && event->fault.part == RUNTIME_PART_PAGE) {
        snprintf(scene->fault, sizeof scene->fault, "%s", event->fault.sentence);
    }
    note(scene, names[event->kind]);
}

static void run_for(struct scene *scene, int64_t ms) {
    const int64_t until_ms = scene->now.boot_ms + ms;
    for (;;) {
        const int64_t deadline_ms = runtime_deadline(scene->runtime, scene->now);
        const int64_t edge_ms = chip_next_edge_ms(scene->chip);
        const int64_t next_ms = edge_ms < deadline_ms ? edge_ms : deadline_ms;
        const int64_t to_ms = next_ms < until_ms ? next_ms : until_ms;
        if (to_ms > scene->now.boot_ms) {
            scene->now.system_ms += to_ms - scene->now.boot_ms;
            scene->now.boot_ms = to_ms;
        }
        if (next_ms > until_ms) {
            return;
        }
        runtime_tick(scene->runtime, scene->now);
        assert_null(chip_violation(scene->chip));
    }
}

static void begin(struct scene *scene, bool writes_late) {
    *scene = (struct scene){
        .dir = "/tmp/karani-runtime-XXXXXX", .wire = {.ops = &ops, .max_message = 4096}, .now.system_ms = evening_ms};
    char none[64], sentence[256];
    assert_non_null(mkdtemp(scene->dir));
    snprintf(none, sizeof none, "%s/none.conf", scene->dir);
    assert_int_equal(paths_find(&scene->paths, false), 0);
    assert_int_equal(host_load(&scene->load, none, false, scene->paths), 0);
    setup_speak(scene->load.setup, scene->paths);
    assert_int_equal(storage_new(&scene->storage, "karani-runtime-test"), 0);
    scene->chip = chip_new(&(struct chip_setup){.row = scene->load.setup->row, .now_ms = now_ms, .context = scene});
    assert_non_null(scene->chip);
    chip_set_power(scene->chip, true);
    scene->now.boot_ms = 20000;
    scene->zone = zone_open("Europe/Berlin");
    assert_non_null(scene->zone);
    const struct runtime_setup setup = {.setup = scene->load.setup,
                                        .zone = scene->zone,
                                        .boot_id = "0f0f0f0f-0000-4000-8000-000000000001",
                                        .wire = &scene->wire,
                                        .state_dir = scene->dir,
                                        .vfs = storage_vfs(scene->storage),
                                        .synchronised = true,
                                        .writes_late = writes_late,
                                        .listener = hear,
                                        .context = scene};
    if (runtime_new(&scene->runtime, &setup, scene->now, sentence, sizeof sentence) < 0) {
        fail_msg("%s", sentence);
    }
    run_for(scene, (int64_t)4 * SETTLE_MS);
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *at) {
    (void)status;
    (void)kind;
    (void)at;
    return remove(path);
}

static void end(struct scene *scene) {
    runtime_free(scene->runtime);
    chip_free(scene->chip);
    storage_free(scene->storage);
    host_unload(&scene->load);
    paths_free(scene->paths);
    zone_unref(scene->zone);
    assert_int_equal(nftw(scene->dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static void push(struct scene *scene, int64_t ms) {
    runtime_edge(scene->runtime, BUTTON_MAIN, true, scene->now.boot_ms, scene->now);
    run_for(scene, ms);
    scene->log[0] = '\0';
    scene->listening = true;
    runtime_edge(scene->runtime, BUTTON_MAIN, false, scene->now.boot_ms, scene->now);
    scene->listening = scene->listens_on;
}

static void press(struct scene *scene) {
    push(scene, PRESS_MS);
}

static void hold(struct scene *scene) {
    push(scene, HOLD_MS);
    run_for(scene, SETTLE_MS);
}

static bool shows(const struct scene *scene, enum page_id page) {
    return device_view(runtime_device(scene->runtime))->page == page;
}

// Presses until a press has brought the page; it is not settled yet.
static void press_to(struct scene *scene, enum page_id page) {
    for (int i = 0; i < PRESSES_MAX; i++) {
        press(scene);
        if (shows(scene, page)) {
            return;
        }
        run_for(scene, SETTLE_MS);
    }
    fail_msg("after %s the page never comes", device_page_name(runtime_device(scene->runtime)));
}

static void hold_to(struct scene *scene, enum page_id page) {
    for (int i = 0; i < PRESSES_MAX && !shows(scene, page); i++) {
        hold(scene);
    }
    assert_true(shows(scene, page));
}

static void expect_on_glass(struct scene *scene) {
    assert_true(chip_is_asleep(scene->chip));
    assert_true(frame_equal(chip_glass(scene->chip), screen_frame(runtime_screen(scene->runtime))));
}

// Lets the time pass up to what the gesture brings about.
static void expect_next(struct scene *scene, int64_t within_ms, const char *log) {
    scene->listens_on = scene->listening = true;
    for (int64_t ms = 0; strcmp(scene->log, log) != 0; ms++) {
        if (ms > within_ms) {
            fail_msg("%s, not %s", scene->log, log);
        }
        run_for(scene, 1);
    }
    scene->listens_on = scene->listening = false;
}

// ---- the tests ----

// The driver's first act comes before the card's: its prescribed waits and the flush run side by side.
static void glass_is_begun_before_the_diary_is_written(void **state) {
    (void)state;
    struct scene scene;
    begin(&scene, false);
    hold_to(&scene, PAGE_MONTH);
    press(&scene);
    assert_string_equal(scene.log, "line page away save");
    run_for(&scene, SETTLE_MS);
    hold_to(&scene, PAGE_MINUTES);
    press(&scene);
    assert_string_equal(scene.log, "line page setting save");
    run_for(&scene, SETTLE_MS);
    hold_to(&scene, PAGE_INVITE);
    press_to(&scene, PAGE_COUNTDOWN);
    assert_string_equal(scene.log, "line page session save");
    run_for(&scene, SETTLE_MS);
    press(&scene);
    assert_string_equal(scene.log, "line page session save");
    assert_true(shows(&scene, PAGE_PAUSED));
    run_for(&scene, SETTLE_MS);
    expect_on_glass(&scene);
    end(&scene);
}

// What the page shows then follows from the diary as it is after it.
static void undo_is_written_before_it_is_drawn(void **state) {
    (void)state;
    struct scene scene;
    begin(&scene, false);
    press_to(&scene, PAGE_COUNTDOWN);
    run_for(&scene, (int64_t)11 * MINUTE_MS);
    assert_true(shows(&scene, PAGE_WAY_OUT));
    press_to(&scene, PAGE_GOOD_NIGHT);
    run_for(&scene, SETTLE_MS);
    hold_to(&scene, PAGE_UNDO);
    press(&scene);
    assert_string_equal(scene.log, "session save line page");
    run_for(&scene, SETTLE_MS);
    expect_on_glass(&scene);
    end(&scene);
}

// While a refresh runs a drawing waits for its end in any case: the card comes first.
static void busy_panel_lets_the_diary_go_first(void **state) {
    (void)state;
    struct scene scene;
    begin(&scene, false);
    hold_to(&scene, PAGE_MINUTES);
    press(&scene);
    run_for(&scene, PRESS_MS);
    press(&scene);
    assert_string_equal(scene.log, "setting save page");
    run_for(&scene, SETTLE_MS);
    expect_on_glass(&scene);
    end(&scene);
}

// A card that turns out to be full: the page that was begun takes the line that says so before any of it was sent. One
// refresh, of the kind that the page asked for; and one that takes the line away again.
static void hide_nothing(bool late) {
    struct scene scene;
    begin(&scene, late);
    press_to(&scene, PAGE_CARD);
    for (;;) {
        const struct view *view = device_view(runtime_device(scene.runtime));
        run_for(&scene, SETTLE_MS);
        if (view->card.index == view->card.count - 1) {
            break;
        }
        press(&scene);
    }
    storage_set_fault(scene.storage, STORAGE_FAULT_FULL);
    scene.refreshes = 0;
    press(&scene);
    assert_true(shows(&scene, PAGE_COUNTDOWN));
    expect_next(&scene, late ? LATE_MS : 0, "line page session save fault page");
    assert_true(device_view(runtime_device(scene.runtime))->not_kept);
    assert_int_equal(screen_kind(runtime_screen(scene.runtime)), REFRESH_FULL);
    run_for(&scene, SETTLE_MS);
    assert_int_equal(scene.refreshes, 1);
    expect_on_glass(&scene);
    storage_set_fault(scene.storage, STORAGE_FAULT_NONE);
    run_for(&scene, MINUTE_MS);
    assert_false(device_view(runtime_device(scene.runtime))->not_kept);
    expect_on_glass(&scene);
    end(&scene);
}

static void page_never_hides_what_is_not_kept(void **state) {
    (void)state;
    hide_nothing(false);
    hide_nothing(true);
}

// As the daemon has it: the panel is woken, RES# has its pulse, and the card is written to in the wait after it, before
// the first byte. What comes in between finds everything written that was decided before it.
static void diary_is_written_in_the_wait_of_the_reset(void **state) {
    (void)state;
    struct scene scene;
    begin(&scene, true);
    hold_to(&scene, PAGE_MINUTES);
    press(&scene);
    assert_string_equal(scene.log, "line page");
    expect_next(&scene, LATE_MS, "line page setting save");
    run_for(&scene, SETTLE_MS);
    press(&scene);
    assert_string_equal(scene.log, "line page");
    runtime_stop(scene.runtime, scene.now);
    char *minutes = NULL;
    assert_int_equal(diary_get(runtime_diary(scene.runtime), "minutes", &minutes), 0);
    assert_string_equal(minutes, "{\"v\":1,\"chosen\":12,\"configured\":10}"); // two presses more than the settings say
    free(minutes);
    end(&scene);
}

static int count_night(void *context, int32_t night) {
    (void)night;
    ++*(int *)context;
    return 0;
}

// A correction from outside is made on what the glass says: what it decided before is written before.
static void nothing_is_late_for_a_correction(void **state) {
    (void)state;
    struct scene scene;
    int away = 0;
    begin(&scene, true);
    hold_to(&scene, PAGE_MONTH);
    press(&scene);
    assert_string_equal(scene.log, "line page");
    runtime_write_now(scene.runtime, scene.now);
    assert_int_equal(diary_each_away(runtime_diary(scene.runtime), count_night, &away), 0);
    assert_int_equal(away, 1);
    run_for(&scene, SETTLE_MS);
    expect_on_glass(&scene);
    end(&scene);
}

// What waits for the panel when another event has something to write goes before that.
static void what_was_decided_before_is_written_before(void **state) {
    (void)state;
    struct scene scene;
    begin(&scene, true);
    hold_to(&scene, PAGE_MINUTES);
    press(&scene);
    assert_string_equal(scene.log, "line page");
    scene.listening = true;
    runtime_clock_set(scene.runtime, evening_ms / 1000 + 3600 + 7200, scene.now);
    assert_string_equal(scene.log, "line page setting save setting save correct page");
    scene.listening = false;
    run_for(&scene, SETTLE_MS);
    expect_on_glass(&scene);
    end(&scene);
}

// The choice of a press is on the card if the daemon ends right after it, and is not if it is killed: it was never said
// to be.
static void last_decision_is_written_at_the_end(bool killed) {
    struct scene scene;
    char *minutes = NULL, sentence[256];
    struct diary *diary;
    begin(&scene, true);
    hold_to(&scene, PAGE_MINUTES);
    press(&scene);
    assert_string_equal(scene.log, "line page");
    if (killed) {
        runtime_abandon(scene.runtime);
    } else {
        runtime_free(scene.runtime);
    }
    scene.runtime = NULL;
    assert_int_equal(diary_open(&diary, scene.dir, storage_vfs(scene.storage), sentence, sizeof sentence), 0);
    assert_int_equal(diary_get(diary, "minutes", &minutes), 0);
    if (killed) {
        assert_null(minutes);
    } else {
        assert_string_equal(minutes, "{\"v\":1,\"chosen\":11,\"configured\":10}");
    }
    free(minutes);
    diary_close(diary);
    end(&scene);
}

static void nothing_waits_beyond_the_end(void **state) {
    (void)state;
    last_decision_is_written_at_the_end(false);
    last_decision_is_written_at_the_end(true);
}

// A picture that is missing after the start: the page comes without it, and that is told once, until it is there again.
static void page_that_lacks_something_is_told(void **state) {
    (void)state;
    struct scene scene;
    begin(&scene, false);
    press_to(&scene, PAGE_CARD); // past the questions
    run_for(&scene, SETTLE_MS);
    hold_to(&scene, PAGE_INVITE);
    const struct page_words *card = &scene.load.setup->routine->cards[0].words[scene.load.setup->config->variant];
    struct page_words *words = (struct page_words *)(uintptr_t)card;
    const char *picture = words->picture;
    words->picture = "/nowhere/sit.svg";
    for (int evening = 0; evening < 4; evening++) {
        if (evening == 2) {
            words->picture = picture;
        } else if (evening == 3) {
            words->picture = "/nowhere/sit.svg";
        }
        press_to(&scene, PAGE_CARD);
        assert_string_equal(scene.log, evening == 0 || evening == 3 ? "line fault page" : "line page");
        run_for(&scene, SETTLE_MS);
        hold_to(&scene, PAGE_INVITE);
        run_for(&scene, SETTLE_MS);
    }
    assert_string_equal(scene.fault, "The page card:sit could not be drawn whole: No such file or directory.");
    end(&scene);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(page_that_lacks_something_is_told),
        cmocka_unit_test(what_was_decided_before_is_written_before),
        cmocka_unit_test(nothing_waits_beyond_the_end),
        cmocka_unit_test(nothing_is_late_for_a_correction),
        cmocka_unit_test(glass_is_begun_before_the_diary_is_written),
        cmocka_unit_test(undo_is_written_before_it_is_drawn),
        cmocka_unit_test(busy_panel_lets_the_diary_go_first),
        cmocka_unit_test(diary_is_written_in_the_wait_of_the_reset),
        cmocka_unit_test(page_never_hides_what_is_not_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
