// The step tables that the SSD1680, SSD1681 and SSD1683 have in common. Inside display/controller only.
#ifndef KARANI_DISPLAY_PANEL_CONTROLLER_SSD168X_H
#define KARANI_DISPLAY_PANEL_CONTROLLER_SSD168X_H

#include "display/panel/controller/controller.h"

// Power, reset, SWRESET, and what the registers must say for any job: gates, entry mode, window, thermometer.
extern const struct step ssd168x_wake[];

// 0x21: both planes as they are, and the row's source range.
extern const struct step ssd168x_planes_plain[];

// The border and both planes, for a full and for a partial refresh.
extern const struct step ssd168x_full_planes[];
extern const struct step ssd168x_partial_planes[];

// The refresh by the OTP's waveform, its wait, and deep sleep.
extern const struct step ssd168x_full_run[];
extern const struct step ssd168x_partial_run[];

// The full refresh by the waveform for the temperature that 0x1A was told before.
extern const struct step ssd168x_fast_run[];

// A partial refresh by a waveform of our own, for glass whose OTP has none.
extern const struct step ssd168x_own_partial_run[];

extern const struct step ssd168x_let_end[];
extern const struct step ssd168x_sleep_now[];
extern const struct step ssd168x_power_off[];

#define SSD168X_SLEEP                                                                                                  \
    { .parts = {ssd168x_let_end, ssd168x_sleep_now}, .to_the_end = true }
#define SSD168X_GIVE_UP                                                                                                \
    { .parts = {ssd168x_sleep_now, ssd168x_power_off}, .to_the_end = true }

#endif
