// The hands from their start to their end: what comes in goes to the device, what it intends is carried out.
#include "daemon/runtime/inside.h"

#include "daemon/settings/setup.h"
#include "display/panel/rows.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static int count_faces(void *context, const struct view *view) {
    struct hands *hands = context;

    return easel_faces(hands->easel, view);
}

static int start_easel(struct hands *hands, const struct hands_setup *setup, char *error, size_t error_size) {
    const struct easel_setup easel = {
        .row = setup->setup->row,
        .rotate_deg = setup->setup->board->rotate_deg,
        .reading_m = setup->setup->reading_m,
        .partials_per_full = setup->setup->config->partials_per_full,
        .font_dir = setup->font_dir,
        .wire = setup->wire,
        .listener = hands_hear_easel,
        .context = hands,
    };

    return easel_new(&hands->easel, &easel, hands->now.boot_ms, error, error_size);
}

static int start_keeper(struct hands *hands, const struct hands_setup *setup, struct device_start *start) {
    int result = keeper_open(&hands->keeper, setup->state_dir, setup->vfs, setup->boot_id, hands->now.boot_ms);

    if (result < 0) {
        return result;
    }
    const char *sentence = keeper_sentence(hands->keeper);

    if (sentence != NULL) {
        hands_tell(hands, &(struct hands_event){.kind = HANDS_FAULT, .fault = {.part = "diary", .sentence = sentence}});
    }
    return keeper_read(hands->keeper, hands->now, start);
}

static int start_device(struct hands *hands, const struct hands_setup *setup, struct device_start *start) {
    const struct device_setup device = {
        .config = setup->setup->config,
        .routine = setup->setup->routine,
        .zone = setup->zone,
        .version = setup->version,
        .panel = setup->setup->row->title,
        .boot_id = setup->boot_id,
        .faces = count_faces,
        .context = hands,
    };
    struct intentions intentions;

    int result = device_new(&hands->device, &device, start, hands->now, &intentions);

    if (result == 0) {
        hands_carry_out(hands, &intentions);
    }
    return result;
}

int hands_new(struct hands **hands, const struct hands_setup *setup, struct moment now, char *error,
              size_t error_size) {
    struct hands *made = calloc(1, sizeof(*made));
    struct device_start start = {.rtc_trusted = setup->rtc_trusted, .synchronised = setup->synchronised};
    int result = -ENOMEM;

    snprintf(error, error_size, "Memory is out.");
    if (made != NULL) {
        made->listener = setup->listener;
        made->context = setup->context;
        made->zone = setup->zone;
        made->writes_late = setup->writes_late;
        made->now = now;
        made->fleeting = setup->fleeting;
        made->backups = setup->setup->config->backups;
        result = start_easel(made, setup, error, error_size);
        if (result == 0) {
            result = start_keeper(made, setup, &start);
        }
        if (result == 0) {
            made->saved = !hands_keep(made); // the device is told that nothing is kept
            result = start_device(made, setup, &start);
        }
    }
    if (result < 0) {
        habit_log_clear(&start.diary.log);
        hands_free(made);
        return result;
    }
    hands_feed_trouble(made, PAGE_TROUBLE_CONFIG, setup->config_trouble);
    hands_feed_trouble(made, PAGE_TROUBLE_ROUTINE, setup->routine_trouble);
    hands_settle(made);
    *hands = made;
    return 0;
}

void hands_free(struct hands *hands) {
    if (hands == NULL) {
        return;
    }
    hands_write_late(hands);
    device_free(hands->device);
    keeper_close(hands->keeper);
    easel_free(hands->easel);
    free(hands);
}

void hands_abandon(struct hands *hands) {
    if (hands == NULL) {
        return;
    }
    device_free(hands->device);
    keeper_abandon(hands->keeper);
    easel_free(hands->easel);
    free(hands);
}

// Whether the panel passes a wait that has room for a flush, or has let the diary wait long enough.
static bool is_time_to_write(const struct hands *hands, int64_t boot_ms) {
    return boot_ms >= hands->late_ms || easel_deadline(hands->easel) - boot_ms >= HANDS_ROOM_MS;
}

