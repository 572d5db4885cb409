// Evenings with the device's real hands and the real driver, in time that is told to pass, on an emulated chip whose
// own work is taken off: what every press cost, and what an evening wrote. Prints tab-separated lines for
// tests/bench/run.
#include "daemon/host/host.h"
#include "daemon/runtime/runtime.h"
#include "daemon/settings/paths.h"
#include "daemon/settings/setup.h"
#include "daemon/sim/storage/storage.h"
#include "display/chip/chip.h"
#include "display/panel/controller/controller.h"
#include "display/panel/rows.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

enum {
    PRESS_MS = 120,
    SETTLE_MS = 8 * 1000, // longer than any refresh and its deep sleep, shorter than a card
    DAY_MS = 24 * 60 * 60 * 1000,
    POWER_UP_MS = 20000, // from power to the start of the daemon
    STEPS_MAX = 60,      // presses and waits of one evening
};

static const int64_t first_evening_ms = INT64_C(1772481600) * 1000; // 2026-03-02 21:00 in Berlin

// What was asked last on the wire says what the driver waits for.
enum wait { WAIT_PRESCRIBED, WAIT_CHIP_BUSY, WAIT_CHIP_IDLE, WAIT_COUNT };

// What became of one press.
struct answer {
    int64_t pressed_ms;
    int64_t drawn_ns; // until the driver moved the first line
    int64_t first_ns; // until the first byte of the answer, waits included
    int64_t first_ms; // the driver's waits until then; −1: no byte has come
    int64_t free_ns;  // when the loop was last done with something
    int64_t soft_ns;  // computing until the glass had settled
    int64_t waits_ms[WAIT_COUNT];
    int64_t driven_ms; // the chip's BUSY of the refresh
    enum refresh_kind kind;
    int64_t spi_bytes;
    int saves;
    bool from_rest; // the panel slept when the press came
    bool settled;
};

struct bench {
    const struct panel_row *row;
    const struct host_load *load;
    const char *dir;
    const char *vfs;
    struct wire wire; // in front of the chip's
    struct chip *chip;
    struct runtime *runtime;
    struct moment now;
    struct answer answer;
    enum wait wait;
    int64_t call_ns; // when the running call of the runtime began
    int64_t from_ns; // … since the press: when it was due, or when the loop was done with the call before
    int64_t from_ms; // … in the time that is told
    int64_t away_ns; // spent in the chip during it
    bool calling;
    bool moved; // a line has moved since the press
    int pages, refreshes;
};

static _Noreturn void give_up(const char *what) {
    fprintf(stderr, "evening: %s\n", what);
    exit(EXIT_FAILURE);
}

static int64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int64_t chip_now_ms(void *context) {
    return ((const struct bench *)context)->now.boot_ms;
}

// ---- the wire: stamps what comes, then lets the chip have it ----

static struct bench *bench_of(struct wire *wire) {
    return (struct bench *)((char *)wire - offsetof(struct bench, wire));
}

// Since the press, without the work of the chip: computing that a wait covers costs nothing.
static int64_t since_press_ns(const struct bench *bench, int64_t at_ns) {
    return bench->from_ns + (bench->calling ? at_ns - bench->call_ns - bench->away_ns : 0);
}

static int64_t leave(struct bench *bench, enum wait wait) {
    const int64_t at_ns = now_ns();
    bench->wait = wait;
    if (!bench->moved) {
        bench->answer.drawn_ns = since_press_ns(bench, at_ns);
    }
    bench->moved = true;
    return at_ns;
}

static void come_back(struct bench *bench, int64_t left_ns) {
    bench->away_ns += now_ns() - left_ns;
}

static int send_command(struct wire *wire, uint8_t command) {
    struct bench *bench = bench_of(wire);
    const int64_t left_ns = leave(bench, WAIT_PRESCRIBED);
    if (bench->answer.first_ms < 0) {
        bench->answer.first_ns = since_press_ns(bench, left_ns);
        bench->answer.first_ms = bench->now.boot_ms - bench->answer.pressed_ms;
    }
    struct wire *chip = chip_wire(bench->chip);
    const int error = chip->ops->command(chip, command);
    come_back(bench, left_ns);
    return error;
}

