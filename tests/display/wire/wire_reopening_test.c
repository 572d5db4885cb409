// Tests of the wire that comes and goes: when it is opened, what it passes on, and what it answers in between.

// cmocka.h wants these four before it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "display/wire/reopening.h"

#include "display/panel/panel.h"
#include "display/panel/rows.h"
#include "tests/support/display/recording_wire.h"

#include <cmocka.h>
#include <errno.h>

struct hardware {
    struct recording_wire at;
    int refuse; // so many opens
    int opened;
    int closed;
    bool is_open;
};

static int open_hardware(void *context, struct wire **wire) {
    struct hardware *hardware = context;
    assert_false(hardware->is_open);
    if (hardware->refuse > 0) {
        hardware->refuse--;
        return -ENOENT;
    }
    hardware->opened++;
    hardware->is_open = true;
    *wire = &hardware->at.wire;
    return 0;
}

static void close_hardware(void *context) {
    struct hardware *hardware = context;
    assert_true(hardware->is_open);
    hardware->is_open = false;
    hardware->closed++;
}

static struct wire_reopening *begin(struct hardware *hardware) {
    struct wire_reopening *lasting;
    *hardware = (struct hardware){.at = recording_wire_make(300)};
    hardware->at.wire.max_message = 512;
    const struct wire_door door = {.open = open_hardware, .close = close_hardware, .context = hardware};
    assert_int_equal(wire_reopening_new(&lasting, &door), 0);
    return lasting;
}

static void test_closed(void **state) {
    (void)state;
    struct hardware hardware;
    struct wire_reopening *lasting = begin(&hardware);
    struct wire *wire = wire_reopening_wire(lasting);
    const uint8_t bytes[] = {1, 2};
    bool high = true;
    assert_true(wire->max_message > 0); // a driver may ask before it is open
    assert_int_equal(wire->ops->command(wire, 0x12), -ENODEV);
    assert_int_equal(wire->ops->data(wire, bytes, 2), -ENODEV);
    assert_int_equal(wire->ops->reset(wire, true), -ENODEV);
    assert_int_equal(wire->ops->busy(wire, &high), -ENODEV);
    assert_int_equal(wire->ops->power(wire, false), -ENODEV); // nothing is opened to be switched off
    assert_int_equal(hardware.opened, 0);
    wire_reopening_free(lasting);
    assert_int_equal(hardware.closed, 0);
}

static void test_opens_with_power(void **state) {
    (void)state;
    struct hardware hardware;
    struct wire_reopening *lasting = begin(&hardware);
    struct wire *wire = wire_reopening_wire(lasting);
    hardware.refuse = 1;
    assert_int_equal(wire->ops->power(wire, true), -ENOENT);
    assert_int_equal(wire->ops->reset(wire, true), -ENODEV);
    assert_int_equal(wire->ops->power(wire, true), 0);
    assert_int_equal(wire->max_message, 512);
    assert_int_equal(wire->ops->power(wire, true), 0);
    assert_int_equal(wire->ops->reset(wire, true), 0);
    assert_int_equal(wire->ops->reset(wire, false), 0);
    assert_int_equal(hardware.opened, 1);
    wire_reopening_free(lasting);
    assert_int_equal(hardware.closed, 1);
}

// Whichever verb the hardware refuses: the next job has it opened anew, not before.
static void test_refusals(void **state) {
    (void)state;
    for (int verb = 0; verb < WIRE_VERB_COUNT; verb++) {
        struct hardware hardware;
        struct wire_reopening *lasting = begin(&hardware);
        struct wire *wire = wire_reopening_wire(lasting);
        const uint8_t byte = 0;
        bool high;
        assert_int_equal(wire->ops->power(wire, true), 0);
        hardware.at.fail_verb = verb;
        hardware.at.fail_at = hardware.at.calls[verb];
        int results[] = {wire->ops->command(wire, 0x12), wire->ops->data(wire, &byte, 1), wire->ops->reset(wire, true),
                         wire->ops->power(wire, false), wire->ops->busy(wire, &high)};
        for (int i = 0; i < WIRE_VERB_COUNT; i++) {
            assert_true((results[i] < 0) == (i == verb));
        }
        assert_int_equal(hardware.opened, 1);
        assert_int_equal(wire->ops->power(wire, true), 0);
        assert_int_equal(hardware.opened, 2);
        assert_int_equal(hardware.closed, 1);
        wire_reopening_free(lasting);
    }
}

static void test_free_nothing(void **state) {
    (void)state;
    wire_reopening_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_closed),
        cmocka_unit_test(test_opens_with_power),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_free_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
