// Waits on sd-event: one source is dispatched a wait, so that nothing is done twice.
#include "daemon/linux/loop_inside.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <systemd/sd-daemon.h>
#include <time.h>
#include <unistd.h>

enum {
    USEC_PER_MSEC = 1000,
    // Of the deadline: as exact as the clock. Nought would stand for sd-event's 250 ms.
    EXACT_USEC = 1,
    // In the watchdog's time: of a machine so busy that one is lost, or comes late, the next is still early enough.
    SIGNS_OF_LIFE = 3,
    // Such a part of its interval a sign of life may come late, together with whatever else wakes the processor.
    WATCHDOG_SLACK = 10,
};

int loop_wake(struct loop *loop, enum loop_cause cause) {
    if (!loop->woken) {
        loop->cause = cause;
    }
    loop->woken = true;
    return 0;
}

// ---- what wakes ----

static int hear_deadline(sd_event_source *source, uint64_t usec, void *context) {
    (void)source;
    (void)usec;
    return loop_wake(context, LOOP_DEADLINE);
}

static int hear_file(sd_event_source *source, int fd, uint32_t events, void *context) {
    (void)source;
    (void)fd;
    (void)events;
    return loop_wake(context, LOOP_FILE);
}

static int hear_signal(sd_event_source *source, const struct signalfd_siginfo *info, void *context) {
    (void)source;
    return loop_wake(context, info->ssi_signo == SIGHUP ? LOOP_RELOAD : LOOP_STOP);
}

static int hear_watchdog(sd_event_source *source, uint64_t usec, void *context) {
    struct loop *loop = context;
    (void)usec;
    int error = sd_event_source_set_time_relative(source, loop->watchdog_usec);
    if (error >= 0) {
        error = sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
    }
    return error < 0 ? error : loop_wake(loop, LOOP_WATCHDOG);
}

// As far off as time_t reaches: only a step of the clock ends it (timerfd_create(2), TFD_TIMER_CANCEL_ON_SET).
static int arm_clock(const struct loop *loop) {
    const struct itimerspec never = {.it_value.tv_sec =
                                         sizeof(time_t) == sizeof(int64_t) ? (time_t)INT64_MAX : (time_t)INT32_MAX};
    return timerfd_settime(loop->clock_fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL) < 0 ? -errno : 0;
}

static int hear_clock(sd_event_source *source, int fd, uint32_t events, void *context) {
    struct loop *loop = context;
    uint64_t ends;
    (void)source;
    (void)events;
    if (read(fd, &ends, sizeof ends) >= 0 || errno != ECANCELED) {
        return 0;
    }
    int error = arm_clock(loop);
    return error < 0 ? error : loop_wake(loop, LOOP_CLOCK_STEP);
}

// ---- setting up ----

static int add_deadline(struct loop *loop) {
    int error = sd_event_add_time(loop->event, &loop->deadline, CLOCK_BOOTTIME, 0, EXACT_USEC, hear_deadline, loop);
    return error < 0 ? error : sd_event_source_set_enabled(loop->deadline, SD_EVENT_OFF);
}

static int add_signals(struct loop *loop) {
    static const int numbers[LOOP_SIGNALS] = {SIGTERM, SIGINT, SIGHUP};
    sigset_t set;
    sigemptyset(&set);
    for (int i = 0; i < LOOP_SIGNALS; i++) {
        sigaddset(&set, numbers[i]);
    }
    if (sigprocmask(SIG_BLOCK, &set, NULL) < 0) {
        return -errno;
    }
    int error = 0;
    for (int i = 0; i < LOOP_SIGNALS && error >= 0; i++) {
        error = sd_event_add_signal(loop->event, &loop->signals[i], numbers[i], hear_signal, loop);
    }
    return error;
}

static int add_watchdog(struct loop *loop) {
    uint64_t usec;
    int error = sd_watchdog_enabled(0, &usec);
    if (error <= 0) {
        return error;
    }
    loop->watchdog_usec = usec / SIGNS_OF_LIFE;
    // The first one is due when the first wait begins: what came before may have taken long.
    return sd_event_add_time_relative(loop->event, &loop->watchdog, CLOCK_MONOTONIC, 0,
                                      loop->watchdog_usec / WATCHDOG_SLACK, hear_watchdog, loop);
}

