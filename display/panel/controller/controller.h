// What a controller is made of: step scripts, one a job, as const tables; display/panel/panel.c runs them.
#ifndef KARANI_DISPLAY_PANEL_CONTROLLER_CONTROLLER_H
#define KARANI_DISPLAY_PANEL_CONTROLLER_CONTROLLER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A table of steps ends with STEP_END (0).
enum step_verb {
    STEP_END,
    STEP_POWER,     // the HAT's PWR line; `on`. Then at least `ms`, unless it was so already
    STEP_RESET,     // RES# low for the row's reset_low_ms, then high
    STEP_RELEASE,   // RES# high, whatever it was
    STEP_DELAY,     // at least `ms`
    STEP_COMMAND,   // `command` with `count` parameters
    STEP_TABLE,     // `command`, then the whole `table`, in messages that the wire can carry
    STEP_PLANE,     // `command`, then the whole `plane`, in messages that the wire can carry
    STEP_READY,     // until the chip is not busy; at most `ms`, else a fault. Behind a STEP_DELAY: BUSY may rise late
    STEP_LET_END,   // until the chip is not busy; at most full_ms × cold_factor. Never a fault
    STEP_ACTIVATE,  // `command`: from now on the glass may be driven
    STEP_BEGUN,     // until the chip is seen busy; at most `ms`, else a fault
    STEP_REFRESHED, // until the chip is not busy; at most the row's deadline for the job, else a fault
    STEP_VERB_COUNT,
};

enum step_plane {
    STEP_PLANE_SHOWN,  // what the glass shows
    STEP_PLANE_WANTED, // what it shall show
    STEP_PLANE_WANTED_INVERTED,
};

// A parameter is a byte, or one of these: a byte of the panel's row.
enum step_parameter {
    STEP_LAST_GATE_LOW = 0x100, // gates - 1
    STEP_LAST_GATE_HIGH,
    STEP_FIRST_X_BYTE, // of the RAM row that carries glass
    STEP_LAST_X_BYTE,
    STEP_SOURCE_RANGE,
    STEP_WIDTH_LOW, // of a RAM row, in pixels
    STEP_WIDTH_HIGH,
    STEP_GATES_LOW,
    STEP_GATES_HIGH,
};

struct panel_row;

// The byte that a parameter stands for on a panel (parameter.c).
uint8_t step_parameter_byte(uint16_t parameter, const struct panel_row *row);

enum { STEP_PARAMETERS_MAX = 5 };

struct step {
    enum step_verb verb;
    bool on;
    uint8_t command;
    uint8_t count;
    uint16_t parameters[STEP_PARAMETERS_MAX]; // each a byte or an enum step_parameter
    const uint8_t *table;
    size_t table_bytes;
    enum step_plane plane;
    int ms;
};

enum { SCRIPT_PARTS_MAX = 6 };

// Tables run one after the other. A script that runs to its end remembers its first fault and goes on: what puts
// a panel to sleep shall try every step, whatever else fails.
struct script {
    const struct step *parts[SCRIPT_PARTS_MAX]; // up to the first NULL
    bool to_the_end;
};

struct controller {
    const char *name;
    bool busy_level;       // the level of the BUSY line while the chip is busy
    uint8_t poll_command;  // sent before each look at BUSY, but for those of STEP_LET_END; 0: none
    struct script sleep;   // PANEL_JOB_SLEEP; begins with a wait
    struct script full;    // PANEL_JOB_FULL
    struct script fast;    // PANEL_JOB_FAST; empty where the chip or its glass has none
    struct script partial; // PANEL_JOB_PARTIAL
    struct script give_up; // after a failed job: reset, deep sleep, power off
};

extern const struct controller controller_ssd1680;
extern const struct controller controller_ssd1680_own_partial; // for glass whose OTP has no differential waveform
extern const struct controller controller_ssd1681;
extern const struct controller controller_ssd1683;
extern const struct controller controller_uc8151d;
extern const struct controller controller_uc8176;
extern const struct controller controller_uc8179;

#endif
