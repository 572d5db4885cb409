// The steps that the SSD1680, SSD1681 and SSD1683 have in common.
//
// Sources: the command tables of the three datasheets, and which of the choices they leave open the public drivers
// of Waveshare (WS), GxEPD2 and bb_epaper (bb) take. Invariants:
// - Nothing is believed to survive a reset or a sleep: every job sends every register and both planes again, and
//   leaves the chip in deep sleep. So it matters neither whether RAM is kept nor whether the OTP swaps the planes.
// - A command is sent only while BUSY is low. After RES# and after 0x12 BUSY may rise late (10 ms are enough, 1 ms
//   is not), so the delay comes first and the look at BUSY second.
// - 0x22 switches the clock and the analog part off again (its bits 1 and 0), so the high voltage ends with the
//   refresh, before deep sleep is sent.
#include "display/panel/controller/ssd168x.h"

enum {
    // Datasheets: 10 ms after RES#, 10 ms after 0x12. WS waits 20 after RES#.
    AFTER_POWER_MS = 10,
    AFTER_RESET_MS = 20,
    AFTER_SOFT_RESET_MS = 10,
    // No source gives how long BUSY stays after a reset; it is over within the 10 ms above in the drivers' traces.
    READY_MS = 500,
    // BUSY rises within microseconds of 0x20; 50 ms without it say that nobody is there.
    BEGUN_MS = 50,
    // 0x20 that only loads; BUSY may rise late there, too.
    AFTER_LOAD_MS = 10,
    // WS's demos wait 2 s between deep sleep and the end of power ("important").
    BEFORE_POWER_OFF_MS = 2000,
};

const struct step ssd168x_wake[] = {
    {.verb = STEP_POWER, .on = true, .ms = AFTER_POWER_MS},
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
    {.verb = STEP_COMMAND, .command = 0x18, .count = 1, .parameters = {0x80}}, // the chip's own thermometer
    {.verb = STEP_END},
};

const struct step ssd168x_planes_plain[] = {
    {.verb = STEP_COMMAND, .command = 0x21, .count = 2, .parameters = {0x00, STEP_SOURCE_RANGE}},
    {.verb = STEP_END},
};

// The whole waveform, whatever was there: both planes hold the new picture, as in WS's Display_Base, GxEPD2 and bb
// (WS's plain Display leaves the old plane stale, and ghosts). Border: white, LUT 1 (WS, GxEPD2 05; bb also 01, C0).
const struct step ssd168x_full_planes[] = {
    {.verb = STEP_COMMAND, .command = 0x3C, .count = 1, .parameters = {0x05}},
    {.verb = STEP_COMMAND, .command = 0x4E, .count = 1, .parameters = {STEP_FIRST_X_BYTE}},
    {.verb = STEP_COMMAND, .command = 0x4F, .count = 2, .parameters = {0, 0}},
    {.verb = STEP_PLANE, .command = 0x26, .plane = STEP_PLANE_WANTED},
    {.verb = STEP_COMMAND, .command = 0x4E, .count = 1, .parameters = {STEP_FIRST_X_BYTE}},
    {.verb = STEP_COMMAND, .command = 0x4F, .count = 2, .parameters = {0, 0}},
    {.verb = STEP_PLANE, .command = 0x24, .plane = STEP_PLANE_WANTED},
    {.verb = STEP_END},
};

// From the old to the new picture. Border: held at VCOM, so that it is not driven (WS's 80).
const struct step ssd168x_partial_planes[] = {
    {.verb = STEP_COMMAND, .command = 0x3C, .count = 1, .parameters = {0x80}},
    {.verb = STEP_COMMAND, .command = 0x4E, .count = 1, .parameters = {STEP_FIRST_X_BYTE}},
    {.verb = STEP_COMMAND, .command = 0x4F, .count = 2, .parameters = {0, 0}},
    {.verb = STEP_PLANE, .command = 0x26, .plane = STEP_PLANE_SHOWN},
    {.verb = STEP_COMMAND, .command = 0x4E, .count = 1, .parameters = {STEP_FIRST_X_BYTE}},
    {.verb = STEP_COMMAND, .command = 0x4F, .count = 2, .parameters = {0, 0}},
    {.verb = STEP_PLANE, .command = 0x24, .plane = STEP_PLANE_WANTED},
    {.verb = STEP_END},
};

// The end of every refresh. Deep sleep mode 1 (RAM kept, though never relied on). BUSY stays high; only RES# ends it.
#define RUN_AND_SLEEP                                                                                                  \
    {.verb = STEP_ACTIVATE, .command = 0x20}, {.verb = STEP_BEGUN, .ms = BEGUN_MS}, {.verb = STEP_REFRESHED},          \
        {.verb = STEP_COMMAND, .command = 0x10, .count = 1, .parameters = {0x01}}, {                                   \
        .verb = STEP_END                                                                                               \
    }

