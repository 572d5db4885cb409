// A fixture for emulated panels: a row of its own for the SSD1680, virtual time, and transcripts written as words.
//
//   :24       command          F9 00     data, the bytes up to the next other word in one message
//   FF*4000   the same byte 4000 times, in messages that the bus takes
//   R- R+     RES# low, high   P- P+     the PWR line off, on
//   ~10       10 ms pass       ?         until the chip is not busy, 60 s at most
#ifndef KARANI_TESTS_SUPPORT_DISPLAY_CHIP_FIXTURE_H
#define KARANI_TESTS_SUPPORT_DISPLAY_CHIP_FIXTURE_H

#include "display/chip/chip.h"
#include "display/panel/controller/controller.h"
#include "display/panel/rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

// 2.13": facts 1.2. 122 of 128 sources, 250 gates; times of the GDEY0213B74, facts 3.
#define ROW_213                                                                                                        \
    .name = "test-2.13", .controller = &controller_ssd1680, .width_px = 250, .height_px = 122, .sources = 122,         \
    .gates = 250, .row_bytes = 16, .full_ms = 1700, .partial_ms = 500, .spi_hz = 4000000, .spi_max_hz = 20000000

extern const struct panel_row row_213;

// Transcripts, worked out from the datasheet.
#define WAKE       "R- ~10 R+ ~10 ? :12 ~10 ? "
#define HOME       ":4E 00 :4F 00 00 "
#define WINDOW_213 ":44 00 0F :45 00 00 F9 00 " HOME
#define SETUP_213  ":01 F9 00 00 :11 03 :3C 05 :21 00 80 :18 80 " WINDOW_213
#define WHITE      "FF*4000 "
#define BLACK      "00*4000 "
#define FULL       ":22 F7 :20 ? "
#define PARTIAL    ":22 FF :20 ? "
#define SLEEP      ":10 01 "

#define FULL_WHITE         WAKE SETUP_213 ":24 " WHITE ":26 " WHITE FULL SLEEP
#define WHITE_BUT(change)  WAKE SETUP_213 ":24 " WHITE ":26 " WHITE change FULL SLEEP
#define FROM_TO(old, new_) WAKE SETUP_213 ":26 " old ":24 " new_ PARTIAL SLEEP

// Begun, not waited for; and the ordered end of what hangs.
#define START_FULL(new_)    WAKE SETUP_213 ":24 " new_ ":26 " WHITE ":22 F7 :20 "
#define START_PARTIAL(new_) WAKE SETUP_213 ":24 " new_ ":26 " WHITE ":22 FF :20 "
#define RECOVER             "R- ~10 R+ ~10 :10 01 "

struct chip_fixture {
    int64_t now_ms;
    struct chip *chip;
    bool busy_level; // of the BUSY line
};

// A fixture with the given panel; `setup` may bring what differs from the plain one.
void chip_fixture_open_with(struct chip_fixture *fixture, struct chip_setup setup);
void chip_fixture_open(struct chip_fixture *fixture, const struct panel_row *row);
void chip_fixture_close(struct chip_fixture *fixture);
bool chip_fixture_busy(struct chip_fixture *fixture);
void chip_fixture_wait_idle(struct chip_fixture *fixture);
void chip_fixture_send(struct chip_fixture *fixture, const uint8_t *bytes, size_t count);
void chip_fixture_run(struct chip_fixture *fixture, const char *transcript);
void chip_fixture_expect_no_violation(struct chip_fixture *fixture);
void chip_fixture_expect_violation(struct chip_fixture *fixture, const char *name);
int chip_fixture_black_px(struct chip_fixture *fixture);
bool chip_fixture_is_black(struct chip_fixture *fixture, int x_px, int y_px);

#endif
