// Moves the simulated world from event to event.
#include "daemon/sim/world.h"

#include "daemon/runtime/runtime.h"
#include "daemon/settings/setup.h"
#include "daemon/sim/boot_ids.h"
#include "daemon/sim/clocks.h"
#include "daemon/sim/storage/storage.h"
#include "display/chip/chip.h"
#include "display/panel/rows.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    // So many events at one instant: the device asks for time without using it. A mistake of ours.
    EVENTS_AT_ONCE_MAX = 1000,
    CHATTER_STEP_MS = 2, // a contact that bounces changes its level so often
};

struct world {
    struct world_setup setup;
    struct clocks clocks;
    struct storage *storage;
    struct chip *chip;
    struct zone *zone; // the system's
    struct runtime *runtime;
    char boot_id[UUID_SIZE];
    struct frame glass;
    char error[256];
};

static void write_event(const struct world *world, const char *event) {
    int64_t boot_ms = world->clocks.power ? clocks_moment(&world->clocks).boot_ms : 0;

    trace_begin(&world->setup.trace, world->clocks.true_ms, boot_ms, event);
}

static void trace_plain(const struct world *world, const char *event, const char *key, const char *value) {
    write_event(world, event);
    if (key != NULL) {
        trace_text(&world->setup.trace, key, value);
    }
    trace_end(&world->setup.trace);
}

static void hear_runtime(void *context, const struct runtime_event *event, struct moment now) {
    const struct world *world = context;

    trace_runtime(&world->setup.trace, world->clocks.true_ms, now.boot_ms, event);
}

static int64_t chip_now_ms(void *context) {
    const struct world *world = context;

    return world->clocks.true_ms;
}

// The system clock's, right or wrong.
static int64_t system_now_ms(void *context) {
    const struct world *world = context;

    return clocks_moment(&world->clocks).system_ms;
}

static int fail(struct world *world, int error, const char *what) {
    snprintf(world->error, sizeof world->error, "%s: %s.", what, strerror(-error));
    return error;
}

// What only the passing of time shows, and what the bytes showed.
static int watch(struct world *world) {
    chip_watch(world->chip);
    if (chip_violation(world->chip) == NULL) {
        return 0;
    }
    trace_plain(world, "violation", "name", chip_violation(world->chip));
    return -EPROTO;
}

static int start_daemon(struct world *world) {
    const struct runtime_setup setup = {
        .setup = world->setup.setup,
        .zone = world->setup.own_zone ? world->setup.setup->zone : world->zone,
        .boot_id = world->boot_id,
        .wire = chip_wire(world->chip),
        .state_dir = world->setup.state_dir,
        .vfs = storage_vfs(world->storage),
        .rtc_trusted = world->clocks.rtc_trusted,
        .synchronised = world->clocks.synchronised,
        .config_trouble = world->setup.config_trouble,
        .routine_trouble = world->setup.routine_trouble,
        .listener = hear_runtime,
        .context = world,
    };
    int error = runtime_new(&world->runtime, &setup, clocks_moment(&world->clocks), world->error, sizeof world->error);

    return error < 0 ? error : watch(world);
}

static int boot(struct world *world) {
    int error =
        boot_ids_next(world->setup.state_dir, world->clocks.true_ms, world->boot_id, world->error, sizeof world->error);

    if (error < 0) {
        return error;
    }
    trace_plain(world, "boot", "boot_id", world->boot_id);
    chip_set_power(world->chip, true);
    return start_daemon(world);
}

int world_new(struct world **world, const struct world_setup *setup, char *sentence, size_t sentence_size) {
    const struct panel_row *row = setup->setup->row;
    struct world *made = calloc(1, sizeof *made);
    bool upright = setup->setup->board->rotate_deg == 90 || setup->setup->board->rotate_deg == 270;

    snprintf(sentence, sentence_size, "Memory is out.");
    if (made == NULL) {
        return -ENOMEM;
    }
    made->setup = *setup;
    made->zone = zone_ref(setup->setup->zone);
    made->chip = chip_new(&(struct chip_setup){.row = row, .now_ms = chip_now_ms, .context = made});
    int error = made->chip != NULL ? storage_new(&made->storage, "karani-sim") : -ENOMEM;

    if (error == -ENOSYS) {
        snprintf(sentence, sentence_size, "This SQLite has no VFS unix-none, on which the simulator's card rests.");
    }
    if (error == 0) {
        storage_set_clock(made->storage, system_now_ms, made);
        error = frame_init(&made->glass, upright ? row->height_px : row->width_px,
                           upright ? row->width_px : row->height_px);
    }
    if (error < 0) {
        world_free(made);
        return error;
    }
    *world = made;
    return 0;
}

void world_free(struct world *world) {
    if (world == NULL) {
        return;
    }
    runtime_free(world->runtime);
    storage_free(world->storage);
    chip_free(world->chip);
    zone_unref(world->zone);
    frame_clear(&world->glass);
    free(world);
}

int world_begin(struct world *world, int64_t true_ms) {
    clocks_begin(&world->clocks, true_ms);
    return boot(world);
}

int64_t world_next_ms(const struct world *world) {
    if (world->runtime == NULL) {
        return INT64_MAX;
    }
    int64_t now_ms = world->clocks.true_ms;
    int64_t deadline_ms =
        clocks_true_of_boot(&world->clocks, runtime_deadline(world->runtime, clocks_moment(&world->clocks)));
    int64_t edge_ms = chip_next_edge_ms(world->chip);

    if (edge_ms > now_ms && edge_ms < deadline_ms) {
        return edge_ms;
    }
    return deadline_ms < now_ms ? now_ms : deadline_ms;
}

