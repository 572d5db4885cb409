// The bench: feeds what comes over the spidev and the lines into the emulated chip, drives BUSY, keeps the log.
#include "tests/device/bench_inside.h"

#include "display/frame/frame_png.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int64_t boot_us(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t chip_clock(void *context) {
    const struct bench *bench = context;
    return bench->then_us / US_PER_MS;
}

// The chip meets everything in the order in which it happened.
static void set_then(struct bench *bench, int64_t at_us) {
    if (at_us > bench->then_us) {
        bench->then_us = at_us;
    }
}

void bench_tell(struct bench *bench, const char *event, const char *format, ...) {
    (void)fprintf(bench->log, "{\"boot_ms\":%" PRId64 ".%03d,\"event\":\"%s\"", bench->then_us / US_PER_MS,
                  (int)(bench->then_us % US_PER_MS), event);
    va_list arguments;
    va_start(arguments, format);
    (void)vfprintf(bench->log, format, arguments);
    va_end(arguments);
    (void)fputs("}\n", bench->log);
    (void)fflush(bench->log);
}

static void keep_glass(struct bench *bench) {
    const struct frame *glass = chip_glass(bench->chip);
    if (frame_equal(glass, &bench->shown)) {
        return;
    }
    frame_copy(&bench->shown, glass);
    bench->glasses++;
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof path, "%s/glass-%04d.png", bench->setup.out_dir, bench->glasses);
    int status = frame_write_png(glass, path);
    bench_tell(bench, "glass", ",\"number\":%d,\"status\":%d", bench->glasses, status);
}

void bench_settle(struct bench *bench) {
    chip_watch(bench->chip);
    struct wire *wire = chip_wire(bench->chip);
    bool busy = false;
    (void)wire->ops->busy(wire, &busy);
    bool level = !busy;
    (void)lines_get(bench->lines, (unsigned)bench->setup.busy, &level);
    // A user who asks for a bias pulls a simulated line for good; the chip drives it all the same.
    if (busy != bench->busy || level != busy) {
        (void)lines_pull(bench->lines, (unsigned)bench->setup.busy, busy);
    }
    if (busy != bench->busy) {
        bench_tell(bench, "busy", ",\"high\":%s", busy ? "true" : "false");
    }
    bench->busy = busy;
    bool asleep = chip_is_asleep(bench->chip);
    if (asleep != bench->asleep) {
        bench_tell(bench, "asleep", ",\"yes\":%s", asleep ? "true" : "false");
        if (asleep) {
            keep_glass(bench);
        }
    }
    bench->asleep = asleep;
    const char *violation = chip_violation(bench->chip);
    if (violation && !bench->violation) {
        bench_tell(bench, "violation", ",\"name\":\"%s\",\"detail\":\"%s\"", violation,
                   chip_violation_detail(bench->chip));
        bench->violation = violation;
    }
}

static void set_reset(struct bench *bench, bool high) {
    bench->reset_doubted = false;
    if (high == bench->reset_high) {
        return;
    }
    bench->reset_high = high;
    struct wire *wire = chip_wire(bench->chip);
    (void)wire->ops->reset(wire, !high);
    bench_tell(bench, "reset", ",\"high\":%s", high ? "true" : "false");
    bench_settle(bench);
}

static void set_power(struct bench *bench, bool high) {
    bench->power_doubted = false;
    if (high == bench->power_high) {
        return;
    }
    bench->power_high = high;
    struct wire *wire = chip_wire(bench->chip);
    (void)wire->ops->power(wire, high);
    bench_tell(bench, "power", ",\"high\":%s", high ? "true" : "false");
    bench_settle(bench);
}

static void hear_line(void *context, unsigned offset, bool high, int64_t at_us) {
    struct bench *bench = context;
    set_then(bench, at_us);
    if ((int)offset == bench->setup.reset) {
        set_reset(bench, high);
    } else if ((int)offset == bench->setup.power) {
        set_power(bench, high);
    }
}

void bench_hear_lines(struct bench *bench) {
    lines_drain(bench->lines);
    set_then(bench, boot_us());
}

// A line that was let go goes where its pull is, without a trace: it has its level for two ticks, and nothing said so.
static bool was_let_go(struct bench *bench, int line, bool believed, bool *doubted) {
    bool high = believed;
    if (line == BENCH_NO_LINE || lines_get(bench->lines, (unsigned)line, &high)) {
        return false;
    }
    bool certain = *doubted && high != believed;
    *doubted = high != believed;
    return certain;
}

static void look_at_lines(struct bench *bench) {
    bench_hear_lines(bench);
    if (was_let_go(bench, bench->setup.reset, bench->reset_high, &bench->reset_doubted)) {
        set_reset(bench, !bench->reset_high);
    }
    if (was_let_go(bench, bench->setup.power, bench->power_high, &bench->power_doubted)) {
        set_power(bench, !bench->power_high);
    }
}

static int open_log(struct bench *bench) {
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof path, "%s/log.jsonl", bench->setup.out_dir);
    bench->log = fopen(path, "ae");
    return bench->log ? 0 : -errno;
}

// The HAT pulls RES# and PWR up; nobody drives BUSY before the chip does.
static int pull_lines(struct bench *bench) {
    int status = lines_pull(bench->lines, (unsigned)bench->setup.reset, true);
    if (!status && bench->setup.power != BENCH_NO_LINE) {
        status = lines_pull(bench->lines, (unsigned)bench->setup.power, true);
    }
    if (!status) {
        status = lines_pull(bench->lines, (unsigned)bench->setup.busy, false);
    }
    return status;
}

