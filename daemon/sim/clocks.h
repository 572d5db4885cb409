// The clocks of the simulated world: the true time, the system clock of a board with or without a clock chip, and
// CLOCK_BOOTTIME. Numbers only; nothing here happens by itself.
#ifndef KARANI_DAEMON_SIM_CLOCKS_H
#define KARANI_DAEMON_SIM_CLOCKS_H

#include "daemon/core/clock.h"

#include <stdbool.h>
#include <stdint.h>

// settimeofday(2) takes no later time, and none before 1970 (TIME_SETTOD_SEC_MAX in Linux's include/linux/time64.h).
#define CLOCKS_SET_UNTIL_MS INT64_C(8277292036000)

// Where the system clock of a board without a clock chip starts, UTC: the image's build time, to which PID 1 raises it
// (systemd: clock-epoch). A world whose true time lies before it has an image without one: 1970.
#define CLOCKS_BUILD_EPOCH_S INT64_C(1735689600) // 2025-01-01T00:00:00Z

struct clocks {
    int64_t true_ms;         // the world's time, UTC
    int64_t boot_true_ms;    // when the running boot began
    int64_t system_ahead_ms; // the system clock minus the true time; while the power is off: of the clock chip
    bool begun;              // the world has a time
    bool power;
    bool rtc;          // a clock chip with a battery
    bool rtc_denied;   // `rtc no` was said before the world began
    bool rtc_trusted;  // this boot took its time from the clock chip
    bool synchronised; // NTP has synchronised in this boot
};

void clocks_set_rtc(struct clocks *clocks, bool rtc);

// The world begins, with power: its system clock is right, unless a clock chip was denied.
void clocks_begin(struct clocks *clocks, int64_t true_ms);

// Time passes; it never goes back.
void clocks_pass_to(struct clocks *clocks, int64_t true_ms);

void clocks_power_cut(struct clocks *clocks);
void clocks_power_on(struct clocks *clocks);

// The system clock is moved, if a kernel takes that time; it becomes right and is marked synchronised.
void clocks_step(struct clocks *clocks, int64_t ms);
void clocks_sync(struct clocks *clocks);

// Both clocks of the running boot, and the true time at which CLOCK_BOOTTIME reads boot_ms (INT64_MAX stays so).
struct moment clocks_moment(const struct clocks *clocks);
int64_t clocks_true_of_boot(const struct clocks *clocks, int64_t boot_ms);

#endif
