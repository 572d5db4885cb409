// Runs scripts: commands move the world, expectations look at it.
#include "daemon/sim/script/runner.h"

#include "daemon/core/device/device.h"
#include "daemon/runtime/runtime.h"
#include "display/frame/frame_png.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct runner {
    const struct runner_setup *setup;
    int line;
    bool failed;     // an expectation was not met
    int not_written; // snapshots without a place
};

__attribute__((format(printf, 2, 3))) static void complain(const struct runner *runner, const char *format, ...) {
    va_list arguments;

    fprintf(runner->setup->complaints, "%s:%d: ", runner->setup->name, runner->line);
    va_start(arguments, format);
    vfprintf(runner->setup->complaints, format, arguments);
    va_end(arguments);
    fputc('\n', runner->setup->complaints);
}

static const struct device *device_of(const struct runner *runner) {
    return runtime_device(world_runtime(runner->setup->world));
}

static void expect_page(struct runner *runner, const struct script_step *step) {
    const char *got = device_page_name(device_of(runner));

    if (strcmp(got, step->text) != 0) {
        complain(runner, "expected page %s, got %s", step->text, got);
        runner->failed = true;
    }
}

static void expect_minutes(struct runner *runner, const struct script_step *step) {
    int got = page_minutes(device_view(device_of(runner)));

    if (got == step->minutes) {
        return;
    }
    runner->failed = true;
    if (got < 0) {
        complain(runner, "expected minutes %d, got page %s, which shows none", step->minutes,
                 device_page_name(device_of(runner)));
    } else {
        complain(runner, "expected minutes %d, got %d", step->minutes, got);
    }
}

static void expect_text(struct runner *runner, const struct script_step *step) {
    const char *got = screen_text(runtime_screen(world_runtime(runner->setup->world)));

    if (strstr(got, step->text) == NULL) {
        complain(runner, "expected text \"%s\", got \"%s\"", step->text, got);
        runner->failed = true;
    }
}

static void expect_refresh(struct runner *runner, const struct script_step *step) {
    enum refresh_kind got = screen_kind(runtime_screen(world_runtime(runner->setup->world)));

    if (got != step->kind) {
        complain(runner, "expected refresh %s, got %s", trace_refresh_name(step->kind), trace_refresh_name(got));
        runner->failed = true;
    }
}

static void expect_asleep(struct runner *runner) {
    if (!world_panel_is_asleep(runner->setup->world)) {
        complain(runner, "expected the panel asleep, got it awake");
        runner->failed = true;
    }
}

static int snapshot(struct runner *runner, const struct script_step *step) {
    char *path = NULL;

    if (runner->setup->out_dir == NULL) {
        runner->not_written++;
        return 0;
    }
    if (asprintf(&path, "%s/%s.png", runner->setup->out_dir, step->text) < 0) {
        return -ENOMEM;
    }
    int error = frame_write_png(world_glass(runner->setup->world), path);

    if (error < 0) {
        complain(runner, "%s cannot be written: %s", path, strerror(-error));
        runner->failed = true;
    }
    free(path);
    return 0;
}

static int pass_to(struct world *world, int64_t true_ms) {
    return world_has_begun(world) ? world_run_until(world, true_ms) : world_begin(world, true_ms);
}

// Before the first `at` there is no time yet that could pass.
static int pass(struct world *world, int64_t ms) {
    return !world_has_begun(world) ? 0 : world_run_until(world, world_true_ms(world) + ms);
}

static int power_on_after(struct world *world, int64_t ms) {
    int error = pass(world, ms);

    return error < 0 ? error : world_power_on(world);
}

static int take_step(struct runner *runner, const struct script_step *step) {
    struct world *world = runner->setup->world;

    switch (step->command) {
    case SCRIPT_ZONE:
        return world_set_zone(world, step->zone);
    case SCRIPT_AT:
        return pass_to(world, step->utc_ms);
    case SCRIPT_WAIT:
        return pass(world, step->ms);
    case SCRIPT_PRESS:
        return world_press(world, step->button, step->ms, false, "press");
    case SCRIPT_HOLD:
        return world_press(world, step->button, step->ms, false, "hold");
    case SCRIPT_BOUNCE:
        return world_press(world, step->button, step->ms, true, "press");
    case SCRIPT_POWER_CUT:
        return world_power_cut(world);
    case SCRIPT_POWER_ON:
        return power_on_after(world, step->ms);
    case SCRIPT_RESTART:
        return world_restart(world);
    case SCRIPT_RTC:
        world_set_rtc(world, step->yes);
        return 0;
    case SCRIPT_CLOCK_STEP:
        return world_step_clock(world, step->ms);
    case SCRIPT_CLOCK_SYNC:
        return world_sync_clock(world);
    case SCRIPT_BUSY:
        world_set_busy_stuck(world, step->yes);
        return 0;
    case SCRIPT_PANEL:
        world_set_plugged(world, step->yes);
        return 0;
    case SCRIPT_DISK:
        world_set_disk(world, step->disk);
        return 0;
    case SCRIPT_EXPECT_PAGE:
        expect_page(runner, step);
        return 0;
    case SCRIPT_EXPECT_MINUTES:
        expect_minutes(runner, step);
        return 0;
    case SCRIPT_EXPECT_TEXT:
        expect_text(runner, step);
        return 0;
    case SCRIPT_EXPECT_REFRESH:
        expect_refresh(runner, step);
        return 0;
    case SCRIPT_EXPECT_ASLEEP:
        expect_asleep(runner);
        return 0;
    case SCRIPT_SNAPSHOT:
        return snapshot(runner, step);
    }
    return 0;
}

static void complain_of_end(const struct runner *runner, int error) {
    const struct world *world = runner->setup->world;

    if (error == -EPROTO) {
        complain(runner, "the panel's protocol was violated: %s: %s", world_violation(world),
                 world_violation_detail(world));
    } else if (error == -ENOMEM) {
        complain(runner, "memory is out");
    } else {
        complain(runner, "%s", world_error(world));
    }
}

enum runner_result runner_run(const struct runner_setup *setup) {
    struct runner runner = {.setup = setup};

    for (size_t i = 0; i < setup->script->count; i++) {
        runner.line = setup->script->steps[i].line;
        int error = take_step(&runner, &setup->script->steps[i]);

        if (error < 0) {
            complain_of_end(&runner, error);
            return error == -EPROTO ? RUNNER_VIOLATION : RUNNER_FAILED;
        }
    }
    if (runner.not_written > 0) {
        fprintf(setup->complaints, "%s: %d snapshots were not written: name a directory for them with --out.\n",
                setup->name, runner.not_written);
    }
    return runner.failed ? RUNNER_FAILED : RUNNER_DONE;
}