int world_run_until(struct world *world, int64_t true_ms) {
    int at_once = 0;

    for (;;) {
        int64_t next_ms = world_next_ms(world);

        if (next_ms > true_ms) {
            break;
        }
        at_once = next_ms > world->clocks.true_ms ? 0 : at_once + 1;
        assert(at_once < EVENTS_AT_ONCE_MAX);
        clocks_pass_to(&world->clocks, next_ms);
        runtime_tick(world->runtime, clocks_moment(&world->clocks));
        int error = watch(world);

        if (error < 0) {
            return error;
        }
    }
    clocks_pass_to(&world->clocks, true_ms);
    return watch(world);
}

static void edge(struct world *world, enum button button, bool down) {
    struct moment now = clocks_moment(&world->clocks);

    runtime_edge(world->runtime, button, down, now.boot_ms, now);
}

// The level changes now; with chatter it goes to and fro for 8 ms before it stays.
static int contact(struct world *world, enum button button, bool down, bool chatter) {
    int64_t until_ms = world->clocks.true_ms + (chatter ? SCRIPT_CHATTER_MS : 0);
    bool level = down;
    int error = watch(world);

    edge(world, button, level);
    while (error == 0 && world->clocks.true_ms < until_ms) {
        error = world_run_until(world, world->clocks.true_ms + CHATTER_STEP_MS);
        level = !level;
        edge(world, button, level);
    }
    assert(level == down);
    return error < 0 ? error : watch(world);
}

int world_press(struct world *world, enum button button, int64_t ms, bool chatter, const char *gesture) {
    int64_t up_ms = world->clocks.true_ms + ms;

    write_event(world, gesture);
    trace_text(&world->setup.trace, "button", button_name(button));
    trace_number(&world->setup.trace, "ms", ms);
    trace_yes(&world->setup.trace, "bounce", chatter);
    trace_end(&world->setup.trace);
    int error = contact(world, button, true, chatter);

    if (error == 0) {
        error = world_run_until(world, up_ms - (chatter ? SCRIPT_CHATTER_MS : 0));
    }
    return error < 0 ? error : contact(world, button, false, chatter);
}

int world_power_cut(struct world *world) {
    trace_plain(world, "power-cut", NULL, NULL);
    int error = storage_power_cut(world->storage);

    runtime_abandon(world->runtime);
    world->runtime = NULL;
    chip_set_power(world->chip, false);
    clocks_power_cut(&world->clocks);
    return error < 0 ? fail(world, error, "The simulated card cannot be put back") : watch(world);
}

int world_power_on(struct world *world) {
    clocks_power_on(&world->clocks);
    return boot(world);
}

int world_restart(struct world *world) {
    trace_plain(world, "restart", NULL, NULL);
    storage_kill(world->storage);
    runtime_abandon(world->runtime);
    world->runtime = NULL;
    return start_daemon(world);
}

int world_step_clock(struct world *world, int64_t ms) {
    write_event(world, "clock-step");
    trace_number(&world->setup.trace, "ms", ms);
    trace_end(&world->setup.trace);
    clocks_step(&world->clocks, ms);
    runtime_tick(world->runtime, clocks_moment(&world->clocks));
    return watch(world);
}

int world_sync_clock(struct world *world) {
    trace_plain(world, "clock-sync", NULL, NULL);
    clocks_sync(&world->clocks);
    runtime_clock_synced(world->runtime, clocks_moment(&world->clocks));
    return watch(world);
}

int world_set_zone(struct world *world, const struct zone *zone) {
    struct zone *old = world->zone;

    world->zone = zone_ref(zone);
    if (world->runtime != NULL) {
        trace_plain(world, "zone", "name", zone_name(zone));
        if (!world->setup.own_zone) {
            runtime_zone(world->runtime, world->zone, clocks_moment(&world->clocks));
        }
    }
    zone_unref(old);
    return watch(world);
}

void world_set_rtc(struct world *world, bool rtc) {
    clocks_set_rtc(&world->clocks, rtc);
}

void world_set_busy_stuck(struct world *world, bool stuck) {
    chip_set_busy_stuck(world->chip, stuck);
}

void world_set_plugged(struct world *world, bool plugged) {
    chip_set_plugged(world->chip, plugged);
}

void world_set_disk(struct world *world, enum script_disk disk) {
    static const enum storage_fault faults[] = {
        [SCRIPT_DISK_OK] = STORAGE_FAULT_NONE,
        [SCRIPT_DISK_FULL] = STORAGE_FAULT_FULL,
        [SCRIPT_DISK_READONLY] = STORAGE_FAULT_READONLY,
    };

    storage_set_fault(world->storage, faults[disk]);
}

bool world_has_begun(const struct world *world) {
    return world->clocks.begun;
}

int64_t world_true_ms(const struct world *world) {
    return world->clocks.true_ms;
}

const struct zone *world_zone(const struct world *world) {
    return world->setup.own_zone ? world->setup.setup->zone : world->zone;
}

const struct runtime *world_runtime(const struct world *world) {
    return world->runtime;
}

bool world_panel_is_asleep(const struct world *world) {
    return chip_is_asleep(world->chip);
}

const struct frame *world_glass(struct world *world) {
    int back_deg = (360 - world->setup.setup->board->rotate_deg) % 360;

    frame_turn(&world->glass, chip_glass(world->chip), (enum frame_turn)back_deg);
    return &world->glass;
}

const char *world_violation(const struct world *world) {
    return chip_violation(world->chip);
}

const char *world_violation_detail(const struct world *world) {
    return chip_violation_detail(world->chip);
}

const char *world_error(const struct world *world) {
    return world->error;
}
