// The runtime from their start to their end: what comes in goes to the device, its effects is carried out.
#include "daemon/runtime/inside.h"

#include "daemon/settings/setup.h"
#include "display/panel/rows.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static int count_faces(void *context, const struct view *view) {
    struct runtime *runtime = context;

    return screen_faces(runtime->screen, view);
}

static int start_easel(struct runtime *runtime, const struct runtime_setup *setup, char *sentence,
                       size_t sentence_size) {
    const struct screen_setup screen = {
        .row = setup->setup->row,
        .rotate_deg = setup->setup->board->rotate_deg,
        .reading_m = setup->setup->reading_m,
        .partials_per_full = setup->setup->config->partials_per_full,
        .font_dir = setup->font_dir,
        .wire = setup->wire,
        .listener = runtime_hear_screen,
        .context = runtime,
    };

    return screen_new(&runtime->screen, &screen, runtime->now.boot_ms, sentence, sentence_size);
}

static int start_keeper(struct runtime *runtime, const struct runtime_setup *setup, struct device_start *start) {
    int error = keeper_open(&runtime->keeper, setup->state_dir, setup->vfs, setup->boot_id, runtime->now.boot_ms);

    if (error < 0) {
        return error;
    }
    const char *sentence = keeper_sentence(runtime->keeper);

    if (sentence != NULL) {
        runtime_tell(runtime,
                     &(struct runtime_event){.kind = RUNTIME_FAULT, .fault = {.part = "diary", .sentence = sentence}});
    }
    return keeper_read(runtime->keeper, runtime->now, start);
}

static int start_device(struct runtime *runtime, const struct runtime_setup *setup, struct device_start *start) {
    const struct device_setup device = {
        .config = setup->setup->config,
        .routine = setup->setup->routine,
        .zone = setup->zone,
        .version = setup->version,
        .panel = setup->setup->row->title,
        .boot_id = setup->boot_id,
        .faces = count_faces,
        .context = runtime,
    };
    struct effects effects;

    int error = device_new(&runtime->device, &device, start, runtime->now, &effects);

    if (error == 0) {
        runtime_carry_out(runtime, &effects);
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
        made->zone = setup->zone;
        made->writes_late = setup->writes_late;
        made->now = now;
        made->fleeting = setup->fleeting;
        made->backups = setup->setup->config->backups;
        error = start_easel(made, setup, sentence, sentence_size);
        if (error == 0) {
            error = start_keeper(made, setup, &start);
        }
        if (error == 0) {
            made->saved = !runtime_keep(made); // the device is told that nothing is kept
            error = start_device(made, setup, &start);
        }
    }
    if (error < 0) {
        habit_log_clear(&start.diary.log);
        runtime_free(made);
        return error;
    }
    runtime_feed_trouble(made, PAGE_TROUBLE_CONFIG, setup->config_trouble);
    runtime_feed_trouble(made, PAGE_TROUBLE_ROUTINE, setup->routine_trouble);
    runtime_settle(made);
    *runtime = made;
    return 0;
}

void runtime_free(struct runtime *runtime) {
    if (runtime == NULL) {
        return;
    }
    runtime_write_late(runtime);
    device_free(runtime->device);
    keeper_close(runtime->keeper);
    screen_free(runtime->screen);
    free(runtime);
}

void runtime_abandon(struct runtime *runtime) {
    if (runtime == NULL) {
        return;
    }
    device_free(runtime->device);
    keeper_abandon(runtime->keeper);
    screen_free(runtime->screen);
    free(runtime);
}

// Whether the panel passes a wait that has room for a flush, or has let the diary wait long enough.
static bool is_time_to_write(const struct runtime *runtime, int64_t boot_ms) {
    return boot_ms >= runtime->late_ms || screen_deadline(runtime->screen) - boot_ms >= RUNTIME_ROOM_MS;
}

