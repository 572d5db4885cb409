// Tests of the bedside in real time: the daemon's own composition, with lines and bus replaced by pipes and an
// emulated chip. What happens to the device (signals, presses, looks at its files) comes from a second process.

// cmocka.h wants these four before it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/host/host.h"

#include "daemon/host/inside.h"
#include "daemon/linux/loop.h"
#include "display/panel/rows.h"
#include "tests/support/host/host_board.h"

#include <cmocka.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    LIMIT_MS = 20000,
    LOOK_EVERY_MS = 10,
    SLOW_EDGE_MS = 20, // an edge is answered as slowly as where a page takes its time to be drawn
    RESET_LOW_MS = 2,  // of the row
};

static int button_pipe[2]; // edges of `main`, written by the second process

int gpio_next_edge(struct gpio_line *line, struct gpio_edge *edge) {
    ssize_t got = read(line->fd, edge, sizeof *edge);
    if (got != (ssize_t)sizeof *edge) {
        return 0;
    }
    usleep(SLOW_EDGE_MS * 1000);
    return 1;
}

// ---- the scene ----

struct scene {
    char dir[64];
    struct paths *paths;
    struct host_load load;
    struct panel_row row; // a glass that hurries
    struct loop *loop;
    int reloads; // SIGHUPs that were asked about
    bool reload_is_good;
};

static bool answer_reload(void *context) {
    struct scene *scene = context;
    scene->reloads++;
    return scene->reload_is_good;
}

static const char *path_in(const struct scene *scene, const char *name) {
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", scene->dir, name);
    return path;
}

static void begin(struct scene *scene, int64_t full_ms) {
    *scene = (struct scene){.dir = "/tmp/karani-bedside-XXXXXX"};
    assert_non_null(mkdtemp(scene->dir));
    assert_int_equal(paths_find(&scene->paths, false), 0);
    assert_int_equal(host_load(&scene->load, path_in(scene, "none.conf"), false, scene->paths), 0);
    scene->row = *panel_row_find("waveshare-2.13-v4");
    scene->row.full_ms = full_ms;
    scene->row.partial_ms = 100;
    scene->row.full_deadline_ms = 3 * full_ms;
    scene->load.setup->row = &scene->row;
    setup_speak(scene->load.setup, scene->paths);
    memset(&board, 0, sizeof board);
    board.chip = chip_new(&(struct chip_setup){.row = &scene->row, .now_ms = board_now_ms});
    assert_non_null(board.chip);
    assert_int_equal(pipe2(button_pipe, O_NONBLOCK | O_CLOEXEC), 0);
    board.edges_fd = button_pipe[0];
    assert_int_equal(loop_new(&scene->loop), 0);
    chip_set_power(board.chip, true);
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *at) {
    (void)status;
    (void)kind;
    (void)at;
    return remove(path);
}

