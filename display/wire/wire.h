// The way to a panel's controller: four verbs. Behind it are spidev and GPIO lines at the bedside, an emulated
// chip in the simulator and the tests; the driver above cannot tell them apart.
#ifndef KARANI_DISPLAY_WIRE_WIRE_H
#define KARANI_DISPLAY_WIRE_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wire;

// Each function returns 0 or -errno. None blocks longer than one SPI message.
struct wire_ops {
    int (*command)(struct wire *wire, uint8_t command);                 // D/C low, one byte
    int (*data)(struct wire *wire, const uint8_t *bytes, size_t count); // D/C high; split into messages of max_message
    int (*reset)(struct wire *wire, bool asserted);                     // RES#: asserted = low
    int (*power)(struct wire *wire, bool on);                           // the HAT's PWR line; 0 when there is none
    int (*busy)(struct wire *wire, bool *high);                         // the level of the BUSY line now
};

struct wire {
    const struct wire_ops *ops;
    size_t max_message; // bytes in one SPI message (spidev's bufsiz; 4096 unless the driver says otherwise)
};

#endif
