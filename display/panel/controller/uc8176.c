// The step scripts of the UC8176 (400 × 300 glass), which is also sold as IL0398.
//
// What the sources leave open, and what is chosen (WS, GxEPD2, bb: the drivers of Waveshare, of J.-M. Zingg,
// bb_epaper):
// - Full refresh: the waveform of the OTP (bb 1F), which knows the temperature; WS and GxEPD2 load tables that do not.
//   Partial: a table, for the OTP has none (WS, GxEPD2).
// - The second byte of 0x00 (bb 0B, WS 0D) is left out (GxEPD2), and so is, for the OTP's waveform, 0x01: its voltages
//   belong to the tables.
// - BUSY is asked for with 0x71 (WS); GxEPD2 and bb only look. It does no harm where it is not needed.
// - Old plane: written by us; this controller cannot copy.
// - Border: driven white in full refreshes (97), left to float in partial ones (17, as GxEPD2 does on the UC8151D).
#include "display/panel/controller/uc81xx.h"

static const struct step full[] = {
    {.verb = STEP_COMMAND, .command = 0x06, .count = 3, .parameters = {0x17, 0x17, 0x17}}, // soft start
    {.verb = STEP_COMMAND, .command = 0x00, .count = 1, .parameters = {0x1F}}, // black and white, waveform from the OTP
    {.verb = STEP_COMMAND,
     .command = 0x61,
     .count = 4,
     .parameters = {STEP_WIDTH_HIGH, STEP_WIDTH_LOW, STEP_GATES_HIGH, STEP_GATES_LOW}},
    {.verb = STEP_COMMAND, .command = 0x50, .count = 1, .parameters = {0x97}}, // border, 1 = white
    {.verb = STEP_END},
};

// What the table needs beside it, as WS sends it: VDH 11 V, VDL -11 V, 50 frames a second, VCOM -1 V.
static const struct step partial[] = {
    {.verb = STEP_COMMAND, .command = 0x01, .count = 4, .parameters = {0x03, 0x00, 0x2B, 0x2B}},
    {.verb = STEP_COMMAND, .command = 0x06, .count = 3, .parameters = {0x17, 0x17, 0x17}},
    {.verb = STEP_COMMAND, .command = 0x00, .count = 1, .parameters = {0x3F}}, // black and white, waveform from tables
    {.verb = STEP_COMMAND, .command = 0x30, .count = 1, .parameters = {0x3C}},
    {.verb = STEP_COMMAND,
     .command = 0x61,
     .count = 4,
     .parameters = {STEP_WIDTH_HIGH, STEP_WIDTH_LOW, STEP_GATES_HIGH, STEP_GATES_LOW}},
    {.verb = STEP_COMMAND, .command = 0x82, .count = 1, .parameters = {0x12}},
    {.verb = STEP_COMMAND, .command = 0x50, .count = 1, .parameters = {0x17}},
    {.verb = STEP_END},
};

const struct controller controller_uc8176 = {
    .name = "UC8176",
    .busy_level = false,
    .poll_command = 0x71,
    .sleep = UC81XX_SLEEP,
    .full = {.parts = {uc81xx_wake, full, uc81xx_power_on, uc81xx_planes_full, uc81xx_refresh}},
    .partial = {.parts = {uc81xx_wake, partial, uc81xx_power_on, uc81xx_waveform_partial, uc81xx_planes_partial,
                          uc81xx_refresh}},
    .give_up = UC81XX_GIVE_UP,
};
