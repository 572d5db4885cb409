// What the system says of its clock: whether a chip with a battery kept it, and whether NTP has set it.
#ifndef KARANI_DAEMON_LINUX_CLOCK_SOURCES_H
#define KARANI_DAEMON_LINUX_CLOCK_SOURCES_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_SOURCES_RTC    "/sys/class/rtc"
#define CLOCK_SOURCES_SYNCED "/run/systemd/timesync/synchronized" // systemd-timesyncd.service(8)

// Whether the system clock stands as a real-time clock chip below `class_dir` has it, and that chip has a time that
// can be true: one whose oscillator had stopped refuses to be read, one without a battery begins anew in the past.
bool clock_sources_rtc_is_trusted(const char *class_dir, int64_t system_s);

// Whether NTP has synchronised in this boot; `path` is CLOCK_SOURCES_SYNCED but in tests.
bool clock_sources_is_synchronised(const char *path);

#endif
