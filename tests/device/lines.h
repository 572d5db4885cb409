// The lines of a gpio-sim chip from the hardware's side: what the kernel's users drive, and what they see.
#ifndef KARANI_TESTS_DEVICE_LINES_H
#define KARANI_TESTS_DEVICE_LINES_H

#include <stdbool.h>
#include <stdint.h>

struct lines;

// A line was driven by its user; boot_us is the kernel's timestamp on CLOCK_BOOTTIME.
typedef void lines_listener(void *context, unsigned offset, bool high, int64_t boot_us);

// `sysfs` is the chip's directory (/sys/devices/platform/gpio-sim.0/gpiochip0), `base` the number of its first line in
// the kernel's own counting, `tracing` a tracefs instance of our own. 0 or -errno.
int lines_new(struct lines **lines, const char *sysfs, unsigned base, const char *tracing, lines_listener *listener,
              void *context);
void lines_free(struct lines *lines); // accepts NULL

// Readable when lines_drain has something to tell.
int lines_fd(const struct lines *lines);

// Tells the listener of every change since the last call, in order: no pulse is too short.
void lines_drain(struct lines *lines);

// The level of a line now. 0 or -errno.
int lines_get(struct lines *lines, unsigned offset, bool *high);

// What the outside does to a line: whoever watches it as an input sees the edge. 0 or -errno.
int lines_pull(const struct lines *lines, unsigned offset, bool high);

#endif