static void end(struct scene *scene) {
    if (chip_violation(board.chip) != NULL) {
        fail_msg("%s", chip_violation_detail(board.chip));
    }
    assert_int_equal(chip_cuts(board.chip), 0);
    chip_free(board.chip);
    close(button_pipe[0]);
    close(button_pipe[1]);
    loop_free(scene->loop);
    host_unload(&scene->load);
    paths_free(scene->paths);
    assert_int_equal(nftw(scene->dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
}

// ---- the second process ----

typedef bool happen(const struct scene *scene, pid_t device);

static bool status_says(const struct scene *scene, const char *part) {
    char text[4096] = "";
    FILE *file = fopen(path_in(scene, "status.json"), "re");
    if (file == NULL) {
        return false;
    }
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return strstr(text, part) != NULL;
}

static bool wait_for(const struct scene *scene, bool (*holds)(const struct scene *scene, const char *what),
                     const char *what) {
    for (int64_t until_ms = board_now_ms(NULL) + LIMIT_MS; board_now_ms(NULL) < until_ms;
         usleep(LOOK_EVERY_MS * 1000)) {
        if (holds(scene, what)) {
            return true;
        }
    }
    fprintf(stderr, "in vain: %s\n", what);
    return false;
}

static bool is_there(const struct scene *scene, const char *name) {
    return access(path_in(scene, name), F_OK) == 0;
}

static void write_edge(bool high) {
    struct gpio_edge edge = {.high = high,
                             .monotonic_ns = loop_now().boot_ms * 1000000 - loop_boot_minus_monotonic_ns()};
    assert_int_equal(write(button_pipe[1], &edge, sizeof edge), sizeof edge);
}

static void press(int ms) {
    write_edge(false);
    usleep((useconds_t)ms * 1000);
    write_edge(true);
}

// Runs the device, and beside it what happens to it. The second process ends the device in every case.
static enum host_end run(struct scene *scene, happen *happens,
                         enum host_end (*device)(const struct host_setup *setup)) {
    char state_dir[128];
    snprintf(state_dir, sizeof state_dir, "%s/state", scene->dir);
    const struct host_setup setup = {.load = &scene->load,
                                     .loop = scene->loop,
                                     .state_dir = state_dir,
                                     .run_dir = scene->dir,
                                     .reload = answer_reload,
                                     .context = scene};
    pid_t parent = getpid();
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        bool well = happens(scene, parent);
        kill(parent, SIGTERM);
        _exit(well ? 0 : 1);
    }
    enum host_end result = device(&setup);
    int status;
    if (result != HOST_STOPPED) {
        kill(child, SIGKILL); // before it asks a loop that is over to stop
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    if (result == HOST_STOPPED) {
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    return result;
}

// ---- the tests ----

static bool look_and_press(const struct scene *scene, pid_t device) {
    (void)device;
    if (!wait_for(scene, is_there, "glass.png") || !wait_for(scene, status_says, "\"panel\" : \"waveshare-2.13-v4\"") ||
        !wait_for(scene, status_says, "\"trouble\" : null") || !wait_for(scene, status_says, "\"kept\" : true")) {
        return false;
    }
    // Whatever the idle page is at this hour: a hold leads to the month, a press there marks the night or does nothing.
    press(700);
    return wait_for(scene, status_says, "\"page\" : \"month\"");
}

// Boot, page on the glass, a hold by real edges, SIGTERM: the files are there and go, the chip is asleep.
static void test_runs(void **state) {
    (void)state;
    struct scene scene;
    begin(&scene, 300);
    assert_int_equal(run(&scene, look_and_press, host_run), HOST_STOPPED);
    assert_true(chip_is_asleep(board.chip));
    assert_false(is_there(&scene, "status.json"));
    assert_true(is_there(&scene, "glass.png"));
    assert_true(is_there(&scene, "state/diary.db"));
    assert_int_equal(board.opened, 1);
    assert_int_equal(board.closed, 1);
    end(&scene);
}

static bool press_at_rest(const struct scene *scene, pid_t device) {
    (void)device;
    bool well = wait_for(scene, is_there, "glass.png");
    usleep(500 * 1000); // the panel sleeps
    press(120);
    usleep(1000 * 1000); // what the press began is on the glass
    return well;
}

// RES# is held low for its time, however long it took to draw what a press began.
static void test_slow_press(void **state) {
    (void)state;
    struct scene scene;
    begin(&scene, 300);
    assert_int_equal(run(&scene, press_at_rest, host_run), HOST_STOPPED);
    assert_int_equal(board.resets, 3); // the first act, the first page, and what the press began
    assert_true(board.shortest_low_ns >= RESET_LOW_MS * INT64_C(1000000));
    end(&scene);
}

static bool wait_for_refresh_and_stop(const struct scene *scene, pid_t device) {
    (void)device;
    if (!wait_for(scene, status_says, "\"page\"")) {
        return false;
    }
    usleep(500 * 1000); // the full refresh of 2 s has begun
    return !is_there(scene, "glass.png");
}

// SIGTERM in a refresh: it ends first, then the panel sleeps.
static void test_stop_in_refresh(void **state) {
    (void)state;
    struct scene scene;
    begin(&scene, 2000);
    assert_int_equal(run(&scene, wait_for_refresh_and_stop, host_run), HOST_STOPPED);
    assert_true(chip_is_asleep(board.chip));
    assert_true(is_there(&scene, "glass.png"));
    end(&scene);
}

static bool see_missing_bus(const struct scene *scene, pid_t device) {
    (void)device;
    return wait_for(scene, status_says, "\"trouble\" : \"There is no bus.\"") &&
           wait_for(scene, status_says, "\"kept\" : true");
}

// Without a bus the evening goes on, and the sentence is in the status.
static void test_missing_bus(void **state) {
    (void)state;
    struct scene scene;
    begin(&scene, 300);
    board.refuse_opens = 1000;
    assert_int_equal(run(&scene, see_missing_bus, host_run), HOST_STOPPED);
    assert_true(is_there(&scene, "state/diary.db"));
    assert_false(is_there(&scene, "glass.png"));
    assert_int_equal(board.closed, 0);
    end(&scene);
}

static bool see_glass(const struct scene *scene, pid_t device) {
    (void)device;
    return wait_for(scene, is_there, "glass.png") && wait_for(scene, status_says, "\"trouble\" : null");
}

// A bus that vanishes in a plane is opened anew by the retry.
static void test_lost_bus(void **state) {
    (void)state;
    struct scene scene;
    begin(&scene, 300);
    board.lose_at_bytes = 2000;
    assert_int_equal(run(&scene, see_glass, host_run), HOST_STOPPED);
    assert_int_equal(board.opened, 2);
    assert_int_equal(board.closed, 2);
    assert_true(chip_is_asleep(board.chip));
    end(&scene);
}

// A bus that is not there at the first act of all, but for the first picture.
static void test_late_bus(void **state) {
    (void)state;
    struct scene scene;
    begin(&scene, 300);
    board.refuse_opens = 1;
    assert_int_equal(run(&scene, see_glass, host_run), HOST_STOPPED);
    assert_int_equal(board.opened, 2);
    assert_true(chip_is_asleep(board.chip));
    end(&scene);
}

static bool ask_for_reload(const struct scene *scene, pid_t device) {
    bool well = wait_for(scene, is_there, "glass.png");
    kill(device, SIGHUP);
    usleep(300 * 1000);
    return well;
}

// SIGHUP: bad settings change nothing, good ones end the run for the new ones, with the panel asleep.
static void test_reload(void **state) {
    (void)state;
    struct scene scene;
    begin(&scene, 300);
    assert_int_equal(run(&scene, ask_for_reload, host_run), HOST_STOPPED);
    assert_int_equal(scene.reloads, 1);
    end(&scene);
    begin(&scene, 300);
    scene.reload_is_good = true;
    assert_int_equal(run(&scene, ask_for_reload, host_run), HOST_RELOADED);
    assert_int_equal(scene.reloads, 1);
    assert_true(chip_is_asleep(board.chip));
    assert_true(is_there(&scene, "status.json")); // the next run replaces it
    end(&scene);
}

static bool see_safe_mode(const struct scene *scene, pid_t device) {
    (void)device;
    bool well = wait_for(scene, status_says, "crashed three times in ten minutes");
    usleep(1500 * 1000);
    return well;
}

// The still page is on the glass, the panel sleeps, and there is no diary.
static void test_safe_mode(void **state) {
    (void)state;
    struct scene scene;
    begin(&scene, 300);
    assert_int_equal(run(&scene, see_safe_mode, host_run_safe), HOST_STOPPED);
    assert_true(chip_is_asleep(board.chip));
    assert_false(is_there(&scene, "state"));
    assert_false(is_there(&scene, "status.json"));
    const struct frame *glass = chip_glass(board.chip);
    int black = 0;
    for (int y_px = 0; y_px < glass->height_px; y_px++) {
        for (int x_px = 0; x_px < glass->width_px; x_px++) {
            black += !frame_is_white(glass, x_px, y_px);
        }
    }
    assert_true(black > 100);
    end(&scene);
}

// What the log says of something that could not be saved.
static void hear_unsaved(size_t pending, char said[256]) {
    struct host host = {.given = NULL};
    FILE *log = tmpfile();
    assert_non_null(log);
    int err = dup(STDERR_FILENO);
    dup2(fileno(log), STDERR_FILENO);
    host_hear(&host, &(struct runtime_event){.kind = RUNTIME_SAVE, .save = {.ok = false, .pending = pending}},
              (struct moment){.boot_ms = 0});
    dup2(err, STDERR_FILENO);
    close(err);
    rewind(log);
    said[fread(said, 1, 255, log)] = '\0';
    fclose(log);
}

// A lasting choice waits without a row.
static void test_unsaved(void **state) {
    (void)state;
    char said[256];
    hear_unsaved(0, said);
    assert_string_equal(said, "");
    hear_unsaved(1, said);
    assert_non_null(strstr(said, "1 row waits to be saved."));
    hear_unsaved(2, said);
    assert_non_null(strstr(said, "2 rows wait to be saved."));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_runs),        cmocka_unit_test(test_slow_press), cmocka_unit_test(test_stop_in_refresh),
        cmocka_unit_test(test_missing_bus), cmocka_unit_test(test_lost_bus),   cmocka_unit_test(test_late_bus),
        cmocka_unit_test(test_reload),      cmocka_unit_test(test_safe_mode),  cmocka_unit_test(test_unsaved),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