static int send_data(struct wire *wire, const uint8_t *bytes, size_t count) {
    struct bench *bench = bench_of(wire);
    const int64_t left_ns = leave(bench, WAIT_PRESCRIBED);
    struct wire *chip = chip_wire(bench->chip);
    const int error = chip->ops->data(chip, bytes, count);
    come_back(bench, left_ns);
    return error;
}

static int set_reset(struct wire *wire, bool asserted) {
    struct bench *bench = bench_of(wire);
    const int64_t left_ns = leave(bench, WAIT_PRESCRIBED);
    struct wire *chip = chip_wire(bench->chip);
    const int error = chip->ops->reset(chip, asserted);
    come_back(bench, left_ns);
    return error;
}

static int set_power(struct wire *wire, bool on) {
    struct bench *bench = bench_of(wire);
    const int64_t left_ns = leave(bench, WAIT_PRESCRIBED);
    struct wire *chip = chip_wire(bench->chip);
    const int error = chip->ops->power(chip, on);
    come_back(bench, left_ns);
    return error;
}

static int get_busy(struct wire *wire, bool *high) {
    struct bench *bench = bench_of(wire);
    const int64_t left_ns = leave(bench, WAIT_PRESCRIBED);
    struct wire *chip = chip_wire(bench->chip);
    const int error = chip->ops->busy(chip, high);
    bench->wait = *high == bench->row->controller->busy_level ? WAIT_CHIP_BUSY : WAIT_CHIP_IDLE;
    come_back(bench, left_ns);
    return error;
}

static const struct wire_ops ops = {
    .command = send_command, .data = send_data, .reset = set_reset, .power = set_power, .busy = get_busy};

// ---- calls of the runtime ----

static void hear(void *context, const struct runtime_event *event, struct moment now) {
    struct bench *bench = context;
    (void)now;
    bench->pages += event->kind == RUNTIME_PAGE;
    bench->answer.saves += event->kind == RUNTIME_SAVE;
    if (event->kind == RUNTIME_FAULT) {
        give_up(event->fault.sentence);
    }
    if (event->kind != RUNTIME_REFRESH) {
        return;
    }
    bench->refreshes++;
    bench->answer.kind = event->refresh.kind;
    bench->answer.spi_bytes = event->refresh.spi_bytes;
}

static void begin_call(struct bench *bench) {
    // The daemon reads the clock when a call begins: a wait runs from there, whatever is computed in it.
    const int64_t due_ns = bench->from_ns + (bench->now.boot_ms - bench->from_ms) * 1000000;
    bench->calling = true;
    bench->away_ns = 0;
    bench->from_ns = due_ns > bench->answer.free_ns ? due_ns : bench->answer.free_ns;
    bench->from_ms = bench->now.boot_ms;
    bench->call_ns = now_ns();
}

static void end_call(struct bench *bench) {
    const int64_t ended_ns = now_ns();
    bench->answer.free_ns = since_press_ns(bench, ended_ns);
    if (!bench->answer.settled) {
        bench->answer.soft_ns += ended_ns - bench->call_ns - bench->away_ns;
    }
    bench->calling = false;
    chip_watch(bench->chip);
    if (chip_violation(bench->chip) != NULL) {
        give_up(chip_violation_detail(bench->chip));
    }
}

static void pass_to(struct bench *bench, int64_t boot_ms) {
    bench->now.system_ms += boot_ms - bench->now.boot_ms;
    bench->now.boot_ms = boot_ms;
}

static int64_t next_ms(const struct bench *bench) {
    const int64_t deadline_ms = runtime_deadline(bench->runtime, bench->now);
    const int64_t edge_ms = chip_next_edge_ms(bench->chip);
    const int64_t due_ms = edge_ms < deadline_ms ? edge_ms : deadline_ms;
    return due_ms < bench->now.boot_ms ? bench->now.boot_ms : due_ms;
}