void runtime_step_panel(struct runtime *runtime, struct moment now) {
    runtime->now = now;
    screen_step(runtime->screen, now.boot_ms);
    if (is_time_to_write(runtime, now.boot_ms)) {
        runtime_write_late(runtime);
    }
}

void runtime_pass_time(struct runtime *runtime, struct moment now) {
    runtime->now = now;
    if (keeper_tick(runtime->keeper, now.boot_ms)) {
        runtime_tell_saved(runtime, keeper_is_kept(runtime->keeper));
    }
    if (!runtime->stopping) {
        runtime_feed(runtime, &(struct device_event){.kind = DEVICE_TIME});
        runtime_settle(runtime);
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
    int64_t deadline = min_ms(screen_deadline(runtime->screen), keeper_deadline(runtime->keeper));

    if (runtime->late.count > 0) {
        deadline = min_ms(deadline, runtime->late_ms);
    }
    return runtime->stopping ? deadline : min_ms(deadline, device_deadline(runtime->device, now));
}

void runtime_edge(struct runtime *runtime, enum button button, bool down, int64_t boot_ms, struct moment now) {
    assert(boot_ms <= now.boot_ms);
    runtime->now = now;
    runtime_feed(runtime, &(struct device_event){.kind = DEVICE_EDGE,
                                                 .edge = {.button = button, .down = down, .boot_ms = boot_ms}});
    runtime_settle(runtime);
}

void runtime_clock_synced(struct runtime *runtime, struct moment now) {
    runtime->now = now;
    runtime_feed(runtime, &(struct device_event){.kind = DEVICE_CLOCK_SYNCED});
    runtime_settle(runtime);
}

void runtime_clock_set(struct runtime *runtime, int64_t local_s, struct moment now) {
    runtime->now = now;
    runtime_feed(runtime, &(struct device_event){.kind = DEVICE_CLOCK_SET, .local_s = local_s});
    runtime_settle(runtime);
}

void runtime_zone(struct runtime *runtime, const struct zone *zone, struct moment now) {
    runtime->now = now;
    runtime->zone = zone;
    runtime_feed(runtime, &(struct device_event){.kind = DEVICE_ZONE, .zone = zone});
    runtime_settle(runtime);
}

void runtime_write_now(struct runtime *runtime, struct moment now) {
    runtime->now = now;
    runtime_write_late(runtime);
    runtime_settle(runtime);
}

void runtime_diary_changed(struct runtime *runtime, struct moment now) {
    runtime->now = now;
    runtime_write_late(runtime);
    if (keeper_catch_up(runtime->keeper, now.boot_ms)) {
        runtime_tell_saved(runtime, keeper_is_kept(runtime->keeper));
    }
    runtime->diary_changed = true;
    runtime_settle(runtime);
}

void runtime_stop(struct runtime *runtime, struct moment now) {
    runtime->now = now;
    runtime_write_late(runtime);
    runtime->stopping = true;
    keeper_note_care(runtime->keeper, &(struct keeper_care){.idle = false}, now.boot_ms);
    screen_stop(runtime->screen, now.boot_ms);
}

bool runtime_is_stopping(const struct runtime *runtime) {
    return runtime->stopping && screen_is_busy(runtime->screen);
}

const struct device *runtime_device(const struct runtime *runtime) {
    return runtime->device;
}

struct diary *runtime_diary(struct runtime *runtime) {
    return keeper_diary(runtime->keeper);
}

const char *runtime_diary_sentence(const struct runtime *runtime) {
    return keeper_sentence(runtime->keeper);
}

const char *runtime_text(const struct runtime *runtime) {
    return screen_text(runtime->screen);
}

enum refresh_kind runtime_refresh_kind(const struct runtime *runtime) {
    return screen_kind(runtime->screen);
}

const struct frame *runtime_frame(const struct runtime *runtime) {
    return screen_frame(runtime->screen);
}

bool runtime_panel_is_given_up(const struct runtime *runtime) {
    return screen_is_given_up(runtime->screen);
}
