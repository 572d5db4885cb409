// Passes verbs on to the wire behind it, while there is one.
#include "display/wire/reopening.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

enum { MAX_MESSAGE_UNTIL_OPEN = 4096 };

struct wire_lasting {
    struct wire wire;
    struct wire_door door;
    struct wire *behind; // NULL: closed
    bool refused;        // a verb failed: to be opened anew
};

static struct wire_lasting *of_wire(struct wire *wire) {
    return (struct wire_lasting *)((char *)wire - offsetof(struct wire_lasting, wire));
}

static void shut(struct wire_lasting *lasting) {
    if (lasting->behind != NULL)
        lasting->door.close(lasting->door.context);
    lasting->behind = NULL;
}

static int answer(struct wire_lasting *lasting, int result) {
    lasting->refused = lasting->refused || result < 0;
    return result;
}

static int send_command(struct wire *wire, uint8_t command) {
    struct wire_lasting *lasting = of_wire(wire);
    struct wire *behind = lasting->behind;
    return behind == NULL ? -ENODEV : answer(lasting, behind->ops->command(behind, command));
}

static int send_data(struct wire *wire, const uint8_t *bytes, size_t count) {
    struct wire_lasting *lasting = of_wire(wire);
    struct wire *behind = lasting->behind;
    return behind == NULL ? -ENODEV : answer(lasting, behind->ops->data(behind, bytes, count));
}

static int set_reset(struct wire *wire, bool asserted) {
    struct wire_lasting *lasting = of_wire(wire);
    struct wire *behind = lasting->behind;
    return behind == NULL ? -ENODEV : answer(lasting, behind->ops->reset(behind, asserted));
}

static int get_busy(struct wire *wire, bool *high) {
    struct wire_lasting *lasting = of_wire(wire);
    struct wire *behind = lasting->behind;
    return behind == NULL ? -ENODEV : answer(lasting, behind->ops->busy(behind, high));
}

// Every job begins by switching the panel on: the moment to open what is closed or has refused.
static int set_power(struct wire *wire, bool on) {
    struct wire_lasting *lasting = of_wire(wire);
    if (on && lasting->refused)
        shut(lasting);
    if (on && lasting->behind == NULL) {
        int result = lasting->door.open(lasting->door.context, &lasting->behind);
        if (result < 0)
            return result;
        lasting->refused = false;
        wire->max_message = lasting->behind->max_message;
    }
    struct wire *behind = lasting->behind;
    return behind == NULL ? -ENODEV : answer(lasting, behind->ops->power(behind, on));
}

static const struct wire_ops ops = {
    .command = send_command, .data = send_data, .reset = set_reset, .power = set_power, .busy = get_busy};

int wire_lasting_new(struct wire_lasting **lasting, const struct wire_door *door) {
    struct wire_lasting *made = calloc(1, sizeof *made);
    if (made == NULL)
        return -ENOMEM;
    *made = (struct wire_lasting){.wire = {.ops = &ops, .max_message = MAX_MESSAGE_UNTIL_OPEN}, .door = *door};
    *lasting = made;
    return 0;
}

void wire_lasting_free(struct wire_lasting *lasting) {
    if (lasting == NULL)
        return;
    shut(lasting);
    free(lasting);
}

struct wire *wire_lasting_wire(struct wire_lasting *lasting) {
    return &lasting->wire;
}
