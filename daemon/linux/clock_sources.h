// What the system says of its clock: whether a chip with a battery kept it, and whether NTP has set it.
#ifndef KARANI_DAEMON_LINUX_CLOCK_SOURCES_H
#define KARANI_DAEMON_LINUX_CLOCK_SOURCES_H

#include <stdbool.h>
#include <stdint.h>

#define TIMEKEEPING_RTC    "/sys/class/rtc"
#define TIMEKEEPING_SYNCED "/run/systemd/timesync/synchronized" // systemd-timesyncd.service(8)

// Whether the system clock stands as a real-time clock chip below `class_dir` has it, and that chip has a time that
// can be true: one whose oscillator had stopped refuses to be read, one without a battery begins anew in the past.
bool timekeeping_rtc_is_trusted(const char *class_dir, int64_t system_s);

// Whether NTP has synchronised in this boot; `path` is TIMEKEEPING_SYNCED but in tests.
bool timekeeping_is_synchronised(const char *path);

#endif
