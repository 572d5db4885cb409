// A wire that leads to another one, but not quite: it goes nowhere after so many calls, or makes deep sleep lose RAM.
#ifndef KARANI_TESTS_SUPPORT_DISPLAY_BENT_WIRE_H
#define KARANI_TESTS_SUPPORT_DISPLAY_BENT_WIRE_H

#include "display/wire/wire.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bent_wire {
    struct wire wire; // first: the driver holds a pointer to it
    struct wire *to;
    int calls_left;       // then the daemon is dead: what it does did not happen
    bool sleep_loses_ram; // an SSD168x's 0x10 01 arrives as 0x10 03; the others lose it anyway
    uint8_t last_command;
};

struct bent_wire bent_wire_make(struct wire *to, int calls);

#endif
