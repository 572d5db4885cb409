// Takes the terminal over and gives it back on every way out.
#include "daemon/sim/tui/terminal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

enum { KEYS_SIZE = 64, COLUMNS_DEFAULT = 80, ROWS_DEFAULT = 24 };

// The alternate screen and a hidden cursor, and back (xterm control sequences, DECSET 1049 and 25).
static const char enter_sequence[] = "\033[?1049h\033[?25l\033[2J";
static const char leave_sequence[] = "\033[0m\033[?25h\033[?1049l";

static const int heard_signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGTSTP, SIGCONT};
static const int crash_signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};

struct terminal {
    int signals_fd;
    sigset_t mask_before;
    char keys[KEYS_SIZE];
    size_t key_count;
    size_t key_next;
};

// What a crash handler and atexit have to know; they are given no argument.
static struct {
    volatile sig_atomic_t taken;
    struct termios before;
} ours;

// Only what a signal handler may do (signal-safety(7)).
static void give_back(void) {
    if (ours.taken) {
        ours.taken = 0;
        ssize_t ignored = write(STDOUT_FILENO, leave_sequence, sizeof leave_sequence - 1);

        (void)ignored;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &ours.before);
    }
}

static void crashed(int signal_number) {
    give_back();
    raise(signal_number); // SA_RESETHAND: this time it ends the process
}

static int take(void) {
    struct termios raw = ours.before;

    // Keys come one by one and unechoed; Ctrl-C and its like still make signals.
    raw.c_lflag &= (tcflag_t) ~(ICANON | ECHO | IEXTEN);
    raw.c_iflag &= (tcflag_t) ~(ICRNL | IXON);
    raw.c_cc[VMIN] = 0;
    raw.c_cc[VTIME] = 0;
    if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw) < 0) {
        return -errno;
    }
    ours.taken = 1;
    ssize_t written = write(STDOUT_FILENO, enter_sequence, sizeof enter_sequence - 1);

    return written < 0 ? -errno : 0;
}

static bool can_be_drawn_on(void) {
    const char *name = getenv("TERM");

    return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && name != NULL && strcmp(name, "dumb") != 0;
}

static void catch_crashes(void) {
    struct sigaction action = {.sa_handler = crashed, .sa_flags = (int)(SA_RESETHAND | SA_NODEFER)};

    for (size_t i = 0; i < sizeof crash_signals / sizeof crash_signals[0]; i++) {
        sigaction(crash_signals[i], &action, NULL);
    }
}

static int hear_signals(struct terminal *terminal) {
    sigset_t heard;

    sigemptyset(&heard);
    for (size_t i = 0; i < sizeof heard_signals / sizeof heard_signals[0]; i++) {
        sigaddset(&heard, heard_signals[i]);
    }
    if (sigprocmask(SIG_BLOCK, &heard, &terminal->mask_before) < 0) {
        return -errno;
    }
    terminal->signals_fd = signalfd(-1, &heard, SFD_CLOEXEC | SFD_NONBLOCK);
    return terminal->signals_fd < 0 ? -errno : 0;
}

int terminal_open(struct terminal **terminal) {
    if (!can_be_drawn_on() || tcgetattr(STDIN_FILENO, &ours.before) < 0) {
        return -ENOTTY;
    }
    struct terminal *opened = calloc(1, sizeof *opened);

    if (opened == NULL) {
        return -ENOMEM;
    }
    opened->signals_fd = -1;
    int error = hear_signals(opened);

    if (error == 0) {
        catch_crashes();
        error = atexit(give_back) == 0 ? take() : -ENOMEM;
    }
    if (error < 0) {
        terminal_close(opened);
        return error;
    }
    *terminal = opened;
    return 0;
}

void terminal_close(struct terminal *terminal) {
    if (terminal == NULL) {
        return;
    }
    give_back();
    if (terminal->signals_fd >= 0) {
        close(terminal->signals_fd);
        sigprocmask(SIG_SETMASK, &terminal->mask_before, NULL);
    }
    free(terminal);
}

void terminal_size(const struct terminal *terminal, int *columns, int *rows) {
    struct winsize size;

    (void)terminal;
    *columns = COLUMNS_DEFAULT;
    *rows = ROWS_DEFAULT;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
        *columns = size.ws_col;
        *rows = size.ws_row;
    }
}

int terminal_write(struct terminal *terminal, const char *text, size_t size) {
    (void)terminal;
    while (size > 0) {
        ssize_t written = write(STDOUT_FILENO, text, size);

        if (written < 0 && errno != EINTR && errno != EAGAIN) {
            return -errno;
        }
        if (written < 0) {
            poll(&(struct pollfd){.fd = STDOUT_FILENO, .events = POLLOUT}, 1, -1);
            continue;
        }
        text += written;
        size -= (size_t)written;
    }
    return 0;
}

// Stops until someone brings us back to the foreground.
static void step_aside(void) {
    give_back();
    raise(SIGSTOP);
    take();
}

static enum terminal_event_kind take_signal(struct terminal *terminal) {
    struct signalfd_siginfo info;

    if (read(terminal->signals_fd, &info, sizeof info) != (ssize_t)sizeof info) {
        return TERMINAL_NOTHING;
    }
    switch (info.ssi_signo) {
    case SIGWINCH:
    case SIGCONT:
        return TERMINAL_REDRAW;
    case SIGTSTP:
        step_aside();
        return TERMINAL_REDRAW;
    default: // a number, no enum: those that end us
        return TERMINAL_QUIT;
    }
}

// The next key; sequences that begin with ESC (arrows, function keys) are skipped. '\0' when there is none.
static char take_key(struct terminal *terminal) {
    while (terminal->key_next < terminal->key_count) {
        char key = terminal->keys[terminal->key_next++];

        if (key != '\033') {
            return key;
        }
        bool sequence = terminal->key_next < terminal->key_count &&
                        (terminal->keys[terminal->key_next] == '[' || terminal->keys[terminal->key_next] == 'O');

        // ECMA-48: parameters, then one final byte from @ to ~.
        while (sequence && ++terminal->key_next < terminal->key_count) {
            char byte = terminal->keys[terminal->key_next];

            if (byte >= '@' && byte <= '~') {
                terminal->key_next++;
                break;
            }
        }
    }
    return '\0';
}

// False when nobody is at the other end any more.
static bool read_keys(struct terminal *terminal) {
    ssize_t count = read(STDIN_FILENO, terminal->keys, sizeof terminal->keys);

    if (count <= 0) {
        return count < 0 && (errno == EINTR || errno == EAGAIN);
    }
    terminal->key_count = (size_t)count;
    terminal->key_next = 0;
    return true;
}

struct terminal_event terminal_wait(struct terminal *terminal, int timeout_ms) {
    struct pollfd fds[] = {{.fd = terminal->signals_fd, .events = POLLIN}, {.fd = STDIN_FILENO, .events = POLLIN}};
    char key = take_key(terminal);

    if (key != '\0') {
        return (struct terminal_event){.kind = TERMINAL_KEY, .key = key};
    }
    if (poll(fds, 2, timeout_ms) <= 0) {
        return (struct terminal_event){.kind = TERMINAL_NOTHING};
    }
    if (fds[0].revents != 0) {
        return (struct terminal_event){.kind = take_signal(terminal)};
    }
    if (!read_keys(terminal)) {
        return (struct terminal_event){.kind = TERMINAL_QUIT};
    }
    key = take_key(terminal);
    return (struct terminal_event){.kind = key != '\0' ? TERMINAL_KEY : TERMINAL_NOTHING, .key = key};
}