// Notes when the glass begins and ceases to be driven: it has settled before the runtime hear of it.
static void follow_glass(struct bench *bench, int64_t *driven_since_ms) {
    const bool driven = chip_is_driving(bench->chip);
    if (driven && *driven_since_ms < 0) {
        *driven_since_ms = bench->now.boot_ms;
    }
    if (driven || *driven_since_ms < 0 || bench->answer.settled) {
        return;
    }
    bench->answer.settled = true;
    bench->answer.driven_ms = bench->now.boot_ms - *driven_since_ms;
}

static void run_for(struct bench *bench, int64_t ms) {
    const int64_t until_ms = bench->now.boot_ms + ms;
    int64_t driven_since_ms = -1;
    for (int64_t next; (next = next_ms(bench)) <= until_ms;) {
        if (driven_since_ms < 0) {
            bench->answer.waits_ms[bench->wait] += next - bench->now.boot_ms;
        }
        pass_to(bench, next);
        chip_watch(bench->chip);
        follow_glass(bench, &driven_since_ms);
        begin_call(bench);
        runtime_tick(bench->runtime, bench->now);
        end_call(bench);
        follow_glass(bench, &driven_since_ms);
    }
    pass_to(bench, until_ms);
}

static void edge(struct bench *bench, bool down) {
    begin_call(bench);
    runtime_edge(bench->runtime, BUTTON_MAIN, down, bench->now.boot_ms, bench->now);
    end_call(bench);
}

// A press is decided when the button is let go: the measuring begins there.
static void press(struct bench *bench) {
    edge(bench, true);
    run_for(bench, PRESS_MS);
    bench->answer =
        (struct answer){.pressed_ms = bench->now.boot_ms, .first_ms = -1, .from_rest = chip_is_asleep(bench->chip)};
    bench->moved = false;
    bench->from_ns = 0;
    bench->from_ms = bench->now.boot_ms;
    edge(bench, false);
    run_for(bench, SETTLE_MS);
}

// ---- what is printed ----

// The waits that the script prescribes, up to its first command or up to the refresh.
static int prescribed_ms(const struct panel_row *row, enum refresh_kind kind, enum step_verb until) {
    const struct controller *controller = row->controller;
    const struct script *script = kind == REFRESH_PARTIAL ? &controller->partial : &controller->full;
    int sum_ms = 0;
    for (int part = 0; part < SCRIPT_PARTS_MAX && script->parts[part] != NULL; part++) {
        for (const struct step *step = script->parts[part]; step->verb != STEP_END; step++) {
            if (step->verb == until) {
                return sum_ms;
            }
            sum_ms += step->verb == STEP_DELAY ? step->ms : step->verb == STEP_RESET ? row->reset_low_ms : 0;
        }
    }
    return sum_ms;
}

static void print_press(const struct bench *bench, const char *from, int evening) {
    const struct answer *a = &bench->answer;
    static const char *const kinds[] = {"none", "partial", "full"};
    if (!a->settled || !a->from_rest) { // nothing was to be changed, or a refresh of before had to end first
        return;
    }
    const int before_first_ms = prescribed_ms(bench->row, a->kind, STEP_COMMAND);
    const int before_drive_ms = prescribed_ms(bench->row, a->kind, STEP_ACTIVATE);
    const int64_t own_ms = a->waits_ms[WAIT_CHIP_IDLE] + a->waits_ms[WAIT_PRESCRIBED] - before_drive_ms;
    printf("press\t%s\t%s\t%s\t%d\t%d\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%d\t%" PRId64 "\t%" PRId64
           "\t%d\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\n",
           from, device_page_name(runtime_device(bench->runtime)), kinds[a->kind], evening, a->saves, a->drawn_ns,
           a->first_ns, a->first_ms, before_first_ms, a->soft_ns, own_ms, before_drive_ms, a->waits_ms[WAIT_CHIP_BUSY],
           a->driven_ms, a->spi_bytes);
}

static int64_t written_bytes(void) {
    char line[64];
    int64_t bytes = -1;
    FILE *file = fopen("/proc/self/io", "re");
    while (file != NULL && bytes < 0 && fgets(line, sizeof line, file) != NULL) {
        sscanf(line, "wchar: %" SCNd64, &bytes);
    }
    if (file != NULL) {
        fclose(file);
    }
    return bytes;
}

