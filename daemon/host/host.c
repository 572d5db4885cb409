// Runs the device at the bedside: whatever ends a wait, everything that may be due is looked after.
#include "daemon/host/inside.h"

#include "daemon/core/page_rules.h"
#include "daemon/host/status.h"
#include "daemon/linux/clock_sources.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char localtime_path[] = PATHS_ETC "/localtime";

// ---- the system's clock and zone ----

static void follow_zone(struct host *host, struct moment now) {
    char name[SETUP_ZONE_SIZE];
    if (!host->given->load->setup->system_zone) {
        return;
    }
    paths_system_zone(PATHS_ETC, name, sizeof name);
    struct zone *zone = strcmp(name, zone_name(host->zone)) == 0 ? NULL : zone_open(name);
    if (zone == NULL) {
        return;
    }
    loop_log(LOOP_LOG_INFO, "The zone is %s now.", name);
    struct zone *old = host->zone;
    host->zone = zone;
    runtime_zone(host->runtime, zone, now);
    zone_unref(old);
}

static void follow_ntp(struct host *host, struct moment now) {
    bool synchronised = clock_sources_is_synchronised(CLOCK_SOURCES_SYNCED);
    if (synchronised && !host->synchronised) {
        loop_log(LOOP_LOG_INFO, "NTP has set the clock.");
        runtime_clock_synced(host->runtime, now);
    }
    host->synchronised = synchronised;
}

// ---- one turn ----

static int64_t earlier(int64_t a_ms, int64_t b_ms) {
    return a_ms < b_ms ? a_ms : b_ms;
}

static int64_t find_deadline(const struct host *host) {
    int64_t own_ms = earlier(host->buttons.retry_ms, cue_deadline(&host->cue.cue));
    own_ms = earlier(own_ms, host_control_deadline(host));
    return earlier(runtime_deadline(host->runtime, loop_now()), own_ms);
}

// The panel first, while the clock that was read is right. Edges before the time: a release that came before its hold
// was due must not meet the hold's deadline.
static struct moment attend(struct host *host) {
    struct moment now = loop_now();
    host_panel_drain(&host->panel);
    runtime_step_panel(host->runtime, now);
    host_buttons_attend(&host->buttons, host->runtime, now);
    runtime_pass_time(host->runtime, now);
    host_cue_attend(&host->cue, now.boot_ms);
    host_control_attend(host, now);
    host_report(host, now);
    return now;
}

// After a turn at `now`: the machine has answered it. No wait may be past its deadline then, and the diary must answer
// too: with what it knows, or with what ails it, which the owner has been told and no restart would mend.
static bool is_well(const struct host *host, struct moment now) {
    return runtime_diary_answers(host->runtime) && runtime_deadline(host->runtime, now) >= now.boot_ms;
}

static bool is_in_session(const struct host *host) {
    enum page_class class = page_rules(device_view(runtime_device(host->runtime))->page)->class;
    return class == PAGE_CLASS_QUESTION || class == PAGE_CLASS_SESSION;
}

static bool take_reload(const struct host *host) {
    if (!host->given->reload(host->given->context)) {
        return false;
    }
    if (is_in_session(host)) {
        loop_log(LOOP_LOG_INFO, "The new settings hold once the practice is over.");
    }
    return true;
}

// A sign of life that was asked for is given as soon as all is well, which may be a turn later: that turn comes at
// once, for a deadline that has passed ends the next wait, and a diary that fails says what ails it.
static void tell_alive(struct host *host, struct moment now, bool asked) {
    host->owes_life = host->owes_life || asked;
    if (!host->owes_life || !is_well(host, now)) {
        return;
    }
    loop_tell_alive();
    host->owes_life = false;
}

static enum host_end serve(struct host *host) {
    bool reload = false;
    for (;;) {
        enum loop_cause cause = LOOP_DEADLINE;
        int error = loop_wait(host->given->loop, find_deadline(host), &cause);
        if (error < 0) {
            loop_log(LOOP_LOG_ERROR, "Nothing can be waited for: %s.", strerror(-error));
            return HOST_FAILED;
        }
        struct moment now = attend(host);
        tell_alive(host, now, cause == LOOP_WATCHDOG);
        switch (cause) {
        case LOOP_STOP:
            return HOST_STOPPED;
        case LOOP_RELOAD:
            reload = take_reload(host) || reload;
            break;
        case LOOP_CHANGE:
            follow_ntp(host, now);
            follow_zone(host, now);
            host_report(host, now);
            break;
        case LOOP_WATCHDOG:
        case LOOP_DEADLINE:
        case LOOP_FILE:
        case LOOP_CLOCK_STEP:
            break;
        }
        if (reload && !is_in_session(host)) {
            return HOST_RELOADED;
        }
    }
}

