#include "tests/support/display/bent_wire.h"

#include <errno.h>

static struct wire *bent_wire_pass(struct wire *wire) {
    struct bent_wire *at = (struct bent_wire *)wire;
    if (at->calls_left == 0) {
        return NULL;
    }
    at->calls_left--;
    return at->to;
}

static int bent_wire_command(struct wire *wire, uint8_t command) {
    struct wire *to = bent_wire_pass(wire);
    ((struct bent_wire *)wire)->last_command = command;
    return to ? to->ops->command(to, command) : -EIO;
}

static int bent_wire_data(struct wire *wire, const uint8_t *bytes, size_t count) {
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

static int bent_wire_reset(struct wire *wire, bool asserted) {
    struct wire *to = bent_wire_pass(wire);
    return to ? to->ops->reset(to, asserted) : -EIO;
}

static int bent_wire_power(struct wire *wire, bool on) {
    struct wire *to = bent_wire_pass(wire);
    return to ? to->ops->power(to, on) : -EIO;
}

static int bent_wire_busy(struct wire *wire, bool *high) {
    struct wire *to = bent_wire_pass(wire);
    return to ? to->ops->busy(to, high) : -EIO;
}

static const struct wire_ops bent_wire_ops = {.command = bent_wire_command,
                                              .data = bent_wire_data,
                                              .reset = bent_wire_reset,
                                              .power = bent_wire_power,
                                              .busy = bent_wire_busy};

struct bent_wire bent_wire_make(struct wire *to, int calls) {
    return (struct bent_wire){
        .wire = {.ops = &bent_wire_ops, .max_message = to->max_message}, .to = to, .calls_left = calls};
}
