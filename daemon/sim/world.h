// The simulated world: a bed with the device beside it, its power, its clocks, its card, its panel. The device is the
// real one, the panel's controller an emulated one at the far end of the real driver's wire. Time goes from event
// to event.
#ifndef KARANI_DAEMON_SIM_WORLD_H
#define KARANI_DAEMON_SIM_WORLD_H

#include "daemon/core/gesture.h"
#include "daemon/sim/script/script.h"
#include "daemon/sim/trace.h"
#include "display/frame/frame.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct runtime;
struct setup;
struct world;
struct zone;

// Everything is borrowed and must outlive the world.
struct world_setup {
    const struct setup *setup;
    const char *state_dir;                                     // exists
    const struct page_place *config_trouble, *routine_trouble; // as in struct runtime_setup
    bool own_zone; // the settings name a zone: the device does not follow the system's
    struct trace trace;
};

// Makes a world without power and without a time. 0 or -errno with one plain sentence.
int world_new(struct world **world, const struct world_setup *setup, char *sentence, size_t sentence_size);

// Ends it as a SIGTERM does: what waits is saved, the diary is closed. Accepts NULL.
void world_free(struct world *world);

// What follows returns 0; -EPROTO when the panel's controller saw a violation of its protocol (world_violation); or
// another -errno: the world cannot go on (world_error).

// The world begins at this time, with power: the device boots.
int world_begin(struct world *world, int64_t true_ms);

// Lets time run to this instant; everything that is due until then, this instant included, happens.
int world_run_until(struct world *world, int64_t true_ms);

// When something happens next; INT64_MAX when nothing will.
int64_t world_next_ms(const struct world *world);

// A button is pressed for so long; with chatter its contact bounces for 8 ms on both edges. `gesture` ("press",
// "hold") is for the trace.
int world_press(struct world *world, enum button button, int64_t ms, bool chatter, const char *gesture);

int world_power_cut(struct world *world);
int world_power_on(struct world *world);
int world_restart(struct world *world);

int world_step_clock(struct world *world, int64_t ms);
int world_sync_clock(struct world *world);
int world_set_zone(struct world *world, const struct zone *zone); // a reference is taken

void world_set_rtc(struct world *world, bool rtc);
void world_set_busy_stuck(struct world *world, bool stuck);
void world_set_plugged(struct world *world, bool plugged);
void world_set_disk(struct world *world, enum script_disk disk);

bool world_has_begun(const struct world *world);
int64_t world_true_ms(const struct world *world);
const struct zone *world_zone(const struct world *world);

// The running device; NULL without power.
const struct runtime *world_runtime(const struct world *world);

bool world_panel_is_asleep(const struct world *world);

// What the glass shows, upright for the reader; valid until the next call.
const struct frame *world_glass(struct world *world);

const char *world_violation(const struct world *world);        // its short name, NULL: none
const char *world_violation_detail(const struct world *world); // one sentence
const char *world_error(const struct world *world);            // one sentence

#endif
