// What clock and clock set tell of Karani's time.
#ifndef KARANI_DAEMON_CTL_CLOCK_H
#define KARANI_DAEMON_CTL_CLOCK_H

#include "daemon/core/clock.h"
#include "daemon/core/record.h"
#include "daemon/ctl/command.h"
#include "daemon/diary/text/rows.h"

// By the daemon or without it.
struct clock_told {
    char utc[ROWS_TIME_SIZE];
    char local[ROWS_TIME_SIZE];
    char zone[RECORD_ZONE_SIZE];
    enum clock_quality quality;
    bool running; // a daemon has told it
};

// What this clock, of a daemon that does not run, says now.
void clock_tell(const struct karani_clock *clock, struct clock_told *told);

// Calls GetClock, or SetClock with `local` (else NULL). The exit status.
int clock_ask(const struct ctl *ctl, const char *socket, const char *method, const char *local,
              struct clock_told *told);

void clock_print(const struct ctl *ctl, const struct clock_told *told);

#endif
