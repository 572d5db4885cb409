// The step scripts of the SSD1680 (122 × 250 and 128 × 296 glass).
//
// Sources: the command table of the SSD1680 datasheet, and which of the choices it leaves open the public drivers
// of Waveshare (WS), GxEPD2 and bb_epaper (bb) take. Invariants:
// - Nothing is believed to survive a reset or a sleep: every job sends every register and both planes again, and
//   leaves the chip in deep sleep. So it matters neither whether RAM is kept nor whether the OTP swaps the planes.
// - A command is sent only while BUSY is low. After RES# and after 0x12 BUSY may rise late (10 ms are enough, 1 ms
//   is not), so the delay comes first and the look at BUSY second.
// - 0x22 switches the clock and the analog part off again (its bits 1 and 0), so the high voltage ends with the
//   refresh, before deep sleep is sent.
#include "display/controller/controller.h"

enum {
    // Datasheet: 10 ms after RES#, 10 ms after 0x12. WS waits 20 after RES#.
    AFTER_POWER_MS = 10,
    AFTER_RESET_MS = 20,
    AFTER_SOFT_RESET_MS = 10,
    // No source gives how long BUSY stays after a reset; it is over within the 10 ms above in the drivers' traces.
    READY_MS = 500,
    // BUSY rises within microseconds of 0x20; 50 ms without it say that nobody is there.
    BEGUN_MS = 50,
    // WS's demos wait 2 s between deep sleep and the end of power ("important").
    BEFORE_POWER_OFF_MS = 2000,
};

static const struct step wake[] = {
    {.verb = STEP_POWER, .on = true},
    {.verb = STEP_DELAY, .ms = AFTER_POWER_MS},
    {.verb = STEP_RESET},
    {.verb = STEP_DELAY, .ms = AFTER_RESET_MS},
    {.verb = STEP_READY, .ms = READY_MS},
    {.verb = STEP_COMMAND, .command = 0x12}, // SWRESET: registers to their defaults, RAM stays
    {.verb = STEP_DELAY, .ms = AFTER_SOFT_RESET_MS},
    {.verb = STEP_READY, .ms = READY_MS},
    // Driver output: as many gates as the glass has, in order from G0.
    {.verb = STEP_COMMAND, .command = 0x01, .count = 3, .parameters = {STEP_LAST_GATE_LOW, STEP_LAST_GATE_HIGH, 0x00}},
    {.verb = STEP_COMMAND, .command = 0x11, .count = 1, .parameters = {0x03}}, // data entry: X up, then Y up
    // The window: the whole glass. X counts bytes, Y lines.
    {.verb = STEP_COMMAND, .command = 0x44, .count = 2, .parameters = {STEP_FIRST_X_BYTE, STEP_LAST_X_BYTE}},
    {.verb = STEP_COMMAND, .command = 0x45, .count = 4, .parameters = {0, 0, STEP_LAST_GATE_LOW, STEP_LAST_GATE_HIGH}},
    {.verb = STEP_COMMAND,
     .command = 0x21,
     .count = 2,
     .parameters = {0x00, STEP_SOURCE_RANGE}},                                 // both planes as they are
    {.verb = STEP_COMMAND, .command = 0x18, .count = 1, .parameters = {0x80}}, // the chip's own thermometer
    {.verb = STEP_END},
};

// The whole waveform, whatever was there: both planes hold the new picture, as in WS's Display_Base, GxEPD2 and bb
// (WS's plain Display leaves the old plane stale, and ghosts). Border: white, LUT 1 (WS, GxEPD2 05; bb also 01, C0).
static const struct step full[] = {
    {.verb = STEP_COMMAND, .command = 0x3C, .count = 1, .parameters = {0x05}},
    {.verb = STEP_COMMAND, .command = 0x4E, .count = 1, .parameters = {STEP_FIRST_X_BYTE}},
    {.verb = STEP_COMMAND, .command = 0x4F, .count = 2, .parameters = {0, 0}},
    {.verb = STEP_PLANE, .command = 0x26, .plane = STEP_PLANE_WANTED},
    {.verb = STEP_COMMAND, .command = 0x4E, .count = 1, .parameters = {STEP_FIRST_X_BYTE}},
    {.verb = STEP_COMMAND, .command = 0x4F, .count = 2, .parameters = {0, 0}},
    {.verb = STEP_PLANE, .command = 0x24, .plane = STEP_PLANE_WANTED},
    // Clock, analog, temperature, LUT, display mode 1, analog off, clock off.
    {.verb = STEP_COMMAND, .command = 0x22, .count = 1, .parameters = {0xF7}},
    {.verb = STEP_END},
};

