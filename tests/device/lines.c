// The lines of a gpio-sim chip: levels and pulls through its sysfs attributes, changes through the gpio_value
// tracepoint, which misses no pulse and bears the kernel's time (a reset of 2 ms would slip through any polling).
#include "tests/device/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PATH_BYTES = 256, TRACE_BYTES = 4096, LINES_MAX = 64 };

struct lines {
    char *sysfs;
    unsigned base;
    int trace_fd;
    int value_fds[LINES_MAX]; // opened at the first look; 0: not yet
    char text[TRACE_BYTES];   // what was read of the trace; the last line may be half there
    size_t filled;
    lines_listener *listener;
    void *context;
};

static int write_text(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) {
        return -errno;
    }
    int status = write(fd, text, strlen(text)) < 0 ? -errno : 0;
    (void)close(fd);
    return status;
}

static int write_trace(const char *tracing, const char *name, const char *text) {
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof path, "%s/%s", tracing, name);
    return write_text(path, text);
}

static int open_trace(const char *tracing, int *fd) {
    int status = write_trace(tracing, "trace_clock", "boot");
    if (!status) {
        status = write_trace(tracing, "buffer_percent", "0"); // readable as soon as there is anything
    }
    if (!status) {
        status = write_trace(tracing, "events/gpio/gpio_value/filter", "get == 0");
    }
    if (!status) {
        status = write_trace(tracing, "events/gpio/gpio_value/enable", "1");
    }
    if (status) {
        return status;
    }
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof path, "%s/trace_pipe", tracing);
    *fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    return *fd < 0 ? -errno : 0;
}

int lines_new(struct lines **lines, const char *sysfs, unsigned base, const char *tracing, lines_listener *listener,
              void *context) {
    struct lines *made = calloc(1, sizeof *made);
    if (!made) {
        return -ENOMEM;
    }
    *made = (struct lines){.base = base, .trace_fd = -1, .listener = listener, .context = context};
    made->sysfs = strdup(sysfs);
    int status = made->sysfs ? open_trace(tracing, &made->trace_fd) : -ENOMEM;
    if (status) {
        lines_free(made);
        return status;
    }
    *lines = made;
    return 0;
}

void lines_free(struct lines *lines) {
    if (!lines) {
        return;
    }
    if (lines->trace_fd >= 0) {
        (void)close(lines->trace_fd);
    }
    for (unsigned i = 0; i < LINES_MAX; i++) {
        if (lines->value_fds[i]) {
            (void)close(lines->value_fds[i]);
        }
    }
    free(lines->sysfs);
    free(lines);
}

int lines_fd(const struct lines *lines) {
    return lines->trace_fd;
}

// "  karanid-301  [000] .....    12.345678: gpio_value: 497 set 1"
static void tell_line(struct lines *lines, const char *text) {
    const char *mark = strstr(text, ": gpio_value: ");
    if (!mark) {
        return;
    }
    const char *stamp = mark;
    while (stamp > text && stamp[-1] != ' ') {
        stamp--;
    }
    long long seconds = 0;
    long long micros = 0;
    unsigned number = 0;
    int value = 0;
    if (sscanf(stamp, "%lld.%6lld: gpio_value: %u set %d", &seconds, &micros, &number, &value) != 4 ||
        number < lines->base) {
        return;
    }
    lines->listener(lines->context, number - lines->base, value != 0, seconds * 1000000 + micros);
}

static void tell_filled(struct lines *lines) {
    char *from = lines->text;
    for (char *end; (end = memchr(from, '\n', lines->filled - (size_t)(from - lines->text))); from = end + 1) {
        *end = '\0';
        tell_line(lines, from);
    }
    lines->filled -= (size_t)(from - lines->text);
    memmove(lines->text, from, lines->filled);
}

void lines_drain(struct lines *lines) {
    for (;;) {
        if (lines->filled == sizeof lines->text) {
            lines->filled = 0; // no line of the kernel's is so long
        }
        ssize_t got = read(lines->trace_fd, lines->text + lines->filled, sizeof lines->text - lines->filled);
        if (got <= 0) {
            return;
        }
        lines->filled += (size_t)got;
        tell_filled(lines);
    }
}

static void attribute_path(const struct lines *lines, unsigned offset, const char *name, char path[PATH_BYTES]) {
    (void)snprintf(path, PATH_BYTES, "%s/sim_gpio%u/%s", lines->sysfs, offset, name);
}

static int open_value(struct lines *lines, unsigned offset) {
    if (offset >= LINES_MAX) {
        return -EINVAL;
    }
    if (lines->value_fds[offset]) {
        return lines->value_fds[offset];
    }
    char path[PATH_BYTES];
    attribute_path(lines, offset, "value", path);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return -errno;
    }
    lines->value_fds[offset] = fd;
    return fd;
}

int lines_get(struct lines *lines, unsigned offset, bool *high) {
    int fd = open_value(lines, offset);
    if (fd < 0) {
        return fd;
    }
    char level = '\0';
    ssize_t got = pread(fd, &level, 1, 0);
    if (got != 1) {
        return got < 0 ? -errno : -EIO;
    }
    *high = level == '1';
    return 0;
}

int lines_pull(const struct lines *lines, unsigned offset, bool high) {
    char path[PATH_BYTES];
    attribute_path(lines, offset, "pull", path);
    return write_text(path, high ? "pull-up" : "pull-down");
}