// What has reached the card so far: of the daemon through its VFS, or of a block device by its own counters
// (https://docs.kernel.org/block/stat.html).
struct written {
    int64_t bytes;
    int64_t flushes;
};

static struct written written_to_device(const char *dir) {
    struct written written = {0};
    struct stat status;
    char path[64];
    int64_t sectors;
    if (stat(dir, &status) < 0) {
        give_up("the state directory is not there");
    }
    snprintf(path, sizeof path, "/sys/dev/block/%u:%u/stat", major(status.st_dev), minor(status.st_dev));
    FILE *file = fopen(path, "re");
    if (file == NULL || fscanf(file, "%*d%*d%*d%*d%*d%*d%" SCNd64 "%*d%*d%*d%*d%*d%*d%*d%*d%" SCNd64, &sectors,
                               &written.flushes) != 2) {
        give_up("the state directory lies on no block device that counts");
    }
    fclose(file);
    written.bytes = sectors * 512;
    return written;
}

// The file system puts down what it still holds.
static void settle_device(const char *dir) {
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || syncfs(fd) < 0) {
        give_up("the file system cannot be synced");
    }
    close(fd);
}

// ---- evenings ----

static enum page_id page_of(const struct bench *bench) {
    return device_view(runtime_device(bench->runtime))->page;
}

// From the invitation to good night; returns how many presses that took.
static int spend_evening(struct bench *bench, int pauses, int evening, bool told) {
    int presses = 0;
    for (int i = 0; i < STEPS_MAX && page_of(bench) != PAGE_GOOD_NIGHT; i++) {
        char from[64];
        snprintf(from, sizeof from, "%s", device_page_name(runtime_device(bench->runtime)));
        if (page_of(bench) == PAGE_COUNTDOWN && pauses-- <= 0) {
            while (page_of(bench) == PAGE_COUNTDOWN) {
                run_for(bench, SETTLE_MS);
            }
            run_for(bench, SETTLE_MS);
            continue;
        }
        press(bench);
        presses++;
        if (told) {
            print_press(bench, from, evening);
        }
    }
    if (page_of(bench) != PAGE_GOOD_NIGHT) {
        give_up("the evening came to no end");
    }
    return presses;
}

static void go_to_evening(struct bench *bench) {
    const int64_t since_ms = (bench->now.system_ms - first_evening_ms) % DAY_MS;
    run_for(bench, DAY_MS - since_ms);
    if (page_of(bench) != PAGE_INVITE) {
        give_up("the evening does not begin with the invitation");
    }
}

// The device is switched on at 21:00 of the first evening, or a day after it was switched off.
static void switch_on(struct bench *bench, const char *boot_id) {
    const struct runtime_setup setup = {.setup = bench->load->setup,
                                        .zone = bench->load->setup->zone,
                                        .boot_id = boot_id,
                                        .wire = &bench->wire,
                                        .state_dir = bench->dir,
                                        .vfs = bench->vfs,
                                        .synchronised = true,
                                        .writes_late = true,
                                        .listener = hear,
                                        .context = bench};
    char sentence[256];
    bench->chip = chip_new(&(struct chip_setup){.row = bench->row, .now_ms = chip_now_ms, .context = bench});
    if (bench->chip == NULL) {
        give_up("memory is out");
    }
    chip_set_power(bench->chip, true);
    pass_to(bench, bench->now.boot_ms + POWER_UP_MS);
    if (runtime_new(&bench->runtime, &setup, bench->now, sentence, sizeof sentence) < 0) {
        give_up(sentence);
    }
    run_for(bench, 4 * SETTLE_MS);
}

static void switch_off(struct bench *bench) {
    runtime_stop(bench->runtime, bench->now);
    while (runtime_is_stopping(bench->runtime)) {
        run_for(bench, SETTLE_MS);
    }
    runtime_free(bench->runtime);
    chip_free(bench->chip);
    bench->now.system_ms += DAY_MS - (bench->now.system_ms - first_evening_ms) % DAY_MS;
    bench->now.boot_ms = 0;
}

