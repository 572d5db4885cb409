#include "tests/support/display/panel_jobs.h"

// Border, both planes from the window's start on, the sequence, activation and deep sleep.
#define SHOW(border, x, old, new_, run)                                                                                \
    "3C " border "\n4E " x "\n4F 00 00\n26 " old "\n4E " x "\n4F 00 00\n24 " new_ "\n" run "20\n10 01"
#define FULL(x, new_)         SHOW("05", x, new_, new_, "22 F7\n")
#define FAST(x, new_, warmth) SHOW("05", x, new_, new_, "1A " warmth "\n22 D7\n")
#define PARTIAL(x, old, new_) SHOW("80", x, old, new_, "22 FF\n")

// For glass whose OTP has no differential waveform. Five tables of 12 bytes: 0 to 1 begins with 80, 1 to 0 with 40;
// then 12 groups of 7, the first ten frames, twice again; then six bytes of rates and three of gates.
#define OWN_PARTIAL(x, old, new_)                                                                                      \
    SHOW("80", x, old, new_,                                                                                           \
         "22 B1\n20\n32 00*12 80 00*11 40 00*35 0A 00*5 02 00*77 22*6 00*3\n"                                          \
         "22 CF\n")

// 250 × 122 reader's pixels, turned clockwise: (x, y) → source 121 - y, gate x. The top left pixel is source 121 =
// bit 1 (40h) of byte 15, gate 0; the bottom right one is source 0 = 80h of byte 0, gate 249 = byte 3984 of 4000.
#define INIT_213_AT_1 INIT("F9 00", "01 10", "F9 00", "00 00") // bonded from S8 on, reached by the offset of a byte
#define SHOWN_213     "FF*15 BF FF*3984"
#define WANTED_213    "FF*3984 7F FF*15"
// 296 × 128: (x, y) → source 127 - y, gate x. Top left: 01h of byte 15, gate 0; bottom right: 80h of byte 0, gate 295
// = byte 4720 of 4736; one message carries 4096 bytes, so this black byte is byte 624 of the second one's 640.
#define INIT_290 INIT("27 01", "00 0F", "27 01", "00 80")
// 296 × 152: (x, y) → source 151 - y, gate x. Top left: 01h of byte 18; bottom right: 80h of byte 295 × 19 = 5605 of
// 5624, byte 1509 of the second message's 1528.
#define INIT_266   INIT("27 01", "00 12", "27 01", "00 80")
#define SHOWN_266  "FF*18 FE FF*4077 FF*1528"
#define WANTED_266 "FF*4096 FF*1509 7F FF*18"
// 264 × 176: (x, y) → source 175 - y, gate x. Top left: 01h of byte 21; bottom right: 80h of byte 263 × 22 = 5786 of
// 5808, byte 1690 of the second message's 1712.
#define INIT_270   INIT("07 01", "00 15", "07 01", "00 00")
#define SHOWN_270  "FF*21 FE FF*4074 FF*1712"
#define WANTED_270 "FF*4096 FF*1690 7F FF*21"
// 200 × 200, as it is: top left: 80h of byte 0; bottom right: 01h of the last of 5000 bytes.
#define INIT_154   INIT("C7 00", "00 18", "C7 00", "00 00")
#define SHOWN_154  "7F FF*4095 FF*904"
#define WANTED_154 "FF*4096 FF*903 FE"
// 400 × 300, as it is, in 15,000 bytes; the old plane is bypassed in a full refresh.
#define INIT_420         INIT("2B 01", "00 31", "2B 01", "40 00")
#define INIT_420_PARTIAL INIT("2B 01", "00 31", "2B 01", "00 00")
#define SHOWN_420        "7F FF*4095 FF*4096 FF*4096 FF*2712"
#define WANTED_420       "FF*4096 FF*4096 FF*4096 FF*2711 FE"

