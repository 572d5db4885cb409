// A board: which pins carry the panel and the buttons, which panel is fitted. One text file a board.
#ifndef KARANI_DAEMON_SETTINGS_BOARD_H
#define KARANI_DAEMON_SETTINGS_BOARD_H

#include "daemon/settings/config.h"

// A GPIO line by offset or by name.
struct board_line {
    int offset;      // -1: by name, or absent when name is NULL too
    char *name;      // owned
    bool active_low; // buttons: pressed = low (the default); `!` in front of the value says active high; wires: false
};

struct board {
    char *name;                                // "waveshare-hat"
    char *title;                               // one line for people
    char *panel;                               // the panel fitted; "waveshare-2.13-v4" …
    int rotate_deg;                            // 0, 90, 180, 270
    char *spidev;                              // "/dev/spidev0.0"
    char *chip_label;                          // label of the GPIO chip; NULL: the Raspberry Pi's own, whichever it is
    struct board_line dc, reset, busy, power;  // power may be absent
    struct board_line buttons[CONFIG_BUTTONS]; // main is never absent
};

// Reads NAME.board from the first of the directories that has it (NULL-terminated list). Mistakes are complained
// of, one by one; with 0 the board is usable all the same. 0; -ENOENT (complained of too, with the names there
// are); -EINVAL (no usable board: panel, dc, reset, busy or main is missing or wrong); -ENOMEM.
int board_read(struct board **board, const char *name, const char *const *directories, complaint_listener *listener,
               void *context);

// The config's buttons, rotation and panel take the place of the board's. Complains of two uses of one line and
// of a line that the SPI bus owns (BCM 7 to 11 of the Raspberry Pi); then the board keeps its own buttons. The config's
// line for the cue takes part in this check. 0, -EINVAL, -ENOMEM.
int board_apply(struct board *board, const struct config *config, complaint_listener *listener, void *context);

// Names of all boards in the directories, sorted, each once; NULL-terminated; free with board_names_free.
char **board_names(const char *const *directories);
void board_names_free(char **names);

void board_free(struct board *board);

#endif
