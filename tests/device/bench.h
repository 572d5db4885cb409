// The bench: an emulated panel between a spidev and the lines of a gpio-sim chip, with a log of all that happens and
// the faults that a story asks for. Single-threaded; who owns it calls bench_tick when its deadline comes.
#ifndef KARANI_TESTS_DEVICE_BENCH_H
#define KARANI_TESTS_DEVICE_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

struct bench;

enum { BENCH_NO_LINE = -1, BENCH_BUFSIZ = 4096 }; // spidev's bufsiz, unless a module option says otherwise

// Line numbers are offsets on the chip; `power` may be BENCH_NO_LINE.
struct bench_setup {
    const char *panel; // a row's name
    const char *sysfs; // lines_new
    unsigned base;
    const char *tracing;
    const char *out_dir; // log.jsonl, and glass-NNNN.png each time the panel falls asleep with another picture
    int dc;
    int reset;
    int busy;
    int power;
};

// 0; -EINVAL (no such panel), -ENOMEM, or what the files refuse.
int bench_new(struct bench **bench, const struct bench_setup *setup);
void bench_free(struct bench *bench); // accepts NULL

int bench_fd(const struct bench *bench);              // readable: call bench_tick
int64_t bench_deadline_ms(const struct bench *bench); // on CLOCK_BOOTTIME, at the latest
void bench_tick(struct bench *bench);

// What is set by ioctl, as the last message was sent with it.
struct bench_wire {
    uint32_t mode;
    uint8_t bits_per_word; // 0 is 8
    uint32_t speed_hz;
};

// A message begins: it counts, and the lines are as they are now. Then its transfers, then the end, after which its
// sender may be dead by the story's wish.
void bench_message_begin(struct bench *bench, pid_t sender, const struct bench_wire *wire);
void bench_message_transfer(struct bench *bench, const uint8_t *bytes, size_t count);
void bench_message_end(struct bench *bench);

// Carries out one line of control and writes the answer, one line of JSON. The commands are
//   status                      what the chip and the log have come to
//   glass PATH                  writes the glass as it is now as a PNG
//   press LINE MS               pulls the line down (a button to ground) for so long
//   pull LINE up|down           for as long as nobody says otherwise
//   busy stuck|ok               the chip's BUSY stays as it is
//   ribbon out|in               the panel is unplugged
//   kill N NAME                 the next process of this name dies (SIGKILL) when its Nth message is through; 0: none
//   mark TEXT                   writes it into the log
void bench_control(struct bench *bench, char *line, FILE *answer);

#endif
