// The step scripts of the UC8151D (flexible 296 × 128 and 212 × 104 glass), which is also sold as IL0373.
//
// What the sources leave open, and what is chosen (WS, GxEPD2: the drivers of Waveshare and of J.-M. Zingg):
// - Full refresh: the waveform of the OTP (WS's later 2.9" D, GxEPD2's), which knows the temperature; the 2.13" D's has
//   one, says the glass's specification, though both drivers load a table there. Partial: a table, for the OTP has
//   none.
// - 0x01 and 0x06 only beside the tables (WS's later 2.9" D): they belong to these.
// - BUSY is asked for with 0x71 (WS); GxEPD2 only looks.
// - Old plane: written by us. WS's 2.9" D never brings it up to date, its 2.13" D writes the inverse and so drives
//   every pixel each time; GxEPD2 writes what was shown.
// - Border: driven white in full refreshes (97), left to float in partial ones (GxEPD2 17).
#include "display/panel/controller/uc81xx.h"

// X has eight bits here.
#define SIZE                                                                                                           \
    {                                                                                                                  \
        .verb = STEP_COMMAND, .command = 0x61, .count = 3, .parameters = {                                             \
            STEP_WIDTH_LOW,                                                                                            \
            STEP_GATES_HIGH,                                                                                           \
            STEP_GATES_LOW                                                                                             \
        }                                                                                                              \
    }

static const struct step full[] = {
    {.verb = STEP_COMMAND, .command = 0x00, .count = 1, .parameters = {0x1F}}, // black and white, waveform from the OTP
    SIZE,
    {.verb = STEP_COMMAND, .command = 0x50, .count = 1, .parameters = {0x97}}, // border, 1 = white
    {.verb = STEP_END},
};

// What the table needs beside it, as WS's later 2.9" D sends it: VDH 11 V, VDL -11 V, 100 frames a second, VCOM -1 V.
static const struct step partial[] = {
    {.verb = STEP_COMMAND, .command = 0x01, .count = 5, .parameters = {0x03, 0x00, 0x2B, 0x2B, 0x03}},
    {.verb = STEP_COMMAND, .command = 0x06, .count = 3, .parameters = {0x17, 0x17, 0x17}},
    {.verb = STEP_COMMAND, .command = 0x00, .count = 1, .parameters = {0xBF}}, // black and white, waveform from tables
    {.verb = STEP_COMMAND, .command = 0x30, .count = 1, .parameters = {0x3A}},
    SIZE,
    {.verb = STEP_COMMAND, .command = 0x82, .count = 1, .parameters = {0x12}},
    {.verb = STEP_COMMAND, .command = 0x50, .count = 1, .parameters = {0x17}},
    {.verb = STEP_END},
};

const struct controller controller_uc8151d = {
    .name = "UC8151D",
    .busy_level = false,
    .poll_command = 0x71,
    .sleep = UC81XX_SLEEP,
    .full = {.parts = {uc81xx_wake, full, uc81xx_power_on, uc81xx_planes_full, uc81xx_refresh}},
    .partial = {.parts = {uc81xx_wake, partial, uc81xx_power_on, uc81xx_waveform_partial, uc81xx_planes_partial,
                          uc81xx_refresh}},
    .give_up = UC81XX_GIVE_UP,
};
