// A wire that outlives the hardware behind it: it is opened when the panel is switched on and, once it has refused,
// opened anew the next time. In between every verb fails with -ENODEV, and the driver's own retry and back-off do
// the rest: nobody above notices that a device came, went or was taken.
#ifndef KARANI_DISPLAY_WIRE_REOPENING_H
#define KARANI_DISPLAY_WIRE_REOPENING_H

#include "display/wire/wire.h"

// How the wire behind it is had and given back.
struct wire_door {
    // 0 with *wire, which is open until `close`; or -errno. Who implements it tells why.
    int (*open)(void *context, struct wire **wire);
    void (*close)(void *context);
    void *context;
};

struct wire_lasting;

// Nothing is opened yet. 0 or -ENOMEM.
int wire_lasting_new(struct wire_lasting **lasting, const struct wire_door *door);

// Closes what is open. Accepts NULL.
void wire_lasting_free(struct wire_lasting *lasting);

struct wire *wire_lasting_wire(struct wire_lasting *lasting);

#endif
