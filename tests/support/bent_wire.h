// A wire that leads to another one, but not quite: it goes nowhere after so many calls, or makes deep sleep lose RAM.
#ifndef KARANI_TESTS_SUPPORT_BENT_WIRE_H
#define KARANI_TESTS_SUPPORT_BENT_WIRE_H

#include "display/wire/wire.h"

#include <errno.h>
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

static inline struct wire *bent_wire_pass(struct wire *wire) {
    struct bent_wire *at = (struct bent_wire *)wire;
    if (at->calls_left == 0) {
        return NULL;
    }
    at->calls_left--;
    return at->to;
}

static inline int bent_wire_command(struct wire *wire, uint8_t command) {
    struct wire *to = bent_wire_pass(wire);
    ((struct bent_wire *)wire)->last_command = command;
    return to ? to->ops->command(to, command) : -EIO;
}

static inline int bent_wire_data(struct wire *wire, const uint8_t *bytes, size_t count) {
    static const uint8_t loses_ram[] = {0x03};
    const struct bent_wire *at = (struct bent_wire *)wire;
    struct wire *to = bent_wire_pass(wire);
    if (!to) {
        return -EIO;
    }
    if (at->sleep_loses_ram && at->last_command == 0x10 && count == 1) {
        return to->ops->data(to, loses_ram, sizeof loses_ram);
    }
    return to->ops->data(to, bytes, count);
}

static inline int bent_wire_reset(struct wire *wire, bool asserted) {
    struct wire *to = bent_wire_pass(wire);
    return to ? to->ops->reset(to, asserted) : -EIO;
}

static inline int bent_wire_power(struct wire *wire, bool on) {
    struct wire *to = bent_wire_pass(wire);
    return to ? to->ops->power(to, on) : -EIO;
}

static inline int bent_wire_busy(struct wire *wire, bool *high) {
    struct wire *to = bent_wire_pass(wire);
    return to ? to->ops->busy(to, high) : -EIO;
}

static const struct wire_ops bent_wire_ops = {.command = bent_wire_command,
                                              .data = bent_wire_data,
                                              .reset = bent_wire_reset,
                                              .power = bent_wire_power,
                                              .busy = bent_wire_busy};

static inline struct bent_wire bent_wire_make(struct wire *to, int calls) {
    return (struct bent_wire){
        .wire = {.ops = &bent_wire_ops, .max_message = to->max_message}, .to = to, .calls_left = calls};
}

#endif
