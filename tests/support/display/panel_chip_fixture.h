// The panel driver under its policy on the emulated chip, as the device has them: the two were written from the sources
// independently, so each is the other's test. Time is virtual; the chip's first violation fails the test.
#ifndef KARANI_TESTS_SUPPORT_DISPLAY_PANEL_CHIP_FIXTURE_H
#define KARANI_TESTS_SUPPORT_DISPLAY_PANEL_CHIP_FIXTURE_H

#include "display/chip/chip.h"
#include "display/panel/panel.h"
#include "display/panel/refresh.h"
#include "display/panel/rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)

enum {
    SLEEP_WITHIN_MS = 3000, // behaviour: in deep sleep, high voltage off, after every refresh
    POWER_UP_MS = 20,       // the board's supply is up long before the daemon is
};

struct joint {
    const struct panel_row *row;
    bool ping_pong;
    int64_t now_ms;
    struct chip *chip;
    struct refresh *refresh; // NULL while no daemon runs
    struct frame wanted;     // what was wanted last
    uint64_t dice;
    int begun, fulls, faults, given_up;
};

void joint_expect_no_violation(struct joint *joint);

// A daemon starts, on the chip's own wire or on one that leads there.
void joint_boot_on(struct joint *joint, struct wire *wire);
void joint_boot(struct joint *joint);

// The daemon is gone without a word.
void joint_crash(struct joint *joint);
void joint_open(struct joint *joint, const struct panel_row *row, bool ping_pong);
void joint_close(struct joint *joint);

// Tells a story with every panel of the table, its chip with and without ping-pong.
void joint_tell(void (*story)(struct joint *joint));
enum refresh_kind joint_want(struct joint *joint, bool full);
int64_t joint_next_ms(const struct joint *joint);
void joint_run(struct joint *joint, int64_t for_ms);

// Until nothing runs any more, at most `within_ms`.
void joint_settle(struct joint *joint, int64_t within_ms);
void joint_expect_glass(struct joint *joint);

// Shows what is wanted, by the kind that is expected, and looks at the glass.
void joint_show(struct joint *joint, bool full, enum refresh_kind kind);

// Boots on a white page.
void joint_begin(struct joint *joint);

// Until the refresh that has begun drives the glass, and 100 ms more.
void joint_run_into_refresh(struct joint *joint);

// ---- dice that fall alike everywhere (xorshift64*, Vigna 2014) ----

int joint_roll(struct joint *joint, int sides);

// Throws random pixels onto what is wanted; in one of them at least it differs from what is shown.
void joint_speckle(struct joint *joint, int pixels);

#endif
