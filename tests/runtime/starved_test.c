// Tests of a daemon whose memory runs out in the countdown. The libraries that draw may end the process then; nothing
// acknowledged is lost, and the daemon that is started after it in the same boot goes on with the countdown.

// cmocka.h wants these four before it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/runtime/runtime.h"
#include "daemon/settings/config.h"
#include "daemon/settings/paths.h"
#include "daemon/settings/setup.h"
#include "display/chip/chip.h"
#include "tests/support/ctl/emulator.h"
#include "tests/support/run/limit.h"

#include <cmocka.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define BOOT "11111111-1111-5111-8111-111111111111"

// 2026-03-28 20:40:00 UTC
#define EVENING_MS (INT64_C(1774730400) * 1000)

enum { SECOND_MS = 1000, MINUTE_MS = 60 * SECOND_MS, PRESSES_MAX = 30, PLANNED_S = 600 };

// What the daemon tells of itself while it lives: the last of it counts.
struct told {
    int64_t boot_ms;
    int64_t begun_boot_ms; // of the countdown
    int64_t saved_s;       // acknowledged
    char uuid[UUID_SIZE];
};

struct desk {
    char state[64];
    struct paths *paths;
    struct setup *setup;
    struct chip *chip;
    struct runtime *runtime;
    struct moment now;
    struct told told;
    int64_t offered_s; // to be saved
    int tells;         // a pipe; −1: nobody listens
};

static int64_t chip_now_ms(void *context) {
    const struct desk *desk = context;
    return desk->now.boot_ms;
}

static void no_complaint(void *context, const struct complaint *complaint) {
    (void)context;
    fail_msg("%s", complaint->sentence);
}

static void tell(struct desk *desk) {
    desk->told.boot_ms = desk->now.boot_ms;
    // A copy: gcc 12 with the address sanitizer takes the member for its own first one.
    const struct told told = desk->told;
    if (desk->tells >= 0 && write(desk->tells, &told, sizeof told) != sizeof told) {
        _exit(2);
    }
}

static void hear(void *context, const struct runtime_event *event, struct moment now) {
    struct desk *desk = context;
    (void)now;
    if (event->kind == RUNTIME_SESSION) {
        memcpy(desk->told.uuid, event->session->uuid, sizeof desk->told.uuid);
        desk->offered_s = event->session->held_s;
    } else if (event->kind == RUNTIME_SAVE && event->save.ok && event->save.pending == 0) {
        desk->told.saved_s = desk->offered_s;
        tell(desk);
    }
}

static void start_daemon(struct desk *desk) {
    char sentence[256] = "";
    const struct runtime_setup setup = {
        .setup = desk->setup,
        .zone = desk->setup->zone,
        .boot_id = BOOT,
        .wire = chip_wire(desk->chip),
        .state_dir = desk->state,
        .synchronised = true,
        .listener = hear,
        .context = desk,
    };
    if (runtime_new(&desk->runtime, &setup, desk->now, sentence, sizeof sentence) != 0) {
        fail_msg("%s", sentence);
    }
}

static void wait_ms(struct desk *desk, int64_t ms) {
    int64_t until_ms = desk->now.boot_ms + ms;
    for (;;) {
        int64_t edge_ms = chip_next_edge_ms(desk->chip);
        int64_t next_ms = runtime_deadline(desk->runtime, desk->now);
        next_ms = edge_ms > desk->now.boot_ms && edge_ms < next_ms ? edge_ms : next_ms;
        next_ms = next_ms < desk->now.boot_ms ? desk->now.boot_ms : next_ms;
        bool due = next_ms <= until_ms;
        int64_t passed_ms = (due ? next_ms : until_ms) - desk->now.boot_ms;
        desk->now.boot_ms += passed_ms;
        desk->now.system_ms += passed_ms;
        tell(desk);
        if (!due) {
            return;
        }
        runtime_tick(desk->runtime, desk->now);
    }
}

static void press(struct desk *desk) {
    runtime_edge(desk->runtime, BUTTON_MAIN, true, desk->now.boot_ms, desk->now);
    wait_ms(desk, 120);
    runtime_edge(desk->runtime, BUTTON_MAIN, false, desk->now.boot_ms, desk->now);
}

static bool shows(const struct desk *desk, const char *page) {
    return strcmp(device_page_name(runtime_device(desk->runtime)), page) == 0;
}

// Through the questions and the cards.
static void begin_countdown(struct desk *desk) {
    wait_ms(desk, 20 * SECOND_MS);
    for (int presses = 0; !shows(desk, "countdown") && presses < PRESSES_MAX; presses++) {
        press(desk);
        wait_ms(desk, 5 * SECOND_MS);
    }
    assert_true(shows(desk, "countdown"));
}

static int find_start(void *context, const struct session_record *session) {
    struct told *told = context;
    if (session->outcome == OUTCOME_RUNNING && strcmp(session->uuid, told->uuid) == 0) {
        told->begun_boot_ms = session->counted_from_boot_ms;
    }
    return 0;
}

