// The steps that the UltraChip controllers share (UC8151D, UC8176, UC8179).
//
// Sources: the UC8179 datasheet, and which of the choices it leaves open the public drivers of
// Waveshare (WS), GxEPD2 and bb_epaper (bb) take. Invariants, as with the SSD1680:
// - Nothing is believed to survive a reset or a sleep: every job sends every register and both planes again, and leaves
//   the chip in deep sleep. So the UC8179's own copy of the new plane to the old one (N2OCP) is never needed.
// - A command is sent only while BUSY says idle. It says busy by a LOW level here. After RES#, power on, power off and
//   0x12 it may do so late (200 µs after 0x12, says WS), so the delay comes first and the look at BUSY second.
// - Deep sleep comes after power off has ended (WS's 2.13" D does not wait for that).
// - Planes, not windows (0x90, 0x91): equal pixels are not driven either way, and GxEPD2 finds that the picture of the
//   UC8179 is better so. A window would save time, for of each plane only its bytes are sent: at 10 MHz a minute of the
//   countdown takes 23 instead of 77 ms at 7.5", a card 39; at 4.2" 6 and 11 instead of 24. But what a glass does
//   outside it, over planes that deep sleep has filled with noise, no source read says: to be tried on glass first.
#include "display/panel/controller/uc81xx.h"

enum {
    AFTER_POWER_MS = 10,
    AFTER_RESET_MS = 20, // WS 20 (7.5") to 200; GxEPD2 10
    // WS waits 100 ms before it looks after power on, GxEPD2 1 ms; the voltages take 40 to 400 ms [GxEPD2].
    AFTER_POWER_ON_MS = 10,
    READY_MS = 500,
    POWER_ON_MS = 2000,
    POWER_OFF_MS = 1000, // 20 to 250 ms [GxEPD2]
    BEGUN_MS = 50,
    BEFORE_POWER_OFF_MS = 2000, // WS's demos wait 2 s between deep sleep and the end of power
};

const struct step uc81xx_wake[] = {
    {.verb = STEP_POWER, .on = true, .ms = AFTER_POWER_MS},
    {.verb = STEP_RESET},
    {.verb = STEP_DELAY, .ms = AFTER_RESET_MS},
    {.verb = STEP_READY, .ms = READY_MS},
    {.verb = STEP_END},
};

const struct step uc81xx_power_on[] = {
    {.verb = STEP_COMMAND, .command = 0x04},
    {.verb = STEP_DELAY, .ms = AFTER_POWER_ON_MS},
    {.verb = STEP_READY, .ms = POWER_ON_MS},
    {.verb = STEP_END},
};

// The old plane as the inverse of the new one, so that every pixel changes and none gets by without being driven: what
// WS does at 7.5" by another polarity. Others write both planes equal (bb, WS at 5.83") or leave the old one (GxEPD2)
// and rely on the OTP to drive equal pixels, too.
const struct step uc81xx_planes_full[] = {
    {.verb = STEP_PLANE, .command = 0x10, .plane = STEP_PLANE_WANTED_INVERTED},
    {.verb = STEP_PLANE, .command = 0x13, .plane = STEP_PLANE_WANTED},
    {.verb = STEP_END},
};

const struct step uc81xx_planes_partial[] = {
    {.verb = STEP_PLANE, .command = 0x10, .plane = STEP_PLANE_SHOWN},
    {.verb = STEP_PLANE, .command = 0x13, .plane = STEP_PLANE_WANTED},
    {.verb = STEP_END},
};

const struct step uc81xx_refresh[] = {
    {.verb = STEP_ACTIVATE, .command = 0x12},
    {.verb = STEP_BEGUN, .ms = BEGUN_MS},
    {.verb = STEP_REFRESHED},
    {.verb = STEP_COMMAND, .command = 0x02},
    {.verb = STEP_DELAY, .ms = AFTER_POWER_ON_MS},
    {.verb = STEP_READY, .ms = POWER_OFF_MS},
    {.verb = STEP_COMMAND, .command = 0x07, .count = 1, .parameters = {0xA5}},
    {.verb = STEP_END},
};

// BUSY may say busy because a refresh runs (after a crash of the owner) or because the chip sleeps: nobody can tell.
const struct step uc81xx_let_end[] = {
    {.verb = STEP_POWER, .on = true}, {.verb = STEP_RELEASE}, {.verb = STEP_DELAY, .ms = AFTER_RESET_MS},
    {.verb = STEP_LET_END},           {.verb = STEP_END},
};

// RES# switches the booster off. Power off is sent all the same: it costs nothing, and says so a second time.
const struct step uc81xx_sleep_now[] = {
    {.verb = STEP_RESET},
    {.verb = STEP_DELAY, .ms = AFTER_RESET_MS},
    {.verb = STEP_READY, .ms = READY_MS},
    {.verb = STEP_COMMAND, .command = 0x02},
    {.verb = STEP_DELAY, .ms = AFTER_POWER_ON_MS},
    {.verb = STEP_READY, .ms = POWER_OFF_MS},
    {.verb = STEP_COMMAND, .command = 0x07, .count = 1, .parameters = {0xA5}},
    {.verb = STEP_END},
};

const struct step uc81xx_power_off[] = {
    {.verb = STEP_DELAY, .ms = BEFORE_POWER_OFF_MS},
    {.verb = STEP_POWER, .on = false},
    {.verb = STEP_END},
};

// A table has seven groups of six bytes: the levels of four phases (two bits each), how many frames each lasts, and how
// often the group is repeated. One group is used, of one phase that drives for PHASE_FRAMES and one frame at rest; a
// pixel that keeps its colour stays at rest. The length is WS's for 4.2", 2.9" D and 2.13" D (25; GxEPD2 takes 16 and
// 40 for the flexible ones). It is the same at every temperature: in the cold this is the first thing to look at.
enum {
    PHASE_FRAMES = 25,
    LEVEL_REST = 0x00,
    LEVEL_BLACK = 0x40, // 01 in the first phase: the positive source voltage
    LEVEL_WHITE = 0x80, // 10: the negative one
    VCOM_BYTES = 44,    // two more than the others
    PIXEL_BYTES = 42,
};

#define ONE_PHASE(level)                                                                                               \
    { (level), PHASE_FRAMES, 1, 0, 0, 1 } // and zeros behind it

static const uint8_t vcom_at_rest[VCOM_BYTES] = ONE_PHASE(LEVEL_REST);
static const uint8_t pixel_at_rest[PIXEL_BYTES] = ONE_PHASE(LEVEL_REST);
static const uint8_t pixel_to_white[PIXEL_BYTES] = ONE_PHASE(LEVEL_WHITE);
static const uint8_t pixel_to_black[PIXEL_BYTES] = ONE_PHASE(LEVEL_BLACK);

const struct step uc81xx_waveform_partial[] = {
    {.verb = STEP_TABLE, .command = 0x20, .table = vcom_at_rest, .table_bytes = VCOM_BYTES},
    {.verb = STEP_TABLE, .command = 0x21, .table = pixel_at_rest, .table_bytes = PIXEL_BYTES},  // white stays
    {.verb = STEP_TABLE, .command = 0x22, .table = pixel_to_white, .table_bytes = PIXEL_BYTES}, // black to white
    {.verb = STEP_TABLE, .command = 0x23, .table = pixel_to_black, .table_bytes = PIXEL_BYTES}, // white to black
    {.verb = STEP_TABLE, .command = 0x24, .table = pixel_at_rest, .table_bytes = PIXEL_BYTES},  // black stays
    {.verb = STEP_END},
};
