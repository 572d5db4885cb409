// How the world's clocks move against each other.
#include "daemon/sim/clocks.h"

#include <assert.h>

void clocks_set_rtc(struct clocks *clocks, bool rtc) {
    clocks->rtc = rtc;
    clocks->rtc_denied = !clocks->begun && !rtc;
}

static int64_t cold_start_ms(int64_t true_ms) {
    return true_ms < CLOCKS_BUILD_EPOCH_S * 1000 ? 0 : CLOCKS_BUILD_EPOCH_S * 1000;
}

void clocks_begin(struct clocks *clocks, int64_t true_ms) {
    assert(!clocks->begun);
    clocks->begun = true;
    clocks->power = true;
    clocks->true_ms = true_ms;
    clocks->boot_true_ms = true_ms;
    clocks->system_ahead_ms = clocks->rtc_denied ? cold_start_ms(true_ms) - true_ms : 0;
    clocks->synchronised = !clocks->rtc_denied;
    clocks->rtc_trusted = false;
}

void clocks_pass_to(struct clocks *clocks, int64_t true_ms) {
    assert(true_ms >= clocks->true_ms);
    clocks->true_ms = true_ms;
}

void clocks_power_cut(struct clocks *clocks) {
    assert(clocks->power);
    clocks->power = false;
}

void clocks_power_on(struct clocks *clocks) {
    assert(clocks->begun && !clocks->power);
    clocks->power = true;
    clocks->boot_true_ms = clocks->true_ms;
    clocks->synchronised = false;
    clocks->rtc_trusted = clocks->rtc;
    if (!clocks->rtc) {
        clocks->system_ahead_ms = cold_start_ms(clocks->true_ms) - clocks->true_ms;
    }
}

void clocks_step(struct clocks *clocks, int64_t ms) {
    int64_t system_ms = clocks_moment(clocks).system_ms + ms;
    if (system_ms >= 0 && system_ms < CLOCKS_SET_UNTIL_MS) {
        clocks->system_ahead_ms += ms;
    }
}

void clocks_sync(struct clocks *clocks) {
    clocks->system_ahead_ms = 0;
    clocks->synchronised = true;
}

struct moment clocks_moment(const struct clocks *clocks) {
    assert(clocks->power);
    return (struct moment){.boot_ms = clocks->true_ms - clocks->boot_true_ms,
                           .system_ms = clocks->true_ms + clocks->system_ahead_ms};
}

int64_t clocks_true_of_boot(const struct clocks *clocks, int64_t boot_ms) {
    return boot_ms == INT64_MAX ? INT64_MAX : clocks->boot_true_ms + boot_ms;
}
