// karanictl buttons test: prints edges and gestures as they come.
#include "daemon/ctl/bench/bench.h"
#include "daemon/linux/buttons.h"
#include "daemon/linux/loop.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

struct listening {
    struct buttons *buttons;
    struct gesture_reader reader;
    int64_t begun_ms;
    int64_t end_ms; // INT64_MAX: until it is interrupted
    int signals;    // readable once it is
};

static const char *const GESTURES[] = {
    [GESTURE_PRESS] = "press", [GESTURE_HOLD] = "hold", [GESTURE_BACK] = "back",
    [GESTURE_MORE] = "more",   [GESTURE_LESS] = "less", [GESTURE_INFO] = "info",
};

static void print_line(const struct listening *listening, int64_t at_ms, const char *what, const char *button) {
    printf("%9.3f s  %-6s %s\n", (double)(at_ms - listening->begun_ms) / 1000, what, button);
    fflush(stdout);
}

static void print_gesture(const struct listening *listening, const struct gesture *gesture) {
    print_line(listening, gesture->at_ms, "", GESTURES[gesture->kind]);
}

// What was due before an edge comes before it.
static void pass_until(struct listening *listening, int64_t boot_ms) {
    struct gesture gesture;
    while (gesture_tick(&listening->reader, boot_ms, &gesture)) {
        print_gesture(listening, &gesture);
    }
}

static bool read_button(struct listening *listening, enum button button) {
    struct button_edge edge;
    struct gesture gesture;
    int error = 0;
    while (buttons_fd(listening->buttons, button) >= 0 &&
           (error = buttons_next_edge(listening->buttons, button, loop_boot_minus_monotonic_ns(), &edge)) > 0) {
        pass_until(listening, edge.boot_ms);
        print_line(listening, edge.boot_ms, edge.down ? "down" : "up", button_name(button));
        if (gesture_edge(&listening->reader, button, edge.down, edge.boot_ms, &gesture)) {
            print_gesture(listening, &gesture);
        }
    }
    return error == 0;
}

static int wait_ms(const struct listening *listening) {
    int64_t now_ms = loop_now().boot_ms;
    int64_t due_ms = gesture_deadline(&listening->reader);
    due_ms = listening->end_ms < due_ms ? listening->end_ms : due_ms;
    if (due_ms == INT64_MAX) {
        return -1;
    }
    return due_ms <= now_ms ? 0 : (int)(due_ms - now_ms);
}

static bool listen_on(struct listening *listening) {
    struct pollfd files[BUTTON_COUNT + 1];
    for (int i = 0; i < BUTTON_COUNT; i++) {
        files[i] = (struct pollfd){.fd = buttons_fd(listening->buttons, (enum button)i), .events = POLLIN};
    }
    files[BUTTON_COUNT] = (struct pollfd){.fd = listening->signals, .events = POLLIN};
    while (loop_now().boot_ms < listening->end_ms) {
        (void)poll(files, BUTTON_COUNT + 1, wait_ms(listening));
        if (files[BUTTON_COUNT].revents != 0) {
            return true;
        }
        for (int i = 0; i < BUTTON_COUNT; i++) {
            if (!read_button(listening, (enum button)i)) {
                ctl_complain("The buttons are gone: their GPIO chip does not answer any more.");
                return false;
            }
        }
        pass_until(listening, loop_now().boot_ms);
    }
    return true;
}

static int open_signals(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return signalfd(-1, &set, SFD_CLOEXEC);
}

static int run(const struct ctl *ctl) {
    struct ctl_bench bench;
    if (!ctl_bench_begin(&bench, ctl)) {
        return EXIT_FAILURE;
    }
    struct listening listening = {.begun_ms = loop_now().boot_ms, .signals = open_signals()};
    int64_t seconds = ctl_number(ctl, "seconds", 0); // 0: until it is interrupted
    char sentence[256];
    bool done = false;
    listening.end_ms = seconds > 0 ? listening.begun_ms + seconds * 1000 : INT64_MAX;
    gesture_begin(&listening.reader, bench.setup->config->hold_ms, bench.setup->config->debounce_ms);
    if (buttons_open(&listening.buttons, bench.setup->board, sentence, sizeof sentence) < 0) {
        ctl_complain("%s", sentence);
    } else {
        puts(seconds > 0 ? "Press and hold the buttons." : "Press and hold the buttons; Ctrl-C ends.");
        fflush(stdout);
        done = listen_on(&listening);
    }
    buttons_close(listening.buttons);
    if (listening.signals >= 0) {
        close(listening.signals);
    }
    return ctl_bench_end(&bench, done ? EXIT_SUCCESS : EXIT_FAILURE);
}

static const struct option_row OPTIONS[] = {
    {"seconds", "N", "End after N seconds; without it, with Ctrl-C.", option_read_number, 1},
    BENCH_ROW_TAKE_OVER,
    {.name = NULL},
};

const struct command buttons_test_command = {
    .name = "buttons test",
    .summary = "edges and gestures as they come",
    .options = OPTIONS,
    .run = run,
};
