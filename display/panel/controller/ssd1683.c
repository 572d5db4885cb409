// The step scripts of the SSD1683: glass of 400 × 300 pixels.
//
// Its display mode 1 is made for three colours and takes the old plane for red: a full refresh bypasses that plane
// (0x21 40 00), a partial one needs it (0x21 00 00). Waveshare, GxEPD2, bb_epaper and the Linux driver agree. Waveshare
// leaves 0x01 and 0x18 at what the chip has after a reset; the other three send them, as is done here.
#include "display/panel/controller/ssd168x.h"

static const struct step bypass_red[] = {
    {.verb = STEP_COMMAND, .command = 0x21, .count = 2, .parameters = {0x40, STEP_SOURCE_RANGE}},
    {.verb = STEP_END},
};

// 110 °C, whole degrees in one byte (Waveshare 6E for about 1.5 s, 5A for about 1 s; GxEPD2 6E).
static const struct step feign_warmth[] = {
    {.verb = STEP_COMMAND, .command = 0x1A, .count = 1, .parameters = {0x6E}},
    {.verb = STEP_END},
};

const struct controller controller_ssd1683 = {
    .name = "SSD1683",
    .busy_level = true,
    .sleep = SSD168X_SLEEP,
    .full = {.parts = {ssd168x_wake, bypass_red, ssd168x_full_planes, ssd168x_full_run}},
    .fast = {.parts = {ssd168x_wake, bypass_red, ssd168x_full_planes, feign_warmth, ssd168x_fast_run}},
    .partial = {.parts = {ssd168x_wake, ssd168x_planes_plain, ssd168x_partial_planes, ssd168x_partial_run}},
    .give_up = SSD168X_GIVE_UP,
};
