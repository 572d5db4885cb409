// What the daemon waits for: files, one deadline on CLOCK_BOOTTIME, signals, steps of the system clock, changes of
// files by others, and systemd's watchdog; and what it tells systemd. Owner of libsystemd.
#ifndef KARANI_DAEMON_LINUX_LOOP_H
#define KARANI_DAEMON_LINUX_LOOP_H

#include "daemon/core/clock.h"
#include "daemon/core/record.h"

#include <stdbool.h>
#include <stdint.h>

struct loop;

// What ended a wait: one of these at a time. Whoever waits looks after everything that may be due, whichever it is.
enum loop_cause {
    LOOP_DEADLINE,   // the deadline has come
    LOOP_FILE,       // a file is readable (or writable, where that is waited for), or was hung up
    LOOP_CLOCK_STEP, // the system clock was set
    LOOP_CHANGE,     // a watched path has come, gone or been replaced
    LOOP_STOP,       // SIGTERM, SIGINT
    LOOP_RELOAD,     // SIGHUP
    LOOP_WATCHDOG,   // in the first wait, then at each third of the watchdog's time: loop_tell_alive, if all is well
};

// Blocks SIGTERM, SIGINT and SIGHUP for this process from then on. 0 or -errno.
int loop_new(struct loop **loop);
void loop_free(struct loop *loop); // accepts NULL

// Waits until a file is readable. -ENOSPC beyond LOOP_FILES_MAX. Take it out before it is closed.
enum { LOOP_FILES_MAX = 16 };
int loop_add(struct loop *loop, int fd);
void loop_remove(struct loop *loop, int fd); // one that is not there does no harm

// Waits until that file can be written, instead of read; or read again. One that is not there does no harm.
void loop_wait_to_write(struct loop *loop, int fd, bool write);

// Watches a path, which need not exist, nor its directories; once, however often it is asked for. At most
// LOOP_WATCHES_MAX. 0 or -errno.
enum { LOOP_WATCHES_MAX = 4, LOOP_PATH_SIZE = 128 };
int loop_watch(struct loop *loop, const char *path);

// Waits, until deadline_boot_ms at the latest (INT64_MAX: for ever); one that has passed ends the wait at once.
// 0 or -errno.
int loop_wait(struct loop *loop, int64_t deadline_boot_ms, enum loop_cause *cause);

// Both clocks, read now; and CLOCK_BOOTTIME minus CLOCK_MONOTONIC.
struct moment loop_now(void);
int64_t loop_boot_minus_monotonic_ns(void);

// ---- what systemd is told; nothing happens when the process was not started by it ----

void loop_tell_ready(void);
void loop_tell_reloading(void);
void loop_tell_status(const char *status); // one line for `systemctl status`
void loop_tell_alive(void);
void loop_tell_stopping(void);

enum loop_log { LOOP_LOG_ERROR, LOOP_LOG_WARNING, LOOP_LOG_INFO, LOOP_LOG_DEBUG };

// One plain sentence for the journal, through standard error; LOOP_LOG_DEBUG for the journal alone.
void loop_log(enum loop_log level, const char *format, ...) __attribute__((format(printf, 2, 3)));

// The UUID of this boot. 0 or -errno.
int loop_boot_id(char boot_id[UUID_SIZE]);

#endif