// ---- beginning and ending ----

// Lets a running refresh end and brings the panel to sleep; every wait of the driver has its deadline.
static void stop(struct host *host) {
    struct loop *loop = host->given->loop;
    runtime_stop(host->runtime, loop_now());
    while (runtime_is_stopping(host->runtime)) {
        enum loop_cause cause;
        if (loop_wait(loop, runtime_deadline(host->runtime, loop_now()), &cause) < 0) {
            break;
        }
        struct moment now = loop_now();
        host_panel_drain(&host->panel);
        runtime_tick(host->runtime, now);
        host_report(host, now);
        tell_alive(host, now, cause == LOOP_WATCHDOG);
    }
}

static int begin_runtime(struct host *host, char *boot_id) {
    const struct host_load *load = host->given->load;
    struct moment now = loop_now();
    char sentence[HOST_SENTENCE_SIZE];
    const struct runtime_setup setup = {
        .setup = load->setup,
        .zone = host->zone,
        .boot_id = boot_id,
        .wire = wire_reopening_wire(host->panel.wire),
        .state_dir = host->given->state_dir,
        .rtc_trusted = clock_sources_rtc_is_trusted(CLOCK_SOURCES_RTC, now.system_ms / 1000),
        .synchronised = host->synchronised,
        .writes_late = true,
        .config_trouble = complaint_place(&load->config_trouble),
        .routine_trouble = complaint_place(&load->routine_trouble),
        .place_trouble = host->given->place_trouble,
        .listener = host_hear,
        .context = host,
    };
    int error = runtime_new(&host->runtime, &setup, now, sentence, sizeof sentence);
    if (error < 0) {
        loop_log(LOOP_LOG_ERROR, "%s", sentence);
    }
    return error;
}

static void watch(struct loop *loop, const char *path) {
    int error = loop_watch(loop, path);
    if (error < 0) {
        loop_log(LOOP_LOG_WARNING, "%s cannot be watched: %s.", path, strerror(-error));
    }
}

static enum host_end run(struct host *host) {
    char boot_id[UUID_SIZE];
    int error = loop_boot_id(boot_id);
    if (error < 0) {
        loop_log(LOOP_LOG_ERROR, "This boot has no name: %s.", strerror(-error));
        return HOST_FAILED;
    }
    // The panel comes first, whatever state it is in; what takes longer comes when its first wait runs.
    if (begin_runtime(host, boot_id) < 0) {
        return HOST_FAILED;
    }
    host_buttons_begin(&host->buttons, host->given->loop, host->given->load->setup, loop_now().boot_ms);
    host_cue_begin(&host->cue, host->given->load->setup);
    host_report(host, loop_now());
    host_control_begin(host);
    loop_tell_ready();
    enum host_end end = serve(host);
    if (end == HOST_STOPPED) {
        loop_tell_stopping();
    } else if (end == HOST_RELOADED) {
        loop_tell_reloading();
    }
    host_control_end(host);
    host_buttons_end(&host->buttons);
    host_cue_end(&host->cue);
    stop(host);
    return end;
}

enum host_end host_run(const struct host_setup *setup) {
    struct host host = {.given = setup, .zone = zone_ref(setup->load->setup->zone)};
    int error = host_panel_new(&host.panel, setup->loop, setup->load->setup);
    if (error < 0) {
        loop_log(LOOP_LOG_ERROR, "Memory is out.");
    }
    watch(setup->loop, CLOCK_SOURCES_SYNCED);
    watch(setup->loop, localtime_path);
    host.synchronised = clock_sources_is_synchronised(CLOCK_SOURCES_SYNCED);
    enum host_end end = error < 0 ? HOST_FAILED : run(&host);
    runtime_free(host.runtime);
    host_panel_clear(&host.panel);
    if (end != HOST_RELOADED) {
        status_remove(setup->run_dir);
    }
    zone_unref(host.zone);
    free(host.told);
    return end;
}
