// What the bench is told from outside: presses, faults, a death; and what it answers.
#include "tests/device/bench_inside.h"

#include "display/frame/frame_png.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 3 };

static void answer_status(struct bench *bench, FILE *answer) {
    (void)fprintf(answer,
                  "{\"boot_ms\":%" PRId64 ".%03d,\"messages\":%" PRId64 ",\"transfers\":%" PRId64 ",\"bytes\":%" PRId64
                  ",\"busy\":%s,\"asleep\":%s,\"glasses\":%d,\"cuts\":%d,\"violation\":\"%s\"}\n",
                  bench->then_us / US_PER_MS, (int)(bench->then_us % US_PER_MS), bench->messages, bench->transfers,
                  bench->bytes, bench->busy ? "true" : "false", bench->asleep ? "true" : "false", bench->glasses,
                  chip_cuts(bench->chip), bench->violation ? bench->violation : "");
}

static int control_glass(struct bench *bench, char *const words[]) {
    return words[1] ? frame_write_png(chip_glass(bench->chip), words[1]) : -EINVAL;
}

static int control_press(struct bench *bench, char *const words[]) {
    if (!words[1] || !words[2] || bench->pressed_line != BENCH_NO_LINE) {
        return -EINVAL;
    }
    bench->pressed_line = atoi(words[1]);
    bench_pull_button(bench, bench->pressed_line, false);
    bench->release_us = bench->then_us + (int64_t)atoi(words[2]) * US_PER_MS;
    return 0;
}

static int control_pull(struct bench *bench, char *const words[]) {
    if (!words[1] || !words[2]) {
        return -EINVAL;
    }
    bench_pull_button(bench, atoi(words[1]), strcmp(words[2], "up") == 0);
    return 0;
}

static int control_busy(struct bench *bench, char *const words[]) {
    if (!words[1]) {
        return -EINVAL;
    }
    chip_set_busy_stuck(bench->chip, strcmp(words[1], "stuck") == 0);
    bench_tell(bench, "fault", ",\"busy\":\"%s\"", words[1]);
    return 0;
}

static int control_ribbon(struct bench *bench, char *const words[]) {
    if (!words[1]) {
        return -EINVAL;
    }
    chip_set_plugged(bench->chip, strcmp(words[1], "in") == 0);
    bench_tell(bench, "fault", ",\"ribbon\":\"%s\"", words[1]);
    return 0;
}

static int control_kill(struct bench *bench, char *const words[]) {
    if (!words[1] || !words[2] || strlen(words[2]) >= COMM_BYTES) {
        return -EINVAL;
    }
    bench->kill_at = atoi(words[1]);
    strcpy(bench->kill_comm, words[2]);
    return 0;
}

static int control_mark(struct bench *bench, char *const words[]) {
    bench_tell(bench, "mark", ",\"text\":\"%s\"", words[1] ? words[1] : "");
    return 0;
}

void bench_control(struct bench *bench, char *line, FILE *answer) {
    static const struct {
        const char *name;
        int (*act)(struct bench *bench, char *const words[]);
    } commands[] = {
        {"glass", control_glass},   {"press", control_press}, {"pull", control_pull}, {"busy", control_busy},
        {"ribbon", control_ribbon}, {"kill", control_kill},   {"mark", control_mark}, {"status", NULL}};
    char *words[WORDS_MAX] = {NULL};
    char *rest = NULL;
    int count = 0;
    for (char *word = strtok_r(line, " \n", &rest); word && count < WORDS_MAX; word = strtok_r(NULL, " \n", &rest)) {
        words[count++] = word;
    }
    bench_hear_lines(bench);
    bench_settle(bench);
    int status = -ENOENT;
    for (size_t i = 0; words[0] && i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(commands[i].name, words[0]) == 0) {
            status = commands[i].act ? commands[i].act(bench, words) : 0;
        }
    }
    bench_settle(bench);
    if (status) {
        (void)fprintf(answer, "{\"error\":\"%s\"}\n", strerror(-status));
    } else {
        answer_status(bench, answer);
    }
}