// SPI bytes: 1 + (4 + 2 + 3 + 5 + 2 + 3) + 2 + 2 × (2 + 3 + 1 + plane) + 2 + 1 + 2 = 39 + 2 × plane; the own waveform
// takes 2 + 1 + 154 more, a written temperature 3, or 2 on the SSD1683.
const struct job_bytes jobs[JOB_COUNT] = {
    {"waveshare-2.13-v4", PANEL_JOB_FULL, INIT_213 FULL("00", WANTED_213), 8039},
    {"waveshare-2.13-v4", PANEL_JOB_PARTIAL, INIT_213 PARTIAL("00", SHOWN_213, WANTED_213), 8039},
    {"waveshare-2.13-v4", PANEL_JOB_SLEEP, SLEEP_JOB, 3},
    {"waveshare-2.9-v2", PANEL_JOB_SLEEP, SLEEP_JOB, 3},
    {"waveshare-2.13-v4", PANEL_JOB_FAST, INIT_213 FAST("00", WANTED_213, "64 00"), 8042},
    {"waveshare-2.9-v2", PANEL_JOB_FULL, INIT_290 FULL("00", WANTED_290), 9511},
    {"waveshare-2.9-v2", PANEL_JOB_PARTIAL, INIT_290 OWN_PARTIAL("00", SHOWN_290, WANTED_290), 9668},
    {"adafruit-2.13-bonnet", PANEL_JOB_FULL, INIT_213_AT_1 FULL("01", WANTED_213), 8039},
    {"adafruit-2.13-bonnet", PANEL_JOB_FAST, INIT_213_AT_1 FAST("01", WANTED_213, "64 00"), 8042},
    {"adafruit-2.13-bonnet", PANEL_JOB_PARTIAL, INIT_213_AT_1 PARTIAL("01", SHOWN_213, WANTED_213), 8039},
    {"inky-phat", PANEL_JOB_FULL, INIT_213_AT_1 FULL("01", WANTED_213), 8039},
    {"inky-phat", PANEL_JOB_PARTIAL, INIT_213_AT_1 OWN_PARTIAL("01", SHOWN_213, WANTED_213), 8196},
    {"inky-what", PANEL_JOB_FULL, INIT_420 FULL("00", WANTED_420), 30039},
    {"inky-what", PANEL_JOB_PARTIAL, INIT_420_PARTIAL PARTIAL("00", SHOWN_420, WANTED_420), 30039},
    {"waveshare-1.54-v2", PANEL_JOB_FULL, INIT_154 FULL("00", WANTED_154), 10039},
    {"waveshare-1.54-v2", PANEL_JOB_FAST, INIT_154 FAST("00", WANTED_154, "64 00"), 10042},
    {"waveshare-1.54-v2", PANEL_JOB_PARTIAL, INIT_154 PARTIAL("00", SHOWN_154, WANTED_154), 10039},
    {"waveshare-2.13-v3", PANEL_JOB_FULL, INIT_213 FULL("00", WANTED_213), 8039},
    {"waveshare-2.13-v3", PANEL_JOB_FAST, INIT_213 FAST("00", WANTED_213, "64 00"), 8042},
    {"waveshare-2.13-v3", PANEL_JOB_PARTIAL, INIT_213 PARTIAL("00", SHOWN_213, WANTED_213), 8039},
    {"waveshare-2.66", PANEL_JOB_FULL, INIT_266 FULL("00", WANTED_266), 11287},
    {"waveshare-2.66", PANEL_JOB_PARTIAL, INIT_266 OWN_PARTIAL("00", SHOWN_266, WANTED_266), 11444},
    {"waveshare-2.7-v2", PANEL_JOB_FULL, INIT_270 FULL("00", WANTED_270), 11655},
    {"waveshare-2.7-v2", PANEL_JOB_FAST, INIT_270 FAST("00", WANTED_270, "64 00"), 11658},
    {"waveshare-2.7-v2", PANEL_JOB_PARTIAL, INIT_270 PARTIAL("00", SHOWN_270, WANTED_270), 11655},
    {"waveshare-4.2-v2", PANEL_JOB_FULL, INIT_420 FULL("00", WANTED_420), 30039},
    {"waveshare-4.2-v2", PANEL_JOB_FAST, INIT_420 FAST("00", WANTED_420, "6E"), 30041},
    {"waveshare-4.2-v2", PANEL_JOB_PARTIAL, INIT_420_PARTIAL PARTIAL("00", SHOWN_420, WANTED_420), 30039},
};
