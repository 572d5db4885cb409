// Passes verbs on to the wire behind it, while there is one.
#include "display/wire/reopening.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

enum { MAX_MESSAGE_UNTIL_OPEN = 4096 };

struct wire_reopening {
    struct wire wire;
    struct wire_door door;
    struct wire *behind; // NULL: closed
    bool refused;        // a verb failed: to be opened anew
};

static struct wire_reopening *of_wire(struct wire *wire) {
    return (struct wire_reopening *)((char *)wire - offsetof(struct wire_reopening, wire));
}

static void shut(struct wire_reopening *reopening) {
    if (reopening->behind != NULL) {
        reopening->door.close(reopening->door.context);
    }
    reopening->behind = NULL;
}

static int answer(struct wire_reopening *reopening, int error) {
    reopening->refused = reopening->refused || error < 0;
    return error;
}

static int send_command(struct wire *wire, uint8_t command) {
    struct wire_reopening *reopening = of_wire(wire);
    struct wire *behind = reopening->behind;
    return behind == NULL ? -ENODEV : answer(reopening, behind->ops->command(behind, command));
}

static int send_data(struct wire *wire, const uint8_t *bytes, size_t count) {
    struct wire_reopening *reopening = of_wire(wire);
    struct wire *behind = reopening->behind;
    return behind == NULL ? -ENODEV : answer(reopening, behind->ops->data(behind, bytes, count));
}

static int set_reset(struct wire *wire, bool asserted) {
    struct wire_reopening *reopening = of_wire(wire);
    struct wire *behind = reopening->behind;
    return behind == NULL ? -ENODEV : answer(reopening, behind->ops->reset(behind, asserted));
}

static int get_busy(struct wire *wire, bool *high) {
    struct wire_reopening *reopening = of_wire(wire);
    struct wire *behind = reopening->behind;
    return behind == NULL ? -ENODEV : answer(reopening, behind->ops->busy(behind, high));
}

// Every job begins by switching the panel on: the moment to open what is closed or has refused.
static int set_power(struct wire *wire, bool on) {
    struct wire_reopening *reopening = of_wire(wire);
    if (on && reopening->refused) {
        shut(reopening);
    }
    if (on && reopening->behind == NULL) {
        int error = reopening->door.open(reopening->door.context, &reopening->behind);
        if (error < 0) {
            return error;
        }
        reopening->refused = false;
        wire->max_message = reopening->behind->max_message;
    }
    struct wire *behind = reopening->behind;
    return behind == NULL ? -ENODEV : answer(reopening, behind->ops->power(behind, on));
}

static const struct wire_ops ops = {
    .command = send_command, .data = send_data, .reset = set_reset, .power = set_power, .busy = get_busy};

int wire_reopening_new(struct wire_reopening **reopening, const struct wire_door *door) {
    struct wire_reopening *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return -ENOMEM;
    }
    *made = (struct wire_reopening){.wire = {.ops = &ops, .max_message = MAX_MESSAGE_UNTIL_OPEN}, .door = *door};
    *reopening = made;
    return 0;
}

void wire_reopening_free(struct wire_reopening *reopening) {
    if (reopening == NULL) {
        return;
    }
    shut(reopening);
    free(reopening);
}

struct wire *wire_reopening_wire(struct wire_reopening *reopening) {
    return &reopening->wire;
}