// Memory ends at what is in use now and so many bytes more.
static void starve(size_t left) {
    unsigned long pages = 0;
    void *kept = malloc(left + 1);
    FILE *file = fopen("/proc/self/statm", "re");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%lu", &pages), 1);
    fclose(file);
    rlim_t size = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
    assert_int_equal(setrlimit(RLIMIT_AS, &(struct rlimit){size, size}), 0);
    for (size_t block = (size_t)1 << 22; block >= 16; block /= 2) {
        while (malloc(block) != NULL) { // nobody frees it: it is gone
        }
    }
    free(kept);
}

// The daemon of one evening, in a process of its own: three minutes of the countdown, then hardly any memory.
static void live_and_starve(struct desk *desk, size_t left) {
    desk->chip = chip_new(&(struct chip_setup){.row = desk->setup->row, .now_ms = chip_now_ms, .context = desk});
    assert_non_null(desk->chip);
    chip_set_power(desk->chip, true);
    start_daemon(desk);
    begin_countdown(desk);
    assert_int_equal(diary_each_session(runtime_diary(desk->runtime), find_start, &desk->told), 0);
    wait_ms(desk, 3 * MINUTE_MS);
    starve(left);
    wait_ms(desk, 4 * MINUTE_MS);
    _exit(0); // killed, not stopped
}

static int find_session(void *context, const struct session_record *session) {
    struct session_record *found = context;
    if (strcmp(session->uuid, found->uuid) == 0) {
        *found = *session;
        found->note = NULL;
    }
    return 0;
}

static struct session_record session_of(struct desk *desk) {
    struct session_record found = {.held_s = -1};
    memcpy(found.uuid, desk->told.uuid, sizeof found.uuid);
    assert_int_equal(diary_each_session(runtime_diary(desk->runtime), find_session, &found), 0);
    return found;
}

// Another daemon in the same boot, two seconds later: the countdown goes on to its end, right to the second.
static void go_on(struct desk *desk) {
    desk->chip = chip_new(&(struct chip_setup){.row = desk->setup->row, .now_ms = chip_now_ms, .context = desk});
    assert_non_null(desk->chip);
    chip_set_power(desk->chip, true);
    desk->now = (struct moment){.boot_ms = desk->told.boot_ms + 2 * SECOND_MS,
                                .system_ms = EVENING_MS + desk->told.boot_ms + 2 * SECOND_MS};
    int64_t saved_s = desk->told.saved_s;
    start_daemon(desk);
    assert_true(session_of(desk).held_s >= saved_s);
    assert_true(shows(desk, "countdown"));
    int64_t zero_ms = desk->told.begun_boot_ms + PLANNED_S * SECOND_MS;
    wait_ms(desk, zero_ms - SECOND_MS - desk->now.boot_ms);
    assert_true(shows(desk, "countdown"));
    wait_ms(desk, 2 * SECOND_MS);
    assert_true(shows(desk, "way-out"));
    assert_int_equal(session_of(desk).outcome, OUTCOME_FINISHED);
    assert_int_equal(session_of(desk).held_s, PLANNED_S);
    runtime_free(desk->runtime);
    chip_free(desk->chip);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *ftw) {
    (void)status;
    (void)type;
    (void)ftw;
    return remove(path);
}

// True when the process was ended by what it could not allocate.
static bool one_evening(const struct desk *given, size_t left) {
    struct desk desk = *given;
    int pipe_fds[2];
    snprintf(desk.state, sizeof desk.state, "/tmp/karani-starved-XXXXXX");
    assert_non_null(mkdtemp(desk.state));
    assert_int_equal(pipe2(pipe_fds, O_CLOEXEC), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        desk.tells = pipe_fds[1];
        freopen("/dev/null", "w", stderr);              // the library's last words
        for (int number = 1; number < NSIG; number++) { // cmocka would catch some
            signal(number, SIG_DFL);
        }
        setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
        live_and_starve(&desk, left);
    }
    close(pipe_fds[1]);
    while (read(pipe_fds[0], &desk.told, sizeof desk.told) == sizeof desk.told) {
    }
    close(pipe_fds[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    print_message("%zu bytes left: %s %d, %" PRId64 " s were kept\n", left,
                  WIFSIGNALED(status) ? "ended by signal" : "ended with",
                  WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status), desk.told.saved_s);
    assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    assert_true(desk.told.saved_s >= 180); // saved before it is drawn: as a rule the minute in which it ended, too
    go_on(&desk);
    nftw(desk.state, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    return WIFSIGNALED(status);
}

static void memory_runs_out_in_the_countdown(void **state) {
    (void)state;
#ifdef __SANITIZE_ADDRESS__
    printf("skipped: the address sanitizer's own memory knows no limit\n");
    skip();
#endif
    EMULATOR_SKIP("the limit would be the emulator's");
    struct desk desk = {.now = {.boot_ms = 0, .system_ms = EVENING_MS}, .tells = -1};
    struct config *config = config_new();
    assert_non_null(config);
    assert_int_equal(paths_find(&desk.paths, false), 0);
    assert_int_equal(setup_make(&desk.setup, config, desk.paths, no_complaint, NULL), 0);
    int ended = 0;
    for (size_t left = 0; left <= (size_t)1 << 20; left = left == 0 ? 1 << 8 : 2 * left) {
        ended += one_evening(&desk, left) ? 1 : 0;
    }
    assert_true(ended > 0);
    setup_free(desk.setup);
    paths_free(desk.paths);
}

int main(void) {
    limit_processor_s(120);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_runs_out_in_the_countdown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
