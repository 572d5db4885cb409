// A wire that writes down what is sent, for the tests of the driver, with just enough of a chip behind it to
// answer on BUSY: an SSD1680, or one of the UltraChip family. It refuses a byte that comes while the chip is busy or
// too soon after a reset.
#ifndef KARANI_TESTS_SUPPORT_DISPLAY_RECORDING_WIRE_H
#define KARANI_TESTS_SUPPORT_DISPLAY_RECORDING_WIRE_H

#include "display/wire/wire.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum wire_verb { WIRE_COMMAND, WIRE_DATA, WIRE_RESET, WIRE_POWER, WIRE_BUSY, WIRE_VERB_COUNT };

enum busy_line { BUSY_FOLLOWS, BUSY_HIGH, BUSY_LOW };

enum { LONG_AGO_MS = -1000000 };

struct recording_wire {
    struct wire wire; // first: the driver holds a pointer to it
    int64_t now_ms;
    bool ultrachip;  // BUSY is low while busy; 0x04, 0x02 take time; 0x71 may come at any time and is not written down
    char log[16384]; // "reset 1\nreset 0\n12\n01 F9 00 00\n24 FF*4000\n…": a command with its data is one line
    size_t log_length;
    size_t longest_message;
    const char *complaint; // the first breach of the protocol

    enum busy_line line;
    int64_t refresh_rises_ms; // BUSY after 0x20
    int64_t refresh_falls_ms;
    int64_t spike_from_ms; // BUSY reads low for a moment while a refresh runs; since 0x20
    int64_t spike_to_ms;
    int64_t released_ms;
    int64_t soft_reset_ms;
    int64_t activated_ms;
    int64_t power_ms;  // when 0x04 or 0x02 came
    int polls;         // 0x71
    int64_t loaded_ms; // a 0x20 that shows nothing, by what 0x22 said
    uint8_t sequence;
    bool in_reset;
    bool asleep;
    bool powered;
    uint8_t last_command;
    int64_t slept_ms; // when deep sleep was last sent

    int fail_verb; // the verb whose call number fail_at fails; -1 none
    int fail_at;
    int calls[WIRE_VERB_COUNT];
};

// The next time at which BUSY may change by itself; INT64_MAX when none is known.
int64_t wire_next_edge_ms(const struct recording_wire *at);

void wire_forget_log(struct recording_wire *at);

// A chip that works: BUSY rises 1 ms after 0x20 and falls falls_ms after it.
struct recording_wire recording_wire_make(int64_t falls_ms);

#endif
