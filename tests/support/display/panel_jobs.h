// The bytes that every job of a panel must send for the pictures of panel_fixture.h, worked out by hand from the
// datasheet's command table.
#ifndef KARANI_TESTS_SUPPORT_DISPLAY_PANEL_JOBS_H
#define KARANI_TESTS_SUPPORT_DISPLAY_PANEL_JOBS_H

#include "display/panel/panel.h"

#include <stdint.h>

#define WAKE "power 1\nreset 1\nreset 0\n12\n"

// What every job of the family says first: gates, entry mode, window, thermometer, planes.
#define INIT(gates, last_x, last_y, planes)                                                                            \
    WAKE "01 " gates " 00\n11 03\n44 " last_x "\n45 00 00 " last_y "\n18 80\n21 " planes "\n"

// On 250 × 122 pixels.
#define INIT_213 INIT("F9 00", "00 0F", "F9 00", "00 80")

// The pictures on 296 × 128 pixels.
#define SHOWN_290  "FF*15 FE FF*4080 FF*640"
#define WANTED_290 "FF*4096 FF*624 7F FF*15"

#define SLEEP_NOW "reset 1\nreset 0\n12\n10 01"
#define SLEEP_JOB "power 1\nreset 0\n" SLEEP_NOW

struct job_bytes {
    const char *row;
    enum panel_job job;
    const char *log;
    int64_t spi_bytes;
};

enum { JOB_COUNT = 28 };
extern const struct job_bytes jobs[JOB_COUNT];

#endif
