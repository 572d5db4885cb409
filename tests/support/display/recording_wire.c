#include "tests/support/display/recording_wire.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

static void wire_log(struct recording_wire *at, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void wire_log(struct recording_wire *at, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const size_t room = sizeof at->log - at->log_length;
    const int length = vsnprintf(at->log + at->log_length, room, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= room) {
        at->complaint = "the log is full";
    } else {
        at->log_length += (size_t)length;
    }
}

static bool wire_between(int64_t since_ms, int64_t from_ms, int64_t to_ms) {
    return since_ms >= from_ms && since_ms < to_ms;
}

static bool wire_is_busy(const struct recording_wire *at) {
    if (at->line != BUSY_FOLLOWS) {
        return (at->line == BUSY_HIGH) != at->ultrachip;
    }
    if (at->in_reset || at->asleep || wire_between(at->now_ms - at->released_ms, 0, 3)) {
        return true;
    }
    if (wire_between(at->now_ms - at->soft_reset_ms, 2, 8)) { // rises late: 1 ms after 0x12 it is still low
        return true;
    }
    if (wire_between(at->now_ms - at->power_ms, 1, 41)) { // rises late, too
        return true;
    }
    if (wire_between(at->now_ms - at->loaded_ms, 1, 6)) {
        return true;
    }
    const int64_t since_ms = at->now_ms - at->activated_ms;
    return at->activated_ms != LONG_AGO_MS && wire_between(since_ms, at->refresh_rises_ms, at->refresh_falls_ms) &&
           !wire_between(since_ms, at->spike_from_ms, at->spike_to_ms);
}

int64_t wire_next_edge_ms(const struct recording_wire *at) {
    const int64_t edges_ms[] = {at->activated_ms + at->refresh_rises_ms, at->activated_ms + at->refresh_falls_ms,
                                at->activated_ms + at->spike_from_ms, at->activated_ms + at->spike_to_ms,
                                at->power_ms + 41};
    int64_t next_ms = INT64_MAX;
    for (size_t i = 0; i < sizeof edges_ms / sizeof edges_ms[0]; i++) {
        if (edges_ms[i] > at->now_ms && edges_ms[i] < next_ms) {
            next_ms = edges_ms[i];
        }
    }
    return next_ms;
}

static int wire_call(struct recording_wire *at, enum wire_verb verb) {
    return at->fail_verb == (int)verb && at->calls[verb]++ == at->fail_at ? -EIO : 0;
}

static void wire_check_byte(struct recording_wire *at) {
    if (at->complaint || at->line != BUSY_FOLLOWS) {
        return;
    }
    if (wire_is_busy(at)) {
        at->complaint = "a byte while the chip is busy";
    } else if (at->in_reset) {
        at->complaint = "a byte while RES# is low";
    } else if (at->now_ms - at->released_ms < 10 || at->now_ms - at->soft_reset_ms < 10) {
        at->complaint = "a byte within 10 ms of a reset";
    } else if (!at->powered) {
        at->complaint = "a byte without power";
    }
}

static int recording_command(struct wire *wire, uint8_t command) {
    struct recording_wire *at = (struct recording_wire *)wire;
    if (wire_call(at, WIRE_COMMAND) != 0) {
        return -EIO;
    }
    if (at->ultrachip && command == 0x71) {
        at->polls++;
        if (at->asleep && at->line == BUSY_FOLLOWS) {
            at->complaint = "a question to a chip that sleeps";
        }
        return 0;
    }
    wire_check_byte(at);
    wire_log(at, at->log_length > 0 ? "\n%02X" : "%02X", command);
    at->last_command = command;
    if (at->ultrachip && (command == 0x04 || command == 0x02)) {
        at->power_ms = at->now_ms;
    }
    if (!at->ultrachip && command == 0x12) {
        at->soft_reset_ms = at->now_ms;
    }
    if (at->ultrachip ? command == 0x12 : command == 0x20 && (at->sequence & 0x04)) {
        at->activated_ms = at->now_ms;
    } else if (!at->ultrachip && command == 0x20) {
        at->loaded_ms = at->now_ms;
    }
    return 0;
}

static int recording_data(struct wire *wire, const uint8_t *bytes, size_t count) {
    struct recording_wire *at = (struct recording_wire *)wire;
    if (wire_call(at, WIRE_DATA) != 0) {
        return -EIO;
    }
    wire_check_byte(at);
    at->longest_message = count > at->longest_message ? count : at->longest_message;
    for (size_t i = 0; i < count;) {
        size_t run = 1;
        while (i + run < count && bytes[i + run] == bytes[i]) {
            run++;
        }
        wire_log(at, run > 2 ? " %02X*%zu" : " %02X", bytes[i], run);
        i += run > 2 ? run : 1;
    }
    if (at->last_command == 0x22) {
        at->sequence = bytes[0];
    }
    if (at->last_command == (at->ultrachip ? 0x07 : 0x10)) {
        at->asleep = true;
        at->slept_ms = at->now_ms;
    }
    return 0;
}

static int recording_reset(struct wire *wire, bool asserted) {
    struct recording_wire *at = (struct recording_wire *)wire;
    if (wire_call(at, WIRE_RESET) != 0) {
        return -EIO;
    }
    wire_log(at, at->log_length > 0 ? "\nreset %d" : "reset %d", asserted);
    if (!asserted && !at->in_reset) {
        return 0;
    }
    at->in_reset = asserted;
    at->asleep = false;
    at->activated_ms = LONG_AGO_MS;
    at->loaded_ms = LONG_AGO_MS;
    at->soft_reset_ms = LONG_AGO_MS;
    at->power_ms = LONG_AGO_MS;
    at->released_ms = at->now_ms;
    return 0;
}

static int recording_power(struct wire *wire, bool on) {
    struct recording_wire *at = (struct recording_wire *)wire;
    if (wire_call(at, WIRE_POWER) != 0) {
        return -EIO;
    }
    wire_log(at, at->log_length > 0 ? "\npower %d" : "power %d", on);
    at->powered = on;
    return 0;
}

static int recording_busy(struct wire *wire, bool *high) {
    struct recording_wire *at = (struct recording_wire *)wire;
    if (wire_call(at, WIRE_BUSY) != 0) {
        return -EIO;
    }
    *high = wire_is_busy(at) != at->ultrachip;
    return 0;
}

static const struct wire_ops recording_ops = {.command = recording_command,
                                              .data = recording_data,
                                              .reset = recording_reset,
                                              .power = recording_power,
                                              .busy = recording_busy};

void wire_forget_log(struct recording_wire *at) {
    at->log[0] = '\0';
    at->log_length = 0;
}

struct recording_wire recording_wire_make(int64_t falls_ms) {
    return (struct recording_wire){.wire = {.ops = &recording_ops, .max_message = 4096},
                                   .now_ms = 1000,
                                   .refresh_rises_ms = 1,
                                   .refresh_falls_ms = falls_ms,
                                   .spike_from_ms = INT64_MAX / 2,
                                   .spike_to_ms = INT64_MAX / 2,
                                   .released_ms = LONG_AGO_MS,
                                   .soft_reset_ms = LONG_AGO_MS,
                                   .activated_ms = LONG_AGO_MS,
                                   .power_ms = LONG_AGO_MS,
                                   .loaded_ms = LONG_AGO_MS,
                                   .fail_verb = -1};
}
