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

struct wire_reopening;

// Nothing is opened yet. 0 or -ENOMEM.
int wire_reopening_new(struct wire_reopening **reopening, const struct wire_door *door);

// Closes what is open. Accepts NULL.
void wire_reopening_free(struct wire_reopening *reopening);

struct wire *wire_reopening_wire(struct wire_reopening *reopening);

#endif
