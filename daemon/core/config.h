// The owner's settings as the device goes by them; daemon/settings/config.h reads them from karani.conf.
#ifndef KARANI_DAEMON_CORE_CONFIG_H
#define KARANI_DAEMON_CORE_CONFIG_H

#include "daemon/core/routine.h"

#include <stdbool.h>
#include <stddef.h>

enum { CONFIG_BUTTONS = 5 }; // main, back, more, less, info: the order of enum button in daemon/core/gesture.h

// A value that stands for "as the board says".
#define CONFIG_UNSET (-1)

struct config {
    // [device]
    char *board;               // default "waveshare-hat"
    char *panel;               // NULL: as the board says
    int rotate_deg;            // 0, 90, 180, 270; CONFIG_UNSET: as the board says
    char *language;            // default "en"
    char *zone;                // NULL: the system's
    double reading_distance_m; // 0: 0.6 m below 3 inch, 1 m from there on
    // [practice]
    char *routine;        // default "legs-up-the-wall"
    int minutes;          // 1 … 30, default 10
    enum variant variant; // default wall
    bool auto_advance;    // default yes
    int counts_from_s;    // 0 … 3600, default 180
    int pause_limit_min;  // 1 … 60, default 10
    // [night]
    int invite_min;   // minutes after midnight; default 20:30
    int morning_min;  // default 06:30
    bool show_streak; // default yes
    int rest_nights;  // 0 … 6, default 2
    // [buttons]: a line offset or name each, NULL: as the board says
    char *buttons[CONFIG_BUTTONS];
    int hold_ms;     // 200 … 3000, default 500
    int debounce_ms; // 0 … 200, default 30
    // [cue]
    char *cue_line;           // NULL: none
    int *cue_pattern_ms;      // on, off, on …; owned
    size_t cue_pattern_count; // default 300, 200, 300
    // [glass]
    int partials_per_full; // 1 … 15, default 15
    // [diary]
    int backups; // 0 … 10, default 2

    char *path; // the file that was read; NULL: none
    int *lines; // private: the line of each key in it; 0: not in the file
};

#endif
