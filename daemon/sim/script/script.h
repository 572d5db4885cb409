// The simulator's script language: text in, checked steps out (the language stands in the help of karani-sim).
// Everything that can be wrong with a script is found here, before anything runs: words, values, times that go
// back, commands that need power while there is none.
#ifndef KARANI_DAEMON_SIM_SCRIPT_SCRIPT_H
#define KARANI_DAEMON_SIM_SCRIPT_SCRIPT_H

#include "daemon/core/clock.h"
#include "daemon/core/gesture.h"
#include "display/panel/refresh.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum script_command {
    SCRIPT_ZONE,
    SCRIPT_AT,
    SCRIPT_WAIT,
    SCRIPT_PRESS,
    SCRIPT_HOLD,
    SCRIPT_BOUNCE,
    SCRIPT_POWER_CUT,
    SCRIPT_POWER_ON,
    SCRIPT_RESTART,
    SCRIPT_RTC,
    SCRIPT_CLOCK_STEP,
    SCRIPT_CLOCK_SYNC,
    SCRIPT_BUSY,
    SCRIPT_PANEL,
    SCRIPT_DISK,
    SCRIPT_EXPECT_PAGE,
    SCRIPT_EXPECT_MINUTES,
    SCRIPT_EXPECT_TEXT,
    SCRIPT_EXPECT_REFRESH,
    SCRIPT_EXPECT_ASLEEP,
    SCRIPT_SNAPSHOT,
};

enum script_disk { SCRIPT_DISK_OK, SCRIPT_DISK_FULL, SCRIPT_DISK_READONLY };

enum { SCRIPT_PRESS_MS = 120, SCRIPT_HOLD_MS = 700, SCRIPT_CHATTER_MS = 8 };

struct script_step {
    int line; // from 1
    enum script_command command;
    int64_t ms;             // WAIT, PRESS, HOLD, BOUNCE, POWER_ON (after), CLOCK_STEP (signed)
    int64_t utc_ms;         // AT
    enum button button;     // PRESS, HOLD, BOUNCE
    bool yes;               // RTC yes, BUSY stuck, PANEL plugged
    enum script_disk disk;  // DISK
    int minutes;            // EXPECT_MINUTES
    enum refresh_kind kind; // EXPECT_REFRESH
    struct zone *zone;      // ZONE; owned
    char *text;             // EXPECT_PAGE, EXPECT_TEXT, SNAPSHOT; owned
};

struct script {
    struct script_step *steps;
    size_t count;
};

// Reads a script. `name` stands in front of a complaint, `zone` is the one in which `at` is read until a line
// names another. 0; -EINVAL for the first wrong line, told in `sentence` as "NAME:LINE: expected …, got …"; -EIO or
// -ENOMEM, told there too.
int script_read(struct script **script, FILE *file, const char *name, struct zone *zone, char *error,
                size_t error_size);

void script_free(struct script *script);

#endif
