// An emulated controller with its glass: what the simulator and the tests have at the far end of the wire. It
// keeps its RAM, its glass, its timing and its temper: it names the first violation of the protocol it sees.
#ifndef KARANI_DISPLAY_CHIP_CHIP_H
#define KARANI_DISPLAY_CHIP_CHIP_H

#include "display/frame/frame.h"
#include "display/wire/wire.h"

#include <stdbool.h>
#include <stdint.h>

struct panel_row;
struct chip;

// How the module at the end of the ribbon behaves.
struct chip_setup {
    const struct panel_row *row;      // geometry, bonding and timings of the glass
    int64_t (*now_ms)(void *context); // the time on CLOCK_BOOTTIME's scale; asked at every byte that arrives
    void *context;
    int64_t spi_hz; // the clock the wire would run at; 0: the row's
    bool ping_pong; // the OTP swaps the banks after every mode-2 display (SSD)
};

// Makes a chip without power: the one that the row's controller is. NULL when memory is out.
struct chip *chip_new(const struct chip_setup *setup);
void chip_free(struct chip *chip);

// The wire that ends at this chip; owned by it.
struct wire *chip_wire(struct chip *chip);

// The supply. Without it RAM and registers are lost, the glass keeps its picture.
void chip_set_power(struct chip *chip, bool on);

// Faults: BUSY stays as it is from now on (true), or follows the chip again; the ribbon is out (writes vanish,
// BUSY floats low), or back in. Stuck as busy in a refresh it hangs the refresh until a reset. No fault is held against
// the driver: bytes, resets and old planes that a lie of the module explains are no violations. After the ribbon was
// out nothing is that the driver sends up to its next reset: no line has told it.
void chip_set_busy_stuck(struct chip *chip, bool stuck);
void chip_set_plugged(struct chip *chip, bool plugged);

// Fault: the chip does not feel RES# (a HAT whose reset circuit swallows the pulse).
void chip_set_reset_deaf(struct chip *chip, bool deaf);

// When BUSY changes by itself next; INT64_MAX when it will not. Then the owner lets the driver step.
int64_t chip_next_edge_ms(const struct chip *chip);

// Checks what only time shows (high voltage left on, not asleep 3 s after a refresh, 24 h without a full one). Every
// byte and line change on the wire does so, too.
void chip_watch(struct chip *chip);

// What the glass shows to a reader, at the row's width_px × height_px as the reader sees it; half-driven while a
// refresh runs or after it was cut short. Owned by the chip, valid until the next call.
const struct frame *chip_glass(struct chip *chip);

// A refresh drives the glass now.
bool chip_is_driving(const struct chip *chip);

// In deep sleep with the high voltage off, or without power.
bool chip_is_asleep(const struct chip *chip);

// The first violation, as a short name; NULL while there is none. The names are
// - bytes: byte-while-busy, byte-too-soon (10 ms after power-up, reset, SWRESET), byte-in-reset, byte-in-deep-sleep,
//   byte-without-power, spi-too-fast, message-too-long;
// - commands: unknown-command, data-without-command, wrong-parameter-count, parameter-out-of-range;
// - planes: window-backwards, window-beyond-ram, counter-outside-window, data-past-window, data-short-of-window;
// - sequences: sequence-without-clock, no-temperature, display-with-clock-off, display-with-analog-off,
//   display-without-waveform, sleep-with-high-voltage;
// - refreshes: partial-before-full, too-many-partials, stale-old-plane, old-plane-ignored, red-not-bypassed,
//   reset-in-refresh, power-off-in-refresh;
// - time: high-voltage-left-on, not-asleep, hung-refresh-not-ended, no-full-in-24-hours (1 h of grace).
const char *chip_violation(const struct chip *chip);

// One plain sentence with the particulars of the first violation; NULL while there is none.
const char *chip_violation_detail(const struct chip *chip);

// For the ghosting score: how often the pixel has been driven since the last full refresh.
int chip_drives(const struct chip *chip, int x_px, int y_px);

// How many refreshes were cut short so far: by the supply, or by a reset.
int chip_cuts(const struct chip *chip);

// The rim around the picture, as it was driven last (SSD 0x3C, UC 0x50).
bool chip_border_is_white(const struct chip *chip);

#endif
