// Transcripts for the emulated UltraChip controllers, worked out from the UC8179 datasheet and from what the
// public drivers send. The words are those of chip_fixture.h.
#ifndef KARANI_TESTS_SUPPORT_DISPLAY_CHIP_UC_CASES_H
#define KARANI_TESTS_SUPPORT_DISPLAY_CHIP_UC_CASES_H

#include "tests/support/display/chip_fixture.h"

#define UC_WAKE "R- ~10 R+ ~10 ? "
#define ON      ":04 ~10 ? "
#define DRIVE   ":12 ~10 ? "
#define OFF     ":02 ~10 ? "
#define DSLP    ":07 A5 "

// Tables that drive what changes, and tables that drive everything: 44 and 4 × 42 bytes.
#define LUT(code, level) ":" code " " level " 19 01 00 00 01 00*36 "
#define LUT_PARTIAL      ":20 00 19 01 00 00 01 00*38 " LUT("21", "00") LUT("22", "80") LUT("23", "40") LUT("24", "00")
#define LUT_FULL         ":20 00 19 01 00 00 01 00*38 " LUT("21", "80") LUT("22", "80") LUT("23", "40") LUT("24", "40")

// UC8151D, 2.9" D: 16 × 296 bytes.
#define SETUP_29D              UC_WAKE ":00 1F :61 80 01 28 :50 97 "
#define SETUP_29D_PARTIAL      UC_WAKE ":00 BF :61 80 01 28 :50 17 " LUT_PARTIAL
#define WHITE_29D              "FF*4736 "
#define BLACK_29D              "00*4736 "
#define FULL_29D(new_)         SETUP_29D ON ":10 " WHITE_29D ":13 " new_ DRIVE OFF DSLP
#define PARTIAL_29D(old, new_) SETUP_29D_PARTIAL ON ":10 " old ":13 " new_ DRIVE OFF DSLP

// UC8176, 4.2" V1: 50 × 300 bytes.
#define SETUP_42              UC_WAKE ":06 17 17 17 :00 1F :61 01 90 01 2C :50 97 "
#define SETUP_42_PARTIAL      UC_WAKE ":06 17 17 17 :00 3F :61 01 90 01 2C :50 17 " LUT_PARTIAL
#define WHITE_42              "FF*15000 "
#define BLACK_42              "00*15000 "
#define FULL_42(new_)         SETUP_42 ON ":10 " WHITE_42 ":13 " new_ DRIVE OFF DSLP
#define PARTIAL_42(old, new_) SETUP_42_PARTIAL ON ":10 " old ":13 " new_ DRIVE OFF DSLP

// UC8179, 7.5" V2: 100 × 480 bytes.
#define SETUP_75              UC_WAKE ":01 07 07 3F 3F :06 17 17 28 17 :00 1F :61 03 20 01 E0 :15 00 :60 22 :50 21 07 "
#define SETUP_75_PARTIAL      SETUP_75 ":50 A1 07 :E0 02 :E5 6E "
#define WHITE_75              "FF*48000 "
#define BLACK_75              "00*48000 "
#define FULL_75(new_)         SETUP_75 ON ":10 " WHITE_75 ":13 " new_ DRIVE OFF DSLP
#define PARTIAL_75(old, new_) SETUP_75_PARTIAL ON ":10 " old ":13 " new_ DRIVE OFF DSLP

struct uc_case {
    const char *row;
    const char *full_white; // transcripts
    const char *full_black;
    const char *to_black;        // partial
    const char *black_stays;     // the same from black to black
    const char *to_black_begins; // up to the refresh
    const char *noise;           // a full refresh of what the planes hold after a sleep
    int pixels;
    int64_t power_on_ms, power_off_ms;
};

enum { UC_CASES = 3 };
extern const struct uc_case uc_cases[UC_CASES];

#endif
