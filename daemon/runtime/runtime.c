// The runtime from its start to its end: what comes in goes to the device, which is answered until it is quiet.
#include "daemon/core/page_rules.h"
#include "daemon/diary/outbox.h"
#include "daemon/runtime/gather.h"
#include "daemon/runtime/inside.h"

#include "daemon/settings/setup.h"
#include "display/panel/rows.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS_MAX = 32 }; // rule 8

// ---- what the parts tell ----

void runtime_tell(struct runtime *runtime, const struct runtime_event *event) {
    runtime->listener(runtime->context, event, runtime->now);
}

static void hear_outbox(void *context, enum outbox_event event) {
    struct runtime *runtime = context;

    switch (event) {
    case OUTBOX_OPENED:
        gather_late_choices(runtime->diary, &runtime->late);
        runtime->choices_late = true;
        runtime->diary_changed = true;
        troubles_note_restoration(&runtime->troubles, runtime->diary);
        break;
    case OUTBOX_RESTORED:
        runtime->diary_changed = true;
        troubles_note_restoration(&runtime->troubles, runtime->diary);
        break;
    case OUTBOX_TRIED:
        troubles_note_diary(&runtime->troubles, runtime->diary);
        break;
    }
}

// ---- the device: what it is told, and what it answers ----

static void feed(struct runtime *runtime, const struct device_event *event) {
    struct effects effects;

    device_handle(runtime->device, event, runtime->now, &effects);
    effects_take(runtime, &effects);
}

// The page's own words, in the device's language, say what each means.
static void feed_troubles(struct runtime *runtime) {
    struct troubles *troubles = &runtime->troubles;

    for (enum page_trouble cause; (cause = troubles_take_change(troubles)) != PAGE_TROUBLE_NONE;) {
        feed(runtime, &(struct device_event){.kind = DEVICE_TROUBLE,
                                             .trouble = {.cause = cause,
                                                         .present = troubles_has(troubles, cause),
                                                         .place = troubles->of[cause].place,
                                                         .sessions = troubles->sessions}});
    }
}

static bool feed_saved(struct runtime *runtime) {
    bool saved = troubles_all_is_saved(&runtime->troubles);
    bool changed = runtime->saved && saved != device_is_kept(runtime->device);

    runtime->saved = false;
    if (changed) {
        feed(runtime, &(struct device_event){.kind = DEVICE_KEPT, .kept = saved});
    }
    return changed;
}

static void feed_nights(struct runtime *runtime) {
    const struct karani_clock *clock = device_clock(runtime->device);
    int64_t now_utc_s = clock_is_known(clock) ? clock_utc_s(clock, runtime->now) : INT64_MAX;
    struct device_diary known;

    effects_write(runtime); // rule 6
    // Without memory the device goes on with what it knew.
    int error = gather_nights(runtime->diary, runtime->boot_id, now_utc_s, &known);

    troubles_note_diary(&runtime->troubles, runtime->diary);
    if (error == 0) {
        feed(runtime, &(struct device_event){.kind = DEVICE_DIARY, .diary = &known});
        habit_log_clear(&known.log);
    }
}

static bool feed_diary(struct runtime *runtime) {
    if (!runtime->diary_changed) {
        return false;
    }
    runtime->diary_changed = false;
    if (runtime->choices_late) {
        runtime->choices_late = false;
        feed(runtime, &(struct device_event){.kind = DEVICE_CHOICES, .choices = &runtime->late});
    }
    feed_nights(runtime);
    return true;
}

static bool feed_glass(struct runtime *runtime) {
    bool quiet = screen_take_quiet(runtime->screen);

    if (!quiet && !screen_take_full_due(runtime->screen, runtime->now.boot_ms)) {
        return false;
    }
    feed(runtime, &(struct device_event){.kind = quiet ? DEVICE_GLASS_QUIET : DEVICE_FULL_DUE});
    return true;
}

static void note_upkeep(struct runtime *runtime) {
    const struct karani_clock *clock = device_clock(runtime->device);
    const struct upkeep_state state = {
        .idle = page_rules(device_view(runtime->device)->page)->class == PAGE_CLASS_IDLE,
        .utc_s = clock_is_known(clock) ? clock_utc_s(clock, runtime->now) : 0,
        .backups = runtime->backups,
    };

    upkeep_note(&runtime->upkeep, &state, runtime->now.boot_ms);
}