// Display mode 2, from the old to the new picture. Border: held at VCOM, so that it is not driven (WS's 80).
static const struct step partial[] = {
    {.verb = STEP_COMMAND, .command = 0x3C, .count = 1, .parameters = {0x80}},
    {.verb = STEP_COMMAND, .command = 0x4E, .count = 1, .parameters = {STEP_FIRST_X_BYTE}},
    {.verb = STEP_COMMAND, .command = 0x4F, .count = 2, .parameters = {0, 0}},
    {.verb = STEP_PLANE, .command = 0x26, .plane = STEP_PLANE_SHOWN},
    {.verb = STEP_COMMAND, .command = 0x4E, .count = 1, .parameters = {STEP_FIRST_X_BYTE}},
    {.verb = STEP_COMMAND, .command = 0x4F, .count = 2, .parameters = {0, 0}},
    {.verb = STEP_PLANE, .command = 0x24, .plane = STEP_PLANE_WANTED},
    // As F7, with display mode 2. Not FC, which would leave the high voltage on.
    {.verb = STEP_COMMAND, .command = 0x22, .count = 1, .parameters = {0xFF}},
    {.verb = STEP_END},
};

// Deep sleep mode 1 (RAM kept, though never relied on). BUSY stays high; only RES# ends it.
static const struct step refresh[] = {
    {.verb = STEP_ACTIVATE, .command = 0x20},
    {.verb = STEP_BEGUN, .ms = BEGUN_MS},
    {.verb = STEP_REFRESHED},
    {.verb = STEP_COMMAND, .command = 0x10, .count = 1, .parameters = {0x01}},
    {.verb = STEP_END},
};

// BUSY may be high because a refresh runs (after a crash of the owner) or because the chip sleeps: nobody can tell.
// A crash may also have left RES# low; then BUSY says nothing at all.
static const struct step let_end[] = {
    {.verb = STEP_POWER, .on = true}, {.verb = STEP_RELEASE}, {.verb = STEP_DELAY, .ms = AFTER_RESET_MS},
    {.verb = STEP_LET_END},           {.verb = STEP_END},
};

// RES# switches the high voltage off; deep sleep follows within about a second even if BUSY never falls.
static const struct step sleep_now[] = {
    {.verb = STEP_RESET},
    {.verb = STEP_DELAY, .ms = AFTER_RESET_MS},
    {.verb = STEP_READY, .ms = READY_MS},
    {.verb = STEP_COMMAND, .command = 0x12},
    {.verb = STEP_DELAY, .ms = AFTER_SOFT_RESET_MS},
    {.verb = STEP_READY, .ms = READY_MS},
    {.verb = STEP_COMMAND, .command = 0x10, .count = 1, .parameters = {0x01}},
    {.verb = STEP_END},
};

static const struct step power_off[] = {
    {.verb = STEP_DELAY, .ms = BEFORE_POWER_OFF_MS},
    {.verb = STEP_POWER, .on = false},
    {.verb = STEP_END},
};

const struct controller controller_ssd1680 = {
    .name = "SSD1680",
    .busy_level = true,
    .sleep = {.parts = {let_end, sleep_now}, .to_the_end = true},
    .full = {.parts = {wake, full, refresh}},
    .partial = {.parts = {wake, partial, refresh}},
    .give_up = {.parts = {sleep_now, power_off}, .to_the_end = true},
};
