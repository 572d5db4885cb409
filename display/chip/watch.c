// An emulated module in time: how a run begins, goes to its end or is cut short, and the rules that only time shows.
// They are those of karani(7), THE GLASS.
#include "display/chip/module.h"

#include "display/panel/rows.h"

#include <inttypes.h>

enum {
    PARTIALS_PER_FULL = 15,
    PARTIAL_PATIENCE_MS = 3000,
    SLEEP_WITHIN_MS = 3000,
    PATIENCE = 3, // times the typical one: how long a driver waits for a refresh that may run
    FULL_WITHIN_MS = 24 * 60 * 60 * 1000,
    // A driver that finds the 24 h gone in the middle of a session may let its page stand: the way out has 30 min.
    FULL_GRACE_MS = 60 * 60 * 1000,
};

// The rules of a differential refresh.
static void check_partial(struct chip *chip) {
    if (!chip->full_seen) {
        chip_violate(chip, "partial-before-full", "a differential refresh before the first full one since power-up");
    }
    if (chip->partials >= PARTIALS_PER_FULL) {
        chip_violate(chip, "too-many-partials", "%d differential refreshes since the last full one",
                     chip->partials + 1);
    }
    if (chip->glass_by_accident) {
        return;
    }
    struct glass_signal signal = chip->controller->signal(chip);
    int stale_px = glass_count_stale_px(&chip->glass, &signal);
    if (stale_px > 0) {
        chip_violate(chip, "stale-old-plane", "the old plane differs from the glass in %d pixels", stale_px);
    }
}

// How long a driver must wait at least: three times its row's time, a partial no less than 3 s (karani(7), THE GLASS).
static int64_t run_patience_ms(const struct chip *chip) {
    int64_t patience_ms = 3 * (chip->run.end_ms - chip->run.start_ms);
    return chip->run.full || patience_ms > PARTIAL_PATIENCE_MS ? patience_ms : PARTIAL_PATIENCE_MS;
}

void chip_begin_run(struct chip *chip, struct chip_run run, int64_t duration_ms) {
    const bool stuck_as_busy = chip_line_is_busy(chip, chip->heard_ms);
    chip->run = run;
    chip->run.active = true;
    chip->run.hung = run.displays && chip->busy_stuck && stuck_as_busy;
    chip->run.lied = chip->busy_stuck && !stuck_as_busy;
    chip->run.astray = chip->astray;
    chip->run.start_ms = chip->heard_ms;
    chip->run.end_ms = chip->heard_ms + duration_ms;
    chip->run.deadline_ms = chip->heard_ms + run_patience_ms(chip);
    if (!run.displays) {
        return;
    }
    if (!run.full) {
        check_partial(chip);
    }
    chip->awake_since_ms = INT64_MAX;
}

bool chip_run_is_busy(const struct chip *chip, int64_t now_ms) {
    return chip->run.active && (chip->run.hung || now_ms < chip->run.end_ms);
}

int chip_run_steps(const struct chip *chip, int64_t now_ms) {
    const struct chip_run *run = &chip->run;
    if (now_ms >= run->end_ms) {
        return GLASS_STEPS;
    }
    return (int)((now_ms - run->start_ms) * GLASS_STEPS / (run->end_ms - run->start_ms));
}

// The count of refreshes as the driver must believe it: by its own reckoning where a line has lied to it. One that a
// driver started astray may be of another kind than it believes: it is given the better one.
static void count_refresh(struct chip *chip) {
    if (!chip->run.full && !chip->run.astray) {
        chip->partials++;
        return;
    }
    chip->partials = 0;
    chip->full_seen = true;
    chip->full_due_from_ms = chip->run.end_ms;
}

void chip_end_run(struct chip *chip, int64_t now_ms) {
    chip->run.active = false;
    if (!chip->run.displays) {
        return;
    }
    int steps = chip_run_steps(chip, now_ms);
    bool whole = steps == GLASS_STEPS;
    struct glass_signal signal = chip->controller->signal(chip);
    glass_drive(&chip->glass, &signal, steps);
    chip->reader_is_fresh = false;
    chip->cuts += !whole;
    chip->glass_by_accident = !whole || chip->run.astray || (chip->glass_by_accident && !chip->run.full);
    if (whole || chip->run.lied) {
        count_refresh(chip);
    }
    // A driver that was shown an idle line meanwhile cannot know when to send the chip to sleep.
    if (!chip->run.lied) {
        chip->awake_since_ms = now_ms;
    }
}

void chip_finish_run(struct chip *chip, int64_t now_ms) {
    chip_end_run(chip, now_ms);
    chip->controller->end_run(chip);
    chip->analog_since_ms = chip->run.lied ? INT64_MAX : now_ms;
}

bool chip_run_must_not_be_cut(const struct chip *chip, int64_t now_ms) {
    const struct chip_run *run = &chip->run;
    return run->active && run->displays && !run->lied && now_ms < run->deadline_ms;
}

bool chip_has_fault(const struct chip *chip) {
    return !chip->plugged || chip->busy_stuck || chip->reset_deaf;
}

static int64_t full_patience_ms(const struct chip *chip) {
    return PATIENCE * chip->setup.row->full_ms;
}

// While BUSY is stuck as busy a driver that has just started cannot know that no refresh runs: it waits for one first.
static void watch_sleep(struct chip *chip, int64_t now_ms) {
    bool hidden = chip->plugged && chip->busy_stuck && chip_line_is_busy(chip, now_ms);
    int64_t within_ms = SLEEP_WITHIN_MS + (hidden ? full_patience_ms(chip) : 0);
    if (chip->controller->high_voltage_is_on(chip) && !chip->run.active && now_ms - chip->analog_since_ms > within_ms) {
        chip_overdue(chip, "high-voltage-left-on", "the analog part is on %" PRId64 " ms after its sequence ended",
                     now_ms - chip->analog_since_ms);
    }
    if (now_ms - chip->awake_since_ms > within_ms) {
        chip_overdue(chip, "not-asleep", "not in deep sleep %" PRId64 " ms after a refresh ended",
                     now_ms - chip->awake_since_ms);
    }
}

// A hung refresh, too, must come to an end by reset: with twice the patience, since who started it may have crashed,
// and who comes after cannot know that it was a partial one.
static void watch_hung_run(struct chip *chip, int64_t now_ms) {
    const struct chip_run *run = &chip->run;
    int64_t allowed_ms = 2 * full_patience_ms(chip) + SLEEP_WITHIN_MS;
    if (run->active && run->hung && !run->lied && now_ms - run->start_ms > allowed_ms) {
        chip_overdue(chip, "hung-refresh-not-ended", "a refresh hangs for %" PRId64 " ms and was not reset",
                     now_ms - run->start_ms);
    }
}

static void watch_full(struct chip *chip, int64_t now_ms) {
    if (chip_has_fault(chip) || (chip->run.active && chip->run.full)) {
        return;
    }
    int64_t since_ms = now_ms - chip->full_due_from_ms;
    if (since_ms > (int64_t)FULL_WITHIN_MS + FULL_GRACE_MS) {
        chip_overdue(chip, "no-full-in-24-hours", "powered for %" PRId64 " min without a full refresh",
                     since_ms / 60000);
    }
}

// Everything that has happened by itself until now.
void chip_catch_up(struct chip *chip, int64_t now_ms) {
    if (chip->run.active && !chip_run_is_busy(chip, now_ms)) {
        chip_finish_run(chip, chip->run.end_ms);
    }
    if (!chip->powered) {
        return;
    }
    watch_sleep(chip, now_ms);
    watch_hung_run(chip, now_ms);
    watch_full(chip, now_ms);
}