// Answers the device until it has no effect left, and draws what it wants (rules 7 and 8).
static void settle(struct runtime *runtime) {
    int rounds = 0;

    do {
        rounds++;
        assert(rounds <= ROUNDS_MAX);
        feed_troubles(runtime);
    } while (feed_saved(runtime) || feed_diary(runtime) || effects_draw(runtime) || feed_glass(runtime));
    note_upkeep(runtime);
}

// What happens at `now`.
static void happen(struct runtime *runtime, const struct device_event *event, struct moment now) {
    runtime->now = now;
    feed(runtime, event);
    settle(runtime);
}

// ---- beginning and ending ----

static int count_faces(void *context, const struct view *view) {
    struct runtime *runtime = context;

    return screen_faces(runtime->screen, view);
}

static int start_screen(struct runtime *runtime, const struct runtime_setup *setup, char *sentence,
                        size_t sentence_size) {
    const struct screen_setup screen = {
        .setup = setup->setup,
        .wire = setup->wire,
        .listener = effects_hear_screen,
        .context = runtime,
    };

    int error = screen_new(&runtime->screen, &screen, runtime->now.boot_ms, sentence, sentence_size);

    runtime->refresh = error == 0 ? screen_refresh(runtime->screen) : NULL;
    return error;
}

static int start_diary(struct runtime *runtime, const struct runtime_setup *setup, struct device_start *start) {
    int error = outbox_open(&runtime->diary, setup->state_dir, setup->vfs, setup->boot_id, runtime->now.boot_ms);

    if (error < 0) {
        return error;
    }
    runtime->upkeep = (struct upkeep){.diary = runtime->diary, .boot_id = setup->boot_id};
    outbox_listen(runtime->diary, hear_outbox, runtime);
    troubles_note_restoration(&runtime->troubles, runtime->diary);
    troubles_note_diary(&runtime->troubles, runtime->diary);
    const char *sentence = troubles_of_diary(&runtime->troubles);

    if (sentence != NULL) {
        runtime_tell(runtime, &(struct runtime_event){.kind = RUNTIME_FAULT,
                                                      .fault = {.part = RUNTIME_PART_DIARY, .sentence = sentence}});
    }
    error = gather_start(runtime->diary, setup->boot_id, runtime->now, start);
    troubles_note_diary(&runtime->troubles, runtime->diary);
    return error;
}

static int start_device(struct runtime *runtime, const struct runtime_setup *setup, struct device_start *start) {
    const struct device_setup device = {
        .config = setup->setup->config,
        .routine = setup->setup->routine,
        .zone = setup->zone,
        .version = KARANI_VERSION,
        .panel = setup->setup->row->title,
        .boot_id = setup->boot_id,
        .faces = count_faces,
        .context = runtime,
    };
    struct effects effects;

    int error = device_new(&runtime->device, &device, start, runtime->now, &effects);

    if (error == 0) {
        effects_take(runtime, &effects);
    }
    return error;
}

int runtime_new(struct runtime **runtime, const struct runtime_setup *setup, struct moment now, char *sentence,
                size_t sentence_size) {
    struct runtime *made = calloc(1, sizeof *made);
    struct device_start start = {.rtc_trusted = setup->rtc_trusted, .synchronised = setup->synchronised};
    int error = -ENOMEM;

    snprintf(sentence, sentence_size, "Memory is out.");
    if (made != NULL) {
        made->listener = setup->listener;
        made->context = setup->context;
        made->boot_id = setup->boot_id;
        made->zone = setup->zone;
        made->writes_late = setup->writes_late;
        made->now = now;
        troubles_set_place(&made->troubles, PAGE_TROUBLE_CONFIG, setup->config_trouble);
        troubles_set_place(&made->troubles, PAGE_TROUBLE_ROUTINE, setup->routine_trouble);
        troubles_set(&made->troubles, PAGE_TROUBLE_PLACE, setup->place_trouble != NULL, setup->place_trouble);
        made->backups = setup->setup->config->backups;
        error = start_screen(made, setup, sentence, sentence_size);
        if (error == 0) {
            error = start_diary(made, setup, &start);
        }
        if (error == 0) {
            made->saved = true; // the device is told if nothing is
            error = start_device(made, setup, &start);
        }
    }
    if (error < 0) {
        habit_log_clear(&start.diary.log);
        runtime_free(made);
        return error;
    }
    settle(made);
    *runtime = made;
    return 0;
}

void runtime_free(struct runtime *runtime) {
    if (runtime == NULL) {
        return;
    }
    effects_write(runtime); // rule 6
    device_free(runtime->device);
    diary_close(runtime->diary);
    screen_free(runtime->screen);
    free(runtime);
}

