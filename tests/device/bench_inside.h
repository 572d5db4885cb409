// Inside the bench: its state, shared by what it does (bench.c) and what it is told from outside (bench_control.c).
#ifndef KARANI_TESTS_DEVICE_BENCH_INSIDE_H
#define KARANI_TESTS_DEVICE_BENCH_INSIDE_H

#include "display/chip/chip.h"
#include "display/frame/frame.h"
#include "display/panel/rows.h"
#include "tests/device/bench.h"
#include "tests/device/lines.h"

enum {
    PATH_BYTES = 256,
    TICK_MS = 100, // how late at most a freed line is noticed, which leaves no trace
    COMM_BYTES = 16,
    US_PER_MS = 1000,
};

struct bench {
    struct bench_setup setup;
    const struct panel_row *row;
    struct chip *chip;
    struct lines *lines;
    FILE *log;
    int64_t then_us;   // the moment that the chip is shown; never goes back
    int64_t looked_us; // when the lines were looked at last, beside what the trace tells
    bool busy;
    bool asleep;
    bool reset_high;
    bool power_high;
    bool reset_doubted; // its level was another one at the last tick, without a trace
    bool power_doubted;
    const char *violation; // told already
    struct frame shown;    // in the last PNG
    int glasses;
    int64_t messages;
    int64_t transfers;
    int64_t bytes;
    // The message that is being sent
    pid_t sender;
    char comm[COMM_BYTES]; // the sender's name
    int64_t nth;           // of this sender
    bool data;             // D/C is high
    size_t message_bytes;
    uint8_t first_byte;
    int64_t kill_at; // the nth message; 0: none
    char kill_comm[COMM_BYTES];
    int pressed_line; // BENCH_NO_LINE: none
    int64_t release_us;
};

// What has happened on the lines by now.
void bench_hear_lines(struct bench *bench);

// Brings BUSY to its line, and what has changed to the log.
void bench_settle(struct bench *bench);

void bench_pull_button(struct bench *bench, int line, bool up);

// One event into the log, with what `format` says of it (",\"name\":…").
__attribute__((format(printf, 3, 4))) void bench_tell(struct bench *bench, const char *event, const char *format, ...);

#endif