const struct step ssd168x_full_run[] = {
    // Clock, analog, temperature, LUT, display mode 1, analog off, clock off.
    {.verb = STEP_COMMAND, .command = 0x22, .count = 1, .parameters = {0xF7}},
    RUN_AND_SLEEP,
};

// With a temperature that was written, not measured.
const struct step ssd168x_fast_run[] = {
    // As F7, but no temperature is measured (GxEPD2 D7).
    {.verb = STEP_COMMAND, .command = 0x22, .count = 1, .parameters = {0xD7}},
    RUN_AND_SLEEP,
};

const struct step ssd168x_partial_run[] = {
    // As F7, with display mode 2. Not FC, which would leave the high voltage on.
    {.verb = STEP_COMMAND, .command = 0x22, .count = 1, .parameters = {0xFF}},
    RUN_AND_SLEEP,
};

// ---- a differential waveform of our own ----

// Datasheet, 0x32: five tables (what a pixel gets that goes from 0 to 0, 0 to 1, 1 to 0, 1 to 1; and VCOM) of twelve
// groups of four phases, two bits each (01 VSH1, which drives to black, 10 VSL, to white, 00 nothing); then for each
// group the frames of its phases A and B, their repeats, the same for C and D, and how often the group comes again;
// then frame rates and gates. Pixels that change are driven three times ten frames, as by the tables of WS and GxEPD2
// for the 2.9" V2; pixels that keep their colour are left alone (those tables give them a frame or a pulse of it).
enum {
    TABLES = 5,
    GROUPS = 12,
    GROUP_BYTES = 7,
    TIMINGS_AT = TABLES * GROUPS,
    RATES_AT = TIMINGS_AT + GROUPS * GROUP_BYTES,
    RATES_BYTES = 6,
    GATES_BYTES = 3,
};

static const uint8_t own_waveform[RATES_AT + RATES_BYTES + GATES_BYTES] = {
    [1 * GROUPS] = 0x80,  // black to white: phase A of the first group at VSL
    [2 * GROUPS] = 0x40,  // white to black: at VSH1
    [TIMINGS_AT] = 10,    // frames of phase A
    [TIMINGS_AT + 6] = 2, // the first group comes twice again
    [RATES_AT] = 0x22,    // a nibble a group
    [RATES_AT + 1] = 0x22, [RATES_AT + 2] = 0x22, [RATES_AT + 3] = 0x22, [RATES_AT + 4] = 0x22, [RATES_AT + 5] = 0x22,
};

// First the OTP's waveform of mode 1 is loaded: with it come the voltages and the VCOM that this piece of glass was
// measured for. Then our own tables take the place of its tables, as in GxEPD2 after its full refresh.
const struct step ssd168x_own_partial_run[] = {
    // Clock, temperature, LUT, clock off: nothing is driven.
    {.verb = STEP_COMMAND, .command = 0x22, .count = 1, .parameters = {0xB1}},
    {.verb = STEP_COMMAND, .command = 0x20},
    {.verb = STEP_DELAY, .ms = AFTER_LOAD_MS},
    {.verb = STEP_READY, .ms = READY_MS},
    {.verb = STEP_TABLE, .command = 0x32, .table = own_waveform, .table_bytes = sizeof own_waveform},
    // As FF, but neither temperature nor LUT is loaded (WS CF).
    {.verb = STEP_COMMAND, .command = 0x22, .count = 1, .parameters = {0xCF}},
    RUN_AND_SLEEP,
};

// ---- sleep ----

// BUSY may be high because a refresh runs (after a crash of the owner) or because the chip sleeps: nobody can tell.
// A crash may also have left RES# low; then BUSY says nothing at all.
const struct step ssd168x_let_end[] = {
    {.verb = STEP_POWER, .on = true}, {.verb = STEP_RELEASE}, {.verb = STEP_DELAY, .ms = AFTER_RESET_MS},
    {.verb = STEP_LET_END},           {.verb = STEP_END},
};

// RES# switches the high voltage off; deep sleep follows within about a second even if BUSY never falls.
const struct step ssd168x_sleep_now[] = {
    {.verb = STEP_RESET},
    {.verb = STEP_DELAY, .ms = AFTER_RESET_MS},
    {.verb = STEP_READY, .ms = READY_MS},
    {.verb = STEP_COMMAND, .command = 0x12},
    {.verb = STEP_DELAY, .ms = AFTER_SOFT_RESET_MS},
    {.verb = STEP_READY, .ms = READY_MS},
    {.verb = STEP_COMMAND, .command = 0x10, .count = 1, .parameters = {0x01}},
    {.verb = STEP_END},
};

const struct step ssd168x_power_off[] = {
    {.verb = STEP_DELAY, .ms = BEFORE_POWER_OFF_MS},
    {.verb = STEP_POWER, .on = false},
    {.verb = STEP_END},
};
