// Turns a board's lines into places of GPIO lines.
#include "daemon/linux/board_wire.h"

bool board_line_is_there(const struct board_line *line) {
    return line->offset >= 0 || line->name != NULL;
}

static struct gpio_place place_of(const struct board *board, const struct board_line *line) {
    return (struct gpio_place){.chip_label = board->chip_label, .name = line->name, .offset = line->offset};
}

struct wire_spidev_setup board_wire(const struct board *board, int64_t spi_hz) {
    return (struct wire_spidev_setup){
        .spidev = board->spidev,
        .spi_hz = (uint32_t)spi_hz,
        .dc = place_of(board, &board->dc),
        .reset = place_of(board, &board->reset),
        .busy = place_of(board, &board->busy),
        .has_power = board_line_is_there(&board->power),
        .power = place_of(board, &board->power),
    };
}
