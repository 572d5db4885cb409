// The step scripts of the SSD1681: glass of 200 × 200 pixels.
//
// It has neither 0x0F nor a choice of sources. Its defaults for the window are not those of its RAM, so the window is
// always set. Waveshare writes the rows of its 1.54" bottom up (01 C7 00 01, 11 01); here, as in GxEPD2 and bb_epaper,
// they go top down, which gives the same picture. Both of these use the OTP's waveforms, Waveshare its own.
#include "display/panel/controller/ssd168x.h"

// 100 °C in sixteenths, left-aligned in two bytes: the OTP's shortest waveform (GxEPD2, which sends the first byte
// only).
static const struct step feign_warmth[] = {
    {.verb = STEP_COMMAND, .command = 0x1A, .count = 2, .parameters = {0x64, 0x00}},
    {.verb = STEP_END},
};

const struct controller controller_ssd1681 = {
    .name = "SSD1681",
    .busy_level = true,
    .sleep = SSD168X_SLEEP,
    .full = {.parts = {ssd168x_wake, ssd168x_planes_plain, ssd168x_full_planes, ssd168x_full_run}},
    .fast = {.parts = {ssd168x_wake, ssd168x_planes_plain, ssd168x_full_planes, feign_warmth, ssd168x_fast_run}},
    .partial = {.parts = {ssd168x_wake, ssd168x_planes_plain, ssd168x_partial_planes, ssd168x_partial_run}},
    .give_up = SSD168X_GIVE_UP,
};