void runtime_abandon(struct runtime *runtime) {
    if (runtime == NULL) {
        return;
    }
    device_free(runtime->device);
    diary_abandon(runtime->diary);
    screen_free(runtime->screen);
    free(runtime);
}

// ---- what comes in ----

void runtime_step_panel(struct runtime *runtime, struct moment now) {
    runtime->now = now;
    refresh_step(runtime->refresh, now.boot_ms);
    effects_write_when_due(runtime);
}

void runtime_pass_time(struct runtime *runtime, struct moment now) {
    runtime->now = now;
    upkeep_tick(&runtime->upkeep, now.boot_ms);
    if (outbox_tick(runtime->diary, now.boot_ms)) {
        effects_tell_saved(runtime, outbox_is_empty(runtime->diary));
    }
    if (!runtime->stopping) {
        happen(runtime, &(struct device_event){.kind = DEVICE_TIME}, now);
    }
}

void runtime_tick(struct runtime *runtime, struct moment now) {
    runtime_step_panel(runtime, now);
    runtime_pass_time(runtime, now);
}

static int64_t min_ms(int64_t a, int64_t b) {
    return a < b ? a : b;
}

int64_t runtime_deadline(const struct runtime *runtime, struct moment now) {
    int64_t deadline = min_ms(refresh_deadline(runtime->refresh),
                              min_ms(outbox_deadline(runtime->diary), upkeep_deadline(&runtime->upkeep)));

    if (runtime->queue.writes.count > 0) {
        deadline = min_ms(deadline, runtime->queue.by_ms);
    }
    return runtime->stopping ? deadline : min_ms(deadline, device_deadline(runtime->device, now));
}

void runtime_edge(struct runtime *runtime, enum button button, bool down, int64_t boot_ms, struct moment now) {
    assert(boot_ms <= now.boot_ms);
    happen(runtime,
           &(struct device_event){.kind = DEVICE_EDGE, .edge = {.button = button, .down = down, .boot_ms = boot_ms}},
           now);
}

void runtime_clock_synced(struct runtime *runtime, struct moment now) {
    happen(runtime, &(struct device_event){.kind = DEVICE_CLOCK_SYNCED}, now);
}

void runtime_clock_set(struct runtime *runtime, int64_t local_s, struct moment now) {
    happen(runtime, &(struct device_event){.kind = DEVICE_CLOCK_SET, .local_s = local_s}, now);
}

void runtime_zone(struct runtime *runtime, const struct zone *zone, struct moment now) {
    runtime->zone = zone;
    happen(runtime, &(struct device_event){.kind = DEVICE_ZONE, .zone = zone}, now);
}

void runtime_write_now(struct runtime *runtime, struct moment now) {
    runtime->now = now;
    effects_write(runtime);
    settle(runtime);
}

void runtime_diary_changed(struct runtime *runtime, struct moment now) {
    runtime->now = now;
    effects_write(runtime);
    outbox_look(runtime->diary);
    if (outbox_catch_up(runtime->diary, now.boot_ms)) {
        effects_tell_saved(runtime, outbox_is_empty(runtime->diary));
    }
    runtime->diary_changed = true;
    settle(runtime);
}

void runtime_diary_tried(struct runtime *runtime) {
    outbox_look(runtime->diary);
}

bool runtime_diary_answers(struct runtime *runtime) {
    int64_t utc_s;
    bool answers = diary_last_time(runtime->diary, &utc_s) == 0 || diary_health(runtime->diary) != DIARY_GOOD;

    troubles_note_diary(&runtime->troubles, runtime->diary);
    return answers;
}

void runtime_stop(struct runtime *runtime, struct moment now) {
    runtime->now = now;
    effects_write(runtime);
    runtime->stopping = true;
    upkeep_note(&runtime->upkeep, &(struct upkeep_state){.idle = false}, now.boot_ms);
    refresh_stop(runtime->refresh, now.boot_ms);
}

bool runtime_is_stopping(const struct runtime *runtime) {
    return runtime->stopping && refresh_is_busy(runtime->refresh);
}

const struct device *runtime_device(const struct runtime *runtime) {
    return runtime->device;
}

struct diary *runtime_diary(struct runtime *runtime) {
    return runtime->diary;
}

const struct troubles *runtime_troubles(const struct runtime *runtime) {
    return &runtime->troubles;
}

const struct screen *runtime_screen(const struct runtime *runtime) {
    return runtime->screen;
}
