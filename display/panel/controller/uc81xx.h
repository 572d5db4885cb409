// The steps that the UltraChip controllers share (UC8151D, UC8176, UC8179).
#ifndef KARANI_DISPLAY_PANEL_CONTROLLER_UC81XX_H
#define KARANI_DISPLAY_PANEL_CONTROLLER_UC81XX_H

#include "display/panel/controller/controller.h"

// In a script: wake, the controller's registers, power on, a waveform, planes, refresh.
extern const struct step uc81xx_wake[];
extern const struct step uc81xx_power_on[];
extern const struct step uc81xx_planes_full[];
extern const struct step uc81xx_planes_partial[];
extern const struct step uc81xx_refresh[];
extern const struct step uc81xx_let_end[];
extern const struct step uc81xx_sleep_now[];
extern const struct step uc81xx_power_off[];

#define UC81XX_SLEEP                                                                                                   \
    { .parts = {uc81xx_let_end, uc81xx_sleep_now}, .to_the_end = true }
#define UC81XX_GIVE_UP                                                                                                 \
    { .parts = {uc81xx_sleep_now, uc81xx_power_off}, .to_the_end = true }

// A differential waveform of our own for those whose OTP has none: 0x20 to 0x24 for 1 = white.
extern const struct step uc81xx_waveform_partial[];

#endif