struct plan {
    int evenings, evenings_a_life, pauses;
    struct storage *counted; // NULL: on the real file system
    bool told;               // each press is
};

static struct written written_so_far(const struct bench *bench, const struct plan *plan) {
    if (plan->counted != NULL) {
        return (struct written){written_bytes(), storage_syncs(plan->counted)};
    }
    return written_to_device(bench->dir);
}

// An evening, and what it wrote; on a device also what the file system put down for itself afterwards.
static void count_evening(struct bench *bench, const struct plan *plan, int evening) {
    if (plan->counted == NULL) {
        settle_device(bench->dir);
    }
    const struct written before = written_so_far(bench, plan);
    const int presses = spend_evening(bench, plan->pauses, evening, false);
    const struct written after = written_so_far(bench, plan);
    if (plan->counted == NULL) {
        settle_device(bench->dir);
    }
    const struct written settled = written_so_far(bench, plan);
    printf("evening\t%d\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\t%" PRId64 "\n", presses, after.bytes - before.bytes,
           after.flushes - before.flushes, settled.bytes - after.bytes, settled.flushes - after.flushes);
}

// From one evening to the next, and nobody comes.
static void count_idle_day(struct bench *bench, const struct plan *plan) {
    const struct written before = written_so_far(bench, plan);
    run_for(bench, DAY_MS);
    if (plan->counted == NULL) {
        settle_device(bench->dir);
    }
    const struct written after = written_so_far(bench, plan);
    printf("idle\t%" PRId64 "\t%" PRId64 "\n", after.bytes - before.bytes, after.flushes - before.flushes);
}

enum { IDLE_DAYS = 15 }; // two weeks and the day on which the second one's backup is due

static void live(struct bench *bench, const struct plan *plan) {
    char boot_id[37];
    for (int i = 0; i < plan->evenings; i++) {
        const int evening = i % plan->evenings_a_life;
        if (evening == 0) {
            snprintf(boot_id, sizeof boot_id, "0f0f0f0f-0000-4000-8000-%012d", i);
            switch_on(bench, boot_id);
        } else {
            go_to_evening(bench);
        }
        if (plan->told) {
            (void)spend_evening(bench, plan->pauses, evening, true);
        } else {
            count_evening(bench, plan, evening);
        }
        const bool last = i == plan->evenings - 1;
        for (int day = 0; last && !plan->told && day < IDLE_DAYS; day++) {
            count_idle_day(bench, plan);
        }
        if (evening == plan->evenings_a_life - 1 || last) {
            switch_off(bench);
        }
    }
    printf("drawn\t%d\t%d\n", bench->pages, bench->refreshes);
}

// CONFIG names the panel. `counted`: what is written goes through the simulator's storage and is told by the evening;
// `device`: it goes to the block device on which STATE_DIR lies, and that one's counters are told.
int main(int count, char **arguments) {
    if (count != 7) {
        give_up("usage: evening CONFIG STATE_DIR EVENINGS EVENINGS_A_LIFE PAUSES told|counted|device");
    }
    struct plan plan = {.evenings = atoi(arguments[3]),
                        .evenings_a_life = atoi(arguments[4]),
                        .pauses = atoi(arguments[5]),
                        .told = strcmp(arguments[6], "told") == 0};
    struct paths *paths;
    struct host_load load;
    if (paths_find(&paths, false) < 0 || host_load(&load, arguments[1], true, paths) < 0) {
        give_up("the set-up cannot be read");
    }
    setup_speak(load.setup, paths);
    if (strcmp(arguments[6], "counted") == 0 && storage_new(&plan.counted, "karani-bench") < 0) {
        give_up("there is no storage that counts");
    }
    struct bench bench = {.row = load.setup->row,
                          .load = &load,
                          .dir = arguments[2],
                          .vfs = plan.counted != NULL ? storage_vfs(plan.counted) : NULL,
                          .wire = {.ops = &ops, .max_message = 4096},
                          .now = {.system_ms = first_evening_ms}};
    live(&bench, &plan);
    storage_free(plan.counted);
    host_unload(&load);
    paths_free(paths);
    return EXIT_SUCCESS;
}