static int add_clock(struct loop *loop) {
    loop->clock_fd = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
    if (loop->clock_fd < 0) {
        return -errno;
    }
    int error = arm_clock(loop);
    return error < 0 ? error : sd_event_add_io(loop->event, &loop->clock, loop->clock_fd, EPOLLIN, hear_clock, loop);
}

int loop_new(struct loop **loop) {
    struct loop *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return -ENOMEM;
    }
    made->clock_fd = -1;
    int error = sd_event_new(&made->event);
    if (error >= 0) {
        error = add_deadline(made);
    }
    if (error >= 0) {
        error = add_signals(made);
    }
    if (error >= 0) {
        error = add_watchdog(made);
    }
    if (error >= 0) {
        error = add_clock(made);
    }
    if (error < 0) {
        loop_free(made);
        return error;
    }
    *loop = made;
    return 0;
}

void loop_free(struct loop *loop) {
    if (loop == NULL) {
        return;
    }
    for (int i = 0; i < LOOP_FILES_MAX; i++) {
        sd_event_source_disable_unref(loop->files[i].source);
    }
    for (int i = 0; i < loop->path_count; i++) {
        sd_event_source_disable_unref(loop->paths[i].source);
    }
    for (int i = 0; i < LOOP_SIGNALS; i++) {
        sd_event_source_disable_unref(loop->signals[i]);
    }
    sd_event_source_disable_unref(loop->deadline);
    sd_event_source_disable_unref(loop->watchdog);
    sd_event_source_disable_unref(loop->clock);
    sd_event_unref(loop->event);
    if (loop->clock_fd >= 0) {
        close(loop->clock_fd);
    }
    free(loop);
}

int loop_add(struct loop *loop, int fd) {
    for (int i = 0; i < LOOP_FILES_MAX; i++) {
        if (loop->files[i].source != NULL) {
            continue;
        }
        int error = sd_event_add_io(loop->event, &loop->files[i].source, fd, EPOLLIN, hear_file, loop);
        loop->files[i].fd = fd;
        return error < 0 ? error : 0;
    }
    return -ENOSPC;
}

void loop_remove(struct loop *loop, int fd) {
    for (int i = 0; i < LOOP_FILES_MAX; i++) {
        if (loop->files[i].source != NULL && loop->files[i].fd == fd) {
            loop->files[i].source = sd_event_source_disable_unref(loop->files[i].source);
        }
    }
}

void loop_wait_to_write(struct loop *loop, int fd, bool write) {
    for (int i = 0; i < LOOP_FILES_MAX; i++) {
        if (loop->files[i].source != NULL && loop->files[i].fd == fd) {
            (void)sd_event_source_set_io_events(loop->files[i].source, write ? EPOLLOUT : EPOLLIN);
        }
    }
}

// ---- waiting ----

static int set_deadline(struct loop *loop, int64_t boot_ms) {
    if (boot_ms >= INT64_MAX / USEC_PER_MSEC) {
        return sd_event_source_set_enabled(loop->deadline, SD_EVENT_OFF);
    }
    const uint64_t usec = boot_ms < 0 ? 0 : (uint64_t)boot_ms * USEC_PER_MSEC;
    int error = sd_event_source_set_time(loop->deadline, usec);
    return error < 0 ? error : sd_event_source_set_enabled(loop->deadline, SD_EVENT_ONESHOT);
}

int loop_wait(struct loop *loop, int64_t deadline_boot_ms, enum loop_cause *cause) {
    int error = set_deadline(loop, deadline_boot_ms);
    loop->woken = false;
    while (error >= 0 && !loop->woken) {
        error = sd_event_run(loop->event, UINT64_MAX);
    }
    if (error < 0) {
        return error;
    }
    *cause = loop->cause;
    return 0;
}

static int64_t read_ns(clockid_t clock) {
    struct timespec time;
    int error = clock_gettime(clock, &time);
    assert(error == 0); // every kernel since 2.6.39 has the three that are read here
    (void)error;
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

struct moment loop_now(void) {
    return (struct moment){.boot_ms = read_ns(CLOCK_BOOTTIME) / 1000000,
                           .system_ms = read_ns(CLOCK_REALTIME) / 1000000};
}

int64_t loop_boot_minus_monotonic_ns(void) {
    int64_t monotonic_ns = read_ns(CLOCK_MONOTONIC);
    return read_ns(CLOCK_BOOTTIME) - monotonic_ns;
}
