// The step scripts of the UC8179 (800 × 480 and 648 × 480 glass), which is also sold as GD7965.
//
// What the sources leave open, and what is chosen (WS, GxEPD2, bb: the drivers of Waveshare, of J.-M. Zingg,
// bb_epaper):
// - Polarity: 1 = white in both planes (DDX 01; GxEPD2, bb). WS turns it round for full refreshes.
// - Full refresh: the OTP's waveform for the temperature that the chip measures itself. Fast and partial: those of the
//   OTP's waveforms that a forced temperature chooses (WS, GxEPD2), not tables in the registers (bb).
// - Old plane: written by us. N2OCP stays off (bb 21; WS 29 and A9, GxEPD2 29 have it on).
// - Border: driven white in full refreshes, left to float in partial ones (BDZ), so that it does not collect drives.
// - Registers first, then power on (GxEPD2; WS at 5.83"). WS at 7.5" switches on in the middle.
// - No 0x50 before sleep: the public drivers send one byte of its two there.
#include "display/panel/controller/uc81xx.h"

// VGH 20 V, VGL -20 V, VDH 15 V, VDL -15 V; the soft start of normal refreshes (both WS, GxEPD2); black and white,
// waveforms from the OTP; the size; one line of SPI; timing of gates and sources.
#define SETUP                                                                                                          \
    {.verb = STEP_COMMAND, .command = 0x01, .count = 4, .parameters = {0x07, 0x07, 0x3F, 0x3F}},                       \
        {.verb = STEP_COMMAND, .command = 0x06, .count = 4, .parameters = {0x17, 0x17, 0x28, 0x17}},                   \
        {.verb = STEP_COMMAND, .command = 0x00, .count = 1, .parameters = {0x1F}},                                     \
        {.verb = STEP_COMMAND,                                                                                         \
         .command = 0x61,                                                                                              \
         .count = 4,                                                                                                   \
         .parameters = {STEP_WIDTH_HIGH, STEP_WIDTH_LOW, STEP_GATES_HIGH, STEP_GATES_LOW}},                            \
        {.verb = STEP_COMMAND, .command = 0x15, .count = 1, .parameters = {0x00}}, {                                   \
        .verb = STEP_COMMAND, .command = 0x60, .count = 1, .parameters = { 0x22 }                                      \
    }

// Border and polarity, then the interval as after a reset.
#define INTERVAL(border)                                                                                               \
    {                                                                                                                  \
        .verb = STEP_COMMAND, .command = 0x50, .count = 2, .parameters = {(border), 0x07 }                             \
    }

// A forced temperature: 0xE0 says that it is, 0xE5 which.
#define TEMPERATURE(degrees)                                                                                           \
    {.verb = STEP_COMMAND, .command = 0xE0, .count = 1, .parameters = {0x02}}, {                                       \
        .verb = STEP_COMMAND, .command = 0xE5, .count = 1, .parameters = {(degrees) }                                  \
    }

static const struct step full[] = {SETUP, INTERVAL(0x21), {.verb = STEP_END}};
static const struct step fast[] = {SETUP, INTERVAL(0x21), TEMPERATURE(0x5A), {.verb = STEP_END}};
static const struct step partial[] = {SETUP, INTERVAL(0xA1), TEMPERATURE(0x6E), {.verb = STEP_END}};

const struct controller controller_uc8179 = {
    .name = "UC8179",
    .busy_level = false,
    .sleep = UC81XX_SLEEP,
    .full = {.parts = {uc81xx_wake, full, uc81xx_power_on, uc81xx_planes_full, uc81xx_refresh}},
    .fast = {.parts = {uc81xx_wake, fast, uc81xx_power_on, uc81xx_planes_full, uc81xx_refresh}},
    .partial = {.parts = {uc81xx_wake, partial, uc81xx_power_on, uc81xx_planes_partial, uc81xx_refresh}},
    .give_up = UC81XX_GIVE_UP,
};