void hands_step_panel(struct hands *hands, struct moment now) {
    hands->now = now;
    easel_step(hands->easel, now.boot_ms);
    if (is_time_to_write(hands, now.boot_ms)) {
        hands_write_late(hands);
    }
}

void hands_pass_time(struct hands *hands, struct moment now) {
    hands->now = now;
    if (keeper_tick(hands->keeper, now.boot_ms)) {
        hands_tell_saved(hands, keeper_is_kept(hands->keeper));
    }
    if (!hands->stopping) {
        hands_feed(hands, &(struct device_event){.kind = DEVICE_TIME});
        hands_settle(hands);
    }
}

void hands_tick(struct hands *hands, struct moment now) {
    hands_step_panel(hands, now);
    hands_pass_time(hands, now);
}

static int64_t min_ms(int64_t a, int64_t b) {
    return a < b ? a : b;
}

int64_t hands_deadline(const struct hands *hands, struct moment now) {
    int64_t deadline = min_ms(easel_deadline(hands->easel), keeper_deadline(hands->keeper));

    if (hands->late.count > 0) {
        deadline = min_ms(deadline, hands->late_ms);
    }
    return hands->stopping ? deadline : min_ms(deadline, device_deadline(hands->device, now));
}

void hands_edge(struct hands *hands, enum button button, bool down, int64_t boot_ms, struct moment now) {
    assert(boot_ms <= now.boot_ms);
    hands->now = now;
    hands_feed(hands, &(struct device_event){.kind = DEVICE_EDGE,
                                             .edge = {.button = button, .down = down, .boot_ms = boot_ms}});
    hands_settle(hands);
}

void hands_clock_synced(struct hands *hands, struct moment now) {
    hands->now = now;
    hands_feed(hands, &(struct device_event){.kind = DEVICE_CLOCK_SYNCED});
    hands_settle(hands);
}

void hands_clock_set(struct hands *hands, int64_t local_s, struct moment now) {
    hands->now = now;
    hands_feed(hands, &(struct device_event){.kind = DEVICE_CLOCK_SET, .local_s = local_s});
    hands_settle(hands);
}

void hands_zone(struct hands *hands, const struct zone *zone, struct moment now) {
    hands->now = now;
    hands->zone = zone;
    hands_feed(hands, &(struct device_event){.kind = DEVICE_ZONE, .zone = zone});
    hands_settle(hands);
}

void hands_write_now(struct hands *hands, struct moment now) {
    hands->now = now;
    hands_write_late(hands);
    hands_settle(hands);
}

void hands_diary_changed(struct hands *hands, struct moment now) {
    hands->now = now;
    hands_write_late(hands);
    if (keeper_catch_up(hands->keeper, now.boot_ms)) {
        hands_tell_saved(hands, keeper_is_kept(hands->keeper));
    }
    hands->diary_changed = true;
    hands_settle(hands);
}

void hands_stop(struct hands *hands, struct moment now) {
    hands->now = now;
    hands_write_late(hands);
    hands->stopping = true;
    keeper_note_care(hands->keeper, &(struct keeper_care){.idle = false}, now.boot_ms);
    easel_stop(hands->easel, now.boot_ms);
}

bool hands_is_stopping(const struct hands *hands) {
    return hands->stopping && easel_is_busy(hands->easel);
}

const struct device *hands_device(const struct hands *hands) {
    return hands->device;
}

struct diary *hands_diary(struct hands *hands) {
    return keeper_diary(hands->keeper);
}

const char *hands_diary_sentence(const struct hands *hands) {
    return keeper_sentence(hands->keeper);
}

const char *hands_text(const struct hands *hands) {
    return easel_text(hands->easel);
}

enum refresh_kind hands_refresh_kind(const struct hands *hands) {
    return easel_kind(hands->easel);
}

const struct frame *hands_frame(const struct hands *hands) {
    return easel_frame(hands->easel);
}

bool hands_panel_is_given_up(const struct hands *hands) {
    return easel_is_given_up(hands->easel);
}
