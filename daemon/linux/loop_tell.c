// What systemd is told, and what it knows of this boot.
#include "daemon/linux/loop.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-id128.h>
#include <time.h>

void loop_tell_ready(void) {
    (void)sd_notify(0, "READY=1");
}

void loop_tell_reloading(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    (void)sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" PRId64, (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000);
}

void loop_tell_status(const char *status) {
    (void)sd_notifyf(0, "STATUS=%s", status);
}

void loop_tell_alive(void) {
    (void)sd_notify(0, "WATCHDOG=1");
}

void loop_tell_stopping(void) {
    (void)sd_notify(0, "STOPPING=1");
}

void loop_log(enum loop_log level, const char *format, ...) {
    static const char *const prefixes[] = {
        [LOOP_LOG_ERROR] = SD_ERR,
        [LOOP_LOG_WARNING] = SD_WARNING,
        [LOOP_LOG_INFO] = SD_INFO,
        [LOOP_LOG_DEBUG] = SD_DEBUG,
    };
    // Set by systemd when standard error leads to the journal: there the prefix is taken for the line's level.
    const bool journal = getenv("JOURNAL_STREAM") != NULL;
    if (level == LOOP_LOG_DEBUG && !journal) {
        return;
    }
    char sentence[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    fprintf(stderr, "%s%s\n", journal ? prefixes[level] : "karanid: ", sentence);
}

int loop_boot_id(char boot_id[UUID_SIZE]) {
    sd_id128_t id;
    int error = sd_id128_get_boot(&id);
    if (error < 0) {
        return error;
    }
    snprintf(boot_id, UUID_SIZE, SD_ID128_UUID_FORMAT_STR, SD_ID128_FORMAT_VAL(id));
    return 0;
}