static int assemble(struct bench *bench) {
    int status = open_log(bench);
    if (!status) {
        status = frame_init(&bench->shown, bench->row->width_px, bench->row->height_px);
    }
    if (!status) {
        status =
            lines_new(&bench->lines, bench->setup.sysfs, bench->setup.base, bench->setup.tracing, hear_line, bench);
    }
    if (!status) {
        status = pull_lines(bench);
    }
    if (status) {
        return status;
    }
    bench->chip = chip_new(&(struct chip_setup){.row = bench->row, .now_ms = chip_clock, .context = bench});
    if (!bench->chip) {
        return -ENOMEM;
    }
    chip_set_power(bench->chip, true);
    bench_settle(bench);
    return 0;
}

int bench_new(struct bench **bench, const struct bench_setup *setup) {
    const struct panel_row *row = panel_row_find(setup->panel);
    if (!row) {
        return -EINVAL;
    }
    struct bench *made = calloc(1, sizeof *made);
    if (!made) {
        return -ENOMEM;
    }
    *made = (struct bench){.setup = *setup,
                           .row = row,
                           .then_us = boot_us(),
                           .reset_high = true,
                           .power_high = true,
                           .pressed_line = BENCH_NO_LINE};
    int status = assemble(made);
    if (status) {
        bench_free(made);
        return status;
    }
    *bench = made;
    return 0;
}

void bench_free(struct bench *bench) {
    if (!bench) {
        return;
    }
    chip_free(bench->chip);
    lines_free(bench->lines);
    frame_clear(&bench->shown);
    if (bench->log) {
        (void)fclose(bench->log);
    }
    free(bench);
}

int bench_fd(const struct bench *bench) {
    return lines_fd(bench->lines);
}

int64_t bench_deadline_ms(const struct bench *bench) {
    int64_t deadline_ms = bench->then_us / US_PER_MS + TICK_MS;
    int64_t edge_ms = chip_next_edge_ms(bench->chip);
    return edge_ms < deadline_ms ? edge_ms : deadline_ms;
}

void bench_pull_button(struct bench *bench, int line, bool up) {
    set_then(bench, boot_us());
    int status = lines_pull(bench->lines, (unsigned)line, up);
    bench_tell(bench, "pull", ",\"line\":%d,\"up\":%s,\"status\":%d", line, up ? "true" : "false", status);
}

void bench_tick(struct bench *bench) {
    bench_hear_lines(bench);
    if (bench->then_us >= bench->looked_us + TICK_MS * US_PER_MS) {
        bench->looked_us = bench->then_us;
        look_at_lines(bench);
    }
    bench_settle(bench);
    if (bench->pressed_line != BENCH_NO_LINE && bench->then_us >= bench->release_us) {
        bench_pull_button(bench, bench->pressed_line, true);
        bench->pressed_line = BENCH_NO_LINE;
    }
}

// Faults that the chip's own model cannot see: it knows no clock mode.
static void check_wire(struct bench *bench, const struct bench_wire *wire) {
    const char *name = NULL;
    if (wire->mode & 3U) {
        name = "spi-mode";
    } else if (wire->bits_per_word && wire->bits_per_word != 8) {
        name = "spi-word";
    } else if ((int64_t)wire->speed_hz > bench->row->spi_max_hz) {
        name = "spi-too-fast";
    }
    if (!name || bench->violation) {
        return;
    }
    bench->violation = name;
    bench_tell(bench, "violation", ",\"name\":\"%s\",\"detail\":\"mode %u, %u bits, %u Hz\"", name, wire->mode,
               wire->bits_per_word, wire->speed_hz);
}

static void read_comm(pid_t pid, char comm[COMM_BYTES]) {
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof path, "/proc/%d/comm", (int)pid);
    comm[0] = '\0';
    FILE *file = fopen(path, "re");
    if (!file) {
        return;
    }
    if (fgets(comm, COMM_BYTES, file)) {
        comm[strcspn(comm, "\n")] = '\0';
    }
    (void)fclose(file);
}

void bench_message_begin(struct bench *bench, pid_t sender, const struct bench_wire *wire) {
    bench_hear_lines(bench);
    bench->messages++;
    if (sender != bench->sender) {
        bench->nth = 0;
        read_comm(sender, bench->comm);
    }
    bench->sender = sender;
    bench->nth++;
    bench->message_bytes = 0;
    (void)lines_get(bench->lines, (unsigned)bench->setup.dc, &bench->data);
    check_wire(bench, wire);
}

void bench_message_transfer(struct bench *bench, const uint8_t *bytes, size_t count) {
    struct wire *wire = chip_wire(bench->chip);
    bench->transfers++;
    if (count && !bench->message_bytes) {
        bench->first_byte = bytes[0];
    }
    bench->message_bytes += count;
    bench->bytes += (int64_t)count;
    if (bench->data) {
        (void)wire->ops->data(wire, bytes, count);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        (void)wire->ops->command(wire, bytes[i]);
    }
}

void bench_message_end(struct bench *bench) {
    bench_tell(bench, "message",
               ",\"comm\":\"%s\",\"pid\":%d,\"nth\":%" PRId64 ",\"data\":%s,\"bytes\":%zu,\"first\":%u", bench->comm,
               (int)bench->sender, bench->nth, bench->data ? "true" : "false", bench->message_bytes,
               bench->message_bytes ? bench->first_byte : 0U);
    bench_settle(bench);
    if (bench->nth != bench->kill_at || strcmp(bench->comm, bench->kill_comm) != 0) {
        return;
    }
    bench->kill_at = 0;
    int status = kill(bench->sender, SIGKILL) ? errno : 0;
    bench_tell(bench, "kill", ",\"pid\":%d,\"nth\":%" PRId64 ",\"status\":%d", (int)bench->sender, bench->nth, status);
}
