// The board's pins as the panel's wire wants them.
#ifndef KARANI_DAEMON_LINUX_BOARD_WIRE_H
#define KARANI_DAEMON_LINUX_BOARD_WIRE_H

#include "daemon/settings/board.h"
#include "display/wire/spidev.h"

// Everything in the set-up is borrowed from the board.
struct wire_spidev_setup board_wire(const struct board *board, int64_t spi_hz);

// Whether the board has that line at all.
bool board_line_is_there(const struct board_line *line);

#endif
