// The step scripts of the SSD1680: glass of up to 176 × 296 pixels.
#include "display/panel/controller/ssd168x.h"

// 100 °C in sixteenths, left-aligned in two bytes: the OTP's shortest waveform (GxEPD2, which sends the first byte
// only).
static const struct step feign_warmth[] = {
    {.verb = STEP_COMMAND, .command = 0x1A, .count = 2, .parameters = {0x64, 0x00}},
    {.verb = STEP_END},
};

const struct controller controller_ssd1680 = {
    .name = "SSD1680",
    .busy_level = true,
    .sleep = SSD168X_SLEEP,
    .full = {.parts = {ssd168x_wake, ssd168x_planes_plain, ssd168x_full_planes, ssd168x_full_run}},
    .fast = {.parts = {ssd168x_wake, ssd168x_planes_plain, ssd168x_full_planes, feign_warmth, ssd168x_fast_run}},
    .partial = {.parts = {ssd168x_wake, ssd168x_planes_plain, ssd168x_partial_planes, ssd168x_partial_run}},
    .give_up = SSD168X_GIVE_UP,
};

const struct controller controller_ssd1680_own_partial = {
    .name = "SSD1680",
    .busy_level = true,
    .sleep = SSD168X_SLEEP,
    .full = {.parts = {ssd168x_wake, ssd168x_planes_plain, ssd168x_full_planes, ssd168x_full_run}},
    .partial = {.parts = {ssd168x_wake, ssd168x_planes_plain, ssd168x_partial_planes, ssd168x_own_partial_run}},
    .give_up = SSD168X_GIVE_UP,
};
