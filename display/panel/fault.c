// Why a panel's job failed, in words.
#include "display/panel/panel.h"

#include <assert.h>

const char *panel_fault_sentence(enum panel_fault fault) {
    switch (fault) {
    case PANEL_FAULT_NONE:
        return "The panel works.";
    case PANEL_FAULT_NEVER_BUSY:
        return "The panel did not begin to refresh: it is not connected, or its BUSY line is not.";
    case PANEL_FAULT_STUCK_BUSY:
        return "The panel stayed busy for too long: look at its ribbon, its supply and the panel's name in the "
               "settings.";
    case PANEL_FAULT_WIRE:
        return "The panel cannot be reached: its SPI bus or one of its lines refuses.";
    }
    assert(false && "a fault is one of the four");
    return "";
}
