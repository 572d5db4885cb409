// The terminal: raw keys, its size, its signals, and its good order afterwards. Owner of termios.
#ifndef KARANI_DAEMON_SIM_TUI_TERMINAL_H
#define KARANI_DAEMON_SIM_TUI_TERMINAL_H

#include <stddef.h>

struct terminal;

enum terminal_event_kind {
    TERMINAL_NOTHING, // the time is over
    TERMINAL_KEY,
    TERMINAL_REDRAW, // another size, or back in the foreground
    TERMINAL_QUIT,   // SIGINT, SIGTERM, SIGHUP, SIGQUIT, or nobody is there any more
};

struct terminal_event {
    enum terminal_event_kind kind;
    char key; // KEY
};

// Takes over standard input and output; one at a time. What was there comes back with terminal_close, at exit, and
// after a crash. 0; -ENOTTY when they are no terminal that can be drawn on; another -errno.
int terminal_open(struct terminal **terminal);

void terminal_close(struct terminal *terminal); // accepts NULL

void terminal_size(const struct terminal *terminal, int *columns, int *rows);

// Writes all of it. 0 or -errno.
int terminal_write(struct terminal *terminal, const char *text, size_t size);

// Waits for what happens next, timeout_ms at most.
struct terminal_event terminal_wait(struct terminal *terminal, int timeout_ms);

#endif
