// Asks sysfs and /run about the system clock.
#include "daemon/linux/clock_sources.h"

#include <glob.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

enum { APART_MOST_S = 10 }; // the chip counts whole seconds, and both have run since the boot

// 2025-01-01 00:00 UTC, before there was this program: a chip that says less has lost its power.
static const int64_t program_epoch_s = 1735689600;

static bool read_seconds(const char *path, int64_t *seconds) {
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return false;
    }
    int64_t value;
    bool read = fscanf(file, "%" SCNd64, &value) == 1;
    fclose(file);
    if (read) {
        *seconds = value;
    }
    return read;
}

bool clock_sources_rtc_is_trusted(const char *class_dir, int64_t system_s) {
    char pattern[PATH_MAX];
    glob_t clocks;
    bool trusted = false;
    snprintf(pattern, sizeof pattern, "%s/rtc[0-9]*/since_epoch", class_dir);
    if (glob(pattern, 0, NULL, &clocks) != 0) {
        return false;
    }
    for (size_t i = 0; i < clocks.gl_pathc; i++) {
        int64_t chip_s;
        trusted |= read_seconds(clocks.gl_pathv[i], &chip_s) && chip_s >= program_epoch_s &&
                   chip_s - system_s <= APART_MOST_S && system_s - chip_s <= APART_MOST_S;
    }
    globfree(&clocks);
    return trusted;
}

bool clock_sources_is_synchronised(const char *path) {
    return access(path, F_OK) == 0;
}
